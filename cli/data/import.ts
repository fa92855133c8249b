import { existsSync, statSync } from "node:fs";
import { basename } from "node:path";
import { parseArgs } from "node:util";
import { inOneLoad } from "../../drizzle/copy.ts";
import { type FileRow, type MemberFile, openMemberFile } from "../../drizzle/intake/file.ts";
import { merge, type Outcome, recordRun, type StagedRow, stage } from "../../drizzle/intake/members.ts";
import { readSiksRow, type SiksContext } from "../../drizzle/intake/siks.ts";
import { UnreadableFile } from "../../drizzle/intake/text.ts";
import { loadRegions } from "../../drizzle/synthetic/regions.ts";
import { openDatabases } from "./databases.ts";
import { importBdt } from "./importBdt.ts";
import { closeReports, openReports, type Rejects, reported } from "./rejects.ts";

export const help = `
Usage: npx hub import members FILE [--json] [--codes kemendagri] [--ignore COLUMN,COLUMN] [--sheet NAME]
       npx hub import bdt HOUSEHOLDS MEMBERS --visited YYYY-MM-DD [--json] [--codes kemendagri]

Loads members of the registry from a file in the SIKS-NG individual shape: CSV (comma, semicolon or tab; UTF-8), JSON (an array,
or one object a line), or a list by name and address (BNBA) as an .xlsx workbook, which may head its columns in its own words
(No KK, Kode Desa …) below a title. Needed: idsemesta NIK NOKK Nama Alamat id_kec id_desa; the other SIKS-NG columns may be there and are
checked, but nothing of them is stored except whether a member is dormant or deceased. hubungan_kepkel (1–8) gives the relation.

Rows are known by idsemesta: the same file a second time changes nothing, a corrected one updates. Wrong rows go, with their line,
field and reason, to FILE.rejected.csv (replaced at each run); correct them there and import that file. No row is lost:
loaded + unchanged + rejected is the number of rows. No import wakes a dormant, deceased or merged member: such a row updates all but the
state and stands in FILE.conflicts.csv. A quote that an export set before a text a spreadsheet would run is taken off again. A file that cannot be read as a whole loads nothing.

  --json     print the figures as JSON
  --codes    scheme of id_kec and id_desa: kemendagri (default)
  --ignore   columns to leave out, by name
  --sheet    sheet of a workbook, by name; the first that is not hidden when left out

bdt loads the basic data of 2015 as regencies keep them, two CSV files by raw names: households (IDBDT id_desa Alamat and answers such as
Lantai) and members (IDBDT IDARTBDT Nama NUK Hubkel, NIK and NoKK where there are any, and answers). Both or none: a household of which
anything changed gets one survey more, of the day of --visited. The mother's maiden name is never loaded.

Synthetic NIKs (serials 9001–9999) are accepted with HUB_ENV=dev only.
Exit codes: 0 all rows good, 1 some rejected, 2 wrong usage or unreadable file.
`;

interface Summary extends Pick<Outcome, "created" | "updated" | "unchanged" | "sharedNik">, ReturnType<typeof reported> {
  readonly file: string;
  readonly total: number;
}

interface Job {
  readonly path: string;
  readonly file: MemberFile;
  readonly ownerUrl: string;
  readonly context: SiksContext;
}

/** `argv`: what follows `import`. */
export async function importMembers(argv: readonly string[]): Promise<number> {
  if (argv[0] === "bdt") return importBdt(argv.slice(1), await contextOf(process.env["HUB_ENV"]));
  const options = {
    json: { type: "boolean", default: false },
    codes: { type: "string", default: "kemendagri" },
    ignore: { type: "string", default: "" },
    sheet: { type: "string" },
  } as const;
  const { values, positionals } = parseArgs({ args: [...argv], allowPositionals: true, options });
  const [what, path, ...more] = positionals;
  const misuse = misuseOf({ what, path, more, codes: values.codes });
  if (misuse || !path) return complain(misuse ?? "name a file");
  try {
    const ignored = values.ignore.split(",").filter((name) => name !== "");
    const file = await openMemberFile(path, { ignored, sheet: values.sheet ?? null });
    const databases = await openDatabases(process.env, note);
    try {
      const summary = await runImport({
        path,
        file,
        ownerUrl: databases.urls.welfare.owner,
        context: await contextOf(process.env["HUB_ENV"]),
      });
      process.stdout.write(values.json ? `${JSON.stringify(summary)}\n` : told(summary));
      return summary.rejected > 0 ? 1 : 0;
    } finally {
      await databases.close();
    }
  } catch (error) {
    if (error instanceof UnreadableFile) return complain(`${path}: ${error.message}. Nothing was loaded.`);
    throw error;
  }
}

