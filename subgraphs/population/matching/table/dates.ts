/** A day as the integer YYYYMMDD; 0 is missing. */

const ZERO = 48;

/** Where year, month and day stand among the three runs of digits, counted from 0. */
export interface DateFormat {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** From `YYYY-MM-DD`, `DD/MM/YYYY`, `YYYYMMDD` …: only the order of the letters matters. Null when it names no full date. */
export function dateFormat(format: string): DateFormat | null {
  const order = [...new Set(format.toUpperCase().replace(/[^YMD]/g, ""))].join("");
  return order.length === 3 ? { year: order.indexOf("Y"), month: order.indexOf("M"), day: order.indexOf("D") } : null;
}

export const ISO: DateFormat = { year: 0, month: 1, day: 2 };

const parts = new Int32Array(3);

/**
 * The day in these bytes; 0 when there is none (a two-digit year, words). Separators may be anything that is no digit, eight digits
 * without separator are cut by the format; four digits in front are a year whatever the format says. What follows the third part (a time of
 * day) is passed over.
 */
export function readDate(bytes: Uint8Array, from: number, to: number, format: DateFormat): number {
  let at = from;
  let isYearFirst = false;
  for (let count = 0; count < 3; count += 1) {
    const start = digitsFrom(bytes, at, to);
    at = digitsEnd(bytes, start, to);
    const digits = at - start;
    if (digits === 0 || digits > 8) return 0;
    const value = numberOf(bytes, start, at);
    if (digits === 8) return count === 0 ? cut(value, format) : 0;
    isYearFirst ||= count === 0 && digits === 4;
    parts[count] = value;
  }
  const { year, month, day } = isYearFirst ? ISO : format;
  return dayOf(parts[year] as number, parts[month] as number, parts[day] as number);
}

/** Where the next digits begin; the end when letters stand before them: a month's name is not guessed. */
function digitsFrom(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && !isDigit(bytes[at])) {
    if ((bytes[at] as number) >= 64) return to;
    at += 1;
  }
  return at;
}

function digitsEnd(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && isDigit(bytes[at])) at += 1;
  return at;
}

function numberOf(bytes: Uint8Array, from: number, to: number): number {
  let value = 0;
  for (let at = from; at < to; at += 1) value = value * 10 + (bytes[at] as number) - ZERO;
  return value;
}

const isDigit = (code: number | undefined): boolean => code !== undefined && code >= ZERO && code <= ZERO + 9;

function cut(eight: number, format: DateFormat): number {
  const yearFirst = dayOf(Math.floor(eight / 10_000), Math.floor(eight / 100) % 100, eight % 100);
  if (format.year === 0) return yearFirst;
  const first = Math.floor(eight / 1_000_000);
  const second = Math.floor(eight / 10_000) % 100;
  const isDayFirst = format.day === 0;
  const [month, day] = [isDayFirst ? second : first, isDayFirst ? first : second];
  return month > 12 || day > 31 ? yearFirst : dayOf(eight % 10_000, month, day);
}

/**
 * The parts as one integer; 0 without a year. A day that cannot be (13th month, 31 February) keeps its parts: a typing error in one leaves
 * the others comparable. A month or day of 0 says "not known".
 */
export const dayOf = (year: number, month: number, day: number): number =>
  year < 1000 || year > 9999 || month > 99 || day > 99 ? 0 : year * 10_000 + month * 100 + day;

/** Day and month exchanged; the day itself when that makes none. */
export const swapDayMonth = (date: number): number => {
  const [month, day] = [Math.floor(date / 100) % 100, date % 100];
  return day > 12 || day === 0 || month === 0 ? date : Math.floor(date / 10_000) * 10_000 + day * 100 + month;
};
