import { createHmac } from "node:crypto";

/** Fewer households than this in a cell point at somebody. */
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

/**
 * Figures of one version made fit to publish (policy.md §15): cells under 10 are withheld; if that is one cell alone, the next
 * smallest goes with it, or the total would give it away; the rest is rounded to base 5, the total on its own. Pure.
 * `key` decides which way a cell is rounded: the same key gives the same figures by every route.
 */
export function release(key: Uint8Array, version: string, cells: readonly Cell[]): Released {
  const withheld = withheldOf(cells);
  const name = (decile: number | null | "*") => `household/${version}/${decile ?? "above-4"}`;
  const total = cells.reduce((sum, { households }) => sum + households, 0);
  return {
    households: total < SMALLEST_CELL ? null : roundKeyed(key, name("*"), total),
    byDecile: [...cells].sort(byDecile).map((cell) => {
      const isSuppressed = withheld.has(cell);
      return {
        decile: cell.decile,
        households: isSuppressed ? null : roundKeyed(key, name(cell.decile), cell.households),
        isSuppressed,
      };
    }),
  };
}

function withheldOf(cells: readonly Cell[]): ReadonlySet<Cell> {
  const ascending = [...cells].sort((a, b) => a.households - b.households || byDecile(a, b));
  const small = ascending.filter(({ households }) => households < SMALLEST_CELL).length;
  return new Set(ascending.slice(0, small === 1 ? 2 : small));
}

const byDecile = (a: Cell, b: Cell): number => (a.decile ?? Number.MAX_SAFE_INTEGER) - (b.decile ?? Number.MAX_SAFE_INTEGER);

/** `n` to a neighbouring multiple of 5, up with probability (n mod 5) / 5 over all keys, always the same for one key and cell. */
export function roundKeyed(key: Uint8Array, cellId: string, n: number): number {
  const rest = n % BASE;
  const draw = createHmac("sha256", key).update(cellId).digest().readUInt32BE(0) / 2 ** 32;
  return draw < rest / BASE ? n - rest + BASE : n - rest;
}
