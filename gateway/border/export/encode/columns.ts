/** How a column's values are written. `text`: codes and NIK, too, which no reader may take for numbers. `rupiah`: whole. `instant`: RFC 3339 in UTC. */
export type ColumnType = "text" | "integer" | "rupiah" | "boolean" | "instant";

export interface Column {
  /** As the schema calls it. */
  readonly name: string;
  /** As people read it. */
  readonly label: string;
  readonly type: ColumnType;
}

/** Text and instant: string. Integer: number or bigint. Rupiah: decimal digits or bigint. Null: no value, or none that may be told. */
export type Value = string | number | bigint | boolean | null;
/** A value of each column, in their order. */
export type Row = readonly Value[];
export type Rows = AsyncIterable<Row> | Iterable<Row>;

export interface EncodeOptions {
  /** A text that a spreadsheet would run is told as text (CSV, XLSX). */
  readonly guard: boolean;
  /** What the first line calls the columns (CSV, XLSX); their names by default. */
  readonly header?: "code" | "label";
  /** Byte order mark before CSV: some spreadsheets take it for Latin-1 without. */
  readonly bom?: boolean;
  /** Between two fields of CSV; a comma by default. */
  readonly separator?: "," | ";" | "\t";
}

export const headOf = (columns: readonly Column[], { header = "code" }: EncodeOptions): readonly string[] =>
  columns.map(({ name, label }) => (header === "label" ? label : name));

const PIECE_CHARACTERS = 64 * 1024;
const encoder = new TextEncoder();

/** Texts as UTF-8, in pieces worth sending. */
export async function* inUtf8(texts: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  let waiting = "";
  for await (const text of texts) {
    waiting += text;
    if (waiting.length < PIECE_CHARACTERS) continue;
    yield encoder.encode(waiting);
    waiting = "";
  }
  if (waiting !== "") yield encoder.encode(waiting);
}
