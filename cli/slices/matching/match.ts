import { createReadStream, existsSync, readFileSync, rmSync, statSync } from "node:fs";
import { basename } from "node:path";
import { pipeline } from "node:stream/promises";
import { parseArgs } from "node:util";
import { type LoadPool, openLoadPool } from "../../../drizzle/copy.ts";
import { ConfigFaults } from "../../../schema/settings.ts";
import { type Job, jobOf, type Progress } from "../../../subgraphs/population/jobs/job.ts";
import { followJob } from "../../../subgraphs/population/jobs/progress.ts";
import { type Report, trustSentence, WARNINGS } from "../../../subgraphs/population/jobs/report.ts";
import { rejectsCsv, resultsCsv } from "../../../subgraphs/population/jobs/results.ts";
import { describeMapping } from "../../../subgraphs/population/jobs/upload/mapping.ts";
import { cancelJob, JobConflict, upload } from "../../../subgraphs/population/jobs/upload/upload.ts";
import { startWorker } from "../../../subgraphs/population/jobs/worker.ts";
import { UnreadableCsv } from "../../../subgraphs/population/matching/csv/row.ts";
import { UnreadableJson } from "../../../subgraphs/population/matching/link/config/json.ts";
import { openDatabases } from "../../data/databases.ts";
import { writeWhole } from "../../data/whole.ts";
import { mustHoldNoNik } from "../../remote/credentials.ts";
import { Misuse } from "../../remote/faults.ts";
import { ASKING, ASKING_HELP, namesHub, telling } from "../../remote/hub.ts";
import { stopSignal } from "../../run/ending.ts";

export const help = `
Usage: npx hub match FILE [--source DTKS] [--map map.json] [--out results.csv] [--rejects rejects.csv] [--workers N] [--json]
       npx hub match --resume JOB [FILE]
       npx hub match --cancel JOB
       npx hub match FILE|- --hub URL --client CLIENT      the same at a hub elsewhere; also --resume JOB, --cancel JOB, --list
       npx hub match --claim FILE|- --hub URL --client CLIENT

Says for every row of a list which registered person it is (pemadanan NIK), or that it is nobody who can be named, with a probability and
reasons. FILE is CSV (comma, semicolon, tab or bar; UTF-8) of any size. Columns are guessed from the header and shown; --map corrects them:
  { "rowId": "baris", "nulls": ["-"], "columns": { "nik": "NIK", "name": "NAMA", "birth": { "header": "TGL_LAHIR", "format": "DD-MM-YYYY" } } }
Columns: nik familyCard name mother birth birthPlace village sex. Needed: a name, and one of nik, birth,
mother, village, familyCard; the row id is neither NIK nor family card. A date may have three headers: ["th", "bl", "hr"].

Results (FILE.results.csv): line, row, status, person, probability, weight, margin, reasons. Lines that are no rows go, with reasons, to
FILE.rejects.csv. Statuses add up, with the rejected lines, to the rows of the file.

  --source      register the list is of; a frozen model of this source is used where there is one (default: the file's name)
  --workers N   chunks matched at a time in this process, 1 to 8 (2)
  --no-worker   leave the work to running "npx hub matcher" processes, and wait
  --check       show how the columns are read, and stop
  --agency, --agreement   in whose name the job runs, so that they see it (OPERATOR)
  --json        print the report as JSON

At a hub elsewhere (one of --hub, --client, --token-file says so; no setting does) the file goes to the hub as a job of the caller's agreement,
which says which columns come back. How the columns are read is shown before a byte leaves. A file is sent once: of a connection that broke off --list tells
whether it arrived. Tables are all there or not at all, counted against the hub's count, and their receipts looked up in the log.
A NIK is in files and on stdin only, never in an argument.

  -             FILE from stdin; --source says of what it is
  --list        jobs of the agreement, newest first
  --claim FILE  one person instead of a list: JSON { "nik": "…", "fullName": "…", "birthDate": "…" } from a file, or - for stdin; each element gets
                its verdict. Each time counts. 0 where the person is MATCHED
  --log-key VKEY      the log's key that you hold, to believe receipts by: 1 where one is not proved. Without it the hub's own word
${ASKING_HELP}

Ctrl-C or a crash loses nothing: --resume goes on (with FILE while it was being uploaded).
Exit codes: 0 done, 1 stopped, failed or refused, 2 wrong usage or a file that cannot be read.
`;

