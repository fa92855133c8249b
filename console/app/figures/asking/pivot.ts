import { type Asked, COUNTRY, type Level, TOTAL } from "./asked.ts";
import { type Cell, type Cube, finderOf, monthsOf, regionsOf } from "./cells.ts";
import { yearUpTo } from "./months.ts";

/** What stands along one side of a table: regions, months, the codes of a dimension, or nothing but the total. */
export const [REGION, MONTH, NOTHING] = ["region", "month", "none"] as const;

export interface Pivot {
  readonly rows: string;
  readonly columns: string;
  /** A code of each dimension along neither side. */
  readonly fixed: Readonly<Record<string, string>>;
}

/** What the address says of it. */
interface Seen {
  readonly region: string;
  readonly month: string | null;
  readonly level: Level | null;
  /** One of `codes`, else the first. */
  pick(name: string, codes: readonly string[]): string;
}

/** As the address says; whatever it does not or cannot say is what lies nearest. */
export function pivotOf(cube: Cube, view: Seen): Pivot {
  const sides = sidesOf(cube);
  const rows = view.pick("rows", sides);
  const columns = view.pick(
    "columns",
    [...sides.filter((side) => side !== REGION && side !== MONTH && side !== rows), NOTHING, REGION, MONTH].filter(
      (side) => side !== rows,
    ),
  );
  const others = cube.dimensions.filter(({ name }) => name !== rows && name !== columns);
  const fixed = others.map(({ name, codes, hasTotal }) => [name, view.pick(`at.${name}`, hasTotal ? [TOTAL, ...codes] : codes)]);
  return { rows, columns, fixed: Object.fromEntries(fixed) };
}

export const sidesOf = ({ dimensions }: Cube): readonly string[] => [REGION, MONTH, ...dimensions.map(({ name }) => name)];

/** The question a table answers. */
export function askedBy(cube: Cube, view: Seen, { rows, columns, fixed }: Pivot): Asked {
  const sides = [rows, columns];
  const months = sides.includes(MONTH) ? yearUpTo(view.month, cube) : { from: null, to: view.month };
  return {
    ...{ cube: cube.code, region: view.region, level: sides.includes(REGION) ? view.level : null, ...months },
    dimensions: cube.dimensions.map(({ name }) => name).filter((name) => sides.includes(name)),
    filter: Object.entries(fixed).flatMap(([dimension, code]) => (code === TOTAL ? [] : [{ dimension, codes: [code] }])),
  };
}

/** What stands along a side of an answer, in order. */
export function codesAlong(side: string, cube: Cube, cells: readonly Cell[]): readonly string[] {
  if (side === REGION) return regionsOf(cells);
  if (side === MONTH) return monthsOf(cells);
  return cube.dimensions.find(({ name }) => name === side)?.codes ?? [TOTAL];
}

/** The cell where two codes meet. */
export function meetingOf(
  cube: Cube,
  cells: readonly Cell[],
  { region, pivot }: { readonly region: string; readonly pivot: Pivot },
) {
  const find = finderOf(cube, cells);
  const placeOf = (side: string, code: string) => (side === NOTHING ? {} : side === MONTH ? { period: code } : { [side]: code });
  return (row: string, column: string): Cell | undefined =>
    find({ region: region || COUNTRY, ...pivot.fixed, ...placeOf(pivot.rows, row), ...placeOf(pivot.columns, column) });
}
