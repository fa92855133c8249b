import { EventEmitter } from "node:events";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { type Task as GraphileTask, Logger, type Runner, run, runMigrations, type WorkerEvents } from "graphile-worker";
import { framesOf, messageOf } from "../schema/errors.ts";
import { rawClient } from "./client.ts";

/** What a task is called with. */
export interface TaskPayload {
  readonly job: string;
  readonly chunk?: number;
}
/** MUST bear being run twice. What it throws is tried again later, unless this was the last attempt. */
export type Task = (payload: TaskPayload, attempt: { readonly isLast: boolean }) => Promise<void>;
export type Tasks = Readonly<Record<string, Task>>;

export interface Queue {
  /** Takes no more tasks and waits for those under way. */
  stop(): Promise<void>;
}

interface QueueOptions {
  readonly url: string;
  readonly tasks: Tasks;
  /** Tasks at a time. */
  readonly concurrency: number;
  /** Told in a sentence what went wrong; the task is tried again. */
  readonly note: (text: string) => void;
}

const SECOND = 1000;
const POLL = 2 * SECOND;
/** How often dead workers' tasks are looked for. */
const SWEEP = 10 * SECOND;

/** How a task ended is written by a batch of its own, which survives a database that dies meanwhile: alone, nobody awaits the writing. */
const ENDS_AWAITED = { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } };

/** Makes the queue's own tables; repeatable. */
export async function migrateQueue(url: string): Promise<void> {
  await runMigrations({ connectionString: url, logger: new Logger(() => () => {}) });
}

/**
 * Runs tasks from the queue until stopped. Tasks of a worker whose process or host died are given to others: every worker holds a lock of
 * its own as long as its connection lives, and who finds a task whose worker holds none frees it (graphile-worker alone would wait four hours).
 */
export async function startQueue({ url, tasks, concurrency, note }: QueueOptions): Promise<Queue> {
  const roll = callRoll(url);
  const logger = new Logger(() => (level, message) => {
    if (level === "error") note(message);
  });
  const taskList = Object.fromEntries(
    Object.entries(tasks).map(([name, task]): [string, GraphileTask] => [
      name,
      (payload, { job }) => task(payload as TaskPayload, { isLast: job.attempts >= job.max_attempts }).catch(rethrow),
    ]),
  );
  await roll.sweep();
  const begin = () =>
    run({
      connectionString: url,
      maxPoolSize: concurrency + 2,
      concurrency,
      pollInterval: POLL,
      noHandleSignals: true,
      preset: ENDS_AWAITED,
      logger,
      taskList,
      events: roll.events,
    });
  const stopping = new AbortController();
  const running = keepRunning(await begin(), { begin, note, signal: stopping.signal });
  const sweeping = sweepUntil(stopping.signal, roll, note);
  return {
    async stop() {
      stopping.abort();
      await sweeping;
      await running;
      await roll.end();
    },
  };
}

interface Keeping {
  readonly begin: () => Promise<Runner>;
  readonly note: (text: string) => void;
  readonly signal: AbortSignal;
}

/** A runner whose database died under a task gives up, and its promise, unheeded, would end the process: another begins, until the signal. */
async function keepRunning(first: Runner, { begin, note, signal }: Keeping): Promise<void> {
  let runner: Runner | undefined = first;
  const aborted = new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
  while (!signal.aborted) {
    const ended = runner?.promise.then(
      () => undefined,
      (error: unknown) => note(`the queue begins again: ${error instanceof Error ? messageOf(error) : String(error)}`),
    );
    await Promise.race([ended, aborted]);
    if (signal.aborted) break;
    await Promise.race([sleep(POLL), aborted]);
    runner = await begin().catch(() => undefined);
  }
  await runner?.stop().catch(() => {}); // it may have ended by itself
}

