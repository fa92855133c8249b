/** Months of figures begin at midnight in western Indonesia, which keeps one time all year. */
const HOUR = 60 * 60 * 1000;
export const DAY = 24 * HOUR;
const WIB = 7 * HOUR;
const MONDAY = 1;

/** Month of an instant, `YYYY-MM`. */
export const monthAt = (at: Date): string => new Date(at.getTime() + WIB).toISOString().slice(0, 7);

/** First instant of a month, or of the one so many months later. */
export function beginningOf(month: string, later = 0): Date {
  const [year = 0, number = 0] = month.split("-").map(Number);
  return new Date(Date.UTC(year, number - 1 + later) - WIB);
}

/** First instants of the Mondays of a month, but for its first day. */
export function mondaysOf(month: string): Date[] {
  const [begins, ends] = [beginningOf(month).getTime(), beginningOf(month, 1).getTime()];
  const days = Array.from({ length: (ends - begins) / DAY - 1 }, (_, day) => new Date(begins + (day + 1) * DAY));
  return days.filter((day) => new Date(day.getTime() + WIB).getUTCDay() === MONDAY);
}

/** The last two o'clock in the night. */
export function lastNight(now: Date): Date {
  const local = now.getTime() + WIB - 2 * HOUR;
  return new Date(local - (local % DAY) + 2 * HOUR - WIB);
}
