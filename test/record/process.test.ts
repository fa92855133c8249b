import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { metricsText } from "../../cli/record/metrics.ts";
import { startLog } from "../../cli/record/process.ts";
import { createPush } from "../../cli/record/push.ts";
import { type Listening, logAnswers } from "../../cli/record/server.ts";
import { startWitness } from "../../cli/record/witness.ts";
import { newestCheckpoint } from "../../drizzle/record/reads.ts";
import { signerOf } from "../../schema/policy/keys.ts";
import { parseCheckpoint } from "../../schema/record/checkpoint.ts";
import { isSignedNote, noteKey } from "../../schema/record/note.ts";
import { rootOf } from "../../schema/record/tree.ts";
import { devYearKeys } from "../../schema/record/yearKeys.ts";
import { asServer, useDatabases } from "../kit/database.ts";
import { LOG, useLog } from "./logKit.ts";

const hub = useDatabases({ empty: true });
const log = useLog(hub);
const folder = mkdtempSync(join(tmpdir(), "hub-log-"));
const NAME = "witness.example/1";
let witness: Listening;
const refused: string[] = [];
const witnessOf = async (state: string) =>
  startWitness({
    log: LOG.key,
    state: join(folder, state),
    name: NAME,
    host: "127.0.0.1",
    port: 0,
    note: (text) => refused.push(text),
  });
const keyOf = (state: string) =>
  noteKey(signerOf(readFileSync(join(folder, `${state}.key`), "utf8"), "witness"), NAME, "COSIGNATURE");
beforeAll(async () => {
  witness = await witnessOf("one");
});
afterAll(async () => {
  await witness.close();
  rmSync(folder, { recursive: true, force: true });
});

test("the log process integrates by itself, has the state cosigned, and serves what anybody needs for a proof", async () => {
  const key = keyOf("one");
  const notes: string[] = [];
  const running = await startLog({
    host: "127.0.0.1",
    port: 0,
    by: LOG,
    witnesses: [{ url: witness.url, key }],
    recordKeys: devYearKeys(),
    webhook: null,
    databaseUrl: hub.urls.log ?? "",
    note: (text) => notes.push(text),
  });
  const get = (path: string) => fetch(`${running.url}${path}`);
  expect((await get("/checkpoint")).status).toBe(404);
  await log.write(300);
  await vi.waitFor(async () => expect((await get("/checkpoint")).status).toBe(200), { timeout: 20_000, interval: 100 });
  const response = await get("/checkpoint");
  const { size, root, note } = parseCheckpoint(await response.text());
  expect([size, isSignedNote(note, LOG.key), response.headers.get("content-type")]).toEqual([
    300,
    true,
    "text/plain; charset=utf-8",
  ]);
  const read = async (level: number, n: number) => {
    const width = Math.floor(300 / 256 ** level) - n * 256;
    const tile = await get(`/tile/${level}/00${n}${width < 256 ? `.p/${width}` : ""}`);
    return tile.status === 200 ? Buffer.from(await tile.arrayBuffer()) : null;
  };
  expect((await rootOf(300, read)).equals(root)).toBe(true);
  expect((await get("/tile/0/000")).headers.get("cache-control")).toContain("immutable");
  for (const path of [
    "/tile/0/001",
    "/tile/0/001.p/45",
    "/tile/entries/000",
    "/tile/9/000",
    "/",
    "/toString",
    "/tile/0/../checkpoint",
  ])
    expect((await get(path)).status, path).toBe(404);
  expect((await fetch(`${running.url}/checkpoint`, { method: "POST" })).status).toBe(405);
  expect((await get("/health")).status).toBe(200);
  const metrics = await (await get("/metrics")).text();
  expect(metrics).toContain("# TYPE hub_record_size gauge\nhub_record_size 300\n");
  expect(metrics).toContain("hub_record_integrated_total 300\n");
  await running.close();
  expect(notes).toEqual([]);
});

