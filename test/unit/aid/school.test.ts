import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { spanOf } from "../../../subgraphs/programs/contribution/span.ts";
import type { NominatedPupilInput } from "../../../subgraphs/programs/generated.ts";
import { faultsOfPupils } from "../../../subgraphs/programs/school/nominate.ts";

const id = (n: number) => `00000010-0000-4000-8000-${String(n).padStart(12, "0")}`;
const pupil = (n: number): NominatedPupilInput => ({
  ...{ person: id(n), village: "3510161001", level: "JUNIOR", grade: 8, npsn: "20500001" },
  nisn: String(9_000_000_000 + n),
});
const known = { classes: new Set(["JUNIOR 8"]), regions: ["3510"], barred: new Set<string>(), aided: new Set<string>() };
/** Ways in which a line is spoilt, and the field that must be named. */
const SPOILT: readonly (readonly [field: keyof NominatedPupilInput, told: Partial<NominatedPupilInput>])[] = [
  ["person", { person: "x" }],
  ["village", { village: "3510" }],
  ["village", { village: "3171011001" }],
  ["grade", { grade: 9 }],
  ["npsn", { npsn: "205000011" }],
  ["nisn", { nisn: "９000000001" }],
];
const ways = fc.array(fc.option(fc.nat(SPOILT.length - 1), { nil: null }), { minLength: 1, maxLength: 60 });

describe("a list of pupils", () => {
  test("has a fault in exactly the lines that are wrong, and names the field", () => {
    fc.assert(
      fc.property(ways, (spoiling) => {
        const pupils = spoiling.map((way, n) => ({ ...pupil(n), ...(way === null ? {} : SPOILT[way]?.[1]) }));
        // the same wrong value in two lines is a second fault of the second
        const distinct = pupils.map((line, n) => (line.person === "x" ? { ...line, person: `x${n}` } : line));
        const faults = faultsOfPupils(distinct, known);
        const wrong = spoiling.flatMap((way, n) => (way === null ? [] : [`${n + 1} ${SPOILT[way]?.[0]}`]));
        const twice = (field: string, fault: string) => field === "nisn" && fault.includes("once");
        expect(faults.filter(({ field, fault }) => !twice(field, fault)).map(({ line, field }) => `${line} ${field}`)).toEqual(
          wrong,
        );
      }),
    );
  });

  test("never repeats what was sent", () => {
    const faults = faultsOfPupils([{ ...pupil(1), nisn: "RAHASIA", npsn: "RAHASIA" }], known);
    expect(faults).toHaveLength(2);
    expect(JSON.stringify(faults)).not.toContain("RAHASIA");
  });

  test("names who stands in it twice, who is aided already and who is not eligible", () => {
    const barred = { ...known, barred: new Set([id(2)]), aided: new Set([id(3), "9000000004"]) };
    const faults = faultsOfPupils([pupil(1), pupil(1), pupil(2), pupil(3), pupil(4)], barred);
    expect(faults.map(({ line, field }) => `${line} ${field}`)).toEqual(["2 person", "2 nisn", "3 person", "4 person", "5 nisn"]);
  });
});

describe("a span of months", () => {
  test("goes from the first day of one month to that of another, over years, at most 24 months", () => {
    expect(spanOf("2025-11", "2026-02")).toEqual({ from: "2025-11-01", to: "2026-02-01" });
    expect(spanOf("2025-01", "2026-12").to).toBe("2026-12-01");
    for (const [from, to] of [
      ["2025-01", "2027-01"],
      ["2026-02", "2026-01"],
      ["2026-13", "2026-14"],
      ["2026-1", "2026-02"],
      ["besok", "2026-02"],
    ] as const)
      expect(() => spanOf(from, to)).toThrow("BAD_USER_INPUT");
  });
});
