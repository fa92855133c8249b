import { signerOf } from "../../../schema/policy/keys.ts";

/** Use of the key that webhooks are signed with. */
const EVENTS_KEY = "events";
const RAW_KEY_BYTES = 32;

/** Public key of the webhooks' signatures as Standard Webhooks writes it: `whpk_` and the 32 bytes in base64. */
export function webhookKeyOf(secret: string): string {
  const spki = Buffer.from(signerOf(secret, EVENTS_KEY).publicKey, "base64url");
  return `whpk_${spki.subarray(-RAW_KEY_BYTES).toString("base64")}`;
}

/** One message to a partner. */
export interface Message {
  /** The same however often it is sent: by it receivers know what they have. */
  readonly id: string;
  readonly body: string;
}

/** Headers of a message sent at an instant (standardwebhooks.com, asymmetric signatures `v1a`): no secret is shared, so none can be lost. */
export function webhookHeaders(secret: string): (message: Message, at: Date) => Record<string, string> {
  const signer = signerOf(secret, EVENTS_KEY);
  return ({ id, body }, at) => {
    const timestamp = String(Math.floor(at.getTime() / 1000));
    const signature = Buffer.from(signer.sign(`${id}.${timestamp}.${body}`), "base64url").toString("base64");
    return {
      "content-type": "application/json; charset=utf-8",
      "webhook-id": id,
      "webhook-timestamp": timestamp,
      "webhook-signature": `v1a,${signature}`,
    };
  };
}
