import { readCsv } from "../../matching/csv/read.ts";
import { CsvWriter } from "../../matching/csv/write.ts";
import { chanceOf } from "../../matching/table/hash.ts";
import { once } from "../upload/head.ts";
import type { Mapping } from "../upload/mapping.ts";
import type { Part } from "./match.ts";

/** Rows of a file drawn by chance, each as a line of CSV. */
export interface Sample {
  readonly chances: readonly number[];
  readonly bytes: Uint8Array;
  /** Row i stands at `ends[i - 1]` … `ends[i]`. */
  readonly ends: readonly number[];
}

/** Rows a job looks at to learn: enough for 20,000 that no NIK settles. */
export const SAMPLED = 100_000;
const SEED = 1;
const STREAM = 201;

/** The rows of a part whose chance is below `share`. A row's chance is its line's: the same however a file is cut. */
export async function sampleOf(part: Part, { header, delimiter }: Mapping, share: number): Promise<Sample> {
  const chances: number[] = [];
  const ends: number[] = [];
  const writer = new CsvWriter();
  const whole = part.hasHeader ? {} : { part: { columns: header, firstLine: part.firstLine } };
  await readCsv(once(part.bytes), { delimiter, onReject: () => {}, ...whole }, (row) => {
    const chance = chanceOf(SEED, STREAM, row.line);
    if (chance >= share) return;
    for (let field = 0; field < row.fields; field += 1)
      writer.field(row.bytes, row.starts[field] as number, row.ends[field] as number);
    writer.endRow();
    chances.push(chance);
    ends.push(writer.length);
  });
  return { chances, ends, bytes: writer.take().slice() };
}

/** All samples as one part of a file, in the order of their chances: which is no order at all. */
export function shuffled(samples: readonly Sample[]): Uint8Array {
  const rows = samples.flatMap(({ chances, ends, bytes }) =>
    chances.map((chance, i) => ({ chance, row: bytes.subarray(ends[i - 1] ?? 0, ends[i]) })),
  );
  return Buffer.concat(rows.sort((a, b) => a.chance - b.chance).map(({ row }) => row));
}
