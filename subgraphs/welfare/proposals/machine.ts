import type { ProposalState } from "../generated.ts";

/** Whose act it is besides a duty: whoever proposed, the exchange service between controllers, a function of the database. */
type Whose = "PROPOSER" | "EXCHANGE" | "JOB";
type Duty =
  | "NEIGHBOURHOOD"
  | "VILLAGE_OPERATOR"
  | "VILLAGE_HEAD"
  | "ENUMERATOR"
  | "VERIFIER"
  | "HEAD_OF_OFFICE"
  | "REGENT"
  | "MINISTRY";

/** One step: an act in a state, the state after it, whose act it is, and the window of the calendar that must be open (null: any day). */
export type Step = readonly [
  from: ProposalState,
  act: Act,
  to: ProposalState,
  whose: readonly (Whose | Duty)[],
  window: string | null,
];
export type Act =
  | "EDIT"
  | "SUBMIT"
  | "SCHEDULE"
  | "ACCEPT"
  | "REJECT"
  | "ATTEST"
  | "MATCH"
  | "MISMATCH"
  | "RETURN"
  | "REPAIR"
  | "RESUBMIT"
  | "FINALISE"
  | "APPROVE"
  | "ENDORSE"
  | "SEND"
  | "DETERMINE"
  | "REJECT_AT_CENTRE"
  | "WITHDRAW"
  | "EXPIRE";

const VILLAGE: Step[3] = ["VILLAGE_OPERATOR", "VILLAGE_HEAD"];
const ANSWERS: Step[3] = ["EXCHANGE", "VERIFIER"];
const REPAIRS: Step[3] = ["PROPOSER", "VILLAGE_OPERATOR"];

/** Open and not yet endorsed: may be withdrawn, and expires. */
export const OPEN = [
  "DRAFT",
  "SUBMITTED",
  "IN_DELIBERATION",
  "IN_VERIFICATION",
  "MATCHED",
  "NOT_MATCHED",
  "IN_REPAIR",
  "FINALISED",
] as const satisfies readonly ProposalState[];

/** Every step there is (domain §8.3); what is not listed is refused. The database holds the same rows and obeys those alone. */
export const STEPS: readonly Step[] = [
  ["DRAFT", "EDIT", "DRAFT", ["PROPOSER"], null],
  ["DRAFT", "SUBMIT", "SUBMITTED", ["PROPOSER"], "ENTRY"],
  ["SUBMITTED", "SCHEDULE", "IN_DELIBERATION", ["VILLAGE_OPERATOR"], null],
  ["IN_DELIBERATION", "ACCEPT", "IN_VERIFICATION", VILLAGE, "DELIBERATION"],
  ["IN_DELIBERATION", "REJECT", "REJECTED_BY_DELIBERATION", VILLAGE, "DELIBERATION"],
  ["IN_DELIBERATION", "ATTEST", "IN_VERIFICATION", ["VILLAGE_HEAD"], "DELIBERATION"],
  ["IN_VERIFICATION", "MATCH", "MATCHED", ANSWERS, null],
  ["IN_VERIFICATION", "MISMATCH", "NOT_MATCHED", ANSWERS, null],
  ["IN_VERIFICATION", "RETURN", "IN_REPAIR", ["VERIFIER"], null],
  ["NOT_MATCHED", "RETURN", "IN_REPAIR", ["VERIFIER"], null],
  ["IN_REPAIR", "REPAIR", "IN_REPAIR", REPAIRS, null],
  ["IN_REPAIR", "RESUBMIT", "IN_VERIFICATION", REPAIRS, null],
  ["MATCHED", "FINALISE", "FINALISED", ["VERIFIER"], null],
  ["FINALISED", "APPROVE", "FINALISED", ["HEAD_OF_OFFICE"], null],
  ["FINALISED", "ENDORSE", "ENDORSED", ["REGENT"], "CUT_OFF"],
  ["ENDORSED", "SEND", "SENT_TO_CENTRE", ["VERIFIER", "HEAD_OF_OFFICE"], "PULL"],
  ["SENT_TO_CENTRE", "DETERMINE", "DETERMINED", ["JOB"], null],
  ["SENT_TO_CENTRE", "REJECT_AT_CENTRE", "REJECTED_BY_CENTRE", ["MINISTRY", "JOB"], null],
  ...OPEN.flatMap((from): Step[] => [
    [from, "WITHDRAW", "WITHDRAWN", ["PROPOSER"], null],
    [from, "EXPIRE", "EXPIRED", ["JOB"], null],
  ]),
];
