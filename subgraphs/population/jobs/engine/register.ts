import { openLoadPool } from "../../../../drizzle/copy.ts";
import { readCsv } from "../../matching/csv/read.ts";
import type { CsvRow } from "../../matching/csv/row.ts";
import { encoderOf } from "../../matching/linkage/encoder.ts";
import { buildRegister, RESERVE, type Register } from "../../matching/linkage/linkage.ts";
import { frameOf, newLexica } from "../../matching/linkage/prepared.ts";
import { PEMADANAN } from "../../matching/pemadanan.ts";
import { shared } from "../../matching/table/shared.ts";
import { Table } from "../../matching/table/table.ts";
import { learnSexes } from "./sex.ts";
import { registerStatement, SNAPSHOT_STATEMENT } from "./statements.ts";

/** The population register of one moment, ready to be searched; all its bulk is memory that threads share. */
export interface Snapshot {
  /** Equal where the register is: of its rows and their last changes. */
  readonly name: string;
  readonly register: Register;
  /** Sixteen bytes a person, in row order. */
  readonly ids: Uint8Array;
  /** Row → index into PERSON_STATES. */
  readonly states: Uint8Array;
}

/** Column order of `registerStatement`. */
const COLUMNS = ["nik", "familyCard", "name", "sex", "birth", "birthPlace", "mother", "village"];
export const PERSON_STATES = ["MATCHED", "DECEASED", "INACTIVE"] as const;

/** Threads that may match at a time; learning has as much room for unknown words as all of them together, for it forgets none. */
export const MOST_THREADS = 8;

/** Reads the whole register in the order of ids and builds the engine. A minute a few million people; blocks its thread. */
export async function loadRegister(url: string): Promise<Snapshot> {
  const pool = openLoadPool(url, { max: 1 });
  try {
    return await pool.load(async (loader) => {
      await loader.query("set transaction isolation level repeatable read, read only");
      const [found] = await loader.query<{ name: string; people: string }>(SNAPSHOT_STATEMENT);
      const people = Number(found?.people ?? 0);
      if (!found || people === 0) throw new Error("the population register is empty: there is nobody to match with");
      const held = await readRegister(loader.csv(registerStatement), people);
      return { name: found.name, ...held };
    });
  } finally {
    await pool.end();
  }
}

async function readRegister(source: AsyncIterable<Uint8Array>, people: number): Promise<Omit<Snapshot, "name">> {
  const frame = frameOf(PEMADANAN);
  const lexica = newLexica(frame);
  learnSexes(lexica);
  const encode = encoderOf(frame, lexica, { reads: COLUMNS.map((column, i) => ({ column, fields: [i + 2] })), nulls: [] });
  const table = new Table(frame.layout, people);
  const ids = shared(Uint8Array, people * 16);
  const states = shared(Uint8Array, people);
  await readCsv(source, { delimiter: "," }, (row) => {
    const person = table.rows;
    const at = table.add();
    encode(row, table.cells, at);
    readId(row, ids, person * 16);
    states[person] = (row.bytes[row.starts[1] as number] as number) - ZERO;
  });
  return { register: buildRegister(frame, table, lexica, 2 * MOST_THREADS - 1), ids, states };
}

/** Room for words in front of the learner's. */
export const LEARNER = { entries: MOST_THREADS * RESERVE.entries, codes: MOST_THREADS * RESERVE.codes, place: 1 };

const ZERO = 48;
const HYPHEN = 45;

/** The sixteen bytes of a uuid in its usual writing. */
function readId({ bytes, starts, ends }: CsvRow, into: Uint8Array, at: number): void {
  let nibbles = 0;
  for (let i = starts[0] as number; i < (ends[0] as number); i += 1) {
    const code = bytes[i] as number;
    if (code === HYPHEN) continue;
    const value = code <= 57 ? code - ZERO : code - 87;
    const place = at + (nibbles >> 1);
    into[place] = nibbles & 1 ? (into[place] as number) | value : value << 4;
    nibbles += 1;
  }
}
