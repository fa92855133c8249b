import fc from "fast-check";
import { type AxisOf, regionAxis } from "../../../../subgraphs/kit/figures/disclosure/axis.ts";
import { addLeaf, emptyTable, rollUp, type Table, type TableOf } from "../../../../subgraphs/kit/figures/disclosure/table.ts";

/** Persons of one region and one code of each dimension. */
interface Counted {
  readonly region: string;
  readonly key: readonly string[];
  readonly persons: number;
  /** Households, say: as many as persons unless it says otherwise. */
  readonly units?: number;
  /** Rupiah each of them has; the total is of equal ones but for the first, who has ten times as much. */
  readonly amount?: number;
}

export function tablesOf(shapes: readonly TableOf[], rows: readonly (readonly Counted[])[]): Table[] {
  const regions = regionAxis(rows.flat().map(({ region }) => region));
  return shapes.map((shape, n) => {
    const table = emptyTable(shape, regions);
    for (const { region, key, persons, units = persons, amount = 0 } of rows[n] ?? []) {
      const sums = { total: amount * (persons + 9), largest: amount * 10, second: persons > 1 ? amount : 0 };
      const sum = persons > 0 ? sums : { total: 0, largest: 0, second: 0 };
      addLeaf(table, { region, key, persons, units, cellKey: persons, ...sum }, shape.depth);
    }
    rollUp(table);
    return table;
  });
}

const axis = (name: string): fc.Arbitrary<AxisOf> =>
  fc.tuple(fc.integer({ min: 2, max: 3 }), fc.boolean()).map(([n, isGrouped]) => {
    const codes = Array.from({ length: n }, (_, at) => `${name}${at}`);
    const groups = { [`${name}+`]: codes.slice(0, 2), [`${name}-`]: codes.slice(2) };
    return isGrouped && n === 3 ? { name, codes, groups } : { name, codes };
  });

/** Few persons, none, or many. */
const persons = fc.oneof(
  { arbitrary: fc.constant(0), weight: 2 },
  { arbitrary: fc.integer({ min: 1, max: 9 }), weight: 3 },
  { arbitrary: fc.integer({ min: 10, max: 60 }), weight: 4 },
);

/** Persons of one unit. */
const sharing = fc.constantFrom(1, 1, 2, 6);
const countedBy = (persons = 0, ofOne = 1) => ({ persons, units: Math.ceil(persons / ofOne) });

/** Provinces 11 and 12 by their regencies; a province may have rows that are known to no regency. */
const places = fc
  .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 0, max: 3 }), fc.boolean())
  .map(([some, others, hasOwn]) => [
    ...Array.from({ length: some }, (_, at) => `110${at + 1}`),
    ...Array.from({ length: others }, (_, at) => `120${at + 1}`),
    ...(hasOwn ? ["11"] : []),
  ]);

const everyKey = (axes: readonly AxisOf[]): string[][] =>
  axes.reduce<string[][]>((keys, { codes }) => keys.flatMap((key) => codes.map((code) => [...key, code])), [[]]);

const shape = (names: readonly string[]): fc.Arbitrary<TableOf> =>
  fc.tuple(...names.map(axis)).map((dimensions) => ({ depth: "REGENCY", hasTotal: true, dimensions }));

/** One table of one to three dimensions. */
export const table: fc.Arbitrary<Table> = fc
  .tuple(fc.subarray(["x", "y", "z"], { minLength: 1 }).chain(shape), places)
  .chain(([of, regions]) => {
    const cells = regions.flatMap((region) => everyKey(of.dimensions).map((key) => ({ region, key })));
    const counts = fc.array(fc.tuple(persons, fc.constantFrom(0, 1, 5), sharing), {
      minLength: cells.length,
      maxLength: cells.length,
    });
    return counts
      .map((all) => cells.map((cell, at) => ({ ...cell, ...countedBy(all[at]?.[0], all[at]?.[2]), amount: all[at]?.[1] ?? 0 })))
      .map((rows) => ({ of, rows }));
  })
  .map(({ of, rows }) => tablesOf([of], [rows])[0] as Table);

/** Two tables of the same persons, one of whom goes no deeper than provinces. */
export const pair: fc.Arbitrary<Table[]> = fc.tuple(shape(["x"]), shape(["y"]), places).chain(([wide, deep, regions]) => {
  const [xs, ys] = [everyKey(wide.dimensions), everyKey(deep.dimensions)];
  const cells = regions.flatMap((region) => xs.flatMap((x) => ys.map((y) => ({ region, x, y }))));
  return fc.array(fc.tuple(persons, sharing), { minLength: cells.length, maxLength: cells.length }).map((all) => {
    const rows = cells.map((cell, at) => ({ ...cell, ...countedBy(...(all[at] ?? [])) }));
    return tablesOf(
      [
        { ...wide, depth: "PROVINCE", hasTotal: false },
        { ...deep, hasTotal: false },
      ],
      [
        rows.map(({ region, x, persons, units }) => ({ region: region.slice(0, 2), key: x, persons, units })),
        rows.map(({ y, ...row }) => ({ ...row, key: y })),
      ],
    );
  });
});
