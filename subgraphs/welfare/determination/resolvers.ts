import type { Resolvers } from "../generated.ts";

export const determinationResolvers: Resolvers = {};
