import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalText } from "../../../../subgraphs/population/matching/text/canonicalText.ts";

const text = fc.string({ unit: "binary", maxLength: 30 });

test("text of any country is upper case, without diacritics, single-spaced", () => {
  const pairs: readonly (readonly [raw: string, canonical: string])[] = [
    ["  José \t Ñúñez\n", "JOSE NUNEZ"],
    ["Nguyễn Văn Đức", "NGUYEN VAN DUC"],
    ["Łódź", "LODZ"],
    ["Strauß", "STRAUSS"],
    ["ＡＢＣ　１２", "ABC 12"],
    ["O\u0000'Neil\u200b", "O'NEIL"],
    ["王小明", "王小明"],
    ["がぎぐ", "がぎぐ"],
    ["김철수", "김철수"],
    ["Алексей", "АЛЕКСЕИ"],
    ["हिन्दी", "हिन्दी"],
    ["", ""],
  ];
  for (const [raw, canonical] of pairs) expect(canonicalText(raw), raw).toBe(canonical);
});

test("canonical text stays what it is when made canonical again", () => {
  fc.assert(
    fc.property(text, (raw) => {
      const once = canonicalText(raw);
      expect(canonicalText(once)).toBe(once);
    }),
    { numRuns: 3000 },
  );
});

test("every single letter of Unicode's first plane is folded once and for all", () => {
  const unstable: string[] = [];
  for (let code = 0; code < 0x10000; code++) {
    const once = canonicalText(`a${String.fromCharCode(code)}b`);
    if (canonicalText(once) !== once) unstable.push(code.toString(16));
  }
  expect(unstable).toEqual([]);
});

test("no control character and no double space is left", () => {
  fc.assert(
    fc.property(text, (raw) => {
      expect(canonicalText(raw)).not.toMatch(/\p{Cc}|\s\s|^\s|\s$/u);
    }),
  );
});
