/** What is asked of a cube, as the arguments of `statistics` have it. */
export interface Asked {
  readonly cube: string;
  /** Digits; `0`: the whole country. */
  readonly region: string;
  /** The rows are the regions of this level within the region; null: the region itself. */
  readonly level: Level | null;
  /** Months, `YYYY-MM`. Without `from` one month: the newest up to `to`, or of all. */
  readonly from: string | null;
  readonly to: string | null;
  /** To break down by. */
  readonly dimensions: readonly string[];
  readonly filter: readonly Filter[];
}

export interface Filter {
  readonly dimension: string;
  readonly codes: readonly string[];
}

export const LEVELS = ["COUNTRY", "PROVINCE", "REGENCY", "DISTRICT", "VILLAGE"] as const;
export type Level = (typeof LEVELS)[number];

/** The whole country. */
export const COUNTRY = "0";
/** Code of a total in a key. */
export const TOTAL = "*";
const DIGITS = [1, 2, 4, 6, 10];

/** A code of a region, digits only, or of the country. */
export const isRegion = (code: string): boolean => code === COUNTRY || /^\d{2}(\d{2}(\d{2}(\d{4})?)?)?$/.test(code);

export const levelOf = (region: string): Level => LEVELS[DIGITS.indexOf(region.length)] ?? "COUNTRY";

/** Levels below that of the region, down to `depth`. */
export const levelsBelow = (region: string, depth: Level): readonly Level[] =>
  LEVELS.slice(LEVELS.indexOf(levelOf(region)) + 1, LEVELS.indexOf(depth) + 1);

/** The region, or the one above it that a cube of this depth has. */
export const regionWithin = (region: string, depth: Level): string =>
  region === COUNTRY ? region : region.slice(0, Math.max(2, DIGITS[LEVELS.indexOf(depth)] ?? 2));

/** The regions above and the region itself, from the country on. */
export const pathTo = (region: string): readonly string[] => [
  COUNTRY,
  ...DIGITS.slice(1)
    .filter((digits) => digits <= region.length && region !== COUNTRY)
    .map((digits) => region.slice(0, digits)),
];

/** As variables of the question: what is absent is null. */
export const variablesOf = ({ region, ...asked }: Asked) => ({ ...asked, region: region === COUNTRY ? null : region });