/** What is thrown is logged and kept beside the task: without the values that a database quotes. */
function rethrow(error: unknown): never {
  const told = new Error(error instanceof Error ? messageOf(error) : "not an error was thrown");
  told.stack = [told.message, ...(error instanceof Error ? framesOf(error) : [])].join("\n");
  throw told;
}

async function sweepUntil(signal: AbortSignal, roll: Roll, note: (text: string) => void): Promise<void> {
  while (!signal.aborted) {
    await roll.sweep().catch((error: unknown) => note(`cannot look for dead workers: ${String(error)}`));
    await sleep(SWEEP, undefined, { signal }).catch(() => {});
  }
}

interface Roll {
  readonly events: WorkerEvents;
  /** Answers for this process's own workers, and frees the tasks of those who do not answer. */
  sweep(): Promise<void>;
  end(): Promise<void>;
}

/** First half of the workers' advisory locks. */
const ROLL = 7306;
/** A worker that has just been born may not have its lock yet. */
const GRACE = "5 seconds";

function callRoll(url: string): Roll {
  let id = "";
  const events: WorkerEvents = new EventEmitter();
  // of the one connection the locks hang on: a host that lost its power is given up after half a minute, not after two hours
  const keepalive = { tcp_keepalives_idle: 15, tcp_keepalives_interval: 5, tcp_keepalives_count: 3 };
  const client = rawClient(url, { max: 1, max_lifetime: null, connection: { application_name: "hub matcher", ...keepalive } });
  events.on("pool:create", ({ workerPool }) => {
    id = workerPool.id; // what tasks under way are marked with
  });
  return {
    events,
    async sweep() {
      await client`select pg_advisory_lock_shared(${ROLL}, hashtext(${id})) where not exists (select from pg_locks
        where pid = pg_backend_pid() and locktype = 'advisory' and classid = ${ROLL}
          and objid = (hashtext(${id})::bigint & 4294967295)::oid)`;
      await client`select graphile_worker.force_unlock_workers(array_agg(distinct locked_by)) from graphile_worker.jobs
        where locked_by is not null and locked_at < now() - ${GRACE}::interval and not exists (select from pg_locks
          where locktype = 'advisory' and classid = ${ROLL} and objid = (hashtext(locked_by)::bigint & 4294967295)::oid)`;
    },
    end: () => client.end({ timeout: 5 }),
  };
}

/** Tasks by what is to become of them: due and not begun, not due yet, under way, tried as often as they may be. */
interface TaskCounts {
  readonly counts: Readonly<Record<"waiting" | "later" | "running" | "failed", number>>;
  /** Of the oldest that is due. */
  readonly oldestSeconds: number;
}

/** Counts tasks of a queue, by one connection that opens at the first question. */
export function followTasks(url: string): { count(): Promise<TaskCounts>; end(): Promise<void> } {
  const client = rawClient(url, {
    max: 1,
    idle_timeout: 60,
    connection: { application_name: "hub metrics", statement_timeout: 2 * SECOND },
  });
  return {
    async count() {
      const [row] = await client<{ waiting: number; later: number; running: number; failed: number; seconds: number | null }[]>`
        select count(*) filter (where due)::int as waiting, count(*) filter (where not due and not spent and locked_at is null)::int as later,
          count(*) filter (where locked_at is not null)::int as running, count(*) filter (where spent and locked_at is null)::int as failed,
          (extract(epoch from now() - min(run_at) filter (where due)))::float8 as seconds
        from (select locked_at, run_at, attempts >= max_attempts as spent,
          locked_at is null and attempts < max_attempts and run_at <= now() as due from graphile_worker.jobs) j`;
      const { seconds = 0, ...counts } = row ?? { waiting: 0, later: 0, running: 0, failed: 0 };
      return { counts, oldestSeconds: seconds ?? 0 };
    },
    end: () => client.end({ timeout: 1 }),
  };
}

/** Name of this host and process, for people. */
export const workerName = (): string => `${hostname()}/${process.pid}`;
