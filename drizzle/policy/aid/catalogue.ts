import type { OpensAid } from "./opens.ts";

const COUNTED = ["OverlapConnection.totalCount"];

/** The catalogue itself is public. Drafts are acts of officers, which the ministry's own machine does not do. */
export const catalogue: OpensAid = {
  ministry: COUNTED,
  district: COUNTED,
  notForPrograms: [
    "Mutation.draftProgramTerm",
    "Mutation.draftComponentRate",
    "Mutation.draftCatalogueEnd",
    "Mutation.draftCombinationRule",
    "Mutation.decideCatalogueChange",
    ...COUNTED,
  ],
};
