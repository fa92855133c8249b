/**
 * What a linkage has learned, as plain numbers: frozen, versioned, readable by another run. A Fellegi–Sunter model whose non-match side is a
 * mixture of strata measured on the register.
 */
export interface Model {
  readonly format: 1;
  /** Of text/: other normalisation makes other levels. */
  readonly normaliser: string;
  readonly comparisons: readonly { readonly name: string; readonly kind: string; readonly levels: number }[];
  /** Share of rows (or pairs) that have a match. */
  readonly matchRate: number;
  /** Ways in which rows of a matching person come out: clean ones and bad ones. Shares add up to 1. */
  readonly classes: readonly MatchClass[];
  /** `register`: the strata were measured where rows are clean, and a file's rows add their errors. `rows`: on the rows themselves. */
  readonly measuredOn: "register" | "rows";
  /** The first is `random`: any two rows. Then those sized row by row, then whoever lends exact values. */
  readonly strata: readonly Stratum[];
  /** Rows of the register it was measured on; a threshold is never carried to another size. */
  readonly registerRows: number;
}

export interface MatchClass {
  readonly share: number;
  /** Comparison → level → probability among true pairs; level 0 (missing) is not counted. */
  readonly m: readonly (readonly number[])[];
}

export interface Stratum {
  readonly name: string;
  /** Mean number of other rows under the same key; of `random` all rows, or 1 where pairs are judged each for itself. */
  readonly others: number;
  /** How alike the groups' sizes are (shape of a gamma distribution); null: as if all were of mean size. */
  readonly shape: number | null;
  /** Comparison → level → probability among pairs of this stratum that are not the same person. */
  readonly u: readonly (readonly number[])[];
  /** Comparisons whose value the key fixes: how rare the value is says nothing here. */
  readonly fixes: readonly number[];
}

/** Names of the strata of those who lend exact values begin so. */
export const LENDER = "lender: ";
export const NORMALISER = "1";
/** No probability is smaller: nothing seen in a sample proves it never happens. */
export const LEAST = 1e-8;

/** Where a comparison's levels begin in one flat table of all. */
export interface Shape {
  readonly offsets: readonly number[];
  readonly total: number;
}

export function shapeOf(comparisons: readonly { readonly levels: number }[]): Shape {
  const offsets: number[] = [];
  let total = 0;
  for (const { levels } of comparisons) {
    offsets.push(total);
    total += levels;
  }
  return { offsets, total };
}

/** Counts of levels → shares, `added` to each level but 0; level 0 stays 0. */
export function sharesOf(counts: ArrayLike<number>, added: number): number[] {
  const all = Array.from(counts, (count, level) => (level === 0 ? 0 : count + added));
  const sum = all.reduce((total, count) => total + count, 0);
  return all.map((count) => count / sum);
}

/** Per-comparison rows of a flat table. */
export function unflat(flat: Float64Array, comparisons: readonly { readonly levels: number }[]): Float64Array[] {
  const { offsets } = shapeOf(comparisons);
  return comparisons.map(({ levels }, i) => flat.subarray(offsets[i] as number, (offsets[i] as number) + levels));
}