function misuseOf({
  what,
  path,
  more,
  codes,
}: {
  what: string | undefined;
  path: string | undefined;
  more: string[];
  codes: string;
}): string | undefined {
  if (what !== "members") return "say what to import: npx hub import members FILE";
  if (path === undefined || more.length > 0) return "name one file: npx hub import members FILE";
  if (codes === "bps")
    return "BPS codes name other places than Kemendagri's and no crosswalk is installed: give id_kec and id_desa in Kemendagri codes";
  if (codes !== "kemendagri") return `--codes ${codes} is unknown: kemendagri`;
  if (!existsSync(path)) return `${path} does not exist`;
  return statSync(path).isFile() ? undefined : `${path} is not a file`;
}

/** What rows are checked against. Synthetic people exist in development only. */
async function contextOf(environment: string | undefined): Promise<SiksContext> {
  const regions = await loadRegions();
  return {
    referenceDate: new Date().toISOString().slice(0, 10),
    allowSynthetic: environment === "dev",
    isDistrict: regions.isDistrict,
    isVillage: (code) => regions.nameOf(code) !== undefined,
  };
}

/** The whole file in one transaction. The rejected file stands only once the rows are committed. */
export async function runImport({ path, file, ownerUrl, context }: Job): Promise<Summary> {
  const reports = openReports(path, file.columns);
  const { rejects, conflicts } = reports;
  const counted = { total: 0 };
  try {
    const outcome = await inOneLoad(ownerUrl, async (loader) => {
      await stage(loader, goodRows(file.rows, { context, rejects, counted }));
      const merged = await merge(loader);
      for (const refused of merged.refused) await rejects.write(refused);
      for (const kept of merged.kept) await conflicts.write(kept);
      const loaded = merged.created + merged.updated;
      const run = {
        fileName: basename(path),
        total: counted.total,
        loaded,
        unchanged: merged.unchanged,
        rejected: rejects.count(),
      };
      if (loaded + run.unchanged + run.rejected !== run.total)
        throw new Error(`rows do not add up, so nothing was loaded: ${JSON.stringify(run)}`);
      await recordRun(loader, run);
      return merged;
    });
    await closeReports(reports, "keep");
    const { created, updated, unchanged, sharedNik } = outcome;
    return { file: path, total: counted.total, created, updated, unchanged, ...reported(path, reports), sharedNik };
  } catch (error) {
    await closeReports(reports, "discard");
    throw error;
  }
}

const PROGRESS_EVERY = 10_000;

async function* goodRows(
  rows: AsyncIterable<FileRow>,
  { context, rejects, counted }: { context: SiksContext; rejects: Rejects; counted: { total: number } },
): AsyncGenerator<StagedRow> {
  for await (const { line, row, faults, original } of rows) {
    counted.total += 1;
    if (counted.total % PROGRESS_EVERY === 0) note(`${counted.total} rows read, ${rejects.count()} rejected`);
    const read = faults.length > 0 ? faults : readSiksRow(row, context);
    if ("nik" in read) yield { line, member: read, original };
    else
      await rejects.write({
        line,
        original,
        field: read.map(({ field }) => field).join("; "),
        reason: read.map(({ reason }) => reason).join("; "),
      });
  }
}

const told = ({
  total,
  created,
  updated,
  unchanged,
  rejected,
  rejectedFile,
  stateKept,
  conflictsFile,
  sharedNik,
}: Summary): string =>
  [
    `${total} rows: ${created} new, ${updated} updated, ${unchanged} unchanged, ${rejected} rejected`,
    ...(rejectedFile ? [`rejected rows with line, field and reason: ${rejectedFile}`] : []),
    ...(conflictsFile
      ? [`${stateKept} rows would have woken a dormant, deceased or merged member; their state stays: ${conflictsFile}`]
      : []),
    ...(sharedNik > 0 ? [`${sharedNik} loaded members share their NIK with another member: to be cleared by matching`] : []),
    "",
  ].join("\n");

function complain(text: string): number {
  process.stderr.write(`hub import: ${text}\n`);
  return 2;
}

function note(text: string): void {
  process.stderr.write(`hub import: ${text}\n`);
}
