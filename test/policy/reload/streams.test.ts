import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { devClients, type Issuer, startIssuer } from "../../../cli/run/issuer.ts";
import { rawClient } from "../../../drizzle/client.ts";
import { type Gateway, startGateway } from "../../../gateway/main.ts";
import { readConfig } from "../../../gateway/runtime/config.ts";
import type { StreamCall } from "../../../gateway/types/sources.ts";
import { Refusal } from "../../../schema/errors.ts";
import { useDatabases } from "../../kit/database.ts";

// Files and tables by way of the gateway, the source being a stand-in: what counts is the order of record, bytes and answer.

const databases = useDatabases();
const folder = mkdtempSync(join(tmpdir(), "hub-streams-"));
let issuer: Issuer;
let gateway: Gateway;
let owner: ReturnType<typeof rawClient>;
let source: (call: StreamCall) => AsyncIterable<unknown>;
/** Heads and how many bytes of each body the source was sent. */
const seen: { readonly name: string; bytes: number }[] = [];

beforeAll(async () => {
  issuer = await startIssuer({ port: 0, clients: devClients(), dataDir: folder });
  owner = rawClient(databases.urls.governance.owner, { max: 2 });
  const open = async (call: StreamCall) => {
    const one = { name: call.name, bytes: 0 };
    seen.push(one);
    for await (const piece of call.body ?? []) one.bytes += piece.length;
    return source(call);
  };
  gateway = await startGateway(
    readConfig({
      HUB_ENV: "dev",
      HUB_PORT: "0",
      HUB_LOG_LEVEL: "silent",
      HUB_OIDC_ISSUER: issuer.url,
      HUB_DATABASE_URL_GATEWAY: databases.urls.gateway,
      HUB_DATABASE_URL_RECORD: databases.urls.record,
    }),
    { streams: { open, close: async () => {} } },
  );
});
afterEach(() => {
  seen.length = 0;
});
afterAll(async () => {
  await gateway?.close();
  await issuer?.close();
  await owner?.end();
  rmSync(folder, { recursive: true, force: true });
});

const headers = async () => ({ authorization: `Bearer ${await issuer.token("kemensos")}`, "content-type": "text/csv" });
const send = async () =>
  fetch(`${gateway.url}/matching/jobs?source=DTKS`, { method: "POST", headers: await headers(), body: "NIK,Nama\n1,X\n" });
const codesIn = async (response: Response) =>
  ((await response.json()) as { errors: { extensions: { code: string } }[] }).errors.map(({ extensions }) => extensions.code);
const statuses = async () =>
  (await owner`select body from governance.entry order by id`).map(({ body }) => JSON.parse(body).status as string);

test("nothing of a file is read while its announcement is not durable", async () => {
  source = async function* () {
    yield { id: "j1", rows: 1, bytes: 13 };
  };
  await expect.poll(async () => (await send()).status, { timeout: 10_000 }).toBe(201); // policy is read, the issuer known
  seen.length = 0;
  const told = await owner.begin(async (tx) => {
    await tx`lock table governance.entry in access exclusive mode`;
    return send();
  });
  expect([told.status, await codesIn(told), seen]).toEqual([503, ["AUDIT_UNAVAILABLE"], []]);
  await expect.poll(async () => (await send()).status, { timeout: 10_000 }).toBe(201);
  expect(seen.at(-1)).toEqual({ name: "matchUpload", bytes: 13 });
});

test("a file that was sent whole and never answered may have become a job, and its client is told so", async () => {
  source = () => {
    throw new Refusal({ code: "SUBGRAPH_UNAVAILABLE", service: "population" });
  };
  const response = await send();
  expect([response.status, await codesIn(response)]).toEqual([500, ["OUTCOME_UNCONFIRMED"]]);
  expect((await statuses()).slice(-2)).toEqual(["INTENDED", "SUBGRAPH_UNAVAILABLE"]);
});

test("a file that the source refuses has not become one, and its client may mend it", async () => {
  source = () => {
    throw new Refusal({ code: "BAD_USER_INPUT", detail: "line 2 is cut" });
  };
  const response = await send();
  expect([response.status, await codesIn(response)]).toEqual([400, ["BAD_USER_INPUT"]]);
});

test("no part of a table leaves that is not on record: with the record away the connection is cut", async () => {
  const rows = (from: number) =>
    Array.from({ length: 1000 }, (_, n) => ({ line: from + n, row: `baris ${from + n}`, status: "NOT_FOUND" }));
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  source = async function* () {
    yield rows(0);
    await held;
    yield rows(1000);
  };
  const response = await fetch(`${gateway.url}/matching/jobs/7b1c1f52-3f0e-4b55-9d4e-2f1f3c0a9b11/results.csv`, {
    headers: await headers(),
  });
  const reader = response.body?.getReader();
  let text = "";
  const read = async () => {
    const { done, value } = (await reader?.read()) ?? { done: true };
    text += Buffer.from(value ?? []).toString();
    return done;
  };
  while (!text.includes("baris 999")) await read();
  await owner.begin(async (tx) => {
    await tx`lock table governance.entry in access exclusive mode`;
    release();
    await expect(
      (async () => {
        while (!(await read()));
      })(),
    ).rejects.toThrow();
  });
  expect(text).not.toContain("baris 1000,");
});
