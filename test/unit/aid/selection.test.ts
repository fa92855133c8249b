import fc from "fast-check";
import { expect, test } from "vitest";
import { Refusal } from "../../../schema/errors.ts";
import { type Place, releaseTable } from "../../../subgraphs/kit/figures/release.ts";
import { bandOf, fullAt } from "../../../subgraphs/programs/selection/explain.ts";
import { policyOf } from "../../../subgraphs/programs/selection/input.ts";

const [ROWS, COLUMNS] = [
  ["3509", "3510", "3578"],
  ["3", "4", "5"],
];
const KEY = new Uint8Array([7]);
const nameOf = ({ row, column }: Place) => `${row}/${column}`;
const tables = fc.array(fc.oneof(fc.integer({ min: 0, max: 15 }), fc.integer({ min: 0, max: 400 })), {
  minLength: 9,
  maxLength: 9,
});
const countsOf = (ns: readonly number[]) =>
  ns.map((n, at) => ({ row: ROWS[Math.floor(at / 3)] as string, column: COLUMNS[at % 3] as string, n }));
const released = (ns: readonly number[]) => releaseTable(KEY, nameOf, { rows: ROWS, columns: COLUMNS, counts: countsOf(ns) });
const trueOf = (ns: readonly number[], { row, column }: Place) =>
  countsOf(ns).reduce(
    (sum, cell) => ((row ?? cell.row) === cell.row && (column ?? cell.column) === cell.column ? sum + cell.n : sum),
    0,
  );

test("no cell under ten is shown, and what is shown is off by less than ten", () => {
  fc.assert(
    fc.property(tables, (ns) => {
      const cells = released(ns);
      expect(cells).toHaveLength(16);
      for (const cell of cells) {
        const n = trueOf(ns, cell);
        if (cell.n === null) continue;
        expect(n).toBeGreaterThanOrEqual(10);
        expect(cell.n % 10).toBe(0);
        expect(Math.abs(cell.n - n)).toBeLessThan(10);
      }
    }),
  );
});

test("in every row and column, totals among them, what a shown total leaves open is nothing or ten and more", () => {
  fc.assert(
    fc.property(tables, (ns) => {
      const cells = released(ns);
      const at = (row: string | null, column: string | null) => cells.find((cell) => cell.row === row && cell.column === column);
      const lines = [
        ...[...ROWS, null].map((row) => ({ whole: at(row, null), parts: COLUMNS.map((column) => at(row, column)) })),
        ...[...COLUMNS, null].map((column) => ({ whole: at(null, column), parts: ROWS.map((row) => at(row, column)) })),
      ];
      for (const { whole, parts } of lines) {
        if (whole?.n == null || parts.every((part) => part?.n === null)) continue;
        const open = parts.reduce((sum, part) => (part && part.n === null ? sum + trueOf(ns, part) : sum), 0);
        expect(open === 0 || open >= 10).toBe(true);
      }
    }),
  );
});

test("differencing: two answers that differ in one regency differ, cell by cell and total by total, by nothing or by ten and more", () => {
  fc.assert(
    fc.property(tables, fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 3, maxLength: 3 }), (ns, few) => {
      const other = ns.map((n, at) => (at < 3 ? n + (few[at] as number) : n));
      const [a, b] = [released(ns), released(other)];
      a.forEach((cell, at) => {
        const [here, there] = [cell.n, b[at]?.n ?? null];
        if (here === null || there === null) return;
        expect(here === there || Math.abs(here - there) >= 10).toBe(true);
      });
    }),
  );
});

function detailOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof Refusal) return error.failures[0]?.detail ?? "";
  }
  return "not refused";
}

test("bands of a waiting list", () => {
  expect([1, 100, 101, 1_000, 1_001, 10_000, 10_001, 100_000, 100_001].map(bandOf)).toEqual([
    "FIRST_100",
    "FIRST_100",
    "FIRST_1000",
    "FIRST_1000",
    "FIRST_10000",
    "FIRST_10000",
    "FIRST_100000",
    "FIRST_100000",
    "BEYOND_100000",
  ]);
});

test("where no seat was left: the lowest level that had given its seats to better places", () => {
  const country = { region: "", free: 10, selected: 10, lastPlace: 40 };
  const regency = { region: "3510", free: 2, selected: 2, lastPlace: 12 };
  const province = { region: "35", free: 5, selected: 3, lastPlace: 30 };
  expect(fullAt(13, [country, province, regency])?.region).toBe("3510");
  expect(fullAt(41, [country, province])?.region).toBe("");
  expect(fullAt(35, [country, province, { ...regency, lastPlace: 36 }])).toBeUndefined();
  expect(fullAt(1, [{ region: "3510", free: 0, selected: 0, lastPlace: null }])?.region).toBe("3510");
});

test("a policy to try names all that is wrong at once", () => {
  const quotas = [
    { region: "3510", percent: -3 },
    { region: "3510", percent: 60 },
  ];
  expect(detailOf(() => policyOf({ program: "PKH", decileLimit: 11, quotas }))).toMatch(/decileLimit.*stands once.*percent/);
  expect(detailOf(() => policyOf({ program: "PKH", decileLimit: null, quotas: null }))).toMatch(/must be given/);
  expect(policyOf({ program: "PKH", decileLimit: 5, quotas: [{ region: null, percent: -5 }] })).toEqual({
    program: "PKH",
    decileLimit: 5,
    regions: [""],
    percents: [-5],
  });
});
