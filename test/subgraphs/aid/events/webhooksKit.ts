import { createPublicKey, verify } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll } from "vitest";
import { rawClient } from "../../../../drizzle/client.ts";
import type { Hub } from "../../../kit/hub.ts";

/** What a receiver got. */
export interface Got {
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
  readonly events: readonly { readonly id: string }[];
}

type Answer = [status: number, headers?: Record<string, string>];

/** A partner's receiver on this machine; `answer` says what it answers to the next messages. */
export function useReceiver() {
  const receiver = { got: [] as Got[], answer: (): Answer | Promise<Answer> => [204], url: "" };
  let server: Server;
  beforeAll(async () => {
    server = createServer(async (request, response) => {
      let body = "";
      for await (const piece of request) body += piece;
      receiver.got.push({ headers: request.headers, body, events: JSON.parse(body).data.events });
      const [status, headers] = await receiver.answer();
      response.writeHead(status, headers).end("thank you");
    });
    await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
    receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`;
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  });
  return receiver;
}

const silent: Server[] = [];
afterAll(() => {
  for (const server of silent) server.closeAllConnections();
  for (const server of silent) server.close();
});

/** Address of a receiver that takes everything and says nothing. */
export async function silentReceiver(): Promise<string> {
  const server = createServer(() => {});
  silent.push(server);
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`;
}

/** Standard Webhooks by its own words: Ed25519 over id, timestamp and body. */
export function isGenuine({ headers, body }: Got, whpk: string): boolean {
  const raw = Buffer.from(whpk.replace(/^whpk_/, ""), "base64");
  const key = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x: raw.toString("base64url") }, format: "jwk" });
  const [version, signature = ""] = String(headers["webhook-signature"]).split(",");
  const text = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`;
  return version === "v1a" && verify(null, Buffer.from(text), key, Buffer.from(signature, "base64"));
}

const ASK = `mutation ($input: SubscribeToEventsInput!) { subscribeToEvents(input: $input) { id version state } }`;
const APPROVE = `mutation ($id: ID!, $version: Int!) { approveEventSubscription(id: $id, version: $version) { state version } }`;

/** A webhook of Banyuwangi's social office, asked for, and approved by Kemensos unless told otherwise. */
export async function subscribed(
  hub: Hub,
  url: string,
  { isApproved = true, ...more }: { isApproved?: boolean; programs?: string[] } = {},
) {
  const input = { agreement: "PKS-2025-004", client: "dinsos-banyuwangi", url, ...more };
  const asked = await hub.as("steward.dinsos_banyuwangi").ask(ASK, { input });
  const made = asked.data?.["subscribeToEvents"];
  if (!made) throw new Error(asked.text);
  if (!isApproved) return made as { id: string; version: number };
  const approved = await hub.as("steward.kemensos").ask(APPROVE, { id: made.id, version: made.version });
  if (!approved.data?.["approveEventSubscription"]) throw new Error(approved.text);
  return { id: made.id as string, version: made.version + 1 };
}

const LIST = `{ eventSubscriptions(first: 100) { id state reason position attempts code version deadEvents { id after until code attempts state } } }`;

/** How a subscription stands, as its steward reads it. */
export async function standing(hub: Hub, id: string) {
  const { data, text } = await hub.as("steward.dinsos_banyuwangi").ask(LIST);
  const found = (data?.["eventSubscriptions"] ?? []).find((one: { id: string }) => one.id === id);
  if (!found) throw new Error(text);
  return found;
}

const REVOKE =
  'mutation ($id: ID!, $version: Int!) { revokeEventSubscription(id: $id, version: $version, reason: "the story is over") { state } }';

/** Ends every webhook there is, as the receiver's steward does. */
export async function revokeAll(hub: Hub): Promise<void> {
  const steward = hub.as("steward.dinsos_banyuwangi");
  const { data } = await steward.ask("{ eventSubscriptions(first: 100) { id version state } }");
  const alive = (data["eventSubscriptions"] as { id: string; version: number; state: string }[]).filter(
    ({ state }) => state !== "REVOKED",
  );
  for (const { id, version } of alive) await steward.ask(REVOKE, { id, version });
}

/** One question to governance's database as its owner. */
export async function governed<T>(hub: Hub, work: (sql: ReturnType<typeof rawClient>) => Promise<T>): Promise<T> {
  const sql = rawClient(hub.urls.governance.owner, { max: 1 });
  try {
    return await work(sql);
  } finally {
    await sql.end();
  }
}
