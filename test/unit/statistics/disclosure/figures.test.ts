import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CUBES, TOTAL } from "../../../../schema/statistics/cubes.ts";
import type { ReleasedCell } from "../../../../schema/statistics/release.ts";
import { axisOf, regionAxis } from "../../../../subgraphs/kit/figures/disclosure/axis.ts";
import { cellsOf } from "../../../../subgraphs/kit/figures/disclosure/cells.ts";
import {
  addLeaf,
  bearersAt,
  COUNTS,
  childrenIn,
  combinationOf,
  emptyTable,
  isWithheld,
  rollUp,
  SUMS,
  type Table,
} from "../../../../subgraphs/kit/figures/disclosure/table.ts";
import { universeOf } from "../../../../subgraphs/kit/figures/disclosure/universe.ts";
import { withhold } from "../../../../subgraphs/kit/figures/disclosure/withhold.ts";
import { table, tablesOf } from "./tables.ts";

const RUNS = { numRuns: 100 };

describe("what is withheld", () => {
  test("is every count of fewer than ten persons or units, none at all too, and every sum whose largest part the second could reckon", () => {
    fc.assert(
      fc.property(table, (one) => {
        withhold([one]);
        for (let cell = 0; cell < one.persons.length; cell++) {
          const [total, largest, second] = [one.totals, one.largest, one.second].map((of) => of[cell] as number) as [
            number,
            number,
            number,
          ];
          if (bearersAt(one, cell) < 10) expect(isWithheld(one, cell, COUNTS)).toBe(true);
          if (isWithheld(one, cell, COUNTS) || total - largest - second < 0.1 * largest)
            expect(isWithheld(one, cell, SUMS)).toBe(true);
        }
      }),
      RUNS,
    );
  });

  test("is under a shown sum nobody, or ten persons and ten units at least", () => {
    let seen = 0;
    fc.assert(
      fc.property(table, (one) => {
        withhold([one]);
        for (const [sum, parts] of linesOf(one)) {
          if (isWithheld(one, sum, COUNTS)) continue;
          const withheld = parts.filter((part) => isWithheld(one, part, COUNTS));
          const openOf = (counts: Int32Array) => withheld.reduce((n, part) => n + (counts[part] as number), 0);
          const open = Math.min(openOf(one.persons), openOf(one.units));
          if (open > 0) seen += 1;
          expect(open === 0 || open >= 10, `${open} are left open`).toBe(true);
        }
      }),
      RUNS,
    );
    expect(seen).toBeGreaterThan(50);
  });

  test("is nothing where all cells are large", () => {
    const key = (x: string) => [x];
    const rows = ["1101", "1102", "1201"].flatMap((region) => ["a", "b"].map((x) => ({ region, key: key(x), persons: 30 })));
    const [one] = tablesOf([{ depth: "REGENCY", hasTotal: false, dimensions: [{ name: "x", codes: ["a", "b"] }] }], [rows]) as [
      Table,
    ];
    withhold([one]);
    const named = [...one.persons.keys()].filter((cell) => !one.regions.isUnnamed(Math.trunc(cell / one.width)));
    expect(named.filter((cell) => isWithheld(one, cell, COUNTS))).toEqual([]);
    expect(named.length).toBe(6 * 3);
  });
});

/** Sums and their parts, found by comparing parents. */
function linesOf(one: Table): (readonly [sum: number, parts: readonly number[]])[] {
  const cells = [...one.persons.keys()];
  const rising = cells.map((cell) => {
    const region = Math.trunc(cell / one.width);
    const below = Array.from(
      { length: childrenIn(one, region) },
      (_, n) => ((one.regions.first[region] as number) + n) * one.width + (cell % one.width),
    );
    return [cell, below] as const;
  });
  const across = one.axes.flatMap(({ stride, size, parent }) =>
    cells.map((cell) => {
      const digit = Math.trunc((cell % one.width) / stride) % size;
      return [cell, [...parent.keys()].filter((d) => parent[d] === digit).map((d) => cell + (d - digit) * stride)] as const;
    }),
  );
  return [...rising, ...across].filter(([, parts]) => parts.length > 0);
}

