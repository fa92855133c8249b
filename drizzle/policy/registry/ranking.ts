import type { Opens } from "./opens.ts";

const of = (type: string, ...fields: string[]): string[] => fields.map((field) => `${type}.${field}`);

/** Why a household stands where it does, in bands: without the points, by which its exact place could be worked out. */
const BANDS = [
  "Household.rankingExplanation",
  ...of("RankingExplanation", "decile", "contributions"),
  ...of("RankingContribution", "variable", "band"),
];
const POINTS = ["RankingExplanation.score", "RankingContribution.points"];
/** Whether the decree calls a household poor, and by which of its answers. */
const POVERTY = [
  "Household.povertyEvaluation",
  ...of("PovertyEvaluation", "category", "met", "unknown", "hasShelter", "indicators"),
  ...of("PovertyIndicator", "code", "isMet", "evidence"),
  ...of("PovertyEvidence", "variable", "answer", "surveyedOn"),
];
/** The public line a person is judged by. */
const LINE = ["Query.contributionLines", ...of("ContributionLine", "validFrom", "incomeBelow", "legalBasis")];
export const ranking: Opens = {
  regency: [...BANDS, ...POVERTY],
  ministry: [...BANDS, ...POVERTY],
  ranking: [...BANDS, ...POINTS],
  citizen: [...BANDS, ...POVERTY, ...LINE],
  notForPrograms: [...POINTS, ...of("PovertyIndicator", "isMet", "evidence"), "PovertyEvaluation.hasShelter"],
};
