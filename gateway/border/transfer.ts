import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { Refusal } from "../../schema/errors.ts";
import { csvLine } from "../../schema/values/csv.ts";
import { type Admitted, admitted, asQuestion, type Hub } from "../answer.ts";
import type { Entry } from "../audit/entry.ts";
import { mask } from "../mask/mask.ts";
import { type Column, rowMask } from "../mask/rows.ts";
import { refuse, respond } from "../receive/respond.ts";
import type {
  Answered,
  Delivering,
  Disclosure,
  Fetching,
  Following,
  HttpAnswer,
  Incoming,
  Sending,
  StreamErrand,
  StreamedAnswer,
  Subject,
} from "../types/chain.ts";
import type { Verdict } from "../types/policy.ts";
import type { Seated } from "./events/seats.ts";

// What goes through as a stream, in the stages of gateway/answer.ts: a file in, a table out, events.

/**
 * Takes a file in: on record before its first byte is read, and after its last. What breaks off before the last byte has not been done.
 * Never rejects.
 */
export async function upload(request: Incoming, sending: Sending, hub: Hub): Promise<HttpAnswer> {
  const entry = hub.record.open();
  const question = asQuestion(request, sending);
  try {
    const planned = await admitted(question, entry, hub);
    const call = callOf(planned, { ...sending, head: { ...sending.head, job: randomUUID() } });
    const stored = await sent(call, { sending, entry, hub });
    const found = { tree: { [sending.field]: stored }, introspected: {}, faults: [], fetches: [factOf(call)] };
    const shown = mask({ ...planned, ...found } as unknown as Admitted & Answered, hub.supergraph);
    const { rows, bytes } = stored;
    const receipt = await entry.close({ ...shown, transferred: { rows, bytes } });
    return { ...respond(planned, shown, receipt), status: 201 };
  } catch (error) {
    return refuse(await entry.fail(error), question);
  }
}

interface Under {
  readonly entry: Entry;
  readonly hub: Hub;
}
/** What a source says of a file it took. */
interface Taken {
  readonly id: string;
  readonly rows: number;
  readonly bytes: number;
}

async function sent(call: Call, { sending, entry, hub }: Under & { readonly sending: Sending }): Promise<Taken> {
  const progress = { isWhole: false };
  async function* file() {
    yield* sending.file;
    progress.isWhole = true;
  }
  try {
    const lines = await hub.streams.open({ ...call, body: file(), idleMs: 0 });
    for await (const line of lines) return line as Taken;
    throw new Refusal({ code: "SUBGRAPH_INVALID_RESPONSE" });
  } catch (error) {
    if (!progress.isWhole || isPlain(error)) entry.undone();
    throw error;
  }
}

/** A source that refuses has done nothing; one that fell silent may have. */
const isPlain = (error: unknown): boolean =>
  error instanceof Refusal && error.failures.every(({ code }) => !code.startsWith("SUBGRAPH_"));

/**
 * Gives a table out, part by part: each is on record, with its subjects, and the agreement looked at, before its bytes leave. What is
 * refused before the first part has a status; later the connection is cut. Never rejects.
 */
export async function download(request: Incoming, fetching: Fetching, hub: Seating): Promise<HttpAnswer | StreamedAnswer> {
  const entry = hub.record.open();
  const question = asQuestion(request, fetching);
  const { leaving, gone } = seatUntil(request);
  try {
    const planned = await admitted(question, entry, hub);
    const call = callOf(planned, fetching);
    hub.seated(planned.caller, gone);
    const lines = await hub.streams.open({ ...call, body: null, idleMs: PAGE_MS });
    return streamed("text/csv; charset=utf-8", planned, partsOf(lines, { fetching, planned, call, entry, leaving }));
  } catch (error) {
    leaving.abort();
    return refuse(await entry.fail(error), question);
  }
}

interface Streaming {
  readonly planned: Admitted;
  readonly call: Call;
  readonly entry: Entry;
  readonly leaving: AbortController;
}

/** A stream out keeps a seat of whoever asks: none keeps others from theirs. */
interface Seating extends Hub {
  readonly seated: Seated;
}

/** The seat's end: when its stream is over, or nobody takes it. */
function seatUntil({ signal }: Incoming) {
  const leaving = new AbortController();
  return { leaving, gone: AbortSignal.any([signal, leaving.signal]) };
}

/** Longest a source may take for a page of a table. */
const PAGE_MS = 30_000;
type Row = Readonly<Record<string, unknown>>;

