import { randomUUID } from "node:crypto";
import { Refusal } from "../../../../schema/errors.ts";
import type { Hub } from "../../../answer.ts";
import type { Incoming, Known } from "../../../types/chain.ts";
import { type AddressRules, addressOf, type Pinned, Undeliverable } from "../../events/address.ts";
import { HOPELESS, LeaseLost, waitAfter } from "../../events/attempts.ts";
import { post } from "../../events/post.ts";
import { knownOf, withheld } from "../envelope/receive.ts";
import type { Asking, Facade, JsonObject, Status } from "../types.ts";
import { itemsOf, onSearch, outcomeOf, type Ready, searched, statusOf } from "./answers.ts";
import { AS_JSON, callbackOf } from "./callbacks.ts";
import type { Seal } from "./seal.ts";
import { type StatusAsked, statusTold } from "./status.ts";
import type { Leased, Transactions } from "./store.ts";

export interface Delivering extends AddressRules {
  readonly facade: Pick<Facade, "answerSearch" | "signed">;
  readonly store: Transactions;
  readonly seal: Seal;
  readonly hub: Hub;
  /** Pause before the second attempt; each further one is four times as long. */
  readonly retryMs: number;
  /** How often a message is tried. */
  readonly attempts: number;
  /** The gateway closes: the message is somebody else's. */
  readonly signal: AbortSignal;
}

const SECOND = 1000;
const BEAT_MS = 10 * SECOND;
const ASK_MS = 15 * SECOND;

/** The hub refused altogether. */
class Refused extends Error {
  readonly code: string;
  readonly isPassing: boolean;

  constructor(code: string, status: number) {
    super(code);
    this.code = code;
    this.isPassing = status >= 500 || status === 429;
  }
}

/** Answers one message and brings the answer where it was agreed; nothing of it is kept, so another attempt is another question, judged anew. Rejects for the database, and for our bugs. */
export async function carry(leased: Leased, delivering: Delivering): Promise<void> {
  const { store, signal } = delivering;
  const { lease } = leased;
  const lost = new AbortController();
  const beat = setInterval(() => {
    store.renew(lease).then(
      (isOurs) => isOurs || lost.abort(),
      () => {}, // the database is away: whether the lease is lost shows when it is back
    );
  }, BEAT_MS);
  try {
    await carried(leased, { ...delivering, signal: AbortSignal.any([signal, lost.signal]) });
  } catch (error) {
    if (signal.aborted || lost.signal.aborted || error instanceof LeaseLost) await store.release(lease);
    else await afterFailure(error, leased, delivering);
  } finally {
    clearInterval(beat);
  }
}

async function carried(leased: Leased, delivering: Delivering): Promise<void> {
  const { store, facade, seal, signal } = delivering;
  const kept = seal.open(leased.id, leased.sealed);
  if (!kept) return store.unreadable(leased.id, leased.lease);
  const url = new URL(callbackOf(String(kept["at"] ?? leased.url), leased.action));
  const to = await addressOf(url, delivering); // nothing is asked for an address that leads nowhere
  const asking = askingOf(leased, to, delivering);
  const known = await standing(asking, leased);
  const ready = await readyOf(leased, kept, { ...delivering, asking });
  if (!(await store.renew(leased.lease))) throw new LeaseLost();
  await standing(asking, leased); // to the last moment
  const refusal = await withheld({ known }, asking);
  if (refusal) throw new Refused("POLICY_UNAVAILABLE", refusal.status);
  const telling = { ...ready.telling, receiver: String(kept["sender"]), messageId: leased.id };
  const body = facade.signed(telling, ready.message);
  await post({ url, to, headers: AS_JSON, body, signal });
  await store.delivered(leased.lease, ready.outcome);
  if (ready.ends) await store.fetched(ready.ends.id, ready.ends.outcome);
}

/** As who asked would ask from where the answer goes: what an agreement says about addresses holds for the one that its data go to. */
function askingOf({ client, agreement, caseNumber, registry }: Leased, { address }: Pinned, { hub, signal }: Delivering): Asking {
  const headers = { "hub-agreement": agreement, ...(caseNumber !== null && { "hub-case": caseNumber }) };
  const ids = { requestId: randomUUID(), receiptId: randomUUID() };
  const request: Incoming = {
    ...{ ...ids, method: "POST", url: "/graphql", headers, body: null, address, signal },
    get deadline() {
      return performance.now() + ASK_MS; // of each question of its own
    },
  };
  // whom the hub has heard itself needs no token; all else about them is judged anew
  return { registry, request, hub: { ...hub, verify: async () => ({ clientId: client, subject: client }) } };
}

/** Throws the Refusal that whoever asked would get now, or CONFLICT where another version of their agreement is in force. */
async function standing(asking: Asking, { version }: Pick<Leased, "version">): Promise<Known> {
  const known = await knownOf(asking);
  if (known.caller.version !== version) throw new Refusal({ code: "CONFLICT" });
  return known;
}

type Making = Delivering & { readonly asking: Asking };

async function readyOf(leased: Leased, kept: JsonObject, making: Making): Promise<Ready> {
  const { facade, asking, store, seal } = making;
  const numbers = { transactionId: leased.transactionId, correlationId: leased.id };
  if (leased.action === "search") {
    const told = await searched(itemsOf(kept, "search_request"), { facade, asking });
    if ("refusal" in told) throw new Refused(told.code, told.refusal.status);
    return onSearch(told.answers, numbers);
  }
  if (leased.action === "txn-status") {
    const told = await statusTold(kept["asked"] as unknown as StatusAsked, {
      store,
      seal,
      facade,
      asking,
      owner: leased,
      numbers,
    });
    if ("refusal" in told) throw new Refused(told.code, told.refusal.status);
    return told;
  }
  const both = { transaction_id: leased.transactionId, correlation_id: leased.id };
  if (leased.action === "unsubscribe") {
    const answer = kept["unsubscribe_response"] as JsonObject;
    const telling = { action: "on-unsubscribe", status: answer["status"] as Status, total: 1, completed: 1 };
    return { telling, message: { ...both, ...answer }, outcome: [], receipts: [] };
  }
  const answers = kept["subscribe_response"] as readonly JsonObject[];
  const outcome = answers.map(outcomeOf);
  const total = answers.length;
  const telling = { action: "on-subscribe", status: statusOf(outcome.map(({ status }) => status)), total, completed: total };
  return { telling, message: { ...both, subscribe_response: answers }, outcome, receipts: [] };
}

async function afterFailure(error: unknown, { lease, attempts }: Leased, { store, ...rules }: Delivering): Promise<void> {
  const { code, isPassing } = whyOf(error);
  if (!isPassing || attempts >= rules.attempts) await store.giveUp(lease, code);
  else await store.failed(lease, { code, waitMs: waitAfter(attempts, rules.retryMs) });
  if (code === BUG) throw error;
}

const BUG = "INTERNAL_SERVER_ERROR";

/** A code that can be told, and whether another attempt may help. What is refused to who asked ends it: their agreement no longer bears it. */
function whyOf(error: unknown): { readonly code: string; readonly isPassing: boolean } {
  if (error instanceof Undeliverable) return { code: error.code, isPassing: !HOPELESS.has(error.code) };
  if (error instanceof Refused) return error;
  if (error instanceof Refusal)
    return { code: error.failures[0]?.code ?? BUG, isPassing: error.status >= 500 || error.status === 429 };
  return { code: BUG, isPassing: true };
}
