import type { Resolvers } from "../generated.ts";

const MOST_STRETCHES = 200;
const DEFAULT_BASIS = "DTSEN";

export const determinationResolvers: Resolvers = {
  Query: {
    determinations: (_, { basis, ...paging }, { load }) => load.determination.list(basis, paging),
    determination: (_, { month, basis, knownAt }, { load }) => load.determination.of(basis, month, knownAt ?? null),
  },
  Mutation: {
    prepareDetermination: (_, { input }, { load }) => load.determination.prepare(input),
    withdrawDetermination: (_, { id, version }, { load }) => load.determination.withdraw(id, version),
    determine: (_, { input }, { load }) => load.determination.determine(input),
  },
  Member: {
    determined: ({ id }, { month, basis }, { load }) => load.determination.standing(basis ?? DEFAULT_BASIS, month, id),
    firstDecree: ({ id }, { basis }, { load }) => load.determination.firstDecree(basis ?? DEFAULT_BASIS, id),
  },
  Household: {
    determinations: async ({ id }, _, { load }) => (await load.determination.stretches.load(id)).slice(0, MOST_STRETCHES),
  },
  Determination: {
    __resolveReference: ({ id }, { load }) => load.determination.byId.load(id),
    registryVersion: ({ registryVersion }, _, { load }) => load.registryVersion.load(registryVersion),
    history: ({ id }, _, { load }) => load.determination.history.load(id),
    statistics: (row, _, { load }) => load.determination.statistics(row),
    tally: ({ id }, _, { load }) => load.determination.tally.load(id),
    isCounted: ({ id }, _, { load }) => load.determination.isCounted(id),
    members: ({ id }, asked, { load }) => load.determination.members(id, asked),
    changes: ({ id }, asked, { load }) => load.determination.changes(id, asked),
  },
  DeterminedMember: {
    id: ({ memberId }) => memberId,
    member: ({ memberId }, _, { load }) => load.member.load(memberId),
    person: ({ personId }) => ({ id: personId }),
    region: ({ region }) => ({ code: region }),
    rowHash: ({ rowHash }) => rowHash.toString("hex"),
  },
  DeterminationChange: {
    id: ({ memberId }) => memberId,
    member: ({ memberId }, _, { load }) => load.member.load(memberId),
    person: ({ personId }) => ({ id: personId }),
    region: ({ region }) => ({ code: region }),
  },
};
