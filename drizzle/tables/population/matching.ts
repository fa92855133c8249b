import type { Loader } from "../../copy.ts";

/** The tables of schema `match` are made by migrations 0005 and 0007 of population; those of a job's results while it runs are made here. */

/** The results of a job, by its number: a table of its own until it is whole, then a partition of match.result. */
export const resultsOf = (job: number): string => `match.result_${whole(job)}`;

/** Unlogged and without index or policy, for COPY allows none; nobody but its owner can open it. After a crash of the server it is empty. */
export async function openResults(loader: Loader, job: number): Promise<void> {
  await dropResults(loader, job);
  await loader.query(`create unlogged table ${resultsOf(job)} (like match.result)`);
  await loader.query(`alter table ${resultsOf(job)} alter column job set default ${whole(job)}`);
}

/** Makes the results durable and shows them to the agreement. */
export async function sealResults(loader: Loader, job: number): Promise<void> {
  const table = resultsOf(job);
  await loader.query(`alter table ${table} add primary key (job, line)`);
  await loader.query(`alter table ${table} set logged`);
  await loader.query(`alter table ${table} enable row level security, force row level security`);
  await loader.query(`create policy hub_population_jobs_all on ${table} to hub_population_jobs using (true) with check (true)`);
  await loader.query(`alter table match.result attach partition ${table} for values in (${whole(job)})`);
}

export async function dropResults(loader: Loader, job: number): Promise<void> {
  await loader.query(`drop table if exists ${resultsOf(job)}`);
}

/** Whether they are there and not lost in a crash: as many as were written. */
export async function countResults(loader: Loader, job: number): Promise<number> {
  const [found] = await loader.query<{ name: string | null }>("select to_regclass($1)::text as name", [resultsOf(job)]);
  if (!found?.name) return 0;
  const [counted] = await loader.query<{ n: string }>(`select count(*) as n from ${resultsOf(job)}`);
  return Number(counted?.n ?? 0);
}

/** Part of a table's name, so nothing but a number. */
function whole(job: number): number {
  if (!Number.isSafeInteger(job)) throw new Error("a job's number is a whole number");
  return job;
}
