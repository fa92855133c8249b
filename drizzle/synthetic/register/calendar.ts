import { REFERENCE_DATE } from "../people/compose.ts";
import type { Random } from "../random.ts";

/** Days are counted from 1 January 1900, so that a birth date is one small number and its spellings are looked up. */
const FIRST_YEAR = 1900;
const DAY = 24 * 60 * 60 * 1000;

const dayNumber = (year: number, month: number, day: number) => (Date.UTC(year, month - 1, day) - Date.UTC(FIRST_YEAR, 0)) / DAY;

export const REFERENCE_DAY = dayNumber(...partsOf(REFERENCE_DATE));
const REFERENCE_YEAR = FIRST_YEAR + Math.floor(REFERENCE_DAY / 365.25);

/** The ISO text of every day up to the reference date. */
export const ISO: readonly string[] = Array.from({ length: REFERENCE_DAY + 1 }, (_, day) =>
  new Date(Date.UTC(FIRST_YEAR, 0, 1 + day)).toISOString().slice(0, 10),
);

/** Digits 7 to 12 of a NIK: day of the month, month, year; for women the day + 40. */
export const MALE_DIGITS: readonly string[] = ISO.map((day) => day.slice(8) + day.slice(5, 7) + day.slice(2, 4));
export const FEMALE_DIGITS: readonly string[] = MALE_DIGITS.map(
  (digits) => `${Number(digits.slice(0, 2)) + 40}${digits.slice(2)}`,
);

/** Number of a day's six digits: the same for days a century apart, which share them. */
export const SIX_DIGITS: Int32Array = Int32Array.from(ISO, (day) => {
  const [year, month, dayOfMonth] = partsOf(day);
  return ((year % 100) * 12 + month - 1) * 31 + dayOfMonth - 1;
});
export const SIX_DIGITS_COUNT = 100 * 12 * 31;

/** Year, month and day of an ISO day. */
export function partsOf(iso: string): [year: number, month: number, day: number] {
  return [Number(iso.slice(0, 4)), Number(iso.slice(5, 7)), Number(iso.slice(8, 10))];
}

/** Day number of an ISO day; undefined when there is no such day or it lies after the reference date. */
export function dayOf(iso: string): number | undefined {
  const day = dayNumber(...partsOf(iso));
  return ISO[day] === iso ? day : undefined;
}

/** Family cards of today's register were recorded since. */
export const CARDS_SINCE = dayNumber(2009, 1, 1);

// What clerks wrote when somebody did not know the day: first and last of the year, the middle of it, the day of independence.
const HEAPED: readonly (readonly [month: number, day: number, weight: number])[] = [
  [12, 31, 34],
  [7, 1, 28],
  [1, 1, 18],
  [6, 30, 11],
  [8, 17, 9],
];
const HEAPED_DAYS = HEAPED.flatMap(([month, day, weight]) => new Array<readonly [number, number]>(weight).fill([month, day]));

/** Day of birth of somebody `age` years old (a fraction counts) on the reference date; of the old, many on a heaped day. */
export function bornAt(random: Random, age: number, heaping: number): number {
  const day = Math.max(0, Math.round(REFERENCE_DAY - age * 365.25));
  if (!random.chance(heaping * heapingAt(age))) return day;
  const [month, dayOfMonth] = random.pick(HEAPED_DAYS);
  return Math.min(dayNumber(Math.min(REFERENCE_YEAR - 1, yearOf(day)), month, dayOfMonth), REFERENCE_DAY);
}

export const yearOf = (day: number): number => Number((ISO[day] ?? REFERENCE_DATE).slice(0, 4));
export const ageOn = (day: number): number => (REFERENCE_DAY - day) / 365.25;

function heapingAt(age: number): number {
  if (age > 65) return 0.16;
  return age > 45 ? 0.07 : 0.012;
}
