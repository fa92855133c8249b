/** What a linkage is told: columns, comparisons, keys. Read from a configuration by link/config.ts, or fixed for the population register. */

/** How a column's text is read. `text` is upper-cased and folded; a `date` becomes a day; `nik` and `familyCard` are 16 digits. */
export const COLUMN_TYPES = ["text", "date", "numeric", "indonesianName", "nik", "familyCard"] as const;
export type ColumnType = (typeof COLUMN_TYPES)[number];

export interface Column {
  readonly name: string;
  readonly as: ColumnType;
  /** Order of the parts of a date in one field, e.g. `DD-MM-YYYY`; null: YYYY-MM-DD, or three fields. */
  readonly format: string | null;
}

export const COMPARISON_KINDS = [
  "exact",
  "edit",
  "jaroWinkler",
  "tokens",
  "date",
  "prefix",
  "digits",
  "numeric",
  "indonesianName",
  "nik",
  "familyCard",
] as const;
export type ComparisonKind = (typeof COMPARISON_KINDS)[number];

export interface Comparison {
  readonly on: string;
  readonly kind: ComparisonKind;
  /** Thresholds, strictest first: similarities in (0, 1) for jaroWinkler and tokens, digits in common for prefix and digits, greatest differences for numeric. */
  readonly levels: readonly number[];
  /** Greatest distance that still counts (edit). */
  readonly max: number;
  /** Column whose value may stand exchanged with this one's. */
  readonly swapWith: string | null;
  readonly termFrequency: boolean;
  /** Date column that the digits 7–12 of this NIK repeat (nik); null: not looked at. */
  readonly repeats: string | null;
}

/** `name` of a column or of a derivation, or a function of such: `firstSkeleton(name)`, `prefix(given,3)`. */
export type Expression =
  | { readonly column: string }
  | { readonly call: DerivationName; readonly of: readonly Expression[]; readonly length: number };

export const DERIVATIONS = [
  "prefix",
  "suffix",
  "year",
  "month",
  "day",
  "swapDayMonth",
  "nearYear",
  "eitherDayMonth",
  "sorted",
  "concat",
  "skeleton",
  "firstSkeleton",
  "lastSkeleton",
  "phonetic",
] as const;
export type DerivationName = (typeof DERIVATIONS)[number];

/** Rows whose parts are all equal, and none missing, meet. `maxGroup`: of larger groups only what the refiners leave. */
export interface Key {
  readonly parts: readonly Expression[];
  readonly maxGroup: number;
}

export interface Training {
  /** `row`: at most one match a row, for links to a register. `pairs`: every pair for itself, to de-duplicate. */
  readonly method: "row" | "pairs";
  /** Keys whose pairs are learned from (`pairs`); none: the blocking keys. */
  readonly keys: readonly Key[];
  /** Share of rows that have a match (`row`), or of pairs that are one (`pairs`); null: learned. */
  readonly matchRate: number | null;
}

export interface Decision {
  readonly cardinality: "one-to-one" | "many-to-one" | "many-to-many";
  /** Least posterior of a link; with `calibrate` the least precision predicted for this file. */
  readonly link: number;
  /** Least weight of a link in bits; null: `link` decides. */
  readonly linkWeight: number | null;
  readonly review: number;
  /** Bits between the best and the second best candidate. */
  readonly margin: number;
  readonly calibrate: boolean;
}

/** Rows that agree on `on` to the top level are accepted without scoring when one of the alternatives holds: levels a comparison must reach. */
export interface ExactRule {
  readonly on: string;
  readonly acceptWhen: readonly Readonly<Record<string, number>>[];
}

export interface LinkSpec {
  readonly mode: "link" | "dedupe";
  readonly columns: readonly Column[];
  readonly derive: ReadonlyMap<string, Expression>;
  readonly comparisons: readonly Comparison[];
  readonly exact: ExactRule | null;
  readonly blocking: { readonly keys: readonly Key[]; readonly refineBy: readonly Expression[] };
  readonly strata: readonly Key[];
  readonly training: Training;
  readonly decision: Decision;
  readonly seed: number;
}
