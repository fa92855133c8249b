const DAY_OF_MONTH = new Intl.DateTimeFormat("en-CA", { timeZone: "Asia/Jakarta", day: "numeric" });

/** Day of the month, in Jakarta: the registry's calendar knows no other zone. */
export const dayOfMonth = (): number => Number(DAY_OF_MONTH.format(new Date()));
