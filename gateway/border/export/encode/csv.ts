import { guarded } from "../../../../schema/values/csv.ts";
import { type Column, type EncodeOptions, headOf, inUtf8, type Row, type Rows } from "./columns.ts";

const BOM = "\uFEFF";
// all three separators, whichever is used: a reader that expects another would otherwise begin a cell in the middle of this one, behind the guard
const SPECIAL = /[",;\t\r\n]/;

/** RFC 4180 in UTF-8: a line of names, lines end in CRLF, null is nothing between two separators and the empty text is `""`. */
export const csv = (columns: readonly Column[], rows: Rows, options: EncodeOptions): AsyncGenerator<Uint8Array> =>
  inUtf8(lines(columns, rows, options));

async function* lines(columns: readonly Column[], rows: Rows, options: EncodeOptions): AsyncGenerator<string> {
  const { guard, separator = ",", bom = false } = options;
  const textOf = (text: string) => quoted(guard ? guarded(text) : text);
  const isText = columns.map(({ type }) => type === "text");
  const lineOf = (row: Row) => {
    const fields = row.map((value, at) => {
      if (value === null) return "";
      return isText[at] ? textOf(String(value)) : String(value);
    });
    return `${fields.join(separator)}\r\n`;
  };
  yield `${bom ? BOM : ""}${headOf(columns, options).map(textOf).join(separator)}\r\n`;
  for await (const row of rows) yield lineOf(row);
}

const quoted = (text: string): string => (text === "" || SPECIAL.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
