import { badInput } from "../../kit/errors.ts";
import type { AidLineRow, Stretch } from "./data.ts";

/** A line with an enrolment. */
export interface LineRow extends AidLineRow {
  readonly enrolmentId: string;
  readonly program: string;
}
export interface FamilyAidRow {
  readonly members: number;
  readonly lines: readonly LineRow[];
  /** Whole rupiah. */
  readonly total: string;
  readonly perHeadAMonth: string | null;
}

const MOST_YEARS = 5;
const [YEAR, MONTH, MONTHS_A_YEAR] = [[0, 4], [5, 7], 12] as const;

/** Months from January of the year 0. */
const monthOf = (day: string): number => Number(day.slice(...YEAR)) * MONTHS_A_YEAR + Number(day.slice(...MONTH));

/** Throws BAD_USER_INPUT for a period that ends before it begins, or is longer than five years. */
export function checkStretch({ from, to }: Stretch): void {
  if (to < from) throw badInput("to must not be before from");
  if (monthOf(to) - monthOf(from) > MOST_YEARS * MONTHS_A_YEAR) throw badInput(`from and to must lie within ${MOST_YEARS} years`);
}

/** What the lines of one family come to; null without any, for then the family is not known. Sums in whole rupiah, rounded down once at the end. */
export function familyAid(rows: readonly AidLineRow[], { from, to }: Stretch): FamilyAidRow | null {
  const [first] = rows;
  if (!first) return null;
  const total = rows.reduce((sum, { value }) => sum + BigInt(value), 0n);
  const months = BigInt(monthOf(to) - monthOf(from) + 1);
  const lines = rows.flatMap((row) =>
    row.enrolmentId === null || row.program === null ? [] : [{ ...row, enrolmentId: row.enrolmentId, program: row.program }],
  );
  const perHeadAMonth = first.members === 0 ? null : String(total / (BigInt(first.members) * months));
  return { members: first.members, lines, total: String(total), perHeadAMonth };
}
