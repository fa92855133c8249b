import type { KeyObject } from "node:crypto";
import { senderKeyOf } from "./signature.ts";

/** Who sends under a name of the standard. */
export interface Sender {
  /** Client of the hub whose tokens go with the name. */
  readonly client: string;
  /** Null: none is registered, so nothing of theirs can be signed. */
  readonly key: KeyObject | null;
  /** Key identifier its signatures must name; null: any. */
  readonly keyId: string | null;
  /** Refuse what is not signed. */
  readonly mustSign: boolean;
}
export type Senders = ReadonlyMap<string, Sender>;

/** `{ "<sender_id>": { "client": "…", "jwk": { … }, "signature": "required" | "optional" } }`. A sender with a key must sign unless the entry says otherwise; one without cannot. */
export function sendersIn(text: string): { readonly senders: Senders; readonly faults: readonly string[] } {
  const faults: string[] = [];
  const senders = new Map<string, Sender>();
  for (const [name, entry] of Object.entries(parsed(text, faults))) {
    const sender = /[|"]/.test(name) ? null : senderOf(entry); // a signature writes the name between these
    if (sender === null) faults.push(`HUB_DCI_SENDERS: of ${JSON.stringify(name)} name, client, key or signature cannot be read`);
    else senders.set(name, sender);
  }
  return { senders, faults };
}

function parsed(text: string, faults: string[]): Readonly<Record<string, unknown>> {
  if (text.trim() === "") return {};
  try {
    const value = JSON.parse(text) as unknown;
    if (isRecord(value)) return value;
  } catch {
    // said below
  }
  faults.push("HUB_DCI_SENDERS must be a JSON object of senders");
  return {};
}

function senderOf(entry: unknown): Sender | null {
  if (!isRecord(entry)) return null;
  const { client, jwk, signature = jwk === undefined ? "optional" : "required", ...more } = entry;
  const isKnown = signature === "optional" || (signature === "required" && jwk !== undefined);
  if (typeof client !== "string" || !isKnown || Object.keys(more).length > 0) return null;
  if (jwk === undefined) return { client, key: null, keyId: null, mustSign: false };
  try {
    const key = senderKeyOf(isRecord(jwk) ? jwk : {});
    const keyId = isRecord(jwk) && typeof jwk["kid"] === "string" ? jwk["kid"] : null;
    return { client, key, keyId, mustSign: signature === "required" };
  } catch {
    return null;
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
