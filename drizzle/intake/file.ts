import { type CsvRecord, csvRecords, delimiterOf } from "./csv.ts";
import { type JsonRecord, jsonRecords } from "./json.ts";
import { COLUMNS, REQUIRED, type SiksFault, type SiksRow } from "./siks.ts";
import { textOf, UnreadableFile } from "./text.ts";

/** One row of a file of members. `faults`: it could not even be read as a row. `original`: its fields, in the order of the columns. */
export interface FileRow {
  readonly line: number;
  readonly row: SiksRow;
  readonly faults: readonly SiksFault[];
  readonly original: readonly string[];
}

export interface MemberFile {
  readonly columns: readonly string[];
  readonly rows: AsyncIterable<FileRow>;
}

/** What the rejected file adds in front: the corrected file can be imported as it is. */
export const REJECTION_COLUMNS = ["line", "field", "reason"] as const;

/**
 * Opens a file in the SIKS-NG individual shape, CSV (comma, semicolon or tab) or JSON (array, or an object a line). Throws
 * UnreadableFile where the whole file is wrong: empty, header only, columns unknown or missing. Read row by row, never whole.
 */
export async function openMemberFile(path: string, ignored: readonly string[]): Promise<MemberFile> {
  const start = await startOf(path);
  const [first] = start;
  if (first === undefined) throw new UnreadableFile("the file is empty");
  if (first === "[" || first === "{")
    return { columns: COLUMNS, rows: jsonRows(jsonRecords(textOf(path), first === "["), ignored) };
  return openCsv(path, ignored);
}

/** The file's first characters that are not white space. */
async function startOf(path: string): Promise<string> {
  for await (const text of textOf(path)) if (text.trim() !== "") return text.trimStart();
  return "";
}

async function openCsv(path: string, ignored: readonly string[]): Promise<MemberFile> {
  const text = textOf(path);
  const head = await headerLine(text);
  const delimiter = delimiterOf(head.line);
  const records = csvRecords(rejoined(head.read, text), delimiter);
  const header = await records.next();
  const columns = header.done ? [] : header.value.fields.map((name) => canonical(name.trim()));
  checkColumns(columns, ignored);
  const first = await records.next();
  if (first.done) throw new UnreadableFile("the file has a header and no row");
  return { columns, rows: csvRows(columns, chained(first.value, records)) };
}

/** Text up to the end of the first line that is not blank. */
async function headerLine(text: AsyncGenerator<string>): Promise<{ line: string; read: string }> {
  let read = "";
  for (;;) {
    const chunk = await text.next();
    if (chunk.done) return { line: read, read };
    read += chunk.value;
    if (/\S.*[\r\n]/.test(read)) return { line: read.trimStart().split(/[\r\n]/, 1)[0] ?? "", read };
  }
}

async function* rejoined(read: string, text: AsyncIterable<string>): AsyncGenerator<string> {
  yield read;
  yield* text;
}

async function* chained<T>(first: T, rest: AsyncIterable<T>): AsyncGenerator<T> {
  yield first;
  yield* rest;
}

const BY_LOWER_CASE = new Map(COLUMNS.map((name) => [name.toLowerCase(), name]));
const canonical = (name: string) => BY_LOWER_CASE.get(name.toLowerCase()) ?? name;

function checkColumns(columns: readonly string[], ignored: readonly string[]): void {
  const known = new Set<string>([...COLUMNS, ...REJECTION_COLUMNS, ...ignored]);
  const unknown = columns.filter((name) => !known.has(name));
  const missing = REQUIRED.filter((name) => !columns.includes(name));
  const twice = columns.filter((name, position) => columns.indexOf(name) !== position);
  const faults = [
    missing.length > 0 && `missing columns: ${missing.join(", ")}`,
    unknown.length > 0 &&
      `unknown columns: ${unknown.map((name) => JSON.stringify(name)).join(", ")} (leave them out with --ignore NAME,NAME)`,
    twice.length > 0 && `columns named twice: ${twice.join(", ")}`,
  ].filter((text) => text !== false);
  if (faults.length > 0) throw new UnreadableFile(faults.join("; "));
}

async function* csvRows(columns: readonly string[], records: AsyncIterable<CsvRecord>): AsyncGenerator<FileRow> {
  for await (const { line, fields, fault } of records) {
    const faults = fault
      ? [{ field: "", reason: fault }]
      : fields.length === columns.length
        ? []
        : [{ field: "", reason: "NUMBER_OF_FIELDS" }];
    const row = faults.length > 0 ? {} : Object.fromEntries(columns.map((name, position) => [name, fields[position]]));
    yield { line, row, faults, original: fields };
  }
}

async function* jsonRows(records: AsyncIterable<JsonRecord>, ignored: readonly string[]): AsyncGenerator<FileRow> {
  let seen = 0;
  for await (const { line, value, text } of records) {
    seen += 1;
    if (value === undefined) yield { line, row: {}, faults: [{ field: "", reason: "NOT_AN_OBJECT" }], original: [text] };
    else yield jsonRow(line, value, ignored);
  }
  if (seen === 0) throw new UnreadableFile("the file holds no row");
}

function jsonRow(line: number, value: Readonly<Record<string, unknown>>, ignored: readonly string[]): FileRow {
  const named = Object.entries(value).map(([name, held]) => [canonical(name), held] as const);
  const isUnknown = (name: string) =>
    !COLUMNS.includes(name) && !ignored.includes(name) && !REJECTION_COLUMNS.some((own) => own === name);
  const faults = [
    ...named.filter(([name]) => isUnknown(name)).map(([field]) => ({ field, reason: "UNKNOWN_COLUMN" })),
    // a number has lost digits before anybody could look: Papua's exceed 2^53
    ...named
      .filter(([name, held]) => (name === "NIK" || name === "NOKK") && typeof held === "number")
      .map(([field]) => ({ field, reason: "NUMBER_NOT_TEXT" })),
  ];
  const row: SiksRow = Object.fromEntries(named.map(([name, held]) => [name, textOfValue(held)]));
  const unknown = named.filter(([name]) => isUnknown(name)).map(([name, held]) => `${name}=${textOfValue(held)}`);
  return { line, row, faults, original: [...COLUMNS.map((name) => row[name] ?? ""), ...unknown] };
}

function textOfValue(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
