import { type FileRow, openFile, type ProgramFile } from "../../../../drizzle/synthetic/files/fileRows.ts";
import { SOURCES } from "../../../../drizzle/synthetic/files/sources.ts";
import { loadRegions } from "../../../../drizzle/synthetic/regions.ts";
import {
  type Household,
  householdsOf,
  openRegister,
  type RegisterPerson,
} from "../../../../drizzle/synthetic/register/register.ts";
import { readCsv } from "../../../../subgraphs/population/matching/csv/read.ts";
import { encoderOf } from "../../../../subgraphs/population/matching/linkage/encoder.ts";
import type { Frame } from "../../../../subgraphs/population/matching/linkage/prepared.ts";
import { type Lexica, Table } from "../../../../subgraphs/population/matching/table/table.ts";
import { CSV, lineOf, READS } from "./columns.ts";
import { FileMaker, type LabelledFile } from "./labelledFile.ts";

export interface WorldOptions {
  readonly seed: string;
  readonly people: number;
  readonly absent: number;
}

/** A register, four programs' files about its people, and the truth beside them. Nothing of the truth reaches the engine. */
export interface World {
  readonly register: Table;
  /** Row of the register → number of the person: who is registered twice has two rows of one number. */
  readonly personOf: Int32Array;
  readonly files: readonly LabelledFile[];
  /** People and what a file says of them, for verifications one by one. */
  readonly claims: readonly Claimed[];
}

export interface Claimed {
  readonly person: RegisterPerson;
  readonly row: FileRow;
}

const MOST_CLAIMS = 20_000;
const HOUSEHOLDS_A_PIECE = 500;

/** `lexica` grow by the words of the register alone, as they do where a register is loaded before any file is known. */
export async function makeWorld({ seed, people, absent }: WorldOptions, frame: Frame, lexica: Lexica): Promise<World> {
  const country = openRegister({ seed, people, absent, regions: await loadRegions() });
  const makers = SOURCES.map((source) => new FileMaker(source, seed));
  const files = SOURCES.map((source) => openFile({ seed, source }, country));
  const register = new Table(frame.layout, Math.ceil(people * 1.02));
  const numbers: number[] = [];
  const claims: Claimed[] = [];
  const encode = encoderOf(frame, lexica, { reads: READS, nulls: [] });
  const pieces = registerPieces(householdsOf(country), (household, firstNumber) => {
    const numberOf = new Map(household.people.map(({ id }, slot) => [id, firstNumber + slot]));
    for (const { isAbsent, person } of household.people) if (!isAbsent) numbers.push(numberOf.get(person) ?? 0);
    for (const [at, file] of files.entries()) addRows(household, { file, maker: makers[at] as FileMaker, numberOf, claims });
  });
  await readCsv(pieces, CSV, (row) => {
    const at = register.add();
    encode(row, register.cells, at);
  });
  return { register, personOf: Int32Array.from(numbers), files: makers.map((maker) => maker.shuffled()), claims };
}

interface Adding {
  readonly file: ProgramFile;
  readonly maker: FileMaker;
  readonly numberOf: ReadonlyMap<string, number>;
  readonly claims: Claimed[];
}

function addRows(household: Household, { file, maker, numberOf, claims }: Adding): void {
  for (const row of file.rowsOf(household)) {
    const person = household.people.find(({ id }) => id === row.truth) as RegisterPerson;
    maker.add(row, person, numberOf.get(row.truth) as number);
    if (!row.isAbsent && maker.source === "DTKS" && claims.length < MOST_CLAIMS) claims.push({ person, row });
  }
}

/** The register as CSV without a header; tells of each household and the number of its first person on the way. */
async function* registerPieces(
  households: Iterable<Household>,
  onHousehold: (household: Household, firstNumber: number) => void,
): AsyncGenerator<Uint8Array> {
  let lines: string[] = [];
  let number = 0;
  let count = 0;
  for (const household of households) {
    onHousehold(household, number);
    number += household.people.length;
    count += 1;
    for (const person of household.people) if (!person.isAbsent) lines.push(lineOf(person));
    if (count % HOUSEHOLDS_A_PIECE !== 0) continue;
    yield Buffer.from(lines.join(""));
    lines = [];
  }
  yield Buffer.from(lines.join(""));
}
