import fc from "fast-check";
import { expect, test } from "vitest";
import { loadRegions } from "../../../drizzle/synthetic/regions.ts";
import {
  intersectRanges,
  isRetiredRegion,
  levelOf,
  mergeRanges,
  oldCodeOf,
  parentOf,
  parseRegionCode,
  regionRange,
} from "../../../schema/values/regionCode.ts";
import { parseRupiah, portionOf } from "../../../schema/values/rupiah.ts";

test.each([
  ["35", "35", "PROVINCE", null],
  ["35.10", "3510", "REGENCY", "35"],
  ["351016", "351016", "DISTRICT", "3510"],
  ["35.10.16.1001", "3510161001", "VILLAGE", "351016"],
])("%s is the region %s, a %s", (...[text, code, level, parent]) => {
  expect(parseRegionCode(text)).toBe(code);
  expect(levelOf(code)).toBe(level);
  expect(parentOf(code)).toBe(parent);
});

test.each([
  "",
  "3",
  "351",
  "35.1",
  "3510.16",
  "35.1016",
  "3510180",
  "35.10.16.101",
  "35,10",
  "３５",
  "35 10",
  "35.10.",
  "35101610011",
])("%j is no region code", (text) => {
  expect(parseRegionCode(text)).toBeNull();
});

test.each([
  ["32", "33"],
  ["3201", "3202"],
  ["3209", "320:"],
  ["99", "9:"],
])("%s and all below it end before %s", (code, before) => {
  expect(regionRange(code)).toEqual([code, before]);
});

test("a code lies in a region's range exactly when it begins with the region's code", () => {
  const code = fc.stringMatching(/^[1-9][0-9]([0-9]{2}([0-9]{2}([0-9]{4})?)?)?$/);
  fc.assert(
    fc.property(code, code, (region, other) => {
      const [from, before] = regionRange(region);
      expect(other >= from && other < before).toBe(other.startsWith(region));
    }),
  );
});

test("merged and intersected ranges hold the same codes, no more and no less", () => {
  const codes = fc.array(fc.stringMatching(/^[1-9][0-9]([0-9]{2})?$/), { maxLength: 6 });
  const holds = (ranges: readonly (readonly [string, string])[], code: string) =>
    ranges.some(([from, before]) => code >= from && code < before);
  fc.assert(
    fc.property(codes, codes, fc.stringMatching(/^[1-9][0-9]{9}$/), (some, others, village) => {
      const [a, b] = [some.map(regionRange), others.map(regionRange)];
      expect(holds(mergeRanges(a), village)).toBe(holds(a, village));
      expect(holds(intersectRanges(a, b), village)).toBe(holds(a, village) && holds(b, village));
    }),
  );
});

test("whatever lies inside the whole country is the whole country", () => {
  expect(mergeRanges(["35", "0", "3510"].map(regionRange))).toEqual([["0", "A"]]);
  expect(intersectRanges([["0", "A"]], [regionRange("3510")])).toEqual([["3510", "3511"]]);
});

test("the tree is the published one: 38 provinces, 514 regencies, 7,277 districts, 83,763 villages, with their quotation marks", async () => {
  const { rows, nameOf, villagesOf } = await loadRegions();
  const count = (level: string) => rows.filter((row) => row.level === level).length;
  expect(["PROVINCE", "REGENCY", "DISTRICT", "VILLAGE"].map(count)).toEqual([38, 514, 7277, 83763]);
  expect(rows.filter(({ name }) => name.includes('"')).length).toBeGreaterThan(0);
  expect(rows.filter(({ name }) => name.startsWith('"') || name === "")).toEqual([]);
  expect(nameOf("351016")).toBe("Banyuwangi");
  expect(villagesOf("3510").length).toBe(217);
});

test("540 regency codes are known: today's 514 and the 26 that the splits of 2022 retired", async () => {
  const { rows } = await loadRegions();
  const today = rows.filter(({ level }) => level === "REGENCY").map(({ code }) => code);
  const old = today.map(oldCodeOf).filter((code) => code !== null);
  expect(new Set(old).size).toBe(26);
  expect(old.filter((code) => today.includes(code))).toEqual([]);
  expect([...old.map((code) => isRetiredRegion(`${code}01`)), isRetiredRegion("910301"), isRetiredRegion("351016")]).toEqual([
    ...old.map(() => true),
    false,
    false,
  ]);
});

test.each(["0", "1", "-5", "609160", "999999999999999999"])("%s is an amount in rupiah", (text) =>
  expect(parseRupiah(text)).toBe(text),
);
test.each(["", "-0", "01", "1.5", "1e6", " 1", "Rp1", "1000000000000000000", "１"])("%j is none", (text) =>
  expect(parseRupiah(text)).toBeNull(),
);

test.each([
  [3_000_000n, 3, 750_000n],
  [2_000_000n, 2, 333_333n],
  [2_000_000n, 1, 166_666n],
  [900_000n, 1, 75_000n],
  [10_800_000n, 2, 1_800_000n],
])("of %i a year, %i months are %i, as the decree's table has it", (year, months, amount) =>
  expect(portionOf(year, months)).toBe(amount),
);
