/** One row of a file as bytes: field `i` stands at `starts[i]` … `ends[i]`, quotes taken off. One object, overwritten by the next row. */
export interface CsvRow {
  readonly bytes: Uint8Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly fields: number;
  /** Line the row begins on, from 1. */
  readonly line: number;
}

/** Why a line is no row. */
export type CsvReason = "RAGGED_ROW" | "QUOTE_NOT_CLOSED" | "TEXT_AFTER_QUOTE" | "NUL_BYTE" | "FIELD_TOO_LONG" | "NOT_UTF8";

export const CSV_REASONS: Readonly<Record<CsvReason, string>> = {
  RAGGED_ROW: "has more or fewer fields than the header",
  QUOTE_NOT_CLOSED: "a quote is not closed",
  TEXT_AFTER_QUOTE: "text follows a closing quote",
  NUL_BYTE: "holds a NUL byte: the file is damaged or not text",
  FIELD_TOO_LONG: "a field is longer than 64 KiB",
  NOT_UTF8: "is not UTF-8, probably Windows-1252 or Latin-1: save the file as “CSV UTF-8”",
};

/** A file that cannot be read as what it claims to be: one sentence a fault, with line and column, never a value. */
export class UnreadableCsv extends Error {
  override readonly name = "UnreadableCsv";
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(faults.join("\n"));
    this.faults = faults;
  }
}

/** Field `field` as text. */
export const textOf = ({ bytes, starts, ends }: CsvRow, field: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("utf8", starts[field], ends[field]);
