import fc from "fast-check";
import { expect, test } from "vitest";
import { type ReleasedChange, releaseChange } from "../../../subgraphs/programs/selection/released.ts";

const REGENCIES: Readonly<Record<string, readonly string[]>> = {
  "31": ["3101", "3171"],
  "32": ["3201", "3202", "3273"],
  "33": ["3301"],
};
const PROVINCES = Object.keys(REGENCIES);
const DECILES = [4, 5];
const places = PROVINCES.flatMap((province) =>
  (REGENCIES[province] ?? []).flatMap((regency) => DECILES.map((decile) => ({ regency, decile }))),
);
const worlds = fc.array(fc.oneof(fc.integer({ min: 0, max: 15 }), fc.integer({ min: 0, max: 200 })), {
  minLength: places.length,
  maxLength: places.length,
});
const keys = fc.uint8Array({ minLength: 8, maxLength: 8 });

/** The country's table and every province's, of the same counts. */
function tablesOf(key: Uint8Array, counts: readonly number[]) {
  const cells = places.map((place, at) => ({ ...place, isEntering: true, units: counts[at] ?? 0 }));
  const asked = { key, simulation: { program: "PKH", delivery: 1 }, cells, isEntering: true, provinces: PROVINCES };
  return {
    cells,
    country: releaseChange({ ...asked, within: null }),
    ofProvince: (province: string) => releaseChange({ ...asked, within: { province, regencies: REGENCIES[province] ?? [] } }),
  };
}
const at = (cells: readonly ReleasedChange[], region: string | null, decile: number | null) =>
  cells.find((cell) => cell.region === region && cell.decile === decile)?.units ?? null;

test("what the country's table withholds of a province the province's own table withholds, and what it tells they tell alike", () => {
  fc.assert(
    fc.property(keys, worlds, (key, counts) => {
      const { country, ofProvince } = tablesOf(key, counts);
      const told = PROVINCES.flatMap((province) =>
        [...DECILES, null].map((decile) => [at(country, province, decile), at(ofProvince(province), null, decile)] as const),
      );
      for (const [wide, near] of told) expect([null, wide]).toContain(near);
    }),
  );
});

test("a province's cell that is withheld is not the sum of regencies that are shown", () => {
  fc.assert(
    fc.property(keys, worlds, (key, counts) => {
      const { cells, country, ofProvince } = tablesOf(key, counts);
      for (const province of PROVINCES)
        for (const decile of DECILES) {
          if (at(country, province, decile) !== null) continue;
          const table = ofProvince(province);
          const parts = cells.filter((cell) => cell.decile === decile && cell.regency.startsWith(province));
          const open = parts
            .filter(({ regency }) => at(table, regency, decile) === null)
            .reduce((sum, { units }) => sum + units, 0);
          const isAllHidden = parts.every(({ regency }) => at(table, regency, decile) === null);
          expect(isAllHidden || open >= 10).toBe(true);
        }
    }),
  );
});
