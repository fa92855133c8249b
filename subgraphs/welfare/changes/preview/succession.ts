import { isAtLeast } from "../../../../schema/values/age.ts";
import type { Kin, Relation } from "./shape.ts";

const ADULT = 18;
/** Whose birth date is unknown counts as the youngest. */
const byAge = (a: Kin, b: Kin): number => {
  const [one, other] = [a.facts.birthDate ?? "9999", b.facts.birthDate ?? "9999"];
  if (one !== other) return one < other ? -1 : 1;
  return a.suffix < b.suffix ? -1 : 1;
};

const isAdult = ({ facts: { birthDate } }: Kin, on: string): boolean => birthDate !== null && isAtLeast(birthDate, ADULT, on);

/**
 * Who heads a family that has lost its head: the spouse, else the oldest adult, else the oldest of the others; a domestic worker last. Null in an
 * empty family. Pure.
 */
export function successorOf(present: readonly Kin[], on: string): Kin | null {
  const eldest = [...present].sort(byAge);
  const kin = eldest.filter(({ relation }) => relation !== "DOMESTIC_WORKER");
  return kin.find(({ relation }) => relation === "SPOUSE") ?? kin.find((one) => isAdult(one, on)) ?? kin[0] ?? eldest[0] ?? null;
}

/** Whether nobody in a family is known to be of age. */
export const isWithoutAdult = (present: readonly Kin[], on: string): boolean =>
  present.length > 0 && !present.some((one) => isAdult(one, on));

type Row = Readonly<Partial<Record<Relation, Relation>>>;
/** Relation to a new head, by the head's own relation to the head before. What is not here is OTHER. */
const AFTER: Readonly<Record<Relation, Row>> = {
  HEAD: {
    SPOUSE: "SPOUSE",
    CHILD: "CHILD",
    CHILD_IN_LAW: "CHILD_IN_LAW",
    GRANDCHILD: "GRANDCHILD",
    PARENT_OR_IN_LAW: "PARENT_OR_IN_LAW",
  },
  SPOUSE: {
    HEAD: "SPOUSE",
    CHILD: "CHILD",
    CHILD_IN_LAW: "CHILD_IN_LAW",
    GRANDCHILD: "GRANDCHILD",
    PARENT_OR_IN_LAW: "PARENT_OR_IN_LAW",
  },
  CHILD: { HEAD: "PARENT_OR_IN_LAW", SPOUSE: "PARENT_OR_IN_LAW", CHILD_IN_LAW: "SPOUSE", GRANDCHILD: "CHILD" },
  CHILD_IN_LAW: { HEAD: "PARENT_OR_IN_LAW", SPOUSE: "PARENT_OR_IN_LAW", CHILD: "SPOUSE", GRANDCHILD: "CHILD" },
  GRANDCHILD: { CHILD: "PARENT_OR_IN_LAW", CHILD_IN_LAW: "PARENT_OR_IN_LAW" },
  PARENT_OR_IN_LAW: {
    HEAD: "CHILD",
    SPOUSE: "CHILD_IN_LAW",
    CHILD: "GRANDCHILD",
    PARENT_OR_IN_LAW: "SPOUSE",
  },
  DOMESTIC_WORKER: {},
  OTHER: {},
};

/** Relation to a new head of somebody, both as they stood to the head before. What cannot follow is OTHER, for the officer to say. Pure. */
export const relationTo = (headWas: Relation, was: Relation): Relation =>
  was === "DOMESTIC_WORKER" ? was : (AFTER[headWas][was] ?? "OTHER");
