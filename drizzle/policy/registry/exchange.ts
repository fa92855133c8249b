import type { Opens } from "./opens.ts";

const VALIDATION = ["status", "reasons", "differing", "attestation"].map((field) => `Validation.${field}`);
/** Verifiers may have a claim held against the register by hand. */
const BY_HAND = ["Member.validation", "ProposalCandidate.validation", ...VALIDATION];

export const exchange: Opens = {
  regency: BY_HAND,
  ministry: BY_HAND,
  exchange: [
    ...["Query.exchangeCursor", "Mutation.deliverEvents", "Mutation.flagEnrolments"],
    ...["Member.id", "Member.validation", ...VALIDATION],
  ],
  notForPrograms: ["Query.exchangeCursor", "Mutation.deliverEvents", "Mutation.flagEnrolments", ...BY_HAND],
};
