import { language } from "./text.tsx";

const LOCALE = language === "id" ? "id-ID" : "en-ID"; // `en` alone would print IDR and GMT+7
const COUNT = new Intl.NumberFormat(LOCALE);
const COMPACT = new Intl.NumberFormat(LOCALE, { notation: "compact", maximumFractionDigits: 1 });
const RUPIAH = new Intl.NumberFormat(LOCALE, { style: "currency", currency: "IDR", maximumFractionDigits: 0 });
const SHARE = new Intl.NumberFormat(LOCALE, { style: "percent", maximumFractionDigits: 1 });
const DAY = new Intl.DateTimeFormat(LOCALE, { dateStyle: "long" });
const DAY_OF_DATE = new Intl.DateTimeFormat(LOCALE, { dateStyle: "long", timeZone: "UTC" });
const MOMENT = new Intl.DateTimeFormat(LOCALE, {
  ...{ day: "numeric", month: "short", year: "numeric" },
  ...{ hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZoneName: "short" },
});
/** Legal deadlines are told in WIB wherever the reader is. */
const DEADLINE = new Intl.DateTimeFormat(LOCALE, { dateStyle: "medium", timeStyle: "short", timeZone: "Asia/Jakarta" });

export const count = (value: number | bigint | string): string => COUNT.format(typeof value === "string" ? BigInt(value) : value);
export const compact = (value: number): string => COMPACT.format(value);
/** Rupiah come as strings: exact, whatever their size. */
export const rupiah = (value: string): string => RUPIAH.format(BigInt(value));
/** `part` from 0 to 1. */
export const share = (part: number): string => SHARE.format(part);
/** A GraphQL Date (2026-11-21) or the day of a DateTime. */
export const day = (value: string): string =>
  /^\d{4}-\d\d-\d\d$/.test(value) ? DAY_OF_DATE.format(new Date(`${value}T00:00:00Z`)) : DAY.format(new Date(value));
/** In the zone of the reader's clock, which it names. */
export const moment = (value: string): string => MOMENT.format(new Date(value));
export const deadline = (value: string): string => `${DEADLINE.format(new Date(value))} WIB`;
