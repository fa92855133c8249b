import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { CUBES, cubeOf, showsPersons } from "../../../schema/statistics/cubes.ts";
import { regionAxis } from "../../../subgraphs/kit/figures/disclosure/axis.ts";
import { cellsOf } from "../../../subgraphs/kit/figures/disclosure/cells.ts";
import { drawOf, rounded, roundedSum } from "../../../subgraphs/kit/figures/disclosure/round.ts";
import {
  addLeaf,
  COUNTS,
  combinationOf,
  emptyTable,
  isWithheld,
  rollUp,
  type Table,
} from "../../../subgraphs/kit/figures/disclosure/table.ts";
import { withhold } from "../../../subgraphs/kit/figures/disclosure/withhold.ts";
import { determined, knownOf } from "../../unit/statistics/disclosure/solver.ts";

/** A sequence of numbers in [0, 1), the same each time. */
function drawing(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

interface Person {
  readonly village: string;
  readonly sex: string;
  readonly age: string;
  readonly isFlagged: boolean;
}
const named = (letter: string, n: number): string[] => Array.from({ length: n }, (_, at) => `${letter}${at}`);
const [SEXES, AGES] = [named("s", 2), named("a", 90)];

/** 5,000 people of 120 villages, every 97th of whom bears what nobody shall learn. */
function people(ages: number, oneOf = 97): Person[] {
  const draw = drawing(20_261);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(draw() * from.length)] as T;
  const villages = Array.from({ length: 120 }, (_, at) => `3510${10 + Math.floor(at / 12)}${2001 + (at % 12)}`);
  return Array.from({ length: 5_000 }, () => ({
    ...{ village: pick(villages), sex: pick(SEXES), age: pick(AGES.slice(0, ages)), isFlagged: draw() < 1 / oneOf },
  }));
}

function tableOf(counted: readonly Person[]): Table {
  const dimensions = [
    { name: "sex", codes: SEXES },
    { name: "age", codes: AGES },
  ];
  const table = emptyTable({ depth: "VILLAGE", hasTotal: false, dimensions }, regionAxis(counted.map(({ village }) => village)));
  for (const [at, { village, sex, age }] of counted.entries()) {
    const leaf = {
      region: village,
      key: [sex, age],
      persons: 1,
      units: 1,
      cellKey: (at + 1) * 7_919,
      total: 0,
      largest: 0,
      second: 0,
    };
    addLeaf(table, leaf, "VILLAGE");
  }
  rollUp(table);
  return table;
}

/** What can be said of one cell by a sum it is part of, where that and all other parts are shown: figures as they are. Null: nothing. */
function byDifference(table: Table, cell: number): number | null {
  if ((table.persons[cell] as number) >= 10) return null; // may be shown as it is
  for (const { stride, size, parent } of table.axes) {
    const digit = Math.trunc((cell % table.width) / stride) % size;
    const line = Array.from({ length: size }, (_, d) => d).filter((d) => d !== digit && (d === 0 || parent[d] === 0));
    const places = line.map((d) => cell + (d - digit) * stride);
    if (places.some((place) => isWithheld(table, place, COUNTS))) continue;
    return places.reduce((sum, place, at) => sum + (at === 0 ? 1 : -1) * (table.persons[place] as number), 0);
  }
  return null;
}

/** People whose flag the attack tells, and how often it would be right of all were the others guessed to bear none. */
function attack(all: readonly Person[], table: Table): { told: number; right: number } {
  let [told, right] = [0, 0];
  for (const { village, sex, age, isFlagged } of all) {
    const region = table.regions.at(village, "VILLAGE");
    const combination =
      (1 + SEXES.indexOf(sex)) * (table.axes[0]?.stride ?? 0) + (1 + AGES.indexOf(age)) * (table.axes[1]?.stride ?? 0);
    const found = region < 0 ? null : byDifference(table, region * table.width + combination);
    if (found !== null) told += 1;
    if ((found ?? 0) > 0 === isFlagged) right += 1;
  }
  return { told, right: right / all.length };
}

