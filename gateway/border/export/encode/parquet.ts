import { ByteWriter, ParquetWriter, type SchemaElement } from "hyparquet-writer";
import type { Column, Row, Rows } from "./columns.ts";

/** Values held until they are a group of rows. */
const GROUP_VALUES = 200_000;

/** Apache Parquet in groups of rows: text is STRING whatever it looks like, integer and rupiah INT64, instant TIMESTAMP. Every column may be null. */
export async function* parquet(columns: readonly Column[], rows: Rows): AsyncGenerator<Uint8Array> {
  const bytes = new ByteWriter();
  const writer = new ParquetWriter({ writer: bytes, schema: schemaOf(columns), createdBy: "dtks-hub" });
  const most = Math.max(1, Math.floor(GROUP_VALUES / columns.length));
  let group: Row[] = [];
  for await (const row of rows) {
    group.push(row);
    if (group.length < most) continue;
    await writer.write({ columnData: dataOf(columns, group), rowGroupSize: most });
    group = [];
    yield taken(bytes);
  }
  if (group.length > 0) await writer.write({ columnData: dataOf(columns, group), rowGroupSize: most });
  await writer.finish();
  yield taken(bytes);
}

const SHAPES: Readonly<Record<Column["type"], Pick<SchemaElement, "type" | "converted_type">>> = {
  text: { type: "BYTE_ARRAY", converted_type: "UTF8" },
  integer: { type: "INT64" },
  rupiah: { type: "INT64" },
  boolean: { type: "BOOLEAN" },
  instant: { type: "INT64", converted_type: "TIMESTAMP_MILLIS" },
};

const schemaOf = (columns: readonly Column[]): SchemaElement[] => [
  { name: "root", num_children: columns.length },
  ...columns.map(({ name, type }) => ({ name, repetition_type: "OPTIONAL" as const, ...SHAPES[type] })),
];

const dataOf = (columns: readonly Column[], group: readonly Row[]) =>
  columns.map(({ name, type }, at) => ({ name, data: group.map((row) => inParquet(type, row[at] ?? null)) }));

function inParquet(type: Column["type"], value: Row[number]): string | bigint | boolean | Date | null {
  if (value === null || typeof value === "boolean") return value;
  if (type === "integer" || type === "rupiah") return BigInt(value);
  return type === "instant" ? new Date(String(value)) : String(value);
}

/** What has been written since; `offset` goes on counting from the beginning of the file. */
function taken(bytes: ByteWriter): Uint8Array {
  const piece = bytes.getBytes().slice();
  bytes.index = 0;
  return piece;
}
