import { readCsv } from "../csv/read.ts";
import { UnreadableCsv } from "../csv/row.ts";
import { encoderOf } from "../linkage/encoder.ts";
import type { Frame } from "../linkage/prepared.ts";
import { type Lexica, Table } from "../table/table.ts";
import type { ColumnRead } from "./config/columns.ts";
import { type FileSpec, openFile } from "./config/files.ts";
import { Ids } from "./ids.ts";

/** A file in memory: its rows as cells, and what it calls them. */
export interface LoadedFile {
  readonly path: string;
  readonly table: Table;
  readonly ids: Ids;
}

interface Loading {
  readonly frame: Frame;
  readonly lexica: Lexica;
  readonly reads: readonly ColumnRead[];
  readonly side: "left" | "right";
  readonly onRows: (rows: number) => void;
}

const TOLD_EVERY = 100_000;

/** Reads a whole file; throws `UnreadableCsv` with its first faults, the file named. A row without an id is one. */
export async function loadFile(file: FileSpec, { frame, lexica, reads, side, onRows }: Loading): Promise<LoadedFile> {
  const table = new Table(frame.layout);
  const ids = new Ids();
  const nulls = file.nulls.filter((text) => text !== "").map((text) => new TextEncoder().encode(text));
  let encode: ReturnType<typeof encoderOf> | undefined;
  let id = 0;
  const onHeader = (columns: readonly string[]) => {
    id = columns.indexOf(file.id);
    const fields = reads.map((read) => ({
      column: read.column.name,
      fields: read[side].map((header) => columns.indexOf(header)),
    }));
    encode = encoderOf(frame, lexica, { reads: fields, nulls });
  };
  try {
    await readCsv(openFile(file.location), { delimiter: file.delimiter, onHeader }, (row) => {
      if (row.starts[id] === row.ends[id]) throw new UnreadableCsv([`line ${row.line}, column ${file.id}: the row has no id`]);
      const at = table.add();
      encode?.(row, table.cells, at);
      ids.add(row, id);
      if (table.rows % TOLD_EVERY === 0) onRows(table.rows);
    });
  } catch (error) {
    throw error instanceof UnreadableCsv ? new UnreadableCsv(error.faults.map((fault) => `${file.path}: ${fault}`)) : error;
  }
  return { path: file.path, table, ids };
}
