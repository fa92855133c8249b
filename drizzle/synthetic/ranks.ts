import type { MadeRanking } from "./model.ts";
import { povertyOf } from "./people/places.ts";
import { randomFrom } from "./random.ts";

/** Versions of the registry in the synthetic population, newest of each basis first. */
export const VERSIONS = [
  { id: "DTSEN-2026-Q3", basis: "DTSEN", publishedOn: "2026-07-10", legalBasis: "Inpres 4/2025; Permen PPN/Bappenas 7/2025" },
  { id: "DTSEN-2026-Q2", basis: "DTSEN", publishedOn: "2026-04-10", legalBasis: "Inpres 4/2025; Permen PPN/Bappenas 7/2025" },
  { id: "DTKS-2025-01", basis: "DTKS", publishedOn: "2025-01-20", legalBasis: "UU 13/2011; Permensos 3/2021" },
] as const;

export interface Ranks {
  /** Place among the ranked households, 0 (poorest) to below 1; null: never ranked, a new proposal. */
  standingOf(index: number): number | null;
  /** Rankings of household `index`, newest DTSEN version first. */
  rankingsOf(index: number): readonly MadeRanking[];
}

const ONE_UNRANKED_IN = 50;
const DRIFT = 0.35; // how far the score of an older version strays, in standard deviations

/** Ranks all households in every version: a household's score is its luck and its province, and older versions remember it roughly. */
export function rankHouseholds(config: { seed: string; households: number }, provinceOf: (index: number) => string): Ranks {
  const { seed, households } = config;
  const scores = Float64Array.from(
    { length: households },
    (_, index) => bell(seed, "score", index) - povertyOf(provinceOf(index)),
  );
  const isRanked = (index: number) => households < ONE_UNRANKED_IN || index % ONE_UNRANKED_IN !== ONE_UNRANKED_IN - 1;
  const orders = VERSIONS.map(({ id }, position) =>
    orderOf(
      scores.map((score, index) => score + (position === 0 ? 0 : DRIFT * bell(seed, id, index))),
      isRanked,
    ),
  );
  const standing = (order: Order | undefined, index: number) =>
    order && isRanked(index) ? (order.place[index] ?? 0) / order.ranked : null;
  return {
    standingOf: (index) => standing(orders[0], index),
    rankingsOf: (index) =>
      VERSIONS.flatMap(({ id, basis }, position) => {
        const at = standing(orders[position], index);
        return at === null ? [] : [{ versionId: id, ...(basis === "DTSEN" ? dtsen(at) : dtks(at)) }];
      }),
  };
}

const dtsen = (at: number) => ({ percentile: Math.floor(at * 100), decile: Math.floor(at * 10) + 1 });

/** DTKS ranks households by percentile 0 to 100 and knows four deciles: 0–10, 11–20, 21–30, 31–40. */
export function dtks(at: number): { percentile: number; decile: number | null } {
  const percentile = Math.floor(at * 101);
  return { percentile, decile: percentile > 40 ? null : Math.max(1, Math.ceil(percentile / 10)) };
}

interface Order {
  readonly place: Uint32Array;
  readonly ranked: number;
}

function orderOf(scores: Float64Array, isRanked: (index: number) => boolean): Order {
  const indexes = Uint32Array.from(scores.keys())
    .filter(isRanked)
    .sort((a, b) => (scores[a] ?? 0) - (scores[b] ?? 0) || a - b);
  const place = new Uint32Array(scores.length);
  indexes.forEach((index, at) => {
    place[index] = at;
  });
  return { place, ranked: indexes.length };
}

/** Roughly normal, mean 0, deviation 1. */
function bell(...key: readonly (string | number)[]): number {
  const random = randomFrom(...key);
  return (random.next() + random.next() + random.next() + random.next() - 2) * Math.sqrt(3);
}
