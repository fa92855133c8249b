import { type ChildProcess, spawn } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { readLogConfig } from "../../cli/record/settings.ts";
import { devClients, type Issuer, startIssuer } from "../../cli/run/issuer.ts";
import { rawClient } from "../../drizzle/client.ts";
import { type DatabaseUrls, migrateAll, prepareCluster } from "../../drizzle/cluster.ts";
import { startEmbedded } from "../../drizzle/embedded.ts";
import { databaseCopy } from "../../drizzle/record/copy.ts";
import { createIntegrator } from "../../drizzle/record/integrate.ts";
import { recordLag } from "../../drizzle/record/reads.ts";
import { seed } from "../../drizzle/synthetic/seed.ts";
import { devEnvelopeSecret } from "../../schema/caller.ts";
import { DEV_POLICY_SECRET } from "../../schema/policy/keys.ts";
import { faultLine } from "../../schema/record/verify/findings.ts";
import { verifyLog } from "../../schema/record/verify/verifyLog.ts";
import { devYearKeys } from "../../schema/record/yearKeys.ts";
import { createLog } from "../../subgraphs/kit/serve/log.ts";
import { subgraphs } from "../../subgraphs/main.ts";
import { devAttestationOf } from "../kit/attestation.ts";
import { freePorts } from "../kit/vitest/ports.ts";

// The promise of the record under kill -9: what a client has received is on record, whatever died when.

export interface Toll {
  readonly kills: { gateway: number; postgres: number };
  /** Answers with data that clients received whole. */
  readonly answers: number;
  /** Refusals they received, and questions that died. */
  readonly refusals: number;
  readonly deaths: number;
  /** Answers received without a receipt; receipts with no entry of that leaf; entries whose announcement is not there. */
  readonly unreceipted: number;
  readonly missing: readonly string[];
  readonly unannounced: readonly string[];
  /** What the verifier finds in all of it. */
  readonly faults: readonly string[];
}

export interface Receipt {
  readonly id: string;
  readonly leaf: string;
}

/**
 * Kills gateway and PostgreSQL in turn, SIGKILL each, while `clients` ask for personal data without a pause; starts what was killed again;
 * afterwards looks every answer up. A kill comes when everybody has had answers again, at a random moment.
 */
export async function underKills({ kills, clients }: { kills: number; clients: number }): Promise<Toll> {
  const closers: (() => unknown)[] = [];
  try {
    const world = await made(closers);
    const heard: Heard = { receipts: [], unreceipted: 0, refusals: 0, deaths: 0, last: "" };
    const asking = { isOver: false };
    const crowd = Array.from({ length: clients }, () => client(world, heard, asking));
    const toll = { gateway: 0, postgres: 0 };
    for (let kill = 0; kill < kills; kill++) {
      const before = heard.receipts.length;
      await until(() => heard.receipts.length >= before + 2 * clients, heard);
      await sleep(Math.random() * MOMENT_MS);
      const victim = kill % 2 === 0 ? "gateway" : "postgres";
      await world[victim].killed();
      toll[victim] += 1;
    }
    const last = heard.receipts.length;
    await until(() => heard.receipts.length >= last + clients, heard);
    asking.isOver = true;
    await Promise.all(crowd);
    const { refusals, deaths, unreceipted, receipts } = heard;
    return { kills: toll, answers: receipts.length, refusals, deaths, unreceipted, ...(await lookedUp(world.urls, receipts)) };
  } finally {
    for (const close of closers.reverse()) await close();
  }
}

const MOMENT_MS = 200;
const PATIENCE_MS = 60_000;

async function until(holds: () => boolean, heard: Heard): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`nobody is answered any more; the newest question ended so: ${heard.last}`);
    await sleep(5);
  }
}

interface Heard {
  readonly receipts: Receipt[];
  unreceipted: number;
  refusals: number;
  deaths: number;
  /** How the newest question without an answer ended. */
  last: string;
}

const QUESTION = JSON.stringify({ query: "{ households(first: 3) { nodes { id members { person { nik } } } } }" });

async function client({ issuer, gatewayUrl }: World, heard: Heard, asking: { isOver: boolean }): Promise<void> {
  const headers = { authorization: `Bearer ${await issuer.token("kemensos")}`, "content-type": "application/json" };
  while (!asking.isOver) {
    try {
      const response = await fetch(`${gatewayUrl}/graphql`, { method: "POST", headers, body: QUESTION });
      const { data, errors, extensions } = (await response.json()) as {
        errors?: unknown;
        data?: unknown;
        extensions?: { governance?: { receipt?: Receipt } };
      };
      const receipt = extensions?.governance?.receipt;
      if (receipt) heard.receipts.push(receipt);
      else if (data) heard.unreceipted += 1;
      else {
        heard.refusals += 1;
        heard.last = JSON.stringify(errors);
        await sleep(PAUSE_MS);
      }
    } catch (error) {
      heard.deaths += 1;
      heard.last = String((error as Error).cause ?? error);
      await sleep(PAUSE_MS);
    }
  }
}

/** Who is not answered does not stop the hub from getting up again by asking ever faster. */
const PAUSE_MS = 50;

