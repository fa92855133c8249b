import { isObject } from "../envelope/envelope.ts";
import { isPlainWord } from "../envelope/word.ts";
import type { Asking, Facade, JsonObject } from "../types.ts";
import { itemsOf, type Numbers, onSearch, outcomeOf, type Ready, type Refusing, searched } from "./answers.ts";
import type { Seal } from "./seal.ts";
import type { Action, By, Kept, Outcome, Owner, Transactions } from "./store.ts";

/** What a status request asks for; shape checked. */
export interface StatusAsked {
  readonly txnType: "search" | "subscribe" | "receipt";
  readonly by: By;
  /** Of these items alone; null: of all. */
  readonly references: readonly string[] | null;
}

const ACTIONS: Readonly<Record<StatusAsked["txnType"], readonly Action[]>> = {
  search: ["search"],
  subscribe: ["subscribe", "unsubscribe"],
  receipt: [], // nothing the hub takes
};

/** Reads `txnstatus_request`; a list of items is one of the transaction that the message itself names. Null: it is none. Pure. */
export function statusAskedIn(message: JsonObject, transactionId: string): StatusAsked | null {
  const { txnstatus_request: asked } = message;
  if (!isObject(asked)) return null;
  const { reference_id: reference, txn_type: type, attribute_type: of, attribute_value: value } = asked;
  const txnType = type === "subscibe" ? "subscribe" : type; // as the standard's first printing spells it
  if (!isPlainWord(reference) || (txnType !== "search" && txnType !== "subscribe" && txnType !== "receipt")) return null;
  if (of === "transaction_id" && isPlainWord(value)) return { txnType, by: { transactionId: value }, references: null };
  if (of === "correlation_id" && isPlainWord(value)) return { txnType, by: { correlationId: value }, references: null };
  if (of !== "reference_id_list" || !Array.isArray(value) || !value.every(isPlainWord)) return null;
  return { txnType, by: { transactionId }, references: value };
}

export interface Telling {
  readonly store: Pick<Transactions, "find" | "unreadable">;
  readonly seal: Seal;
  readonly facade: Pick<Facade, "answerSearch">;
  readonly asking: Asking;
  /** Who asks, and under which version of their agreement. */
  readonly owner: Owner & { readonly version: number };
  readonly numbers: Numbers;
}

/**
 * How one of the asker's own messages stands. A search that nobody has taken the answer of yet is answered here and now, as their question; one of
 * somebody else's and one that is not there are told alike.
 */
export async function statusTold(asked: StatusAsked, telling: Telling): Promise<Ready | Refusing> {
  const { store, asking, owner, numbers } = telling;
  const { kept, message } = await readable(
    await store.find(owner, { registry: asking.registry, actions: ACTIONS[asked.txnType], by: asked.by }),
    telling,
  );
  const found: Standing = kept ? await standingOf({ ...kept, message }, asked, telling) : { items: [], receipts: [] };
  if ("refusal" in found) return found;
  const { items, receipts, outcome } = found;
  const about = { transactionId: kept?.transactionId ?? numbers.transactionId, correlationId: kept?.id ?? numbers.correlationId };
  const isKnown = kept !== null && kept.state !== "expired" && kept.state !== "failed";
  return {
    telling: { action: "txn-on-status", status: isKnown ? "succ" : "rjct", total: 1, completed: 1 },
    message: {
      transaction_id: numbers.transactionId,
      correlation_id: numbers.correlationId,
      txnstatus_response: {
        txn_type: asked.txnType,
        txn_status: {
          transaction_id: about.transactionId,
          correlation_id: about.correlationId,
          search_response: asked.txnType === "search" ? items : [],
          ...(asked.txnType === "subscribe" && { subscribe_response: items }),
        },
      },
    },
    outcome: [],
    receipts,
    ...(kept?.state === "waiting" && outcome && { ends: { id: kept.id, outcome } }),
  };
}

/** What was asked, opened. Under a key of before it has expired. */
async function readable(
  kept: Kept | null,
  { seal, store }: Telling,
): Promise<{ readonly kept: Kept | null; readonly message: JsonObject | null }> {
  const message = kept?.sealed ? seal.open(kept.id, kept.sealed) : null;
  if (!kept?.sealed || message) return { kept, message };
  await store.unreadable(kept.id, null);
  return { kept: { ...kept, state: "expired", sealed: null }, message };
}

interface Found {
  readonly items: readonly JsonObject[];
  readonly receipts: readonly string[];
  /** Of all items of a search, where all were told. */
  readonly outcome?: readonly Outcome[];
}
type Standing = Found | Refusing;

async function standingOf(
  { message, ...kept }: Kept & { readonly message: JsonObject | null },
  asked: StatusAsked,
  { facade, asking, owner }: Telling,
): Promise<Standing> {
  const { references } = asked;
  const isAsked = (item: JsonObject) => references === null || references.includes(String(item["reference_id"]));
  const plain = (outcome: readonly Outcome[]): Found => ({ items: outcome.map(dated).filter(isAsked), receipts: [] });
  if (!message) return plain(kept.outcome ?? []);
  if (kept.action !== "search") return plain(itemsOf(message, "subscribe_response").map(outcomeOf));
  const all = itemsOf(message, "search_request");
  const items = all.filter(isAsked);
  const isAll = items.length === all.length;
  if (kept.version !== owner.version) {
    const outcome = items.map(({ reference_id: id }) => outcomeOf({ reference_id: id ?? "", status: "rjct" }));
    return { ...plain(outcome), ...(isAll && { outcome }) };
  }
  const told = await searched(items, { facade, asking });
  if ("refusal" in told) return told;
  const {
    message: answer,
    receipts,
    outcome,
  } = onSearch(told.answers, { transactionId: kept.transactionId, correlationId: kept.id });
  const isWhole = isAll && !told.answers.some(({ refusal }) => refusal);
  return { items: answer["search_response"] as readonly JsonObject[], receipts, ...(isWhole && { outcome }) };
}

const dated = (outcome: Outcome): JsonObject => ({ ...outcome, timestamp: new Date().toISOString() });