const OPTIONS = {
  ...ASKING,
  source: { type: "string" },
  map: { type: "string" },
  out: { type: "string" },
  rejects: { type: "string" },
  workers: { type: "string" },
  "no-worker": { type: "boolean", default: false },
  check: { type: "boolean", default: false },
  resume: { type: "string" },
  cancel: { type: "string" },
  agency: { type: "string" },
  claim: { type: "string" },
  list: { type: "boolean", default: false },
  "log-key": { type: "string" },
  json: { type: "boolean", default: false },
} as const;
type Values = ReturnType<typeof parse>["values"];
const OPERATOR = "OPERATOR";
const WORKERS = 2;
const parse = (argv: readonly string[]) => parseArgs({ args: [...argv], allowPositionals: true, options: OPTIONS });

/** One run of the command. */
interface Run {
  readonly values: Values;
  readonly path: string | undefined;
  readonly url: string;
  readonly pool: LoadPool;
  /** Resolves at Ctrl-C. */
  readonly stopped: AbortSignal;
}

/** `argv`: what follows `match`. */
export async function match(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parse(argv);
  const [path, ...more] = positionals;
  if (namesHub(values) || values.list || values.claim !== undefined) return telling("match", () => elsewhere(values, path, more));
  const misuse = misuseOf(values, path, more);
  if (misuse) return complain([misuse]);
  const stopping = new AbortController();
  void stopSignal().then(() => stopping.abort());
  const databases = await openDatabases(process.env, note);
  const url = databases.urls.jobs;
  const pool = openLoadPool(url ?? "", { max: 2 });
  try {
    if (url === undefined)
      throw new ConfigFaults(["HUB_DATABASE_URL_JOBS is missing: PostgreSQL of population as hub_population_jobs"]);
    return await run({ values, path, url, pool, stopped: stopping.signal });
  } catch (error) {
    if (error instanceof Checked) return 0;
    return complain(faultsOf(error, { path, map: values.map }));
  } finally {
    await pool.end();
    await databases.close();
  }
}

/** At a hub that is asked as its clients ask it. Throws Misuse and Refused. */
async function elsewhere(values: Values, path: string | undefined, more: readonly string[]): Promise<number> {
  mustHoldNoNik([...Object.values(values), path, ...more]);
  if (more.length > 0) throw new Misuse("name one file.");
  if (values.agency !== undefined || values.workers !== undefined || values["no-worker"])
    throw new Misuse("--agency, --workers and --no-worker are of this machine's own matching: a hub elsewhere has its own.");
  if (values.claim === undefined) return (await import("../../remote/matching/match.ts")).matchAt(values, path);
  if (path !== undefined || values.list) throw new Misuse("a claim is of one person, and stands alone.");
  return (await import("../../remote/matching/claim.ts")).claimAt(values, values.claim);
}

/** What the one who called can mend; anything else is thrown on. */
function faultsOf(error: unknown, { path, map }: { path: string | undefined; map: string | undefined }): string[] {
  if (error instanceof UnreadableCsv || error instanceof ConfigFaults) return error.faults.map((fault) => `${path}: ${fault}`);
  if (error instanceof UnreadableJson) return [`${map}: ${error.message}`];
  if (error instanceof JobConflict) return [error.message];
  throw error;
}

function misuseOf(values: Values, path: string | undefined, more: readonly string[]): string | undefined {
  const { resume, cancel, map } = values;
  const workers = Number(values.workers ?? WORKERS);
  if (more.length > 0 || (path === undefined && resume === undefined && cancel === undefined))
    return "name one file: npx hub match FILE. npx hub match --help explains.";
  const missing = [path, map].find((name) => name !== undefined && !(existsSync(name) && statSync(name).isFile()));
  if (missing !== undefined) return `${missing} is not a file`;
  if (!Number.isInteger(workers) || workers < 1 || workers > 8) return "--workers is a whole number from 1 to 8";
  return [resume, cancel].some((id) => id !== undefined && !/^[0-9a-f-]{36}$/.test(id)) ? "a job is named by its id" : undefined;
}

async function run(run: Run): Promise<number> {
  const { values, pool } = run;
  if (values.cancel !== undefined) {
    const id = values.cancel;
    await pool.load((loader) => cancelJob(loader, id));
    note(`job ${id} is cancelled`);
    return 0;
  }
  const job = await sent(run);
  if (job === null) return 1;
  await work(run, job);
  const ended = await pool.load((loader) => jobOf(loader, job));
  if (ended?.state === "FAILED") return failed(ended);
  if (ended?.state !== "DONE" || ended.report === null) {
    note(`the job is ${ended?.state ?? "gone"}; to go on: npx hub match --resume ${job}`);
    return 1;
  }
  await writeFiles(run, ended);
  process.stdout.write(values.json ? `${JSON.stringify(ended.report)}\n` : told(ended.report));
  return 0;
}

const agreedOf = ({ agency = OPERATOR, agreement = OPERATOR }: Values) => ({ agency, agreement });

