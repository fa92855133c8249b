import type { Resolvers } from "../generated.ts";

export const exchangeResolvers: Resolvers = {};
