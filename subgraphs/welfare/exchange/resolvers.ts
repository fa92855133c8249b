import type { Resolvers } from "../generated.ts";

export const exchangeResolvers: Resolvers = {
  Query: { exchangeCursor: (_, _args, { load }) => load.exchange.cursor() },
  Mutation: { deliverEvents: (_, { attestations }, { load }) => load.exchange.deliver(attestations) },
};
