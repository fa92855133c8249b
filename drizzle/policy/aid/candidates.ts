import type { OpensAid } from "./opens.ts";

const fields = (type: string, ...names: readonly string[]) => names.map((name) => `${type}.${name}`);

const WHY = fields("IneligibilityGround", "code", "source", "since", "evidence");
const VERDICT = [
  ...fields("Eligibility", "isEligible", "reasons", "decile", "components", "yearlyAmount"),
  ...WHY,
  ...fields("EligibilityComponent", "component", "isCounted"),
];
/** What the ministry and a region see beyond the general classes. */
const OFFICERS = [
  ...VERDICT,
  "IneligibilityGround.exclusion",
  "EligibilityConnection.totalCount",
  "ExclusionClaimConnection.totalCount",
];
/** Other houses learn whether somebody is entitled to their program, and why not; no decile and no amount. */
const VERDICT_ALONE = [
  ...["Query.eligibility", "Person.eligibility"],
  ...fields("Eligibility", "id", "program", "person", "on", "isEligible", "reasons"),
  "IneligibilityGround.code",
];
const CARRIED = ["Query.registryEventCursor", "Mutation.deliverRegistryEvents"];

export const candidates: OpensAid = {
  ministry: OFFICERS,
  district: OFFICERS,
  education: VERDICT_ALONE,
  health: VERDICT_ALONE,
  citizen: ["Person.eligibility", ...fields("Eligibility", "id", "program", "region", "on", "staleSince"), ...VERDICT],
  exchange: CARRIED,
  notForPrograms: [
    ...CARRIED,
    "IneligibilityGround.exclusion",
    "Query.exclusionClaims",
    ...fields("Mutation", "proposeExclusion", "proposeExclusionEnd", "decideExclusion"),
  ],
};
