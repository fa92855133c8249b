import { createHash } from "node:crypto";
import type { Batch, FeedEvent } from "../../events/batches.ts";
import type { Posting } from "../../events/post.ts";
import { type Facade, type JsonObject, REG_TYPE } from "../types.ts";
import { AS_JSON, callbackOf } from "./callbacks.ts";
import type { Subscribing } from "./store.ts";

/** A subscription that is open. */
export interface Wish extends Subscribing {
  readonly code: string;
  /** Who made it, as they call themselves. */
  readonly sender: string;
}

interface Dressing {
  readonly leased: { readonly id: string; readonly url: string };
  readonly wishes: readonly Wish[];
  readonly signed: Facade["signed"];
}

/** A batch of the feed as the standard's `notify`, by the same number however often the same is sent; null: it holds nothing that was asked for. */
export function noticeOf(
  { after, events, until }: Batch,
  { leased, wishes, signed }: Dressing,
): Pick<Posting, "url" | "headers" | "body"> | null {
  const notices = noticesOf(events, wishes, new Date());
  if (notices.length === 0) return null;
  const content = createHash("sha256").update(JSON.stringify(notices.map(({ timestamp: _, ...notice }) => notice)));
  const id = `${leased.id}.${after}-${until}.${content.digest("hex").slice(0, 16)}`; // wishes may change between two attempts
  const [total, receiver] = [notices.length, wishes.at(-1)?.sender ?? ""]; // the name they took last
  const telling = { action: "notify", status: "succ", total, completed: total, receiver, messageId: id } as const;
  const body = signed(telling, { transaction_id: id, notify_event: notices });
  return { url: new URL(callbackOf(leased.url, "notify")), headers: AS_JSON, body };
}

/** Elements of `notify_event`: each event once for each subscription that it fits. No datum of a person stands in them. Pure. */
function noticesOf(events: readonly FeedEvent[], wishes: readonly Wish[], at: Date): JsonObject[] {
  return wishes.flatMap((wish) => events.filter((event) => fits(event, wish)).map((event) => told(event, wish, at)));
}

/** Of what is not shown nobody knows whether it fits: it does not. */
const fits = ({ kind, program, code }: FeedEvent, wish: Wish): boolean =>
  isOf(kind, wish.kinds) && isOf(program, wish.programs) && isOf(code, wish.codes);
const isOf = (value: string | null, among: readonly string[]): boolean =>
  among.length === 0 || (value !== null && among.includes(value));

const told = ({ id, ...event }: FeedEvent, wish: Wish, at: Date): JsonObject => ({
  reference_id: `${wish.code}.${id}`,
  timestamp: at.toISOString(),
  data: {
    version: "1.0.0",
    reg_type: REG_TYPE[wish.registry],
    reg_event_type: wish.eventType,
    reg_record_type: wish.recordType,
    reg_records: {
      subscription_code: wish.code,
      place: id,
      ...Object.fromEntries(Object.entries(event).filter(([, value]) => value !== null)),
    },
  },
});
