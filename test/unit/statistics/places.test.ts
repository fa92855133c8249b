import fc from "fast-check";
import { expect, test } from "vitest";
import { type Axes, type Place, placeName, placesOf } from "../../../subgraphs/statistics/places.ts";

const axes = fc.record({
  regions: fc.uniqueArray(fc.constantFrom("0", "35", "3510", "351016"), { maxLength: 3 }),
  keys: fc.uniqueArray(fc.tuple(fc.constantFrom("*", "PKH", "BPNT"), fc.constantFrom("*", "1", "10")), {
    ...{ minLength: 1, maxLength: 5, selector: (key) => key.join() },
  }),
  periods: fc.uniqueArray(fc.constantFrom("2026-09", "2026-10", "2026-11"), { maxLength: 3 }),
});
const allOf = ({ regions, keys, periods }: Axes): Place[] =>
  regions.flatMap((region) => keys.flatMap((key) => periods.map((period) => ({ region, key, period }))));

test("places come by region, then key, then month, from behind the one that was passed", () => {
  fc.assert(
    fc.property(axes, fc.nat(20), fc.nat(20), (of, limit, n) => {
      const all = allOf(of);
      expect(placesOf(of, { limit, after: null })).toEqual(all.slice(0, limit));
      const passed = all.filter(({ region }) => region === of.regions[0])[n];
      const after = passed ? placeName(passed) : "elsewhere";
      expect(placesOf(of, { limit, after })).toEqual(all.slice(passed ? n + 1 : 0).slice(0, limit));
    }),
  );
});

test("threat: the first place of ten thousand million is told without making the others", () => {
  const keys = Array.from({ length: 1_000_000 }, (_, n) => [String(n)]);
  const periods = Array.from({ length: 10_000 }, (_, n) => String(n));
  const last = { region: "0", key: ["999999"], period: "9998" };
  expect(placesOf({ regions: ["0"], keys, periods }, { limit: 1, after: null })).toEqual([
    { region: "0", key: ["0"], period: "0" },
  ]);
  expect(placesOf({ regions: ["0"], keys, periods }, { limit: 5, after: placeName(last) })).toEqual([
    { ...last, period: "9999" },
  ]);
});
