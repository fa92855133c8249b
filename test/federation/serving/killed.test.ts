import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { askForToken } from "../../../cli/run/issuer.ts";
import { type rawClient, SLICES } from "../../../drizzle/client.ts";
import { urlsFor } from "../../../drizzle/cluster.ts";
import type { MadeHousehold } from "../../../drizzle/synthetic/model.ts";
import { loadRegions } from "../../../drizzle/synthetic/regions.ts";
import { DEFAULT_SEED, makeHouseholds } from "../../../drizzle/synthetic/seed.ts";
import { devClientSecret } from "../../../schema/devClients.ts";
import { asRole, useDatabases } from "../../kit/database.ts";
import { freePorts } from "../../kit/vitest/ports.ts";

// The whole hub as `npm start` runs it, embedded PostgreSQL included, ended by kill -9 wherever it hurts and started again.

const HOUSEHOLDS = 1100; // the seed speaks after each thousand: it can be met half-way
const FEW_SECONDS = 20_000;
const folder = mkdtempSync(join(tmpdir(), "hub-killed-"));
const cluster = join(folder, "pg18");
const isExternal = process.env["HUB_TEST_DATABASE_URL"] !== undefined;

const started: ChildProcess[] = [];
/** Ports stay the same for all starts: a hub that was killed must not hold them. */
const settings = (async () => {
  const names = ["HUB_PORT", ...SLICES.map((slice) => `HUB_PORT_${slice.toUpperCase()}`), "HUB_ISSUER_PORT", "HUB_LOG_PORT"];
  const ports = await freePorts(names.length);
  const { HUB_DATABASE_URL: _, ...env } = process.env;
  return {
    ...env,
    HUB_ENV: "dev",
    HUB_DATA_DIR: folder,
    HUB_PG_DIR: cluster,
    HUB_PG_PORT: "0",
    ...Object.fromEntries(names.map((name, at) => [name, String(ports[at])])),
  } as Record<string, string>;
})();

interface Run {
  readonly child: ChildProcess;
  readonly ended: Promise<{ code: number | null; signal: string | null }>;
  notes(): string;
  /** Its address, once it is up. */
  readonly up: Promise<string>;
}

async function start(...argv: string[]): Promise<Run> {
  const child = spawn(process.execPath, ["cli/hub.js", "start", "--json", ...argv], {
    cwd: fileURLToPath(new URL("../../..", import.meta.url)),
    env: await settings,
    stdio: ["ignore", "pipe", "pipe"],
  });
  started.push(child);
  let [said, noted] = ["", ""];
  child.stderr?.on("data", (text) => (noted += text));
  const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) =>
    child.once("exit", (code, signal) => resolve({ code, signal })),
  );
  const up = new Promise<string>((resolve, reject) => {
    child.stdout?.on("data", (text) => {
      said += text;
      const [first, ...rest] = said.split("\n"); // a log may follow
      if (rest.length > 0) resolve(JSON.parse(first ?? "").gateway);
    });
    void ended.then(() => reject(new Error(`the hub ended before it was up: ${noted}`)));
  });
  up.catch(() => {}); // whoever waits for it is told
  return { child, ended, up, notes: () => noted };
}

async function until(what: string, holds: () => boolean): Promise<void> {
  const deadline = Date.now() + FEW_SECONDS;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`waited in vain for: ${what}`);
    await sleep(2);
  }
}

async function kill(run: Run): Promise<void> {
  run.child.kill("SIGKILL");
  expect(await run.ended, run.notes()).toEqual({ code: null, signal: "SIGKILL" });
}

const postmaster = (): number => Number(readFileSync(join(cluster, "postmaster.pid"), "utf8").split("\n")[0]);

