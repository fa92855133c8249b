import { ISO, SIX_DIGITS_COUNT } from "./calendar.ts";
import type { Country, District } from "./country.ts";

/** Hands out the numbers of one district's residents, in the order of its households. */
export interface Office {
  /** Digits 13 to 16 of somebody registered where they live. `cell`: number of the six digits before × 2 + sex. */
  serialOfNative(cell: number): number;
  /** As serialOfNative, of somebody registered `route` away (see `routesOf`); undefined when that route has none left that day. */
  serialOfMover(cell: number, route: number): number | undefined;
  /** Digits 13 to 16 of a family card recorded on that day. */
  serialOfCard(day: number): number;
}

// Serials no district issues (domain reference §7.3), shared out so that no table of the whole country is needed to keep a NIK
// one person's: natives count from 9001 as real districts count from 0001; a mover's follows from the route, and every route leads
// to a district from one other district only.
const FIRST = 9001;
const LAST = 9999;
const LOW_SERIALS = 5;
const FIRST_OF_MOVERS = FIRST + LOW_SERIALS;
const ROUTES = 150;
const MOVERS_A_ROUTE = 6;
const FIRST_OF_MORE = FIRST_OF_MOVERS + ROUTES * MOVERS_A_ROUTE;

export function openOffice(): Office {
  const natives = new Uint8Array(2 * SIX_DIGITS_COUNT);
  const cards = new Uint8Array(ISO.length);
  const movers = new Map<number, number>();
  return {
    serialOfNative(cell) {
      const ordinal = take(natives, cell);
      return within(ordinal < LOW_SERIALS ? FIRST + ordinal : FIRST_OF_MORE + ordinal - LOW_SERIALS);
    },
    serialOfMover(cell, route) {
      const key = cell * ROUTES + route;
      const ordinal = movers.get(key) ?? 0;
      movers.set(key, ordinal + 1);
      return ordinal < MOVERS_A_ROUTE ? FIRST_OF_MOVERS + route + ordinal * ROUTES : undefined;
    },
    serialOfCard: (day) => within(FIRST + take(cards, day)),
  };
}

function take(counts: Uint8Array, at: number): number {
  const ordinal = counts[at] ?? 0;
  counts[at] = ordinal + 1;
  return ordinal;
}

function within(serial: number): number {
  if (serial > LAST) throw new Error("no synthetic serial is left for one day of a district: make a smaller register");
  return serial;
}

const NEAR = 15;

/** Steps through the list of districts that lead a mover from the district of residence to that of registration; near ones first. */
export function routesOf({ districts }: Country): readonly number[] {
  const count = districts.length;
  const near = Array.from({ length: Math.min(NEAR, Math.floor((count - 1) / 2)) }, (_, at) => [at + 1, count - at - 1]).flat();
  const rest = count - 1 - near.length;
  const far = Math.min(ROUTES - near.length, rest);
  const first = near.length / 2 + 1;
  return [...near, ...Array.from({ length: far }, (_, at) => first + Math.floor((at * rest) / far))];
}

/** The district a mover from `home` was registered in. */
export function alongRoute(country: Country, home: District, step: number): District {
  return country.districts[(home.index + step) % country.districts.length] ?? home;
}
