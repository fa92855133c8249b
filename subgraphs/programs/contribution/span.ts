import { badInput } from "../../kit/errors.ts";

const MOST_MONTHS = 24;
const MONTH = /^(20[0-9]{2})-(0[1-9]|1[0-2])$/;

/** Months since the year 0 of `YYYY-MM`; NaN for anything else. */
const monthOf = (text: string): number => {
  const [, year, month] = MONTH.exec(text) ?? [];
  return Number(year) * 12 + Number(month);
};

/** First days of the first and the last month of a span. BAD_USER_INPUT: no months, the wrong way round, or more than 24. */
export function spanOf(from: string, to: string): { readonly from: string; readonly to: string } {
  const length = monthOf(to) - monthOf(from) + 1;
  if (!(length >= 1 && length <= MOST_MONTHS))
    throw badInput(`from, to must be months as YYYY-MM, at most ${MOST_MONTHS} of them`);
  return { from: `${from}-01`, to: `${to}-01` };
}
