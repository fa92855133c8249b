import { existsSync } from "node:fs";
import { basename } from "node:path";
import { parseArgs } from "node:util";
import { inOneLoad } from "../../drizzle/copy.ts";
import { type BdtFile, type BdtRow, openBdtHouseholds, openBdtMembers } from "../../drizzle/intake/bdt.ts";
import { type Loaded, mergeBdt, stageHouseholds, stageMembers } from "../../drizzle/intake/bdtLoad.ts";
import { recordRun } from "../../drizzle/intake/members.ts";
import type { SiksContext, SiksFault } from "../../drizzle/intake/siks.ts";
import { UnreadableFile } from "../../drizzle/intake/text.ts";
import { openDatabases } from "./databases.ts";
import { closeReports, openReports, type Rejects, reported } from "./rejects.ts";

interface Told extends Omit<Loaded, "refused" | "kept">, ReturnType<typeof reported> {
  readonly file: string;
  readonly total: number;
}
export interface BdtSummary {
  readonly households: Told;
  readonly members: Told;
}

const OPTIONS = {
  json: { type: "boolean", default: false },
  codes: { type: "string", default: "kemendagri" },
  visited: { type: "string" },
} as const;

/** `npx hub import bdt`: what follows `bdt`, and what rows are checked against. */
export async function importBdt(argv: readonly string[], context: SiksContext): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...argv], allowPositionals: true, options: OPTIONS });
  const misuse = misuseOf(positionals, values);
  const [homes = "", souls = ""] = positionals;
  if (misuse) return complain(misuse);
  try {
    const files = { households: await openBdtHouseholds(homes, context), members: await openBdtMembers(souls, context) };
    const databases = await openDatabases(process.env, note);
    try {
      const told = await load({ homes, souls, files, visited: values.visited ?? "", ownerUrl: databases.urls.welfare.owner });
      process.stdout.write(values.json ? `${JSON.stringify(told)}\n` : Object.entries(told).map(sentence).join(""));
      return told.households.rejected + told.members.rejected > 0 ? 1 : 0;
    } finally {
      await databases.close();
    }
  } catch (error) {
    if (error instanceof UnreadableFile) return complain(`${error.message}. Nothing was loaded.`);
    throw error;
  }
}

function misuseOf(
  paths: readonly string[],
  { codes, visited }: { codes: string; visited?: string | undefined },
): string | undefined {
  if (paths.length !== 2) return "name two files: npx hub import bdt HOUSEHOLDS MEMBERS --visited YYYY-MM-DD";
  if (codes !== "kemendagri") return `--codes ${codes}: no crosswalk is installed, give id_desa in Kemendagri codes`;
  if (!/^\d{4}-\d{2}-\d{2}$/.test(visited ?? "") || Number.isNaN(Date.parse(visited ?? "")))
    return "--visited YYYY-MM-DD is missing: the day the households were visited";
  if (Date.parse(visited ?? "") > Date.now()) return "--visited lies in the future";
  const absent = paths.find((path) => !existsSync(path));
  return absent === undefined ? undefined : `${absent} does not exist`;
}

interface Job {
  readonly homes: string;
  readonly souls: string;
  readonly files: {
    readonly households: Awaited<ReturnType<typeof openBdtHouseholds>>;
    readonly members: Awaited<ReturnType<typeof openBdtMembers>>;
  };
  readonly visited: string;
  readonly ownerUrl: string;
}

/** Both files in one transaction. The rejected files stand only once the rows are committed. */
async function load({ homes, souls, files, visited, ownerUrl }: Job): Promise<BdtSummary> {
  const parts = { households: intake(homes, files.households), members: intake(souls, files.members) };
  try {
    const merged = await inOneLoad(ownerUrl, async (loader) => {
      await stageHouseholds(loader, parts.households.good());
      await stageMembers(loader, parts.members.good());
      const { households, members } = await mergeBdt(loader, visited);
      for (const row of households.refused) await parts.households.reports.rejects.write(row);
      for (const row of members.refused) await parts.members.reports.rejects.write(row);
      for (const row of members.kept) await parts.members.reports.conflicts.write(row);
      const told = { households: parts.households.told(households), members: parts.members.told(members) };
      for (const { file, total, created, updated, unchanged, rejected } of [told.households, told.members])
        await recordRun(loader, { fileName: basename(file), total, loaded: created + updated, unchanged, rejected });
      return told;
    });
    await Promise.all([parts.households, parts.members].map(({ reports }) => closeReports(reports, "keep")));
    return merged;
  } catch (error) {
    await Promise.all([parts.households, parts.members].map(({ reports }) => closeReports(reports, "discard")));
    throw error;
  }
}

/** One of the files on its way in: good rows on, wrong rows to their own file, and what came of it. */
function intake<Said extends object>(path: string, file: BdtFile<Said>) {
  const reports = openReports(path, file.columns);
  const counted = { total: 0 };
  return {
    reports,
    good: () => goodRows(file.rows, { rejects: reports.rejects, counted }),
    told({ created, updated, unchanged }: Loaded): Told {
      const total = counted.total;
      const found = reported(path, reports);
      if (created + updated + unchanged + found.rejected !== total)
        throw new Error(`rows of ${basename(path)} do not add up, so nothing was loaded`);
      return { file: path, total, created, updated, unchanged, ...found };
    },
  };
}

async function* goodRows<Said extends object>(
  rows: AsyncIterable<BdtRow<Said>>,
  { rejects, counted }: { rejects: Rejects; counted: { total: number } },
) {
  for await (const { line, original, read } of rows) {
    counted.total += 1;
    if (Array.isArray(read)) await rejects.write({ line, original, ...joined(read as readonly SiksFault[]) });
    else yield { line, original, said: read as Said };
  }
}

const joined = (faults: readonly SiksFault[]) => ({
  field: faults.map(({ field }) => field).join("; "),
  reason: faults.map(({ reason }) => reason).join("; "),
});

const sentence = ([what, told]: [string, Told]): string =>
  `${what}: ${told.total} rows, ${told.created} new, ${told.updated} updated, ${told.unchanged} unchanged, ${told.rejected} rejected${
    told.rejectedFile ? ` (${told.rejectedFile})` : ""
  }${told.conflictsFile ? `, ${told.stateKept} keep their state (${told.conflictsFile})` : ""}\n`;

function complain(text: string): number {
  note(text);
  return 2;
}

function note(text: string): void {
  process.stderr.write(`hub import: ${text}\n`);
}
