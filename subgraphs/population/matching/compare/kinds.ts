import type { ColumnType, Comparison, ComparisonKind } from "../spec.ts";
import type { Lexica, Place } from "../table/table.ts";

/**
 * Agreement of a register row (`a`, offset into `A`) and another (`b`, offset into `B`) in one field: 0 a value is missing, 1 they differ, the
 * highest they are equal.
 */
export type Level = (A: Int32Array, a: number, B: Int32Array, b: number) => number;

export interface Comparing {
  readonly comparison: Comparison;
  readonly place: Place;
  /** The date this number repeats. */
  readonly date: Place | null;
  readonly lexica: Lexica;
}

const TEXTS: readonly ColumnType[] = ["text", "indonesianName"];

/** Column types a kind can compare. */
export const TAKES: Readonly<Record<ComparisonKind, readonly ColumnType[]>> = {
  exact: ["text", "date", "numeric", "indonesianName", "nik", "familyCard"],
  edit: [...TEXTS, "numeric"],
  jaroWinkler: TEXTS,
  tokens: TEXTS,
  date: ["date"],
  prefix: [...TEXTS, "nik", "familyCard"],
  digits: ["text", "nik", "familyCard"],
  numeric: ["numeric"],
  indonesianName: ["indonesianName"],
  nik: ["nik"],
  familyCard: ["familyCard"],
};

/** Levels of each kind, 0 included. Those with thresholds: missing, different, one a threshold, equal. */
export function levelCount({ kind, levels, max, swapWith, repeats }: Comparison): number {
  if (kind === "nik") return repeats === null ? 7 : 9;
  const fixed: Partial<Record<ComparisonKind, number>> = { exact: 3, date: 8, indonesianName: 9, familyCard: 4 };
  const count = fixed[kind] ?? (kind === "edit" ? max : levels.length) + 3;
  return kind === "prefix" ? count - 1 + (swapWith ? 1 : 0) : count + (swapWith ? 1 : 0);
}

export const isDear = ({ kind }: Comparison): boolean => ["jaroWinkler", "edit", "tokens", "indonesianName"].includes(kind);
