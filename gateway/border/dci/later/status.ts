import { holdsNik } from "../../../../schema/errors.ts";
import type { HttpAnswer } from "../../../types/chain.ts";
import type { Asking, Facade, Json, JsonObject } from "../types.ts";
import { itemsOf, type Numbers, onSearch, outcomeOf, type Ready, searched } from "./answers.ts";
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

const isNumber = (value: Json | undefined): value is string =>
  typeof value === "string" && value.length > 0 && value.length <= 99 && !holdsNik(value);

/** Reads `txnstatus_request`; a list of items is one of the transaction that the message itself names. Null: it is none. Pure. */
export function statusAskedIn(message: JsonObject, transactionId: string): StatusAsked | null {
  const { txnstatus_request: asked } = message;
  if (typeof asked !== "object" || asked === null || Array.isArray(asked)) return null;
  const { reference_id: reference, txn_type: type, attribute_type: of, attribute_value: value } = asked as JsonObject;
  const txnType = type === "subscibe" ? "subscribe" : type; // as the standard's first printing spells it
  if (!isNumber(reference) || (txnType !== "search" && txnType !== "subscribe" && txnType !== "receipt")) return null;
  if (of === "transaction_id" && isNumber(value)) return { txnType, by: { transactionId: value }, references: null };
  if (of === "correlation_id" && isNumber(value)) return { txnType, by: { correlationId: value }, references: null };
  if (of !== "reference_id_list" || !Array.isArray(value) || !value.every(isNumber)) return null;
  return { txnType, by: { transactionId }, references: value };
}

export interface Telling {
  readonly store: Pick<Transactions, "find">;
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
export async function statusTold(asked: StatusAsked, telling: Telling): Promise<Ready | { readonly refusal: HttpAnswer }> {
  const { store, asking, owner, numbers } = telling;
  const kept = await store.find(owner, { registry: asking.registry, actions: ACTIONS[asked.txnType], by: asked.by });
  const found = kept ? await standingOf(kept, asked, telling) : { items: [], receipts: [] };
  if ("refusal" in found) return found;
  const { items, receipts } = found;
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
  };
}

interface Found {
  readonly items: readonly JsonObject[];
  readonly receipts: readonly string[];
}

async function standingOf(
  kept: Kept,
  asked: StatusAsked,
  { seal, facade, asking, owner }: Telling,
): Promise<Found | { readonly refusal: HttpAnswer }> {
  const { references } = asked;
  const isAsked = (item: JsonObject) => references === null || references.includes(String(item["reference_id"]));
  const plain = (outcome: readonly Outcome[]): Found => ({ items: outcome.map(dated).filter(isAsked), receipts: [] });
  if (!kept.sealed) return plain(kept.outcome ?? []);
  const message = seal.open(kept.id, kept.sealed);
  if (kept.action !== "search") return plain(itemsOf(message, "subscribe_request").map(outcomeOf));
  const items = itemsOf(message, "search_request").filter(isAsked);
  if (kept.version !== owner.version)
    return plain(items.map(({ reference_id: id }) => ({ reference_id: String(id), status: "rjct" })));
  const told = await searched(items, { facade, asking });
  if ("refusal" in told) return told;
  const { message: answer, receipts } = onSearch(told.answers, { transactionId: kept.transactionId, correlationId: kept.id });
  return { items: answer["search_response"] as readonly JsonObject[], receipts };
}

const dated = (outcome: Outcome): JsonObject => ({ ...outcome, timestamp: new Date().toISOString() });
