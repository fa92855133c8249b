import { readCsv } from "../csv/read.ts";
import { UnreadableCsv } from "../csv/row.ts";
import { encoderOf } from "../linkage/encoder.ts";
import type { Frame } from "../linkage/prepared.ts";
import { type Lexica, Table } from "../table/table.ts";
import type { ColumnRead } from "./config/columns.ts";
import { type FileSpec, openFile } from "./config/files.ts";
import { Ids, KnownIds } from "./ids.ts";

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
  /** Which of the right files; null: the left one. */
  readonly side: number | null;
  readonly onRows: (rows: number) => void;
}

const TOLD_EVERY = 100_000;
const MOST_FAULTS = 20;

/** Reads a whole file; throws `UnreadableCsv` with its first faults, the file named. A row without an id is one, or with another row's. */
export async function loadFile(file: FileSpec, { frame, lexica, reads, side, onRows }: Loading): Promise<LoadedFile> {
  const table = new Table(frame.layout);
  const ids = new Ids();
  const known = new KnownIds(ids);
  const faults: string[] = [];
  const nulls = file.nulls.filter((text) => text !== "").map((text) => new TextEncoder().encode(text));
  let encode: ReturnType<typeof encoderOf> | undefined;
  let id = 0;
  const onHeader = (columns: readonly string[]) => {
    id = columns.indexOf(file.id);
    const fields = reads.map((read) => ({
      column: read.column.name,
      fields: (side === null ? read.left : read.right).map((header) => columns.indexOf(header)),
    }));
    encode = encoderOf(frame, lexica, { reads: fields, nulls, formats: formatsOf(reads, side) });
  };
  try {
    await readCsv(openFile(file.location), { delimiter: file.delimiter, onHeader }, (row) => {
      const at = table.add();
      encode?.(row, table.cells, at);
      ids.add(row, id);
      const same = known.lineOfSame(row.line);
      const where = () => `line ${row.line}, column ${file.id}`;
      if (row.starts[id] === row.ends[id]) faults.push(`${where()}: the row has no id`);
      else if (same !== null) faults.push(`${where()}: line ${same} has the same id`);
      if (faults.length === MOST_FAULTS) throw new UnreadableCsv(faults);
      if (table.rows % TOLD_EVERY === 0) onRows(table.rows);
    });
    if (faults.length > 0) throw new UnreadableCsv(faults);
  } catch (error) {
    throw error instanceof UnreadableCsv ? new UnreadableCsv(error.faults.map((fault) => `${file.path}: ${fault}`)) : error;
  }
  return { path: file.path, table, ids };
}

/** How this file writes its dates, where that is not the column's own way. */
function formatsOf(reads: readonly ColumnRead[], side: number | null): Map<string, string> {
  const formats = reads.map(
    ({ column, formats }) => [column.name, side === null ? formats?.left : formats?.right[side]] as const,
  );
  return new Map(formats.flatMap(([name, format]) => (format ? [[name, format] as const] : [])));
}
