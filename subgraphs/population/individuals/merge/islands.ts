import { type Layout, Table } from "../../matching/table/table.ts";

/** A program's legacy file, encoded with the lexica of the register it is merged by. Row numbers are the file's. */
export interface Island {
  readonly source: string;
  readonly table: Table;
}

/** Rows of all islands, one behind the other in the order of the sources' names, so that the order files come in never shows. */
export interface IslandRows {
  readonly table: Table;
  readonly sources: readonly string[];
  /** Row → position of its source. */
  readonly source: Uint8Array;
  /** Source → its first row; one more than there are sources. */
  readonly starts: readonly number[];
}

/** Source names MUST differ; at most 256. */
export function gather(layout: Layout, islands: readonly Island[]): IslandRows {
  const ordered = [...islands].sort((a, b) => (a.source < b.source ? -1 : 1));
  const total = ordered.reduce((sum, { table }) => sum + table.rows, 0);
  const table = new Table(layout, total);
  const source = new Uint8Array(total);
  const starts = [0];
  for (const [position, island] of ordered.entries()) {
    const from = table.rows;
    table.cells.set(island.table.cells.subarray(0, island.table.rows * layout.width), from * layout.width);
    table.rows += island.table.rows;
    source.fill(position, from, table.rows);
    starts.push(table.rows);
  }
  return { table, sources: ordered.map((island) => island.source), source, starts };
}
