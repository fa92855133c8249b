import { createHash, randomUUID } from "node:crypto";
import type { Agreed, Loader, LoadPool } from "../../../../drizzle/copy.ts";
import { type RowChunk, rowChunks } from "../../matching/csv/chunks.ts";
import { jobOf, type State, tellProgress } from "../job.ts";
import { readHead } from "./head.ts";
import { type Mapping, proposeMapping, readMapping } from "./mapping.ts";

/** Bytes of a chunk, about: some 10,000 rows. */
export const CHUNK_BYTES = 1024 * 1024;

/** What a job cannot do in the state it is in; a sentence for the one who asked. */
export class JobConflict extends Error {
  override readonly name = "JobConflict";
}

export interface NewJob extends Agreed {
  readonly id: string;
  readonly source: string;
  readonly fileName: string;
  readonly mapping: Mapping;
}

/** Makes a job that waits for its file. A second one under an id is refused by the table. */
export async function createJob(loader: Loader, { id, agency, agreement, source, fileName, mapping }: NewJob): Promise<void> {
  await loader.query(
    "insert into match.job (id, agency, agreement, source, file_name, mapping) values ($1, $2, $3, $4, $5, $6)",
    [id, agency, agreement, source, fileName, JSON.stringify(mapping)],
  );
}

/** Stores whole rows. A chunk that is there already stays, if it is the same; another file's raises JobConflict. */
export async function appendChunk(loader: Loader, job: string, { ordinal, chunk }: Numbered): Promise<void> {
  const digest = createHash("sha256").update(chunk.bytes).digest("base64url");
  const [stored] = await loader.query<{ digest: string }>("select digest from match.chunk where job = $1 and ordinal = $2", [
    job,
    ordinal,
  ]);
  if (stored && stored.digest !== digest)
    throw new JobConflict(
      `the file differs, at line ${chunk.firstLine} or below, from the one whose upload began: start a new job`,
    );
  if (stored) return;
  await loader.query(
    "insert into match.chunk (job, ordinal, first_line, rows, bytes, digest, content) values ($1, $2, $3, $4, $5, $6, $7)",
    [job, ordinal, chunk.firstLine, chunk.rows, chunk.bytes.length, digest, chunk.bytes],
  );
  await tellProgress(loader, job);
}

interface Numbered {
  readonly ordinal: number;
  readonly chunk: RowChunk;
}

/** The file is whole: hands the job to the workers. In one transaction with its task. */
export async function closeUpload(loader: Loader, job: string, chunks: number): Promise<void> {
  const [found] = await loader.query<{ n: number; rows: number; bytes: string }>(
    `select count(*)::int as n, coalesce(sum(rows), 0)::int as rows, coalesce(sum(bytes), 0) as bytes from match.chunk where job = $1`,
    [job],
  );
  if (found?.n !== chunks)
    throw new JobConflict(`${chunks} chunks were sent and ${found?.n ?? 0} are there: send the file again`);
  await moveOn(loader, job, { from: ["UPLOADING"], to: "QUEUED", set: { rows: found.rows, bytes: found.bytes } });
  await loader.query("select match.enqueue('match_prepare', $1)", [job]);
}

/** Ends a job: workers stop at their next chunk, then rows and results are dropped. A job that has ended stays as it is. */
export async function cancelJob(loader: Loader, job: string): Promise<void> {
  const from: State[] = ["UPLOADING", "QUEUED", "PREPARING", "MATCHING"];
  await moveOn(loader, job, { from, to: "CANCELLED" });
  await loader.query("update match.job set finished_at = now() where id = $1", [job]);
  await loader.query("select match.enqueue('match_clean', $1)", [job]);
}

interface Move {
  readonly from: readonly State[];
  readonly to: State;
  readonly set?: Readonly<Record<string, unknown>>;
}

/** From one of these states to another, or JobConflict. */
export async function moveOn(loader: Loader, job: string, { from, to, set = {} }: Move): Promise<void> {
  const names = Object.keys(set);
  const assigned = names.map((name, i) => `, ${name} = $${i + 4}`).join("");
  const moved = await loader.query(
    `update match.job set state = $2${assigned} where id = $1 and state = any($3::match.state[]) returning id`,
    [job, to, from, ...Object.values(set)],
  );
  if (moved.length === 0) {
    const found = await jobOf(loader, job);
    throw new JobConflict(found ? `the job is ${found.state}` : "there is no such job");
  }
  await tellProgress(loader, job);
}

export interface Upload {
  readonly pool: LoadPool;
  readonly agreed: Agreed;
  /** Whether the pool's role is bound by row scope (behind HTTP) or not (the command, whose jobs tell existence). */
  readonly isScoped: boolean;
  readonly source: string;
  readonly fileName: string;
  readonly file: AsyncIterable<Uint8Array>;
  /** Text of a mapping; null: guessed. */
  readonly map: string | null;
  /** A job whose upload broke off; null: a new one. */
  readonly resume: string | null;
  /** Told once, before anything is stored; throw to refuse. */
  readonly onMapping: (mapping: Mapping) => void;
  readonly onJob: (job: string) => void;
  readonly onBytes: (bytes: number) => void;
  readonly chunkBytes?: number;
}

/**
 * Takes a file of any size in, chunk by chunk, in constant memory. Throws UnreadableCsv and ConfigFaults before anything is stored; broken off
 * later it leaves a job UPLOADING, to be resumed with the same file or cancelled. Answers the job's id, QUEUED.
 */
export async function upload(options: Upload): Promise<string> {
  const { pool, agreed, isScoped, file, chunkBytes = CHUNK_BYTES } = options;
  const load = <T>(work: (loader: Loader) => Promise<T>) => pool.load(work, isScoped ? agreed : undefined);
  let job: string | null = null;
  let ordinal = 0;
  let bytes = 0;
  for await (const chunk of rowChunks(file, chunkBytes)) {
    const id: string = job ?? (await load((loader) => begin(loader, chunk, options)));
    if (job === null) options.onJob(id);
    job = id;
    const numbered = { ordinal, chunk };
    await load((loader) => appendChunk(loader, id, numbered));
    ordinal += 1;
    bytes += chunk.bytes.length;
    options.onBytes(bytes);
  }
  const whole = job ?? (await load((loader) => begin(loader, EMPTY, options)));
  await load((loader) => closeUpload(loader, whole, ordinal));
  return whole;
}

const EMPTY: RowChunk = { bytes: new Uint8Array(0), firstLine: 1, rows: 0 };

async function begin(loader: Loader, first: RowChunk, options: Upload): Promise<string> {
  const head = await readHead(first.bytes);
  if (options.resume !== null) {
    const job = await jobOf(loader, options.resume);
    if (job?.state !== "UPLOADING") throw new JobConflict(job ? `the job is ${job.state}` : `there is no job ${options.resume}`);
    options.onMapping(job.mapping);
    return job.id;
  }
  const mapping = options.map === null ? proposeMapping(head) : readMapping(options.map, head);
  options.onMapping(mapping);
  const id = randomUUID();
  await createJob(loader, { ...options.agreed, id, source: options.source, fileName: options.fileName, mapping });
  if (!options.isScoped) await loader.query("update match.job set tells_existence = true where id = $1", [id]);
  return id;
}
