import { digitAt, equalDigits, isFiller } from "../table/digits.ts";
import { osaDistance } from "../text/osaDistance.ts";
import type { Comparing, Level } from "./kinds.ts";

/**
 * Two NIKs: 6 equal · 5 fifteen digits in place · 4 fourteen, or two edits · 3 region and date · 2 date · 1 else · 0 a filler or too short.
 * (Region: digits 1–6, date: 7–12.)
 */
export function nikLevel(comparing: Comparing): Level {
  const { date, place } = comparing;
  return date === null ? plainNikLevel(place.word) : knownNikLevel(place.word, date.word);
}

/**
 * Two NIKs beside two birth dates: 8 equal · 7 fifteen digits in place, the odd one in region or date · 6 fifteen, the odd one in the serial: the next
 * birth of the day has that too · 5 fourteen, or two edits · 4 region and date · 3 date · 2 else · 1 each side's NIK agrees with its own birth date and
 * the two dates differ: a clerk's slip does not change both in step · 0 a filler or too short.
 */
function knownNikLevel(word: number, birth: number): Level {
  const plain = plainNikLevel(word);
  return (A, a, B, b) => {
    const level = plain(A, a, B, b);
    const [x, y] = [a + word, b + word];
    const isOfOneDay = level > 0 && level < 6 && isSameDate(A, x, B, y);
    if (isOfOneDay && isSameRegion(A, x, B, y)) return level === 5 ? 6 : 4;
    const areConsistent = level > 0 && !isOfOneDay && level < 6 && repeatsDate(A, x, a + birth) && repeatsDate(B, y, b + birth);
    return areConsistent ? 1 : (APART[level] as number);
  };
}

/** The level of two numbers that are not of one region and day, by their plain level. */
const APART = [0, 2, 3, 4, 5, 7, 8];

/** Whether digits 7–12, DDMMYY with 40 added for women, are the date YYYYMMDD of another cell. */
function repeatsDate(cells: Int32Array, nik: number, date: number): boolean {
  const value = cells[date] as number;
  if (value === 0) return false;
  const day = digitAt(cells, nik, 6) * 10 + digitAt(cells, nik, 7);
  const month = digitAt(cells, nik, 8) * 10 + digitAt(cells, nik, 9);
  const year = digitAt(cells, nik, 10) * 10 + digitAt(cells, nik, 11);
  return (
    (day > 40 ? day - 40 : day) === value % 100 &&
    month === Math.floor(value / 100) % 100 &&
    year === Math.floor(value / 10_000) % 100
  );
}

const isSameDate = (A: Int32Array, x: number, B: Int32Array, y: number): boolean =>
  (((A[x] as number) ^ (B[y] as number)) & 0xff) === 0 && ((A[x + 1] as number) ^ (B[y + 1] as number)) >>> 16 === 0;

const isSameRegion = (A: Int32Array, x: number, B: Int32Array, y: number): boolean =>
  (A[x] as number) >>> 8 === (B[y] as number) >>> 8;

function plainNikLevel(word: number): Level {
  return (A, a, B, b) => {
    const x = a + word;
    const y = b + word;
    if (isFiller(A, x) || isFiller(B, y)) return 0;
    const equal = inPlace(A, x, B, y);
    return equal >= 14 ? equal - 10 : unequalNikLevel(A, x, B, y, equal);
  };
}

function unequalNikLevel(A: Int32Array, x: number, B: Int32Array, y: number, equal: number): number {
  const sameDate = isSameDate(A, x, B, y);
  if (sameDate && isSameRegion(A, x, B, y)) return 3;
  if (mayBeTwoEdits(A, x, B, y, equal) && edits(A, x, B, y) <= 2) return 4;
  return sameDate ? 2 : 1;
}

/** Two family-card numbers: 3 equal · 2 fourteen digits in place · 1 else · 0 a filler or too short. */
export function familyCardLevel({ place: { word } }: Comparing): Level {
  return (A, a, B, b) => {
    if (isFiller(A, a + word) || isFiller(B, b + word)) return 0;
    const equal = inPlace(A, a + word, B, b + word);
    if (equal === 16) return 3;
    return equal >= 14 ? 2 : 1;
  };
}

/** Digits of one number or text that stand in place: a level a threshold, strictest first; equal is the highest. */
export function digitsLevel({ comparison, place: { column, word }, lexica }: Comparing): Level {
  const thresholds = comparison.levels;
  const top = thresholds.length + 2;
  const graded = (common: number) => {
    for (let i = 0; i < thresholds.length; i += 1) if (common >= (thresholds[i] as number)) return top - 1 - i;
    return 1;
  };
  if (column.as !== "text") {
    return (A, a, B, b) => {
      if (A[a + word] === -1 || B[b + word] === -1) return 0;
      const equal = inPlace(A, a + word, B, b + word);
      return equal === 16 ? top : graded(equal);
    };
  }
  const pool = lexica.get("text")?.data.pool;
  if (!pool) throw new Error("no lexicon for text");
  return (A, a, B, b) => {
    const x = A[a + word] as number;
    const y = B[b + word] as number;
    if (x === 0 || y === 0) return 0;
    if (x === y) return top;
    const length = Math.min(pool.length[x] as number, pool.length[y] as number);
    let common = 0;
    for (let i = 0; i < length; i += 1)
      if (pool.codes[(pool.start[x] as number) + i] === pool.codes[(pool.start[y] as number) + i]) common += 1;
    return graded(common);
  };
}

const inPlace = (A: Int32Array, x: number, B: Int32Array, y: number): number =>
  equalDigits(A[x] as number, B[y] as number) + equalDigits(A[x + 1] as number, B[y + 1] as number);

/**
 * Whether two edits are possible at all, cheaply: two edits leave at least twelve digits in place, before them, after them, or moved by
 * one between them.
 */
function mayBeTwoEdits(A: Int32Array, x: number, B: Int32Array, y: number, equal: number): boolean {
  if (equal >= 12) return true;
  const high = A[x] as number;
  const low = A[x + 1] as number;
  const left = equalDigits((high << 4) | (low >>> 28), B[y] as number) + equalDigits(low << 4, B[y + 1] as number);
  if (equal + left >= 12) return true;
  const right = equalDigits(high >>> 4, B[y] as number) + equalDigits((low >>> 4) | (high << 28), B[y + 1] as number);
  return equal + right >= 12;
}

const first = new Uint16Array(16);
const second = new Uint16Array(16);

function edits(A: Int32Array, x: number, B: Int32Array, y: number): number {
  return osaDistance(first, 0, unpack(A, x, first), second, 0, unpack(B, y, second), 2);
}

function unpack(cells: Int32Array, at: number, into: Uint16Array): number {
  let length = 0;
  for (let i = 0; i < 16; i += 1) {
    const digit = digitAt(cells, at, i);
    if (digit > 9) break;
    into[i] = digit;
    length += 1;
  }
  return length;
}
