import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { rawClient } from "../../../drizzle/client.ts";
import { devEnvelopeSecret } from "../../../schema/caller.ts";
import { banyuwangi } from "../../../subgraphs/banyuwangi/index.ts";
import { createLog } from "../../../subgraphs/kit/serve/log.ts";
import { useHub } from "../../kit/hub.ts";
import { type BrokenSource, brokenSource } from "../../kit/machines/brokenSource.ts";
import { siti } from "../../kit/people.ts";
import { freePorts } from "../../kit/vitest/ports.ts";
import { follow } from "../../subgraphs/aid/events/kit.ts";
import { put, reloadFiles } from "./reloadKit.ts";

// A gateway in a process of its own is told to stop, as an orchestrator tells it, in the middle of its work.

const hub = useHub();
const files = reloadFiles("");
const WAIT = { timeout: 60_000, interval: 20 };
/** Longer than it takes to notice anything, so that what is held is under way meanwhile. */
const HELD_MS = 2_000;
const slow = new Map<string, BrokenSource>();
const started: ChildProcess[] = [];
let owner: ReturnType<typeof rawClient>;
beforeAll(async () => {
  owner = rawClient(hub.urls.governance.owner, { max: 1 });
  for (const name of ["population", "governance"])
    slow.set(name, await brokenSource({ proxyTo: hub.slices.get(name)?.url ?? "" }));
});
afterEach(() => {
  for (const child of started.splice(0)) child.kill("SIGKILL");
});
afterAll(async () => {
  await Promise.all([...slow.values()].map((source) => source.close()));
  await owner?.end();
  rmSync(files.folder, { recursive: true, force: true });
});
const delay = (afterMs: number) => {
  for (const [name, source] of slow) source.behave({ proxyTo: hub.slices.get(name)?.url ?? "", afterMs });
};
const callsOf = (name: string): number => slow.get(name)?.calls ?? 0;

async function gateway(more: Readonly<Record<string, string>>) {
  const urls = [...hub.slices].map(([name, { url }]) => [`HUB_SUBGRAPH_URL_${name.toUpperCase()}`, slow.get(name)?.url ?? url]);
  const [, claims = ""] = (await hub.tokenOf("kemensos")).split(".");
  const env = {
    ...process.env,
    ...{ HUB_ENV: "dev", HUB_PORT: String((await freePorts(1))[0]), HUB_LOG_LEVEL: "warn", HUB_SUBGRAPH_TIMEOUT_MS: "14000" },
    HUB_OIDC_ISSUER: JSON.parse(Buffer.from(claims, "base64url").toString()).iss,
    HUB_DATABASE_URL_GATEWAY: hub.urls.gateway,
    HUB_DATABASE_URL_RECORD: hub.urls.record,
    ...Object.fromEntries(urls),
    ...more,
  };
  const cwd = fileURLToPath(new URL("../../..", import.meta.url));
  const child = spawn(process.execPath, ["cli/hub.js", "gateway"], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  started.push(child);
  const said = { text: "" };
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (text) => {
      said.text += text;
    });
  const exit = once(child, "exit").then(([code]) => code as number | null);
  await expect.poll(() => child.exitCode !== null || / listens on /.test(said.text), WAIT).toBe(true);
  const url = / listens on (\S+)/.exec(said.text)?.[1] ?? "";
  await expect.poll(async () => (await fetch(`${url}/ready`)).status, WAIT).toBe(200);
  return { child, url, said, exit };
}

const ask = async (url: string, client: string, query: string) => {
  const headers = { authorization: `Bearer ${await hub.tokenOf(client)}`, "content-type": "application/json" };
  const response = await fetch(`${url}/graphql`, { method: "POST", headers, body: JSON.stringify({ query }) });
  const { data, errors, extensions } = (await response.json()) as any;
  const { status, headers: told } = response;
  return { status, connection: told.get("connection"), data, errors, receipt: extensions?.governance?.receipt?.id };
};
const PERSON = `{ person(id: "${siti.id}") { id fullName } }`;
const SUSPEND = `mutation { suspendVersion(agreement: "PKS-2025-003", version: 1, reason: INCIDENT, note: "Sebelum berhenti") { state } }`;
const STATISTICS = "{ registryStatistics { households } }";

