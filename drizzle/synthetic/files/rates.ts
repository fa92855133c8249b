import { type Random, randomFrom } from "../random.ts";
import type { Source } from "./sources.ts";

/** Kinds of faults of a value, with the weights they start from (matching reference §1; published shares where there are any). */
const KINDS = {
  nik: {
    NIK_MISSING: 20,
    NIK_FILLER: 12,
    NIK_ONE_DIGIT: 20,
    NIK_TWO_DIGITS: 5,
    NIK_TRANSPOSED: 7,
    NIK_SHORT: 6,
    NIK_LAST_ZERO: 6,
    NIK_SERIAL_INVENTED: 9,
    NIK_OF_RELATIVE: 7,
    NIK_WITHOUT_40: 3,
    NIK_OF_RESIDENCE: 4,
  },
  card: { CARD_MISSING: 15, CARD_FILLER: 7, CARD_OLD: 50, CARD_TYPO: 16, CARD_OF_OTHERS: 12 },
  name: {
    NAME_TITLE: 8,
    NAME_DEGREE: 3,
    NAME_ABBREVIATED: 14,
    NAME_OLD_SPELLING: 8,
    NAME_VARIANT: 18,
    NAME_WORD_DROPPED: 12,
    NAME_INITIAL: 6,
    NAME_ORDER: 3,
    NAME_MERGED: 5,
    NAME_SPLIT: 3,
    NAME_NICKNAME: 8,
    NAME_TYPO: 16,
    NAME_CUT: 3,
  },
  birthDate: {
    DATE_MISSING: 16,
    DATE_SWAPPED: 16,
    DATE_DEFAULT: 18,
    DATE_DAY: 18,
    DATE_MONTH: 10,
    DATE_YEAR_NEAR: 14,
    DATE_YEAR: 8,
  },
  birthPlace: { PLACE_MISSING: 25, PLACE_OTHER: 30, PLACE_PREFIXED: 25, PLACE_TYPO: 20 },
} as const;

type Field = keyof typeof KINDS;
export type FaultOf<F extends Field> = keyof (typeof KINDS)[F];
export type NameFault = FaultOf<"name">;

/** Everything that can be wrong with a row. */
export type Fault =
  | { [F in Field]: FaultOf<F> }[Field]
  | "MOTHER_MISSING"
  | "MOTHER_SPELLED"
  | "MOTHER_OTHER"
  | "SEX_WRONG"
  | "SEX_MISSING"
  | "VILLAGE_MOVED"
  | "VILLAGE_MISSING"
  | "NAME_OF_SPOUSE"
  | "NAME_OF_SIBLING"
  | "DUPLICATE"
  | "DATE_MISREAD"
  | "COLUMNS_SHIFTED";

/** Lowest and highest share of rows that a fault, or a field's faults together, may have in a file. */
const RANGES = {
  nik: [0.13, 0.19],
  card: [0.12, 0.3],
  name: [0.14, 0.34],
  birthDate: [0.035, 0.1],
  birthPlace: [0.1, 0.3],
  motherMissing: [0.03, 0.25],
  motherSpelled: [0.12, 0.3],
  motherOther: [0.002, 0.012],
  sexWrong: [0.003, 0.012],
  sexMissing: [0.001, 0.01],
  villageMoved: [0.03, 0.09],
  villageMissing: [0.001, 0.01],
  nameOfSpouse: [0.001, 0.008],
  nameOfSibling: [0.0005, 0.004],
  duplicate: [0.003, 0.02],
  batchMisread: [0, 0.008],
  batchShifted: [0, 0.002],
  batchLastZero: [0, 0.02],
} as const;

export type Shares = Readonly<Record<keyof typeof RANGES, number>>;

/** What one file suffers from. */
export interface Rates {
  readonly shares: Shares;
  readonly kinds: { readonly [F in Field]: readonly (readonly [FaultOf<F>, number])[] };
  /** Width of the name column; longer names are cut off. */
  readonly nameWidth: number;
}

/** Drawn by seed and source from wide ranges: who learns one file's faults by heart has learned nothing about the next. */
export function drawRates(seed: string, source: Source): Rates {
  const random = randomFrom(seed, "rates", source);
  const shares = Object.fromEntries(
    Object.entries(RANGES).map(([name, [low, high]]) => [name, low + (high - low) * random.next()]),
  ) as Shares;
  const kinds = {
    nik: reweighted(random, KINDS.nik),
    card: reweighted(random, KINDS.card),
    name: reweighted(random, KINDS.name),
    birthDate: reweighted(random, KINDS.birthDate),
    birthPlace: reweighted(random, KINDS.birthPlace),
  };
  return { shares, kinds, nameWidth: random.pick([25, 30, 40, 60]) };
}

/** Each weight times a third to three. */
function reweighted<K extends string>(random: Random, weights: Readonly<Record<K, number>>): (readonly [K, number])[] {
  return (Object.entries(weights) as [K, number][]).map(([kind, weight]) => [kind, weight * 3 ** (2 * random.next() - 1)]);
}
