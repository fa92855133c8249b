import type { Resolvers } from "../generated.ts";

export const objectionsResolvers: Resolvers = {};
