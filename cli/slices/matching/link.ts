import { parseArgs } from "node:util";
import { ConfigFaults } from "../../../schema/settings.ts";
import { UnreadableCsv } from "../../../subgraphs/population/matching/csv/row.ts";
import { readLinkConfig } from "../../../subgraphs/population/matching/link/config/config.ts";
import type { LinkReport } from "../../../subgraphs/population/matching/link/results.ts";
import { runLink } from "../../../subgraphs/population/matching/link/run.ts";
import { ASKING, ASKING_HELP, namesHub, telling } from "../../remote/hub.ts";

export const help = `
Usage: npx hub link CONFIG.json [--json]
       npx hub link FILE... --out clusters.csv --hub URL --client CLIENT

Links CSV files to a register, or finds duplicates in one, as CONFIG.json says; with the modules the matching jobs use. Reads no database,
no network and no environment variable. The same files, configuration and seed give the same bytes.

CONFIG.json (comments allowed; paths are relative to it; every unknown key or column is a fault):
  mode         "link" (left is the register) or "dedupe" (left only)
  left, right  { path, id, delimiter, nulls }; right may be a list. delimiter: , ; tab or |, else guessed from the header; nulls: texts
               that stand for "missing" besides the empty one
  columns      { NAME: { left, right, as, format } }: headers (NAME itself when not given; a date may have three: year, month, day).
               as: text, date, numeric, indonesianName, nik, familyCard; when not given, what the first comparison on it needs, else text.
               format of a date: YYYY-MM-DD when not given, or DD-MM-YYYY, MM/DD/YYYY …; { left, right } where they differ, right may
               be a list, one a file
  derive       { NAME: "firstSkeleton(name)" }: prefix(x,n) suffix(x,n) year month day swapDayMonth eitherDayMonth nearYear sorted concat
               skeleton firstSkeleton lastSkeleton phonetic; to be used like columns
  comparisons  [{ on, kind, levels, max, swapWith, termFrequency }]. kind and its thresholds:
               exact · date · indonesianName · nik · familyCard (no thresholds) · edit: max 2 · jaroWinkler: levels [0.92, 0.8] ·
               tokens: levels [0.7, 0.4] · prefix: levels [10, 6, 4] · digits: levels [15, 14, 8] · numeric: levels [1, 5]
  exact        { on, acceptWhen: [{ COMPARISON: level, … }, …] }: rows equal there are linked when one of the alternatives holds
  blocking     { keys: [["birth", "first"], …], maxGroup: 400, refineBy: [] }: rows are compared where a key is equal
  strata       [["household"], …] ([]): keys whose holders look alike; always [] to de-duplicate
  training     { method: "row" to link: one match a row at most; "pairs" to de-duplicate, and to link where a row has several; keys: [];
               matchRate: null; model: null, or a frozen model's path }
  decision     { cardinality: "many-to-one" to link, "many-to-many" to de-duplicate, or "one-to-one"; link: 0.999 (0.9 to de-duplicate); linkWeight: null (bits,
               in link's place); review: 0.5; margin: 4 bits (0 for many-to-many); calibrate: false. true: link is the precision that a rehearsal
               with the rows exact accepts predicts for these files; the report has its figures }
  clusters     { method: "star" to link, "components" to de-duplicate, or "complete"; link: 0.99 }
  output       { pairs, clusters, model, report: paths, each may be left out; minWeight: -10 bits }
  seed         1

pairs        left_id,right_file,right_id (dedupe: id_a,id_b),weight,probability,margin,decision,linked and a level a comparison
             (0 missing, 1 differs, highest equal): every scored pair of minWeight bits or more. decision: link, review, none
clusters     file,id,cluster_id: every row once

  --json   print the report as JSON to stdout

At a hub elsewhere (one of --hub, --client, --token-file says so; no setting does) files are linked through its register: each is matched there, as
npx hub match does, and rows of one person, in one file or several, get one cluster (file, id, cluster_id). Whom the hub names stays here, and
is the agreement's own pseudonym.

  --out FILE     where the clusters go
  --source, --map    of the files, as for npx hub match
  --check        show how the columns are read, and stop
  --resume JOB   a file that is a job already, in place of the file; may be given several times
  --log-key VKEY     the log's key that you hold, to believe receipts by: 1 where one is not proved. Without it the hub's own word
${ASKING_HELP}
Exit codes: 0 done, 1 a file cannot be read or written, or the hub refused, 2 wrong configuration or usage.
`;

const OPTIONS = {
  ...ASKING,
  out: { type: "string" },
  source: { type: "string" },
  map: { type: "string" },
  check: { type: "boolean", default: false },
  resume: { type: "string", multiple: true, default: [] as string[] },
  "log-key": { type: "string" },
  json: { type: "boolean", default: false },
} as const;

/** `argv`: what follows `link`. */
export async function link(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...argv], allowPositionals: true, options: OPTIONS });
  if (namesHub(values))
    return telling("link", async () => (await import("../../remote/matching/link.ts")).linkAt(values, positionals));
  const [path, ...more] = positionals;
  const { json, resume, ...alien } = values;
  if (resume.length > 0 || Object.values(alien).some(Boolean))
    return complain(2, ["of these flags --json alone is for this machine; the others need --hub URL or --client CLIENT."]);
  if (path === undefined || more.length > 0)
    return complain(2, ["name one configuration: npx hub link CONFIG.json. npx hub link --help explains."]);
  return linkHere(path, json);
}

async function linkHere(path: string, isJson: boolean): Promise<number> {
  try {
    const began = performance.now();
    const report = await runLink(await readLinkConfig(path), process.stderr.isTTY ? showProgress : () => {});
    note(told(report, (performance.now() - began) / 1000));
    if (isJson) process.stdout.write(`${JSON.stringify(report)}\n`);
    return 0;
  } catch (error) {
    if (error instanceof ConfigFaults) return complain(2, error.faults);
    if (error instanceof UnreadableCsv) return complain(1, error.faults);
    throw error;
  }
}

const ERASE_LINE = "\r\u001b[K";

function showProgress(text: string): void {
  process.stderr.write(`${ERASE_LINE}hub link: ${text}`);
}

function told({ rows, pairs, linked, review, clusters }: LinkReport, seconds: number): string {
  return `${rows} rows, ${pairs} pairs kept, ${linked} linked, ${review} to review, ${clusters} clusters, in ${seconds.toFixed(1)} s`;
}

function note(text: string): void {
  process.stderr.write(`${process.stderr.isTTY ? ERASE_LINE : ""}hub link: ${text}\n`);
}

function complain(code: number, faults: readonly string[]): number {
  for (const fault of faults) note(fault);
  return code;
}