interface Victim {
  /** Dead and started again. */
  killed(): Promise<void>;
}
interface World {
  readonly urls: DatabaseUrls;
  readonly issuer: Issuer;
  readonly gatewayUrl: string;
  readonly gateway: Victim;
  readonly postgres: Victim;
}

async function made(closers: (() => unknown)[]): Promise<World> {
  const dir = mkdtempSync(join(tmpdir(), "hub-kills-"));
  closers.push(() => rmSync(dir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }));
  mkdirSync(join(dir, "pg"));
  const [pgPort = 0, gatewayPort = 0] = await freePorts(2);
  const { postgres, url } = await startPostgres(join(dir, "pg", "data"), pgPort, closers);
  const urls = await prepareCluster({ adminUrl: url, secret: "kills".repeat(8) });
  await migrateAll(urls);
  const supergraph = join(dir, "supergraph.graphql"); // each start reads it: it must stay the one that policy was compiled for
  copyFileSync("schema/supergraph.graphql", supergraph);
  await seed(urls, { households: 60, seed: "kills" });
  const issuer = await startIssuer({ port: 0, clients: devClients(), dataDir: dir });
  closers.push(() => issuer.close());
  const sources = await startSources(urls, closers);
  const env = {
    HUB_ENV: "dev",
    HUB_LOG_LEVEL: "silent",
    HUB_PORT: String(gatewayPort),
    HUB_SUPERGRAPH: supergraph,
    HUB_OIDC_ISSUER: issuer.url,
    HUB_DATABASE_URL_GATEWAY: urls.gateway,
    HUB_DATABASE_URL_RECORD: urls.record,
    ...sources,
  };
  const gateway = startGateway(env, closers);
  return { urls, issuer, gatewayUrl: `http://127.0.0.1:${gatewayPort}`, gateway, postgres };
}

async function startPostgres(dataDir: string, port: number, closers: (() => unknown)[]) {
  let server = await startEmbedded({ dataDir, port });
  closers.push(() => server.stop());
  const postgres: Victim = {
    async killed() {
      process.kill(Number(readFileSync(join(dataDir, "postmaster.pid"), "utf8").split("\n")[0]), "SIGKILL");
      for (let tries = 0; ; tries++) {
        await sleep(50); // its children take a moment to notice
        const again = await startEmbedded({ dataDir, port }).catch((error: unknown) =>
          tries < 20 ? null : Promise.reject(error),
        );
        if (!again) continue;
        server = again;
        return;
      }
    },
  };
  return { postgres, url: server.url };
}

function startGateway(env: Readonly<Record<string, string>>, closers: (() => unknown)[]): Victim {
  const start = () => spawn(process.execPath, ["cli/hub.js", "gateway"], { env: { ...process.env, ...env }, stdio: "ignore" });
  let running: ChildProcess = start();
  const dead = () => {
    const ended = new Promise((resolve) => running.once("exit", resolve));
    running.kill("SIGKILL");
    return ended;
  };
  closers.push(dead);
  return {
    async killed() {
      await dead();
      running = start();
    },
  };
}

async function startSources(urls: DatabaseUrls, closers: (() => unknown)[]): Promise<Record<string, string>> {
  const addresses: Record<string, string> = {};
  for (const name of ["population", "welfare"] as const) {
    const slice = await subgraphs
      .find((one) => one.name === name)
      ?.start({
        databaseUrl: urls[name].runtime,
        envelopeSecret: devEnvelopeSecret(name),
        policy: { secret: DEV_POLICY_SECRET, origins: [] },
        recordKeys: devYearKeys(),
        ...devAttestationOf(name),
        port: 0,
        log: createLog({ name, level: "silent" }),
      });
    if (!slice) throw new Error(`there is no subgraph ${name}`);
    closers.push(() => slice.close());
    addresses[`HUB_SUBGRAPH_URL_${name.toUpperCase()}`] = slice.url;
  }
  return addresses;
}

export async function lookedUp({ log }: DatabaseUrls, receipts: readonly Receipt[]) {
  const sql = rawClient(log ?? "", { max: 1 });
  const rows = await sql<{ id: string; leaf: string; intent: string | null }[]>`
    select request_id as id, encode(leaf, 'hex') as leaf, body::json ->> 'intent' as intent from governance.entry`;
  const { by } = readLogConfig({ HUB_ENV: "dev" });
  const integrator = createIntegrator(sql, by);
  for (; (await recordLag(sql, false)).oldestUncovered !== null; await sleep(10)) await integrator.integrate();
  const { faults } = await verifyLog(databaseCopy(sql), { log: by.key, witnesses: [], kept: [] });
  await sql.end();
  const leaves = new Map(rows.map(({ id, leaf }) => [id, leaf]));
  const entries = new Map(rows.map((row) => [row.id, row]));
  return {
    missing: receipts.filter(({ id, leaf }) => leaves.get(id) !== leaf).map(({ id }) => id),
    unannounced: receipts.filter(({ id }) => !leaves.has(entries.get(id)?.intent ?? "")).map(({ id }) => id),
    faults: faults.map(faultLine),
  };
}