describe("taking one released figure from another", () => {
  const all = people(90);
  const never = all.filter(({ isFlagged }) => !isFlagged).length / all.length;

  test("T15 differencing: of 5,000 people by village, sex and single year nobody is isolated, and guessing 'no' is as good", () => {
    const flagged = tableOf(all.filter(({ isFlagged }) => isFlagged));
    expect(attack(all, flagged).told, "the attack works on figures as they are").toBeGreaterThan(1_000);
    withhold([flagged]);
    expect(attack(all, flagged)).toEqual({ told: 0, right: never });
  });

  test("T15 routes: nor is anybody when most cells are large enough to be shown, by any sums of any cells", () => {
    const few = people(3, 2).map((one) => ({
      ...one,
      village: `${one.village.slice(0, 6)}${2001 + (Number(one.village.slice(6)) % 3)}`,
    }));
    const flagged = tableOf(few.filter(({ isFlagged }) => isFlagged));
    withhold([flagged]);
    const shown = flagged.persons.filter((n, cell) => n > 0 && !isWithheld(flagged, cell, COUNTS)).length;
    expect(shown).toBeGreaterThan(100);
    expect(knownOf([flagged]).persons.length).toBeGreaterThan(100);
    expect(attack(few, flagged).told).toBe(0);
    expect([...determined(knownOf([flagged]))]).toEqual([]); // and so for whoever sees but some of these rows, and for all of them together
  });
});

describe("one unit of many persons", () => {
  type Row = readonly [region: string, key: readonly string[], persons: number, units: number];
  const isShown = (code: string, rows: readonly Row[], [place, key]: readonly [string, readonly string[]]): boolean => {
    const cube = cubeOf(code) ?? expect.unreachable(code);
    const regions = regionAxis(rows.map(([region]) => region));
    const table = emptyTable(cube, regions);
    for (const [region, key, persons, units] of rows)
      addLeaf(table, { region, key, persons, units, cellKey: persons, total: 0, largest: 0, second: 0 }, cube.depth);
    rollUp(table);
    withhold([table]);
    return !isWithheld(table, regions.names.indexOf(place) * table.width + combinationOf(table, key), COUNTS);
  };

  test("T15 home: a household of twelve alone in a decile of its village is withheld, for it is one", () => {
    const villages = ["3510012001", "3510012002", "3510022001", "3510022002"];
    const large = villages.flatMap((village) => ["1", "2", "3"].map((decile): Row => [village, [decile], 300, 90]));
    const rows: Row[] = [...large, ["3510012001", ["10"], 12, 1]];
    for (const place of ["3510012001", "351001", "35"]) expect(isShown("REGISTRY_HOUSEHOLDS", rows, [place, ["10"]])).toBe(false);
    expect(isShown("REGISTRY_HOUSEHOLDS", rows, ["3510022001", ["1"]])).toBe(true);
  });

  test("T15 again: a family of four that was proposed three times is no twelve persons", () => {
    const stages = ["REJECTED_BY_CENTRE", "EXPIRED", "SUBMITTED"];
    const large = ["351002", "351003"].flatMap((region) => stages.map((stage): Row => [region, [stage, "91+"], 200, 60]));
    const rows = [...large, ...stages.map((stage): Row => ["351001", [stage, "91+"], 4, 1])];
    for (const stage of ["*", ...stages]) expect(isShown("PROPOSAL_FUNNEL", rows, ["351001", [stage, "91+"]])).toBe(false);
    expect(isShown("PROPOSAL_FUNNEL", rows, ["351001", ["*", "*"]])).toBe(false);
    expect(isShown("PROPOSAL_FUNNEL", rows, ["3510", ["*", "*"]])).toBe(true);
  });

  test("T15 homes: figures of households and families show no persons, which are other cubes' figures", () => {
    const household = cubeOf("REGISTRY_HOUSEHOLDS") ?? expect.unreachable("households are counted");
    const table = emptyTable(household, regionAxis(["3510012001"]));
    const leaf = { region: "3510012001", key: ["1"], persons: 300, units: 90, cellKey: 1, total: 0, largest: 0, second: 0 };
    addLeaf(table, leaf, "VILLAGE");
    rollUp(table);
    withhold([table]);
    const cells = [...cellsOf(table, { cube: household, fixed: {}, key: randomBytes(32), listed: [] })];
    const shown = cells.filter(({ units }) => units !== null);
    expect(shown.length).toBeGreaterThan(0);
    expect(shown.map(({ persons }) => persons)).toEqual(shown.map(() => null));
    expect(CUBES.filter((cube) => !showsPersons(cube)).map(({ code }) => code)).toEqual(["REGISTRY_HOUSEHOLDS", "OVERLAP"]);
  });
});