describe("a table", () => {
  test("sums rows along regions and codes, and keeps the two largest amounts", () => {
    const regions = regionAxis(["1101", "1102"]);
    const one = emptyTable(
      { depth: "REGENCY", hasTotal: true, dimensions: [{ name: "x", codes: ["a", "b"], groups: { g: ["a"], h: ["b"] } }] },
      regions,
    );
    const add = (region: string, code: string, [persons, total, largest, second]: readonly [number, number, number, number]) =>
      addLeaf(one, { region, key: [code], persons, units: persons, cellKey: 2 ** 31, total, largest, second }, "REGENCY");
    add("1101", "a", [3, 60, 30, 20]);
    add("1102", "a", [4, 50, 25, 15]);
    add("1102", "b", [5, 10, 5, 2]);
    rollUp(one);
    const at = (key: string) => combinationOf(one, [key]);
    const of = (cell: number) => [one.persons, one.totals, one.largest, one.second, one.cellKeys].map((numbers) => numbers[cell]);
    expect(of(at("*"))).toEqual([12, 120, 30, 25, 2 ** 31]);
    expect(of(at("g"))).toEqual([7, 110, 30, 25, 0]);
    expect(of(regions.at("1102", "REGENCY") * one.width)).toEqual([9, 60, 25, 15, 0]);
  });

  test("refuses a region and a code it does not know, and groups that leave a code out", () => {
    expect(() => regionAxis(["351"])).toThrow("351 is no code of a region");
    const one = emptyTable(
      { depth: "REGENCY", hasTotal: false, dimensions: [{ name: "x", codes: ["a"] }] },
      regionAxis(["1101"]),
    );
    const leaf = { persons: 1, units: 1, cellKey: 1, total: 0, largest: 0, second: 0 };
    expect(() => addLeaf(one, { ...leaf, region: "1101", key: ["b"] }, "REGENCY")).toThrow("1101 b: no cell of the cube");
    expect(() => addLeaf(one, { ...leaf, region: "1102", key: ["a"] }, "REGENCY")).toThrow("1102 a: no cell of the cube");
    expect(() => axisOf({ name: "x", codes: ["a", "b"], groups: { g: ["a"] } })).toThrow("do not hold each of the codes once");
  });
});

describe("what is listed", () => {
  const key = new Uint8Array(32).fill(7);
  const [{ counted, fixed } = expect.unreachable("there is a part for each program")] = universeOf("programs", "payment").parts;
  const funnel = counted[0] ?? expect.unreachable("payments are counted");
  const rows = [
    { region: "110101", key: ["CREDITED", "NONE"], persons: 300 },
    { region: "110101", key: ["RETURNED", "NOT_COLLECTED"], persons: 100 },
    { region: "110102", key: ["TRANSACTED", "NONE"], persons: 100 },
  ];
  const [one] = tablesOf([funnel.table], [rows]) as [Table];
  withhold([one]);
  const cells = (code: string, listed: readonly string[] = []): ReleasedCell[] => {
    const cube = funnel.shown.find((each) => each.code === code) ?? expect.unreachable(code);
    return [...cellsOf(one, { cube, fixed, key, listed })];
  };

  test("is of the country every combination, of a region what the region above shows", () => {
    const codes = funnel.table.dimensions.map((dimension) => dimension.codes.length + 1);
    const country = cells("PAYMENT_FUNNEL").filter(({ region }) => region === "0");
    expect(country.length).toBe(codes.reduce((a, b) => a * b));
    const shown = new Set(country.filter(({ units }) => units !== null).map((cell) => String(cell.key)));
    const province = cells("PAYMENT_FUNNEL").filter(({ region }) => region === "11");
    expect(new Set(province.map((cell) => String(cell.key)))).toEqual(shown);
  });

  test("bears the codes of its own cube: dispositions where stages are summed to them, and the one program it is of", () => {
    expect(
      cells("BUDGET")
        .filter(({ region }) => region === "0")
        .map((cell) => cell.key),
    ).toEqual([["PKH", TOTAL], ...["PAID", "OPEN", "LOST"].map((code) => ["PKH", code])]);
    expect(cells("PAYMENT_FUNNEL").filter((cell) => cell.key.some((code) => ["PAID", "LOST"].includes(code)))).toEqual([]);
  });

  test("is a region of nobody like one of few", () => {
    const rowsOf = (code: string) =>
      cells("BUDGET", ["110101", "110102", "110103", "1102", "12"]).filter(({ region }) => region === code);
    for (const code of ["110103", "1102", "12"])
      expect(rowsOf(code)).toEqual([{ region: code, key: ["PKH", TOTAL], persons: null, units: null, total: null }]);
  });
});

test("cubes of one universe that count other rows in one district are not disclosed, though the country's totals agree", () => {
  const shapes = ["x", "y"].map((name) => ({
    depth: "DISTRICT" as const,
    hasTotal: false,
    dimensions: [{ name, codes: ["a"] }],
  }));
  const rowsOf = (first: number, second: number) =>
    [first, second].map((persons, at) => ({ region: `11010${at + 1}`, key: ["a"], persons }));
  const agreeing = tablesOf(shapes, [rowsOf(40, 50), rowsOf(40, 50)]);
  expect(() => withhold(agreeing)).not.toThrow();
  expect(() => withhold(tablesOf(shapes, [rowsOf(40, 50), rowsOf(41, 49)]))).toThrow("count different rows in 110101");
});

test("every registered universe can be disclosed: its cubes share no figures but those read off each other and totals of regions", () => {
  const universes = new Set(CUBES.map(({ slice, universe }) => `${slice}/${universe}`));
  const seen = [...universes].flatMap((name) => {
    const [slice, universe] = name.split("/") as ["welfare", string];
    return universeOf(slice, universe).parts[0]?.counted.flatMap(({ shown }) => shown.map(({ code }) => code));
  });
  expect(seen.sort()).toEqual(CUBES.map(({ code }) => code).sort());
});
