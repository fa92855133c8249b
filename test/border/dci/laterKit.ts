import { randomUUID } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll } from "vitest";
import type { Hub } from "../../kit/hub.ts";

type Json = Record<string, any>;

/** A callback of the standard, as a partner got it. */
export interface Called extends Json {
  readonly path: string;
  readonly body: Json;
}

/** A partner's callbacks on this machine; `answer` says with which status the next ones are taken. */
export function useCallbacks() {
  const partner = { called: [] as Called[], answer: (_: Called): number => 200, base: "" };
  let server: Server;
  beforeAll(async () => {
    server = createServer(async (request, response) => {
      let text = "";
      for await (const piece of request) text += piece;
      const called = { path: String(request.url), body: JSON.parse(text) };
      const status = partner.answer(called);
      partner.called.push({ ...called, status });
      response.writeHead(status).end("{}");
    });
    await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
    partner.base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/spmis`;
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  });
  return partner;
}

const ASK = "mutation ($input: SubscribeToEventsInput!) { subscribeToEvents(input: $input) { id version format } }";
const APPROVE =
  "mutation ($id: ID!, $version: Int!) { approveEventSubscription(id: $id, version: $version) { state version format } }";

/** An address for callbacks that stewards of both sides have agreed on. */
export async function channelOf(hub: Hub, url: string): Promise<{ id: string; version: number }> {
  const input = { agreement: "PKS-2025-004", client: "dinsos-banyuwangi", url, format: "DCI" };
  const asked = await hub.as("steward.dinsos_banyuwangi").ask(ASK, { input });
  if (!asked.data?.["subscribeToEvents"]) throw new Error(asked.text);
  const { id, version } = asked.data["subscribeToEvents"];
  const approved = await hub.as("steward.kemensos").ask(APPROVE, { id, version });
  return { id, version: approved.data["approveEventSubscription"].version };
}

export interface Spoken {
  readonly status: number;
  readonly body: Json;
  readonly receipt: string | null;
}

/** A message of the standard by a client of the hub, unsigned. */
export async function speak(
  hub: Hub,
  path: string,
  { client = "dinsos-banyuwangi", message, ...header }: { client?: string; message: Json } & Json,
): Promise<Spoken> {
  const action = path.includes("txn/status") ? "txn-status" : path.split("/").at(-1);
  const envelope = {
    signature: "",
    header: {
      version: "1.0.0",
      message_id: randomUUID(),
      message_ts: new Date().toISOString(),
      action,
      sender_id: client,
      total_count: (message["search_request"] ?? message["subscribe_request"] ?? [1]).length,
      ...header,
    },
    message: { transaction_id: randomUUID(), ...message },
  };
  const answer = await fetch(new URL(`/registry/sr/registry/${path}`, hub.gatewayUrl), {
    method: "POST",
    headers: { authorization: `Bearer ${await hub.tokenOf(client)}`, "content-type": "application/json" },
    body: JSON.stringify(envelope),
  });
  return { status: answer.status, body: (await answer.json()) as Json, receipt: answer.headers.get("hub-receipt") };
}

/** A search of one household by its id. */
export const household = (id: string, reference = "satu"): Json => ({
  reference_id: reference,
  timestamp: new Date().toISOString(),
  search_criteria: { query_type: "idtype-value", query: { type: "HOUSEHOLD_ID", value: id } },
});

export const status = (of: "transaction_id" | "correlation_id", value: string, type = "search"): Json => ({
  txnstatus_request: { reference_id: "tanya", txn_type: type, attribute_type: of, attribute_value: value },
});

export const wish = (event: string, filter: unknown = {}, reference = "kabar"): Json => ({
  reference_id: reference,
  timestamp: new Date().toISOString(),
  subscribe_criteria: { reg_event_type: event, filter, notify_record_type: "Beneficiary" },
});
