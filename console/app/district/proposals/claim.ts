import type { Field } from "../acts/act.ts";

export const RELATIONS = [
  "HEAD",
  "SPOUSE",
  "CHILD",
  "CHILD_IN_LAW",
  "GRANDCHILD",
  "PARENT_OR_IN_LAW",
  "DOMESTIC_WORKER",
  "OTHER",
];

/** What is claimed of a candidate. */
export const CLAIM: readonly Field[] = [
  { name: "relation", kind: "choice", type: "FamilyRelation", values: RELATIONS },
  { name: "claimedName", kind: "line" },
  { name: "claimedNik", kind: "line", isOptional: true },
  { name: "claimedCardNumber", kind: "line", isOptional: true },
  { name: "claimedBirthDate", kind: "date", isOptional: true },
  { name: "claimedBirthPlace", kind: "line", isOptional: true },
  { name: "claimedSex", kind: "choice", type: "Sex", values: ["FEMALE", "MALE"], isOptional: true },
];
