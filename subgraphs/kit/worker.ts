import { setTimeout as sleep } from "node:timers/promises";
import { type Loader, type LoadPool, openLoadPool } from "../../drizzle/copy.ts";
import { startQueue, type Tasks } from "../../drizzle/queue.ts";
import { messageOf } from "../../schema/errors.ts";

export interface Worker {
  /** Ends after the tasks under way; what is left waits for other workers. */
  stop(): Promise<void>;
}

export interface WorkerOptions {
  /** Database of the slice, as the role of its workers, not through a pooler: it listens and holds locks. */
  readonly url: string;
  /** What its rules call today. */
  readonly now?: () => Date;
  readonly note: (text: string) => void;
}

/** What tasks work with. */
export interface Work {
  readonly pool: LoadPool;
  readonly note: (text: string) => void;
  readonly now: () => Date;
}

/** What the workers of a slice do. */
export interface Occupation extends Unasked {
  /** Work that was handed over, by name. */
  readonly tasks: (work: Work) => Tasks;
}

/** What they do though nobody handed it over. */
interface Unasked {
  /** Functions of the database that do what an instant brings: `f(timestamptz)` answers how much was done. One that fails keeps none of the others. */
  readonly byCalendar: readonly string[];
  /** What is done a little at a time until there is nothing left; answers how much was done. */
  readonly steadily: Readonly<Record<string, (loader: Loader, now: Date) => Promise<number>>>;
}

const SECOND = 1000;
const TICK = 30 * SECOND;
/** Tasks at a time; some take two connections. */
const CONCURRENCY = 2;
const CONNECTIONS = 5;

/** Works for a slice until stopped. Any number of these, on any hosts. */
export async function startWorkerOf(
  occupation: Occupation,
  { url, note, now = () => new Date() }: WorkerOptions,
): Promise<Worker> {
  const pool = openLoadPool(url, { max: CONNECTIONS });
  const queue = await startQueue({ url, tasks: occupation.tasks({ pool, note, now }), concurrency: CONCURRENCY, note });
  const ticks = startTicks(occupation, { pool, note, now });
  return {
    async stop() {
      await ticks.stop();
      await queue.stop();
      await pool.end();
    },
  };
}

/** Does what nobody asks for, round by round, until stopped. */
export function startTicks(occupation: Unasked, { now, ...tools }: Work): Worker {
  const stopping = new AbortController();
  const { signal } = stopping;
  const ticking = tickUntil(signal, () => tickOf(occupation, { ...tools, now: now(), signal }));
  return {
    async stop() {
      stopping.abort();
      await ticking;
    },
  };
}

async function tickUntil(signal: AbortSignal, work: () => Promise<void>): Promise<void> {
  while (!signal.aborted) {
    await work();
    await sleep(TICK, undefined, { signal }).catch(() => {});
  }
}

const TICKING = 7309;

export interface Tick {
  readonly pool: LoadPool;
  readonly note: (text: string) => void;
  readonly now: Date;
  /** Ends the round early; what is left is the next one's. */
  readonly signal?: AbortSignal;
}

/** One round of what nobody asks for; of several workers one does it. */
export async function tickOf({ byCalendar, steadily }: Unasked, { pool, note, now, signal }: Tick): Promise<void> {
  for (const rule of byCalendar) await alone(rule, { pool, note, work: (loader) => callRule(loader, rule, now) });
  for (const [what, work] of Object.entries(steadily)) {
    const once = () => alone(what, { pool, note, work: (loader) => work(loader, now) });
    while (!signal?.aborted && (await once()) > 0);
  }
}

interface Round {
  readonly pool: LoadPool;
  readonly note: (text: string) => void;
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
