import { UnreadableFile } from "../text.ts";
import { LONGEST_TEXT, type Mark } from "./markup.ts";

/** One cell. `isNumber`: the spreadsheet holds a number, of which digits behind the fifteenth are lost. */
export interface Cell {
  readonly text: string;
  readonly isNumber: boolean;
  readonly isFormula: boolean;
}
/** One row as the spreadsheet numbers it; cells by column from 0, empty ones absent. */
export interface SheetRow {
  readonly line: number;
  readonly cells: ReadonlyMap<number, Cell>;
}

const MOST_COLUMNS = 256;
const MOST_ROWS = 1_048_576; // a spreadsheet has no more

/** Rows of a sheet, blank ones left out. `shared`: the workbook's shared texts. */
export async function* rowsOf(marks: AsyncIterable<Mark>, shared: readonly string[]): AsyncGenerator<SheetRow> {
  const reading: Reading = { line: 0, cells: new Map(), last: -1, cell: null };
  for await (const mark of marks) {
    if (mark.kind === "text") addText(reading, mark.text);
    else if (mark.kind === "open") open(reading, mark);
    else if (close(reading, mark.name, shared)) yield { line: reading.line, cells: reading.cells };
  }
}

interface Reading {
  line: number;
  cells: Map<number, Cell>;
  /** Column of the cell before: one without a reference follows it. */
  last: number;
  cell: OpenCell | null;
}

function addText({ cell }: Reading, text: string): void {
  if (!cell?.takes) return;
  cell.text += text;
  refuseLong(cell.text);
}

function refuseLong(text: string): void {
  if (text.length > LONGEST_TEXT) throw new UnreadableFile("a cell of the workbook is too long");
}

/** The number a row says it has. Rows without one follow the row before. */
function lineOf(said: string | undefined, before: number): number {
  if (said === undefined) return before + 1;
  if (/^[1-9][0-9]{0,6}$/.test(said) && Number(said) <= MOST_ROWS) return Number(said);
  const place = before === 0 ? "the first row" : `the row after row ${before}`;
  throw new UnreadableFile(`${place} of the sheet has the number ${JSON.stringify(said.slice(0, 20))}: save it anew as .xlsx`);
}

function open(reading: Reading, { name, attributes }: Extract<Mark, { kind: "open" }>): void {
  if (name === "row") Object.assign(reading, { line: lineOf(attributes["r"], reading.line), cells: new Map(), last: -1 });
  else if (name === "c") {
    reading.last = columnOf(attributes["r"]) ?? reading.last + 1;
    reading.cell = { column: reading.last, type: attributes["t"] ?? "n", text: "", isFormula: false, takes: false };
  } else if (reading.cell) reading.cell = opened(reading.cell, name);
}

/** True when a row that is not blank has ended. */
function close(reading: Reading, name: string, shared: readonly string[]): boolean {
  const { cell, cells } = reading;
  if (name === "row") return cells.size > 0;
  if (cell) cell.takes = false;
  if (name !== "c" || !cell) return false;
  const value = cellOf(cell, shared);
  if (value && cell.column < MOST_COLUMNS) cells.set(cell.column, value);
  reading.cell = null;
  return false;
}

interface OpenCell {
  readonly column: number;
  readonly type: string;
  text: string;
  isFormula: boolean;
  /** Text that comes now is the cell's. */
  takes: boolean;
}

function opened(cell: OpenCell, name: string): OpenCell {
  return { ...cell, takes: name === "v" || name === "t", isFormula: cell.isFormula || name === "f" };
}

function cellOf({ type, text, isFormula }: OpenCell, shared: readonly string[]): Cell | null {
  const value = type === "s" ? (shared[Number(text)] ?? "") : text;
  refuseLong(value);
  if (value.trim() === "" && !isFormula) return null;
  return { text: value, isNumber: type === "n", isFormula };
}

/** `AB12` → 27; undefined when it is no reference. */
function columnOf(reference: string | undefined): number | undefined {
  const letters = /^([A-Z]{1,3})[0-9]+$/.exec(reference ?? "")?.[1];
  if (letters === undefined) return undefined;
  return [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}
