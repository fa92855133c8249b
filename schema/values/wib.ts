const HOUR_MS = 60 * 60 * 1000;
const OFFSET_MS = 7 * HOUR_MS;
const DAY_MS = 24 * HOUR_MS;

/** The calendar day in western Indonesia (WIB, UTC+7, no summer time), `YYYY-MM-DD`: the day the law and every daily limit counts by. */
export const dayInWib = (now: Date): string => new Date(now.getTime() + OFFSET_MS).toISOString().slice(0, 10);

/** The minute there, `YYYY-MM-DD HH:MM`. */
export const timeInWib = (now: Date): string => new Date(now.getTime() + OFFSET_MS).toISOString().slice(0, 16).replace("T", " ");

/** Seconds until the next day begins there: 1 to 86,400. */
export const secondsToMidnightInWib = (now: Date): number => Math.ceil((DAY_MS - ((now.getTime() + OFFSET_MS) % DAY_MS)) / 1000);
