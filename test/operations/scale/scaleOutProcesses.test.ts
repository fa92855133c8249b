import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { devClients, startIssuer } from "../../../cli/run/issuer.ts";
import { SLICES } from "../../../drizzle/client.ts";
import { asRole, useDatabases } from "../../kit/database.ts";
import { type Balancer, balanceConnections, balanceRequests } from "../../kit/machines/balancer.ts";
import { sitisHome } from "../../kit/people.ts";
import { renewWith } from "../../kit/policy.ts";
import { isNightly } from "../../kit/vitest/nightly.ts";
import { freePorts } from "../../kit/vitest/ports.ts";
import { type Answer, askAt, each, load } from "./scaleOutKit.ts";

// The same with real processes, as they run in production: three of `npx hub gateway`, two of each `npx hub subgraph`, kill -9 and SIGTERM.

if (!isNightly) process.stderr.write("scaleOutProcesses: left to the night (HUB_NIGHTLY=1)\n");

const root = fileURLToPath(new URL("../../..", import.meta.url));
const databases = useDatabases();
const folder = mkdtempSync(join(tmpdir(), "hub-fleet-"));
const balancers = new Map<string, Balancer>();
const gateways: Started[] = [];
const replicas = new Map<string, Started[]>();
let issuer: Awaited<ReturnType<typeof startIssuer>>;

const children: ChildProcess[] = [];
async function until(holds: () => Promise<boolean | undefined>): Promise<void> {
  for (const end = Date.now() + 120_000; !(await holds()); ) {
    if (Date.now() > end) throw new Error("waited in vain");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

interface Started {
  readonly url: string;
  readonly child: ChildProcess;
}

async function run(argv: readonly string[], env: Readonly<Record<string, string>>, url: string): Promise<Started> {
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("HUB_")));
  const child = spawn(process.execPath, ["cli/hub.js", ...argv], {
    cwd: root,
    env: { ...inherited, HUB_ENV: "dev", HUB_LOG_LEVEL: "warn", ...env },
    stdio: ["ignore", "inherit", "inherit"],
  });
  const isUp = async () => (await fetch(`${url}/health`).catch(() => null))?.ok;
  children.push(child);
  await until(isUp);
  return { url, child };
}

async function startSlice(slice: (typeof SLICES)[number]): Promise<void> {
  const started = (await freePorts(2)).map((port) =>
    run(
      ["subgraph", slice],
      {
        [`HUB_DATABASE_URL_${slice.toUpperCase()}`]: databases.urls[slice].runtime,
        HUB_EVIDENCE_URL: `file://${folder}/evidence/`,
        HUB_SUBGRAPH_PORT: String(port),
      },
      `http://127.0.0.1:${port}`,
    ),
  );
  const running = await Promise.all(started);
  replicas.set(slice, running);
  balancers.set(slice, await balanceConnections(running.map(({ url }) => url)));
}

async function startGateways(): Promise<void> {
  const addresses = SLICES.map((slice) => [`HUB_SUBGRAPH_URL_${slice.toUpperCase()}`, `${balancers.get(slice)?.url}/graphql`]);
  for (const port of await freePorts(3))
    gateways.push(
      await run(
        ["gateway"],
        {
          HUB_PORT: String(port),
          HUB_OIDC_ISSUER: issuer.url,
          HUB_DATABASE_URL_GATEWAY: databases.urls.gateway,
          HUB_DATABASE_URL_RECORD: databases.urls.record,
          ...Object.fromEntries(addresses),
        },
        `http://127.0.0.1:${port}`,
      ),
    );
  balancers.set("gateway", await balanceRequests(gateways.map(({ url }) => url)));
}

