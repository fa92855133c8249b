import { randomUUID } from "node:crypto";
import type { Loader } from "../../../../drizzle/copy.ts";
import { byKey } from "../../../kit/byKey.ts";
import { uuids } from "../../../kit/data.ts";
import { badInput } from "../../../kit/errors.ts";
import { type Page, type Paging, pageOf, type Window } from "../../../kit/page.ts";
import type { Asking } from "../../../kit/serve/context.ts";
import type { MatchOutcome } from "../../generated.ts";
import { type Job, jobOf, jobsOf, progressOf } from "../job.ts";
import { once } from "../upload/head.ts";
import { cancelJob } from "../upload/upload.ts";
import { type JobDoor, refusePartial, under } from "./door.ts";
import { storeFile } from "./file.ts";
import { type After, type RejectRow, type ResultRow, rejectsAfter, resultsAfter } from "./rows.ts";

export interface Count {
  readonly status: MatchOutcome | null;
  readonly reason: string | null;
  readonly rows: number;
  readonly firstLine: number;
}
export type ResultPage = Page<ResultRow>;
export type RejectPage = Page<RejectRow>;

interface Started {
  readonly source: string;
  readonly fileName?: string | null | undefined;
  readonly mapping?: string | null | undefined;
  readonly file: string;
}

const MAX_FIRST = 100;

/** Matching jobs of the asking agreement. */
export const matchJobs = ({ caller, cursors }: Asking, door: JobDoor) => {
  const load = <T>(work: (loader: Loader) => Promise<T>): Promise<T> => under(door, caller, work);
  const job = async (id: string): Promise<Job | null> => (uuids([id]).length === 0 ? null : load((loader) => jobOf(loader, id)));
  return {
    job,
    jobs(first: number): Promise<Job[]> {
      if (first < 1 || first > MAX_FIRST) throw badInput(`first must be from 1 to ${MAX_FIRST}`);
      return load((loader) => jobsOf(loader, { first }));
    },
    progress: byKey(
      (ids: readonly string[]) =>
        load(async (loader) => {
          const found = [];
          for (const id of ids) found.push({ id, ...(await progressOf(loader, id)) });
          return found;
        }),
      ({ id }) => id,
    ),
    async start({ source, fileName, mapping, file }: Started): Promise<Job | null> {
      refusePartial(caller);
      const id = randomUUID();
      const made = { id, source, fileName: fileName ?? `${source}.csv`, mapping: mapping ?? null };
      await storeFile(door, { caller, file: made }, once(Buffer.from(file)));
      return job(id);
    },
    async cancel(id: string): Promise<Job | null> {
      if ((await job(id)) === null) return null;
      await load((loader) => cancelJob(loader, id));
      return job(id);
    },
    results: (of: Job, paging: Paging): ResultPage =>
      pageOf(paging, {
        of: `match results:${of.id}`,
        cursors,
        positionOf: ({ line }) => [line],
        rows: (window) =>
          of.state === "DONE" ? load((loader) => resultsAfter(loader, of, afterOf(window))) : Promise.resolve([]),
        count: () => Promise.resolve(of.rows),
      }),
    rejects: (of: Job, paging: Paging): RejectPage =>
      pageOf(paging, {
        of: `match rejects:${of.id}`,
        cursors,
        positionOf: ({ line }) => [line],
        rows: (window) => load((loader) => rejectsAfter(loader, of, afterOf(window))),
        count: () => Promise.resolve(of.rows),
      }),
  };
};

const afterOf = ({ limit, after }: Window): After => ({ limit, line: Number(after?.[0] ?? 0) });

/** All rows of a file that is done, by how they ended; null before, when at most the rehearsal is reported. */
export const countsOf = ({ state, report }: Job): Count[] | null =>
  state === "DONE" && report !== null
    ? [
        ...report.counted.map((counted) => ({ ...counted, status: counted.status as MatchOutcome })),
        ...report.rejected.map((rejected) => ({ ...rejected, status: null })),
      ]
    : null;
