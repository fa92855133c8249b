import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parquetReadObjects } from "hyparquet";
import { csvRecords } from "../../../drizzle/intake/csv.ts";
import { workbookRows } from "../../../drizzle/intake/xlsx/workbook.ts";
import type { Column, EncodeOptions, Rows } from "../../../gateway/border/export/encode/columns.ts";
import { encode, type Format } from "../../../gateway/border/export/encode/encode.ts";

export interface Written {
  readonly format: Format;
  readonly columns: readonly Column[];
  readonly rows: Rows;
  readonly options?: Partial<EncodeOptions>;
}

export async function fileOf({ format, columns, rows, options }: Written): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of encode(format, { columns, rows }, { guard: true, ...options })) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** Fields of a CSV file, without its byte order mark. */
export async function fieldsOf(file: Buffer, separator = ","): Promise<readonly (readonly string[])[]> {
  async function* text() {
    yield file.toString().replace(/^\uFEFF/, "");
  }
  const lines: (readonly string[])[] = [];
  for await (const { fields, fault } of csvRecords(text(), separator)) {
    if (fault) throw new Error(fault);
    lines.push(fields);
  }
  return lines;
}

/** Cells of the first sheet as text, with whether each is a number; undefined where there is none. Reads the file as the hub's own intake does. */
export async function sheetOf(file: Buffer, width: number) {
  const folder = mkdtempSync(join(tmpdir(), "hub-export-"));
  try {
    const path = join(folder, "table.xlsx");
    writeFileSync(path, file);
    const rows: { line: number; cells: ({ text: string; isNumber: boolean; isFormula: boolean } | undefined)[] }[] = [];
    for await (const { line, cells } of workbookRows(path, null))
      rows.push({ line, cells: Array.from({ length: width }, (_, at) => cells.get(at)) });
    return rows;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export const objectsOf = (file: Buffer) =>
  parquetReadObjects({ file: file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength) as ArrayBuffer });
