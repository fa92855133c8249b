import type { CsvRow } from "../../matching/csv/row.ts";
import { encoderOf } from "../../matching/linkage/encoder.ts";
import type { Opened } from "../../matching/linkage/linkage.ts";
import { isDigits } from "../../matching/table/table.ts";
import type { Mapping } from "../upload/mapping.ts";
import { sexWords } from "./sex.ts";

/** Makes cells of a row of the file; `cells` has room for one row at `at`. */
export type ReadRow = (row: CsvRow, cells: Int32Array, at: number) => void;

export function rowReader({ frame, lexica }: Opened, { header, columns, nulls }: Mapping): ReadRow {
  const { layout } = frame;
  const reads = columns.map(({ column, headers }) => ({ column, fields: headers.map((name) => header.indexOf(name)) }));
  const formats = new Map(columns.flatMap(({ column, format }) => (format === null ? [] : [[column, format] as const])));
  const missing = nulls.map((text) => new TextEncoder().encode(text));
  const encode = encoderOf(frame, lexica, { reads, nulls: missing, formats });
  const mapped = new Set(columns.map(({ column }) => column));
  const absent = [...layout.places.values()].filter(({ column }) => isDigits(column) && !mapped.has(column.name));
  const sexes = sexWords(lexica);
  const sex = layout.places.get("sex")?.word ?? 0;
  const village = reads.find(({ column }) => column === "village")?.fields[0];
  const undot = village === undefined ? null : dotsRemover(village);
  return (row, cells, at) => {
    for (const { word } of absent) cells.fill(-1, at + word, at + word + 2);
    encode(undot?.(row) ?? row, cells, at);
    cells[at + sex] = sexes.get(cells[at + sex] as number) ?? 0;
  };
}

const POINT = 46;

/** Codes of regions written 35.10.16.1001 are the same without dots. */
function dotsRemover(field: number): (row: CsvRow) => CsvRow {
  return (row) => {
    const { bytes, starts, ends } = row;
    const from = starts[field] as number;
    let to = from;
    for (let i = from; i < (ends[field] as number); i += 1) {
      if (bytes[i] === POINT) continue;
      bytes[to] = bytes[i] as number;
      to += 1;
    }
    ends[field] = to;
    return row;
  };
}
