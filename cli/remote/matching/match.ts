import { createReadStream, existsSync, readFileSync, rmSync, statSync } from "node:fs";
import { basename } from "node:path";
import { ConfigFaults } from "../../../schema/settings.ts";
import { UnreadableCsv } from "../../../subgraphs/population/matching/csv/row.ts";
import { UnreadableJson } from "../../../subgraphs/population/matching/link/config/json.ts";
import { stopSignal } from "../../run/ending.ts";
import { Misuse, Refused } from "../faults.ts";
import { type Asked, type Hub, hubOf } from "../hub.ts";
import { plain, shown } from "../plain.ts";
import { type Given, logKeyOf } from "../receipts.ts";
import { followed } from "./follow.ts";
import { cancelled, jobAt, jobsOf, type RemoteJob, sent } from "./jobs.ts";
import { patiently } from "./patience.ts";
import { proved } from "./proof.ts";
import { pieces, readingOf } from "./sending.ts";
import { countOf, fetched, mustBeWhole } from "./tables.ts";
import { bar, reportOf, type Teller, teller } from "./told.ts";

/** Flags of a matching that a hub elsewhere does. */
export interface Wanted extends Asked {
  readonly source?: string | undefined;
  readonly map?: string | undefined;
  readonly out?: string | undefined;
  readonly rejects?: string | undefined;
  readonly check: boolean;
  readonly list: boolean;
  readonly resume?: string | undefined;
  readonly cancel?: string | undefined;
  readonly "log-key"?: string | undefined;
  readonly json: boolean;
}

/** One matching at a hub elsewhere. */
export interface Run extends Teller {
  readonly hub: Hub;
  readonly signal: AbortSignal;
  readonly logKey: string | undefined;
}

/** Stops at Ctrl-C. Throws Misuse and Refused. */
export async function runAt(asked: Asked & Pick<Wanted, "log-key">, name: string): Promise<Run> {
  const logKey = asked["log-key"];
  if (logKey !== undefined) logKeyOf(logKey); // before anything is sent
  const stopping = new AbortController();
  void stopSignal().then(() => stopping.abort());
  return { hub: await hubOf(asked), signal: stopping.signal, logKey, ...teller(name) };
}

/** `npx hub match` at a hub elsewhere, as the agreement of who asks allows. Throws Misuse and Refused. */
export async function matchAt(wanted: Wanted, path: string | undefined): Promise<number> {
  const isOne = [path, wanted.resume, wanted.cancel].filter((one) => one !== undefined).length === 1;
  if (isOne === wanted.list) throw new Misuse("name one file (- is stdin), or say --resume JOB, --cancel JOB or --list.");
  const offered = path === undefined ? null : offeredAt(path, wanted);
  if (offered && path !== "-") for (const line of await readingAt(offered)) teller("match").note(line);
  if (wanted.check) return 0;
  const run = await runAt(wanted, "match");
  if (wanted.list) return listed(run, wanted);
  if (wanted.cancel !== undefined) {
    await cancelled(run.hub, wanted.cancel, run.signal);
    run.note(`job ${wanted.cancel} is cancelled`);
    return 0;
  }
  const started = offered === null ? { job: wanted.resume ?? "", receipts: [] } : await uploaded(run, offered);
  return started === null ? 1 : ended(run, { ...wanted, path, ...started });
}

/** A file that is to be matched. */
export interface Offered {
  readonly path: string;
  readonly source: string;
  readonly fileName: string;
  /** Text of a mapping. */
  readonly map: string | undefined;
  readonly mapPath: string | undefined;
}

/** Throws Misuse where there is no such file. */
export function offeredAt(path: string, { source, map }: Pick<Wanted, "source" | "map">): Offered {
  if (path === "-" && source === undefined) throw new Misuse("what comes on stdin has no name: say --source NAME.");
  const fileName = path === "-" ? `${source}.csv` : basename(path);
  const missing = [path, map].find(
    (name) => name !== undefined && name !== "-" && !(existsSync(name) && statSync(name).isFile()),
  );
  if (missing !== undefined) throw new Misuse(`${missing} is not a file.`);
  const text = map === undefined ? undefined : readFileSync(map, "utf8");
  return { path, source: source ?? sourceIn(fileName), fileName, map: text, mapPath: map };
}

/** What the file calls itself, as the name of a register: `daftar-pkh.csv` is DAFTAR_PKH. */
const sourceIn = (fileName: string): string =>
  fileName
    .replace(/\.[^.]*$/, "")
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, "_");

