import { evaluate } from "../block/derive.ts";
import { cellText } from "../block/part.ts";
import { dayOf } from "../table/dates.ts";
import { fieldWriter, type Lexica, type WriteField } from "../table/table.ts";
import type { Frame } from "./prepared.ts";

/** Where a column's value is in a row of a file: the position of one field, or of year, month and day. */
export interface Reads {
  readonly column: string;
  readonly fields: readonly number[];
}

/** A row of a file as the reader gives it: fields are ranges of bytes, reused from row to row. */
export interface FieldRow {
  readonly bytes: Uint8Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

export type EncodeRow = (row: FieldRow, cells: Int32Array, at: number) => void;

interface Source {
  readonly reads: readonly Reads[];
  /** Texts that mean "missing", as bytes. */
  readonly nulls: readonly Uint8Array[];
  /** Order of the parts of this side's dates, where it is not the column's own. */
  readonly formats?: ReadonlyMap<string, string>;
}

const SPACE = 32;

/** Makes rows of cells out of rows of a file. Values are trimmed; what cannot be read is missing. */
export function encoderOf({ layout, derivedColumns }: Frame, lexica: Lexica, { reads, nulls, formats }: Source): EncodeRow {
  const steps = reads.map(({ column, fields }) => {
    const place = layout.places.get(column);
    if (!place) throw new Error(`there is no column "${column}"`);
    const format = formats?.get(column) ?? place.column.format;
    const write = fieldWriter({ ...place, column: { ...place.column, format } }, lexica);
    return fields.length === 3 ? threeFields(fields, place.word, nulls) : oneField(fields[0] as number, write, nulls);
  });
  const derived = derivedColumns.map(({ column, expression }) => {
    const word = layout.places.get(column.name)?.word ?? 0;
    const lexicon = lexica.get("text");
    return (cells: Int32Array, at: number) => {
      const text = evaluate(expression, (name) => {
        const place = layout.places.get(name);
        return place ? cellText(place, lexica, cells, at) : null;
      });
      cells[at + word] = text ? (lexicon?.idOfText(text) ?? 0) : 0;
    };
  });
  return (row, cells, at) => {
    for (const step of steps) step(row, cells, at);
    for (const derive of derived) derive(cells, at);
  };
}

function trimmed({ bytes, starts, ends }: FieldRow, field: number): { from: number; to: number } {
  let from = starts[field] as number;
  let to = ends[field] as number;
  while (from < to && (bytes[from] as number) <= SPACE) from += 1;
  while (to > from && (bytes[to - 1] as number) <= SPACE) to -= 1;
  return { from, to };
}

function oneField(index: number, write: WriteField, nulls: readonly Uint8Array[]): EncodeRow {
  const field: { bytes: Uint8Array; from: number; to: number } = { bytes: new Uint8Array(0), from: 0, to: 0 };
  return (row, cells, at) => {
    let from = row.starts[index] as number;
    let to = row.ends[index] as number;
    while (from < to && (row.bytes[from] as number) <= SPACE) from += 1;
    while (to > from && (row.bytes[to - 1] as number) <= SPACE) to -= 1;
    field.bytes = row.bytes;
    field.from = from;
    field.to = isNull(row.bytes, from, to, nulls) ? from : to;
    write(cells, at, field);
  };
}

function isNull(bytes: Uint8Array, from: number, to: number, nulls: readonly Uint8Array[]): boolean {
  for (let i = 0; i < nulls.length; i += 1) if (isSame(bytes, from, to, nulls[i] as Uint8Array)) return true;
  return false;
}

function isSame(bytes: Uint8Array, from: number, to: number, other: Uint8Array): boolean {
  if (to - from !== other.length) return false;
  for (let i = 0; i < other.length; i += 1) if (bytes[from + i] !== other[i]) return false;
  return true;
}

/** A date whose year, month and day stand in fields of their own. */
function threeFields(fields: readonly number[], word: number, nulls: readonly Uint8Array[]): EncodeRow {
  return (row, cells, at) => {
    const [year, month, day] = fields.map((field) => {
      const { from, to } = trimmed(row, field);
      return isNull(row.bytes, from, to, nulls) ? 0 : wholeNumber(row.bytes, from, to);
    }) as [number, number, number];
    cells[at + word] = dayOf(year, month, day);
  };
}

function wholeNumber(bytes: Uint8Array, from: number, to: number): number {
  let value = 0;
  for (let i = from; i < to && i < from + 8; i += 1) {
    const digit = (bytes[i] as number) - 48;
    if (digit < 0 || digit > 9) return 0;
    value = value * 10 + digit;
  }
  return value;
}
