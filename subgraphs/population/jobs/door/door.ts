import { type Agreed, type Loader, type LoadPool, openLoadPool } from "../../../../drizzle/copy.ts";
import type { Caller } from "../../../../schema/caller.ts";
import { Refusal } from "../../../../schema/errors.ts";
import { ConfigFaults } from "../../../../schema/settings.ts";
import { badInput } from "../../../kit/errors.ts";
import type { Held } from "../../../kit/serve/context.ts";
import { UnreadableCsv } from "../../matching/csv/row.ts";
import { UnreadableJson } from "../../matching/link/config/json.ts";
import { JobConflict } from "../upload/upload.ts";

/** What the slice keeps to reach matching jobs: connections of its own, since a file may take an hour. */
export interface JobDoor extends Held {
  readonly pool: LoadPool;
  /** For LISTEN: not through a pooler. */
  readonly url: string;
}

const CONNECTIONS = 6;

export function openDoor({ databaseUrl }: { readonly databaseUrl: string }): JobDoor {
  const pool = openLoadPool(databaseUrl, { max: CONNECTIONS });
  return { pool, url: databaseUrl, close: () => pool.end() };
}

export const agreedOf = ({ agency, agreement }: Caller): Agreed => ({ agency, agreement });

/** One transaction under the caller's agreement: of others it sees no job. Faults come out in the words of the API. */
export const under = <T>({ pool }: JobDoor, caller: Caller, work: (loader: Loader) => Promise<T>): Promise<T> =>
  pool.load(work, agreedOf(caller)).catch(told);

const UNIQUE_VIOLATION = "23505";
const MAX_DETAIL = 500;

/** What a file or a job cannot do is the asker's to mend. */
export function told(error: unknown): never {
  const { code } = error as { code?: unknown };
  if (error instanceof JobConflict) throw new Refusal({ code: "CONFLICT", detail: error.message });
  if (code === UNIQUE_VIOLATION) throw new Refusal({ code: "CONFLICT", detail: "this job has its file already" });
  if (error instanceof UnreadableJson) throw badInput(`mapping: ${error.message}`.slice(0, MAX_DETAIL));
  if (error instanceof UnreadableCsv || error instanceof ConfigFaults)
    throw badInput(error.faults.join("; ").slice(0, MAX_DETAIL));
  throw error;
}

/** A file is held against the whole register, so only an agreement over all of it may do so, or see what came of it. */
export function refusePartial({ rows }: Caller): void {
  const isWhole = rows.regions.some(([from, before]) => from <= "0" && before >= "A");
  if (!isWhole) throw new Refusal({ code: "USE_NOT_GRANTED", coordinate: "Mutation.startMatching" });
}
