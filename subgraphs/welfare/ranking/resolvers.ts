import type { Resolvers } from "../generated.ts";

export const rankingResolvers: Resolvers = {};
