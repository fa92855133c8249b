import { type ClientRequest, request } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { refuse } from "../../../../gateway/receive/respond.ts";
import type { JobDoor } from "../../../../gateway/receive/routes/jobs.ts";
import { createServer } from "../../../../gateway/receive/server.ts";
import type { Incoming, Sending } from "../../../../gateway/types/chain.ts";

// Files on their way in, the rest of the gateway being a stand-in that reads them.

const DONE = { status: 200, headers: {}, body: '{"data":{"matchJob":{"id":"x"}}}' };
let begun = 0;
const jobs = {
  ask: async () => DONE,
  async upload(asked: Incoming, { file }: Sending) {
    try {
      for await (const _ of file) begun += 1;
      return DONE;
    } catch (error) {
      return refuse(error, asked);
    }
  },
} as unknown as JobDoor;
let app: ReturnType<typeof createServer>;
const open: ClientRequest[] = [];

async function serve(graceMs?: number): Promise<void> {
  begun = 0;
  const upload = { maxBytes: 1_000_000, idleMs: 10_000, ...(graceMs !== undefined && { graceMs }) };
  app = createServer({ answer: async () => DONE, unready: () => [], jobs, limits: { upload } });
  await app.listen({ host: "127.0.0.1", port: 0 });
}
afterEach(async () => {
  for (const one of open.splice(0)) one.destroy();
  await app.close();
});

const url = () => `http://127.0.0.1:${(app.server.address() as AddressInfo).port}/matching/jobs`;
const tokenOf = (client: string, person = client) =>
  `x.${Buffer.from(JSON.stringify({ client_id: client, sub: person })).toString("base64url")}.x`;

/** Begins a file; its end is up to the test. */
function begin(client: string, person?: string): { sending: ClientRequest; answered: Promise<[number | undefined, string]> } {
  const headers = { authorization: `Bearer ${tokenOf(client, person)}`, "content-type": "text/csv" };
  const sending = request(url(), { method: "POST", headers });
  open.push(sending);
  const answered = new Promise<[number | undefined, string]>((resolve) => {
    sending.on("error", () => {});
    sending.on("response", async (response) => {
      let text = "";
      for await (const piece of response) text += piece;
      resolve([response.statusCode, JSON.parse(text).errors?.[0]?.extensions.code]);
    });
  });
  sending.write("NIK,Nama\n");
  return { sending, answered };
}

test("a client sends four files at one time; a fifth waits its turn, and other clients do not", async () => {
  await serve();
  const four = [1, 2, 3, 4].map(() => begin("a"));
  await expect.poll(() => begun).toBe(4);
  expect(await begin("a").answered).toEqual([429, "QUOTA_EXCEEDED"]);
  const other = begin("b");
  await expect.poll(() => begun).toBe(5);
  other.sending.end();
  four[0]?.sending.end();
  expect([await other.answered, await four[0]?.answered]).toEqual([
    [200, undefined],
    [200, undefined],
  ]);
  const next = begin("a");
  next.sending.end();
  expect(await next.answered).toEqual([200, undefined]);
});

test("of the people of one portal none takes another's places", async () => {
  await serve();
  for (let file = 0; file < 4; file += 1) begin("portal", "person:1");
  await expect.poll(() => begun).toBe(4);
  expect(await begin("portal", "person:1").answered).toEqual([429, "QUOTA_EXCEEDED"]);
  const other = begin("portal", "person:2");
  other.sending.end();
  expect(await other.answered).toEqual([200, undefined]);
});

test("questions about jobs are answered while there is no room for another file", async () => {
  await serve();
  for (let client = 0; client < 25; client += 1) for (let file = 0; file < 4; file += 1) begin(`c${client}`);
  await expect.poll(() => begun).toBe(100);
  expect(await begin("late").answered).toEqual([503, "OVERLOADED"]);
  expect((await fetch(`${url()}/x`)).status).toBe(200);
  expect((await fetch(`${url()}/x`, { method: "DELETE" })).status).toBe(200);
});

test("a file that only trickles in is given up, however short its pauses", async () => {
  await serve(50);
  const { sending, answered } = begin("a");
  const trickle = setInterval(() => sending.write("x"), 10);
  expect(await answered.finally(() => clearInterval(trickle))).toEqual([408, "REQUEST_TIMEOUT"]);
});
