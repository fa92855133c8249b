import type { Language } from "../../schema/errors.ts";

const LOCALES: Readonly<Record<Language, string>> = { id: "id-ID", en: "en-ID" };
const DAY = { day: "numeric", month: "long", year: "numeric" } as const;

/** `2026-11-21` as people write it; "" for null. */
export const dayOf = (date: string | null | undefined, language: Language): string =>
  date
    ? new Intl.DateTimeFormat(LOCALES[language], { ...DAY, timeZone: "UTC" }).format(new Date(`${date.slice(0, 10)}T00:00:00Z`))
    : "";

/** An instant in western Indonesia, where legal terms are counted: `21 November 2026 10.05 WIB`; "" for null. */
export function instantOf(instant: string | null | undefined, language: Language): string {
  if (!instant) return "";
  const at = new Date(instant);
  const zone = { timeZone: "Asia/Jakarta" };
  const time = new Intl.DateTimeFormat(LOCALES[language], {
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    ...zone,
  }).format(at);
  return `${new Intl.DateTimeFormat(LOCALES[language], { ...DAY, ...zone }).format(at)} ${time} WIB`;
}

/** Whole rupiah of a string of digits; "" for null. Never through a double. */
export const rupiahOf = (amount: string | null | undefined, language: Language): string =>
  amount
    ? new Intl.NumberFormat(LOCALES[language], { style: "currency", currency: "IDR", maximumFractionDigits: 0 }).format(
        BigInt(amount),
      )
    : "";

/** `JAWA TIMUR` as people write it; what is not all in capitals was written by somebody who knew. */
export const placeOf = (name: string): string =>
  name === name.toUpperCase()
    ? name.toLowerCase().replace(/[\p{L}]+/gu, (word) => (INITIALS.has(word) ? word.toUpperCase() : capital(word)))
    : name;
const INITIALS: ReadonlySet<string> = new Set(["dki", "di", "ii", "iii", "iv", "vi", "vii", "viii", "ix", "xi", "xii"]);
const capital = (word: string): string => `${word.charAt(0).toUpperCase()}${word.slice(1)}`;

/** A day of three fields as ISO; null when there is no such day. */
export function isoOf({
  day,
  month,
  year,
}: {
  readonly day: string;
  readonly month: string;
  readonly year: string;
}): string | null {
  if (!/^\d{1,2}$/.test(day) || !/^\d{1,2}$/.test(month) || !/^\d{4}$/.test(year)) return null;
  const iso = `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
  const at = new Date(`${iso}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(iso) ? iso : null;
}
