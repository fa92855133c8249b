import type { Loader } from "../../../drizzle/copy.ts";
import type { Report } from "./report.ts";
import type { Mapping } from "./upload/mapping.ts";

export const STATES = ["UPLOADING", "QUEUED", "PREPARING", "MATCHING", "FINISHING", "DONE", "CANCELLED", "FAILED"] as const;
export type State = (typeof STATES)[number];
const ENDED: readonly State[] = ["DONE", "CANCELLED", "FAILED"];
export const hasEnded = ({ state }: Pick<Job, "state">): boolean => ENDED.includes(state);

/** One file to be matched under one agreement. */
export interface Job {
  readonly id: string;
  /** Of its partition of results. */
  readonly number: number;
  readonly agency: string;
  readonly agreement: string;
  /** Register the file is of, e.g. DTKS: rows of one source share a frozen model. */
  readonly source: string;
  readonly fileName: string;
  readonly mapping: Mapping;
  /** Whether its results may say that a number is somebody's whose name the row does not know. Never over the border. */
  readonly tellsExistence: boolean;
  readonly state: State;
  /** Why it failed, for the one who sent the file; holds no value of it. */
  readonly fault: string | null;
  readonly artefact: number | null;
  readonly snapshot: string | null;
  /** Bits an automatic match needs. */
  readonly threshold: number | null;
  /** Rows and bytes of the whole file; 0 while it is uploaded. */
  readonly rows: number;
  readonly bytes: number;
  readonly report: Report | null;
  readonly createdAt: string;
  readonly finishedAt: string | null;
}

/** How far a job is. `rows` counts what has arrived. */
export interface Progress {
  readonly state: State;
  readonly fault: string | null;
  readonly rows: number;
  readonly bytes: number;
  readonly rowsDone: number;
  readonly chunks: number;
  readonly chunksDone: number;
}

const COLUMNS = `id, number, agency, agreement, source, file_name as "fileName", mapping, tells_existence as "tellsExistence", state, fault, artefact, snapshot, threshold, rows,
  bytes::float8 as bytes, report, created_at::text as "createdAt", finished_at::text as "finishedAt"`;

/** Null: there is none, or not under this agreement. */
export async function jobOf(loader: Loader, id: string): Promise<Job | null> {
  const [job] = await loader.query<Job & Record<string, unknown>>(`select ${COLUMNS} from match.job where id = $1`, [id]);
  return job ?? null;
}

/** The newest first. */
export async function jobsOf(loader: Loader, { first }: { first: number }): Promise<Job[]> {
  return loader.query<Job & Record<string, unknown>>(`select ${COLUMNS} from match.job order by created_at desc, id limit $1`, [
    first,
  ]);
}

export async function progressOf(loader: Loader, id: string): Promise<Progress | null> {
  const [found] = await loader.query<Progress & Record<string, unknown>>(
    `select j.state, j.fault, coalesce(c.rows, 0) as rows, coalesce(c.bytes, 0) as bytes, coalesce(c.done, 0) as "rowsDone",
       c.chunks, c.chunks_done as "chunksDone"
     from match.job j, lateral (select sum(rows)::float8 as rows, sum(bytes)::float8 as bytes, count(*)::int as chunks,
       sum(rows) filter (where done_at is not null)::float8 as done, count(done_at)::int as chunks_done
       from match.chunk where job = j.id) c where j.id = $1`,
    [id],
  );
  return found ?? null;
}

/** Channel of PostgreSQL's notices about jobs: the payload is a job's id, and says only that its progress has changed. */
export const CHANNEL = "match_job";

export const tellProgress = (loader: Loader, id: string): Promise<unknown> =>
  loader.query("select pg_notify($1, $2)", [CHANNEL, id]);
