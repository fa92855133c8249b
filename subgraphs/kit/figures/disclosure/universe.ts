import { CUBES, type CubeDefinition, type Dimension, type ReadOff, TOTAL } from "../../../../schema/statistics/cubes.ts";
import type { AxisOf } from "./axis.ts";
import type { Table, TableOf } from "./table.ts";

/** Codes of each dimension that has no total, by name: one, or those whose sum a cube shows, which are then told apart in the table. */
export type Fixed = Readonly<Record<string, readonly string[]>>;

/** A table of a cube's rows, and the cubes that are read off it: that cube, and those whose codes are sums of its codes, or one that is the sum of all. */
export interface Counted {
  readonly cube: CubeDefinition;
  readonly table: TableOf;
  readonly shown: readonly CubeDefinition[];
}

/** Nothing is summed over dimensions without a total, so each such part of a universe is disclosed by itself. */
export interface Part {
  readonly fixed: Fixed;
  readonly counted: readonly Counted[];
}

export interface Universe {
  readonly cubes: readonly CubeDefinition[];
  readonly parts: readonly Part[];
}

/** The cubes that count one kind of rows. Throws where none does, or where they share more than the regions and what has no total. */
export function universeOf(slice: CubeDefinition["slice"], universe: string): Universe {
  const cubes = CUBES.filter((cube) => cube.slice === slice && cube.universe === universe);
  const own = cubes.filter(({ readOff }) => !readOff);
  const [one] = own;
  if (!one) throw new Error(`no cube of ${slice} counts ${universe}`);
  const open = one.dimensions.filter(({ hasTotal }) => !hasTotal);
  const parts = open
    .reduce((fixed, dimension) => combined(fixed, dimension, cubes), [{}] as Fixed[])
    .map((fixed) => ({ fixed, counted: own.flatMap((cube) => [countedBy(cube, cubes, fixed), ...sumsOf(cube, cubes, fixed)]) }));
  for (const { counted } of parts) mustBeApart(universe, counted, open);
  return { cubes, parts };
}

function combined(parts: readonly Fixed[], { name, codes }: Dimension, cubes: readonly CubeDefinition[]): Fixed[] {
  const sums = cubes.flatMap(({ readOff }) => (readOff?.along === name ? Object.values(readOff.sums) : []));
  const alone = codes.filter((code) => !sums.some((sum) => sum.includes(code))).map((code) => [code]);
  return parts.flatMap((part) => [...sums, ...alone].map((kept) => ({ ...part, [name]: kept })));
}

function countedBy(cube: CubeDefinition, cubes: readonly CubeDefinition[], fixed: Fixed): Counted {
  const shown = cubes.filter(({ code, readOff }) => code === cube.code || (readOff?.cube === cube.code && readOff.as !== null));
  const dimensions = cube.dimensions.flatMap(({ name, codes, hasTotal }): AxisOf[] => {
    const kept = fixed[name] ?? [];
    if (!hasTotal) return kept.length > 1 ? [{ name, codes: kept }] : [];
    const groups = shown.find(({ readOff }) => readOff?.along === name)?.readOff?.sums;
    return [{ name, codes, ...(groups && { groups }) }];
  });
  return { cube, table: { depth: cube.depth, hasTotal: cube.hasTotal, dimensions }, shown };
}

/** Cubes that are one sum of a part: they share with the cube that tells it apart the totals of regions. */
const sumsOf = (cube: CubeDefinition, cubes: readonly CubeDefinition[], fixed: Fixed): Counted[] =>
  cubes
    .filter(({ readOff }) => readOff?.cube === cube.code && readOff.as === null && isSum(readOff, fixed[readOff.along]))
    .map((sum) => ({ cube, table: { depth: sum.depth, hasTotal: cube.hasTotal, dimensions: [] }, shown: [sum] }));
const isSum = ({ sums }: ReadOff, kept: readonly string[] | undefined): boolean =>
  Object.values(sums).some((codes) => codes === kept);

function mustBeApart(universe: string, counted: readonly Counted[], open: readonly Dimension[]): void {
  const names = counted.flatMap(({ table }) => table.dimensions.map(({ name }) => name));
  const lacking = counted.some(({ cube }) => open.some(({ name }) => !cube.dimensions.some((one) => one.name === name)));
  if (new Set(names).size < names.length || lacking)
    throw new Error(`cubes of ${universe} share figures other than totals of regions: let one be read off the other`);
}

/** Key by which a cube shows a combination of a table; null: it does not. */
export function keyIn(table: Table, cube: CubeDefinition, { fixed, at }: { fixed: Fixed; at: number }): readonly string[] | null {
  const codes = new Map(Object.entries(fixed).map(([name, kept]) => [name, kept.length > 1 ? TOTAL : (kept[0] as string)]));
  for (const { name, names, stride, size } of table.axes) codes.set(name, names[Math.trunc(at / stride) % size] as string);
  const key = new Map<string, string>();
  for (const [name, code] of codes) {
    const shownBy = dimensionIn(cube, { name, code, kept: fixed[name] ?? [] });
    if (shownBy === null) return null;
    key.set(shownBy, code);
  }
  return cube.dimensions.map(({ name }) => key.get(name) ?? TOTAL);
}

/** Dimension of a cube that tells a code of the table's dimension, or that dimension where the cube is of the code alone; null: the cube does not show it. */
function dimensionIn(
  { dimensions, readOff }: CubeDefinition,
  of: { name: string; code: string; kept: readonly string[] },
): string | null {
  const { name, code, kept } = of;
  const isSummed = readOff?.along === name;
  if (isSummed && readOff.as === null) return code === TOTAL && isSum(readOff, kept) ? name : null;
  const shownBy = (isSummed && readOff.as) || name;
  const dimension = dimensions.find((one) => one.name === shownBy);
  const isShown = code === TOTAL ? (dimension?.hasTotal ?? true) : dimension?.codes.includes(code);
  return isShown ? shownBy : null;
}
