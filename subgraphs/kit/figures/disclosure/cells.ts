import { type CubeDefinition, showsPersons } from "../../../../schema/statistics/cubes.ts";
import type { ReleasedCell } from "../../../../schema/statistics/release.ts";
import { drawOf, rounded, roundedSum } from "./round.ts";
import { COUNTS, isWithheld, SUMS, type Table } from "./table.ts";
import { type Fixed, keyIn } from "./universe.ts";

interface Showing {
  readonly cube: CubeDefinition;
  readonly fixed: Fixed;
  /** Key of the rounding. */
  readonly key: Uint8Array;
  /** Regions that are listed though their total is withheld: those there are, whether anybody is counted in them or not. */
  readonly listed: readonly string[];
}

/**
 * What a cube shows of a table. Of the country every combination is listed, of a region whose total is shown those that the region above shows: what is
 * listed, and is withheld, tells nothing that is not shown.
 */
export function* cellsOf(table: Table, { cube, fixed, key, listed }: Showing): Generator<ReleasedCell> {
  const keys = Array.from({ length: table.width }, (_, at) => keyIn(table, cube, { fixed, at }));
  const figuresAt = figuring(table, key, listed);
  const ofPersons = showsPersons(cube) ? {} : { persons: null };
  for (const [region, name] of named(table))
    for (const [at, key] of keys.entries()) {
      const figures = key && figuresAt(region, at);
      if (figures) yield { region: name, key, ...figures, ...ofPersons };
    }
  for (const { region, above } of table.regions.missing(listed, cube.depth))
    if (isShown(table, above, 0) && keys[0]) yield { region, key: keys[0], ...WITHHELD };
}

function* named({ regions, height }: Table): Generator<readonly [region: number, name: string]> {
  for (let region = 0; region < height; region++) if (!regions.isUnnamed(region)) yield [region, regions.names[region] as string];
}

/** Figures of a combination in a region, null ones where they are withheld; null: it is not listed. */
function figuring(table: Table, key: Uint8Array, listed: readonly string[]) {
  const roundedAt = roundedBy(table, key);
  const isThere = new Set(listed);
  const { names, parent } = table.regions;
  const isListed = (region: number, at: number): boolean => {
    const isKnown = at === 0 ? isThere.has(names[region] as string) : isShown(table, region, 0);
    return isKnown && isShown(table, parent[region] as number, at);
  };
  return (region: number, at: number): Figures | null => {
    if (isShown(table, region, at)) return roundedAt(region * table.width + at);
    return region === 0 || isListed(region, at) ? WITHHELD : null;
  };
}

type Figures = Pick<ReleasedCell, "persons" | "units" | "total">;
const WITHHELD: Figures = { persons: null, units: null, total: null };
const isShown = (table: Table, region: number, at: number): boolean => !isWithheld(table, region * table.width + at, COUNTS);

/** The same persons are rounded alike, in whatever cell, cube and month. */
function roundedBy(table: Table, key: Uint8Array) {
  const [count, sum] = [drawOf(key, "count"), drawOf(key, "sum")];
  return (cell: number): Figures => {
    const cellKey = table.cellKeys[cell] as number;
    const units = table.units[cell] as number;
    const draw = count(cellKey);
    const shown = rounded(units, draw);
    const hasSum = table.totals.length > 0 && !isWithheld(table, cell, SUMS);
    const total = hasSum ? roundedSum(table.totals[cell] as number, { units, shown, draw: sum(cellKey) }) : null;
    return { persons: rounded(table.persons[cell] as number, draw), units: shown, total: total === null ? null : String(total) };
  };
}
