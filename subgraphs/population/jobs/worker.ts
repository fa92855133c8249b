import { openLoadPool } from "../../../drizzle/copy.ts";
import { startQueue, workerName } from "../../../drizzle/queue.ts";
import { foldRollups } from "../../kit/figures/rollup.ts";
import { startTicks } from "../../kit/worker.ts";
import { MOST_THREADS } from "./engine/register.ts";
import { startEngine } from "./engine/threads.ts";
import { matchChunk } from "./tasks/chunk.ts";
import { taskOf } from "./tasks/context.ts";
import { clean, finish } from "./tasks/finish.ts";
import { prepare } from "./tasks/prepare.ts";

export interface MatchingWorker {
  /** Ends after the tasks under way; what is left waits for other workers. */
  stop(): Promise<void>;
}

interface WorkerOptions {
  /** Database of population, as hub_population_jobs, not through a pooler: it listens and holds locks. */
  readonly url: string;
  /** Chunks matched at a time, 1 to MOST_THREADS. */
  readonly threads: number;
  readonly note: (text: string) => void;
}

const UNASKED = { byCalendar: [], steadily: { rollups: foldRollups("population") } };

/** Works on jobs, whoever made them, and keeps the roll-ups of residents, until stopped. Any number of these, on any hosts. */
export async function startWorker({ url, threads, note }: WorkerOptions): Promise<MatchingWorker> {
  if (!Number.isInteger(threads) || threads < 1 || threads > MOST_THREADS)
    throw new Error(`workers must be a whole number from 1 to ${MOST_THREADS}`);
  // one chunk more than threads: the next is read, and the last written, while they match
  const concurrency = threads + 1;
  const pool = openLoadPool(url, { max: concurrency + 1 });
  const engine = startEngine(url, threads);
  const context = { pool, engine, worker: workerName() };
  const tasks = {
    match_prepare: taskOf(context, (job) => prepare(context, job)),
    match_chunk: taskOf(context, (job, chunk) => matchChunk(context, job, chunk)),
    match_finish: taskOf(context, (job) => finish(context, job)),
    match_clean: ({ job }: { job: string }) => clean(context, job),
  };
  const queue = await startQueue({ url, tasks, concurrency, note });
  const ticks = startTicks(UNASKED, { pool, note, now: () => new Date() });
  return {
    async stop() {
      await ticks.stop();
      await queue.stop();
      await engine.end();
      await pool.end();
    },
  };
}
