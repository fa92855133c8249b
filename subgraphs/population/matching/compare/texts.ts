import { digitAt } from "../table/digits.ts";
import { isDigits, lexiconKind } from "../table/table.ts";
import { jaroWinkler } from "../text/jaroWinkler.ts";
import { nameLevel } from "../text/nameLevel.ts";
import type { NamePool } from "../text/namePool.ts";
import { osaDistance } from "../text/osaDistance.ts";
import type { Comparing, Level } from "./kinds.ts";

function poolOf({ place: { column }, lexica }: Comparing): NamePool {
  const pool = lexica.get(lexiconKind(column) ?? "text")?.data.pool;
  if (!pool) throw new Error(`no lexicon for ${column.name}`);
  return pool;
}

/** Two words by their ids: missing, the same id (`top`), or what `differ` says of them. */
function byWord(word: number, top: number, differ: (x: number, y: number) => number): Level {
  return (A, a, B, b) => {
    const x = A[a + word] as number;
    const y = B[b + word] as number;
    if (x === 0 || y === 0) return 0;
    return x === y ? top : differ(x, y);
  };
}

/** The level of a value among thresholds, strictest first. */
function graded(value: number, thresholds: readonly number[]): number {
  for (let i = 0; i < thresholds.length; i += 1) if (value >= (thresholds[i] as number)) return thresholds.length + 1 - i;
  return 1;
}

/** Indonesian names, levels 0 to 8 of text/nameLevel.ts. */
export function nameComparison(comparing: Comparing): Level {
  const pool = poolOf(comparing);
  return byWord(comparing.place.word, 8, (x, y) => nameLevel(pool, x, y));
}

/** Jaro–Winkler similarity against thresholds. */
export function jaroWinklerLevel(comparing: Comparing): Level {
  const { codes, start, length } = poolOf(comparing);
  const { levels } = comparing.comparison;
  return byWord(comparing.place.word, levels.length + 2, (x, y) => {
    const similarity = jaroWinkler(
      codes,
      start[x] as number,
      length[x] as number,
      codes,
      start[y] as number,
      length[y] as number,
    );
    return graded(similarity, levels);
  });
}

/** Edits (insert, delete, replace, exchange neighbours): a level a distance up to `max`. */
export function editLevel(comparing: Comparing): Level {
  const { codes, start, length } = poolOf(comparing);
  const { max } = comparing.comparison;
  return byWord(comparing.place.word, max + 2, (x, y) => {
    const distance = osaDistance(
      codes,
      start[x] as number,
      length[x] as number,
      codes,
      start[y] as number,
      length[y] as number,
      max,
    );
    // different words with equal codes are spellings of one (names by their sound)
    return distance > max ? 1 : max + 2 - Math.max(distance, 1);
  });
}

const SPACE = 32;

/** Words in common, as a share of all different words of both (Jaccard), against thresholds. */
export function tokensLevel(comparing: Comparing): Level {
  const { codes, start, length } = poolOf(comparing);
  const { levels } = comparing.comparison;
  const ends = (id: number, into: number[]) => {
    into.length = 0;
    const from = start[id] as number;
    const to = from + (length[id] as number);
    for (let i = from, begin = from; i <= to; i += 1) {
      if (i < to && codes[i] !== SPACE) continue;
      if (i > begin && !holds(codes, into, [begin, i])) into.push(begin, i);
      begin = i + 1;
    }
    return into;
  };
  const [first, second]: [number[], number[]] = [[], []];
  return byWord(comparing.place.word, levels.length + 2, (x, y) => {
    const shared = sharedTokens(codes, ends(x, first), ends(y, second));
    return graded(shared / ((first.length + second.length) / 2 - shared), levels);
  });
}

function sharedTokens(codes: Uint16Array, first: readonly number[], second: readonly number[]): number {
  let shared = 0;
  for (let i = 0; i < first.length; i += 2) if (holds(codes, second, [first[i] as number, first[i + 1] as number])) shared += 1;
  return shared;
}

type Word = readonly [begin: number, end: number];

/** Is a word among these, which are begins and ends in turn? */
function holds(codes: Uint16Array, words: readonly number[], word: Word): boolean {
  for (let i = 0; i < words.length; i += 2) if (isSame(codes, [words[i] as number, words[i + 1] as number], word)) return true;
  return false;
}

function isSame(codes: Uint16Array, [a, aEnd]: Word, [b, bEnd]: Word): boolean {
  if (aEnd - a !== bEnd - b) return false;
  for (let i = 0; a + i < aEnd; i += 1) if (codes[a + i] !== codes[b + i]) return false;
  return true;
}

/** Characters in common at the beginning; the first threshold is already the highest level, as equality is. */
export function prefixLevel(comparing: Comparing): Level {
  const { levels } = comparing.comparison;
  const { column, word } = comparing.place;
  if (isDigits(column)) {
    return (A, a, B, b) => {
      if (A[a + word] === -1 || B[b + word] === -1) return 0;
      let common = 0;
      while (common < 16 && digitAt(A, a + word, common) === digitAt(B, b + word, common)) common += 1;
      return graded(common, levels);
    };
  }
  const { codes, start, length } = poolOf(comparing);
  return byWord(word, levels.length + 1, (x, y) => {
    const shorter = Math.min(length[x] as number, length[y] as number);
    const [from, other] = [start[x] as number, start[y] as number];
    let common = 0;
    while (common < shorter && codes[from + common] === codes[other + common]) common += 1;
    return graded(common, levels);
  });
}

/** The difference of two numbers against the greatest that still counts, smallest first. */
export function numericLevel({ comparison, place: { word }, lexica }: Comparing): Level {
  const numbers = lexica.get("numeric")?.data.numbers;
  if (!numbers) throw new Error("no lexicon for numbers");
  const limits = comparison.levels;
  return byWord(word, limits.length + 2, (x, y) => {
    const difference = Math.abs((numbers[x] as number) - (numbers[y] as number));
    if (difference === 0) return limits.length + 2;
    for (let i = 0; i < limits.length; i += 1) if (difference <= (limits[i] as number)) return limits.length + 1 - i;
    return 1;
  });
}
