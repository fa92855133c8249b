import { CUBES, type CubeDefinition } from "../../../schema/statistics/cubes.ts";
import { beginningOf, mondaysOf } from "./calendar.ts";

/** Cubes that are released together. */
export interface Universe {
  readonly code: string;
  readonly slice: CubeDefinition["slice"];
  readonly cubes: readonly string[];
  readonly isDated: boolean;
  readonly isWeekly: boolean;
}

/** A month of a universe, as its slice and the statistics have it. */
export interface MonthStanding {
  readonly month: string;
  /** The slice counts it no more. */
  readonly isClosed: boolean;
  /** Highest number the slice has given out; 0: none. */
  readonly number: number;
  /** Instant that the oldest of its figures in force are of; null: of one of its cubes none are. */
  readonly asOf: Date | null;
}

export interface Due {
  readonly month: string;
  readonly isFinal: boolean;
}

export const UNIVERSES: readonly Universe[] = [...new Set(CUBES.map(({ universe }) => universe))].map((code) => {
  const cubes = CUBES.filter(({ universe }) => universe === code);
  const [{ slice, isDated } = { slice: "welfare" as const, isDated: false }] = cubes;
  const isWeekly = cubes.some(({ refresh }) => refresh === "WEEKLY");
  return { code, slice, cubes: cubes.map((cube) => cube.code), isDated, isWeekly };
});

/** Releases of a cube and month: each is one more look at the same people (docs/statistics/disclosure.md). */
export const BUDGET = 6;

/**
 * Instants by which figures of a month are due, in order: when it begins, on Mondays where the universe is weekly, when it is over; payments go on for months,
 * so theirs are told one and three months later again. As many Mondays as the budget leaves, the last ones.
 */
export function slotsOf({ isDated, isWeekly }: Pick<Universe, "isDated" | "isWeekly">, month: string): readonly Date[] {
  const ends = (isDated ? [1, 2, 4] : [1]).map((later) => beginningOf(month, later));
  const mondays = isWeekly ? mondaysOf(month).slice(-(BUDGET - 1 - ends.length)) : [];
  return [beginningOf(month), ...mondays, ...ends];
}

/**
 * Which months are to be released now. `event`: instant of the last act after which the open month is released out of turn, where the budget leaves more than
 * its slots need; null: none. What a slot missed while nobody published is not made up for, and what went wrong on the way never costs the last release of a month.
 */
export function dueOf(universe: Universe, { standings, event, now }: Ground): Due[] {
  return standings.flatMap((standing) => {
    const slots = slotsOf(universe, standing.month);
    const isOver = beginningOf(standing.month, 1) <= now;
    const isKnown = universe.isDated || isOver === standing.isClosed;
    return isKnown && isDue({ standing, slots, event: isOver ? null : event, now })
      ? [{ month: standing.month, isFinal: isOver }]
      : [];
  });
}

interface Ground {
  readonly standings: readonly MonthStanding[];
  readonly event: Date | null;
  readonly now: Date;
}

interface Judging {
  readonly standing: MonthStanding;
  readonly slots: readonly Date[];
  readonly event: Date | null;
  readonly now: Date;
}

function isDue({ standing: { month, number, asOf }, slots, event, now }: Judging): boolean {
  const last = slots.findLast((slot) => slot <= now);
  if (!last || number >= BUDGET) return false;
  const ahead = slots.filter((slot) => slot > now);
  const mustKeep = ahead.filter((slot) => slot >= beginningOf(month, 1)).length;
  if (asOf === null || asOf < last) return number + mustKeep < BUDGET;
  return event !== null && asOf < event && number + ahead.length < BUDGET;
}
