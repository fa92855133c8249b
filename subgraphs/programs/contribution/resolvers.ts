import type { PbiReplacementReason, Resolvers } from "../generated.ts";
import { toldState } from "./data.ts";

export const contributionResolvers: Resolvers = {
  Query: {
    pbiMemberships: (_, asked, { load }) => load.contribution.list(asked),
    myPbiMemberships: (_, _args, { load }) => load.contribution.mine(),
    pbiRequest: (_, { id }, { load }) => load.contribution.request.load(id),
    pbiRequests: (_, asked, { load }) => load.contribution.listRequests(asked),
    myPbiRequests: (_, _args, { load }) => load.contribution.myRequests(),
    pbiReplacement: (_, { id }, { load }) => load.contribution.replacement.load(id),
    pbiReplacements: (_, _args, { load }) => load.contribution.replacements(),
  },
  Mutation: {
    proposePbi: (_, { input }, { load }) => load.contribution.propose(input),
    decidePbiRequest: (_, { input }, { load }) => load.contribution.decide(input),
    requestPbiReplacement: (_, { input }, { load }) => load.contribution.requestReplacement(input),
    signPbiReplacement: (_, { input }, { load }) => load.contribution.signReplacement(input),
    discardPbiReplacement: (_, seen, { load }) => load.contribution.discardReplacement(seen),
  },
  PbiMembership: {
    person: ({ personId }) => ({ id: personId }),
    region: ({ region }) => ({ code: region }),
    contributions: ({ id }, { from, to }, { load }) => load.contribution.due(id, from, to),
  },
  PbiRequest: {
    state: ({ state }) => toldState(state),
    person: ({ personId }) => ({ id: personId }),
    region: ({ region }) => ({ code: region }),
    history: ({ id }, _, { load }) => load.contribution.history.load(id),
  },
  PbiReplacement: {
    region: ({ region }) => (region === "0" ? null : region),
    lines: ({ id }, asked, { load }) => load.contribution.lines(id, asked),
    history: ({ id }, _, { load }) => load.contribution.replacementHistory.load(id),
  },
  PbiReplacementLine: {
    person: ({ personId }) => ({ id: personId }),
    region: ({ region }) => ({ code: region }),
    reason: ({ reason }) => reason as PbiReplacementReason,
  },
};
