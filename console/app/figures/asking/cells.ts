import { type Level, TOTAL } from "./asked.ts";

export interface Dimension {
  readonly name: string;
  readonly codes: readonly string[];
  /** False: no total over its codes is released. */
  readonly hasTotal: boolean;
}

export interface Release {
  readonly period: string;
  readonly asOf: string;
  readonly isFinal: boolean;
}

/** A registered cube as the hub describes it. */
export interface Cube {
  readonly code: string;
  readonly owner: string;
  readonly unit: string;
  readonly depth: Level;
  readonly dimensions: readonly Dimension[];
  /** Whether cells carry a sum of rupiah. */
  readonly hasTotal: boolean;
  readonly isPublic: boolean;
  /** Neither withheld nor rounded. */
  readonly isOfficial: boolean;
  readonly refresh: "MONTHLY" | "WEEKLY";
  /** Newest month first. */
  readonly releases: readonly Release[];
}

/** One released figure; no numbers: withheld. */
export interface Cell {
  readonly period: string;
  readonly regionCode: string;
  /** Null: the whole country, or nobody can name it now. */
  readonly region: { readonly name: string | null } | null;
  readonly key: readonly string[];
  readonly units: number | null;
  readonly persons: number | null;
  readonly total: string | null;
  readonly isSuppressed: boolean;
  readonly asOf: string | null;
}

type Place = { readonly region: string; readonly period?: string } & Readonly<Record<string, string>>;

const placeName = (region: string, key: readonly string[], period: string): string => [region, ...key, period].join("|");

/** Finds a cell by region and codes; what is not said is the total, and the newest month. Undefined: it was not answered. */
export function finderOf({ dimensions }: Pick<Cube, "dimensions">, cells: readonly Cell[]): (place: Place) => Cell | undefined {
  const known = new Map(cells.map((cell) => [placeName(cell.regionCode, cell.key, cell.period), cell]));
  const newest = monthsOf(cells).at(-1) ?? "";
  return ({ region, period = newest, ...codes }) => {
    const key = dimensions.map(({ name }) => (codes as Readonly<Record<string, string>>)[name] ?? TOTAL);
    return known.get(placeName(region, key, period));
  };
}

/** In order. */
export const monthsOf = (cells: readonly Cell[]): string[] => [...new Set(cells.map(({ period }) => period))].sort();

/** In the order answered: by code. */
export const regionsOf = (cells: readonly Cell[]): string[] => [...new Set(cells.map(({ regionCode }) => regionCode))];

/** A part of a whole as 0 to 1; null where one of them is not known or nobody is there. */
export function shareOf(part: number | null | undefined, whole: number | null | undefined): number | null {
  return part == null || whole == null || whole === 0 ? null : part / whole;
}

/** Null where one is not known: a sum over what is withheld would pass for the whole. */
export const sumOf = (numbers: readonly (number | null | undefined)[]): number | null =>
  numbers.reduce<number | null>((sum, one) => (sum === null || one == null ? null : sum + one), 0);

const DAY_MS = 24 * 60 * 60 * 1000;
/** A week and a month with what a release may take. */
const OLDEST_DAYS = { WEEKLY: 9, MONTHLY: 33 } as const;

/** Newest instant of any month, and whether the cube's schedule had promised a newer one by `now`. Null: nothing was released. */
export function freshnessOf(
  { releases, refresh }: Pick<Cube, "releases" | "refresh">,
  now: number,
): { readonly asOf: string; readonly isLate: boolean } | null {
  const asOf = releases
    .map((one) => one.asOf)
    .sort()
    .at(-1);
  if (asOf === undefined) return null;
  return { asOf, isLate: now - Date.parse(asOf) > OLDEST_DAYS[refresh] * DAY_MS };
}
