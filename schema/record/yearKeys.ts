import { dayInWib } from "../values/wib.ts";

/** Keys of the record by calendar year in western Indonesia. A year that is not there is shredded: its tags are noise for ever. */
export type YearKeys = ReadonlyMap<number, string>;

const LEAST_CHARACTERS = 32;

/**
 * Out of `2026:<secret>,2027:<secret>`, parted by commas or lines. Every fault at once; with any, the keys are not to be used. A secret
 * has no comma and no white space.
 */
export function readYearKeys(text: string): { readonly keys: YearKeys; readonly faults: readonly string[] } {
  const keys = new Map<number, string>();
  const faults: string[] = [];
  const parts = text.split(/[,\s]+/).filter((part) => part !== "");
  if (parts.length === 0) faults.push("names no year: write <year>:<secret>, one for each year held");
  for (const [index, part] of parts.entries()) {
    const [, year = "", secret = ""] = /^(20\d\d):(.*)$/.exec(part) ?? [];
    if (year === "") faults.push(`part ${index + 1} is not <year>:<secret>`);
    else if (secret.length < LEAST_CHARACTERS)
      faults.push(`year ${year}: the secret must have at least ${LEAST_CHARACTERS} characters`);
    else if (keys.has(Number(year))) faults.push(`year ${year} is there twice`);
    else if ([...keys.values()].includes(secret))
      faults.push(`year ${year} has the secret of another year: dropping one must leave the other`);
    else keys.set(Number(year), secret);
  }
  return { keys, faults };
}

/** What everybody knows, for any year: a setting cannot say it. */
const devYearKey = (year: number): string => `dtks-hub development key of the access record ${year}`;

const FIRST_YEAR = 2020;
const LAST_YEAR = 2099;

/** Keys of development. */
export const devYearKeys = (): YearKeys =>
  new Map(Array.from({ length: LAST_YEAR - FIRST_YEAR + 1 }, (_, n) => [FIRST_YEAR + n, devYearKey(FIRST_YEAR + n)]));

/**
 * Keys as the setting HUB_RECORD_KEYS gives them (`text`; undefined: it is not set), with every fault of it in a sentence. In development unset
 * means those everybody knows; they hold spaces, so no setting can name them.
 */
export function recordKeysOf(
  text: string | undefined,
  { isDev }: { readonly isDev: boolean },
): { readonly keys: YearKeys; readonly faults: readonly string[] } {
  if (text === undefined && isDev) return { keys: devYearKeys(), faults: [] };
  const { keys, faults } = readYearKeys(text ?? "");
  return { keys, faults: faults.map((fault) => `HUB_RECORD_KEYS ${fault}`) };
}

/** The key of these years, newest first; a year without one is left out. */
export const keysOf = (keys: YearKeys, years: readonly number[]): string[] =>
  [...new Set(years)].sort((a, b) => b - a).flatMap((year) => keys.get(year) ?? []);

/** Calendar year there at an instant. */
export const yearInWib = (at: Date): number => Number(dayInWib(at).slice(0, 4));
