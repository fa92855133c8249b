import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { rawClient } from "../../../drizzle/client.ts";
import { type Embedded, startEmbedded } from "../../../drizzle/embedded.ts";

const FAST = { fsync: "off", max_connections: 20, shared_buffers: "16MB" };
let folder: string;
let dataDir: string;
const up: Embedded[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hub-server-"));
  chmodSync(folder, 0o755); // as a checkout is: reachable by the server's own user
  dataDir = join(folder, "pg18");
});
afterEach(async () => {
  for (const server of up.splice(0)) await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function start(): Promise<Embedded> {
  const server = await startEmbedded({ dataDir, port: 0, flags: FAST });
  up.push(server);
  return server;
}
async function ask<T extends Record<string, unknown>>(url: string, text: string): Promise<T[]> {
  const client = rawClient(url, { max: 1 });
  try {
    return (await client.unsafe(text)) as unknown as T[];
  } finally {
    await client.end();
  }
}
const pidOf = () => Number(readFileSync(join(dataDir, "postmaster.pid"), "utf8").split("\n")[0]);

/** The supervisor in a process of its own, which can be killed. */
function startElsewhere(): { child: ChildProcess; url: Promise<string> } {
  const script = `import { startEmbedded } from ${JSON.stringify(new URL("../../../drizzle/embedded.ts", import.meta.url).href)};
    startEmbedded({ dataDir: ${JSON.stringify(dataDir)}, port: 0, flags: ${JSON.stringify(FAST)} }).then(({ url }) => { console.log(url); setInterval(() => {}, 1000); });`;
  const root = fileURLToPath(new URL("../../..", import.meta.url));
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script], {
    cwd: root,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const url = new Promise<string>((resolve, reject) => {
    child.stdout?.once("data", (bytes: Buffer) => resolve(String(bytes).trim()));
    child.once("exit", (code) => reject(new Error(`ended with ${code}`)));
  });
  return { child, url };
}
const ended = (child: ChildProcess) => new Promise((done) => child.once("exit", done));

describe("the embedded server", () => {
  test("starts cold, keeps its rows over a stop, and starts warm", async () => {
    const cold = await start();
    expect(cold).toMatchObject({ initialised: true, reused: false });
    const [server] = await ask<{ version: number; encoding: string; hosts: string }>(
      cold.url,
      "select current_setting('server_version_num')::int as version, current_setting('server_encoding') as encoding, current_setting('listen_addresses') as hosts",
    );
    expect(server).toMatchObject({ encoding: "UTF8", hosts: "127.0.0.1" });
    expect(server?.version).toBeGreaterThanOrEqual(180000);
    await ask(cold.url, "create table kept as select 1 as n");
    await up.pop()?.stop();
    const warm = await start();
    expect(warm).toMatchObject({ initialised: false, reused: false });
    expect(await ask(warm.url, "select n from kept")).toEqual([{ n: 1 }]);
  });

  test("lets nobody in without the password, and leaves no password file behind", async () => {
    const { url } = await start();
    const wrong = new URL(url);
    wrong.password = "wrong";
    await expect(ask(wrong.href, "select 1")).rejects.toMatchObject({ code: "28P01" });
    expect(readdirSync(folder).sort()).toEqual(["pg18", "pg18.log"]);
  });

  test("is joined by a second start, which does not stop it", async () => {
    const first = await start();
    const second = await startEmbedded({ dataDir, port: 0 });
    expect(second).toMatchObject({ url: first.url, reused: true, initialised: false });
    await second.stop();
    expect(await ask(first.url, "select 1 as n")).toEqual([{ n: 1 }]);
  });

  test("is one server when two start it at the same time", async () => {
    const [one, two] = await Promise.all([start(), start()]);
    expect(new URL(one.url).port).toBe(new URL(two.url).port);
    expect(await ask(two.url, "select 1 as n")).toEqual([{ n: 1 }]);
  });

  test("starts although a pid file names a living stranger", async () => {
    await start();
    const pidFile = readFileSync(join(dataDir, "postmaster.pid"), "utf8");
    await up.pop()?.stop();
    writeFileSync(join(dataDir, "postmaster.pid"), pidFile.replace(/^\d+/, String(process.pid)));
    const server = await start();
    expect(server.reused).toBe(false);
    expect(await ask(server.url, "select 1 as n")).toEqual([{ n: 1 }]);
  });

  test("takes no notice of an initdb that was killed", async () => {
    const leftover = `${dataDir}.init-999999999`;
    mkdirSync(leftover, { recursive: true });
    writeFileSync(join(leftover, "PG_VERSION"), "18\n");
    await start();
    expect(readdirSync(folder).sort()).toEqual(["pg18", "pg18.log"]);
  });

  test("killed outright, it comes back with every acknowledged row", async () => {
    const first = await start();
    await ask(first.url, "create table kept as select generate_series(1, 1000) as n");
    process.kill(pidOf(), "SIGKILL");
    up.pop();
    const second = await start();
    expect(await ask(second.url, "select count(*)::int as n from kept")).toEqual([{ n: 1000 }]);
  });

  test("goes with the process that started it, even one that was killed, and the next start finds all", async () => {
    const { child, url } = startElsewhere();
    await ask(await url, "create table kept as select 1 as n");
    child.kill("SIGKILL");
    await ended(child);
    const next = await start();
    expect(await ask(next.url, "select n from kept")).toEqual([{ n: 1 }]);
    up.push({ ...next, stop: async () => void (next.reused && process.kill(pidOf(), "SIGINT")) }); // under a namespace it outlives its starter
  });

  test("refuses a folder of another major version and says so", async () => {
    await start();
    await up.pop()?.stop();
    writeFileSync(join(dataDir, "PG_VERSION"), "17\n");
    await expect(start()).rejects.toThrow(/made by PostgreSQL 17/);
  });
});
