import { releaseCounts } from "../kit/figures/release.ts";

export interface Cell {
  readonly decile: number | null;
  readonly households: number;
}
export interface ReleasedCell {
  readonly decile: number | null;
  readonly households: number | null;
  readonly isSuppressed: boolean;
}
export interface Released {
  readonly households: number | null;
  readonly byDecile: readonly ReleasedCell[];
}

/** Figures of one version made fit to publish, by decile. Pure. */
export function release(key: Uint8Array, version: string, cells: readonly Cell[]): Released {
  const name = (decile: number | null | "*") => `household/${version}/${decile ?? "above-4"}`;
  const counts = [...cells].sort(byDecile).map(({ decile, households }) => ({ of: decile, n: households }));
  const { total, cells: released } = releaseCounts(key, name, counts);
  return {
    households: total,
    byDecile: released.map(({ of, n, isSuppressed }) => ({ decile: of, households: n, isSuppressed })),
  };
}

const byDecile = (a: Cell, b: Cell): number => (a.decile ?? Number.MAX_SAFE_INTEGER) - (b.decile ?? Number.MAX_SAFE_INTEGER);
