import type { Resolvers } from "../generated.ts";

export const objectionsResolvers: Resolvers = {
  Query: {
    myObjections: (_, _args, { load }) => load.objections.mine(),
    objections: (_, asked, { load }) => load.objections.list(asked),
    objectionTerms: (_, _args, { load }) => load.objections.terms(),
    objectionCounts: (_, { region, month }, { load }) => load.objections.counts(region ?? null, month),
    myRankingObjections: (_, _args, { load }) => load.objections.myRankings(),
    rankingObjections: (_, asked, { load }) => load.objections.listRankings(asked),
  },
  Mutation: {
    fileObjection: (_, { input }, { load }) => load.objections.file(input),
    fileObjectionByName: (_, { input }, { load }) => load.objections.fileByName(input),
    identifyObjection: (_, asked, { load }) => load.objections.identify(asked),
    appealObjection: (_, { input }, { load }) => load.objections.appeal(input),
    takeObjection: (_, seen, { load }) => load.objections.take(seen),
    decideObjection: (_, { input }, { load }) => load.objections.decide(input),
    withdrawFromRegistry: (_, _args, { load }) => load.objections.withdraw(),
    revokeWithdrawal: (_, _args, { load }) => load.objections.revoke(),
    objectToRanking: (_, { input }, { load }) => load.objections.objectToRanking(input),
    takeRankingObjection: (_, seen, { load }) => load.objections.takeRanking(seen),
    answerRankingObjection: (_, { input }, { load }) => load.objections.answerRanking(input),
  },
  Member: { eligibilityDecisions: ({ id }, _, { load }) => load.objections.decisions.load(id) },
  Objection: {
    region: ({ region }) => ({ code: region }),
    objector: ({ citizenId }) => ({ id: citizenId }),
    member: ({ memberId }, _, { load }) => (memberId === null ? null : load.member.load(memberId)),
    candidates: (row, _, { load }) => load.objections.candidates(row),
    photo: ({ photoId }, _, { load }) => load.evidence.byId.load(photoId),
    isOverdue: ({ state, lapsesAt }, _, { now }) =>
      (state === "FILED" || state === "UNDER_REVIEW") && Date.parse(lapsesAt) <= now.getTime(),
    history: ({ id }, _, { load }) => load.objections.history.load(id),
  },
  EligibilityDecision: {
    region: ({ region }) => ({ code: region }),
    member: ({ memberId }, _, { load }) => load.member.load(memberId),
    person: ({ personId }) => (personId === null ? null : { id: personId }),
  },
  RankingObjection: {
    region: ({ region }) => ({ code: region }),
    member: ({ memberId }, _, { load }) => load.member.load(memberId),
    person: ({ personId }) => ({ id: personId }),
    history: ({ id }, _, { load }) => load.objections.rankingHistory.load(id),
  },
};
