import { createHmac } from "node:crypto";

/** Fewer than this in a cell point at somebody. */
const SMALLEST_CELL = 10;
const BASE = 5;

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

/** One counted cell of a table; `n` households or persons. */
export interface Count<Of> {
  readonly of: Of;
  readonly n: number;
}
export interface ReleasedCounts<Of> {
  readonly total: number | null;
  readonly cells: readonly { readonly of: Of; readonly n: number | null; readonly isSuppressed: boolean }[];
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

/**
 * Counts made fit to publish (policy.md §15): cells under 10 are withheld; if that is one cell alone, the next smallest goes with it (of equals the
 * first), or the total would give it away; the rest is rounded to base 5, the total on its own. Order kept. Pure.
 * `key` decides which way the cell of a `name` is rounded: the same key gives the same figures by every route.
 */
export function releaseCounts<Of>(
  key: Uint8Array,
  name: (of: Of | "*") => string,
  counts: readonly Count<Of>[],
): ReleasedCounts<Of> {
  const withheld = withheldOf(counts);
  const total = counts.reduce((sum, { n }) => sum + n, 0);
  return {
    total: total < SMALLEST_CELL ? null : roundKeyed(key, name("*"), total),
    cells: counts.map((cell) => {
      const isSuppressed = withheld.has(cell);
      return { of: cell.of, n: isSuppressed ? null : roundKeyed(key, name(cell.of), cell.n), isSuppressed };
    }),
  };
}

function withheldOf<Of>(counts: readonly Count<Of>[]): ReadonlySet<Count<Of>> {
  const ascending = [...counts].sort((a, b) => a.n - b.n);
  const small = ascending.filter(({ n }) => n < SMALLEST_CELL).length;
  return new Set(ascending.slice(0, small === 1 ? 2 : small));
}

const byDecile = (a: Cell, b: Cell): number => (a.decile ?? Number.MAX_SAFE_INTEGER) - (b.decile ?? Number.MAX_SAFE_INTEGER);

/** `n` to a neighbouring multiple of 5, up with probability (n mod 5) / 5 over all keys, always the same for one key and cell. */
export function roundKeyed(key: Uint8Array, cellId: string, n: number): number {
  const rest = n % BASE;
  const draw = createHmac("sha256", key).update(cellId).digest().readUInt32BE(0) / 2 ** 32;
  return draw < rest / BASE ? n - rest + BASE : n - rest;
}
