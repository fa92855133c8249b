import { randomUUID } from "node:crypto";
import type { DciConfig } from "../../runtime/config.ts";
import { received } from "./envelope/receive.ts";
import type { Seen } from "./envelope/seen.ts";
import { type MessageSigner, messageSigner } from "./envelope/signature.ts";
import { refused, refusedBy, told } from "./envelope/told.ts";
import { answerSearch } from "./search/search.ts";
import type { Facade, JsonObject, Telling } from "./types.ts";

interface Parts {
  readonly dci: DciConfig;
  readonly seen: Seen;
  readonly signer: MessageSigner;
}

/** What all of the standard's addresses are answered with. */
export const facadeOf = ({ dci, seen, signer }: Parts): Facade => ({
  receive: (asking, action, check) => received(asking, action, { dci, seen, check }),
  answerSearch,
  signed: signedBy(dci.id, signer),
  refused,
  refusedBy,
  told,
});

/** The signer of whoever only tells. */
export const signerOf = ({ id, key }: Pick<DciConfig, "id" | "key">): Facade["signed"] => signedBy(id, messageSigner(key, id));

/** Dresses and signs messages in the hub's name. */
const signedBy =
  (id: string, signer: MessageSigner): Facade["signed"] =>
  (telling, message) => {
    const at = new Date();
    const header = headerOf(telling, id, at);
    return JSON.stringify({ signature: signer.sign({ header, message }, at), header, message });
  };

function headerOf(
  { action, status, total, completed, receiver, messageId, receipts }: Telling,
  sender: string,
  at: Date,
): JsonObject {
  return {
    version: "1.0.0",
    message_id: messageId ?? randomUUID(),
    message_ts: at.toISOString(),
    action,
    status,
    total_count: total,
    completed_count: completed,
    sender_id: sender,
    receiver_id: receiver,
    is_msg_encrypted: false,
    ...(receipts && { meta: { receipts: receipts.map((receipt) => receipt ?? null) } }),
  };
}
