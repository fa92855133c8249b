import type { Loader } from "../../../../drizzle/copy.ts";
import {
  countResults,
  dropResults,
  openResults,
  resultsOf,
  sealResults,
} from "../../../../drizzle/tables/population/matching.ts";
import { bitOf } from "../engine/reasons.ts";
import { type Job, jobOf } from "../job.ts";
import { type RehearsalReport, reportOn } from "../report.ts";
import { moveOn } from "../upload/upload.ts";
import { enqueueChunks, type TaskContext } from "./context.ts";

/** Behind the last chunk: one transaction, from rows beside each other to results that are shown. */
export async function finish({ pool }: TaskContext, { id }: Job): Promise<void> {
  await pool.load(async (loader) => {
    const [locked] = await loader.query("select 1 from match.job where id = $1 and state = 'MATCHING' for update", [id]);
    const job = await jobOf(loader, id);
    if (!locked || !job) return;
    const { chunks, left, rows } = await countChunks(loader, id);
    if (chunks === 0 || left > 0) return;
    if ((await countResults(loader, job.number)) !== rows) return matchAgain(loader, job);
    await moveOn(loader, id, { from: ["MATCHING"], to: "FINISHING" });
    await markDuplicates(loader, job.number);
    const { rehearsal } = job.report as unknown as { rehearsal: RehearsalReport };
    const report = await reportOn(loader, job, rehearsal);
    await sealResults(loader, job.number);
    await loader.query("update match.chunk set content = null where job = $1", [id]);
    await moveOn(loader, id, { from: ["FINISHING"], to: "DONE", set: { report: JSON.stringify(report) } });
    await loader.query("update match.job set finished_at = now() where id = $1", [id]);
  });
}

async function countChunks(loader: Loader, job: string): Promise<{ chunks: number; left: number; rows: number }> {
  const [found] = await loader.query<{ chunks: number; left: number; rows: number }>(
    `select count(*)::int as chunks, (count(*) filter (where done_at is null))::int as left,
       coalesce(sum((counts ->> 'rows')::int), 0)::int as rows from match.chunk where job = $1`,
    [job],
  );
  return found ?? { chunks: 0, left: 0, rows: 0 };
}

/** The server crashed and emptied what was not yet durable: the chunks are still there. */
async function matchAgain(loader: Loader, { id, number }: Job): Promise<void> {
  await openResults(loader, number);
  await loader.query("delete from match.reject where job = $1", [id]);
  await loader.query("update match.chunk set done_at = null, counts = null where job = $1", [id]);
  await enqueueChunks(loader, id);
}

/** Several rows about one person: the surest is it, of equals the first by row id and line; the others are told apart. */
async function markDuplicates(loader: Loader, number: number): Promise<void> {
  const table = resultsOf(number);
  await loader.query(
    `update ${table} r set reasons = r.reasons | $1, status = case when ranked.place > 1 then 'DUPLICATE' else r.status end
     from (select line, row_number() over (partition by candidate order by weight desc, row_id, line) as place from ${table}
       where status in ('MATCHED', 'DECEASED', 'INACTIVE') and candidate in (select candidate from ${table}
         where status in ('MATCHED', 'DECEASED', 'INACTIVE') group by candidate having count(*) > 1)) ranked
     where ranked.line = r.line`,
    [bitOf("DUPLICATE_IN_SOURCE")],
  );
}

/** Behind a job that was cancelled or failed: nothing of its file stays. */
export async function clean({ pool }: TaskContext, id: string): Promise<void> {
  await pool.load(async (loader) => {
    const job = await jobOf(loader, id);
    if (job?.state !== "CANCELLED" && job?.state !== "FAILED") return;
    await dropResults(loader, job.number);
    await loader.query("delete from match.reject where job = $1", [id]);
    await loader.query("delete from match.chunk where job = $1", [id]);
  });
}
