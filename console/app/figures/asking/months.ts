import type { Cube } from "./cells.ts";

const MONTHS_SHOWN = 12;

const numberOf = (month: string): number => Number(month.slice(0, 4)) * 12 + Number(month.slice(5)) - 1;
const monthOf = (number: number): string => `${Math.floor(number / 12)}-${String((number % 12) + 1).padStart(2, "0")}`;

/** A year of months up to one, or to the newest released. */
export function yearUpTo(
  month: string | null,
  { releases }: Pick<Cube, "releases">,
): { readonly from: string | null; readonly to: string | null } {
  const to = month ?? releases[0]?.period ?? null;
  return { from: to === null ? null : monthOf(numberOf(to) + 1 - MONTHS_SHOWN), to };
}

/** All months from one to another. */
export const monthsBetween = (from: string, to: string): string[] =>
  Array.from({ length: numberOf(to) - numberOf(from) + 1 }, (_, at) => monthOf(numberOf(from) + at));
