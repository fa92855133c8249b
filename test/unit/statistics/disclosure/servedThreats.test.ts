import { expect, test } from "vitest";
import { cubeOf } from "../../../../schema/statistics/cubes.ts";
import { regionAxis } from "../../../../subgraphs/kit/figures/disclosure/axis.ts";
import {
  addLeaf,
  COUNTS,
  combinationOf,
  emptyTable,
  isWithheld,
  rollUp,
  type Table,
  type TableOf,
} from "../../../../subgraphs/kit/figures/disclosure/table.ts";
import { type Counted, universeOf } from "../../../../subgraphs/kit/figures/disclosure/universe.ts";
import { withhold } from "../../../../subgraphs/kit/figures/disclosure/withhold.ts";
import { determined, type Known, knownOf, nameOf } from "./solver.ts";

// Families of sixty districts, in whom two programs reach many they should and few they should not.
const PROGRAMS = ["PKH", "BPNT"] as const;
type Program = (typeof PROGRAMS)[number];
const DISTRICTS = ["11", "12"].flatMap((province) =>
  Array.from({ length: 30 }, (_, n) => `${province}0${1 + (n % 5)}0${1 + Math.trunc(n / 5)}`),
);
const DECILES = cubeOf("COVERAGE")?.dimensions.find(({ name }) => name === "decile")?.codes ?? [];
const WEIGHTS = [12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 1];

interface Family {
  readonly region: string;
  readonly decile: string;
  readonly isEntitled: boolean;
  readonly servedBy: readonly Program[];
  readonly isInsured: boolean;
}

