import type { Opens } from "./opens.ts";

const of = (type: string, ...fields: string[]): string[] => fields.map((field) => `${type}.${field}`);

/** What reviewers need to decide; who objects is only the regency's to know, which visits both. */
const GROUNDS = of(
  "Objection",
  ...["member", "claimedName", "candidates", "reason", "photo", "latitude", "longitude"],
  ...["decisionReason", "appealReason", "closingReason"],
);
const OWN = of("RankingObjection", "reason", "answer");

export const objections: Opens = {
  regency: [...GROUNDS, "Objection.objector"],
  ministry: [...GROUNDS, ...OWN],
  ranking: [...GROUNDS, ...OWN],
  citizen: [
    ...of("Query", "myObjections", "myRankingObjections"),
    ...of("Mutation", "fileObjection", "fileObjectionByName", "appealObjection", "objectToRanking"),
    ...of("Mutation", "withdrawFromRegistry", "revokeWithdrawal"),
    // neither the member nor a reviewer: a citizen reaches no third party; of a name their own words alone
    "Objection.claimedName",
    ...of("Objection", "id", "version", "mode", "region", "program", "reason", "latitude", "longitude", "state", "filedAt"),
    ...of("Objection", "lapsesAt", "isOverdue", "decidedAt", "decisionReason", "lapsedAt", "appealedAt", "appealReason"),
    ...of("Objection", "closedAt", "closingReason", "history", "photo"),
    ...["Member.eligibilityDecisions"],
    ...of("EligibilityDecision", "id", "region", "program", "decision", "reason", "effectiveOn", "decidedAt"),
    ...of("EligibilityDecision", "revocableUntil", "revokedAt"),
    ...of("RankingObjection", "id", "version", "region", "about", "reason", "state", "filedAt", "dueAt", "outcome"),
    ...of("RankingObjection", "answer", "answeredAt", "history"),
  ],
  notForPrograms: [...GROUNDS, "Objection.objector", ...OWN],
};
