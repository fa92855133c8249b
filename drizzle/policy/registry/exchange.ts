import type { Opens } from "./opens.ts";

const VALIDATION = ["status", "reasons", "differing", "attestation"].map((field) => `Validation.${field}`);
/** What the register says to any claim, from no quota: of the exchange alone, or whoever drafts a claim could ask it about anybody. */
const VERDICTS = ["Member.validation", "ProposalCandidate.validation", ...VALIDATION];

export const exchange: Opens = {
  citizen: ["Enrolment.flag", "Enrolment.flaggedSince", "PaymentPeriod.heldFor"],
  exchange: [
    ...["Query.exchangeCursor", "Mutation.deliverEvents", "Mutation.flagEnrolments"],
    ...["Member.id", "Member.validation", ...VALIDATION],
  ],
  notForPrograms: ["Query.exchangeCursor", "Mutation.deliverEvents", "Mutation.flagEnrolments", ...VERDICTS],
};
