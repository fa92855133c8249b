import { bearersAt, childrenIn, type Figure, isWithheld, SUMS, type Table } from "./table.ts";

/** Fewer persons, or fewer units, than this in a cell point at somebody. */
const SMALLEST_CELL = 10;
/** p of the p % rule: what is left beside the two largest must be this share of the largest, or the second could reckon the first. */
const DOMINANCE = 0.1;

/** Whether figures of so many, of whom two have so much of the total, point at somebody. Of nobody they do too: 0 to 9 are not told apart. */
export const pointsAtSomebody = (bearers: number, { total, largest, second }: Amounts): boolean =>
  bearers < SMALLEST_CELL || total - largest - second < DOMINANCE * largest;

interface Amounts {
  readonly total: number;
  readonly largest: number;
  readonly second: number;
}

export const amountsAt = (table: Table, cell: number, figure: Figure): Amounts =>
  figure === SUMS
    ? {
        total: table.totals[cell] as number,
        largest: table.largest[cell] as number,
        second: table.second[cell] as number,
      }
    : NOTHING;
const NOTHING: Amounts = { total: 0, largest: 0, second: 0 };

/** A sum and its parts. */
interface Line {
  readonly sum: number;
  readonly first: number;
  readonly step: number;
  readonly parts: number;
}

export type Hide = (table: Table, cell: number, figure: Figure) => void;

/**
 * Withholds the smallest parts of each line until what a shown sum leaves open is nothing, or of so many that it might be shown itself. Answers whether it
 * withheld any; to be asked again then, because a cell stands in several lines.
 */
export function closeLines(table: Table, figure: Figure, hide: Hide): boolean {
  let hasHidden = false;
  for (const line of linesOf(table))
    while (!isWithheld(table, line.sum, figure) && isOpen(table, line, figure)) {
      hide(table, smallestShown(table, line, figure), figure);
      hasHidden = true;
    }
  return hasHidden;
}

function* linesOf(table: Table): Generator<Line> {
  const { height, width, regions, axes } = table;
  for (let region = 0; region < height; region++) {
    const parts = childrenIn(table, region);
    const first = (regions.first[region] as number) * width;
    for (let at = 0; parts > 0 && at < width; at++) yield { sum: region * width + at, first: first + at, step: width, parts };
  }
  for (const axis of axes)
    for (let sum = 0; sum < height * width; sum++) {
      const digit = Math.trunc((sum % width) / axis.stride) % axis.size;
      const parts = axis.count[digit] as number;
      if (parts > 0) yield { sum, first: sum + ((axis.first[digit] as number) - digit) * axis.stride, step: axis.stride, parts };
    }
}

/** Whether the parts withheld are of somebody, yet of so few that their sum points at them. */
function isOpen(table: Table, { first, step, parts }: Line, figure: Figure): boolean {
  let [persons, units, total, largest, second] = [0, 0, 0, 0, 0];
  for (let n = 0, cell = first; n < parts; n++, cell += step) {
    if (!isWithheld(table, cell, figure)) continue;
    persons += table.persons[cell] as number;
    units += table.units[cell] as number;
    if (figure !== SUMS) continue;
    const one = amountsAt(table, cell, figure);
    total += one.total;
    second = Math.max(Math.min(largest, one.largest), second, one.second);
    largest = Math.max(largest, one.largest);
  }
  return units > 0 && pointsAtSomebody(Math.min(persons, units), { total, largest, second });
}

function smallestShown(table: Table, { sum, first, step, parts }: Line, figure: Figure): number {
  let smallest = sum; // where no part is left to withhold, the sum itself
  for (let n = 0, cell = first; n < parts; n++, cell += step)
    if (!isWithheld(table, cell, figure) && (smallest === sum || bearersAt(table, cell) < bearersAt(table, smallest)))
      smallest = cell;
  return smallest;
}