async function* partsOf(
  lines: AsyncIterable<unknown>,
  { fetching, planned, call, entry, leaving }: { readonly fetching: Fetching } & Streaming,
): AsyncGenerator<string> {
  const { asked } = planned.rewrite;
  const columns = fetching.columns.filter(({ needs }) => needs.every((coordinate) => asked.has(coordinate))).map(columnOf);
  const masked = rowMask(columns, planned.decisions);
  const nothing = { ...disclosed(planned, call), shown: masked.coordinates };
  const ended = { rows: 0, isTold: false };
  try {
    yield csvLine(masked.names);
    for await (const line of lines) {
      const rows = line as readonly Row[];
      const subjects = subjectsIn(rows, fetching);
      const text = rows.map(masked.line).join(""); // before it is on record: the pseudonyms in it are issued with it
      await entry.part({
        ...nothing,
        subjects,
        persons: subjects.map(({ id }) => id),
        verdicts: masked.verdictsIn(rows, fetching.verdict),
        transferred: { rows: rows.length },
      });
      ended.rows += rows.length;
      yield text;
    }
  } catch (error) {
    ended.isTold = true;
    throw await entry.fail(error);
  } finally {
    leaving.abort();
    // also when the client left: what it has is on record part by part
    if (!ended.isTold) await entry.close({ ...nothing, transferred: { rows: ended.rows } });
  }
}

/** Each once. */
function subjectsIn(rows: readonly Row[], { subject }: Pick<Fetching, "subject">): Subject[] {
  if (!subject) return [];
  const ids = new Set(rows.map((row) => row[subject.column]).filter((id) => typeof id === "string"));
  return [...ids].map((id) => ({ type: subject.type, id }));
}

const columnOf = ({ name, needs }: Fetching["columns"][number]): Column => ({ name, coordinate: needs.at(-1) ?? "" });

/** What a source says of a file it gives. */
interface Given {
  readonly id: string;
  /** Whose it is; null: nobody's in particular. */
  readonly person: string | null;
  readonly mediaType: string;
  readonly bytes: number;
}

/** Gives a file out: on record, with whose it is, before its first byte leaves. Never rejects. */
export async function deliver(request: Incoming, delivering: Delivering, hub: Seating): Promise<HttpAnswer | StreamedAnswer> {
  const entry = hub.record.open();
  const question = asQuestion(request, delivering);
  const { leaving, gone } = seatUntil(request);
  try {
    const planned = await admitted(question, entry, hub);
    const call = callOf(planned, delivering);
    const { needs, type } = delivering;
    if (!isOpenAsItIs(planned.decisions.verdict(needs))) throw new Refusal({ code: "FIELD_NOT_GRANTED", coordinate: needs });
    hub.seated(planned.caller, gone);
    const lines = (await hub.streams.open({ ...call, body: null, idleMs: PAGE_MS }))[Symbol.asyncIterator]();
    const file = (await lines.next()).value as Given;
    if (file.person !== null && planned.restricted?.has(file.person)) throw await closed(lines);
    const whose = file.person === null ? [] : [{ type: "Person", id: file.person }];
    const subjects = [...whose, { type, id: file.id }];
    const transferred = { bytes: file.bytes };
    await entry.close({ ...disclosed(planned, call), shown: [needs], subjects, persons: [file.person ?? file.id], transferred });
    const answer = streamed(file.mediaType, planned, bytesIn(lines, leaving));
    return { ...answer, headers: { ...answer.headers, ...AS_FILE, "content-length": String(file.bytes) } };
  } catch (error) {
    leaving.abort();
    return refuse(await entry.fail(error), question);
  }
}

/** Of persons whose data are restricted nothing is given out (UU 27/2022 art. 41). */
async function closed(lines: AsyncIterator<unknown>): Promise<Refusal> {
  await lines.return?.();
  return new Refusal({ code: "FORBIDDEN" });
}

/** Never shown by a browser as a page of ours. */
const AS_FILE = { "content-disposition": "attachment" };

async function* bytesIn(lines: AsyncIterator<unknown>, leaving: AbortController): AsyncGenerator<Uint8Array> {
  try {
    for (let next = await lines.next(); !next.done; next = await lines.next()) yield Buffer.from(String(next.value), "base64");
  } finally {
    leaving.abort();
    await lines.return?.();
  }
}

