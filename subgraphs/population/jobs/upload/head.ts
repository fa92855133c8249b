import { holdsNik } from "../../../../schema/errors.ts";
import { readCsv } from "../../matching/csv/read.ts";
import { textOf, UnreadableCsv } from "../../matching/csv/row.ts";

/** What the first rows of a file show. */
export interface Head {
  readonly columns: readonly string[];
  readonly delimiter: string;
  /** The first good rows, as texts. */
  readonly sample: readonly (readonly string[])[];
}

const SAMPLED = 2000;

/** Of the first chunk of a file. Throws UnreadableCsv where this is no table, in whatever encoding, has no row, or begins with a person instead of a header. */
export async function readHead(first: Uint8Array): Promise<Head> {
  const sample: string[][] = [];
  const { columns, delimiter } = await readCsv(once(first), { delimiter: null, onReject: () => {} }, (row) => {
    if (sample.length < SAMPLED) sample.push(Array.from({ length: row.fields }, (_, field) => textOf(row, field)));
  });
  const numbers = columns.flatMap((cell, at) => (holdsNik(cell) ? [at + 1] : []));
  if (numbers.length > 0)
    throw new UnreadableCsv([`the first line holds a NIK or family card (column ${numbers.join(", ")}): the file has no header`]);
  return { columns, delimiter, sample };
}

/** A stream of one piece. */
export async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
