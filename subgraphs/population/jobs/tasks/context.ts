import type { Loader, LoadPool } from "../../../../drizzle/copy.ts";
import type { Task } from "../../../../drizzle/queue.ts";
import type { Engine } from "../engine/threads.ts";
import { hasEnded, type Job, jobOf } from "../job.ts";
import { JobConflict } from "../upload/upload.ts";

/** What a task works with. */
export interface TaskContext {
  readonly pool: LoadPool;
  readonly engine: Engine;
  /** Of this process, for people. */
  readonly worker: string;
}

/** Something about the file or the register that trying again will not mend; a sentence for the one who sent the file. */
export class JobFault extends Error {
  override readonly name = "JobFault";
}

/** A task of a job that has not ended; a fault, and any error at the last attempt, fail the job. */
export function taskOf(context: TaskContext, work: (job: Job, chunk: number) => Promise<void>): Task {
  return async (payload, { isLast }) => {
    const job = await context.pool.load((loader) => jobOf(loader, payload.job));
    if (job === null || hasEnded(job)) return;
    await work(job, payload.chunk ?? 0).catch((error: unknown) => afterError(context, { job, error, isLast }));
  };
}

interface Failing {
  readonly job: Job;
  readonly error: unknown;
  readonly isLast: boolean;
}

/** Throws on what is worth another attempt. */
async function afterError({ pool }: TaskContext, { job, error, isLast }: Failing): Promise<void> {
  if (error instanceof JobConflict) return; // somebody did meanwhile what this task would have done, or cancelled it
  if (error instanceof JobFault || isLast) await pool.load((loader) => failJob(loader, job.id, faultOf(error)));
  if (!(error instanceof JobFault)) throw error;
}

const faultOf = (error: unknown): string =>
  error instanceof JobFault ? error.message : "the matching engine failed again and again: see the workers' notes";

async function failJob(loader: Loader, id: string, fault: string): Promise<void> {
  await loader.query(
    `update match.job set state = 'FAILED', fault = $2, finished_at = now()
     where id = $1 and state not in ('DONE', 'CANCELLED', 'FAILED')`,
    [id, fault],
  );
  await enqueue(loader, "match_clean", id);
  await loader.query("select pg_notify('match_job', $1)", [id]);
}

const ATTEMPTS = 8;

/** One task of a job at a time: the same again replaces what waits. */
export async function enqueue(loader: Loader, task: string, job: string): Promise<void> {
  await loader.query(
    "select graphile_worker.add_job($1, json_build_object('job', $2::text), job_key => $1 || '/' || $2, max_attempts => $3)",
    [task, job, ATTEMPTS],
  );
}

/** A task for each chunk that has none done yet. */
export async function enqueueChunks(loader: Loader, job: string): Promise<void> {
  await loader.query(
    `select graphile_worker.add_job('match_chunk', json_build_object('job', $1::text, 'chunk', ordinal),
       job_key => 'match_chunk/' || $1 || '/' || ordinal, max_attempts => $2)
     from match.chunk where job = $1::uuid and done_at is null order by ordinal`,
    [job, ATTEMPTS],
  );
}
