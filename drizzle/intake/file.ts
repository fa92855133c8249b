import { open } from "node:fs/promises";
import { type ListRow, openNameList } from "./bnba.ts";
import type { CsvRecord } from "./csv.ts";
import { type JsonRecord, jsonRecords } from "./json.ts";
import { COLUMNS, REQUIRED, type SiksFault, type SiksRow } from "./siks.ts";
import { atLeastOne, openTable } from "./table.ts";
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

interface Opening {
  /** Columns to leave out. */
  readonly ignored: readonly string[];
  /** Sheet of a workbook; null: the first. */
  readonly sheet?: string | null;
}

/**
 * Opens a file in the SIKS-NG individual shape: CSV (comma, semicolon or tab), JSON (array, or an object a line), or a list by name and address in
 * an .xlsx workbook. Throws UnreadableFile where the whole file is wrong: empty, header only, columns unknown or missing. Read row by row, never whole.
 */
export async function openMemberFile(path: string, { ignored, sheet = null }: Opening): Promise<MemberFile> {
  if (await isWorkbook(path)) return openWorkbook(path, { ignored, sheet });
  const start = await startOf(path);
  const [first] = start;
  if (first === undefined) throw new UnreadableFile("the file is empty");
  if (first === "[" || first === "{")
    return { columns: COLUMNS, rows: jsonRows(jsonRecords(textOf(path), first === "["), ignored) };
  return openCsv(path, ignored);
}

/** Whether the file is an archive, as .xlsx workbooks are. */
async function isWorkbook(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
    return bytesRead === 4 && buffer.equals(Buffer.from("PK\u0003\u0004", "latin1"));
  } finally {
    await file.close();
  }
}

async function openWorkbook(path: string, { ignored, sheet }: { ignored: readonly string[]; sheet: string | null }) {
  const { columns, rows } = await openNameList(path, sheet);
  checkColumns(columns, ignored);
  return { columns, rows: namedRows(columns, rows) };
}

async function* namedRows(columns: readonly string[], rows: AsyncIterable<ListRow>): AsyncGenerator<FileRow> {
  let seen = 0;
  for await (const { line, fields, faults } of rows) {
    seen += 1;
    yield { line, row: Object.fromEntries(columns.map((name, position) => [name, fields[position]])), faults, original: fields };
  }
  if (seen === 0) throw new UnreadableFile("the sheet has a heading and no row");
}

/** The file's first characters that are not white space. */
async function startOf(path: string): Promise<string> {
  for await (const text of textOf(path)) if (text.trim() !== "") return text.trimStart();
  return "";
}

async function openCsv(path: string, ignored: readonly string[]): Promise<MemberFile> {
  const { header, records } = await openTable(path);
  const columns = header.map(canonical);
  checkColumns(columns, ignored);
  return { columns, rows: csvRows(columns, await atLeastOne(records)) };
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
