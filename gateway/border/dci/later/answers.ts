import { type Code, Refusal } from "../../../../schema/errors.ts";
import type { HttpAnswer } from "../../../types/chain.ts";
import { isObject } from "../envelope/envelope.ts";
import { withoutNik } from "../envelope/word.ts";
import { OUTAGES } from "../search/ask.ts";
import { answersTo } from "../search/sync.ts";
import type { Asking, Facade, JsonObject, SearchAnswer, Status, Telling } from "../types.ts";
import type { Outcome } from "./store.ts";

/** An answer that may leave, and what became of its items. */
export interface Ready {
  readonly telling: Pick<Telling, "action" | "status" | "total" | "completed">;
  readonly message: JsonObject;
  readonly outcome: readonly Outcome[];
  readonly receipts: readonly string[];
  /** A message that is done with once this is told. */
  readonly ends?: { readonly id: string; readonly outcome: readonly Outcome[] };
}

/** The hub refused altogether: as it is told, and by its own code. */
export interface Refusing {
  readonly refusal: HttpAnswer;
  readonly code: Code;
}

/** Numbers that partner and hub know a message by. */
export interface Numbers {
  readonly transactionId: string;
  readonly correlationId: string;
}

/** Items of a message; what is no object is one that says nothing, and is answered without a number. */
export const itemsOf = (
  message: JsonObject,
  name: "search_request" | "subscribe_request" | "subscribe_response",
): readonly JsonObject[] => {
  const items = message[name];
  return Array.isArray(items) ? items.map((item) => (isObject(item) ? item : {})) : [];
};

/**
 * Every item as a question of its own, one after the other. Where the hub refuses altogether, its refusal: no more is asked, and nothing of it told.
 * What a quota no longer bears, or one message may not tell, is rejected once some of it was answered: those answers count already. Throws the Refusal of a source that is away:
 * who waits for an answer is not told of an outage as if it were one.
 */
export async function searched(
  items: readonly JsonObject[],
  { facade, asking }: { readonly facade: Pick<Facade, "answerSearch">; readonly asking: Asking },
): Promise<{ readonly answers: readonly SearchAnswer[] } | Refusing> {
  const answers = await answersTo(items, async (item) => {
    const answer = await facade.answerSearch(item, asking);
    if (!answer.refusal && answer.code && OUTAGES.has(answer.code)) throw new Refusal({ code: answer.code });
    return answer;
  });
  const refused = answers.find(({ refusal }) => refusal);
  if (refused?.refusal && (refused === answers[0] || refused.refusal.status !== 429))
    return { refusal: refused.refusal, code: refused.code ?? "FORBIDDEN" };
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
  reference_id: withoutNik(String(item["reference_id"])),
  status: item["status"] as Status,
  ...(typeof item["status_reason_code"] === "string" && { status_reason_code: item["status_reason_code"] }),
});
