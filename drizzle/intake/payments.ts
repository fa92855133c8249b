import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import type { CsvRecord } from "./csv.ts";
import { atLeastOne, openTable } from "./table.ts";
import { UnreadableFile } from "./text.ts";

/** A line of a bank's or the treasury's file, as programs.add_payment_lines takes it: amounts as digits, whole rupiah. */
export type PaymentLine = Readonly<Record<string, string | number>>;

/** `line`: null, it could not be read, and `fault` says which column and why. */
export interface PaymentRecord {
  readonly at: number;
  readonly line: PaymentLine | null;
  readonly fault: { readonly field: string; readonly reason: string } | null;
}

export interface PaymentFile {
  /** SHA-256 of the file's bytes. */
  readonly sha256: string;
  readonly columns: readonly string[];
  readonly records: AsyncIterable<PaymentRecord>;
}

interface Column {
  readonly name: string;
  readonly isNeeded: boolean;
  readonly form: RegExp;
}

const column = (name: string, form: RegExp, isNeeded = true): Column => ({ name, form, isNeeded });
const RUPIAH = /^[1-9][0-9]{0,14}$/;
const WORD = /^[A-Z_]{3,40}$/;
const ABOUT_PAYMENTS = [
  column("payment", /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
  column("state", WORD),
  column("amount", RUPIAH, false),
  column("on", /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/, false),
  column("failure", WORD, false),
];
const ABOUT_ORDERS = [
  column("order", /^.{3,100}$/),
  column("release", /^.{3,100}$/),
  column("amount", RUPIAH),
  column("payments", /^[1-9][0-9]{0,8}$/),
];

/**
 * Opens a CSV file (comma, semicolon or tab) of payments, or of releases, whose columns are known by their names in any order. Throws UnreadableFile where
 * the whole of it is wrong. Read row by row, never whole.
 */
export async function openPaymentFile(path: string, kind: string): Promise<PaymentFile> {
  const columns = kind === "TREASURY_RELEASE" ? ABOUT_ORDERS : ABOUT_PAYMENTS;
  const sha256 = await digestOf(path);
  const { header, records } = await openTable(path);
  const unknown = header.filter((name) => !columns.some((known) => known.name === name));
  const missing = columns.filter(({ name, isNeeded }) => isNeeded && !header.includes(name)).map(({ name }) => name);
  if (missing.length > 0) throw new UnreadableFile(`missing columns: ${missing.join(", ")}`);
  if (unknown.length > 0) throw new UnreadableFile(`unknown columns: ${unknown.join(", ")}`);
  if (new Set(header).size < header.length) throw new UnreadableFile("a column is named twice");
  return { sha256, columns: header, records: read(header, columns, await atLeastOne(records)) };
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest("hex");
}

async function* read(
  header: readonly string[],
  columns: readonly Column[],
  records: AsyncIterable<CsvRecord>,
): AsyncGenerator<PaymentRecord> {
  for await (const { line: at, fields, fault } of records) {
    const reason = fault ?? (fields.length === header.length ? null : "NUMBER_OF_FIELDS");
    const row = Object.fromEntries(header.map((name, place) => [name, fields[place]?.trim() ?? ""]));
    const wrong = reason === null ? faultIn(row, columns) : { field: "", reason };
    yield { at, line: wrong === null ? lineOf(at, row) : null, fault: wrong };
  }
}

function faultIn(row: Readonly<Record<string, string>>, columns: readonly Column[]) {
  for (const { name, isNeeded, form } of columns) {
    const text = row[name] ?? "";
    if (text === "" && isNeeded) return { field: name, reason: "MISSING" };
    if (text !== "" && !form.test(text)) return { field: name, reason: "FORMAT" };
    if (text !== "" && name === "on" && !isDay(text)) return { field: name, reason: "FORMAT" };
  }
  return null;
}

const isDay = (text: string) => new Date(`${text}T00:00:00Z`).toJSON()?.startsWith(text) === true;

const lineOf = (line: number, row: Readonly<Record<string, string>>): PaymentLine => ({
  line,
  ...Object.fromEntries(Object.entries(row).filter(([, text]) => text !== "")),
});
