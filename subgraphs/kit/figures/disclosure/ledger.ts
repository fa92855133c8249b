import type { ReleasedCell } from "../../../../schema/statistics/release.ts";

/** Released cells in the order they were added, about 40 bytes each. Sums below 2^53. */
export interface Ledger {
  readonly size: number;
  addAll(cells: Iterable<ReleasedCell>): void;
  cells(): Iterable<ReleasedCell>;
}

const WITHHELD = -1;

export function emptyLedger(): Ledger {
  const [regions, keys] = [dictionary<string>(), dictionary<readonly string[]>()];
  const rows: number[] = [];
  const ROW = 5;
  const figureAt = (at: number): number | null => (rows[at] === WITHHELD ? null : (rows[at] as number));
  return {
    get size() {
      return rows.length / ROW;
    },
    addAll(cells) {
      for (const { region, key, persons, units, total } of cells) {
        rows.push(regions.place(region), keys.place(key), persons ?? WITHHELD, units ?? WITHHELD);
        rows.push(total === null ? WITHHELD : Number(total));
      }
    },
    *cells() {
      for (let at = 0; at < rows.length; at += ROW) {
        const total = figureAt(at + 4);
        yield {
          region: regions.at(rows[at] as number),
          key: keys.at(rows[at + 1] as number),
          ...{ persons: figureAt(at + 2), units: figureAt(at + 3) },
          total: total === null ? null : String(total),
        };
      }
    },
  };
}

/** Values that recur, each kept once. */
function dictionary<T extends string | readonly string[]>() {
  const places = new Map<string, number>();
  const values: T[] = [];
  return {
    at: (place: number) => values[place] as T,
    place(value: T): number {
      const name = String(value);
      const known = places.get(name);
      if (known !== undefined) return known;
      places.set(name, values.length);
      return values.push(value) - 1;
    },
  };
}
