import { readFileSync } from "node:fs";
import { buildSchema } from "graphql";
import { describe, expect, test } from "vitest";
import { type CubeRelease, catalogueOf } from "../../../gateway/border/export/catalogue.ts";
import { CUBES } from "../../../schema/statistics/cubes.ts";

const site = { url: "https://hub.example", api: buildSchema(readFileSync("schema/api.graphql", "utf8")) };
const OPEN = CUBES.filter(({ openness }) => openness === "PUBLIC");
const released = (cells: number, period = "2026-11"): CubeRelease => {
  const [asOf, sha256] = ["2026-11-02T00:00:00Z", "0".repeat(64)];
  return { period, number: 1, asOf, isFinal: false, cells, sha256 };
};
const datasetsOf = (releases: readonly CubeRelease[]) =>
  catalogueOf(
    OPEN.map((cube) => ({ cube, releases })),
    site,
  ).dataset;

describe("the catalogue of open data", () => {
  test("says of figures of a decree that they are neither withheld nor rounded, and of no others", () => {
    const told = datasetsOf([released(1)]).map(({ description }) =>
      description.includes("tidak disamarkan dan tidak dibulatkan"),
    );
    expect(told).toEqual(OPEN.map(({ isOfficial }) => isOfficial));
    expect(new Set(told)).toEqual(new Set([true, false]));
  });

  test("says of counts, not of rupiah, that they are multiples of five", () => {
    const datasets = datasetsOf([released(1)]);
    for (const [at, { isOfficial, hasTotal }] of OPEN.entries()) {
      const { description = "" } = datasets[at] ?? {};
      expect(description.includes("banyaknya orang dan satuan dibulatkan ke kelipatan 5")).toBe(!isOfficial);
      expect(description.includes("Jumlah rupiah dihitung dari")).toBe(hasTotal && !isOfficial);
    }
  });

  test("leaves out months without a cell, and datasets that have no other", () => {
    expect(datasetsOf([released(0)])).toEqual([]);
    const [first] = datasetsOf([released(0), released(5, "2026-10")]);
    expect(first?.temporal).toBe("2026-10-01/2026-10-31");
  });
});
