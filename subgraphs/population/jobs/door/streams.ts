import type { Loader } from "../../../../drizzle/copy.ts";
import type { OpenedEnvelope } from "../../../../schema/caller.ts";
import { Refusal } from "../../../../schema/errors.ts";
import { uuids } from "../../../kit/data.ts";
import type { Stream, StreamAsked } from "../../../kit/serve/streams.ts";
import { type Job, jobOf, type Progress } from "../job.ts";
import { followJob } from "../progress.ts";
import { agreedOf, type JobDoor, refusePartial, under } from "./door.ts";
import { type Stored, storeFile } from "./file.ts";
import { type After, rejectsAfter, resultsAfter } from "./rows.ts";

type Asked = StreamAsked<JobDoor>;

/** Rows of one piece: a part of the record each, and what is held of a download at one time. */
const ROWS_A_PIECE = 2000;

function refuseClosed(envelope: OpenedEnvelope, read: readonly string[], used: readonly string[]): void {
  const closed = read.find((coordinate) => !envelope.mayRead(coordinate));
  if (closed !== undefined) throw new Refusal({ code: "FIELD_NOT_GRANTED", coordinate: closed });
  const unused = used.find((coordinate) => !envelope.mayUse(coordinate));
  if (unused !== undefined) throw new Refusal({ code: "USE_NOT_GRANTED", coordinate: unused });
}

const textAt = ({ head }: Asked, name: string): string => {
  const value = head[name];
  if (typeof value !== "string") throw new Refusal({ code: "BAD_REQUEST", detail: `the head has no ${name}` });
  return value;
};

/** A file on its way in. One line, when the job is QUEUED. */
async function* matchUpload(asked: Asked): AsyncGenerator<Stored> {
  const { held, caller, envelope, head, body } = asked;
  refuseClosed(envelope, ["Mutation.startMatching"], ["Mutation.startMatching(input:)", "StartMatchingInput.file"]);
  refusePartial(caller);
  const mapping = typeof head["mapping"] === "string" ? head["mapping"] : null;
  const file = { id: textAt(asked, "job"), source: textAt(asked, "source"), fileName: textAt(asked, "fileName"), mapping };
  yield await storeFile(held, { caller, file }, body);
}

async function jobAsked(asked: Asked, field: string): Promise<Job> {
  refuseClosed(asked.envelope, ["Query.matchJob", field], ["Query.matchJob(id:)"]);
  const id = textAt(asked, "job");
  const job = uuids([id]).length > 0 ? await under(asked.held, asked.caller, (loader) => jobOf(loader, id)) : null;
  if (job === null) throw new Refusal({ code: "NOT_FOUND" });
  return job;
}

interface Table {
  readonly field: string;
  readonly type: string;
  readonly read: (loader: Loader, job: Job, after: After) => Promise<readonly ({ readonly line: number } & object)[]>;
}

/** The rows of a table, some a line, in the order of the file; of each only the columns that the envelope opens. */
const table = ({ field, type, read }: Table): Stream<JobDoor> =>
  async function* rows(asked: Asked): AsyncGenerator<readonly object[]> {
    refusePartial(asked.caller);
    const job = await jobAsked(asked, field);
    if (job.state !== "DONE") throw new Refusal({ code: "CONFLICT", detail: `the job is ${job.state}, not DONE` });
    for (let line = 0; !asked.signal.aborted; ) {
      const after = { line, limit: ROWS_A_PIECE };
      const found = await under(asked.held, asked.caller, (loader) => read(loader, job, after));
      yield found.map((row) => opened(row, type, asked.envelope));
      if (found.length < ROWS_A_PIECE) return;
      line = found.at(-1)?.line ?? 0;
    }
  };

const opened = (row: object, type: string, { mayRead }: OpenedEnvelope): object =>
  Object.fromEntries(Object.entries(row).filter(([column]) => mayRead(`${type}.${column}`)));

/** Progress whenever it changes, until the job has ended. */
async function* matchProgress(asked: Asked): AsyncGenerator<Progress> {
  const { id: job } = await jobAsked(asked, "MatchJob.state");
  const { held, caller, parting } = asked;
  const signal = AbortSignal.any([asked.signal, parting]);
  yield* followJob({ pool: held.pool, url: held.url, agreed: agreedOf(caller), job, signal });
}

export const streams = {
  matchUpload,
  matchResults: table({ field: "MatchJob.results", type: "MatchResult", read: resultsAfter }),
  matchRejects: table({ field: "MatchJob.rejects", type: "MatchReject", read: rejectsAfter }),
  matchProgress,
};