/** Tells events as they come (Server-Sent Events), on record as a whole before the first; each only while the agreement stands. Never rejects. */
export async function follow(request: Incoming, following: Following, hub: Seating): Promise<HttpAnswer | StreamedAnswer> {
  const entry = hub.record.open();
  const question = asQuestion(request, following);
  const { leaving, gone } = seatUntil(request);
  try {
    const planned = await admitted(question, entry, hub);
    const call = callOf(planned, following);
    hub.seated(planned.caller, gone);
    const lines = await hub.streams.open({ ...call, signal: gone, body: null, idleMs: 0 });
    const { asked } = planned.rewrite;
    const names = [...asked]
      .filter((one) => one.startsWith(`${following.type}.`) && isOpenAsItIs(planned.decisions.verdict(one)))
      .sort();
    await entry.close({ ...disclosed(planned, call), shown: names });
    const { parting } = hub;
    return streamed("text/event-stream", planned, eventsOf(lines, { type: following.type, names, entry, leaving, parting }));
  } catch (error) {
    leaving.abort();
    return refuse(await entry.fail(error), question);
  }
}

/** Events pass unmasked, so only what is open as it is may stand in them. */
const isOpenAsItIs = (verdict: Verdict): boolean => verdict.effect === "allow" && !verdict.rows;

/** A silent connection is found dead, and a suspended agreement ends one, no later than this. */
const BEAT_MS = 5_000;

/** Null after so long, or as soon as the signal says so. */
export const pauseUnder = (signal: AbortSignal | undefined, ms: number): Promise<null> =>
  pause(ms, null, { ref: false, ...(signal && { signal }) }).catch(() => null);

interface Telling extends Pick<Following, "type">, Pick<Under, "entry">, Named {
  readonly leaving: AbortController;
  readonly parting: AbortSignal | undefined;
}

async function* eventsOf(
  lines: AsyncIterable<unknown>,
  { type, names, entry, leaving, parting }: Telling,
): AsyncGenerator<string> {
  const fields = names.map((name) => name.slice(type.length + 1));
  const events = lines[Symbol.asyncIterator]();
  let next = events.next();
  try {
    for (;;) {
      const came = await Promise.race([next, pauseUnder(parting, BEAT_MS)]);
      if (parting?.aborted) return; // a browser comes back by itself
      entry.stands();
      if (came?.done) return;
      if (came) next = events.next();
      yield came ? eventOf(fields.map((field) => [field, (came.value as Row)[field]])) : ": \n\n";
    }
  } catch (error) {
    throw await entry.fail(error);
  } finally {
    next.catch(() => {}); // it ends by the signal
    leaving.abort();
  }
}

interface Named {
  /** Coordinates of the fields that may be told. */
  readonly names: readonly string[];
}

const eventOf = (told: readonly (readonly [string, unknown])[]): string =>
  `event: progress\ndata: ${JSON.stringify(Object.fromEntries(told))}\n\n`;

/** Where the stream is, and what its envelope opens: a question of one fetch, or nothing of it is granted. */
export function callOf({ plan: { steps }, coerced, denials, context, trail, signal }: Admitted, { stream, head }: StreamErrand) {
  const [[fetch, ...more] = []] = steps;
  if (!fetch || more.length > 0) throw new Refusal([{ code: "FORBIDDEN" }, ...denials]);
  const { service, url } = fetch.source;
  const coordinates = fetch.coordinates(coerced);
  const { traceparent } = trail ?? {};
  return { service, url, name: stream, head, coordinates, context, traceparent, signal, from: performance.now() };
}

type Call = ReturnType<typeof callOf>;
const factOf = ({ service, coordinates, from }: Call) => ({
  service,
  coordinates,
  outcome: "ok" as const,
  ms: performance.now() - from,
});

/** What opening a stream told: nothing yet, but that it was asked for. */
export const disclosed = ({ rewrite: { denied, transformed, inSomeRows }, lookups }: Admitted, call: Call): Disclosure => ({
  ...{ data: null, errors: [], shown: [], subjects: [], persons: [], verdicts: {}, fetches: [factOf(call)] },
  ...{ denied, transformed, inSomeRows, lookups },
});

const streamed = (
  type: string,
  { requestId, receiptId }: Admitted,
  pieces: AsyncIterable<string | Uint8Array>,
): StreamedAnswer => ({
  status: 200,
  headers: { "content-type": type, "cache-control": "no-store", "x-request-id": requestId, "hub-receipt": receiptId },
  pieces,
});
