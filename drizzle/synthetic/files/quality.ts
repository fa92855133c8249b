import { type Random, randomFrom } from "../random.ts";
import type { Household } from "../register/register.ts";
import type { Source } from "./sources.ts";

/** A list of factors by share of cases. */
type Factors = readonly (readonly [factor: number, share: number])[];

// Some villages have a careless operator, some entry batches a bad evening, some rows were read off a torn form: faults come together.
const VILLAGES: Factors = [
  [0.6, 75],
  [1.6, 18],
  [3, 7],
];
const BATCHES: Factors = [
  [0.8, 88],
  [2.4, 12],
];
const ROWS: Factors = [
  [0.7, 92],
  [4.4, 8],
];
const HOUSEHOLDS_A_BATCH = 20;

const meanOf = (factors: Factors) => factors.reduce((sum, [factor, share]) => sum + (factor * share) / 100, 0);
const MEAN = meanOf(VILLAGES) * meanOf(BATCHES) * meanOf(ROWS);
const rooted = (factors: Factors): Factors => factors.map(([factor, share]) => [Math.sqrt(factor), share]);
const MEAN_ROOT = meanOf(rooted(VILLAGES)) * meanOf(rooted(BATCHES)) * meanOf(rooted(ROWS));
const WORST = 0.93;

/** How careless a row was entered, 1 on the average: multiplies the chance of faults. */
export interface Carelessness {
  /** For numbers, which are copied digit by digit. */
  readonly ofNumbers: number;
  /** For everything else: spreads less. */
  readonly ofText: number;
}

export interface Operators {
  /** Of the place and the evening. */
  batchOf(household: Household): { readonly number: number; readonly factor: number };
  /** Of one row of the batch; `random`: the row's stream. */
  rowOf(random: Random, factor: number): Carelessness;
}

export function operatorsOf(seed: string, source: Source): Operators {
  const villages = randomFrom(seed, "villages", source);
  const batches = randomFrom(seed, "batches", source);
  return {
    batchOf({ index, people }) {
      const number = Math.floor(index / HOUSEHOLDS_A_BATCH);
      const village = villages.at(Number(people[0]?.village ?? 0)).weighted(VILLAGES);
      return { number, factor: village * batches.at(number).weighted(BATCHES) };
    },
    rowOf(random, factor) {
      const careless = factor * random.weighted(ROWS);
      return { ofNumbers: careless / MEAN, ofText: Math.sqrt(careless) / MEAN_ROOT };
    },
  };
}

/** Whether a fault with that share among all rows befalls this one. */
export const befalls = (random: Random, share: number, carelessness: number): boolean =>
  random.chance(Math.min(WORST, share * carelessness));