/** Any number of draws from 0 to 1, always the same. */
function drawn(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function familiesOf(seed: number): Family[] {
  const draw = drawn(seed);
  const decileOf = () => {
    const at = draw() * WEIGHTS.reduce((sum, n) => sum + n, 0);
    return DECILES[WEIGHTS.findIndex((_, n) => at < WEIGHTS.slice(0, n + 1).reduce((sum, one) => sum + one, 0))] ?? "NONE";
  };
  return DISTRICTS.flatMap((region) => {
    const [size, unserved, wrongly] = [80 + Math.trunc(draw() * 900), draw() * 0.4, draw() * 0.06];
    return Array.from({ length: size }, (): Family => {
      const decile = decileOf();
      const isEntitled = Number(decile) <= 4 && draw() < 0.8;
      const servedBy = PROGRAMS.filter(() => draw() < (isEntitled ? 1 - unserved : wrongly));
      return { region, decile, isEntitled, servedBy, isInsured: draw() < 0.5 };
    });
  });
}

const REGIONS = regionAxis(DISTRICTS);
function summed(of: TableOf, rows: readonly { region: string; key: readonly string[] }[]): Table {
  const table = emptyTable(of, REGIONS);
  const one = { persons: 1, units: 1, cellKey: 1, total: 0, largest: 0, second: 0 };
  for (const { region, key } of rows) addLeaf(table, { ...one, region, key: of.dimensions.length > 0 ? key : [] }, of.depth);
  rollUp(table);
  return table;
}
const standingOf = ({ isEntitled }: Family) => (isEntitled ? "ENTITLED_SERVED" : "NOT_ENTITLED_SERVED");
const servedOf = (families: readonly Family[], program: Program) => families.filter(({ servedBy }) => servedBy.includes(program));
const servedRows = (families: readonly Family[], program: Program) =>
  servedOf(families, program).map((family) => ({ region: family.region, key: [family.decile, standingOf(family)] }));

/** A sum over cells of the tables that the reader knows to be nothing. */
type Sum = readonly { readonly table: number; readonly cell: number; readonly sign: number }[];

/** Withheld figures that follow exactly from all the tables and what the reader knows beside. */
function followsFrom(tables: readonly Table[], beside: readonly Sum[]): number {
  const each = tables.map((table) => knownOf([table]));
  const from = each.map((_, n) => each.slice(0, n).reduce((sum, { persons }) => sum + persons.length, 0));
  const placeOf = ({ table: n, cell }: Sum[number]): number | undefined => {
    const at = each[n]?.unknowns.get(nameOf(0, cell, tables[n]?.width ?? 1));
    return at === undefined ? undefined : at + (from[n] ?? 0);
  };
  const known: Known = {
    unknowns: new Map(
      each.flatMap(({ unknowns }, n) => [...unknowns].map(([name, at]) => [`${n}/${name}`, at + (from[n] ?? 0)])),
    ),
    persons: each.flatMap(({ persons }) => persons),
    equations: [
      ...each.flatMap(({ equations }, n) =>
        equations.map((equation) => new Map([...equation].map(([at, sign]) => [at + (from[n] ?? 0), sign]))),
      ),
      ...beside.map(
        (sum) => new Map(sum.flatMap((term) => (placeOf(term) === undefined ? [] : [[placeOf(term) as number, term.sign]]))),
      ),
    ],
  };
  return determined({ ...known, equations: known.equations.filter(({ size }) => size > 0) }).size;
}

/** What is counted of a universe together: of a program those it serves. */
const countedIn = (universe: string, program?: Program): readonly Counted[] =>
  universeOf("programs", universe).parts.find(
    ({ fixed }) => !program || (fixed["program"]?.includes(program) && fixed["standing"]?.includes("ENTITLED_SERVED")),
  )?.counted ?? expect.unreachable(universe);
const cellIn = (table: Table, region: number, key: readonly string[]): number => region * table.width + combinationOf(table, key);
const totalsIn = (one: Table, other: Table): (readonly [number, number])[] =>
  Array.from({ length: Math.min(one.height, other.height) }, (_, region) => [region * one.width, region * other.width] as const);
const overlapRows = (families: readonly Family[]) =>
  families.flatMap(({ region, servedBy, isInsured }) =>
    servedBy.length > 0 || isInsured ? [{ region, key: [[...servedBy, ...(isInsured ? ["PBI_JK"] : [])].join("+")] }] : [],
  );
const hiddenOf = (table: Table): number[] =>
  [...table.persons.keys()].filter((cell) => isWithheld(table, cell, COUNTS) && (table.persons[cell] as number) > 0);

test("beneficiaries, coverage and overlaps together tell no withheld figure: who is served is one sum in all of them", () => {
  for (const seed of [777, 778, 779]) {
    const families = familiesOf(seed);
    const served = PROGRAMS.map((program) => {
      const rows = servedRows(families, program);
      return countedIn("judged", program).map(({ table }) => summed(table, rows));
    });
    const overlaps = countedIn("served-family").map(({ table }) => summed(table, overlapRows(families)));
    for (const tables of [...served, overlaps]) withhold(tables);
    const tables = [...served, overlaps].flat();
    const [overlap, of] = [overlaps[0] as Table, tables.length - 1];
    const beside = served.flatMap((both, n) => [
      // what stands in two cubes of a universe is one figure
      ...totalsIn(both[0] as Table, both[1] as Table).map((cells) => [
        { table: 2 * n, cell: cells[0], sign: 1 },
        { table: 2 * n + 1, cell: cells[1], sign: -1 },
      ]),
      ...Array.from({ length: overlap.height }, (_, region): Sum => {
        const codes = overlap.axes[0]?.names.filter((code) => code.split("+").includes(PROGRAMS[n] as Program)) ?? [];
        return [
          { table: 2 * n, cell: cellIn(both[0] as Table, region, ["*", "*"]), sign: 1 },
          ...codes.map((code) => ({ table: of, cell: cellIn(overlap, region, [code]), sign: -1 })),
        ];
      }),
    ]);
    expect(tables.flatMap((table) => hiddenOf(table)).length).toBeGreaterThan(30);
    expect(followsFrom(tables, beside)).toBe(0);
    for (const [, beneficiaries] of served)
      expect(hiddenOf(beneficiaries as Table).length).toBeLessThan((beneficiaries as Table).height / 2);
  }
});

test("suppressed each for itself, beneficiaries would tell how many are served who are not entitled", () => {
  const rows = servedRows(familiesOf(17), "PKH");
  const [apart, all] = countedIn("judged", "PKH").map(({ table }) => summed({ ...table, depth: "DISTRICT" }, rows)) as [
    Table,
    Table,
  ];
  for (const table of [apart, all]) withhold([table]);
  const beside = totalsIn(apart, all).map(
    (cells): Sum => [
      { table: 0, cell: cells[0], sign: 1 },
      { table: 1, cell: cells[1], sign: -1 },
    ],
  );
  expect(followsFrom([apart, all], [])).toBe(0);
  expect(followsFrom([apart, all], beside)).toBeGreaterThan(0);
});
