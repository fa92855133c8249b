import type { Resolvers } from "../generated.ts";

export const qualityResolvers: Resolvers = {};
