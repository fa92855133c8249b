import type { Loader } from "../copy.ts";
import type { Seeded } from "./load.ts";

/** Households of the synthetic population that were made together: from a seed of their own, after `first` others. */
export interface Batch {
  readonly number: number;
  readonly seed: string;
  readonly households: number;
  readonly first: number;
  /** What the marker says of them; absent: loaded nowhere yet. */
  readonly persons?: number;
}

export interface Marker {
  readonly batch: number;
  readonly seed: string;
  readonly households: number;
  readonly persons: number;
}

/** A database to fill, and what it holds. */
export interface Store {
  readonly slice: Seeded;
  readonly loader: Loader;
  readonly held: readonly Marker[];
}

export const markersOf = (loader: Loader, slice: Seeded): Promise<Marker[]> =>
  loader.query<Marker & Record<string, unknown>>(
    `select batch, seed, households, persons from ${slice}.synthetic_seed order by batch`,
  );

export async function mark({ loader, slice }: Store, { number, seed, households, persons }: Required<Batch>): Promise<void> {
  await loader.query(`insert into ${slice}.synthetic_seed (batch, seed, households, persons) values ($1, $2, $3, $4)`, [
    number,
    seed,
    households,
    persons,
  ]);
}

export const lacks = ({ held }: Pick<Store, "held">, { number }: Batch): boolean => !held.some(({ batch }) => batch === number);

export const countOf = (batches: readonly Batch[]): number => batches.reduce((sum, { households }) => sum + households, 0);

/**
 * Every batch there shall be, in order: those any database holds, and one more when they are fewer households than wanted. A later
 * batch's seed follows from the first one's, so the same steps give the same rows. Databases that contradict each other are refused.
 */
export function planBatches(
  stores: readonly Pick<Store, "slice" | "held">[],
  wanted: { readonly seed: string; readonly households: number },
): Batch[] {
  const batches: Batch[] = [];
  const numbers = new Set(stores.flatMap(({ held }) => held.map(({ batch }) => batch)));
  for (let number = 1; number <= numbers.size; number += 1) {
    const told = stores.flatMap(({ slice, held }) =>
      held.filter(({ batch }) => batch === number).map((marker) => ({ slice, marker })),
    );
    const [one, ...others] = told;
    const other = others.find(({ marker }) => !isSame(marker, one?.marker));
    if (!one || other) throw new Error(contradiction(number, [one?.slice, other?.slice]));
    const { seed, households, persons } = one.marker;
    batches.push({ number, seed, households, persons, first: countOf(batches) });
  }
  const missing = wanted.households - countOf(batches);
  if (missing > 0) batches.push(next(batches, { seed: wanted.seed, households: missing }));
  return batches;
}

function next(batches: readonly Batch[], { seed, households }: { seed: string; households: number }): Batch {
  const number = batches.length + 1;
  const root = batches[0]?.seed ?? seed;
  return { number, seed: number === 1 ? root : `${root}#${number}`, households, first: countOf(batches) };
}

const isSame = (a: Marker, b: Marker | undefined) =>
  a.seed === b?.seed && a.households === b.households && a.persons === b.persons;

function contradiction(number: number, slices: readonly (Seeded | undefined)[]): string {
  const named = slices.filter((slice) => slice !== undefined).join(" and ");
  const what = named ? `${named} hold different batches ${number}` : `batch ${number} is in none of the databases`;
  return `the synthetic populations do not belong together (${what}): start with empty databases`;
}
