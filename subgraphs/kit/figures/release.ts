import { createHmac } from "node:crypto";

/** Fewer than this in a cell point at somebody. */
const SMALLEST_CELL = 10;
const BASE = 5;

/** One counted cell of a table; `n` households, families or persons. */
export interface Count<Of> {
  readonly of: Of;
  readonly n: number;
}
export interface ReleasedCounts<Of> {
  readonly total: number | null;
  readonly cells: readonly { readonly of: Of; readonly n: number | null; readonly isSuppressed: boolean }[];
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

const roundedTo =
  (base: number) =>
  (key: Uint8Array, cellId: string, n: number): number => {
    const rest = n % base;
    const draw = createHmac("sha256", key).update(cellId).digest().readUInt32BE(0) / 2 ** 32;
    return draw < rest / base ? n - rest + base : n - rest;
  };

/** `n` to a neighbouring multiple of 5, up with probability (n mod 5) / 5 over all keys, always the same for one key and cell. */
export const roundKeyed = roundedTo(BASE);
/** As roundKeyed, to a multiple of 10. For one key and cell it never falls as `n` rises. */
const roundWide = roundedTo(SMALLEST_CELL);

/** One cell of a table of two ways; null: the total of that way. */
export interface Place {
  readonly row: string | null;
  readonly column: string | null;
}
export interface ReleasedPlace extends Place {
  readonly n: number | null;
}

/** A table of two ways: every row and column it has, and the counts that are not 0. */
export interface Table {
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly counts: readonly { readonly row: string; readonly column: string; readonly n: number }[];
  /** Columns whose sum a wider table withholds; null: the sum of all columns. None when absent. */
  readonly withheld?: readonly (string | null)[];
}

/**
 * A table with its totals, made fit to be held against others of its kind: cells under 10, 0 too, are withheld, and in every row and column, totals among them,
 * so many more that what a shown total leaves open is nothing or 10 and more, and that a total withheld is not the sum of what is shown; the rest is rounded to base 10. A cell has one name in all tables, so it is
 * rounded at the same point in all: two answers differ by nothing or by 10 and more. Rows, then columns, in the order given, totals last. Pure.
 */
export function releaseTable(key: Uint8Array, name: (place: Place) => string, table: Table): ReleasedPlace[] {
  const { rows, columns, counts, withheld = [] } = table;
  const [down, across] = [
    [...rows, null],
    [...columns, null],
  ];
  const grid: Line[] = down.map((row) =>
    across.map((column) => ({ row, column, n: sumOf(counts, { row, column }), isShown: false })),
  );
  const cells = grid.flat();
  for (const cell of cells) cell.isShown = cell.n >= SMALLEST_CELL && !(cell.row === null && withheld.includes(cell.column));
  const lines = [...grid, ...across.map((_, at) => grid.map((line) => line[at] as Cell))];
  while (lines.some(hideOne));
  return cells.map(({ row, column, n, isShown }) => {
    return { row, column, n: isShown ? roundWide(key, name({ row, column }), n) : null };
  });
}

interface Cell extends Place {
  readonly n: number;
  isShown: boolean;
}
/** Parts, and behind them their sum. */
type Line = readonly Cell[];

const sumOf = (counts: Table["counts"], { row, column }: Place): number =>
  counts.reduce(
    (sum, cell) => ((row ?? cell.row) === cell.row && (column ?? cell.column) === cell.column ? sum + cell.n : sum),
    0,
  );

/** Withholds the smallest part that is shown, where the parts and the sum would tell too much of each other. Answers whether it did. */
function hideOne(line: Line): boolean {
  const sum = line.at(-1);
  const parts = line.slice(0, -1);
  const open = parts.reduce((sum, { n, isShown }) => (isShown ? sum : sum + n), 0);
  if (open >= SMALLEST_CELL || (open === 0 && sum?.isShown)) return false;
  const [smallest] = parts.filter(({ isShown }) => isShown).sort((a, b) => a.n - b.n);
  if (smallest) smallest.isShown = false;
  return smallest !== undefined;
}