test("the tree grows on while its readers wait for somebody", async () => {
  let letGo = () => {};
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const reader = asServer(hub.urls.log ?? "", (sql) =>
    sql.begin(async (tx) => {
      await tx`lock table governance.record_cursor in exclusive mode`; // writes nothing: the tree waits for whoever does
      await held;
    }),
  );
  const options = { host: "127.0.0.1", port: 0, by: LOG, witnesses: [], recordKeys: devYearKeys(), webhook: null };
  const running = await startLog({ ...options, databaseUrl: hub.urls.log ?? "", note: () => {} });
  const told = async (name: string) => {
    const text = await (await fetch(`${running.url}/metrics`)).text();
    return Number(new RegExp(`^${name} (\\d+)$`, "m").exec(text)?.[1]);
  };
  try {
    const before = await told("hub_record_size");
    for (const more of [1, 2]) {
      await log.write(1);
      await vi.waitFor(async () => expect(await told("hub_record_size")).toBe(before + more), { timeout: 30_000, interval: 100 });
    }
    await vi.waitFor(
      async () => expect(await told('hub_record_unread\\{reader="accounting"\\}')).toBeGreaterThanOrEqual(2),
      30_000,
    );
  } finally {
    letGo();
    await reader;
    await running.close();
  }
});

test("a witness is shown each newer state, and its cosignature joins the note", async () => {
  const key = keyOf("one");
  const push = createPush(log.sql, { url: witness.url, key });
  for (const count of [1, 300]) {
    await log.write(count);
    await log.integrate();
    await push.push();
    const newest = await newestCheckpoint(log.sql);
    const { note, size } = parseCheckpoint(newest?.note ?? "");
    expect([size, isSignedNote(note, key), isSignedNote(note, LOG.key)]).toEqual([newest?.size, true, true]);
  }
  await push.push();
  const [row] = await log.sql`select count(*)::int as n from governance.cosignature where witness = ${NAME}`;
  expect(row?.["n"]).toBeGreaterThanOrEqual(2);
});

test("a log that forgot what the witness saw asks it, and goes on from there", async () => {
  const key = keyOf("one");
  await log.write(5);
  await log.integrate();
  await asServer(hub.urls.log ?? "", async (sql) => {
    await sql`set session_replication_role = replica`;
    await sql`delete from governance.cosignature`;
  });
  const push = createPush(log.sql, { url: witness.url, key });
  await push.push(); // 409: the witness says how far it is
  await push.push();
  const { note } = parseCheckpoint((await newestCheckpoint(log.sql))?.note ?? "");
  expect(isSignedNote(note, key)).toBe(true);
});

test("a witness that has seen more than the tree holds says that entries are lost", async () => {
  const key = keyOf("one");
  await asServer(hub.urls.log ?? "", (sql) =>
    sql
      .begin(async (tx) => {
        await tx`set local session_replication_role = replica`;
        await tx`delete from governance.cosignature`;
        await tx`delete from governance.checkpoint where size > 301`;
        const push = createPush(tx as never, { url: witness.url, key });
        await push.push().then(
          () => refused.push("no fault"),
          (error: Error) => refused.push(error.message),
        );
        throw new Error("undone");
      })
      .catch((error: Error) => expect(error.message).toBe("undone")),
  );
  expect(refused.at(-1)).toMatch(/has cosigned \d+ entries, and the tree has 301: entries are lost/);
});

test("a cosignature that is not the witness's own is not kept", async () => {
  const other = await witnessOf("two");
  await log.write(1);
  await log.integrate();
  const push = createPush(log.sql, { url: other.url, key: keyOf("one") });
  const [before] = await log.sql`select count(*)::int as n from governance.cosignature`;
  await push.push().catch(() => {}); // 409 first: this one has seen nothing
  await expect(push.push()).rejects.toThrow(`witness ${NAME} answered with a cosignature that is not its own`);
  const [after] = await log.sql`select count(*)::int as n from governance.cosignature`;
  expect(after?.["n"]).toBe(before?.["n"]);
  await other.close();
});

test("metrics are text that Prometheus reads, labels escaped", async () => {
  const samples = [{ labels: { kind: 'a "b"\n\\' }, value: 2 }, { value: 0.5 }];
  const text = await metricsText([async () => [{ name: "hub_x", help: "X.", type: "counter", samples }]]);
  expect(text).toBe('# HELP hub_x X.\n# TYPE hub_x counter\nhub_x{kind="a \\"b\\"\\n\\\\"} 2\nhub_x 0.5\n');
  const broken = logAnswers(log.sql, [() => Promise.reject(new Error("down"))]);
  await expect(broken("/metrics")).rejects.toThrow("down");
});
