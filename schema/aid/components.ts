import { portionOf } from "../values/rupiah.ts";

/** What a component is worth by the catalogue of a day. */
export interface Rate<Component extends string = string> {
  readonly component: Component;
  /** Whole rupiah a year. */
  readonly yearly: bigint;
  /** Place in the decree's table, which decides between components of one amount. */
  readonly rank: number;
  /** How many of them count in a family; null: no limit of its own. */
  readonly atMost: number | null;
}

/** The part of the catalogue that says what counts. `most`: components of a family that count; null: all. */
export interface Rates<Component extends string = string> {
  readonly rates: readonly Rate<Component>[];
  readonly most: number | null;
}

/** Why a component does not count: not in the catalogue of that day, more of its kind than count, or more than count at all. */
export type NotCounted = "NOT_PAID" | "LIMIT_OF_COMPONENT" | "LIMIT_OF_FAMILY";

export interface Counting<Brought> {
  /** Dearest first. */
  readonly counted: readonly (Brought & { readonly yearly: bigint })[];
  /** Dearest first, what is not paid at the end. `limit`: the number it exceeds; null: NOT_PAID. */
  readonly dropped: readonly (Brought & { readonly why: NotCounted; readonly limit: number | null })[];
}

/**
 * Which components count, given in order of suffix: the dearest, ties by the decree's order, then suffix. Pure. The same rule as programs.counted() of
 * the database: a test holds them together.
 */
export function countComponents<Brought extends { readonly component: string }>(
  brought: readonly Brought[],
  { rates, most }: Rates,
): Counting<Brought> {
  const rateOf = new Map(rates.map((rate) => [rate.component, rate]));
  const rated = brought.flatMap((one) => {
    const rate = rateOf.get(one.component);
    return rate ? [{ one, rate }] : [];
  });
  const counted: Counting<Brought>["counted"][number][] = [];
  const dropped: Counting<Brought>["dropped"][number][] = [];
  for (const { one, rate } of rated.sort((a, b) => Number(b.rate.yearly - a.rate.yearly) || a.rate.rank - b.rate.rank)) {
    const same = counted.filter(({ component }) => component === one.component).length;
    if (rate.atMost !== null && same >= rate.atMost) dropped.push({ ...one, why: "LIMIT_OF_COMPONENT", limit: rate.atMost });
    else if (most !== null && counted.length >= most) dropped.push({ ...one, why: "LIMIT_OF_FAMILY", limit: most });
    else counted.push({ ...one, yearly: rate.yearly });
  }
  const unpaid = brought.filter(({ component }) => !rateOf.has(component));
  return { counted, dropped: [...dropped, ...unpaid.map((one) => ({ ...one, why: "NOT_PAID", limit: null }) as const)] };
}

/** What counted components are worth for some months, whole rupiah: each rounded down by itself, as in the decrees' tables. */
export const awardFor = (counted: readonly { readonly yearly: bigint }[], months: number): bigint =>
  counted.reduce((sum, { yearly }) => sum + portionOf(yearly, months), 0n);
