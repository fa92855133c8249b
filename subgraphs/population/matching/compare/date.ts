import type { Comparing, Level } from "./kinds.ts";

/**
 * Two days: 7 equal · 6 day and month exchanged · 5 two of three parts, or day and month with the year before or after · 4 a default day
 * (heaped: 1 January, 1 July, 31 December …) in the right year, or day and month alone · 3 the year · 2 a year beside · 1 else · 0 missing.
 */
export function dateLevel({ place: { word } }: Comparing): Level {
  return (A, a, B, b) => {
    const x = A[a + word] as number;
    const y = B[b + word] as number;
    if (x === 0 || y === 0) return 0;
    return x === y ? equalLevel(x) : partsLevel(x, y);
  };
}

/** A date of which only the year is known says only the year. */
const equalLevel = (date: number): number => (date % 100 === 0 || monthOf(date) === 0 ? 3 : 7);

function partsLevel(x: number, y: number): number {
  const years = Math.abs(Math.floor(x / 10_000) - Math.floor(y / 10_000));
  const isSameMonth = isSame(monthOf(x), monthOf(y));
  const isSameDay = isSame(x % 100, y % 100);
  if (years === 0) return sameYearLevel(x, y, isSameMonth || isSameDay);
  if (isSameMonth && isSameDay) return years === 1 ? 5 : 4;
  return years === 1 ? 2 : 1;
}

function sameYearLevel(x: number, y: number, isPartSame: boolean): number {
  if (isSame(monthOf(x), y % 100) && isSame(monthOf(y), x % 100)) return 6;
  if (isPartSame) return 5;
  return DEFAULTS.has(x % 10_000) || DEFAULTS.has(y % 10_000) ? 4 : 3;
}

/** A part of 0 is not known: two of them are not the same. */
const isSame = (x: number, y: number): boolean => x === y && x !== 0;

const monthOf = (date: number): number => Math.floor(date / 100) % 100;

/** Days written where the real one is not known. */
const DEFAULTS: ReadonlySet<number> = new Set([101, 701, 630, 817, 1231]);
