import type { Column } from "../../../gateway/border/export/encode/columns.ts";
import { encode, type Format } from "../../../gateway/border/export/encode/encode.ts";

// Run by memory.test.ts in a process of its own: writes a table of so many rows to nowhere and tells what memory that took.

const [format, count] = [process.argv[2] as Format, Number(process.argv[3])];
const COLUMNS: readonly Column[] = [
  ...["region_code", "name", "program", "state"].map((name) => ({ name, label: name, type: "text" }) as const),
  { name: "persons", label: "persons", type: "integer" },
  { name: "total_rupiah", label: "total", type: "rupiah" },
];

async function* rows() {
  for (let n = 0; n < count; n++) {
    if (n % 10_000 === 0) await new Promise(setImmediate); // a page came
    yield [String(1_000_000_000 + n), `Siti Aminah ${n}`, "PKH", "ACTIVE", n, String(n * 100_000)];
  }
}

let [bytes, most] = [0, 0];
for await (const piece of encode(format, { columns: COLUMNS, rows: rows() }, { guard: true })) {
  bytes += piece.length;
  most = Math.max(most, process.memoryUsage.rss());
}
process.stdout.write(JSON.stringify({ bytes, mb: Math.round(most / 2 ** 20) }));
