import fc from "fast-check";
import { expect, test } from "vitest";
import {
  firstSkeleton,
  lastSkeleton,
  nameForms,
  oldSpelling,
  oldSpellingKey,
  phoneticText,
  sortedSkeletons,
} from "../../../../subgraphs/population/matching/text/nameForms.ts";

const tokensOf = (raw: string): string => nameForms(raw).tokens.join(" ");

test("the reference table's names have the forms it says", () => {
  const table: readonly (readonly [raw: string, tokens: string, phonetic: string, skeletons: string])[] = [
    ["H. Moch. Soeparman bin Kasan", "MUHAMMAD SOEPARMAN", "MUHAMAD SUPARMAN", "MMD SPRMN"],
    ["Hj. Siti Noerhajati, S.Pd", "SITI NOERHAJATI", "SITI NURHAJATI", "ST NRJT"],
    ["M", "M", "M", "M"],
    ["Djoko Tjahjono", "DJOKO TJAHJONO", "JOKO CAJONO", "JK CJN"],
    ["Abd. Rachman", "ABDUL RACHMAN", "ABDUL RAMAN", "ABDL RMN"],
  ];
  for (const [raw, tokens, phonetic, skeletons] of table) {
    const forms = nameForms(raw);
    expect([forms.tokens.join(" "), phoneticText(forms), forms.skeletons.join(" ")], raw).toEqual([tokens, phonetic, skeletons]);
  }
});

test("titles go off the front, degrees off the back, and are kept beside the name", () => {
  const titled: readonly (readonly [raw: string, tokens: string, titles: string])[] = [
    ["H. Moch. Soeparman bin Kasan", "MUHAMMAD SOEPARMAN", "H"],
    ["Prof. Dr. Ir. H. Budi Santoso, M.Sc., Ph.D.", "BUDI SANTOSO", "PROF DR IR H MSC PHD"],
    ["K.H. Abdul Karim", "ABDUL KARIM", "KH"],
    ["Drs. Kasan.S.Pd.M.Pd", "KASAN", "DRS SPD MPD"],
    ["Kasan, S. Pd., M. Si.", "KASAN", "SPD MSI"],
    ["Kasan S Pd", "KASAN", "SPD"],
    ["Rina A.Md.Keb", "RINA", "AMDKEB"],
    ["Kasan (Alm)", "KASAN", "ALM"],
    ["Ali bin Abu, S.Ag", "ALI", "SAG"],
    ["Linda, M.A.", "LINDA", "MA"],
    ["Linda, MA", "LINDA", "MA"],
    ["Linda, M.E.I.", "LINDA", "MEI"],
    ["R. Rr. Sri Wahyuni", "SRI WAHYUNI", "R RR"],
  ];
  for (const [raw, tokens, titles] of titled) {
    expect([tokensOf(raw), nameForms(raw).titles.join(" ")], raw).toEqual([tokens, titles]);
  }
});

test("what could be part of the name stays in it", () => {
  const kept: readonly (readonly [raw: string, tokens: string])[] = [
    ["Abdul H", "ABDUL H"],
    ["Abdul R", "ABDUL R"],
    ["Budi S H", "BUDI S H"],
    ["Siti H Aminah", "SITI H AMINAH"],
    ["H", "H"],
    ["Hj.", "HJ"],
    ["S.Pd", "SPD"],
    ["Hj. S.Pd", "SPD"],
    ["Linda Ma", "LINDA MA"],
    ["Putri Dea", "PUTRI DEA"],
    ["Lie Mei", "LIE MEI"],
    ["Wang, Mei", "WANG MEI"],
    ["I Gusti Ayu Putu Sari", "I GUSTI AYU PUTU SARI"],
    ["Andi Mappanyukki", "ANDI MAPPANYUKKI"],
    ["Lalu Gede", "LALU GEDE"],
    ["Teuku Umar", "TEUKU UMAR"],
    ["A.R. Hakim", "A R HAKIM"],
    ["M.S. Yusuf", "MUHAMMAD S YUSUF"],
  ];
  for (const [raw, tokens] of kept) expect(tokensOf(raw), raw).toBe(tokens);
});

