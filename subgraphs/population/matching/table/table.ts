import type { Column } from "../spec.ts";
import { type DateFormat, dateFormat, ISO, readDate } from "./dates.ts";
import { packDigits } from "./digits.ts";
import type { LexiconKind } from "./forms.ts";
import type { Lexicon } from "./lexicon.ts";
import { grown, shared } from "./shared.ts";

/** Where a column's value stands in a row of cells. */
export interface Place {
  readonly column: Column;
  readonly word: number;
}

/** Rows are kept whole, `width` words each, so that a comparison of two touches two lines of the cache. */
export interface Layout {
  readonly width: number;
  readonly places: ReadonlyMap<string, Place>;
}

export const isDigits = ({ as }: Column): boolean => as === "nik" || as === "familyCard";

export function layoutOf(columns: readonly Column[]): Layout {
  const places = new Map<string, Place>();
  let width = 0;
  for (const column of columns) {
    places.set(column.name, { column, word: width });
    width += isDigits(column) ? 2 : 1;
  }
  return { width, places };
}

/** One field of a file: the bytes between two positions. */
export interface Field {
  readonly bytes: Uint8Array;
  readonly from: number;
  readonly to: number;
}

/** Columns of texts have a lexicon in common, by kind; a text compared across columns is then one id. */
export type Lexica = ReadonlyMap<LexiconKind, Lexicon>;

export const lexiconKind = ({ as }: Column): LexiconKind | null => {
  if (as === "indonesianName" || as === "numeric") return as;
  return as === "text" ? "text" : null;
};

/** Writes one field into a row of cells, in the column's own shape. Answers false when something stood there that could not be read. */
export type WriteField = (cells: Int32Array, at: number, field: Field) => boolean;

export function fieldWriter({ column, word }: Place, lexica: Lexica): WriteField {
  if (isDigits(column)) return (cells, at, { bytes, from, to }) => packDigits(bytes, from, to, cells, at + word) || from === to;
  const kind = lexiconKind(column);
  if (kind === null) return dateWriter(word, (column.format && dateFormat(column.format)) || ISO);
  const lexicon = lexica.get(kind);
  if (!lexicon) throw new Error(`no lexicon for ${kind}`);
  return (cells, at, { bytes, from, to }) => {
    const id = lexicon.idOf(bytes, from, to);
    cells[at + word] = id;
    return id !== 0 || from === to;
  };
}

const dateWriter =
  (word: number, format: DateFormat): WriteField =>
  (cells, at, { bytes, from, to }) => {
    const date = readDate(bytes, from, to, format);
    cells[at + word] = date;
    return date !== 0 || from === to;
  };

/** Rows of one side. `ids`: what the file calls them, in row order; empty where a row's number is its id. */
export class Table {
  readonly layout: Layout;
  cells: Int32Array;
  rows = 0;

  constructor(layout: Layout, room = 1024, cells?: Int32Array) {
    this.layout = layout;
    this.cells = cells ?? shared(Int32Array, Math.max(room, 1) * layout.width);
    if (cells) this.rows = cells.length / layout.width;
  }

  /** Room for one more row; answers where its cells begin. */
  add(): number {
    const { width } = this.layout;
    const at = this.rows * width;
    if (at + width > this.cells.length) this.cells = grown(this.cells, this.cells.length * 2);
    this.rows += 1;
    return at;
  }
}
