import type { Column, EncodeOptions, Rows } from "./columns.ts";
import { csv } from "./csv.ts";
import { jsonl } from "./jsonl.ts";
import { parquet } from "./parquet.ts";
import { xlsx } from "./xlsx.ts";

export const FORMATS = ["csv", "jsonl", "parquet", "xlsx"] as const;
export type Format = (typeof FORMATS)[number];

export const MEDIA_TYPES: Readonly<Record<Format, string>> = {
  csv: "text/csv; charset=utf-8",
  jsonl: "application/jsonl; charset=utf-8",
  parquet: "application/vnd.apache.parquet",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
};

const ENCODERS = { csv, jsonl, parquet, xlsx };

/** A table to be written. */
export interface Table {
  readonly columns: readonly Column[];
  readonly rows: Rows;
}

/**
 * A table as a file, piece by piece: a row is asked for when its turn comes, and no more is held than a group of rows. When `rows` throws, so does this,
 * before the file has an end: a Parquet without footer, a workbook without directory; of CSV and JSON Lines the sender MUST break the connection.
 */
export const encode = (format: Format, { columns, rows }: Table, options: EncodeOptions): AsyncGenerator<Uint8Array> =>
  ENCODERS[format](columns, rows, options);
