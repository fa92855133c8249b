import { type Column, inUtf8, type Row, type Rows } from "./columns.ts";

/** An object a line, its names those of the columns. Rupiah are digits in a string, as in GraphQL. */
export const jsonl = (columns: readonly Column[], rows: Rows): AsyncGenerator<Uint8Array> => inUtf8(lines(columns, rows));

async function* lines(columns: readonly Column[], rows: Rows): AsyncGenerator<string> {
  for await (const row of rows) yield `${JSON.stringify(objectOf(columns, row))}\n`;
}

/** A row as JSON has it. */
export const objectOf = (columns: readonly Column[], row: Row): Readonly<Record<string, string | number | boolean | null>> =>
  Object.fromEntries(columns.map(({ name, type }, at) => [name, inJson(type, row[at] ?? null)]));

function inJson(type: Column["type"], value: Row[number]): string | number | boolean | null {
  if (value === null || typeof value === "boolean") return value;
  return type === "integer" ? Number(value) : String(value);
}