beforeAll(async () => {
  if (!isNightly) return;
  issuer = await startIssuer({ port: 0, host: "127.0.0.1", clients: devClients(), dataDir: folder });
  for (const slice of SLICES) await startSlice(slice);
  await startGateways();
  for (const { url } of gateways) await until(async () => (await fetch(`${url}/ready`)).ok);
}, 300_000);
afterAll(async () => {
  const alive = children.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null);
  await Promise.all(
    alive.map(async (child) => {
      const gone = once(child, "exit");
      child.kill("SIGTERM");
      await gone;
    }),
  );
  await Promise.all([...balancers.values()].map((balancer) => balancer.close()));
  await issuer?.close();
  rmSync(folder, { recursive: true, force: true });
}, 120_000);

const front = () => ({ gatewayUrl: String(balancers.get("gateway")?.url), tokenOf: (client: string) => issuer.token(client) });
const HOME = "query ($id: ID!) { household(id: $id) { id members { id person { id enrolments { id } } } } }";
const ask = () => askAt(front(), "dinsos-banyuwangi", { query: HOME, variables: { id: sitisHome.id } });
const broken = (answers: readonly Answer[]) =>
  answers.filter(({ status, codes, data }) => !(status === 200 && codes.length === 0 && data?.household));
const killed = async ({ child }: Started) => {
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
};

describe.skipIf(!isNightly)("three gateways and two of each subgraph, each a process", () => {
  test("share one exact quota", async () => {
    const rows = await asRole(
      databases.urls.population.owner,
      (sql) => sql`select nik::text as nik from population.person order by id limit 60`,
    );
    const before = Math.max(...(await versions()).map(Number));
    await renewWith(databases.urls.governance.owner, "PKS-2025-001", { quota: 40 });
    await expect.poll(versions, { timeout: 30_000 }).toEqual(Array(3).fill(before + 1));
    const query = "query ($nik: String!) { personByNik(nik: $nik) { id } }";
    const answers = await each(rows, 12, ({ nik }) =>
      askAt(front(), "kemensos", { query, variables: { nik: String(nik).padStart(16, "0") } }),
    );
    expect(answers.filter(({ codes }) => codes.length === 0)).toHaveLength(40);
    expect(answers.filter(({ codes }) => codes.includes("QUOTA_EXCEEDED"))).toHaveLength(20);
  });

  test("lose by kill -9 of a replica at most parts of what it was at, and nothing that is asked after it", async () => {
    const asking = load(6, ask);
    await asking.more(50);
    for (const name of ["welfare", "programs"]) {
      await killed(replicas.get(name)?.[0] ?? expect.fail("no replica"));
      const diedAt = performance.now();
      await asking.more(50);
      expect(broken(asking.answers).filter(({ at }) => at > diedAt)).toEqual([]);
    }
    for (const { status, codes } of broken(await asking.end())) {
      expect(status).toBe(200);
      expect(codes).toContain("SUBGRAPH_UNAVAILABLE");
    }
  });

  test("lose nothing by a gateway and a replica that are taken out and sent SIGTERM, which end with 0", async () => {
    const asking = load(6, ask);
    await asking.more(50);
    for (const [name, { url, child }] of [
      ["gateway", gateways[0]],
      ["population", replicas.get("population")?.[0]],
    ] as [string, Started][]) {
      await balancers.get(name)?.takeOut(url);
      const gone = once(child, "exit");
      child.kill("SIGTERM");
      expect((await gone)[0]).toBe(0);
      await asking.more(50);
    }
    expect(broken(await asking.end())).toEqual([]);
  });

  test("lose by kill -9 of a gateway what it was at, and nothing that is asked after it", async () => {
    const asking = load(6, ask);
    await asking.more(50);
    await killed(gateways[1] ?? expect.fail("no gateway"));
    const diedAt = performance.now();
    await asking.more(50);
    const failed = broken(await asking.end());
    expect(failed.filter(({ at }) => at > diedAt)).toEqual([]);
    expect(failed.length).toBeLessThanOrEqual(6);
  });
});

const versions = () =>
  Promise.all(
    gateways.map(async ({ url }) => (await askAt(front(), "kemensos", { at: url, query: "{ me { client } }" })).version),
  );
