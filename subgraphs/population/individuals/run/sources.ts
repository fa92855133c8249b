import { createReadStream } from "node:fs";
import { ConfigFaults } from "../../../../schema/settings.ts";
import { rowReader } from "../../jobs/engine/reading.ts";
import { readHead } from "../../jobs/upload/head.ts";
import { type Mapping, proposeMapping, readMapping } from "../../jobs/upload/mapping.ts";
import { CHUNK_BYTES } from "../../jobs/upload/upload.ts";
import { rowChunks } from "../../matching/csv/chunks.ts";
import { readCsv } from "../../matching/csv/read.ts";
import { type CsvRow, textOf, UnreadableCsv } from "../../matching/csv/row.ts";
import { UnreadableJson } from "../../matching/link/config/json.ts";
import type { Opened } from "../../matching/linkage/linkage.ts";
import { Table } from "../../matching/table/table.ts";
import type { Island } from "../merge/islands.ts";

/** A program's legacy file. */
export interface SourceFile {
  readonly source: string;
  readonly path: string;
  /** Text of a mapping; null: guessed. */
  readonly map: string | null;
}

export interface MappedFile extends SourceFile {
  readonly mapping: Mapping;
}

/** A file in memory, with what it calls its rows. */
export interface ReadFile extends Island {
  readonly rowIds: readonly string[];
}

/** How the files are read. Throws ConfigFaults with the faults of all of them. */
export const mapFiles = (files: readonly SourceFile[]): Promise<MappedFile[]> =>
  allOf(files, async (file) => {
    const head = await readHead(await beginningOf(file.path));
    return { ...file, mapping: file.map === null ? proposeMapping(head) : readMapping(file.map, head) };
  });

async function beginningOf(path: string): Promise<Uint8Array> {
  for await (const { bytes } of rowChunks(createReadStream(path, { highWaterMark: CHUNK_BYTES }), CHUNK_BYTES)) return bytes;
  return new Uint8Array(0);
}

/**
 * Reads the files whole, with lexica that may grow. A line that is no row, or a row that is called like another or nothing, refuses all
 * of them: a row left out would count as gone from its source. Throws ConfigFaults, 20 faults a file at most.
 */
export const readFiles = (files: readonly MappedFile[], opened: Opened): Promise<ReadFile[]> =>
  allOf(files, (file) => readFile(file, opened));

async function readFile({ source, path, mapping }: MappedFile, opened: Opened): Promise<ReadFile> {
  const table = new Table(opened.frame.layout);
  const read = rowReader(opened, mapping);
  const names = new RowNames(mapping);
  await readCsv(createReadStream(path), { delimiter: mapping.delimiter }, (row) => {
    names.add(row);
    const at = table.add();
    read(row, table.cells, at);
  });
  if (names.faults.length > 0) throw new UnreadableCsv(names.faults);
  return { source, table, rowIds: [...names.lineOf.keys()] };
}

const MOST_FAULTS = 20;

/** What a file calls its rows, each once. */
class RowNames {
  readonly lineOf = new Map<string, number>();
  readonly faults: string[] = [];
  readonly #header: string | null;
  readonly #field: number;

  constructor({ rowId, header }: Mapping) {
    this.#header = rowId;
    this.#field = rowId === null ? -1 : header.indexOf(rowId);
  }

  add(row: CsvRow): void {
    const name = this.#field < 0 ? `${row.line}` : textOf(row, this.#field).trim();
    const line = this.lineOf.get(name);
    if (line === undefined) this.lineOf.set(name, row.line);
    if (name !== "" && line === undefined) return;
    const why = name === "" ? "is empty" : `is that of line ${line}`;
    if (this.faults.length < MOST_FAULTS) this.faults.push(`line ${row.line}, column ${this.#header}: the row's id ${why}`);
  }
}

/** Work on all files, one after the other: what is wrong with one does not hide what is wrong with the next. */
async function allOf<One extends SourceFile, T>(files: readonly One[], work: (file: One) => Promise<T>): Promise<T[]> {
  const done: T[] = [];
  const faults: string[] = [];
  for (const file of files) {
    try {
      done.push(await work(file));
    } catch (error) {
      faults.push(...faultsOf(error).map((fault) => `${file.path}: ${fault}`));
    }
  }
  if (faults.length > 0) throw new ConfigFaults(faults);
  return done;
}

/** What the one who called can mend; anything else is thrown on. */
function faultsOf(error: unknown): readonly string[] {
  if (error instanceof UnreadableCsv || error instanceof ConfigFaults) return error.faults;
  if (error instanceof UnreadableJson) return [`its mapping: ${error.message}`];
  throw error;
}
