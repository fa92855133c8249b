import { type Random, randomFrom } from "../random.ts";
import type { Regions } from "../regions.ts";
import { type Country, createCountry, type District, districtAt } from "./country.ts";
import { MEAN_SIZE, type Relation } from "./family.ts";
import { makeHousehold } from "./household.ts";
import { openOffice, routesOf } from "./numbers.ts";

export interface RegisterOptions {
  readonly seed: string;
  /** How many people there are, about: whole households, and a few are registered twice. Up to about 50 million. */
  readonly people: number;
  readonly regions: Regions;
  /** Share of the people who are not in the register, 0 to below 1. Program files know them all the same. */
  readonly absent?: number;
}

/** A record of the register. Two with the same `person` are one human being, registered twice. */
export interface RegisterPerson {
  /** Opaque: says nothing about household or order. */
  readonly id: string;
  readonly nik: string;
  readonly familyCard: string;
  readonly name: string;
  readonly sex: "L" | "P";
  /** ISO day. */
  readonly birthDate: string;
  readonly birthPlace: string;
  /** Her name as it was registered at the birth; empty when it was not. */
  readonly motherName: string;
  /** Residence, 10 digits. */
  readonly village: string;
  readonly state: "ALIVE" | "DECEASED" | "INACTIVE";
  readonly tradition: string;
  readonly relation: Relation;
  /** Id of the first record of the same person: mostly `id`. */
  readonly person: string;
  readonly isAbsent: boolean;
}

/** People of one household: those of its number `index`, and their second records. */
export interface Household {
  readonly index: number;
  readonly district: District;
  readonly people: readonly RegisterPerson[];
}

/** What a register is made from; no person is in it. */
export interface Register {
  readonly seed: string;
  readonly absent: number;
  readonly country: Country;
  readonly routes: readonly number[];
  readonly streams: Streams;
}

export type Streams = Readonly<
  Record<"size" | "family" | "tradition" | "name" | "mother" | "number" | "fate" | "absence", Random>
>;

/** A country of `people`, of whom any household can be made alone. */
export function openRegister({ seed, people, regions, absent = 0 }: RegisterOptions): Register {
  const country = createCountry(seed, Math.max(1, Math.round(people / MEAN_SIZE)), regions);
  const stream = (field: string) => randomFrom(seed, "register", field);
  const streams: Streams = {
    size: stream("size"),
    family: stream("family"),
    tradition: stream("tradition"),
    name: stream("name"),
    mother: stream("mother"),
    number: stream("number"),
    fate: stream("fate"),
    absence: stream("absence"),
  };
  return { seed, absent, country, routes: routesOf(country), streams };
}

/**
 * Households `from` (inclusive) to `to` (exclusive), absent people too; the same whatever slice they are made in. A slice costs what
 * lies before it in its first district besides: serials count through a district.
 */
export function* householdsOf(register: Register, from = 0, to = register.country.households): Generator<Household> {
  const { districts } = register.country;
  for (let at = districtAt(register.country, from); at < districts.length; at += 1) {
    const district = districts[at];
    if (!district || district.from >= to) return;
    const office = openOffice();
    for (let index = district.from; index < Math.min(district.to, to); index += 1) {
      const household = makeHousehold(register, { district, office }, index);
      if (index >= from) yield household;
    }
  }
}

/** Records in the register, without the absent, by household. */
export function* registerRows(register: Register, from = 0, to = register.country.households): Generator<RegisterPerson> {
  for (const { people } of householdsOf(register, from, to)) for (const person of people) if (!person.isAbsent) yield person;
}
