import type { Caller } from "../../../../schema/caller.ts";
import { sitisHome } from "../../../kit/people.ts";
import { type Asked, callerWith, type SliceUnderTest } from "../../../kit/slice.ts";

const BANYUWANGI: Caller["rows"] = { regions: [["3510", "3511"]], programs: null, decileMax: 100 };
const officer = (id: string) =>
  callerWith({
    client: id,
    officer: id,
    agency: "DINSOS_BANYUWANGI",
    agreement: "PKS-2025-021",
    purpose: "REGISTRY_MANAGEMENT",
    rows: BANYUWANGI,
  });

export const OPERATOR = officer("operator.dinsos_banyuwangi");
export const OTHER_OPERATOR = officer("operator2.dinsos_banyuwangi");
export const VERIFIER = officer("verifikator.dinsos_banyuwangi");
export const exchange = callerWith({
  client: "siks-ng",
  agency: "SIKS_NG",
  agreement: "PKS-2025-024",
  purpose: "REGISTRY_EXCHANGE",
});
export const citizen = (id: string) =>
  callerWith({ client: "portal-warga", agency: "HUB", agreement: "PKS-2025-008", purpose: "DATA_SUBJECT_RIGHTS", citizen: id });

export const CARD = "3510162709269001";
/** Ids of Siti's family: Budi 01, Siti 02, Ani 03. */
export const family = sitisHome.families[0]?.id ?? "";
export const [budi = "", siti = "", ani = ""] = sitisHome.families[0]?.members.map(({ id }) => id) ?? [];

const FIELDS = "id kind source state version reason missing effectiveOn history { actor act from to }";
export const SUBMIT = `mutation ($input: ChangeInput!) { submitNewCard(input: $input) { ${FIELDS} preview { digest families { registryNumber members { suffix relation } } } } }`;
export const APPROVE = `mutation ($input: ApproveChangeInput!) { approveChange(input: $input) { ${FIELDS} } }`;
export const REJECT = `mutation ($input: EndChangeInput!) { rejectChange(input: $input) { ${FIELDS} } }`;
export const WITHDRAW = `mutation ($input: EndChangeInput!) { withdrawChange(input: $input) { ${FIELDS} } }`;
export const LIST = `query ($filter: ChangeFilter) { changeRequests(filter: $filter) { totalCount nodes { ${FIELDS} preview { digest } } } }`;
export const PREVIEW = `query ($input: ChangeInput!) { previewChange(input: $input) { digest
  families { registryNumber isNew members { suffix relation enters member { id claimedName } } }
  consequences { code indonesian english member { id } } pkh { code english } seats { code member { id } } } }`;

/** Submits a change and, unless told otherwise, has another officer approve what the preview shows. */
export const changing = (welfare: SliceUnderTest) => {
  const submit = (input: object, caller: Caller = OPERATOR): Promise<Asked> =>
    welfare.ask(SUBMIT, { caller, variables: { input: { cardNumber: CARD, ...input } } });
  const approve = (change: any, caller: Caller = VERIFIER): Promise<Asked> =>
    welfare.ask(APPROVE, {
      caller,
      variables: { input: { id: change.id, version: change.version, digest: change.preview?.digest ?? "" } },
    });
  return {
    submit,
    approve,
    async apply(input: object): Promise<Asked> {
      const { data, errors } = await submit(input);
      if (errors.length > 0) throw new Error(JSON.stringify(errors));
      return approve(data.submitNewCard);
    },
  };
};
