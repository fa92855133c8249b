import { randomUUID } from "node:crypto";
import { scrub } from "../../../../schema/errors.ts";
import type { HttpAnswer } from "../../../types/chain.ts";
import type { Asking, Facade, Json, JsonObject, SearchAnswer, Status, Telling } from "../types.ts";
import type { Outcome } from "./store.ts";

/** An answer that may leave, and what became of its items. */
export interface Ready {
  readonly telling: Pick<Telling, "action" | "status" | "total" | "completed">;
  readonly message: JsonObject;
  readonly outcome: readonly Outcome[];
  readonly receipts: readonly string[];
}

/** Numbers that partner and hub know a message by. */
export interface Numbers {
  readonly transactionId: string;
  readonly correlationId: string;
}

/** Items of a message that are objects with a number of their own; everything else is answered without one. */
export const itemsOf = (message: JsonObject, name: "search_request" | "subscribe_request"): readonly JsonObject[] => {
  const items = message[name];
  return Array.isArray(items) ? (items as readonly JsonObject[]) : [];
};

/** Every item as a question of its own, one after the other. Where the hub refuses altogether, its refusal: no more is asked, and nothing of it told. */
export async function searched(
  items: readonly Json[],
  { facade, asking }: { readonly facade: Pick<Facade, "answerSearch">; readonly asking: Asking },
): Promise<{ readonly answers: readonly SearchAnswer[] } | { readonly refusal: HttpAnswer }> {
  const answers: SearchAnswer[] = [];
  for (const item of items) {
    const answer = await facade.answerSearch(item, { ...asking, request: { ...asking.request, receiptId: randomUUID() } });
    if (answer.refusal) return { refusal: answer.refusal };
    answers.push(answer);
  }
  return { answers };
}

/** A search's answer as its callback tells it. */
export function onSearch(answers: readonly SearchAnswer[], { transactionId, correlationId }: Numbers): Ready {
  const items = answers.map(({ item }) => item);
  const total = items.length;
  return {
    telling: { action: "on-search", status: statusOf(answers.map(({ status }) => status)), total, completed: total },
    message: { transaction_id: transactionId, correlation_id: correlationId, search_response: items },
    outcome: items.map(outcomeOf),
    receipts: answers.flatMap(({ receipt }) => receipt ?? []),
  };
}

/** Of a whole: rejected where nothing of it succeeded. */
export const statusOf = (statuses: readonly Status[]): Status => (statuses.includes("succ") ? "succ" : "rjct");

/** Of an item only by which number it is known and what became of it: nobody's data. */
export const outcomeOf = (item: JsonObject): Outcome => ({
  reference_id: scrub(String(item["reference_id"])),
  status: item["status"] as Status,
  ...(typeof item["status_reason_code"] === "string" && { status_reason_code: item["status_reason_code"] }),
});
