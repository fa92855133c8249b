import type { Resolvers } from "../generated.ts";

export const proposalsResolvers: Resolvers = {};
