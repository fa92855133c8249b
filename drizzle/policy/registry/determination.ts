import type { Opens } from "./opens.ts";

const OFFICERS = [
  "DeterminedMember.decile",
  "DeterminedMember.category",
  "DeterminedMemberConnection.totalCount",
  "DeterminationChangeConnection.totalCount",
];

/** Decrees and released counts are public; who stood in which month is the officers', and a person's own row that person's, but for whom
 * it was matched to then: that may have been another. */
export const determination: Opens = {
  ministry: OFFICERS,
  regency: OFFICERS,
  ranking: OFFICERS,
  citizen: [
    "Member.determined",
    "Member.firstDecree",
    ...["id", "region", "basis", "familyNumber", "suffix", "decile", "category", "fromMonth", "toMonth", "rowHash"].map(
      (field) => `DeterminedMember.${field}`,
    ),
  ],
};
