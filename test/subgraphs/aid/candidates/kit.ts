import { beforeAll } from "vitest";
import type { MadeHousehold } from "../../../../drizzle/synthetic/model.ts";
import { attest, attestationSigner, devAttestationSecret } from "../../../../schema/attestation.ts";
import type { RegistrySaid } from "../../../../schema/registryEvent.ts";
import { programs } from "../../../../subgraphs/programs/index.ts";
import { asRole, useDatabases } from "../../../kit/database.ts";
import { type Asked, callerWith, useSlice } from "../../../kit/slice.ts";

const PURPOSE = "PROGRAM_MANAGEMENT";
const BANYUWANGI = { regions: [["3510", "3511"]], programs: null, decileMax: 100 } as const;
const ministry = (id: string) => callerWith({ client: id, officer: id, agreement: "PKS-2025-025", purpose: PURPOSE });
const regency = (id: string) =>
  callerWith({
    client: id,
    officer: id,
    agency: "DINSOS_BANYUWANGI",
    agreement: "PKS-2025-026",
    purpose: PURPOSE,
    rows: BANYUWANGI,
  });
export const steward = ministry("program.kemensos");
export const steward2 = ministry("program2.kemensos");
export const district = regency("bansos.dinsos_banyuwangi");
export const district2 = regency("bansos2.dinsos_banyuwangi");
export const exchange = callerWith({
  client: "siks-ng",
  agency: "SIKS_NG",
  agreement: "PKS-2025-024",
  purpose: "REGISTRY_EXCHANGE",
});
export const citizen = (id: string) =>
  callerWith({ client: "portal-warga", agency: "HUB", agreement: "PKS-2025-008", purpose: "DATA_SUBJECT_RIGHTS", citizen: id });

export const TODAY = "2026-10-05";
export const familyOf = (home: MadeHousehold) => home.families[0]?.id ?? "";
export const memberOf = (home: MadeHousehold, at = 0) => home.families[0]?.members[at]?.id ?? "";

const VERDICT = `id on isEligible decile yearlyAmount staleSince region { code } person { id } family { id } delivery { number version }
  components { component isCounted } reasons { code source since evidence exclusion legalBasis }`;
const CLAIM = "id version kind state reason source history { act actor reason }";
const ASKED = {
  person: `query ($person: ID!, $program: ProgramCode!, $on: Date) { eligibility(person: $person, program: $program, on: $on) { ${VERDICT} } }`,
  list: `query ($program: ProgramCode!, $region: RegionCode!, $first: Int, $after: String) { eligibilityList(program: $program, region: $region, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor } nodes { ${VERDICT} } } }`,
  claims: `query ($region: RegionCode!, $state: ExclusionClaimState) { exclusionClaims(region: $region, state: $state) { totalCount nodes { ${CLAIM} } } }`,
  propose: `mutation ($input: ExclusionInput!) { done: proposeExclusion(input: $input) { ${CLAIM} } }`,
  end: `mutation ($input: ExclusionEndInput!) { done: proposeExclusionEnd(input: $input) { ${CLAIM} } }`,
  decide: `mutation ($input: ExclusionDecision!) { done: decideExclusion(input: $input) { ${CLAIM} } }`,
  deliver: "mutation ($attestations: [String!]!) { done: deliverRegistryEvents(attestations: $attestations) }",
  cursor: "query { registryEventCursor }",
};

/** The programs on TODAY in databases of the test file's own. */
export function useCandidates() {
  const databases = useDatabases();
  const slice = useSlice(programs, {
    databaseUrl: () => databases.urls.programs.runtime,
    now: () => Date.parse(`${TODAY}T03:00:00Z`),
  });
  beforeAll(() => asRole(databases.urls.programs.owner, (sql) => sql`insert into programs.clock_rule default values`));
  const ask = (what: keyof typeof ASKED, variables: object, caller = steward): Promise<Asked> =>
    slice.ask(ASKED[what], { caller, variables: { ...variables } });
  return {
    databases,
    slice,
    ask,
    async eligibility(person: string, program: string, caller = steward) {
      const { data, errors } = await ask("person", { person, program }, caller);
      if (errors.length > 0) throw new Error(JSON.stringify(errors));
      return data.eligibility;
    },
  };
}

const signer = attestationSigner(devAttestationSecret("welfare"));

/** A registry event as welfare signs it. */
export const registryEvent = (place: number, says: Partial<RegistrySaid> & Pick<RegistrySaid, "kind">, by = signer): string =>
  attest(by, {
    by: "welfare",
    kind: "REGISTRY_EVENT",
    about: String(place),
    at: `${TODAY}T02:00:00.000Z`,
    says: { on: TODAY, members: [], persons: [], families: [], ...says },
  });
