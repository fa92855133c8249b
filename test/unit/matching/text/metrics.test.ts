import fc from "fast-check";
import { expect, test } from "vitest";
import { jaroWinkler } from "../../../../subgraphs/population/matching/text/jaroWinkler.ts";
import { osaDistance } from "../../../../subgraphs/population/matching/text/osaDistance.ts";

const codesOf = (text: string): Uint16Array => Uint16Array.from(text, (_, at) => text.charCodeAt(at));
const similarity = (a: string, b: string): number => jaroWinkler(codesOf(a), 0, a.length, codesOf(b), 0, b.length);
const distance = (a: string, b: string, max: number): number =>
  osaDistance(codesOf(a), 0, a.length, codesOf(b), 0, b.length, max);

function slowJaroWinkler(a: string, b: string): number {
  if (a.length > b.length) return slowJaroWinkler(b, a);
  const window = Math.max(Math.floor(b.length / 2) - 1, 0);
  const used = new Set<number>();
  const matchedA: string[] = [];
  for (let i = 0; i < a.length; i++) {
    for (let j = Math.max(0, i - window); j <= Math.min(b.length - 1, i + window); j++) {
      if (used.has(j) || a[i] !== b[j]) continue;
      used.add(j);
      matchedA.push(a.charAt(i));
      break;
    }
  }
  const m = matchedA.length;
  if (m === 0) return 0;
  const matchedB = [...used].sort((x, y) => x - y).map((j) => b[j]);
  const transpositions = Math.floor(matchedA.filter((letter, k) => letter !== matchedB[k]).length / 2);
  const jaro = (m / a.length + m / b.length + (m - transpositions) / m) / 3;
  let prefix = 0;
  while (prefix < 4 && prefix < a.length && a[prefix] === b[prefix]) prefix++;
  return jaro + prefix * 0.1 * (1 - jaro);
}

/** The recurrence as it is defined, from the ends of both texts, each pair of lengths once. */
function slowOsa(a: string, b: string): number {
  const known = new Map<string, number>();
  const from = (i: number, j: number): number => {
    if (i === 0 || j === 0) return i + j;
    const key = `${i} ${j}`;
    const distance = known.get(key) ?? Math.min(...steps(i, j));
    known.set(key, distance);
    return distance;
  };
  const steps = (i: number, j: number): number[] => {
    const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
    const all = [from(i - 1, j) + 1, from(i, j - 1) + 1, from(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1)];
    return isSwap ? [...all, from(i - 2, j - 2) + 1] : all;
  };
  return from(a.length, b.length);
}

// few letters, so that they repeat; lengths on both sides of one machine word
const letters = (maxLength: number) => fc.string({ unit: fc.constantFrom(..."ABCD "), maxLength });
const related = (maxLength: number) =>
  fc
    .tuple(letters(maxLength), fc.array(fc.tuple(fc.nat(maxLength), fc.constantFrom("", "A", "BC"), fc.nat(2)), { maxLength: 4 }))
    .map(([text, edits]) => {
      let other = text;
      for (const [at, insert, drop] of edits) other = other.slice(0, at) + insert + other.slice(at + drop);
      return [text, other] as const;
    });
const pair = fc.oneof(related(20), related(36), related(80), fc.tuple(letters(36), letters(70)));

test("Jaro–Winkler gives the published values", () => {
  const values: readonly (readonly [a: string, b: string, value: number])[] = [
    ["MARTHA", "MARHTA", 0.9611],
    ["DIXON", "DICKSONX", 0.8133],
    ["SUTRISNO", "SOETRISNO", 0.8958],
    ["AB", "BA", 0],
    ["", "", 0],
    ["A", "", 0],
    ["A", "A", 1],
    ["王小明", "王小明", 1],
  ];
  for (const [a, b, value] of values) expect(similarity(a, b), `${a} ${b}`).toBeCloseTo(value, 4);
});

test("Jaro–Winkler equals a slow reference to the last bit, both ways round", () => {
  fc.assert(
    fc.property(pair, ([a, b]) => {
      expect(similarity(a, b)).toBe(slowJaroWinkler(a, b));
      expect(similarity(b, a)).toBe(similarity(a, b));
    }),
    { numRuns: 4000 },
  );
});

test("edit distance with swaps gives the known values and stops at the bound", () => {
  expect(distance("CA", "ABC", 5)).toBe(3);
  expect(distance("ABCD", "ABDC", 5)).toBe(1);
  expect(distance("", "", 0)).toBe(0);
  expect(distance("", "ABC", 2)).toBe(3);
  expect(distance("ABC", "XYZ", 1)).toBe(2);
  expect(distance("ABC", "ABC", 0)).toBe(0);
  expect(distance("ABC", "ABD", 0)).toBe(1);
});

test("edit distance with swaps equals a slow reference under every bound, both ways round", () => {
  fc.assert(
    fc.property(pair, fc.oneof(fc.nat(6), fc.constant(1000)), ([a, b], max) => {
      const expected = Math.min(slowOsa(a, b), max + 1);
      expect(distance(a, b, max)).toBe(expected);
      expect(distance(b, a, max)).toBe(expected);
    }),
    { numRuns: 3000 },
  );
});

test("a measure leaves nothing behind that could change the next one", () => {
  const calls = fc.array(pair, { minLength: 2, maxLength: 6 });
  fc.assert(
    fc.property(calls, (pairs) => {
      const again = pairs.map(([a, b]) => [similarity(a, b), distance(a, b, 3)]);
      expect(pairs.toReversed().map(([a, b]) => [similarity(a, b), distance(a, b, 3)])).toEqual(again.toReversed());
    }),
  );
});

test("texts lie anywhere in a longer array, and may be as long as 65,535", () => {
  const codes = codesOf("xxMARTHAyyMARHTAzz");
  expect(jaroWinkler(codes, 2, 6, codes, 10, 6)).toBeCloseTo(0.9611, 4);
  expect(osaDistance(codes, 2, 6, codes, 10, 6, 3)).toBe(1);
  const long = "ABCDE".repeat(13_107);
  expect(long.length).toBe(65_535);
  const other = `${long.slice(0, 40_000)}X${long.slice(40_001)}`;
  expect(similarity(long, long)).toBe(1);
  expect(similarity(long, `${long.slice(0, -1)}X`)).toBeGreaterThan(0.9999);
  expect(distance(long, other, 3)).toBe(1);
  expect(distance(`Q${long.slice(1)}`, `${other.slice(0, -1)}Z`, 5)).toBe(3);
});
