import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { type Code, Refusal } from "../../../schema/errors.ts";
import { refuse } from "../../receive/respond.ts";
import { asGraphql, type ErrorEntry, type Told, told, withReceipt } from "../../receive/routes/told.ts";
import type { InRoom } from "../../types/border.ts";
import type { HttpAnswer, StreamedAnswer } from "../../types/chain.ts";
import { seatsOf } from "../events/seats.ts";
import { type Connection, type PageOfRows, pageIn } from "./connection.ts";
import { questionOf } from "./question.ts";
import type { Ready } from "./rest.ts";
import { problem } from "./told.ts";

/** The largest page a list gives. */
const LARGEST_PAGE = 100;
const PAGE_MS = 15_000;
/** Lists of one asker at one time. */
const MOST_AT_ONCE = 2;
/** A list whose agreement has asked too often goes on when it may; longer than that nobody waits. */
const LONGEST_WAIT_S = 60;

/** What an agreement does not open is missing in all rows alike, from the first page on. Anything else would make a list of what was there by chance. */
const DENIALS: ReadonlySet<Code> = new Set(["FIELD_NOT_GRANTED", "FIELD_PROHIBITED", "USE_NOT_GRANTED"]);

/**
 * All rows of a document's list, one a line, page by page: each page a question of its own, on record before its rows leave. The next is asked
 * when the last is taken. What breaks off says so in its last line, `{"$problem":…}`, and the connection is reset.
 */
export function createRows() {
  const seated = seatsOf(MOST_AT_ONCE);
  return async (ready: Ready, inRoom: InRoom): Promise<HttpAnswer | StreamedAnswer> => {
    const { document, request, publicUrl, asker } = ready;
    const { asked } = request;
    const { connection } = document;
    if (!connection || document.operation.operation !== "query") return ready.refused(new Refusal({ code: "NOT_ACCEPTABLE" }));
    const over = new AbortController();
    const end = () => over.abort();
    asked.signal.addEventListener("abort", end, { once: true });
    try {
      seated(asker.caller, over.signal);
      const listed = { ...ready, connection, variables: sized(ready.variables, connection), inRoom, denied: null };
      const before = listed.variables[connection.after];
      const first = await pageAfter(listed, typeof before === "string" ? before : null);
      if (!("rows" in first)) {
        end();
        return problem(first, publicUrl);
      }
      const headers = { ...withReceipt(first.http, first.receipt), ...partial(first), "content-type": "application/x-ndjson" };
      return { status: 200, headers, pieces: linesOf({ ...listed, denied: new Set(first.errors.map(aboutOf)) }, first, end) };
    } catch (error) {
      end();
      return ready.refused(error);
    }
  };
}

interface Listed extends Ready {
  readonly connection: Connection;
  readonly inRoom: InRoom;
  /** What the first page was denied, and so every page may be; null: this is the first. */
  readonly denied: ReadonlySet<string | undefined> | null;
}

const aboutOf = ({ extensions: { code, coordinate } }: ErrorEntry): string => `${code} ${coordinate}`;

/** Of every row of the list: of one row alone it names its place. */
const isOfAll = (error: ErrorEntry, { denied }: Pick<Listed, "denied">): boolean =>
  DENIALS.has(error.extensions.code) &&
  !error.path?.some((part) => typeof part === "number") &&
  (denied?.has(aboutOf(error)) ?? true);

type Page = Told & PageOfRows;

/** As large as pages are, unless it is said. */
const sized = (variables: Ready["variables"], { first }: Connection): Ready["variables"] =>
  first === null || first in variables ? variables : { ...variables, [first]: LARGEST_PAGE };

const partial = ({ errors }: Told): Readonly<Record<string, string>> =>
  errors.length > 0 ? { "hub-partial": String(errors.length) } : {};

async function* linesOf(listed: Listed, first: Page, end: () => void): AsyncGenerator<string> {
  try {
    for (let page = first; ; ) {
      if (page.rows.length > 0) yield page.rows.map((row) => `${JSON.stringify(row)}\n`).join("");
      if (page.next === null) return;
      const following = await patiently(() => pageAfter(listed, page.next), listed.request.asked.signal);
      if (!("rows" in following)) {
        yield `${JSON.stringify({ $problem: JSON.parse(problem(following, listed.publicUrl).body) })}\n`;
        throw new Error("a list that broke off");
      }
      page = following;
    }
  } finally {
    end();
  }
}

/** A page; without `rows` what it was refused with. */
async function pageAfter(listed: Listed, after: string | null): Promise<Page | Told> {
  const { request, ask, document, variables, connection, asker, inRoom } = listed;
  const { asked } = request;
  const anew = { ...asked, receiptId: randomUUID(), deadline: performance.now() + PAGE_MS };
  const given = after === null ? variables : { ...variables, [connection.after]: after };
  const asking = () => ask(questionOf({ asked: anew, asker, document }, given));
  const reply = told(await inRoom(asking).catch((error: unknown) => refuse(error, asGraphql(asked))), asked);
  const missing = reply.errors.filter((error) => !isOfAll(error, listed));
  const page = missing.length > 0 || reply.http.status !== 200 ? null : pageIn(reply.data, connection, after);
  if (page) return { ...reply, ...page };
  if (missing.length > 0) return { ...reply, errors: missing };
  if (reply.errors.length > 0) return reply;
  return told(refuse(new Refusal({ code: "SUBGRAPH_INVALID_RESPONSE", service: "hub" }), asGraphql(asked)), asked);
}

const LATER: ReadonlySet<Code | undefined> = new Set(["REQUEST_RATE_LIMITED", "OVERLOADED"]);

/** Asked again when its agreement may ask again, and the hub has room. */
async function patiently(ask: () => Promise<Page | Told>, signal: AbortSignal): Promise<Page | Told> {
  for (let waitedS = 0; ; ) {
    const page = await ask();
    const waitS = Number(page.http.headers["retry-after"] ?? LONGEST_WAIT_S);
    waitedS += waitS;
    if (!LATER.has(page.errors[0]?.extensions.code) || waitedS > LONGEST_WAIT_S) return page;
    await pause(waitS * 1000, undefined, { signal, ref: false });
  }
}
