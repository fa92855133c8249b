import { randomUUID } from "node:crypto";
import { Refusal } from "../../../../schema/errors.ts";
import { ask, type Hub } from "../../../answer.ts";
import { told } from "../../../receive/routes/told.ts";
import type { Errand, HttpAnswer, Incoming } from "../../../types/chain.ts";
import { fault, MessageRefusal } from "../envelope/fault.ts";
import { answerOf, withheld } from "../envelope/receive.ts";
import { isPlainWord } from "../envelope/word.ts";
import { requestsOf } from "../search/sync.ts";
import type { Asking, Facade, JsonObject, Received, RegistryName } from "../types.ts";
import { itemsOf } from "./answers.ts";
import { channelNamed } from "./callbacks.ts";
import type { Seal } from "./seal.ts";
import { type StatusAsked, statusAskedIn, statusTold } from "./status.ts";
import type { Action, By, Channel, Owner, Transactions } from "./store.ts";
import { onSubscribe, onUnsubscribe } from "./subscribe.ts";

export interface Later {
  readonly facade: Facade;
  readonly store: Transactions;
  readonly seal: Seal;
  /** Development, and only this machine can ask. */
  readonly isLocal: boolean;
}

/** Answers a message of one registry. Never rejects. */
type Door = (request: Incoming, registry: RegistryName) => Promise<HttpAnswer>;

/** A message whose sender is known, and on record. */
interface Heard extends Later {
  readonly received: Received;
  readonly asking: Asking;
  readonly owner: Owner;
  readonly receipts: readonly string[];
}

type Work = (heard: Heard) => Promise<HttpAnswer>;

/** A kind of message: the question it is on record as, and what is done with it. */
interface Kind {
  readonly action: Action;
  readonly errand: Errand;
  /** What is to be done with a message. Throws the MessageRefusal that says what is wrong with it. */
  readonly reads: (received: Received) => Work;
}

const reading =
  <Read>(read: (received: Received) => Read, work: (heard: Heard, read: Read) => Promise<HttpAnswer>): Kind["reads"] =>
  (received) => {
    const found = read(received);
    return (heard) => work(heard, found);
  };

const errandOf = (operation: string, selection = "__typename"): Errand => ({
  operation,
  document: `query ${operation} { ${selection} }`,
  variables: {},
});
const KINDS: Readonly<Record<Action | "sync", Kind>> = {
  search: { action: "search", errand: errandOf("RegistrySearch"), reads: reading(requestsOf, search) },
  subscribe: {
    action: "subscribe",
    errand: errandOf("RegistrySubscribe", "aidEvents(first: 1) { until }"), // who may not see the feed subscribes to nothing of it
    reads: reading(wishesIn, subscribe),
  },
  unsubscribe: { action: "unsubscribe", errand: errandOf("RegistryUnsubscribe"), reads: reading(codesIn, unsubscribe) },
  "txn-status": { action: "txn-status", errand: errandOf("RegistryStatus"), reads: reading(statusIn, statusLater) },
  sync: { action: "txn-status", errand: errandOf("RegistryStatus"), reads: reading(statusIn, statusNow) },
};

/** What of the standard is answered later. Each message is on record as a question of its sender's before anything of it is kept. */
export const doorOf =
  (kind: keyof typeof KINDS, later: Later, hub: Hub): Door =>
  async (request, registry) => {
    try {
      return await answered({ registry, request, hub }, later, KINDS[kind]);
    } catch (error) {
      const reason = isAway(error) ? fault("err.service.unavailable", "what is kept for later cannot be reached", error) : error;
      return answerOf(await hub.record.open().fail(reason), request); // for the log
    }
  };

/** The database is away or gives up, by its own code or the driver's. */
const isAway = (error: unknown): boolean =>
  !(error instanceof Refusal) &&
  /^(?:CONNECT\w+|E[A-Z]+|08...|53...|57...|25006)$/.test(String((error as { code?: unknown }).code));

async function answered(asking: Asking, later: Later, { action, errand, reads }: Kind): Promise<HttpAnswer> {
  const { facade } = later;
  let work: Work | undefined;
  const { request, hub } = asking;
  const received = await facade.receive(asking, action, (message) => {
    byProgram(message);
    work = reads(message);
  });
  if ("refused" in received) return received.refused;
  const asked = told(await ask(request, errand, hub), request);
  if (asked.http.status !== 200) return facade.refusedBy(asked.http);
  if (asked.errors.length > 0) throw forbidden("the agreement does not open what this asks for");
  const { client, agreement } = received.known.caller;
  const receipts = asked.receipt === undefined ? [] : [asked.receipt];
  const heard = { ...later, received, asking, owner: { client, agreement }, receipts };
  return (work ?? reads(received))(heard);
}

const forbidden = (text: string): MessageRefusal => new MessageRefusal({ status: 403, code: "err.request.forbidden", text });
const bad = (text: string): MessageRefusal => fault("err.request.bad", text);

/** Callbacks are programs' business; and what is kept in plain holds nobody's number. */
function byProgram({ known: { caller }, transactionId }: Received): void {
  if (caller.officer !== null || caller.citizen !== null) throw forbidden("only programs ask for callbacks");
  if (!isPlainWord(transactionId)) throw bad("transaction_id: no number of a person");
}

/** Of one message; a channel has 20 at most. */
const MOST_WISHES = 20;
const isSome = (list: readonly unknown[]): boolean => list.length > 0 && list.length <= MOST_WISHES;