/** The id of the job whose file is whole; null: stopped on the way. */
async function sent(run: Run): Promise<string | null> {
  const { values, path, pool, stopped } = run;
  const resume = values.resume ?? null;
  const known = resume === null ? null : await pool.load((loader) => jobOf(loader, resume));
  if (resume !== null && known === null) throw new JobConflict(`there is no job ${resume}`);
  if (known && known.state !== "UPLOADING") return known.id;
  if (path === undefined) throw new JobConflict("the file was still being uploaded: npx hub match --resume JOB FILE");
  let id = resume;
  try {
    return await upload({
      pool,
      agreed: agreedOf(values),
      isScoped: false,
      source: values.source ?? basename(path),
      fileName: basename(path),
      file: unlessStopped(createReadStream(path, { highWaterMark: 1024 * 1024 }), stopped),
      map: values.map === undefined ? null : readFileSync(values.map, "utf8"),
      resume,
      onMapping: (mapping) => {
        for (const line of describeMapping(mapping)) note(line);
        if (values.check) throw new Checked();
      },
      onJob: (job) => {
        id = job;
        note(`job ${job}`);
      },
      onBytes: (bytes) => show(`${(bytes / 1e6).toFixed(0)} MB sent`),
    });
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    note(`stopped; to go on: npx hub match --resume ${id} ${path}`);
    return null;
  }
}

class Stopped extends Error {}
/** Only the mapping was asked for. */
class Checked extends Error {}

async function* unlessStopped(file: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  for await (const piece of file) {
    if (signal.aborted) throw new Stopped();
    yield piece;
  }
}

/** Works, or only watches, until the job has ended or somebody stops this. */
async function work({ values, url, pool, stopped }: Run, job: string): Promise<void> {
  const worker = values["no-worker"] ? null : await startWorker({ url, threads: Number(values.workers ?? WORKERS), note });
  try {
    for await (const progress of followJob({ pool, agreed: undefined, url, job, signal: stopped })) show(bar(progress));
  } finally {
    if (stopped.aborted && worker) note("stopping after the chunks under way");
    await worker?.stop();
  }
}

const WIDTH = 30;

function bar({ state, rows, rowsDone }: Progress): string {
  const share = rows === 0 ? 0 : rowsDone / rows;
  const full = Math.round(share * WIDTH);
  return `${state.toLowerCase().padEnd(9)} [${"#".repeat(full)}${".".repeat(WIDTH - full)}] ${rowsDone} of ${rows} rows`;
}

async function writeFiles({ values, path, pool }: Run, job: Job): Promise<void> {
  const beside = path ?? job.fileName;
  const results = values.out ?? `${beside}.results.csv`;
  await writeWhole(results, (to) => pool.load((loader) => pipeline(resultsCsv(loader, job), to)));
  note(`results: ${results}`);
  const rejects = values.rejects ?? `${beside}.rejects.csv`;
  if (job.report?.rejected.length === 0) return rmSync(rejects, { force: true });
  await writeWhole(rejects, (to) => pool.load((loader) => pipeline(rejectsCsv(loader, job), to)));
  note(`rejected lines: ${rejects}`);
}

function told(report: Report): string {
  const counted = report.counted.map(({ status, reason, rows, firstLine }) => [status, reason ?? "", rows, firstLine] as const);
  const rejected = report.rejected.map(({ reason, rows, firstLine }) => ["REJECTED", reason, rows, firstLine] as const);
  const lines = [...counted, ...rejected].map(
    ([status, reason, rows, firstLine]) =>
      `${status.padEnd(16)}${reason.padEnd(22)}${String(rows).padStart(12)}   first at line ${firstLine}`,
  );
  const warnings = report.warnings.map((warning) => `Note: ${WARNINGS[warning]}`);
  return `${[...lines, `${"rows of the file".padEnd(38)}${String(report.rows).padStart(12)}`, ...warnings, trustSentence(report)].join("\n")}\n`;
}

function failed({ id, fault }: Job): number {
  note(`job ${id} failed: ${fault}`);
  return 1;
}

const ERASE_LINE = "\r\u001b[K";
let shown = "";

/** One line that changes on a terminal; elsewhere a line whenever it says something new about the state. */
function show(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`${ERASE_LINE}hub match: ${text}`);
  else if (text.split(" ")[0] !== shown.split(" ")[0]) note(text);
  shown = text;
}

function note(text: string): void {
  process.stderr.write(`${process.stderr.isTTY ? ERASE_LINE : ""}hub match: ${text}\n`);
}

function complain(faults: readonly string[]): number {
  for (const fault of faults) note(fault);
  return 2;
}
