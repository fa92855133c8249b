import type { Opens } from "./opens.ts";

const of = (type: string, ...fields: string[]): string[] => fields.map((field) => `${type}.${field}`);

/** Numbers as claimed: who enters and repairs them must see them whole. */
const NUMBERS = of("ProposalCandidate", "claimedNik", "claimedCardNumber");
/** Words written about persons, and where a visitor stood. */
const WORDS = ["Proposal.reason", "DeliberationDecision.reason"];
const VISITS = of("FieldVerification", "latitude", "longitude", "photoSha256");
const COUNT = "ProposalConnection.totalCount";
const CLAIM = of("ProposalCandidate", "claimedName", "claimedBirthDate", "claimedSex", "claimedBirthPlace");

export const proposals: Opens = {
  regency: [...NUMBERS, ...WORDS, ...VISITS, COUNT],
  ministry: [...WORDS, COUNT],
  citizen: [
    ...of("Query", "myProposals"),
    ...of("Mutation", "submitOwnProposal", "repairProposal", "resubmitProposals", "withdrawProposals"),
    // who decided is the office's to say: the person reads what was decided, when and why
    ...of("Proposal", "id", "number", "version", "state", "channel", "aid", "basis", "era", "region", "address", "candidates"),
    ...of("Proposal", "reason", "createdAt", "submittedAt", "expiresAt", "history", "acts"),
    ...of("ProposalCandidate", "id", "relation", "matchStatus", "matchReasons", "validatedAt"),
    ...[...CLAIM, ...NUMBERS],
  ],
  exchange: [
    ...of("Query", "candidatesToValidate", "membersToValidate"),
    ...["Mutation.recordValidation", ...of("ValidationReceipt", "about", "isRecorded", "refusal")],
    ...of("ProposalCandidate", "id", "validation"),
  ],
  notForPrograms: [...NUMBERS, ...WORDS, ...VISITS],
};
