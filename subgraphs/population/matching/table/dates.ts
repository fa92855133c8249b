/** A day as the integer YYYYMMDD; 0 is missing. */

const ZERO = 48;

/** Where year, month and day stand among the runs of digits, and how `YYYYMMDD`-like runs are cut. */
export interface DateFormat {
  readonly order: readonly ("Y" | "M" | "D")[];
}

/** From `YYYY-MM-DD`, `DD/MM/YYYY`, `YYYYMMDD` …: only the order of the letters matters. Null when it names no full date. */
export function dateFormat(format: string): DateFormat | null {
  const order = [...new Set(format.toUpperCase().replace(/[^YMD]/g, ""))] as ("Y" | "M" | "D")[];
  return order.length === 3 ? { order } : null;
}

export const ISO: DateFormat = { order: ["Y", "M", "D"] };

const parts = new Int32Array(3);

/**
 * The day in these bytes; 0 when there is none (a two-digit year, words). Separators may be anything that is no digit; eight
 * digits without separator are cut by the format. What follows the third part (a time of day) is passed over.
 */
export function readDate(bytes: Uint8Array, from: number, to: number, { order }: DateFormat): number {
  let at = from;
  for (let count = 0; count < 3; count += 1) {
    const start = digitsFrom(bytes, at, to);
    at = start;
    let value = 0;
    for (; at < to && isDigit(bytes[at]); at += 1) value = value * 10 + (bytes[at] as number) - ZERO;
    if (at === start || at - start > 8) return 0;
    if (at - start === 8 && count === 0) return cut(value, order);
    parts[count] = value;
  }
  const part = (letter: "Y" | "M" | "D") => parts[order.indexOf(letter)] as number;
  return dayOf(part("Y"), part("M"), part("D"));
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

const isDigit = (code: number | undefined): boolean => code !== undefined && code >= ZERO && code <= ZERO + 9;

function cut(eight: number, order: DateFormat["order"]): number {
  if (order[0] === "Y") return dayOf(Math.floor(eight / 10_000), Math.floor(eight / 100) % 100, eight % 100);
  const [first, second, year] = [Math.floor(eight / 1_000_000), Math.floor(eight / 10_000) % 100, eight % 10_000];
  return order[0] === "D" ? dayOf(year, second, first) : dayOf(year, first, second);
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
