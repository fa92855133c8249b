import type { Resolvers } from "../generated.ts";

export const changesResolvers: Resolvers = {};