function wishesIn({ message }: Received): readonly JsonObject[] {
  const wishes = itemsOf(message, "subscribe_request");
  if (!isSome(wishes)) throw bad(`subscribe_request: a list of 1 to ${MOST_WISHES}`);
  return wishes;
}

function codesIn({ message }: Received): readonly string[] {
  const { subscription_codes: given, sunscription_codes: misspelt } = message;
  const codes = given ?? misspelt; // the standard's own list of what is required spells it so
  if (Array.isArray(codes) && isSome(codes) && codes.every((code) => typeof code === "string")) return codes as string[];
  throw bad(`subscription_codes: a list of 1 to ${MOST_WISHES} codes`);
}

function statusIn({ message, transactionId }: Received): StatusAsked {
  const asked = statusAskedIn(message, transactionId);
  if (!asked) throw bad("txnstatus_request: reference_id, txn_type, attribute_type and an attribute_value of its kind");
  return asked;
}

/** Where the answer goes: the registered address that the sender named, or the oldest; null: none is registered. Throws for any other: nobody agreed on it, so it is never called. */
async function channelFor({ received: { header }, owner, store, isLocal }: Heard, action: Action): Promise<Channel | null> {
  const uri = header.sender_uri ?? null; // as good as not said
  const channels = await store.channels(owner);
  if (uri === null) return channels[0] ?? null;
  const named = channelNamed(channels, { uri, action, isLocal });
  if (!named)
    throw fault("err.sender_uri.invalid", "sender_uri: not an address that is registered for you; callbacks go nowhere else");
  return named;
}

/** Throws where none is registered. */
async function channelOf(heard: Heard, action: Action): Promise<Channel> {
  const channel = await channelFor(heard, action);
  if (channel) return channel;
  throw fault("err.sender_uri.invalid", "no address for callbacks is registered: stewards of both sides agree on one first");
}

interface Keeping {
  readonly action: Action;
  readonly channel: Channel | null;
  readonly what: JsonObject;
}

/** Keeps what is to be answered, and says so. NACK, in the standard's words: it is good, and nothing more will come; its answer is fetched. */
async function kept(heard: Heard, { action, channel, what }: Keeping): Promise<HttpAnswer> {
  const { received, owner, store, seal } = heard;
  const { registry, transactionId, known, header } = received;
  const { version, case: caseNumber } = known.caller;
  const id = randomUUID();
  const sealed = seal.close(id, { ...what, sender: header.sender_id, ...(channel?.at !== undefined && { at: channel.at }) });
  const placing = { ...owner, id, version, caseNumber, channel: channel?.id ?? null, registry, action, transactionId, sealed };
  const isNew = await store.place(placing);
  if (!isNew) throw bad("transaction_id: a search of that number was asked before");
  return acknowledged(heard, id, channel);
}

function acknowledged(
  { facade, asking, receipts }: Pick<Heard, "facade" | "asking" | "receipts">,
  id: string,
  to: Channel | null,
) {
  const message = { ack_status: to ? "ACK" : "NACK", timestamp: new Date().toISOString(), correlation_id: id };
  return facade.told(JSON.stringify({ message }), asking.request, receipts);
}

async function search(heard: Heard, requests: ReturnType<typeof requestsOf>): Promise<HttpAnswer> {
  const channel = await channelFor(heard, "search");
  return kept(heard, { action: "search", channel, what: { search_request: requests } });
}

async function subscribe(heard: Heard, wishes: readonly JsonObject[]): Promise<HttpAnswer> {
  const channel = await channelOf(heard, "subscribe");
  const { api } = heard.asking.hub.supergraph;
  return heard.store.whole(async (store) => {
    const answers = await onSubscribe(wishes, { ...heard, store, channel: channel.id, api });
    return kept({ ...heard, store }, { action: "subscribe", channel, what: { subscribe_response: answers } });
  });
}

async function unsubscribe(heard: Heard, codes: readonly string[]): Promise<HttpAnswer> {
  const { received, owner } = heard;
  const channel = await channelOf(heard, "unsubscribe");
  return heard.store.whole(async (store) => {
    const answer = onUnsubscribe(codes, await store.unsubscribe(owner, received.registry, codes));
    return kept({ ...heard, store }, { action: "unsubscribe", channel, what: { unsubscribe_response: answer } });
  });
}

async function statusLater(heard: Heard, { txnType, by, references }: StatusAsked): Promise<HttpAnswer> {
  const channel = await channelFor(heard, "txn-status");
  const asked = { txnType, by: { ...by } as Partial<By> as JsonObject, references };
  return channel ? kept(heard, { action: "txn-status", channel, what: { asked } }) : acknowledged(heard, randomUUID(), null);
}

async function statusNow(heard: Heard, status: StatusAsked): Promise<HttpAnswer> {
  const { facade, received, asking, owner, receipts } = heard;
  const { version } = received.known.caller;
  const numbers = { transactionId: received.transactionId, correlationId: randomUUID() };
  const ready = await statusTold(status, { ...heard, owner: { ...owner, version }, numbers });
  if ("refusal" in ready) return ready.refusal;
  const refusal = await withheld(received, asking);
  if (refusal) return refusal;
  const body = facade.signed({ ...ready.telling, receiver: received.header.sender_id }, ready.message);
  if (ready.ends) await heard.store.fetched(ready.ends.id, ready.ends.outcome);
  return facade.told(body, asking.request, [...receipts, ...ready.receipts]);
}
