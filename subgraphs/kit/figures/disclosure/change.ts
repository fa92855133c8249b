import type { Kernels } from "./kernels.ts";
import { bearersAt, childrenIn, type Figure, type Table } from "./table.ts";

/**
 * Persons, or units where they are fewer, by which a withheld figure is left open where that costs no more than `NARROW`: it could be so many more, or less,
 * and no sum would be wrong. By one it is left open whatever it costs. What nobody bears is not kept open: that tells nobody of anybody.
 */
const LEFT_OPEN = 3;

/** A change of a table's figures that leaves all sums right, and that nobody sees, should they be withheld wherever it happens. */
export interface Change {
  readonly kernel: number;
  /** Regions in which it happens, `~region` where it is the opposite one. */
  readonly steps: readonly number[];
  /** Persons of the cells that have to be withheld for it. */
  readonly price: number;
  /** Smallest figures of those that fall with it, and of those that rise: how far it goes, one way and the other. */
  readonly up: number;
  readonly down: number;
}

/** Where changes are looked for: those of one combination. */
export interface Search {
  readonly table: Table;
  readonly figure: Figure;
  readonly kernels: Kernels;
  /** Regions below another in which anybody is counted. */
  readonly peopledIn: (region: number) => readonly number[];
}

/** Persons whose figures are withheld rather than that another is left open by one or two alone: of more, such as a country's own, all is lost for little. */
const NARROW = 30;
/** Worse than whatever has to be withheld. */
const NO_WITNESS = 2 ** 40;
/** Below this nobody's figure has to be withheld. */
const FREE = 1;

export function worthOf({ price, up, down }: Change): number {
  if (up + down >= LEFT_OPEN) return price;
  return price + (up + down < 1 ? NO_WITNESS : NARROW);
}
export const sizeOf = ({ kernels }: Search): number => kernels.starts.length - 1;
export const regionOf = (step: number): number => (step < 0 ? ~step : step);
export const nowhere = (kernel: number): Change => {
  return { kernel, steps: [], price: 0, up: Number.POSITIVE_INFINITY, down: Number.POSITIVE_INFINITY };
};

/** A region and a worth from which on nothing is wanted. */
interface Bound {
  readonly step: number;
  readonly below: number;
}

/** Persons of the cells of a region that would have to be withheld for a change there; `below` or more where they are not counted to the end. */
function priceIn({ table, figure, kernels: { cells, starts } }: Search, kernel: number, { step, below }: Bound): number {
  const { withheld } = table;
  const base = regionOf(step) * table.width;
  const end = starts[kernel + 1] as number;
  let price = 0;
  for (let at = starts[kernel] as number; at < end && price < below; at++) {
    const change = cells[at] as number;
    const cell = base + (change < 0 ? ~change : change);
    if (((withheld[cell] as number) & figure) === 0) price += bearersAt(table, cell);
  }
  return price;
}

/** `change` in one more region; null where it would be worth `below` or more. */
export function extended(search: Search, change: Change, { step, below }: Bound): Change | null {
  const { kernel } = change;
  const price = change.price + priceIn(search, kernel, { step, below: below - change.price });
  if (price >= below) return null;
  const { table, kernels } = search;
  const base = regionOf(step) * table.width;
  const end = kernels.starts[kernel + 1] as number;
  let { up, down } = change;
  for (let at = kernels.starts[kernel] as number; at < end; at++) {
    const cell = kernels.cells[at] as number;
    const bearers = bearersAt(table, base + (cell < 0 ? ~cell : cell));
    if (cell < 0 === step < 0) up = Math.min(up, bearers);
    else down = Math.min(down, bearers);
  }
  const more: Change = { kernel, steps: [...change.steps, step], price, up, down };
  return worthOf(more) < below ? more : null;
}

/** Follows a change from its last region down to where rows are counted, by the cheapest way; null where it would be worth `below` or more. */
export function descended(search: Search, change: Change | null, below: number): Change | null {
  let here = change;
  while (here !== null) {
    const from = here.steps.at(-1) as number;
    const region = regionOf(from);
    if (childrenIn(search.table, region) === 0) return here;
    let best: Change | null = null;
    for (const child of search.peopledIn(region)) {
      const limit: number = best === null ? below : worthOf(best);
      best = extended(search, here, { step: from < 0 ? ~child : child, below: limit }) ?? best;
    }
    here = best;
  }
  return null;
}

/** The cheapest change of a combination in a region, or the first that is free. There is one always: the whole country rises with it. */
export function cheapest(search: Search, region: number): Change {
  const size = sizeOf(search);
  for (let kernel = 0; kernel < size; kernel++) {
    const free = evened(search, kernel, { step: region, below: FREE });
    if (free !== null) return free;
  }
  const prices = Float64Array.from({ length: size }, (_, kernel) =>
    priceIn(search, kernel, { step: region, below: Number.POSITIVE_INFINITY }),
  );
  const kernels = Uint32Array.from(prices.keys());
  let best: Change | null = null;
  for (const kernel of kernels.sort((a, b) => (prices[a] as number) - (prices[b] as number))) {
    const limit: number = best === null ? Number.POSITIVE_INFINITY : worthOf(best);
    if ((prices[kernel] as number) >= limit) break;
    best = evened(search, kernel, { step: region, below: limit }) ?? best;
  }
  if (best === null) throw new Error("a figure of nobody cannot be kept open");
  return best;
}

/** A change from a region down, and in a region beside it, or beside one above it, the other way. Null where it would be worth `below` or more. */
function evened(search: Search, kernel: number, { step, below }: Bound): Change | null {
  if (priceIn(search, kernel, { step, below }) >= below) return null; // most are: nothing is made for those
  let here = descended(search, extended(search, nowhere(kernel), { step, below }), below);
  let best: Change | null = null;
  for (let region = step; here !== null; ) {
    const above = search.table.regions.parent[region] as number;
    const limit: number = best === null ? below : worthOf(best);
    if (above < 0) return here;
    best = besides(search, here, { region, above, below: limit }) ?? best;
    const left: number = best === null ? below : worthOf(best);
    if (left < FREE) return best;
    here = extended(search, here, { step: above, below: left });
    region = above;
  }
  return best;
}

interface Beside {
  readonly region: number;
  readonly above: number;
  readonly below: number;
}

function besides(search: Search, change: Change, { region, above, below }: Beside): Change | null {
  let best: Change | null = null;
  for (const other of search.peopledIn(above)) {
    if (other === region) continue;
    const limit: number = best === null ? below : worthOf(best);
    best = descended(search, extended(search, change, { step: ~other, below: limit }), limit) ?? best;
    if (best !== null && worthOf(best) < FREE) return best;
  }
  return best;
}
