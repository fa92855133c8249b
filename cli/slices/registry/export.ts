import { createWriteStream, renameSync, rmSync } from "node:fs";
import { finished } from "node:stream/promises";
import { parseArgs } from "node:util";
import { inOneLoad, type Loader } from "../../../drizzle/copy.ts";
import { csvLine } from "../../../schema/values/csv.ts";
import { parseRegionCode, regionRange } from "../../../schema/values/regionCode.ts";
import { openDatabases } from "../../data/databases.ts";

export const help = `
Usage: npx hub export members --region CODE --out FILE [--format csv|json]

Writes the members of a region in the SIKS-NG individual shape, for the registry's own operator: idsemesta NIK NOKK Nama Alamat id_kec
id_desa hubungan_kepkel is_nonaktif masih_hidup_label, as import members takes them. It reads as the owner of the data, under no agreement and
on no record of access: partners ask over GraphQL. A text that a spreadsheet would run as a formula is written as text. FILE is readable by
you alone; it stands only once it is whole.

  --region   Kemendagri code of a province, regency, district or village
  --format   csv (default), or json: one object a line

Members that never had an idsemesta are written without: importing the file elsewhere rejects them.
Exit codes: 0 fine, 2 wrong usage.
`;

const OPTIONS = {
  region: { type: "string" },
  out: { type: "string" },
  format: { type: "string", default: "csv" },
} as const;
const BATCH = 5000;

const COLUMNS = [
  ...["idsemesta", "NIK", "NOKK", "Nama", "Alamat", "id_kec", "id_desa"],
  ...["hubungan_kepkel", "is_nonaktif", "masih_hidup_label"],
] as const;
type Row = Readonly<Record<(typeof COLUMNS)[number] | "id", string>>;

/** `argv`: what follows `export`. */
export async function exportMembers(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...argv], allowPositionals: true, options: OPTIONS });
  const region = parseRegionCode(values.region ?? "");
  const { out, format } = values;
  if (positionals.join() !== "members" || region === null || out === undefined)
    return complain("say: export members --region CODE --out FILE");
  if (format !== "csv" && format !== "json") return complain(`--format ${format} is neither csv nor json`);
  const databases = await openDatabases(process.env, note);
  try {
    const written = await inOneLoad(databases.urls.welfare.owner, (loader) => write(loader, { region, out, format }));
    note(`${written} members written to ${out}`);
    return 0;
  } finally {
    await databases.close();
  }
}

interface Wanted {
  readonly region: string;
  readonly out: string;
  readonly format: "csv" | "json";
}

/** One snapshot, batch by batch in order of id: never more than a batch is held. */
async function write(loader: Loader, { region, out, format }: Wanted): Promise<number> {
  await loader.query("set transaction isolation level repeatable read, read only");
  const beside = `${out}.${process.pid}`;
  const file = createWriteStream(beside, { mode: 0o600 });
  const line = (row: Row) =>
    format === "csv"
      ? csvLine(COLUMNS.map((name) => row[name]))
      : `${JSON.stringify(COLUMNS.map((name) => [name, row[name]]).reduce(named, {}))}\n`;
  let written = 0;
  try {
    if (format === "csv") file.write(csvLine(COLUMNS));
    for await (const rows of batches(loader, region)) {
      written += rows.length;
      if (!file.write(rows.map(line).join(""))) await new Promise<void>((drained) => file.once("drain", () => drained()));
    }
    await finished(file.end());
    renameSync(beside, out);
  } catch (error) {
    file.destroy();
    rmSync(beside, { force: true });
    throw error;
  }
  return written;
}

const named = (object: Record<string, string>, [name = "", value = ""]: readonly string[]) =>
  Object.assign(object, { [name]: value });

async function* batches(loader: Loader, region: string): AsyncGenerator<Row[]> {
  const [from, before] = regionRange(region);
  let after = "00000000-0000-0000-0000-000000000000";
  for (;;) {
    const rows = await loader.query<Row>(MEMBERS, [from, before, after, BATCH]);
    if (rows.length === 0) return;
    yield rows;
    after = rows.at(-1)?.id ?? after;
  }
}

const MEMBERS = `select m.id, coalesce(m.idsemesta, '') as idsemesta, coalesce(m.claimed_nik, '') as "NIK", coalesce(f.claimed_card_number, '') as "NOKK",
    m.claimed_name as "Nama", h.address as "Alamat", left(m.region, 6) as id_kec, m.region as id_desa,
    array_position(enum_range(null::welfare.family_relation), m.relation)::text as hubungan_kepkel,
    case m.state when 'DORMANT' then '1' else '0' end as is_nonaktif, case m.state when 'DECEASED' then 'Meninggal' else 'Hidup' end as masih_hidup_label
  from welfare.member m join welfare.family f on f.id = m.family_id and f.household_id = m.household_id join welfare.household h on h.id = m.household_id
  where m.region >= $1 and m.region < $2 and m.id > $3 and m.state <> 'MERGED' order by m.id limit $4`;

function complain(text: string): number {
  note(text);
  return 2;
}

function note(text: string): void {
  process.stderr.write(`hub export: ${text}\n`);
}
