import type { Resolvers } from "../generated.ts";

export const needsResolvers: Resolvers = {};
