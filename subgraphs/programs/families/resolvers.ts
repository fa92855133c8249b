import type { EnrolmentState, Resolvers } from "../generated.ts";

export const familiesResolvers: Resolvers = {
  Query: { errorCandidates: (_, asked, { load }) => load.families.errors(asked) },
  Mutation: {
    findErrorCandidates: (_, { region }, { load }) => load.families.search(region),
    decideErrorCandidate: (_, { input }, { load }) => load.families.decide(input),
  },
  Family: {
    __resolveReference: ({ id }) => ({ id }),
    aid: ({ id }, { from, to }, { load }) => load.families.aid(id, { from, to }),
  },
  AidLine: {
    enrolment: ({ enrolmentId }, _, { load }) => load.enrolment.load(enrolmentId),
    program: ({ program }, _, { load }) => load.program.load(program),
    state: ({ state }) => state as EnrolmentState,
    kind: ({ isContribution }) => (isContribution ? "CONTRIBUTION" : "CASH"),
  },
  ErrorCandidate: {
    __resolveReference: ({ id }, { load }) => load.families.error.load(id),
    program: ({ program }, _, { load }) => load.program.load(program),
    person: ({ personId }) => ({ id: personId }),
    enrolment: ({ enrolmentId }, _, { load }) => (enrolmentId === null ? null : load.enrolment.load(enrolmentId)),
    otherEnrolment: ({ otherEnrolmentId }, _, { load }) =>
      otherEnrolmentId === null ? null : load.enrolment.load(otherEnrolmentId),
    region: ({ region }) => ({ code: region }),
    history: ({ id }, _, { load }) => load.families.history.load(id),
  },
};
