import type { Relation } from "../register/family.ts";

/** The four programs with lists of their own. */
export const SOURCES = ["DTKS", "PKH", "BPNT", "BST"] as const;
export type Source = (typeof SOURCES)[number];

export type DateFormat = "YYYY-MM-DD" | "DD-MM-YYYY" | "DD/MM/YYYY" | "YYYYMMDD";

/** How a program's list is drawn and written. */
export interface Traits {
  /** Share of all people, absent ones too, that the list has when nothing else is asked for. */
  readonly share: number;
  /** Where its households begin on the scale of means, 0 (poorest) to 1. */
  readonly from: number;
  /** Share of the members of a listed household who are on the list, on the average. */
  readonly density: number;
  /** Chance of a member of a listed household. */
  readonly chanceOf: (relation: Relation, age: number) => number;
  /** ISO day of the list: who was born later is not on it. */
  readonly listedOn: string;
  readonly dateFormat: DateFormat;
  readonly isUpperCase: boolean;
}

const byRelation = (chances: Readonly<Record<Relation, number>>) => (relation: Relation) => chances[relation];

/** Members count in DTKS and PKH (its components); BPNT and BST pay to one of a family. */
export const TRAITS: Readonly<Record<Source, Traits>> = {
  DTKS: {
    share: 0.26,
    from: 0,
    density: 0.87,
    chanceOf: () => 0.9,
    listedOn: "2025-01-20",
    dateFormat: "YYYY-MM-DD",
    isUpperCase: true,
  },
  PKH: {
    share: 0.075,
    from: 0,
    density: 0.5,
    chanceOf: (relation, age) => {
      if (age >= 60) return 0.7;
      if (relation === "SPOUSE") return 0.75;
      return relation === "HEAD" ? 0.3 : Number(age < 22) * 0.65;
    },
    listedOn: "2024-10-01",
    dateFormat: "DD-MM-YYYY",
    isUpperCase: true,
  },
  BPNT: {
    share: 0.085,
    from: 0,
    density: 0.3,
    chanceOf: byRelation({ HEAD: 0.5, SPOUSE: 0.5, CHILD: 0.1, CHILD_IN_LAW: 0.2, GRANDCHILD: 0, PARENT: 0.2 }),
    listedOn: "2024-07-01",
    dateFormat: "DD/MM/YYYY",
    isUpperCase: false,
  },
  BST: {
    share: 0.045,
    from: 0.15,
    density: 0.25,
    chanceOf: byRelation({ HEAD: 0.6, SPOUSE: 0.25, CHILD: 0.03, CHILD_IN_LAW: 0.1, GRANDCHILD: 0, PARENT: 0.15 }),
    listedOn: "2021-05-01",
    dateFormat: "YYYYMMDD",
    isUpperCase: true,
  },
};
