import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { levelsBelow, pathTo, regionWithin } from "../../../console/app/figures/asking/asked.ts";
import { freshnessOf, shareOf, sumOf } from "../../../console/app/figures/asking/cells.ts";
import { monthsBetween, yearUpTo } from "../../../console/app/figures/asking/months.ts";
import { titled } from "../../../console/app/figures/asking/names.ts";
import { askedBy, pivotOf } from "../../../console/app/figures/asking/pivot.ts";
import { countScale, shareScale } from "../../../console/app/figures/charts/scale.ts";
import { boundariesOf } from "../../../console/app/figures/map/boundaries.ts";
import { TILES } from "../../../console/app/figures/map/tiles.ts";
import { CUBES } from "../../../schema/statistics/cubes.ts";

describe("a figure", () => {
  test("that is withheld makes no sum and no share of the others", () => {
    expect(sumOf([5, null, 10])).toBeNull();
    expect(sumOf([5, undefined])).toBeNull();
    expect(shareOf(null, 10)).toBeNull();
    expect(shareOf(5, 0)).toBeNull();
    expect(shareOf(5, 20)).toBe(0.25);
  });

  test("is told to be older than its schedule by the newest release of any month", () => {
    const released = (...days: string[]) =>
      days.map((day) => ({ period: day.slice(0, 7), asOf: `${day}T00:00:00Z`, isFinal: false }));
    const now = Date.parse("2026-11-22T00:00:00Z");
    const of = (refresh: "WEEKLY" | "MONTHLY", ...days: string[]) => freshnessOf({ refresh, releases: released(...days) }, now);
    expect(of("WEEKLY", "2026-11-16", "2026-08-01")?.isLate).toBe(false);
    expect(of("WEEKLY", "2026-08-01", "2026-11-09")?.isLate).toBe(true);
    expect(of("MONTHLY", "2026-11-01")?.isLate).toBe(false);
    expect(of("MONTHLY", "2026-09-30")?.isLate).toBe(true);
    expect(of("MONTHLY")).toBeNull();
  });
});

describe("a class of the legend", () => {
  test("holds every figure between its bounds, and no other class does", () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.nat(5000)), { minLength: 1, maxLength: 60 }), (values) => {
        const { classOf, classes } = countScale(values);
        for (const value of values) {
          const holding = value === null ? [] : classes.filter(({ from, to }) => from <= value && value <= to);
          expect(holding.map(({ number }) => number)).toEqual(value === null ? [] : [classOf(value)]);
        }
        expect(classes.map(({ number }) => number)).toEqual([...new Set(classes.map(({ number }) => number))].sort());
      }),
    );
  });

  test("of a share is a fifth; all of it is in the last", () => {
    expect([0, 0.19, 0.2, 0.99, 1, 1.4].map((value) => shareScale.classOf(value))).toEqual([1, 1, 2, 5, 5, 5]);
    expect(shareScale.classOf(null)).toBeNull();
  });
});

describe("the map", () => {
  test("has a tile for each of the 38 provinces, none on another", () => {
    expect(new Set(TILES.map(({ code }) => code)).size).toBe(38);
    expect(new Set(TILES.map(({ column, row }) => `${column}/${row}`)).size).toBe(38);
  });

  test("takes boundaries by code or kode, with dots or without, and nothing that is no topology", () => {
    const geometry = (properties: object) => ({ type: "Polygon", arcs: [[0]], properties });
    const object = {
      type: "GeometryCollection",
      geometries: [geometry({ kode: "35.10" }), geometry({ code: 11 }), geometry({ name: "?" })],
    };
    const read = boundariesOf({ type: "Topology", objects: { regions: object }, arcs: [], attribution: "BIG" });
    expect([...(read?.shapes.keys() ?? [])]).toEqual(["3510", "11"]);
    expect(read?.attribution).toBe("BIG");
    for (const wrong of [null, "x", {}, { type: "FeatureCollection" }, { type: "Topology", objects: {}, arcs: [] }])
      expect(boundariesOf(wrong)).toBeNull();
  });
});

describe("the tree of regions", () => {
  test("leads from the country to a village, and a cube stops where it has no figures", () => {
    expect(pathTo("3510011001")).toEqual(["0", "35", "3510", "351001", "3510011001"]);
    expect(pathTo("0")).toEqual(["0"]);
    expect(regionWithin("351001", "REGENCY")).toBe("3510");
    expect(regionWithin("0", "PROVINCE")).toBe("0");
    expect(levelsBelow("35", "DISTRICT")).toEqual(["REGENCY", "DISTRICT"]);
    expect(levelsBelow("3510", "REGENCY")).toEqual([]);
  });

  test("is read as people write names, not in capitals", () => {
    expect(titled("KABUPATEN BANYUWANGI")).toBe("Kabupaten Banyuwangi");
    expect(titled("DKI JAKARTA")).toBe("DKI Jakarta");
    expect(titled("Kelir")).toBe("Kelir");
  });
});

test("a series ends with its month and is a year, across the turn of years", () => {
  const releases = [{ period: "2026-02", asOf: "", isFinal: true }];
  expect(yearUpTo(null, { releases })).toEqual({ from: "2025-03", to: "2026-02" });
  expect(yearUpTo("2025-12", { releases })).toEqual({ from: "2025-01", to: "2025-12" });
  expect(monthsBetween("2025-11", "2026-02")).toEqual(["2025-11", "2025-12", "2026-01", "2026-02"]);
});

test("the explorer asks only what a cube can be asked, whatever its address says", () => {
  const words = ["region", "month", "none", "program", "decile", "standing", "sex", "stage", "failure", "x"];
  const wanted = fc.record({
    rows: fc.constantFrom(...words),
    columns: fc.constantFrom(...words),
    "at.program": fc.constantFrom("PKH", "*", "?"),
  });
  fc.assert(
    fc.property(fc.constantFrom(...CUBES), wanted, (definition, address) => {
      const cube = { ...definition, isPublic: true, releases: [{ period: "2026-10", asOf: "", isFinal: true }] };
      const pick = (name: string, codes: readonly string[]) =>
        codes.find((code) => code === address[name as "rows"]) ?? codes[0] ?? "";
      const view = { region: "0", month: null, level: "PROVINCE" as const, pick };
      const asked = askedBy(cube, view, pivotOf(cube, view));
      for (const { name, codes, hasTotal } of cube.dimensions) {
        const filter = asked.filter.find(({ dimension }) => dimension === name);
        expect(hasTotal || asked.dimensions.includes(name) || filter !== undefined).toBe(true);
        for (const code of filter?.codes ?? []) expect(codes).toContain(code);
      }
    }),
  );
});