describe("SIGTERM", () => {
  test("ends a gateway with 0 once a question and a mutation under way are answered and on record; until balancers notice it still answers", async () => {
    const { child, url, exit } = await gateway({ HUB_DRAIN_GRACE_MS: "1000" });
    const feed = await follow(new URL("/events", url), { authorization: `Bearer ${await hub.tokenOf("dinsos-banyuwangi")}` });
    await feed.opened();
    await ask(url, "kemensos", PERSON);
    delay(HELD_MS);
    const before = [callsOf("population"), callsOf("governance")];
    const held = [ask(url, "kemensos", PERSON), ask(url, "steward.kemensos", SUSPEND)];
    await expect
      .poll(() => callsOf("population") > (before[0] ?? 0) && callsOf("governance") > (before[1] ?? 0), WAIT)
      .toBe(true);
    child.kill("SIGTERM");
    await expect.poll(async () => (await fetch(`${url}/ready`)).status, WAIT).toBe(503);
    expect(await (await fetch(`${url}/ready`)).json()).toMatchObject({ missing: ["draining"] });
    expect(await ask(url, "kemensos", STATISTICS)).toMatchObject({ status: 200, errors: undefined, connection: "close" });
    const refused = () =>
      fetch(`${url}/health`).then(
        () => false,
        () => true,
      );
    await expect.poll(refused, WAIT).toBe(true);
    const [question, mutation] = await Promise.all(held);
    expect(question).toMatchObject({ status: 200, data: { person: { fullName: siti.fullName.toUpperCase() } } });
    expect(mutation).toMatchObject({ status: 200, errors: undefined, data: { suspendVersion: { state: "SUSPENDED" } } });
    expect(await exit).toBe(0);
    const rows = await owner`select 1 from governance.entry where request_id in (${question?.receipt}, ${mutation?.receipt})`;
    expect(rows).toHaveLength(2);
    await feed.ended;
    expect(feed.text).not.toContain("event: closed"); // an ordinary end, after which every client comes back by itself
    expect(feed.text).toContain("retry: ");
  }, 120_000);

  test("a second one ends it at once, whatever is under way; SIGHUP does not, and names what only a restart takes over", async () => {
    const key = `${files.supergraph}-pseudonyms`;
    put(key, "p".repeat(40));
    const { child, url, said, exit } = await gateway({ HUB_PSEUDONYM_KEY_FILE: key });
    put(key, "q".repeat(40));
    child.kill("SIGHUP");
    await expect.poll(() => /"settings":\["HUB_PSEUDONYM_KEY"\].*restart/.test(said.text), WAIT).toBe(true);
    expect(said.text).not.toContain("qqqq");
    delay(600_000);
    const before = callsOf("population");
    const held = ask(url, "kemensos", PERSON).catch(() => "cut");
    await expect.poll(() => callsOf("population"), WAIT).toBeGreaterThan(before);
    child.kill("SIGTERM");
    await expect.poll(async () => (await fetch(`${url}/ready`).catch(() => null))?.status ?? 503, WAIT).toBe(503);
    child.kill("SIGTERM");
    expect(await exit).toBe(1);
    expect(await held).toBe("cut");
  }, 120_000);
});

test("a subgraph that is to end is unhealthy at once and still answers, each answer the last of its connection; then it is gone", async () => {
  const slice = await banyuwangi.start({
    ...{
      databaseUrl: hub.urls.banyuwangi.runtime,
      envelopeSecret: devEnvelopeSecret("banyuwangi"),
      port: 0,
      drainGraceMs: 1_000,
    },
    log: createLog({ name: "banyuwangi", level: "silent" }),
  });
  const health = () => fetch(slice.url.replace("/graphql", "/health"));
  expect((await health()).status).toBe(200);
  const closing = slice.close();
  const draining = await health();
  expect([draining.status, draining.headers.get("connection")]).toEqual([503, "close"]);
  expect((await fetch(slice.url, { method: "POST", body: "{}" })).status).toBe(401); // heard, and refused for what it is
  await closing;
  await expect(health()).rejects.toThrow();
});
