import type { Loader } from "../../../../drizzle/copy.ts";
import type { MatchOutcome } from "../../generated.ts";
import { type Reason, reasonsOf } from "../engine/reasons.ts";
import type { Job } from "../job.ts";

/** What became of one row, as far as any agreement may see it. */
export interface ResultRow {
  readonly line: number;
  /** What the file calls the row. */
  readonly row: string;
  readonly status: MatchOutcome;
  /** Id of the person; no match, no person: a candidate is for clerks. */
  readonly person: string | null;
  readonly probability: number | null;
  readonly weight: number | null;
  readonly margin: number | null;
  readonly reasons: readonly Reason[];
}

/** A line that is no row. */
export interface RejectRow {
  readonly line: number;
  readonly reason: string;
  readonly column: string | null;
  /** How the line begins; bytes that are no UTF-8 stand as U+FFFD. */
  readonly raw: string;
}

/** Rows behind a line of the file, in its order. */
export interface After {
  readonly line: number;
  readonly limit: number;
}

/** A table that has just been filled has no statistics: sorting what is left of it for each page made a download quadratic (80 ms a page at 300,000 rows). */
const IN_ORDER = "set local enable_sort = off";

/** Results of a job; none until it is DONE. */
export async function resultsAfter(
  loader: Loader,
  { number }: Pick<Job, "number">,
  { line, limit }: After,
): Promise<ResultRow[]> {
  await loader.query(IN_ORDER);
  const rows = await loader.query<Omit<ResultRow, "reasons"> & { reasons: number }>(
    `select line, row_id as row, status, probability, weight, margin, reasons,
       case when status in ('MATCHED', 'DECEASED', 'INACTIVE', 'DUPLICATE') then candidate end as person
     from match.result where job = $1 and line > $2 order by line limit $3`,
    [number, line, limit],
  );
  return rows.map((row) => ({ ...row, reasons: reasonsOf(row.reasons) }));
}

export async function rejectsAfter(loader: Loader, { id }: Pick<Job, "id">, { line, limit }: After): Promise<RejectRow[]> {
  await loader.query(IN_ORDER);
  const rows = await loader.query<Omit<RejectRow, "raw"> & { raw: Buffer }>(
    `select line, reason, column_name as column, raw from match.reject where job = $1 and line > $2 order by line limit $3`,
    [id, line, limit],
  );
  return rows.map((row) => ({ ...row, raw: row.raw.toString("utf8") }));
}
