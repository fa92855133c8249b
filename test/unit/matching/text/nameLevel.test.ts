import fc from "fast-check";
import { expect, test } from "vitest";
import { jaroWinkler } from "../../../../subgraphs/population/matching/text/jaroWinkler.ts";
import {
  type NameForms,
  nameForms,
  phoneticOf,
  phoneticText,
  sortedSkeletons,
} from "../../../../subgraphs/population/matching/text/nameForms.ts";
import { nameLevel } from "../../../../subgraphs/population/matching/text/nameLevel.ts";
import { type NamePool, writeName } from "../../../../subgraphs/population/matching/text/namePool.ts";
import { NICKNAMES } from "../../../../subgraphs/population/matching/text/nicknames.ts";

function emptyPool(entries: number, codes: number): NamePool {
  const shared = (bytes: number): SharedArrayBuffer => new SharedArrayBuffer(bytes);
  return {
    codes: new Uint16Array(shared(codes * 2)),
    start: new Uint32Array(shared(entries * 4)),
    length: new Uint16Array(shared(entries * 2)),
    tokens: new Uint8Array(shared(entries)),
    skeletons: new Int32Array(shared(entries * 4)),
    firstSkeleton: new Int32Array(shared(entries * 4)),
    lastSkeleton: new Int32Array(shared(entries * 4)),
  };
}

/** Entry 1 is the first name, and so on. */
function poolOf(names: readonly string[]): NamePool {
  const forms = names.map(nameForms);
  const pool = emptyPool(
    names.length + 1,
    forms.reduce((sum, form) => sum + phoneticText(form).length, 0),
  );
  let at = 0;
  for (const [k, form] of forms.entries()) at = writeName(pool, k + 1, at, form);
  expect(at).toBeLessThanOrEqual(pool.codes.length);
  return pool;
}

const levelOf = (a: string, b: string): number => nameLevel(poolOf([a, b]), 1, 2);

const CALLED = NICKNAMES.flatMap(([full = "", ...short]) => short.map((name) => [phoneticOf(full), phoneticOf(name)] as const));
const isCalled = (a: string, b: string): boolean =>
  CALLED.some(([full, short]) => (a === full && b === short) || (b === full && a === short));
const isTail = (a: string, b: string): boolean => Math.min(a.length, b.length) >= 4 && (a.endsWith(b) || b.endsWith(a));
const isInitial = (token: string): boolean => /^[A-Z]$/.test(token);

function slowSimilarity(a: string, b: string): number {
  const [x, y] = [a, b].map((text) => Uint16Array.from(text, (_, at) => text.charCodeAt(at)));
  return jaroWinkler(x as Uint16Array, 0, a.length, y as Uint16Array, 0, b.length);
}

/** Removes from both lists the first pair that `isPair`, as long as there is one; returns the left ones removed. */
function takePairs(left: string[], right: string[], isPair: (a: string, b: string) => boolean): string[] {
  const taken: string[] = [];
  for (const token of [...left]) {
    const partner = right.findIndex((other) => isPair(token, other));
    if (partner < 0) continue;
    right.splice(partner, 1);
    taken.push(...left.splice(left.indexOf(token), 1));
  }
  return taken;
}

/** Levels 5 and 3: whether all tokens of the shorter name find a partner, and whether a whole word does. */
function commonTokens(a: NameForms, b: NameForms): { isContained: boolean; hasWord: boolean } {
  const [left, right] = [[...a.phonetic], [...b.phonetic]];
  const equal = takePairs(left, right, (x, y) => x === y);
  const initials = takePairs(left, right, (x, y) => x[0] === y[0] && (isInitial(x) || isInitial(y)));
  const hasWord = equal.some((token) => !isInitial(token));
  return { isContained: hasWord && equal.length + initials.length === Math.min(a.tokens.length, b.tokens.length), hasWord };
}

function isShortFor(a: NameForms, b: NameForms): boolean {
  if (a.tokens.length > 1 && b.tokens.length > 1) return isCalled(a.phonetic[0] ?? "", b.phonetic[0] ?? "");
  return a.phonetic.some((x) => b.phonetic.some((y) => isTail(x, y) || isCalled(x, y)));
}

/** The levels on strings, one condition each, highest first. */
function slowLevel(a: NameForms, b: NameForms): number {
  const [textA, textB] = [phoneticText(a), phoneticText(b)];
  const similarity = slowSimilarity(textA, textB);
  const isSameLetters = a.phonetic.join("") === b.phonetic.join("");
  const { isContained, hasWord } = commonTokens(a, b);
  const conditions: readonly (readonly [level: number, holds: boolean])[] = [
    [0, textA === "" || textB === ""],
    [7, textA === textB],
    [6, sortedSkeletons(a) === sortedSkeletons(b) && a.tokens.length === b.tokens.length],
    [6, similarity >= 0.95 || isSameLetters],
    [5, isContained],
    [4, similarity >= 0.9],
    [3, hasWord || similarity >= 0.82],
    [2, isShortFor(a, b)],
  ];
  return conditions.find(([, holds]) => holds)?.[0] ?? 1;
}

