import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { Refusal } from "../../../../schema/errors.ts";
import { admitted, asQuestion, type Hub } from "../../../answer.ts";
import { execute } from "../../../execute/execute.ts";
import { mask } from "../../../mask/mask.ts";
import type { Errand, Incoming, Shown, Subject } from "../../../types/chain.ts";

/** What the pages of a table are asked as: the asker's own request, of which each page is one more. */
export interface Asking {
  readonly request: Omit<Incoming, "receiptId" | "deadline">;
  readonly question: (after: string | null) => Errand;
  /** Field of Query the rows stand under. */
  readonly field: string;
  /** Version of the agreement all pages must be asked under. */
  readonly version: number;
  readonly hub: Hub;
  readonly waitsMs?: readonly number[];
}

export type Node = Readonly<Record<string, unknown>>;

/** A page as the asker would have got it. */
export interface Page extends Pick<Shown, "transformed" | "inSomeRows"> {
  readonly nodes: readonly Node[];
  /** Ids of the persons whose data stand in it. */
  readonly persons: readonly string[];
  readonly restrictedRows: number;
  /** Of its entry in the record. */
  readonly receipt: string;
}

interface Connection {
  readonly nodes: readonly Node[] | null;
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null } | null;
}

const [SECOND, MINUTE] = [1000, 60_000];
const ASK_MS = 15 * SECOND;
/** An outage is waited for so often and so long: the file is not begun anew for a source that restarts. */
const WAITS_MS = [1 * SECOND, 5 * SECOND, 20 * SECOND, 1 * MINUTE];

/** All pages, one after the other, each on record before it is told. Throws the Refusal that ended it. */
export async function* pagesOf(asking: Asking): AsyncGenerator<Page, void> {
  const { waitsMs = WAITS_MS } = asking;
  let after: string | null = null;
  do {
    const { page, next }: Asked = await patiently(() => asked(asking, after), waitsMs, asking.request.signal);
    yield page;
    after = next;
  } while (after !== null);
}

interface Asked {
  readonly page: Page;
  /** Null: it was the last. */
  readonly next: string | null;
}

/** One page, through the whole pipeline (gateway/answer.ts) as whoever asks. Whole or not at all: a null that a failure left would pass for "no value". */
async function asked({ request, question, field, version, hub }: Asking, after: string | null): Promise<Asked> {
  const entry = hub.record.open();
  try {
    const incoming: Incoming = { ...request, isPaced: true, receiptId: randomUUID(), deadline: performance.now() + ASK_MS };
    const planned = await admitted(asQuestion(incoming, question(after)), entry, hub);
    if (planned.caller.version !== version)
      throw new Refusal({ code: "CONFLICT", detail: "another version of the agreement is in force" });
    const shown = mask(await execute(planned, hub.sources), hub.supergraph);
    if (shown.errors.length > 0) throw new Refusal(shown.errors);
    const { nodes, pageInfo } = (shown.data as Readonly<Record<string, Connection | null>>)[field] ?? NOTHING;
    const next = pageInfo?.hasNextPage ? pageInfo.endCursor : null;
    // a list that breaks off here would pass for a whole one, and one that goes back would never end
    const isOdd = !nodes || !pageInfo || (pageInfo.hasNextPage && (next === null || next === after));
    if (isOdd) throw new Refusal({ code: "SUBGRAPH_INVALID_RESPONSE" });
    const receipt = await entry.close(shown);
    if (!receipt) throw new Refusal({ code: "AUDIT_UNAVAILABLE" });
    const { transformed, inSomeRows, restrictedRows = 0 } = shown;
    const isOpen = ({ type, id }: Subject) => type === "Person" && !planned.restricted?.has(id);
    const persons = shown.subjects.filter(isOpen).map(({ id }) => id);
    return { page: { nodes, persons, transformed, inSomeRows, restrictedRows, receipt: receipt.id }, next };
  } catch (error) {
    throw await entry.fail(error);
  }
}

const NOTHING: Connection = { nodes: null, pageInfo: null };

/** Tried again after an outage; what is refused stays refused. */
async function patiently<T>(work: () => Promise<T>, waitsMs: readonly number[], signal: AbortSignal): Promise<T> {
  for (const waitMs of waitsMs) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Refusal) || error.status < 500 || signal.aborted) throw error;
      await pause(waitMs, undefined, { signal, ref: false });
    }
  }
  return work();
}