test("short forms are written out, a lone letter is not", () => {
  const short: readonly (readonly [raw: string, tokens: string])[] = [
    ["M.Yusuf", "MUHAMMAD YUSUF"],
    ["M. Yusuf", "MUHAMMAD YUSUF"],
    ["H.M.Yusuf", "MUHAMMAD YUSUF"],
    ["Muh Yusuf", "MUHAMMAD YUSUF"],
    ["Mochammad Yusuf", "MUHAMMAD YUSUF"],
    ["Yusuf M", "YUSUF M"],
    ["M.", "M"],
    ["Nur Abd. Aziz", "NUR ABDUL AZIZ"],
    ["St. Aminah", "SITI AMINAH"],
    ["Sitti Aminah", "SITI AMINAH"],
    ["Budi ST", "BUDI"],
  ];
  for (const [raw, tokens] of short) expect(tokensOf(raw), raw).toBe(tokens);
});

test("whose child and under what other name goes beside the name", () => {
  expect(nameForms("H. Moch. Soeparman bin Kasan").side).toBe("BIN KASAN");
  expect(nameForms("Siti binti Ali alias Iti").side).toBe("BINTI ALI ALIAS ITI");
  expect(nameForms("Bin Ali").side).toBeNull();
  expect(tokensOf("Bin Ali")).toBe("BIN ALI");
});

test("dirt is cleaned off, letters are not lost", () => {
  const dirty: readonly (readonly [raw: string, tokens: string])[] = [
    ["", ""],
    [" - ", ""],
    ["0", ""],
    ["１２３", ""],
    ["Budi2", "BUDI"],
    ["ＢＵＤＩ　ＳＡＮＴＯＳＯ", "BUDI SANTOSO"],
    ["Nu'man", "NUMAN"],
    ["Jum’at", "JUMAT"],
    ["Abdul-Rahman", "ABDUL RAHMAN"],
    ["Budi\u200b\tSantoso\u0000", "BUDI SANTOSO"],
    ["José Ñuñez", "JOSE NUNEZ"],
    ["John Smith", "JOHN SMITH"],
    ["Nguyễn Văn Đức", "NGUYEN VAN DUC"],
    ["王小明", "王小明"],
    ["김철수", "김철수"],
    ["محمد علي", "محمد علي"],
    ["हिन्दी", "हिन्दी"],
  ];
  for (const [raw, tokens] of dirty) expect(tokensOf(raw), raw).toBe(tokens);
  expect(phoneticText(nameForms("王小明"))).toBe("王小明");
});

test("a bare J may be an old Y: an extra key, never a rewrite", () => {
  const [old, modern] = [nameForms("Surjani"), nameForms("Suryani")];
  expect(phoneticText(old)).toBe("SURJANI");
  expect(oldSpellingKey(old)).toBe(sortedSkeletons(modern));
  expect(phoneticText(oldSpelling(old) ?? old)).toBe(phoneticText(modern));
  for (const raw of ["Djamal", "Tjipto", "Sjarif", "Njoman", "Suryani", ""])
    expect(oldSpellingKey(nameForms(raw)), raw).toBeNull();
});

test("keys take the first, the last, and all skeletons in order", () => {
  const forms = nameForms("Siti Nurhayati Dewi");
  expect([firstSkeleton(forms), lastSkeleton(forms), sortedSkeletons(forms)]).toEqual(["ST", "DW", "DW NRT ST"]);
  const none = nameForms("-");
  expect([firstSkeleton(none), lastSkeleton(none), sortedSkeletons(none), phoneticText(none)]).toEqual([null, null, null, ""]);
});

test("any text gives forms that go together, and none is empty while the text has a letter", () => {
  const word = fc.constantFrom("H.", "S.Pd", "M", "Abd", "bin", ",", "Hj", "王", "2", "'", "Sari", "ALIAS", "e\u0301");
  const raw = fc.oneof(
    fc.string({ unit: "binary", maxLength: 20 }),
    fc.array(word, { maxLength: 8 }).map((parts) => parts.join(" ")),
  );
  fc.assert(
    fc.property(raw, (text) => {
      const { tokens, phonetic, skeletons } = nameForms(text);
      expect(phonetic).toHaveLength(tokens.length);
      expect(skeletons).toHaveLength(tokens.length);
      for (const form of [...tokens, ...phonetic, ...skeletons]) expect(form).toMatch(/^[\p{L}\p{M}\p{Nl}\u200d]+$/u);
      if (/\p{L}/u.test(text)) expect(tokens.length).toBeGreaterThan(0);
    }),
    { numRuns: 2000 },
  );
});
