import { type Random, randomFrom } from "../random.ts";
import { type Household, householdsOf, type Register } from "../register/register.ts";
import {
  type Batch,
  birthDateOf,
  birthPlaceOf,
  cardOf,
  type Entering,
  type Entry,
  motherOf,
  nameOf,
  nikOf,
  sexOf,
  villageOf,
} from "./fields.ts";
import { type Listed, listOf } from "./listed.ts";
import { type Operators, operatorsOf } from "./quality.ts";
import { drawRates, type Fault, type Rates } from "./rates.ts";
import { type Source, TRAITS, type Traits } from "./sources.ts";

export interface FileOptions {
  readonly seed: string;
  readonly source: Source;
  /** Share of all people on the list; the program's own when not said. */
  readonly share?: number;
}

/** A row as the file has it: every value a text, "" where there is none. */
export interface FileRow {
  /** From 1. */
  readonly row: number;
  readonly nik: string;
  readonly familyCard: string;
  readonly name: string;
  readonly sex: string;
  /** In the file's one format. */
  readonly birthDate: string;
  readonly birthPlace: string;
  readonly motherName: string;
  readonly village: string;
  /** Id of the person it is about, in the register or not. */
  readonly truth: string;
  readonly isAbsent: boolean;
  readonly tradition: string;
  /** What is wrong with it; nothing with most. */
  readonly faults: readonly Fault[];
}

/** One program's file in the making. */
export interface ProgramFile {
  readonly rates: Rates;
  /** Rows about the household, with the numbers after those before: ask in order of the households. */
  rowsOf(household: Household): FileRow[];
}

interface Making {
  readonly register: Register;
  readonly traits: Traits;
  readonly rates: Rates;
  readonly operators: Operators;
  readonly streams: { readonly batch: Random; readonly row: Random };
  /** Rows made so far. */
  readonly counter: { rows: number };
}

/** Rows of a program's file about people of the register, household after household. */
export function* fileRows(options: FileOptions, register: Register): Generator<FileRow> {
  const file = openFile(options, register);
  for (const household of householdsOf(register)) yield* file.rowsOf(household);
}

export function openFile(options: FileOptions, register: Register): ProgramFile {
  const { seed, source } = options;
  const rates = drawRates(seed, source);
  const making: Making = {
    register,
    traits: TRAITS[source],
    rates,
    operators: operatorsOf(seed, source),
    streams: { batch: randomFrom(seed, "batch", source), row: randomFrom(seed, "row", source) },
    counter: { rows: 0 },
  };
  const listedOf = listOf(options, register.seed);
  let others = "";
  const rowsOf = (household: Household): FileRow[] => {
    const listed = listedOf(household);
    if (listed.length === 0) return [];
    const batch = batchOf(making, household, others);
    others = household.people[0]?.familyCard ?? "";
    return listed.flatMap((one) => rowsAbout(making, batch, one));
  };
  return { rates, rowsOf };
}

function batchOf({ operators, rates, streams }: Making, household: Household, others: string): Batch {
  const { number, factor } = operators.batchOf(household);
  const random = streams.batch.at(number);
  return {
    household,
    others,
    factor,
    isMisread: random.chance(rates.shares.batchMisread),
    isShifted: random.chance(rates.shares.batchShifted),
    hasLastZero: random.chance(rates.shares.batchLastZero),
  };
}

const ENTRIES = 2; // a person is entered once, or a second time by mistake

function rowsAbout(making: Making, batch: Batch, { person, slot }: Listed): FileRow[] {
  const { streams, rates } = making;
  const place = (batch.household.index * 16 + slot) * ENTRIES;
  const isTwice = streams.row.at(place, 1).chance(rates.shares.duplicate);
  const first = rowAbout(making, { batch, person, faults: [] }, streams.row.at(place));
  if (!isTwice) return [first];
  return [first, rowAbout(making, { batch, person, faults: ["DUPLICATE"] }, streams.row.at(place + 1))];
}

function rowAbout({ register, rates, traits, operators, counter }: Making, entry: Entry, random: Random): FileRow {
  const { batch, person, faults } = entry;
  const carelessness = operators.rowOf(random, batch.factor);
  const entering: Entering = { register, rates, traits, batch, person, faults, random, carelessness };
  counter.rows += 1;
  const row: FileRow = {
    row: counter.rows,
    nik: nikOf(entering),
    familyCard: cardOf(entering),
    name: nameOf(entering),
    sex: sexOf(entering),
    birthDate: birthDateOf(entering),
    birthPlace: birthPlaceOf(entering),
    motherName: motherOf(entering),
    village: villageOf(entering),
    truth: person.person,
    isAbsent: person.isAbsent,
    tradition: person.tradition,
    faults,
  };
  return batch.isShifted ? shifted(row, faults) : row;
}

/** From the card on, every value stands one column too far to the right; the last falls off. */
function shifted(row: FileRow, faults: Fault[]): FileRow {
  const { familyCard, name, sex, birthDate, birthPlace, motherName } = row;
  faults.push("COLUMNS_SHIFTED");
  return {
    ...row,
    familyCard: "",
    name: familyCard,
    sex: name,
    birthDate: sex,
    birthPlace: birthDate,
    motherName: birthPlace,
    village: motherName,
  };
}
