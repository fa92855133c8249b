import { badInput } from "../../kit/errors.ts";

/** First and last day of a period, `YYYY-MM-DD`. */
export interface Days {
  readonly begins: string;
  readonly ends: string;
}

const FORM = /^(20[0-9]{2})(?:-(?:S([12])|Q([1-4])|(0[1-9]|1[0-2])))?$/;
const [YEAR, HALF_YEAR, QUARTER] = [12, 6, 3];

/** Days of a period: a year, half year, quarter or month (`2026`, `2026-S1`, `2026-Q3`, `2026-09`). Anything else is BAD_USER_INPUT. */
export function daysOf(period: string): Days {
  const [, year, half, quarter, month] = FORM.exec(period) ?? [];
  if (year === undefined)
    throw badInput("period must be a year, half year, quarter or month, such as 2026, 2026-S1, 2026-Q3 or 2026-09");
  if (half !== undefined) return spanning(year, Number(half), HALF_YEAR);
  if (quarter !== undefined) return spanning(year, Number(quarter), QUARTER);
  return month === undefined ? spanning(year, 1, YEAR) : spanning(year, Number(month), 1);
}

const day = (year: string, month: number, ofMonth: number): string =>
  new Date(Date.UTC(Number(year), month, ofMonth)).toISOString().slice(0, 10);

/** The nth stretch of so many months in a year. */
const spanning = (year: string, nth: number, months: number): Days => ({
  begins: day(year, (nth - 1) * months, 1),
  ends: day(year, nth * months, 0),
});
