import type { OpensAid } from "./opens.ts";

const of = (type: string, fields: readonly string[]) => fields.map((field) => `${type}.${field}`);

const ENROLMENT = ["version", "decree", "ending", "graduation", "history", "endings", "commitmentCase"];
const ENDING = ["id", "version", "region", "reason", "endsOn", "state", "proposedAt", "revocableUntil"];
const CHECK = ["id", "version", "region", "period", "recordedAt"];
const CASE = ["id", "version", "region", "stage", "period", "concludedAt", "history"];

/** What whoever decides must know. What tells health no agreement opens to anybody (UU 27/2022 art. 4): it goes into the verdict alone. */
const GROUNDS = [
  ...of("Enrolment", ["commitments"]),
  ...of("CommitmentCheck", ["kind", "attended", "held", "isFulfilled"]),
  ...of("EnrolmentEnding", ["words", "decisionWords"]),
  "EnrolmentReviewConnection.totalCount",
];

/** A person reads what happened and why, not which officer did it, nor an officer's notes; and no way leads from there back to a person. */
export const history: OpensAid = {
  ministry: GROUNDS,
  district: GROUNDS,
  education: of("Enrolment", ["version", "decree", "ending", "graduation", "history"]),
  health: of("Enrolment", ["version", "decree", "ending", "graduation", "history"]),
  citizen: [
    "Query.myCommitments",
    "Mutation.withdrawFromProgram",
    "Mutation.revokeProgramWithdrawal",
    ...of("Enrolment", [...ENROLMENT, "commitments"]),
    ...of("EnrolmentEnding", [...ENDING, "decidedAt", "history"]),
    ...of("CommitmentCheck", [...CHECK, "kind", "attended", "held", "isFulfilled"]),
    ...of("CommitmentCase", CASE),
  ],
  notForPrograms: GROUNDS,
};
