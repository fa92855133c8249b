import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Answer, type Listening, serve } from "../../../cli/record/server.ts";
import { PublicLog } from "../../../console/log/publicLog.ts";

const asked: string[] = [];
const TILE = new Uint8Array(32).fill(7);
const PAGES: Readonly<Record<string, Answer>> = {
  "/checkpoint": { status: 200, type: "text/plain", body: "hub.example/record\n", cache: "no-cache" },
  "/tile/0/000.p/1": { status: 200, type: "application/octet-stream", body: TILE, cache: "public, max-age=31536000, immutable" },
};
let log: Listening;
beforeAll(async () => {
  const answer = async ({ url = "" }) => {
    asked.push(url);
    return PAGES[url] ?? { status: 404 };
  };
  log = await serve(answer, { host: "127.0.0.1", port: 0, movedBy: "nothing", onError: () => {} });
});
afterAll(() => log.close());

const get = (url: string, method = "GET") => new PublicLog(log.url).answer({ url, method });

test("checkpoint and tiles of the log are there at the hub's own address, bytes as the log has them", async () => {
  const { status, body } = await get("/checkpoint");
  expect([status, Buffer.from(body as Uint8Array).toString()]).toEqual([200, "hub.example/record\n"]);
  const tile = await get("/tile/0/000.p/1?fresh");
  expect([tile.body, tile.headers["cache-control"]]).toEqual([TILE, "public, max-age=31536000, immutable"]);
  expect((await get("/tile/0/001")).status).toBe(404);
});

test("nothing else of the log's host is passed on, and nobody is led elsewhere by the path", async () => {
  asked.length = 0;
  for (const url of [
    "/metrics",
    "/tile/entries/000",
    "/tile/0/../../metrics",
    "/tile/0/000%2f..",
    "//other.example/checkpoint",
    "/tile/0/0",
  ])
    expect([url, (await get(url)).status]).toEqual([url, url.startsWith("//") ? 200 : 404]);
  expect((await get("/checkpoint", "POST")).status).toBe(404);
  expect(asked).toEqual(["/checkpoint"]); // a host in the path is not looked at
});

test("a log that is away is an outage, not a record without a checkpoint", async () => {
  expect((await new PublicLog("http://127.0.0.1:1").answer({ url: "/checkpoint", method: "GET" })).status).toBe(503);
});

describe("T49 a log that is ill", () => {
  const held: ServerResponse[] = [];
  const ill = createServer((request, response) => {
    if (request.url === "/checkpoint") return void held.push(response);
    response.writeHead(200, { "content-length": "1000" });
    response.write("half", () => response.destroy());
  });
  let url = "";
  beforeAll(async () => {
    await new Promise<void>((resolve) => ill.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(ill.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    ill.closeAllConnections();
    ill.close();
  });

  test("and hangs holds 32 at most: whoever comes then is told at once, and is served again when it answers", async () => {
    const publicLog = new PublicLog(url);
    const ask = () => publicLog.answer({ url: "/checkpoint", method: "GET" });
    const waiting = Array.from({ length: 32 }, ask);
    await expect.poll(() => held.length).toBe(32);
    expect((await ask()).status).toBe(503);
    expect(held).toHaveLength(32);
    for (const response of held.splice(0)) response.end("note");
    expect(new Set((await Promise.all(waiting)).map(({ status }) => status))).toEqual(new Set([200]));
    const later = ask();
    await expect.poll(() => held.length).toBe(1);
    for (const response of held.splice(0)) response.end("note");
    expect((await later).status).toBe(200);
  });

  test("and cuts a body off is an outage, not a fault of the page", async () => {
    expect((await new PublicLog(url).answer({ url: "/tile/0/000", method: "GET" })).status).toBe(503);
  });
});
