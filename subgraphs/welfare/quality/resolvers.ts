import type { Resolvers } from "../generated.ts";

/** Per cent, one decimal; null without members. */
const rateOf = ({ members, matched }: { readonly members: number; readonly matched: number }): number | null =>
  members === 0 ? null : Math.round((1000 * matched) / members) / 10;

export const qualityResolvers: Resolvers = {
  Query: {
    integrityRules: (_, _args, { load }) => load.quality.rules(),
    scorecard: (_, { region }, { load }) => load.quality.score.load(region),
    qualityQueue: (_, asked, { load }) => load.quality.queue(asked),
  },
  Scorecard: {
    region: ({ region }) => ({ code: region }),
    matchRate: rateOf,
    breaches: ({ region }, _, { load }) => load.quality.breaches.load(region),
    children: ({ region }, _, { load }) => load.quality.below.load(region),
    trend: ({ region }, _, { load }) => load.quality.trend.load(region),
  },
  MatchRate: { matchRate: rateOf },
  IntegrityBreach: {
    id: ({ memberId }) => memberId,
    member: ({ memberId }, _, { load }) => load.member.load(memberId),
    person: ({ personId }) => (personId === null ? null : { id: personId }),
    region: ({ region }) => ({ code: region }),
  },
};
