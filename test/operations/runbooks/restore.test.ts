import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { rawClient } from "../../../drizzle/client.ts";
import { hasPostgres, type MachineServer, startPostgres } from "../../kit/machines/machinePostgres.ts";
import { freePorts } from "../../kit/vitest/ports.ts";
import { follow, startHub, stepsOf } from "./runbookKit.ts";

// docs/operations/backup.md and restore.md, step by step, on the machine's own PostgreSQL.

const SECOND = 1000;
if (!hasPostgres) process.stderr.write("skipped: backup and restore need the tools of PostgreSQL 15 on this machine\n");

/** Transactions, as a server has that has been at work: restoring takes some of its own. */
const TRANSACTIONS = 20_000;
async function work(server: MachineServer | undefined): Promise<void> {
  const sql = rawClient(server?.url ?? "", { max: 1 });
  try {
    await sql
      .unsafe(`create temporary table done (n int); do $$ begin
      for n in 1..${TRANSACTIONS} loop begin insert into done values (n); exception when others then null; end; end loop; end $$`)
      .simple();
  } finally {
    await sql.end();
  }
}

const QUESTION = JSON.stringify({
  query: "{ households(first: 5) { nodes { id decileAtMost(n: 4) members { person { fullName } } } } }",
});

describe.skipIf(!hasPostgres)("a hub that lost its server", () => {
  const folder = mkdtempSync(join(tmpdir(), "hub-restore-"));
  const paths = { BACKUP: join(folder, "backup"), KEPT: join(folder, "checkpoint") };
  const servers: MachineServer[] = [];
  let ports: Record<string, string>;
  let hub: Awaited<ReturnType<typeof startHub>> | undefined;
  let [before, later] = ["", ""];

  const envOf = (server: MachineServer | undefined): Record<string, string> => ({
    ...{ HUB_ENV: "dev", HUB_DATA_DIR: join(folder, "data"), HUB_HOUSEHOLDS: "40", HUB_DATABASE_URL: server?.url ?? "" },
    ...ports,
  });
  const logUrl = () => `http://127.0.0.1:${ports["HUB_LOG_PORT"]}`;
  const ask = async (env: Record<string, string>) => {
    const { out: token } = await follow("npx hub token dinsos-banyuwangi", env);
    const response = await fetch(`http://127.0.0.1:${ports["HUB_PORT"]}/graphql`, {
      ...{ method: "POST", body: QUESTION },
      headers: { "content-type": "application/json", authorization: `Bearer ${token.trim()}` },
    });
    const { data, errors } = (await response.json()) as { data: unknown; errors?: unknown };
    return { status: response.status, data, errors };
  };
  const entriesIn = async (server: MachineServer) => {
    const sql = rawClient(server.url.replace(/postgres$/, "governance"), { max: 1 });
    try {
      const [row] = await sql<
        { entries: number; placed: number }[]
      >`select (select count(*)::int from governance.entry) as entries,
        (select count(*)::int from governance.tree_entry) as placed`;
      return row ?? { entries: 0, placed: 0 };
    } finally {
      await sql.end();
    }
  };
  const placedAll = async (server: MachineServer, atLeast: number) => {
    for (const until = Date.now() + 60 * SECOND; Date.now() < until; await sleep(200)) {
      const { entries, placed } = await entriesIn(server);
      if (entries === placed && placed >= atLeast) return placed;
    }
    return 0;
  };

  beforeAll(async () => {
    const names = ["", "_POPULATION", "_WELFARE", "_PROGRAMS", "_GOVERNANCE", "_BANYUWANGI", "_STATISTICS"].map(
      (name) => `HUB_PORT${name}`,
    );
    const free = await freePorts(names.length + 2);
    ports = Object.fromEntries([...names, "HUB_ISSUER_PORT", "HUB_LOG_PORT"].map((name, n) => [name, String(free[n])]));
    servers.push(await startPostgres());
    await work(servers[0]);
    hub = await startHub(envOf(servers[0]));
  });
  afterAll(async () => {
    await hub?.stop();
    for (const server of servers) server.destroy();
    rmSync(folder, { recursive: true, force: true });
  });

  test("was backed up while it worked: a checkpoint kept elsewhere, then dumps", async () => {
    const [old] = servers as [MachineServer];
    const { status, data } = await ask(envOf(old));
    expect(status).toBe(200);
    before = JSON.stringify(data);
    expect(before.length).toBeGreaterThan(200);
    expect(await placedAll(old, 2)).toBeGreaterThan(1);
    const env = { ...envOf(old), ...paths, ADMIN: old.url, HUB_LOG_URL: logUrl() };
    const steps = stepsOf("backup");
    expect(steps).toHaveLength(2);
    for (const step of steps) {
      expect(await follow(step, env)).toMatchObject({ code: 0 });
      const { placed } = await entriesIn(old);
      await ask(envOf(old));
      expect(await placedAll(old, placed + 1), "it works on, between the steps too").toBeGreaterThan(placed);
    }
    later = join(folder, "later");
    expect(await follow('curl --fail --silent "$HUB_LOG_URL/checkpoint" > "$KEPT"', { ...env, KEPT: later })).toMatchObject({
      code: 0,
    });
    expect(await hub?.stop()).toBe(0);
    hub = undefined;
    old.destroy();
    servers.length = 0;
  });

  test("is restored on a new one, step by step, and its record is as it was", async () => {
    const fresh = await startPostgres();
    servers.push(fresh);
    const env = { ...envOf(fresh), ...paths, ADMIN: fresh.url };
    const steps = stepsOf("restore");
    expect(steps).toHaveLength(6);
    const [whole = "", databases = "", migrate = "", goOn = "", verify = "", persons = ""] = steps;
    for (const step of [whole, databases, migrate]) expect(await follow(step, env)).toMatchObject({ code: 0 });
    const { out } = await follow(goOn, env);
    expect(out).toMatch(/the record goes on: numbers of transactions are raised by \d+/);
    expect(await follow(verify, env)).toMatchObject({ code: 0, out: expect.stringContaining("all as they were signed") });
    expect(await follow(persons, env)).toMatchObject({ code: 0 });
    const lost = await follow(verify, { ...env, KEPT: later });
    expect([lost.code, lost.out], "what was asked after the dump").toEqual([1, expect.stringContaining("TRUNCATED")]);
  });

  test("answers the same, and the record goes on from where it was", async () => {
    const [fresh] = servers as [MachineServer];
    const { placed } = await entriesIn(fresh);
    hub = await startHub(envOf(fresh));
    const { status, data } = await ask(envOf(fresh));
    expect([status, JSON.stringify(data)]).toEqual([200, before]);
    expect(await placedAll(fresh, placed + 2)).toBeGreaterThan(placed);
    expect(await follow("npx hub verify --checkpoint $KEPT", { ...envOf(fresh), ...paths })).toMatchObject({ code: 0 });
  });
});
