import type { Loader } from "../../../../drizzle/copy.ts";
import { openResults } from "../../../../drizzle/tables/population/matching.ts";
import { type Model, NORMALISER } from "../../matching/model/model.ts";
import type { Learned } from "../engine/learn.ts";
import type { Snapshot } from "../engine/register.ts";
import { SAMPLED, type Sample, shuffled } from "../engine/sample.ts";
import { SNAPSHOT_STATEMENT } from "../engine/statements.ts";
import type { Job } from "../job.ts";
import type { RehearsalReport } from "../report.ts";
import { moveOn } from "../upload/upload.ts";
import { readChunk } from "./content.ts";
import { enqueue, enqueueChunks, JobFault, type TaskContext } from "./context.ts";

/** Before the first chunk: the register as it is now, what the file looks like, and what an automatic match needs. */
export async function prepare(context: TaskContext, job: Job): Promise<void> {
  const { pool, engine } = context;
  if (job.state !== "QUEUED" && job.state !== "PREPARING") return;
  if (job.rows === 0) throw new JobFault("the file has a header and no row");
  await pool.load((loader) => moveOn(loader, job.id, { from: ["QUEUED", "PREPARING"], to: "PREPARING" }));
  const name = await pool.load(currentSnapshot);
  const frozen = await pool.load((loader) => artefactOf(loader, job));
  const [snapshot, sample] = await Promise.all([engine.load(name), drawSample(context, job)]);
  const lesson = { mapping: job.mapping, sample, model: frozen?.model ?? null };
  const learned = await engine.learn(snapshot, lesson);
  await pool.load((loader) => begin(loader, job, { snapshot, learned, artefact: frozen?.version ?? null }));
}

async function currentSnapshot(loader: Loader): Promise<string> {
  const [found] = await loader.query<{ name: string; people: string }>(SNAPSHOT_STATEMENT);
  if (!found || found.people === "0") throw new JobFault("the population register is empty: there is nobody to match with");
  return found.name;
}

interface Prepared {
  readonly snapshot: Snapshot;
  readonly learned: Learned;
  readonly artefact: number | null;
}

/** All at once: an attempt that is killed leaves the job as it was. */
async function begin(loader: Loader, job: Job, { snapshot, learned, artefact }: Prepared): Promise<void> {
  const { model, threshold, rehearsal } = learned;
  const predicted = rehearsal?.predicted.find(({ weight }) => weight >= threshold) ?? null;
  const report: RehearsalReport = {
    people: snapshot.register.rows,
    matchRate: model.matchRate,
    threshold,
    predicted,
    thresholds: rehearsal?.predicted.filter(({ weight }) => Number.isInteger(weight)) ?? [],
  };
  const set = {
    artefact,
    model: artefact === null ? JSON.stringify(model) : null,
    snapshot: snapshot.name,
    threshold,
    report: JSON.stringify({ rehearsal: report }),
  };
  await moveOn(loader, job.id, { from: ["PREPARING"], to: "MATCHING", set });
  await loader.query("update match.chunk set done_at = null, counts = null where job = $1", [job.id]);
  await loader.query("delete from match.reject where job = $1", [job.id]);
  await openResults(loader, job.number);
  await enqueueChunks(loader, job.id);
}

/** Back to its beginning: the register this job was prepared with is nowhere any more. */
export async function prepareAgain(loader: Loader, job: Job): Promise<void> {
  await moveOn(loader, job.id, { from: ["MATCHING"], to: "QUEUED" });
  await enqueue(loader, "match_prepare", job.id);
}

/** Rows by chance, from all chunks. */
async function drawSample(context: TaskContext, job: Job): Promise<Uint8Array> {
  const share = SAMPLED / Math.max(job.rows, 1);
  const [found] = await context.pool.load((loader) =>
    loader.query<{ n: number }>("select count(*)::int as n from match.chunk where job = $1", [job.id]),
  );
  const samples: Promise<Sample>[] = [];
  for (let ordinal = 0; ordinal < (found?.n ?? 0); ordinal += 1) {
    const part = await readChunk(context, job.id, ordinal);
    samples.push(context.engine.sample(part, job.mapping, share));
    await samples.at(-READ_AHEAD); // the rest of the file is not held in memory
  }
  return shuffled(await Promise.all(samples));
}
const READ_AHEAD = 8;

/** The newest frozen model of a source that this program can read. */
async function artefactOf(loader: Loader, { source }: Job): Promise<{ version: number; model: Model } | null> {
  const [found] = await loader.query<{ version: number; model: Model }>(
    "select version, model from match.artefact where source = $1 and model ->> 'normaliser' = $2 order by version desc limit 1",
    [source, NORMALISER],
  );
  return found ?? null;
}