const KEYS = 4_000;

describe("asking again", () => {
  const keys = Array.from({ length: KEYS }, () => drawOf(randomBytes(32), "count"));

  test("T15 averaging: the same people give one figure, in every cube and month, so nothing is left to average", () => {
    for (const draw of keys.slice(0, 100)) {
      const figures = Array.from({ length: 72 }, () => rounded(43, draw(912_673)));
      expect(new Set(figures).size).toBe(1);
    }
    const means = Array.from(
      { length: 20 },
      (_, n) => keys.reduce((sum, draw) => sum + rounded(40 + n, draw(n * 7_919)), 0) / KEYS,
    );
    for (const [n, mean] of means.entries()) expect(Math.abs(mean - 40 - n)).toBeLessThan(0.2); // over all keys a figure is right
  });

  /** How often who knows all others in a cell, at each look others, says rightly whether one more is in it. */
  const accuracy = (looks: number): number => {
    const draw = drawing(515);
    let right = 0;
    for (const of of keys) {
      const isIn = draw() < 0.5;
      let excess = 0;
      for (let look = 0; look < looks; look++) {
        const others = 20 + Math.floor(draw() * 40);
        excess += rounded(others + (isIn ? 1 : 0), of(Math.floor(draw() * 2 ** 32))) - others;
      }
      if (excess / looks > 0.5 === isIn) right += 1;
    }
    return right / KEYS;
  };

  test("T15 joining: who knows all others of a cell learns little of one by a month, and the budget of looks bounds what he learns by a year", () => {
    expect(accuracy(1)).toBeLessThan(0.65);
    expect(accuracy(6)).toBeLessThan(0.8);
    expect(accuracy(12)).toBeLessThan(0.88);
  });

  test("T15 direction: that a figure rose or fell tells whether one person came or went in six of ten cases, where a coin tells five", () => {
    const draw = drawing(77);
    let right = 0;
    for (const of of keys) {
      const [before, step] = [20 + Math.floor(draw() * 40), draw() < 0.5 ? 1 : -1];
      const [first, second] = [draw(), draw()].map((at) => Math.floor(at * 2 ** 32)) as [number, number];
      const change = rounded(before + step, of(second)) - rounded(before, of(first));
      if (change === 0 ? draw() < 0.5 : change > 0 === step > 0) right += 1;
    }
    expect(right / KEYS).toBeLessThan(0.64);
  });
});

describe("rupiah", () => {
  test("T15 sums: where all get the same amount, their sum is that of the rounded count and not of the true one", () => {
    const [count, sum] = [drawOf(randomBytes(32), "count"), drawOf(randomBytes(32), "sum")];
    for (let units = 10; units < 500; units += 1)
      for (const amount of [200_000, 225_000, 600_000, 1_333]) {
        const shown = rounded(units, count(units * 31));
        const total = Number(roundedSum(amount * units, { units, shown, draw: sum(units * 31) }));
        expect(Math.abs(total - amount * shown)).toBeLessThan(amount);
        if (amount === 200_000 || amount === 600_000) expect(total).toBe(amount * shown);
      }
  });

  test("T15 dominance: a sum of which one contributor, or two, make up nearly all is withheld, and so is what would give it away", () => {
    const regions = regionAxis(["3510", "3511", "3512"]);
    const table = emptyTable({ depth: "REGENCY", hasTotal: true, dimensions: [{ name: "x", codes: ["a", "b"] }] }, regions);
    const add = (region: string, code: string, largest: number) =>
      addLeaf(
        table,
        { region, key: [code], persons: 40, units: 40, cellKey: 1, total: largest + 39_000, largest, second: 1_000 },
        "REGENCY",
      );
    for (const region of ["3510", "3511", "3512"])
      for (const code of ["a", "b"]) add(region, code, region === "3510" && code === "a" ? 900_000 : 1_000);
    rollUp(table);
    withhold([table]);
    const cell = table.regions.at("3510", "REGENCY") * table.width + 1;
    expect(isWithheld(table, cell, COUNTS)).toBe(false);
    expect(isWithheld(table, cell, 2)).toBe(true);
    expect([...determined(knownOf([table], 2))]).toEqual([]);
    expect(table.withheld.filter((bits) => (bits & 2) !== 0).length).toBeGreaterThanOrEqual(4);
  });
});
