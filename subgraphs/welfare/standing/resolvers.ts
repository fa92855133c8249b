import type { Resolvers } from "../generated.ts";

export const standingResolvers: Resolvers = {
  Person: { registryStanding: ({ id }, _, { load }) => load.standing.of(id) },
};
