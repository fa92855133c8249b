import { setTimeout as sleep } from "node:timers/promises";
import { type Loader, type LoadPool, openLoadPool } from "../../drizzle/copy.ts";
import { startQueue, type Tasks } from "../../drizzle/queue.ts";
import { messageOf } from "../../schema/errors.ts";
import { determineTask, previewTask } from "./determination/task.ts";
import { freshenScores, qualityTask } from "./quality/task.ts";
import { rankTask } from "./ranking/task.ts";

export interface RegistryWorker {
  /** Ends after the tasks under way; what is left waits for other workers. */
  stop(): Promise<void>;
}

interface WorkerOptions {
  /** Database of welfare, as hub_welfare_jobs, not through a pooler: it listens and holds locks. */
  readonly url: string;
  /** What its rules call today. */
  readonly now?: () => Date;
  readonly note: (text: string) => void;
}

type Note = WorkerOptions["note"];

const SECOND = 1000;
const TICK = 30 * SECOND;
/** Tasks at a time; a determination takes two connections. */
const CONCURRENCY = 2;
const CONNECTIONS = 5;

/** Works for the registry until stopped: determinations, ranks, scorecards, and what the calendar does by itself. Any number of these, on any hosts. */
export async function startRegistrar({ url, note, now = () => new Date() }: WorkerOptions): Promise<RegistryWorker> {
  const pool = openLoadPool(url, { max: CONNECTIONS });
  const work = { pool, note, now };
  const tasks: Tasks = {
    registry_preview: ({ job }) => previewTask(work, job),
    registry_determine: ({ job }) => determineTask(work, job),
    registry_rank: ({ job }) => rankTask(work, job),
    registry_quality: ({ job }) => qualityTask(pool, job, now()),
  };
  const queue = await startQueue({ url, tasks, concurrency: CONCURRENCY, note });
  const stopping = new AbortController();
  const ticking = tickUntil(stopping.signal, () => tick({ pool, note, now: now(), signal: stopping.signal }));
  return {
    async stop() {
      stopping.abort();
      await ticking;
      await queue.stop();
      await pool.end();
    },
  };
}

async function tickUntil(signal: AbortSignal, work: () => Promise<void>): Promise<void> {
  while (!signal.aborted) {
    await work();
    await sleep(TICK, undefined, { signal }).catch(() => {});
  }
}

/** What happens because its day has come. Each is the database's own rule; one that is not there, or fails, keeps none of the others. */
const BY_CALENDAR = ["welfare.expire_proposals", "welfare.lapse_objections", "welfare.draft_changes"];
const TICKING = 7309;

interface Tick {
  readonly pool: LoadPool;
  readonly note: Note;
  readonly now: Date;
  /** Ends the round early; what is left is the next one's. */
  readonly signal?: AbortSignal;
}

/** One round of what nobody asks for; of several workers one does it. */
export async function tick({ pool, note, now, signal }: Tick): Promise<void> {
  for (const rule of BY_CALENDAR) await alone(rule, { pool, note, work: (loader) => callRule(loader, rule, now) });
  const score = () => alone("scorecards", { pool, note, work: (loader) => freshenScores(loader, now) });
  while (!signal?.aborted && (await score()) > 0);
}

interface Round {
  readonly pool: LoadPool;
  readonly note: Note;
  readonly work: (loader: Loader) => Promise<number>;
}

/** What the work answers; 0 where another worker is at it, or it failed, which is noted. */
function alone(what: string, { pool, note, work }: Round): Promise<number> {
  const done = pool.load(async (loader) => {
    const [lock] = await loader.query<{ mine: boolean }>("select pg_try_advisory_xact_lock($1, hashtext($2)) as mine", [
      TICKING,
      what,
    ]);
    return lock?.mine ? work(loader) : 0;
  });
  return done.catch((error: unknown) => {
    note(`${what}: ${error instanceof Error ? messageOf(error) : String(error)}`);
    return 0;
  });
}

async function callRule(loader: Loader, rule: string, now: Date): Promise<number> {
  const [row] = await loader.query<{ done: number }>(`select ${rule}($1) as done`, [now.toISOString()]);
  return row?.done ?? 0;
}
