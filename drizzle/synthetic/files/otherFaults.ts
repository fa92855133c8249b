import type { Random } from "../random.ts";
import { partsOf } from "../register/calendar.ts";
import type { FaultOf } from "./rates.ts";
import type { DateFormat } from "./sources.ts";

/** Year, month and day as they stand in a list: they need not be a day there was. */
type Parts = readonly [year: number, month: number, day: number];

const DEFAULTS = [
  [1, 1],
  [1, 1],
  [7, 1],
  [12, 31],
  [6, 30],
  [8, 17],
] as const;

/** The birth date as the list has it; undefined: none. */
export function spoiledDate(random: Random, kind: FaultOf<"birthDate">, iso: string): Parts | undefined {
  const [year, month, day] = partsOf(iso);
  switch (kind) {
    case "DATE_MISSING":
      return undefined;
    case "DATE_SWAPPED":
      return swapped([year, month, day]) ?? [year, month, otherThan(random, day, 28)];
    case "DATE_DEFAULT":
      return [random.chance(0.7) ? year : year + random.between(-2, 2), ...random.pick(DEFAULTS)];
    case "DATE_DAY":
      return [year, month, otherThan(random, day, 28)];
    case "DATE_MONTH":
      return [year, otherThan(random, month, 12), Math.min(day, 28)];
    case "DATE_YEAR_NEAR":
      return [year + random.pick([-1, 1]), month, Math.min(day, 28)];
    case "DATE_YEAR":
      return [random.chance(0.5) ? year - 10 : year - random.between(2, 9), month, Math.min(day, 28)];
  }
}

/** Day and month exchanged, where that is a date and another one. */
export const swapped = ([year, month, day]: Parts): Parts | undefined =>
  day <= 12 && day !== month ? [year, day, month] : undefined;

const otherThan = (random: Random, right: number, highest: number) =>
  ((right - 1 + random.between(1, highest - 1)) % highest) + 1;

export function dateText(parts: Parts | undefined, format: DateFormat): string {
  if (!parts) return "";
  const [year, month, day] = parts.map((part) => String(part).padStart(2, "0")) as [string, string, string];
  switch (format) {
    case "YYYY-MM-DD":
      return `${year}-${month}-${day}`;
    case "DD-MM-YYYY":
      return `${day}-${month}-${year}`;
    case "DD/MM/YYYY":
      return `${day}/${month}/${year}`;
    case "YYYYMMDD":
      return year + month + day;
  }
}

/** The birth place as the list has it; `residence`: name of the district's regency. */
export function spoiledPlace(
  random: Random,
  kind: FaultOf<"birthPlace">,
  { place, residence }: { place: string; residence: string },
) {
  switch (kind) {
    case "PLACE_MISSING":
      return "";
    case "PLACE_OTHER":
      return residence === place ? random.pick(["JAKARTA", "DESA", "SURABAYA", "KAMPUNG"]) : residence;
    case "PLACE_PREFIXED":
      return random.pick(["KAB. ", "KAB ", "KABUPATEN ", "KOTA ", "KEC. "]) + place;
    case "PLACE_TYPO": {
      const at = random.between(0, Math.max(0, place.length - 2));
      return random.chance(0.5) ? place.slice(0, at) + place.slice(at + 1) : place.slice(0, Math.max(3, at));
    }
  }
}
