import type { GraphQLSchema } from "graphql";
import { Refusal } from "../../../../schema/errors.ts";
import { isPlainWord } from "../envelope/word.ts";
import type { Json, JsonObject, Received } from "../types.ts";
import type { Transactions } from "./store.ts";
import { type Wished, wishOf } from "./wishes.ts";

interface Subscribing {
  /** Whose events they narrow. */
  readonly channel: string;
  readonly received: Pick<Received, "registry" | "header">;
  readonly store: Pick<Transactions, "subscribe">;
  readonly api: GraphQLSchema;
}

/** Elements of `subscribe_response`: each wish is a subscription by now, or says why not. */
export async function onSubscribe(items: readonly JsonObject[], subscribing: Subscribing): Promise<JsonObject[]> {
  const seen = new Set<Json>();
  const answers: JsonObject[] = [];
  for (const item of items) {
    const fault = faultOf(item, seen);
    answers.push({
      reference_id: fault?.endsWith("reference_id.invalid") ? "" : String(item["reference_id"]),
      timestamp: new Date().toISOString(),
      ...(fault ? rejected(fault) : await subscribed(item, subscribing)),
    });
    seen.add(item["reference_id"] ?? null);
  }
  return answers;
}

function faultOf(item: JsonObject, seen: ReadonlySet<Json>): string | null {
  const { reference_id: id, timestamp } = item;
  if (!isPlainWord(id)) return "rjct.reference_id.invalid";
  if (seen.has(id)) return "rjct.reference_id.duplicate";
  return typeof timestamp === "string" && !Number.isNaN(Date.parse(timestamp)) ? null : "rjct.timestamp.invalid";
}

const rejected = (code: string, text?: string): JsonObject => ({
  status: "rjct",
  status_reason_code: code,
  ...(text !== undefined && { status_reason_message: text }),
});

async function subscribed(item: JsonObject, { channel, received, store, api }: Subscribing): Promise<JsonObject> {
  const wish: Wished = wishOf(item["subscribe_criteria"], received.registry, api);
  if ("reason" in wish) return rejected(wish.reason);
  const { registry, header } = received;
  const made = await store.subscribe(channel, { ...wish, registry, sender: header.sender_id }).catch(asTooMany);
  if (made === null) return rejected("rjct.notify_details.invalid", "too many subscriptions are open: end one first");
  const subscriptions = [{ code: made.code, status: "subscribe", timestamp: made.madeAt.toISOString() }];
  if (!made.isNew) return { ...rejected("rjct.event.already_subscribed"), subscriptions };
  return { status: "succ", subscriptions };
}

function asTooMany(error: unknown): null {
  if (error instanceof Refusal && error.failures[0]?.code === "QUOTA_EXCEEDED") return null;
  throw error;
}

/** What an unsubscribe came to: subscriptions that are the sender's have ended, also where others of the message are not theirs. */
export function onUnsubscribe(codes: readonly string[], theirs: readonly string[]): JsonObject {
  const areAll = codes.every((code) => theirs.includes(code));
  return {
    timestamp: new Date().toISOString(),
    status: areAll ? "succ" : "rjct",
    ...(!areAll && { status_reason_code: "rjct.subscription_code.invalid" }),
    subscription_status: theirs.map((code) => ({ code, status: "unsubscribe" })),
  };
}
