import type { ProgramCode, Resolvers } from "../generated.ts";

export const officeResolvers: Resolvers = {
  Query: { myAidDuties: (_, _args, { load }) => load.office.myDuties() },
  AidOfficerDuty: {
    officer: ({ officerId }) => officerId,
    region: ({ region }) => (region === "" ? null : region),
    program: ({ program }) => (program === "*" ? null : (program as ProgramCode)),
  },
  AidTransition: { from: ({ fromState }) => fromState, to: ({ toState }) => toState },
};
