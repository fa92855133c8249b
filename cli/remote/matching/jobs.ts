import { Refused } from "../faults.ts";
import type { Hub, Opening } from "../hub.ts";
import type { Given } from "../receipts.ts";

/** Rows that ended alike; `status` null: the lines were rejected. */
export interface Count {
  readonly status: string | null;
  readonly reason: string | null;
  readonly rows: number | null;
  readonly firstLine: number | null;
}

/** A matching job as its agreement sees it: what is not granted is null. */
export interface RemoteJob {
  readonly id: string;
  readonly source: string | null;
  readonly fileName: string | null;
  readonly state: string | null;
  readonly fault: string | null;
  readonly rows: number | null;
  readonly rowsDone: number | null;
  readonly predictedPrecision: number | null;
  readonly counts: readonly Count[] | null;
}

export interface NewFile {
  readonly source: string;
  readonly fileName: string;
  /** Text of a mapping; undefined: guessed. */
  readonly mapping: string | undefined;
  readonly file: ReadableStream<Uint8Array>;
}

const JOBS = "query MatchJobsOf { matchJobs(first: 100) { id state source fileName rows rowsDone createdAt } }";

/** Jobs of the agreement, newest first. Throws Refused. */
export async function jobsOf(hub: Hub): Promise<readonly (RemoteJob & { readonly createdAt: string | null })[]> {
  interface Answer {
    readonly matchJobs: readonly (RemoteJob & { readonly createdAt: string | null })[] | null;
  }
  return (await hub.ask<Answer>(JOBS)).matchJobs ?? [];
}

interface Body {
  readonly data?: { readonly matchJob?: RemoteJob | null; readonly startMatching?: { readonly id: string } | null } | null;
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[];
  readonly extensions?: { readonly governance?: { readonly receipt?: Given } };
}

/** Sends a file, once: what breaks off was not done, and of what was sent whole and not answered the list of jobs tells. Throws Refused. */
export async function sent(
  hub: Hub,
  { source, fileName, mapping, file }: NewFile,
  signal: AbortSignal,
): Promise<{ readonly job: string; readonly receipt: Given | null }> {
  const asked = new URLSearchParams({ source, fileName, ...(mapping !== undefined && { mapping }) });
  const headers = { "content-type": "text/csv" };
  const response = await hub.open(`/matching/jobs?${asked}`, { method: "POST", headers, body: file, signal }).catch((error) => {
    throw error instanceof Refused && !signal.aborted ? new Refused(BROKEN_OFF) : error;
  });
  const { data, extensions, ...body } = await bodyOf(response);
  const job = data?.startMatching?.id;
  if (response.status !== 201 || job === undefined) throw refusedBy(response, body);
  return { job, receipt: extensions?.governance?.receipt ?? null };
}

const BROKEN_OFF =
  "the connection broke off while the file was sent. If it arrived whole it is a job: npx hub match --list shows it; send the file again only where it does not.";

/** Null: the agreement has no such job. Throws Refused. */
export async function jobAt(hub: Hub, id: string): Promise<RemoteJob | null> {
  const response = await hub.get(addressOf(id));
  if (response.status === 404) return null;
  const { data, ...body } = await bodyOf(response);
  if (!response.ok || !data?.matchJob) throw refusedBy(response, body);
  return data.matchJob;
}

/** Throws Refused. */
export async function cancelled(hub: Hub, id: string, signal: AbortSignal): Promise<void> {
  const response = await hub.open(addressOf(id), { method: "DELETE", signal });
  const body = await bodyOf(response);
  if (!response.ok || body.errors?.length) throw refusedBy(response, body);
}

/** A table or the events of a job, as a stream; with the receipt it is on record under. Throws Refused. */
export async function stream(
  hub: Hub,
  {
    id,
    part,
    signal,
  }: { readonly id: string; readonly part: "results.csv" | "rejects.csv" | "events" } & Pick<Opening, "signal">,
): Promise<{ readonly pieces: AsyncIterable<Uint8Array>; readonly receipt: Given | null }> {
  const response = await hub.open(`${addressOf(id)}/${part}`, { signal });
  if (!response.ok || response.body === null) throw refusedBy(response, await bodyOf(response));
  const receipt = response.headers.get("hub-receipt");
  return { pieces: response.body as unknown as AsyncIterable<Uint8Array>, receipt: receipt === null ? null : { id: receipt } };
}

const addressOf = (id: string): string => `/matching/jobs/${encodeURIComponent(id)}`;

const bodyOf = async (response: Response): Promise<Body> => ((await response.json().catch(() => null)) ?? {}) as Body;

/** The hub's words; `isForNow`: the same may be asked again in a while. */
export class HubRefused extends Refused {
  readonly isForNow: boolean;
  readonly afterMs: number;

  constructor(message: string, { status, headers }: Response) {
    super(message);
    this.isForNow = status === 429 || status >= 500;
    this.afterMs = 1000 * (Number(headers.get("retry-after")) || 1);
  }
}

function refusedBy(response: Response, { errors = [] }: Body): HubRefused {
  const told = errors.map(({ message, extensions }) => (extensions?.code ? `${message} (${extensions.code})` : message));
  return new HubRefused(told.join("\n") || `the hub answers ${response.status}`, response);
}