/** How the columns are read, before a byte leaves. Throws Misuse. */
export async function readingAt({ path, map, mapPath }: Offered): Promise<string[]> {
  try {
    return await readingOf(path, map);
  } catch (error) {
    if (error instanceof UnreadableCsv || error instanceof ConfigFaults)
      throw new Misuse(`${error.faults.map((fault) => `${path}: ${fault}`).join("\n")}.`);
    throw error instanceof UnreadableJson ? new Misuse(`${mapPath}: ${error.message}.`) : error;
  }
}

/** Null: stopped on the way, and nothing was done. Throws Refused. */
export async function uploaded(
  { hub, signal, note, show }: Run,
  offered: Offered,
): Promise<{ job: string; receipts: readonly (Given | null)[] } | null> {
  const { path, source, fileName, map } = offered;
  const file = path === "-" ? process.stdin : createReadStream(path, { highWaterMark: 1024 * 1024 });
  const onBytes = (bytes: number) => show(`sent ${(bytes / 1e6).toFixed(0)} MB`);
  try {
    const { job, receipt } = await sent(hub, { source, fileName, mapping: map, file: pieces(file, { signal, onBytes }) }, signal);
    note(`job ${job}`);
    return { job, receipts: [receipt] };
  } catch (error) {
    if (!signal.aborted) throw error;
    note("stopped before the file was whole: nothing was done");
    return null;
  }
}

interface Ending extends Pick<Wanted, "out" | "rejects" | "json"> {
  /** Beside which file the tables go; undefined: by the job's name, here. */
  readonly path: string | undefined;
  readonly job: string;
  /** Of its upload; empty: it was sent another time. */
  readonly receipts: readonly (Given | null)[];
}

/** Waits for a job, writes what came of it and says what proves it. Throws Refused. */
async function ended(run: Run, ending: Ending): Promise<number> {
  const job = await done(run, ending.job);
  if (job === null) return 1;
  const { results, rejects, receipts: given } = await written(run, ending, job);
  const receipts = [...ending.receipts, ...given];
  const { isGood, ...proof } = await proved(run, receipts);
  const ids = receipts.flatMap((receipt) => (receipt === null ? [] : [receipt.id]));
  const report = ending.json ? shown(`${JSON.stringify({ ...job, receipts: ids, ...proof })}\n`) : reportOf(job);
  process.stdout.write(report);
  await mustBeWhole(job, "results", results);
  if (rejects !== null) await mustBeWhole(job, "rejects", rejects);
  return isGood ? 0 : 1;
}

/** A job that is DONE; null: it was stopped, failed, or nobody waits any more, which is told. Throws Refused. */
export async function done({ hub, signal, note, show }: Run, id: string): Promise<RemoteJob | null> {
  const job = await followed(hub, { id, signal, show: (step) => show(bar(step)) });
  if (job?.state === "DONE") return job;
  if (job === null) note(`the hub works on without you; to go on: --resume ${id}`);
  else
    note(
      job.state === "FAILED"
        ? `job ${id} failed: ${job.fault ?? "the agreement does not show why"}`
        : `job ${id} is ${job.state}`,
    );
  return null;
}

async function written(
  run: Run,
  { path, out, rejects }: Ending,
  job: RemoteJob,
): Promise<{ results: string; rejects: string | null; receipts: (Given | null)[] }> {
  const { hub, signal, note } = run;
  const beside = path === undefined || path === "-" ? basename(job.fileName ?? job.id) : path;
  const results = out ?? `${beside}.results.csv`;
  const receipts = [await fetched(hub, { id: job.id, part: "results.csv", to: results, signal })];
  note(`results: ${results}`);
  const refused = rejects ?? `${beside}.rejects.csv`;
  if (countOf(job, "rejects") === 0) {
    rmSync(refused, { force: true });
    return { results, rejects: null, receipts };
  }
  receipts.push(await fetched(hub, { id: job.id, part: "rejects.csv", to: refused, signal }));
  note(`rejected lines: ${refused}`);
  return { results, rejects: refused, receipts };
}

async function listed({ hub, signal }: Run, { json }: Wanted): Promise<number> {
  const jobs = await patiently(signal, () => jobsOf(hub));
  const lines = jobs.map(
    ({ id, state, rows, rowsDone, source, fileName, createdAt }) =>
      `${id}  ${(state ?? "?").padEnd(9)}  ${rowsDone ?? "?"} of ${rows ?? "?"} rows  ${createdAt ?? ""}  ${source ?? ""}  ${fileName ?? ""}\n`,
  );
  process.stdout.write(json ? shown(`${JSON.stringify(jobs)}\n`) : plain(lines.join("")));
  return 0;
}

/** A job that is there. Throws Refused. */
export async function known({ hub, signal }: Run, id: string): Promise<RemoteJob> {
  const job = await patiently(signal, () => jobAt(hub, id));
  if (job === null) throw new Refused(`this agreement has no job ${id}`);
  return job;
}
