import { type Change, cheapest, descended, extended, nowhere, regionOf, type Search, sizeOf, worthOf } from "./change.ts";
import { kernelsOf, placeOf } from "./kernels.ts";
import type { Hide } from "./lines.ts";
import { COUNTS, childrenIn, type Figure, isWithheld, SUMS, type Table } from "./table.ts";

interface Cover {
  /** Tables that count the same rows; a region's own total is one figure in all of them. */
  readonly tables: readonly Table[];
  readonly figure: Figure;
  readonly hide: Hide;
}

/**
 * Sees to it that no withheld figure of somebody can be reckoned from what is shown: for each there is a change of withheld figures, it among them, that
 * leaves all sums right. Where there is none yet, the cheapest is made by withholding more. Answers whether it withheld any.
 */
export function coverAll({ tables, figure, hide }: Cover): boolean {
  const searches = tables.map((table) => {
    const kernels = remembered((combination) => kernelsOf(table, combination));
    const peopledIn = remembered((region) => peopledBelow(table, region));
    return (combination: number): Search => ({ table, figure, kernels: kernels(combination), peopledIn });
  });
  let hasHidden = false;
  for (const [n, table] of tables.entries())
    for (const cell of uncovered(table, figure)) {
      const search = searches[n]?.(cell % table.width) as Search;
      const change = cheapest(search, Math.trunc(cell / table.width));
      hasHidden = make(search, change, hide) || hasHidden;
      const others = changesTotal(search, change) ? searches.filter((_, other) => other !== n) : [];
      for (const other of others) hasHidden = follow(other(0), change, hide) || hasHidden;
    }
  return hasHidden;
}

function remembered<T>(make: (key: number) => T): (key: number) => T {
  const known: T[] = [];
  return (key) => {
    known[key] ??= make(key);
    return known[key];
  };
}

function peopledBelow(table: Table, region: number): number[] {
  const first = table.regions.first[region] as number;
  return Array.from({ length: childrenIn(table, region) }, (_, n) => first + n).filter(
    (child) => table.units[child * table.width] !== 0,
  );
}

function* uncovered(table: Table, figure: Figure): Generator<number> {
  for (let cell = 0; cell < table.units.length; cell++)
    if (table.units[cell] !== 0 && isWithheld(table, cell, figure) && ((table.covered[cell] as number) & figure) === 0)
      yield cell;
}

const cellsOf = ({ kernels: { cells, starts } }: Search, { kernel }: Change): Int32Array =>
  cells.subarray(starts[kernel], starts[kernel + 1]);

/** Whether totals of regions change, which stand in other tables too. */
const changesTotal = (search: Search, change: Change): boolean => cellsOf(search, change).some((cell) => placeOf(cell) === 0);

/** Withholds a change wherever it happens: each of its cells keeps the others open. Answers whether any was shown. */
function make(search: Search, change: Change, hide: Hide): boolean {
  const { table, figure } = search;
  let hasHidden = false;
  for (const step of change.steps)
    for (const place of cellsOf(search, change)) {
      const cell = regionOf(step) * table.width + placeOf(place);
      if (!isWithheld(table, cell, figure)) {
        hide(table, cell, figure);
        hasHidden = true;
      }
      // whose counts are withheld has no sum shown either
      table.covered[cell] = (table.covered[cell] as number) | (figure === COUNTS ? COUNTS | SUMS : SUMS);
    }
  return hasHidden;
}

/** Makes the cheapest change of another table that changes the totals of the same regions, if it holds any. Answers whether any was shown. */
function follow(search: Search, { steps, up, down }: Change, hide: Hide): boolean {
  const shared = steps.filter((step) => regionOf(step) < search.table.height);
  if (shared.length === 0) return false;
  const { parent } = search.table.regions;
  const ends = shared.filter((step) => !shared.some((one) => parent[regionOf(one)] === regionOf(step)));
  let best: Change | null = null;
  for (let kernel = 0; kernel < sizeOf(search); kernel++) {
    const below: number = best === null ? Number.POSITIVE_INFINITY : worthOf(best);
    let here: Change | null = { ...nowhere(kernel), up, down };
    for (const step of shared) here = here && extended(search, here, { step, below });
    for (const end of ends)
      here = here && descended(search, { ...here, steps: [...here.steps.filter((one) => one !== end), end] }, below);
    best = here ?? best;
  }
  return best !== null && make(search, best, hide);
}
