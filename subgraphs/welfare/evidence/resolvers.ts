import type { Resolvers } from "../generated.ts";

export const evidenceResolvers: Resolvers = {};