test("each level has the names it was made for", () => {
  const levels: readonly (readonly [a: string, b: string, level: number])[] = [
    ["Soeparman", "H. Suparman", 7],
    ["Moch. Yusuf", "Muhammad Joesoep", 6],
    ["Muhammad Yusuf", "M. Yusup", 7],
    ["Budi Santoso", "Santoso Budi", 6],
    ["Nurhayati", "Nur Hayati", 6],
    ["Siti Aminah", "Siti Amin", 6],
    ["Siti Nurhayati", "Siti Nurhayatin", 6],
    ["Siti Aminah", "Aminah", 5],
    ["Siti Aminah", "Siti A", 5],
    ["Siti Nur Aminah", "Siti N A", 5],
    ["Siti A B", "Siti C", 3],
    ["Sutarman Wijaya", "Sutarmin Wijadi", 4],
    ["Dewi Lestari", "Dewi Kusuma", 3],
    ["Hermawan", "Wawan", 2],
    ["Hermawan Susanto", "Wawan Kurniadi", 2],
    ["Muhammad", "Mamat", 2],
    ["Asep", "Aa", 2],
    ["Suharyanto Edi", "Yanto", 2],
    ["Slamet", "Rina Wati", 1],
    ["A", "Ahmad", 1],
    ["-", "Slamet", 0],
    ["王小明", "王小明", 7],
    ["王 小明", "小明 王", 6],
  ];
  for (const [a, b, level] of levels) expect(levelOf(a, b), `${a} / ${b}`).toBe(level);
});

test("the same entry is identical, the missing name never is", () => {
  const pool = poolOf(["Siti", "0"]);
  expect([nameLevel(pool, 1, 1), nameLevel(pool, 0, 0), nameLevel(pool, 0, 1), nameLevel(pool, 2, 2)]).toEqual([8, 0, 0, 0]);
});

const word = fc.constantFrom(
  ..."Siti Sitti Nur Hayati Nurhayati Noerhajati Aminah Amin Muhammad Moch M. A H R Ali Abdul Rahman Abdurrahman Budi Santoso Susanto".split(
    " ",
  ),
  ..."Hermawan Wawan Setiawan Mamat Asep Aa Yati Iti Suharyanto Haryanto Yanto Slamet Sri Wahyuni Dewi Sinaga Wanggai 王 小明 Ñuñez".split(
    " ",
  ),
);
const typo = fc.tuple(fc.nat(30), fc.constantFrom("", "a", "e", " ", "nn"), fc.nat(1));
const name = fc
  .tuple(fc.array(word, { minLength: 1, maxLength: 5 }), fc.array(typo, { maxLength: 2 }))
  .map(([words, typos]) =>
    typos.reduce((text, [at, insert, drop]) => text.slice(0, at) + insert + text.slice(at + drop), words.join(" ")),
  );
const related = fc.tuple(name, fc.array(typo, { maxLength: 3 }), fc.boolean()).map(([text, typos, isTurned]) => {
  const other = typos.reduce((now, [at, insert, drop]) => now.slice(0, at) + insert + now.slice(at + drop), text);
  return [text, isTurned ? other.split(" ").reverse().join(" ") : other] as const;
});

test("the level in flat arrays equals that of a slow reference on strings, from either side", () => {
  const seen = new Array<number>(9).fill(0);
  fc.assert(
    fc.property(fc.oneof(fc.tuple(name, name), related), ([a, b]) => {
      const pool = poolOf([a, b]);
      const level = nameLevel(pool, 1, 2);
      expect(level).toBe(slowLevel(nameForms(a), nameForms(b)));
      expect(nameLevel(pool, 2, 1)).toBe(level);
      seen[level] = (seen[level] ?? 0) + 1;
    }),
    { numRuns: 5000 },
  );
  for (const level of [1, 2, 3, 4, 5, 6, 7]) expect(seen[level], `level ${level}`).toBeGreaterThan(20);
});

test("names of hundreds of words or thousands of letters are compared too", () => {
  const many = Array.from({ length: 300 }, (_, k) => `Kata${String.fromCharCode(65 + (k % 26))}${"aeiou"[k % 5]}`).join(" ");
  expect(levelOf(many, `${many} Budi`)).toBe(6);
  expect(levelOf(many, "Slamet")).toBe(1);
  expect(levelOf("ab".repeat(40_000), "ab".repeat(40_000))).toBe(7);
});

test("a pool that is full says so and is left as it was", () => {
  const pool = emptyPool(2, 5);
  expect(writeName(pool, 1, 0, nameForms("Siti"))).toBe(4);
  expect(() => writeName(pool, 1, 4, nameForms("Budi"))).toThrow(/entry 1 of 2, code 8 of 5/);
  expect(() => writeName(pool, 2, 0, nameForms("Budi"))).toThrow(RangeError);
  expect([...pool.codes, pool.length[1]]).toEqual([..."SITI\0"].map((letter) => letter.charCodeAt(0)).concat(4));
});

test("keys of an entry are the hashes of its skeletons, the same in every pool", () => {
  const [one, other] = [poolOf(["Budi Santoso"]), poolOf(["Aminah", "Santosa Bude", "-"])];
  expect(other.skeletons[2]).toBe(one.skeletons[1]);
  expect(other.firstSkeleton[2]).toBe(one.lastSkeleton[1]);
  expect([other.skeletons[3], other.firstSkeleton[3], other.lastSkeleton[3], other.tokens[3]]).toEqual([0, 0, 0, 0]);
});
