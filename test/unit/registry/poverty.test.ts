import fc from "fast-check";
import { expect, test } from "vitest";
import { INDICATORS, judgePoverty, MEETS } from "../../../subgraphs/welfare/ranking/poverty.ts";

/** A household that meets no indicator. */
const well = {
  Sta_bangunan: "1",
  Kepala_bekerja: "1",
  Khawatir_pangan: "2",
  Belanja_pangan_dominan: "2",
  Beli_pakaian: "1",
  Lantai: "2",
  Dinding: "1",
  Fasbab: "1",
  Sumber_penerangan: "1",
  Daya: "3",
};
const income = { rupiah: 3_000_000n, heads: 4 };
const judge = (answers: Readonly<Record<string, string>>, threshold: number, incomeBelow: bigint | null = null) =>
  judgePoverty(answers, income, { threshold, incomeBelow });
const without = (variable: keyof typeof well) => Object.fromEntries(Object.entries(well).filter(([name]) => name !== variable));

test("who has no shelter is poor at once", () => {
  expect(judge({ ...well, Sta_bangunan: "6" }, 8)).toMatchObject({ category: "POOR", hasShelter: false, met: 0 });
});

test("an earth floor and 450 VA make a household poor by two indicators, not by three, and by three it is open where the toilet is not known", () => {
  const floorAndPower = { Lantai: "8", Daya: "1" };
  expect(judge({ ...well, ...floorAndPower }, 2)).toMatchObject({ category: "POOR", met: 2, unknown: 0 });
  expect(judge({ ...well, ...floorAndPower }, 3)).toMatchObject({ category: "NEITHER", met: 2, unknown: 0 });
  expect(judge({ ...without("Fasbab"), ...floorAndPower }, 3)).toMatchObject({ category: "UNDETERMINED", met: 2, unknown: 1 });
});

test("a shelter that nobody asked about is not taken for one", () => {
  expect(judge(without("Sta_bangunan"), 8)).toMatchObject({ category: "UNDETERMINED", hasShelter: null });
});

test("no electricity meets the indicator whatever the meter, and a meter that is not known leaves it open", () => {
  const power = (answers: Record<string, string>) =>
    judge(answers, 8).indicators.find(({ code }) => code === "LITTLE_ELECTRICITY")?.isMet;
  expect(power({ ...without("Daya"), Sumber_penerangan: "3" })).toBe(true);
  expect(power(without("Daya"))).toBeNull();
  expect(power(well)).toBe(false);
});

test("who is not poor but cannot pay the contribution is told apart only by a stated income", () => {
  expect(judge(well, 4, 750_001n).category).toBe("UNABLE_TO_CONTRIBUTE");
  expect(judge(well, 4, 750_000n).category).toBe("NEITHER");
  expect(judgePoverty(well, { rupiah: null, heads: 4 }, { threshold: 4, incomeBelow: 1n }).category).toBe("UNDETERMINED");
  expect(judge({ ...well, Sta_bangunan: "6" }, 4, 750_001n).category).toBe("POOR");
});

test("what was not known, once it is, never turns a settled category over", () => {
  const variables = Object.keys(well);
  const answers = fc.record(
    Object.fromEntries(variables.map((variable) => [variable, fc.constantFrom("1", "2", "3", "4", "6", "8")])),
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(
      answers,
      fc.integer({ min: 1, max: 8 }),
      fc.constantFrom(...variables),
      fc.constantFrom("1", "2", "3", "4", "6", "8"),
      (known, threshold, more, answer) => {
        const before = judge(known as Record<string, string>, threshold);
        fc.pre(before.category !== "UNDETERMINED" && known[more] === undefined);
        expect(judge({ ...(known as Record<string, string>), [more]: answer }, threshold).category).toBe(before.category);
      },
    ),
  );
});

test("all eight indicators of the decree have answers that meet them", () => {
  expect(INDICATORS).toHaveLength(8);
  expect(Object.keys(MEETS).sort()).toEqual(["NO_SHELTER", ...INDICATORS].sort());
});
