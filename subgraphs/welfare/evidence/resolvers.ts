import type { Resolvers } from "../generated.ts";

export const evidenceResolvers: Resolvers = {
  Query: { evidence: (_, { id }, { load }) => load.evidence.byId.load(id) },
  Mutation: {
    announceEvidence: (_, { input }, { load }) => load.evidence.announce(input),
    bringEvidence: (_, { input }, { load }) => load.evidence.bring(input),
  },
  Evidence: {
    region: ({ region }) => ({ code: region }),
    person: ({ personId }) => (personId === null ? null : { id: personId }),
    path: ({ id }) => `/evidence/${id}`,
    history: ({ id }, _, { load }) => load.evidence.history.load(id),
  },
};
