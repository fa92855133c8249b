import { createHash, createPublicKey, generateKeyPairSync, type KeyObject, randomUUID, sign, verify } from "node:crypto";
import type { Hub } from "../../kit/hub.ts";

type Json = Record<string, any>;

/** JSON with its members in order, written apart from the hub's own. */
const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([k, v]) => [k, sorted(v)]),
  );
};
const digestOf = ({ header, message }: Json): string =>
  createHash("sha256")
    .update(JSON.stringify(sorted({ header, message })))
    .digest("base64");

/** A sender's key pair, and its public half as settings name it. */
export function senderKey(kid: string) {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  return { kid, privateKey, jwk: { ...publicKey.export({ format: "jwk" }), kid } };
}

export function signatureOf(envelope: Json, sender: string, { kid, privateKey }: { kid: string; privateKey: KeyObject }): string {
  const created = Math.floor(Date.now() / 1000);
  const expires = created + 300;
  const text = `(created): ${created}\n(expires): ${expires}\ndigest: SHA-256=${digestOf(envelope)}`;
  const signature = sign(null, Buffer.from(text), privateKey).toString("base64");
  return `Signature: namespace="spdci", kidId="${sender}|${kid}|ed25519", algorithm="ed25519", created="${created}", expires="${expires}", headers="(created) (expires) digest", signature="${signature}"`;
}

/** Is an answer of the hub signed by the key it publishes? */
export async function isSigned(hub: Hub, envelope: Json): Promise<boolean> {
  const { keys } = (await (await fetch(`${hub.gatewayUrl}/registry/.well-known/jwks.json`)).json()) as Json;
  const part = Object.fromEntries([...String(envelope["signature"]).matchAll(/(\w+)="([^"]*)"/g)].map(([, k, v]) => [k, v]));
  const key = createPublicKey({ key: keys[0], format: "jwk" });
  const text = `(created): ${part["created"]}\n(expires): ${part["expires"]}\ndigest: SHA-256=${digestOf(envelope)}`;
  return (
    part["kidId"].split("|")[1] === keys[0].kid && verify(null, Buffer.from(text), key, Buffer.from(part["signature"], "base64"))
  );
}

export const byId = (type: string, value: string): Json => ({ query_type: "idtype-value", query: { type, value } });
export const byExpression = (collection: string, query: Json): Json => ({
  query_type: "expression",
  query: { type: "ns:org:QueryType:expression", value: { expression: { collection, query } } },
});
export const item = (search_criteria: Json, more: Json = {}): Json => ({
  reference_id: randomUUID(),
  timestamp: new Date().toISOString(),
  search_criteria,
  ...more,
});

export function envelopeOf(sender: string, message: Json, header: Json = {}): Json {
  return {
    signature: "unsigned-stub",
    header: {
      version: "1.0.0",
      message_id: randomUUID(),
      message_ts: new Date().toISOString(),
      action: "search",
      sender_id: sender,
      receiver_id: "dtks-hub",
      total_count: message["search_request"]?.length ?? 1,
      ...header,
    },
    message: { transaction_id: randomUUID(), ...message },
  };
}

export interface Heard {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Json;
  /** Elements of `search_response`. */
  readonly items: readonly Json[];
}

/** Sends an envelope as it is. */
export async function post(
  hub: Hub,
  path: string,
  { client, body, headers }: { client: string | null; body: unknown; headers?: Json },
): Promise<Heard> {
  const answer = await fetch(new URL(`/registry/${path}`, hub.gatewayUrl), {
    method: "POST",
    headers: {
      ...(client !== null && { authorization: `Bearer ${await hub.tokenOf(client)}` }),
      "content-type": "application/json",
      ...headers,
    },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  const told = JSON.parse(await answer.text());
  return { status: answer.status, headers: answer.headers, body: told, items: told.message?.search_response ?? [] };
}

/** A search of one registry by a client under its own name, unsigned. */
export const search = (hub: Hub, registry: "sr" | "ibr", client: string, ...criteria: readonly Json[]): Promise<Heard> =>
  post(hub, `${registry}/registry/sync/search`, {
    client,
    body: envelopeOf(client, { search_request: criteria.map((one) => item(one)) }),
  });
