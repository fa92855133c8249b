import fc from "fast-check";
import { expect, test } from "vitest";
import { nameDifferences } from "../../../../subgraphs/population/matching/text/nameDifferences.ts";

test("each class of difference explains the names it stands for", () => {
  const explained: readonly (readonly [a: string, b: string, classes: string])[] = [
    ["H. Budi Santoso, S.Pd", "Budi Santoso", "TITLE"],
    ["Soeparman", "Suparman", "SPELLING"],
    ["Surjani", "Suryani", "SPELLING"],
    ["Mohammad Ali", "Muhamad Ali", "SPELLING"],
    ["Moch. Ali", "Muhammad Ali", "ABBREVIATION"],
    ["Siti A", "Siti Aminah", "ABBREVIATION"],
    ["Siti Nur Aminah", "Siti Aminah", "ABBREVIATION"],
    ["Kasan bin Ali", "Kasan", "ABBREVIATION"],
    ["Santoso Budi", "Budi Santoso", "ORDER"],
    ["Sukarno", "Sukarno Hadi", "SINGLE_NAME"],
    ["Nurhayati", "Nur Hayati", "SPACING"],
    ["Siti Nurhayati", "Siti Nur Hayati", "SPACING"],
    ["Sitinur Hayati", "Siti Nurhayati", "SPACING"],
    ["Wawan", "Hermawan", "NICKNAME"],
    ["Herman", "Suherman", "NICKNAME"],
    ["Sutirsno", "Sutrisno", "TYPO"],
    ["Siti Amunah", "Siti Aminah", "TYPO"],
  ];
  for (const [a, b, classes] of explained) expect(nameDifferences(a, b).join(" "), `${a} / ${b}`).toBe(classes);
});

test("several classes are all reported, in one order", () => {
  expect(nameDifferences("Hj. Siti Noerhajati, S.Pd", "Nurhayati Siti")).toEqual(["TITLE", "SPELLING", "ORDER"]);
  expect(nameDifferences("H. Moch. Soeparman bin Kasan", "Muhammad Suparmn")).toEqual(["TITLE", "ABBREVIATION", "TYPO"]);
});

test("equal names, or a name without letters, have nothing to explain", () => {
  for (const [a, b] of [
    ["Siti Aminah", "Siti Aminah"],
    ["SITI  AMINAH", "siti aminah."],
    ["", "Siti"],
    ["-", "0"],
    ["王小明", "王小明"],
  ] as const) {
    expect(nameDifferences(a, b), `${a} / ${b}`).toEqual([]);
  }
});

test("the answer is the same from either side, each class once", () => {
  const word = fc.constantFrom(
    "H.",
    "Siti",
    "Sitti",
    "Nur",
    "Hayati",
    "Nurhayati",
    "Noerhajati",
    "A",
    "Aminah",
    "Wawan",
    "Hermawan",
    "S.Pd",
    "M.",
    "bin",
  );
  const name = fc.array(word, { minLength: 1, maxLength: 5 }).map((words) => words.join(" "));
  let seen = 0;
  fc.assert(
    fc.property(name, name, (a, b) => {
      const found = nameDifferences(a, b);
      expect(nameDifferences(b, a)).toEqual(found);
      expect(new Set(found).size).toBe(found.length);
      if (found.length > 0) seen++;
    }),
    { numRuns: 1000 },
  );
  expect(seen).toBeGreaterThan(500);
});
