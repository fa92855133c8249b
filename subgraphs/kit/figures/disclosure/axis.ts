import { COUNTRY, DEPTHS } from "../../../../schema/statistics/cubes.ts";

/** A tree of positions: 0 is the whole, a parent stands before its children, and they stand together: what sums go along. */
export interface Axis {
  readonly size: number;
  readonly names: readonly string[];
  /** -1 above the whole. */
  readonly parent: Int32Array;
  /** Position of the first child, and how many there are. */
  readonly first: Int32Array;
  readonly count: Int32Array;
}

export interface AxisOf {
  readonly name: string;
  readonly codes: readonly string[];
  /** Codes by what they are summed to, each in one; absent: by nothing but the whole. */
  readonly groups?: Readonly<Record<string, readonly string[]>>;
}

/** The whole, its groups, its codes. */
export function axisOf({ codes, groups = {} }: AxisOf): Axis {
  const names = Object.keys(groups);
  const grouped = names.flatMap((name) => (groups[name] ?? []).map((code) => [code, name] as const));
  if (names.length === 0) return linked(["*", ...codes], () => "*");
  if (grouped.length !== codes.length || codes.some((code) => !grouped.some(([one]) => one === code)))
    throw new Error(`groups ${names.join()} do not hold each of the codes once`);
  const groupOf = new Map(grouped);
  return linked(["*", ...names, ...grouped.map(([code]) => code)], (name) => groupOf.get(name) ?? "*");
}

/** Parents stand before children, siblings side by side. */
function linked(names: readonly string[], parentOf: (name: string) => string): Axis {
  const at = new Map(names.map((name, position) => [name, position]));
  const parent = Int32Array.from(names, (name, position) => (position === 0 ? -1 : (at.get(parentOf(name)) as number)));
  const [first, count] = [new Int32Array(names.length), new Int32Array(names.length)];
  for (let position = names.length - 1; position > 0; position--) {
    const above = parent[position] as number;
    first[above] = position;
    count[above] = (count[above] as number) + 1;
  }
  return { size: names.length, names, parent, first, count };
}

/** Regions, level by level. */
export interface RegionAxis extends Axis {
  /** How many positions there are down to a depth. */
  sizeTo(depth: Depth): number;
  /** Where rows of a region are counted: at itself, or above it where it lies deeper, or, where it is more than the sum of its parts, as a part nobody names. */
  at(region: string, depth: Depth): number;
  /** Rows that are known to a region but not to one of its parts: never shown. */
  isUnnamed(position: number): boolean;
  /** Of the regions given, in order, those the axis lacks whose region above it has. */
  missing(regions: readonly string[], depth: Depth): { readonly region: string; readonly above: number }[];
}
type Depth = (typeof DEPTHS)[number];

const LENGTHS = [2, 4, 6, 10];
/** Length of a region's code by how deep it stands; the country is at 0. */
const levelOf = (region: string): number => (region === COUNTRY ? 0 : LENGTHS.indexOf(region.length) + 1);
const above = (region: string): string => {
  const length = LENGTHS[levelOf(region) - 2];
  return length === undefined ? COUNTRY : region.slice(0, length);
};
const UNNAMED = "~";

/** The tree down to the regions given. Throws where one is no code of a region. */
export function regionAxis(regions: Iterable<string>): RegionAxis {
  const levels: Set<string>[] = [new Set([COUNTRY]), new Set(), new Set(), new Set(), new Set()];
  const parents = new Set<string>();
  for (const region of regions) {
    if (!/^(?:0|\d\d(?:\d\d){0,2}|\d{10})$/.test(region)) throw new Error(`${region} is no code of a region`);
    for (let one = region; one !== COUNTRY && !levels[levelOf(one)]?.has(one); one = above(one)) {
      levels[levelOf(one)]?.add(one);
      parents.add(above(one));
    }
  }
  for (const parent of parents) levels[levelOf(parent) + 1]?.add(parent + UNNAMED);
  const names = levels.flatMap((level) => [...level].sort());
  const parentOf = (name: string) => (name.endsWith(UNNAMED) ? name.slice(0, -1) : above(name));
  const at = new Map(names.map((name, position) => [name, position]));
  const sizes = levels.map(({ size }) => size);
  return {
    ...linked(names, parentOf),
    sizeTo: (depth) => sizes.slice(0, DEPTHS.indexOf(depth) + 2).reduce((sum, size) => sum + size, 0),
    at: (region, depth) => {
      const deepest = DEPTHS.indexOf(depth) + 1;
      if (levelOf(region) > deepest) return at.get(region.slice(0, LENGTHS[deepest - 1])) ?? -1;
      const isLeaf = levelOf(region) === deepest;
      return at.get(isLeaf || !parents.has(region) ? region : region + UNNAMED) ?? -1;
    },
    missing: (regions, depth) =>
      [...regions]
        .sort()
        .filter((region) => levelOf(region) <= DEPTHS.indexOf(depth) + 1 && !at.has(region) && at.has(above(region)))
        .map((region) => ({ region, above: at.get(above(region)) as number })),
    isUnnamed: (position) => names[position]?.endsWith(UNNAMED) ?? true,
  };
}
