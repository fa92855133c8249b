import { beforeAll } from "vitest";
import { programs } from "../../../../subgraphs/programs/index.ts";
import { asRole, useDatabases } from "../../../kit/database.ts";
import { type Asked, callerWith, useSlice } from "../../../kit/slice.ts";

const PURPOSE = "PROGRAM_MANAGEMENT";
const ministry = (id: string) => callerWith({ client: id, officer: id, agreement: "PKS-2025-025", purpose: PURPOSE });
export const steward = ministry("program.kemensos");
export const steward2 = ministry("program2.kemensos");
export const head = ministry("direktur.kemensos");
export const district = callerWith({
  client: "bansos.dinsos_banyuwangi",
  officer: "bansos.dinsos_banyuwangi",
  agency: "DINSOS_BANYUWANGI",
  agreement: "PKS-2025-026",
  purpose: PURPOSE,
  rows: { regions: [["3510", "3511"]], programs: null, decileMax: 100 },
});

/** The day of the stories: a Monday. */
export const TODAY = "2026-10-05";
export const SAID = { legalBasis: "Kepmensos 1/HUK/2027", source: "Salinan keputusan", reason: "Nilai baru tahun 2027" };

const CHANGE = "id version state kind effectiveOn madeBy decidedBy decision history { act from to actor reason }";
const MUTATIONS = {
  term: `mutation ($input: ProgramTermInput!) { done: draftProgramTerm(input: $input) { ${CHANGE} } }`,
  rate: `mutation ($input: ComponentRateInput!) { done: draftComponentRate(input: $input) { ${CHANGE} } }`,
  end: `mutation ($input: CatalogueEndInput!) { done: draftCatalogueEnd(input: $input) { ${CHANGE} } }`,
  rule: `mutation ($input: CombinationRuleInput!) { done: draftCombinationRule(input: $input) { ${CHANGE} } }`,
  decide: `mutation ($input: CatalogueDecisionInput!) { done: decideCatalogueChange(input: $input) { ${CHANGE} } }`,
};

/** The catalogue as it stands on TODAY, in databases of the test file's own, and the acts of its officers. */
export function useCatalogue() {
  const databases = useDatabases();
  const slice = useSlice(programs, {
    databaseUrl: () => databases.urls.programs.runtime,
    now: () => Date.parse(`${TODAY}T03:00:00Z`),
  });
  beforeAll(() => asRole(databases.urls.programs.owner, (sql) => sql`insert into clock_rule default values`));
  const act = (kind: keyof typeof MUTATIONS, input: object, caller = steward): Promise<Asked> =>
    slice.ask(MUTATIONS[kind], { caller, variables: { input } });
  return {
    slice,
    urls: databases.urls,
    act,
    decide: (change: { id: string; version: number }, state: string, caller = steward2) =>
      act("decide", { id: change.id, version: change.version, state, reason: "Diperiksa dengan salinan keputusan" }, caller),
  };
}

export const rateOf = (told: object = {}) => ({
  ...{ program: "PKH", component: "PRIMARY", effectiveOn: "2027-01-01", yearly: "1000000", rank: 3, target: "Anak SD" },
  ...SAID,
  ...told,
});
