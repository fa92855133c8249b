import type { Resolvers } from "../generated.ts";

export const feedsResolvers: Resolvers = {
  Query: { feedKeys: (_, { first }, { load }) => load.feeds.list(first) },
  Mutation: {
    openFeedKey: (_, { input }, { load }) => load.feeds.open(input),
    closeFeedKey: (_, { id }, { load }) => load.feeds.close(id),
  },
  FeedKey: {
    agreement: ({ agreementNumber }, _, { load }) => load.agreement.load(agreementNumber),
    client: ({ clientId }) => clientId,
  },
};
