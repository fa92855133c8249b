import type { EndingReason, ProgramCode, Resolvers } from "../generated.ts";
import { checksOfHealth } from "./health.ts";

export const historyResolvers: Resolvers = {
  Query: {
    enrolmentsToReview: (_, asked, { load }) => load.history.list(asked),
    endingRules: (_, _args, { load }) => load.history.endingRules(),
    commitmentRules: (_, _args, { load }) => load.history.commitmentRules(),
    myCommitments: async (_, _args, { load }) => checksOfHealth(await load.history.mine(), false),
    myCommitmentsOfHealth: async (_, _args, { load }) => checksOfHealth(await load.history.mine(), true),
  },
  Mutation: {
    suspendEnrolment: (_, { input }, { load }) => load.history.suspend(input),
    resumeEnrolment: (_, { input }, { load }) => load.history.resume(input),
    graduateEnrolment: (_, { input }, { load }) => load.history.graduate(input),
    exitEnrolment: (_, { input }, { load }) => load.history.exit(input),
    confirmEnding: (_, seen, { load }) => load.history.confirm(seen),
    rejectEnding: (_, { input }, { load }) => load.history.reject(input),
    withdrawFromProgram: (_, { input }, { load }) => load.history.withdraw(input),
    revokeProgramWithdrawal: (_, seen, { load }) => load.history.revoke(seen),
    recordCommitment: (_, { input }, { load }) => load.history.record(input),
    concludeCommitments: (_, { input }, { load }) => load.history.conclude(input),
  },
  Enrolment: {
    ending: ({ ending }) => ending as EndingReason | null,
    history: ({ id }, _, { load }) => load.history.ofEnrolment.load(id),
    endings: ({ id }, _, { load }) => load.history.endings.load(id),
    commitmentCase: ({ id }, _, { load }) => load.history.cases.load(id),
    commitments: async ({ id }, _, { load }) => checksOfHealth(await load.history.checks.load(id), false),
    commitmentsOfHealth: async ({ id }, _, { load }) => checksOfHealth(await load.history.checks.load(id), true),
  },
  EnrolmentEnding: {
    enrolment: ({ enrolmentId }, _, { load }) => load.enrolment.load(enrolmentId),
    person: ({ personId }) => ({ id: personId }),
    region: ({ region }) => ({ code: region }),
    reason: ({ reason }) => reason as EndingReason,
    history: ({ id }, _, { load }) => load.history.ofEnding.load(id),
  },
  CommitmentCheck: {
    person: ({ personId }) => ({ id: personId }),
    region: ({ region }) => ({ code: region }),
  },
  CommitmentCase: {
    id: ({ enrolmentId }) => enrolmentId,
    person: ({ personId }) => ({ id: personId }),
    region: ({ region }) => ({ code: region }),
    history: ({ enrolmentId }, _, { load }) => load.history.ofCase.load(enrolmentId),
  },
  EnrolmentReview: {
    enrolment: ({ id }, _, { load }) => load.enrolment.load(id),
    person: ({ personId }) => ({ id: personId }),
    region: ({ region }) => ({ code: region }),
  },
  EndingRule: { code: ({ code }) => code as EndingReason },
  CommitmentRule: { program: ({ program }) => program as ProgramCode },
};
