import { unguarded } from "../../schema/values/csv.ts";
import { type CsvRecord, csvRecords, delimiterOf } from "./csv.ts";
import { textOf, UnreadableFile } from "./text.ts";

/** A CSV file (comma, semicolon or tab) after its heading, read record by record. */
export interface Table {
  readonly header: readonly string[];
  readonly records: AsyncGenerator<CsvRecord>;
}

export async function openTable(path: string): Promise<Table> {
  const text = textOf(path);
  const head = await headerLine(text);
  const records = csvRecords(rejoined(head.read, text), delimiterOf(head.line));
  const header = await records.next();
  return { header: header.done ? [] : header.value.fields.map((name) => name.trim()), records: told(records) };
}

/** Texts as they were before an export or a file of rejected rows kept them from being run. */
async function* told(records: AsyncIterable<CsvRecord>): AsyncGenerator<CsvRecord> {
  for await (const record of records) yield { ...record, fields: record.fields.map(unguarded) };
}

/** The records, of which there is one at least. */
export async function atLeastOne(records: AsyncGenerator<CsvRecord>): Promise<AsyncIterable<CsvRecord>> {
  const first = await records.next();
  if (first.done) throw new UnreadableFile("the file has a header and no row");
  return chained(first.value, records);
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
