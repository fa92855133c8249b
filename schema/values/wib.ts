const HOUR_MS = 60 * 60 * 1000;
const OFFSET_MS = 7 * HOUR_MS;
const DAY_MS = 24 * HOUR_MS;

/** The calendar day in western Indonesia (WIB, UTC+7, no summer time), `YYYY-MM-DD`: the day the law and every daily limit counts by. */
export function dayInWib(now: Date): string {
  const number = Math.floor((now.getTime() + OFFSET_MS) / DAY_MS);
  if (number !== lately.number) lately = { number, text: new Date(number * DAY_MS).toISOString().slice(0, 10) };
  return lately.text;
}

/** The day asked for last: a gateway asks several times a request. */
let lately = { number: 0, text: "1970-01-01" };

/** The minute there, `YYYY-MM-DD HH:MM`. */
export const timeInWib = (now: Date): string => new Date(now.getTime() + OFFSET_MS).toISOString().slice(0, 16).replace("T", " ");

/** Seconds until the next day begins there: 1 to 86,400. */
export const secondsToMidnightInWib = (now: Date): number => Math.ceil((DAY_MS - ((now.getTime() + OFFSET_MS) % DAY_MS)) / 1000);
