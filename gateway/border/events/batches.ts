import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { type Code, type Failure, Refusal } from "../../../schema/errors.ts";
import { admitted, ask, asQuestion, type Hub } from "../../answer.ts";
import type { Entry } from "../../audit/entry.ts";
import type { Errand, Incoming } from "../../types/chain.ts";
import { callOf, disclosed, pauseUnder } from "../transfer.ts";
import type { Seated } from "./seats.ts";

/** From where on, and of what alone; null: from now on, of everything. */
export interface FeedAsked {
  readonly after: string | null;
  readonly programs: readonly string[] | null;
  readonly kinds: readonly string[] | null;
}

/** One change as partners are told it: ids and codes; what the agreement does not open is null. */
export interface FeedEvent {
  readonly id: string;
  readonly kind: string | null;
  readonly program: string | null;
  readonly code: string | null;
  readonly period: string | null;
  readonly at: string | null;
  readonly enrolment: string | null;
}

/** Some events: all that whoever asks may see behind one place and up to another. */
export interface Batch extends Events {
  readonly after: string;
}
interface Events {
  readonly events: readonly FeedEvent[];
  readonly until: string;
}

export interface Feed {
  /** Of the request that opened it, as it is on record. */
  readonly receiptId: string;
  /** Batches as they come; null in between: nothing is new, and the agreement stands. Throws a Refusal when it no longer does. */
  readonly batches: AsyncGenerator<Batch | null, void>;
  /** Frees what it holds, whether a batch was asked for or not. MUST be called; a second time does nothing. */
  close(): void;
}

interface Hosting extends Hub {
  readonly seated?: Seated;
}

const SECOND = 1000;
/** A silent connection is found dead, and a suspended agreement ends one, no later than this. */
const BEAT_MS = 5 * SECOND;
/** Between two questions while news trickle in: each is an entry of the record. */
const PACE_MS = 1 * SECOND;
const ASK_MS = 15 * SECOND;
/** Events of one question. */
const MOST = 500;

const NEWS = {
  operation: "AidEventNews",
  document:
    "query AidEventNews($programs: [ProgramCode!], $kinds: [AidEventKind!]) { aidEvents(first: 1, programs: $programs, kinds: $kinds) { until } }",
};
const EVENTS = {
  operation: "AidEvents",
  document: `query AidEvents($after: ID, $first: Int, $programs: [ProgramCode!], $kinds: [AidEventKind!]) {
    aidEvents(after: $after, first: $first, programs: $programs, kinds: $kinds) {
      until nodes { place kind program code period at enrolment { id } } } }`,
};

/**
 * Opens the feed for whoever asks: admitted and on record as a whole before anything is told, and each batch is an ordinary question of theirs, with its
 * masks, pseudonyms and entry. Nothing is asked while nothing is new to it. Throws the Refusal to be told, which is on record.
 */
export async function openFeed(request: Incoming, asked: FeedAsked, { seated, ...hub }: Hosting): Promise<Feed> {
  const entry = hub.record.open();
  const { programs, kinds } = asked;
  const errand = { ...NEWS, variables: { programs, kinds }, stream: "aidEventNews", head: { programs, kinds } };
  const leaving = new AbortController();
  const signal = AbortSignal.any([request.signal, leaving.signal]);
  try {
    const planned = await admitted(asQuestion(request, errand), entry, hub);
    const call = callOf(planned, errand);
    seated?.(planned.caller, signal);
    const lines = await hub.streams.open({ ...call, signal, body: null, idleMs: 0 });
    await entry.close(disclosed(planned, call));
    const batches = batchesOf(lines as AsyncIterable<News>, { request, asked, hub, entry, leaving });
    return { receiptId: planned.receiptId, batches, close: () => leaving.abort() };
  } catch (error) {
    leaving.abort();
    throw await entry.fail(error);
  }
}

interface News {
  /** The last place given. */
  readonly position: string;
}

interface Following {
  readonly request: Incoming;
  readonly asked: FeedAsked;
  readonly hub: Hub;
  readonly entry: Entry;
  readonly leaving: AbortController;
}