/** Asks as the ministry, and returns the ids of the answered request and of the households it named. */
async function ask(gateway: string): Promise<{ requestId: string; households: string[] }> {
  const issuer = `http://127.0.0.1:${(await settings)["HUB_ISSUER_PORT"]}`;
  const token = await askForToken(issuer, { id: "kemensos", secret: devClientSecret("kemensos") });
  const requestId = `killed-${Math.random().toString(36).slice(2)}`;
  const response = await fetch(`${gateway}/graphql`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${"access_token" in token ? token.access_token : ""}`,
      "content-type": "application/json",
      "x-request-id": requestId,
    },
    body: JSON.stringify({ query: "{ households(first: 20) { nodes { id members { person { nik } } } } }" }),
  });
  const { data, errors } = (await response.json()) as { data: any; errors?: unknown };
  expect(errors).toBeUndefined();
  return { requestId, households: data.households.nodes.map(({ id }: { id: string }) => id) };
}

/** A question to the embedded databases, as owner of the slice's tables. */
async function lookInto(slice: (typeof SLICES)[number], question: string): Promise<Record<string, unknown>[]> {
  const secret = readFileSync(join(cluster, "hub.secret"), "utf8").trim();
  const port = readFileSync(join(cluster, "postmaster.pid"), "utf8").split("\n")[3];
  const urls = urlsFor({ adminUrl: `postgres://postgres:${secret}@127.0.0.1:${port}/postgres`, secret });
  return asRole(urls[slice].owner, async (client) => [...(await client.unsafe(question))]);
}

const idsIn = async (slice: (typeof SLICES)[number], table: string): Promise<string[]> =>
  (await lookInto(slice, `select id::text from ${table} order by id::text`)).map((row) => String(row["id"]));
const idsOf = (rows: readonly { readonly id: string }[]): string[] => rows.map(({ id }) => id).sort();

afterAll(() => {
  for (const child of started) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
});

if (isExternal) process.stderr.write("killed.test.ts is about the embedded PostgreSQL: skipped, HUB_TEST_DATABASE_URL is set\n");

describe.skipIf(isExternal)("the whole hub, killed with SIGKILL", () => {
  const ready = useDatabases(); // governance as it is where nothing was ever killed
  const answered: string[] = [];

  test.each<[string, (run: Run) => Promise<void>]>([
    [
      "as PostgreSQL makes its folder",
      () => until("initdb", () => readdirSync(folder).some((name) => name.startsWith("pg18.init-"))),
    ],
    ["as PostgreSQL starts", () => until("a postmaster", () => existsSync(join(cluster, "postmaster.pid")))],
    ["as tables are made", (run) => until("a server", () => run.notes().includes("embedded in")).then(() => sleep(250))],
    ["as the population is made", (run) => until("households", () => run.notes().includes(`of ${HOUSEHOLDS} households`))],
    [
      "as it is loaded",
      (run) => until("households", () => run.notes().includes(`of ${HOUSEHOLDS} households`)).then(() => sleep(150)),
    ],
  ])("%s, comes back", async (_, moment) => {
    const run = await start("--households", String(HOUSEHOLDS));
    await moment(run);
    await kill(run);
  });

  test("while it serves, comes back", async () => {
    const run = await start("--households", String(HOUSEHOLDS));
    answered.push((await ask(await run.up)).requestId);
    const underWay = Array.from({ length: 5 }, async () => ask(await run.up).catch(() => undefined));
    await kill(run);
    for (const answer of await Promise.all(underWay)) if (answer) answered.push(answer.requestId);
  });

  test("with PostgreSQL killed before it, comes back", async () => {
    const run = await start();
    answered.push((await ask(await run.up)).requestId);
    process.kill(postmaster(), "SIGKILL");
    await sleep(100);
    expect(run.child.exitCode, run.notes()).toBeNull();
    await kill(run);
    expect(existsSync(join(cluster, "postmaster.pid"))).toBe(true);
  });

  test("answers in the end, with everything loaded exactly once and every answer on record", async () => {
    const run = await start();
    const last = await ask(await run.up);
    expect(run.notes()).toContain(`${HOUSEHOLDS} households`);
    expect(run.notes()).toContain("as loaded before");
    expect(last.households).toHaveLength(20);
    answered.push(last.requestId);

    const made: MadeHousehold[] = [...makeHouseholds(await loadRegions(), { seed: DEFAULT_SEED, households: HOUSEHOLDS })];
    const families = made.flatMap((household) => household.families);
    const members = families.flatMap((family) => family.members);
    const enrolments = made.flatMap((household) => household.enrolments);
    expect(await idsIn("welfare", "welfare.household")).toEqual(idsOf(made));
    expect(await idsIn("welfare", "welfare.family")).toEqual(idsOf(families));
    expect(await idsIn("welfare", "welfare.member")).toEqual(idsOf(members));
    expect(await idsIn("population", "population.family_card")).toEqual(idsOf(families.map(({ card }) => card)));
    expect(await idsIn("population", "population.person")).toEqual(idsOf(members.map(({ person }) => person)));
    expect(await idsIn("programs", "programs.enrolment")).toEqual(idsOf(enrolments));
    expect(await idsIn("programs", "programs.payment_period")).toEqual(idsOf(enrolments.flatMap(({ payments }) => payments)));
    for (const slice of ["population", "welfare", "programs"] as const)
      expect(await lookInto(slice, `select batch, households, persons from ${slice}.synthetic_seed`)).toEqual([
        { batch: 1, households: HOUSEHOLDS, persons: members.length },
      ]);

    const policy = [
      ...["agency", "client", "steward", "steward_key", "purpose", "class_ceiling", "supergraph", "coordinate", "agreement"],
      ...["agreement_version", "grant_row", "resolved_coordinate", "approval", "decision_table"],
    ];
    const count = `select ${policy.map((table) => `(select count(*)::int from governance.${table}) as ${table}`).join(", ")}`;
    const [expected] = await asRole(ready.urls.governance.owner, (client: ReturnType<typeof rawClient>) => client.unsafe(count));
    expect((await lookInto("governance", count))[0]).toEqual({ ...expected });
    const recorded = (await lookInto("governance", "select body::json ->> 'requestId' as id from governance.entry")).map(
      ({ id }) => id,
    );
    expect(answered.filter((id) => !recorded.includes(id))).toEqual([]);

    run.child.kill("SIGINT");
    expect(await run.ended, run.notes()).toEqual({ code: 0, signal: null });
    expect(existsSync(join(cluster, "postmaster.pid"))).toBe(false);
    expect(readdirSync(folder).filter((name) => name.startsWith("pg18.init-"))).toEqual([]);
  });
});
