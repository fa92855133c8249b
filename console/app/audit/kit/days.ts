const DAY_MS = 24 * 60 * 60 * 1000;

/** The instant a day begins in western Indonesia. */
export const beginningOf = (day: string): string => `${day}T00:00:00+07:00`;

/** The instant from which a day there is over: what holds until a day holds on that day, too. */
export const endOf = (day: string): string => new Date(Date.parse(beginningOf(day)) + DAY_MS).toISOString();
