import type { Loader } from "../../../../drizzle/copy.ts";
import { resultsOf } from "../../../../drizzle/tables/population/matching.ts";
import { scrub } from "../../../../schema/errors.ts";
import type { Model } from "../../matching/model/model.ts";
import { type Matched, RESULT_COLUMNS, type Reject } from "../engine/match.ts";
import { type Job, tellProgress } from "../job.ts";
import { readChunk } from "./content.ts";
import { enqueue, type TaskContext } from "./context.ts";
import { prepareAgain } from "./prepare.ts";

/** Matches one chunk. Its results, its rejected lines and that it is done are written together or not at all. */
export async function matchChunk(context: TaskContext, job: Job, ordinal: number): Promise<void> {
  const { pool, engine } = context;
  if (job.state !== "MATCHING" || job.snapshot === null) return;
  const snapshot = await engine.load(job.snapshot);
  if (snapshot.name !== job.snapshot) return pool.load((loader) => prepareAgain(loader, job));
  if (!(await pool.load((loader) => isDone(loader, job.id, ordinal)))) {
    const part = await readChunk(context, job.id, ordinal);
    const { mapping, tellsExistence, threshold } = job;
    const judging = { mapping, tellsExistence, model: await modelOf(context, job), threshold: threshold ?? 0 };
    const matched = await engine.match(snapshot, { id: `${job.id}/${job.snapshot}`, judging }, part);
    await pool.load((loader) => store(loader, { job, ordinal, worker: context.worker }, matched));
  }
  await pool.load((loader) => finishIfLast(loader, job.id));
}

async function isDone(loader: Loader, job: string, ordinal: number): Promise<boolean> {
  const [chunk] = await loader.query<{ done: boolean }>(
    "select done_at is not null as done from match.chunk where job = $1 and ordinal = $2",
    [job, ordinal],
  );
  return chunk?.done ?? true;
}

/** Models are large and a job's stays the same. */
const models = new Map<string, Promise<Model>>();
const MOST_MODELS = 8;

function modelOf({ pool }: TaskContext, { id, snapshot }: Job): Promise<Model> {
  const key = `${id}/${snapshot}`;
  const known = models.get(key);
  if (known !== undefined) return known;
  if (models.size >= MOST_MODELS) models.clear();
  const model = pool.load(async (loader) => {
    const [found] = await loader.query<{ model: Model }>(
      `select coalesce(j.model, a.model) as model from match.job j
       left join match.artefact a on a.source = j.source and a.version = j.artefact where j.id = $1`,
      [id],
    );
    if (!found?.model) throw new Error(`job ${id} has no model`);
    return found.model;
  });
  models.set(key, model);
  model.catch(() => models.delete(key));
  return model;
}

interface Storing {
  readonly job: Job;
  readonly ordinal: number;
  readonly worker: string;
}

async function store(loader: Loader, { job, ordinal, worker }: Storing, { lines, rejects, rows }: Matched): Promise<void> {
  // shared, so that a job cannot be cancelled or prepared anew between this look and the commit
  const [current] = await loader.query(
    "select 1 from match.job where id = $1 and state = 'MATCHING' and snapshot = $2 for share",
    [job.id, job.snapshot],
  );
  const [open] = await loader.query("select 1 from match.chunk where job = $1 and ordinal = $2 and done_at is null for update", [
    job.id,
    ordinal,
  ]);
  if (!current || !open) return;
  await loader.copyLines(resultsOf(job.number), RESULT_COLUMNS, lines);
  await storeRejects(loader, job.id, rejects);
  await loader.query(
    "update match.chunk set done_at = now(), worker = $3, counts = json_build_object('rows', $4::int, 'rejected', $5::int) where job = $1 and ordinal = $2",
    [job.id, ordinal, worker, rows, rejects.length],
  );
  await tellProgress(loader, job.id);
}

async function storeRejects(loader: Loader, job: string, rejects: readonly Reject[]): Promise<void> {
  if (rejects.length === 0) return;
  await loader.query(
    "insert into match.reject (job, line, reason, column_name, raw) select $1, * from unnest($2::int[], $3::text[], $4::text[], $5::text[])",
    [
      job,
      rejects.map(({ line }) => line),
      rejects.map(({ reason }) => reason),
      rejects.map(({ column }) => column),
      rejects.map(({ raw }) => withoutNiks(raw)),
    ],
  );
}

const RAW_FULL = 190;

/** A long line is cut at 200 bytes, perhaps within a NIK: then digits at its end go too. */
const withoutNiks = (raw: string): string =>
  Buffer.byteLength(raw) < RAW_FULL ? scrub(raw) : scrub(raw).replace(/\d[\d._/ ]*$/, "");

/** Seen behind the commit of the chunk, so that of two that end together one sees both. */
async function finishIfLast(loader: Loader, job: string): Promise<void> {
  const [left] = await loader.query("select 1 from match.chunk where job = $1 and done_at is null limit 1", [job]);
  if (!left) await enqueue(loader, "match_finish", job);
}
