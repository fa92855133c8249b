import { beforeAll, expect, test } from "vitest";
import { asRole } from "../../kit/database.ts";
import { useHub } from "../../kit/hub.ts";
import { release } from "../../subgraphs/statistics/intake/cellKit.ts";
import { fieldsOf } from "../../unit/export/readBack.ts";

// Open figures for everybody, without credentials: asked in the public's name, under its own agreement and on record.

const hub = useHub();

beforeAll(async () => {
  const { owner } = hub.urls.statistics;
  const cells = ["351001", "351002"].map((region) => [region, ["PKH", "PAID"], 40, 60, 1_000_000] as const);
  await release(owner, "BUDGET", { "2026-10": [["0", ["PKH", "*"], 80, 120, 2_000_000], ...cells] });
  await release(owner, "COVERAGE", { "2026-10": [["0", ["PKH", "*", "ENTITLED_UNSERVED"], 50]] });
});

const get = (path: string, headers: Record<string, string> = {}) => fetch(`${hub.gatewayUrl}${path}`, { headers });

test("an open cube is a file for everybody, down to its deepest regions", async () => {
  const response = await get("/data/BUDGET.csv?filter.program=PKH&filter.disposition=PAID");
  const [head, ...lines] = await fieldsOf(Buffer.from(await response.arrayBuffer()));
  expect([response.status, response.headers.get("x-row-count"), response.headers.get("cache-control")]).toEqual([
    200,
    "2",
    "public, max-age=300",
  ]);
  expect(head?.slice(0, 4)).toEqual(["period", "region_code", "program", "disposition"]);
  expect(lines.map((line) => line.slice(1, 7))).toEqual([
    ["351001", "PKH", "PAID", "40", "60", "1000000"],
    ["351002", "PKH", "PAID", "40", "60", "1000000"],
  ]);
  const receipt = response.headers.get("x-receipt");
  const rows = await asRole(
    hub.urls.governance.owner,
    (sql) => sql`select body from governance.entry where request_id = ${receipt}`,
  );
  expect(JSON.parse(rows[0]?.["body"])).toMatchObject({ client: "publik", agreement: "PKS-2025-031" });
});

test("a partner's cube is no file for everybody, nor is anything that is none", async () => {
  for (const path of [
    "/data/COVERAGE.csv",
    "/data/SALARIES.csv",
    "/data/BUDGET.exe",
    "/data/BUDGET",
    "/data/..%2Fx.csv",
    "/data/BUDGET.csv?format=xlsx",
  ])
    expect([path, (await get(path)).status]).toEqual([path, 404]);
});

test("credentials make nothing more of it, and wrong ones nothing less", async () => {
  const token = await hub.tokenOf("kemensos");
  expect((await get("/data/COVERAGE.csv", { authorization: `Bearer ${token}` })).status).toBe(404);
  const told = await get("/data/BUDGET.json", { authorization: "Bearer nonsense", "hub-agreement": "PKS-2025-001" });
  expect(told.status).toBe(200);
});

test("what has not changed is not sent again; a new release has a new tag", async () => {
  const first = await get("/data/BUDGET.jsonl");
  const etag = first.headers.get("etag") as string;
  await first.text();
  for (const held of [etag, `W/${etag}`, `"other", W/${etag}`, "*"]) {
    const again = await get("/data/BUDGET.jsonl", { "if-none-match": held });
    expect([held, again.status, again.headers.get("etag"), await again.text()]).toEqual([held, 304, etag, ""]);
  }
  expect((await get("/data/BUDGET.jsonl", { "if-none-match": '"other"' })).status).toBe(200);
  await asRole(hub.urls.statistics.owner, (sql) => sql`update statistics.release set number = 2 where cube = 'BUDGET'`);
  const isAnew = async () => {
    const anew = await get("/data/BUDGET.jsonl", { "if-none-match": etag });
    await anew.text();
    return [anew.status, anew.headers.get("etag") === etag];
  };
  await expect.poll(isAnew, { timeout: 15_000, interval: 500 }).toEqual([200, false]); // what is open is asked every five seconds
}, 30_000);

test("a link checker's HEAD is told what a GET would be, without a body and without a question", async () => {
  const head = await fetch(`${hub.gatewayUrl}/data/BUDGET.csv`, { method: "HEAD" });
  const file = await get("/data/BUDGET.csv");
  const told = (one: Response) => ["etag", "content-type", "content-disposition"].map((name) => one.headers.get(name));
  expect([head.status, told(head), await head.text()]).toEqual([200, told(file), ""]);
  await file.text();
  expect(head.headers.get("content-length"), "which nobody knows yet").toBeNull();
  for (const [path, status] of [
    ["/data.json", 200],
    ["/data/tables/BUDGET.json", 200],
    ["/data/COVERAGE.csv", 404],
    ["/data/BUDGET.csv?where=1", 400],
  ] as const)
    expect([path, (await fetch(`${hub.gatewayUrl}${path}`, { method: "HEAD" })).status]).toEqual([path, status]);
});
