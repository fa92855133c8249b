import type { Resolvers } from "../generated.ts";

export const registryResolvers: Resolvers = {};
