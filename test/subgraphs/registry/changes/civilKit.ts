import { population } from "../../../../subgraphs/population/index.ts";
import { callerWith, type SliceUnderTest, useSlice } from "../../../kit/slice.ts";

const REGISTRAR = { agency: "DUKCAPIL", agreement: "PKS-2025-023", purpose: "REGISTRY_MANAGEMENT" };
export const registrar = { caller: callerWith({ ...REGISTRAR, client: "pencatat.dukcapil", officer: "pencatat.dukcapil" }) };
export const secondRegistrar = {
  caller: callerWith({ ...REGISTRAR, client: "pencatat2.dukcapil", officer: "pencatat2.dukcapil" }),
};
/** The exchange service between controllers. */
export const exchange = {
  caller: callerWith({ client: "siks-ng", agency: "SIKS_NG", agreement: "PKS-2025-024", purpose: "REGISTRY_EXCHANGE" }),
};

export const RECORD = `mutation ($input: RecordCivilEventInput!) { recordCivilEvent(input: $input) { id position recordedBy confirmedBy } }`;
export const CONFIRM = `mutation ($id: ID!) { confirmCivilEvent(id: $id) { id position confirmedBy attestation } }`;

/** Population under test, with the two steps of every event. */
export function useCivilRegistry(databaseUrl: () => string, now?: () => number) {
  const slice = useSlice(population, { databaseUrl, ...(now && { now }) });
  const record = (input: object) => slice.ask(RECORD, { ...registrar, variables: { input } });
  const confirm = (id: string) => slice.ask(CONFIRM, { ...secondRegistrar, variables: { id } });
  return { slice, record, confirm, happened: (input: object) => happened(slice, input) };
}

/** Records and confirms an event; answers it. */
async function happened(slice: SliceUnderTest, input: object): Promise<{ id: string; position: string; attestation: string }> {
  const recorded = await slice.ask(RECORD, { ...registrar, variables: { input } });
  const { id } = recorded.data?.recordCivilEvent ?? {};
  const confirmed = await slice.ask(CONFIRM, { ...secondRegistrar, variables: { id } });
  const errors = [...recorded.errors, ...confirmed.errors];
  if (errors.length > 0) throw new Error(JSON.stringify(errors));
  return confirmed.data.confirmCivilEvent;
}
