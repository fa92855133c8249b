import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeAll, expect, test } from "vitest";
import { asRole } from "../../kit/database.ts";
import { useHub } from "../../kit/hub.ts";
import { release } from "../../subgraphs/statistics/intake/cellKit.ts";

// What strangers and accidents do to files of figures: half a file that looks whole, places held for ever, a record filled by polling.

const hub = useHub({ HUB_TRUST_PROXY: "true", HUB_SUBGRAPH_TIMEOUT_MS: "14000" });
const WHOLE = "/data/RESIDENTS.jsonl?from=2024-01&to=2026-09";

beforeAll(async () => {
  const months = ["2024", "2025", "2026"].flatMap((year) => Array.from({ length: 9 }, (_, n) => `${year}-0${n + 1}`)); // more than sockets hold
  const districts = Array.from({ length: 400 }, (_, n) => [`99${1000 + n}`, ["*", "*"], 70] as const);
  await release(hub.urls.statistics.owner, "RESIDENTS", Object.fromEntries(months.map((month) => [month, districts])));
});

const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});

interface Reading {
  readonly socket: Socket;
  readonly told: { readonly text: string; readonly error: string };
  readonly status: string | undefined;
}

/** A reader that takes the head of a file and pauses. */
async function reader(path: string, { version = "1.1", address = "10.1.1.1", tries = 10 } = {}): Promise<Reading> {
  const { hostname, port } = new URL(hub.gatewayUrl);
  const socket = connect(Number(port), hostname);
  sockets.push(socket);
  const told = { text: "", error: "" };
  socket.on("error", (error) => {
    told.error = (error as NodeJS.ErrnoException).code ?? "";
  });
  socket.on("data", (data) => {
    told.text += data;
  });
  socket.write(`GET ${path} HTTP/${version}\r\nhost: hub\r\nx-forwarded-for: ${address}\r\n\r\n`);
  await once(socket, "data");
  socket.pause();
  const status = told.text.split(" ")[1];
  if (status !== "503" || tries === 1) return { socket, told, status };
  await pause(500); // a hub whose database is slow for a moment says so
  return reader(path, { version, address, tries: tries - 1 });
}
const statusFor = async (address: string, tries = 10): Promise<number> => {
  const answer = await fetch(`${hub.gatewayUrl}/data/RESIDENTS.json?limit=1`, { headers: { "x-forwarded-for": address } });
  await answer.text();
  if (answer.status !== 503 || tries === 1) return answer.status;
  await pause(500);
  return statusFor(address, tries - 1);
};
const entries = async (): Promise<number> => {
  const [row] = await asRole(hub.urls.governance.owner, (sql) => sql`select count(*)::int as n from governance.entry`);
  return row?.["n"];
};

test.each(["1.0", "1.1"])(
  "half a file is none over HTTP/%s, which may have no other end than the connection's",
  async (version) => {
    const { socket, told, status } = await reader(WHOLE, { version });
    expect(status).toBe("200");
    await asRole(
      hub.urls.statistics.owner,
      (sql) => sql`update statistics.release set number = number + 1 where cube = 'RESIDENTS' and period = '2026-03'`,
    );
    const closed = new Promise((resolve) => socket.once("close", resolve));
    socket.resume();
    await closed;
    expect(told.error).toBe("ECONNRESET");
  },
);

test("a file that is whole ends over HTTP/1.0 as it should", async () => {
  const { socket, told } = await reader("/data/RESIDENTS.csv?region=991000&dimensions=", { version: "1.0" });
  socket.resume();
  await once(socket, "close");
  expect([told.error, told.text.split("\r\n\r\n")[1]?.split("\r\n").length]).toEqual(["", 3]);
});

test.each([
  ["an address", ["10.2.2.2", "10.2.2.2", "10.2.2.2", "10.2.2.2"], "10.2.2.2", "10.2.2.3"],
  [
    "a network that counts as one",
    ["2001:db8:1:2::1", "2001:db8:1:2::2", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2:0:0:0:1"],
    "2001:db8:1:2:ffff::1",
    "2001:db8:1:3::1",
  ],
])(
  "who holds the places of %s keeps them from no other",
  async (_, held, refused, open) => {
    const readers: Reading[] = [];
    for (const address of held) readers.push(await reader(WHOLE, { address }));
    expect(readers.map(({ status }) => status)).toEqual(held.map(() => "200"));
    const isFull = async () => {
      const status = await statusFor(refused);
      if (status !== 429) readers.push(await reader(WHOLE, { address: held[0] as string })); // one was broken off meanwhile: a release changed, a source was late
      return status;
    };
    await expect.poll(isFull, { timeout: 30_000 }).toBe(429);
    expect(await statusFor(open)).toBe(200);
    for (const { socket } of readers) socket.destroy();
    await expect.poll(() => statusFor(refused), { timeout: 10_000 }).toBe(200);
  },
  60_000,
);

test("who polls what has not changed, or the catalogue, fills no record: the one question behind it is asked once for all", async () => {
  const get = (path: string, headers = {}) => fetch(`${hub.gatewayUrl}${path}`, { headers });
  const etag = (await get("/data/RESIDENTS.json?limit=1")).headers.get("etag") as string;
  const isUnchanged = async () => (await get("/data/RESIDENTS.json?limit=1", { "if-none-match": etag })).status;
  await expect.poll(isUnchanged, { timeout: 15_000, interval: 500 }).toBe(304); // releases of a moment ago are heard of by then
  const before = await entries();
  const told = await Promise.all(
    Array.from({ length: 60 }, (_, n) => {
      if (n % 3 === 0) return get("/data.json");
      return n % 3 === 1 ? get("/data/tables/RESIDENTS.json") : get("/data/RESIDENTS.json?limit=1", { "if-none-match": etag });
    }),
  );
  expect([...new Set(told.map(({ status }) => status))].sort()).toEqual([200, 304]);
  expect((await entries()) - before).toBeLessThan(10);
}, 30_000);

test("open data are away with the portal's agreement, whatever was kept of them", async () => {
  expect((await fetch(`${hub.gatewayUrl}/data.json`)).status).toBe(200);
  await asRole(hub.urls.governance.owner, (sql) => sql`update governance.client set status = 'SUSPENDED' where id = 'publik'`);
  for (const path of ["/data.json", "/data/RESIDENTS.json?limit=1"])
    await expect.poll(async () => (await fetch(`${hub.gatewayUrl}${path}`)).status, { timeout: 5_000 }).toBe(403);
});
