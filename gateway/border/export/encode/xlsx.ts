import { Zip, ZipDeflate } from "fflate";
import { type Column, type EncodeOptions, headOf, inUtf8, type Rows } from "./columns.ts";
import { cellOf, headCellOf, PARTS, rowOf, SHEET, SHEET_ENDS, SHEET_OPENS } from "./markup.ts";

/** A sheet ends here, its first line and a notice included. */
const MOST_LINES = 1_048_576;
/** Rows of a table that a workbook holds; of a longer one the last line says that it is cut. */
export const XLSX_MOST_ROWS = MOST_LINES - 1;
/** The format without its extension of 64 bits ends here. */
const MOST_BYTES = 0xffff_ffff;
/** Nothing of a file is from a day: the same rows are the same bytes. */
const NO_DAY = "1980-01-01T00:00:00";
const NOTICE =
  "DIPOTONG: lembar kerja berakhir di sini; ambil CSV, JSON Lines atau Parquet untuk semua baris — CUT: a sheet ends here; take CSV, JSON Lines or Parquet for all rows";

/** A workbook of one sheet whose texts stand in their cells; numbers of more than fifteen digits are text, since a spreadsheet would drop the rest. */
export async function* xlsx(columns: readonly Column[], rows: Rows, options: EncodeOptions): AsyncGenerator<Uint8Array> {
  const ready: Uint8Array[] = [];
  const zip = new Zip((error, bytes) => {
    if (error) throw error;
    ready.push(bytes);
  });
  const opened = (name: string) => {
    const part = new ZipDeflate(name, { level: 3 });
    part.mtime = NO_DAY;
    zip.add(part);
    return part;
  };
  for (const [name, text] of Object.entries(PARTS)) opened(name).push(new TextEncoder().encode(text), true);
  const sheet = opened(SHEET);
  for await (const piece of inUtf8(linesOf(columns, rows, options))) {
    sheet.push(piece);
    if (sheet.size > MOST_BYTES) throw new RangeError("a workbook of more than 4 GiB: take CSV, JSON Lines or Parquet");
    yield* ready.splice(0);
  }
  sheet.push(new Uint8Array(), true);
  zip.end();
  yield* ready;
}

async function* linesOf(columns: readonly Column[], rows: Rows, options: EncodeOptions): AsyncGenerator<string> {
  yield `${SHEET_OPENS}${rowOf(1, headOf(columns, options).map(headCellOf))}`;
  let line = 1;
  let held = ""; // the last line is a row's only if no other follows
  for await (const row of rows) {
    if (line === MOST_LINES) {
      yield `${rowOf(line, [headCellOf(NOTICE)])}${SHEET_ENDS}`;
      return;
    }
    line += 1;
    held = rowOf(
      line,
      columns.map((column, at) => cellOf(column, row[at] ?? null, options)),
    );
    if (line < MOST_LINES) yield held;
  }
  yield `${line === MOST_LINES ? held : ""}${SHEET_ENDS}`;
}
