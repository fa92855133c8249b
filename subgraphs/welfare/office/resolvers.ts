import type { Resolvers } from "../generated.ts";

export const officeResolvers: Resolvers = {
  Query: { myDuties: (_, _args, { load }) => load.office.myDuties() },
  Mutation: {
    assignDuty: (_, { input }, { load }) => load.office.assign(input),
    endDuty: (_, { id }, { load }) => load.office.end(id),
  },
  OfficerDuty: { officer: ({ officerId }) => officerId, region: ({ region }) => (region === "" ? null : region) },
  Transition: { from: ({ fromState }) => fromState, to: ({ toState }) => toState },
};
