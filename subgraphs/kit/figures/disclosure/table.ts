import type { CubeDefinition } from "../../../../schema/statistics/cubes.ts";
import { type Axis, type AxisOf, axisOf, type RegionAxis } from "./axis.ts";

/** One counted cell of rows that lie in one region and bear one code of each dimension. */
export interface Leaf {
  readonly region: string;
  readonly key: readonly string[];
  readonly persons: number;
  readonly units: number;
  /** Sum of the persons' record keys, modulo 2^32. */
  readonly cellKey: number;
  /** Rupiah below 2^53; of it, the biggest amounts of one unit. */
  readonly total: number;
  readonly largest: number;
  readonly second: number;
}

export interface TableOf {
  readonly depth: CubeDefinition["depth"];
  readonly hasTotal: boolean;
  /** All of them with a total: tables that share no sum are disclosed apart. */
  readonly dimensions: readonly AxisOf[];
}

/** What may be shown of a cell: its counts, its sum of rupiah. */
export const COUNTS = 1;
export const SUMS = 2;
export type Figure = typeof COUNTS | typeof SUMS;

/** Figures of all regions by all combinations of codes, sums included: cell `region * width + combination`, combination 0 of all codes. */
export interface Table {
  readonly regions: RegionAxis;
  /** Positions of `regions` that the table holds. */
  readonly height: number;
  readonly width: number;
  readonly axes: readonly (Axis & { readonly name: string; readonly stride: number })[];
  readonly persons: Int32Array;
  readonly units: Int32Array;
  /** Modulo 2^32. */
  readonly cellKeys: Uint32Array;
  /** Of no cells where the table has no sums. */
  readonly totals: Float64Array;
  readonly largest: Float64Array;
  readonly second: Float64Array;
  /** Figures withheld, a bit each. */
  readonly withheld: Uint8Array;
  /** Figures withheld that others withheld keep open, a bit each. */
  readonly covered: Uint8Array;
}

export function emptyTable({ depth, hasTotal, dimensions }: TableOf, regions: RegionAxis): Table {
  let width = 1;
  const axes = dimensions.map((dimension) => {
    const axis = { ...axisOf(dimension), name: dimension.name, stride: width };
    width *= axis.size;
    return axis;
  });
  const height = regions.sizeTo(depth);
  const cells = height * width;
  const summed = hasTotal ? cells : 0;
  return {
    ...{ regions, height, width, axes },
    ...{ persons: new Int32Array(cells), units: new Int32Array(cells), cellKeys: new Uint32Array(cells) },
    ...{ totals: new Float64Array(summed), largest: new Float64Array(summed), second: new Float64Array(summed) },
    ...{ withheld: new Uint8Array(cells), covered: new Uint8Array(cells) },
  };
}

/** Throws where a code is none of its dimension's. */
export function addLeaf(table: Table, leaf: Leaf, depth: CubeDefinition["depth"]): void {
  const cell = table.regions.at(leaf.region, depth) * table.width + combinationOf(table, leaf.key);
  if (!(cell >= 0)) throw new Error(`${leaf.region} ${leaf.key.join()}: no cell of the cube`);
  put(table.persons, cell, leaf.persons);
  put(table.units, cell, leaf.units);
  put(table.cellKeys, cell, leaf.cellKey);
  if (table.totals.length > 0) putSum(table, cell, leaf);
}

/** Combination of codes, `*` for all of a dimension; NaN where one is unknown. */
export const combinationOf = ({ axes }: Table, key: readonly string[]): number =>
  axes.reduce((sum, { names, stride }, at) => {
    const digit = names.indexOf(key[at] ?? "");
    return sum + (digit < 0 ? Number.NaN : digit * stride);
  }, 0);

type Numbers = Int32Array | Uint32Array | Float64Array;
const put = (to: Numbers, cell: number, n: number): void => {
  to[cell] = (to[cell] as number) + n;
};

function putSum(table: Table, cell: number, { total, largest, second }: Pick<Leaf, "total" | "largest" | "second">): void {
  put(table.totals, cell, total);
  const [first, next] = [table.largest[cell] as number, table.second[cell] as number];
  table.largest[cell] = Math.max(first, largest);
  table.second[cell] = Math.max(Math.min(first, largest), next, second);
}

/** Sums what stands in the leaves along every axis. */
export function rollUp(table: Table): void {
  for (const { parent, stride, size } of table.axes)
    for (let cell = table.persons.length - 1; cell >= 0; cell--) {
      const digit = Math.trunc((cell % table.width) / stride) % size;
      if (digit > 0) addTo(table, cell - (digit - (parent[digit] as number)) * stride, cell);
    }
  for (let region = table.height - 1; region > 0; region--) {
    const above = table.regions.parent[region] as number;
    for (let at = 0; at < table.width; at++) addTo(table, above * table.width + at, region * table.width + at);
  }
}

function addTo(table: Table, to: number, from: number): void {
  if (table.units[from] === 0) return;
  put(table.persons, to, table.persons[from] as number);
  put(table.units, to, table.units[from] as number);
  put(table.cellKeys, to, table.cellKeys[from] as number);
  if (table.totals.length > 0)
    putSum(table, to, {
      total: table.totals[from] as number,
      largest: table.largest[from] as number,
      second: table.second[from] as number,
    });
}

/** Whoever a cell points at if they are few: a household is one however many live in it, and a person with two payments is one too. */
export const bearersAt = ({ persons, units }: Pick<Table, "persons" | "units">, cell: number): number =>
  Math.min(persons[cell] as number, units[cell] as number);

export const isWithheld = (table: Table, cell: number, figure: Figure): boolean =>
  ((table.withheld[cell] as number) & figure) !== 0;

/** Children of a region that the table holds. */
export const childrenIn = ({ regions, height }: Table, region: number): number =>
  (regions.first[region] as number) < height ? (regions.count[region] as number) : 0;
