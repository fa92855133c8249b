import { describe, expect, test } from "vitest";
import { roundKeyed } from "../../../subgraphs/kit/figures/release.ts";
import { incomeBandOf } from "../../../subgraphs/welfare/band.ts";
import { release } from "../../../subgraphs/welfare/release.ts";

describe("released figures", () => {
  const K = Buffer.alloc(32, 0x44);
  const cells = (...households: number[]) => households.map((n, at) => ({ decile: at + 1, households: n }));
  const suppressed = (...households: number[]) =>
    release(K, "V", cells(...households)).byDecile.map(({ isSuppressed }) => isSuppressed);

  test("R1 keyed rounding gives the vector's 10, 15, 15", () => {
    const cellIds = ["enrolment/3201/PKH/2026Q1", "enrolment/3203/PKH/2026Q1", "enrolment/3204/PKH/2026Q1"];
    expect(cellIds.map((cellId) => roundKeyed(K, cellId, 12))).toEqual([10, 15, 15]);
  });

  test("rounding moves a figure to a neighbouring multiple of 5, and leaves multiples alone", () => {
    for (let n = 0; n < 200; n++) {
      const rounded = roundKeyed(K, `cell/${n}`, n);
      expect(rounded % 5).toBe(0);
      expect(Math.abs(rounded - n)).toBeLessThan(5);
      if (n % 5 === 0) expect(rounded).toBe(n);
      expect(roundKeyed(K, `cell/${n}`, n)).toBe(rounded);
    }
    const mean = Array.from({ length: 4_000 }, (_, i) => roundKeyed(K, `mean/${i}`, 12)).reduce((a, b) => a + b) / 4_000;
    expect(mean).toBeGreaterThan(11.8);
    expect(mean).toBeLessThan(12.2);
  });

  test("cells under ten are withheld, and a single one takes the next smallest with it", () => {
    expect(suppressed(100, 200, 300)).toEqual([false, false, false]);
    expect(suppressed(100, 10, 300)).toEqual([false, false, false]);
    expect(suppressed(100, 9, 300)).toEqual([true, true, false]);
    expect(suppressed(100, 9, 0)).toEqual([false, true, true]);
    expect(suppressed(9)).toEqual([true]);
    expect(release(K, "V", cells(9)).households).toBeNull();
    expect(release(K, "V", []).households).toBeNull();
    expect(
      release(K, "V", [
        { decile: null, households: 50 },
        { decile: 1, households: 50 },
      ]).byDecile.map(({ decile }) => decile),
    ).toEqual([1, null]);
  });
});

test("income bands begin at their lower bound", () => {
  expect(["0", "999999", "1000000", "2499999", "2500000", "4999999", "5000000", "999999999999999999"].map(incomeBandOf)).toEqual([
    "UNDER_1M",
    "UNDER_1M",
    "FROM_1M_TO_2_5M",
    "FROM_1M_TO_2_5M",
    "FROM_2_5M_TO_5M",
    "FROM_2_5M_TO_5M",
    "FROM_5M",
    "FROM_5M",
  ]);
});