async function* batchesOf(lines: AsyncIterable<News>, following: Following): AsyncGenerator<Batch | null, void> {
  const { asked, entry, leaving, hub } = following;
  const news = lines[Symbol.asyncIterator]();
  const ahead = () => {
    const next = news.next();
    next.catch(() => {}); // it may fail while nobody waits for it: told when somebody does
    return next;
  };
  let next = ahead();
  let { after } = asked;
  let isFirst = true;
  try {
    for (;;) {
      const came = await Promise.race([next, pauseUnder(hub.parting, BEAT_MS)]);
      entry.stands();
      if (isOver(came, hub)) return;
      if (came === null) {
        yield null;
        continue;
      }
      next = ahead();
      const { position } = came.value;
      const from: string = after ?? position; // from now on
      const isNew = isFirst || BigInt(from) < BigInt(position);
      after = isNew ? yield* batchesUpTo(position, from, following) : from;
      isFirst = false;
      await pause(PACE_MS, null, { ref: false });
    }
  } finally {
    leaving.abort();
  }
}

/** Also when the hub makes room for another: who comes back to the last place misses nothing. */
const isOver = (came: IteratorResult<News> | null, { parting }: Hub): boolean => came?.done === true || parting?.aborted === true;

/** At least one: by it a place that is no good is refused. Returns where it ended. */
async function* batchesUpTo(newest: string, from: string, asking: Asking): AsyncGenerator<Batch, string> {
  let after = from;
  do {
    const told = await eventsAfter(after, asking);
    yield { after, ...told };
    ({ until: after } = told);
  } while (BigInt(after) < BigInt(newest));
  return after;
}

/** Who asks, of what, and where. */
export type Asking = Pick<Following, "request" | "asked" | "hub">;

/** The events behind a place, or the oldest kept, as whoever asks may see them, at most 500; on record before it resolves. Throws the Refusal that was told. */
export async function eventsAfter(after: string | null, { request, asked, hub }: Asking): Promise<Events> {
  const { programs, kinds } = asked;
  const errand: Errand = { ...EVENTS, variables: { after, first: MOST, programs, kinds } };
  const { body } = await ask(
    { ...request, isPaced: true, receiptId: randomUUID(), deadline: performance.now() + ASK_MS },
    errand,
    hub,
  );
  const { data, errors = [] } = JSON.parse(body) as Told;
  const feed = data?.aidEvents;
  if (feed?.until == null || !feed.nodes) throw refusalOf(errors);
  const events = feed.nodes.flatMap(
    ({ place, enrolment, ...event }) => (place === null ? [] : [{ id: place, ...event, enrolment: enrolment?.id ?? null }]), // of a restricted person nothing stands in it
  );
  return { events, until: feed.until };
}

/** What lies behind one place and up to another; of places that are gone nothing does. */
export async function batchAt(
  { after, until }: Omit<Batch, "events">,
  eventsBehind: (place: string) => Promise<Events>,
): Promise<Batch> {
  const events: FeedEvent[] = [];
  for (let place = after; BigInt(place) < BigInt(until); ) {
    const told = await eventsBehind(place);
    events.push(...told.events.filter(({ id }) => BigInt(id) <= BigInt(until)));
    if (BigInt(told.until) <= BigInt(place)) break; // of a database that was put back
    ({ until: place } = told);
  }
  return { after, events, until };
}

interface Told {
  readonly data?: {
    readonly aidEvents?: {
      readonly until: string | null;
      readonly nodes: readonly Node[] | null;
    } | null;
  } | null;
  readonly errors?: readonly { readonly message: string; readonly extensions: { readonly code: Code } }[];
}

interface Node extends Omit<FeedEvent, "id" | "enrolment"> {
  /** Null in the row of a person whose data are restricted. */
  readonly place: string | null;
  readonly enrolment: { readonly id: string | null } | null;
}

/** What the pipeline told, to be told again: it is on record already. */
function refusalOf(errors: NonNullable<Told["errors"]>): Refusal {
  const failures = errors.map(({ message, extensions: { code } }): Failure => ({ code, reason: { id: message, en: message } }));
  return new Refusal(failures.length > 0 ? failures : { code: "FORBIDDEN" });
}
