import { refuseUnstorable } from "../../../receive/unstorable.ts";
import type { Json, JsonObject, MessageHeader } from "../types.ts";
import { fault } from "./fault.ts";

export interface Envelope {
  readonly signature: Json | undefined;
  /** As it was written: what is signed. */
  readonly written: JsonObject;
  readonly header: MessageHeader;
  readonly message: JsonObject;
}

/** How far a message's time may lie from ours. */
const WINDOW_MS = 5 * 60 * 1000;
const LONGEST = 99;

/** A message out of a body: its shape, its action and its time. Throws a MessageRefusal. */
export function envelopeOf(body: string | null, action: string, now: Date): Envelope {
  const { signature, header, message } = objectOf(parsed(body), "the body");
  const written = objectOf(header, "header");
  refuseUnstorable("", { header: written, message });
  const envelope = { signature, written, header: headerOf(written, action, now), message: objectOf(message, "message") };
  if (written["is_msg_encrypted"] === true || "ciphertext" in envelope.message)
    throw fault("err.encryption.invalid", "encrypted messages are not taken");
  return envelope;
}

/** Number the sender gave the transaction. */
export function transactionIdOf({ transaction_id: id }: JsonObject): string {
  if (typeof id === "string" && id.length > 0 && id.length <= LONGEST) return id;
  throw fault("err.request.bad", "message.transaction_id: 1 to 99 characters");
}

function parsed(body: string | null): Json {
  try {
    return JSON.parse(body ?? "") as Json;
  } catch {
    throw fault("err.request.bad", "the body is no JSON");
  }
}

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function objectOf(value: Json | undefined, name: string): JsonObject {
  if (isObject(value)) return value;
  throw fault("err.request.bad", `${name} must be an object`);
}

function headerOf(header: JsonObject, action: string, now: Date): MessageHeader {
  const { version = "1.0.0", total_count: count } = header;
  for (const [isGood, code, words] of rulesOf({ ...header, version }, action, now))
    if (!isGood) throw fault(code, `header.${words}`);
  return { ...header, version, action, total_count: count } as unknown as MessageHeader;
}

type Rule = readonly [isGood: boolean, code: string, words: string];

const rulesOf = (
  { version = "", action: said, message_ts: at, total_count: count, message_id: id, sender_id: sender, ...more }: JsonObject,
  action: string,
  now: Date,
): readonly Rule[] => [
  [/^1\.\d/.test(String(version)), "err.version.not_supported", "version: 1.0.0"],
  [said === action, "rjct.action.invalid", `action must be ${action}`],
  [isTimely(at, now), "rjct.message_ts.invalid", "message_ts: a time with its zone, at most five minutes off"],
  [Number.isInteger(count) && Number(count) >= 0, "rjct.total_count.invalid", "total_count: how many requests the message holds"],
  [isShort(id), "err.request.bad", "message_id: 1 to 99 characters"],
  [isShort(sender), "err.request.bad", "sender_id: 1 to 99 characters"],
  [isText(more["sender_uri"] ?? ""), "err.request.bad", "sender_uri must be text"],
  [isText(more["receiver_id"] ?? ""), "err.request.bad", "receiver_id must be text"],
];

const isText = (value: Json): boolean => typeof value === "string" && value.length <= 500;
const isShort = (value: Json | undefined): boolean => typeof value === "string" && value.length > 0 && value.length <= LONGEST;

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/;
const isTimely = (at: Json | undefined, now: Date): boolean =>
  typeof at === "string" && ISO.test(at) && Math.abs(Date.parse(at) - now.getTime()) <= WINDOW_MS;
