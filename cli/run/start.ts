import { createHmac, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import type { Slice } from "../../drizzle/client.ts";
import { startGateway } from "../../gateway/main.ts";
import { issuerUrl, readConfig } from "../../gateway/runtime/config.ts";
import { POLICY_KEY, signerOf } from "../../schema/policy/keys.ts";
import { vkeyOf } from "../../schema/record/note.ts";
import type { Env } from "../../schema/settings.ts";
import { policySecret } from "../../subgraphs/kit/serve/config.ts";
import { startSubgraph, subgraphs } from "../../subgraphs/main.ts";
import { startWorker } from "../../subgraphs/population/jobs/worker.ts";
import { startAllocator } from "../../subgraphs/programs/worker.ts";
import { startRegistrar } from "../../subgraphs/welfare/worker.ts";
import { type Databases, dataDir, openDatabases } from "../data/databases.ts";
import { startLog } from "../record/process.ts";
import { readLogConfig } from "../record/settings.ts";
import { startCourier } from "../slices/registry/courier.ts";
import { type Press, startPress } from "../slices/statistics/press.ts";
import { buildConsole, isConsoleBuilt } from "./console.ts";
import { stopSignal } from "./ending.ts";
import { facesOf } from "./faces.ts";
import { citizensOf } from "./issuer/citizens.ts";
import { devClients, startIssuer } from "./issuer.ts";

export const help = `
Usage: npx hub start [--households N] [--json]

Runs the whole hub on this machine until Ctrl-C: PostgreSQL (embedded in .hub/, or HUB_DATABASE_URL), migrations, a synthetic
population, the subgraphs, workers of matching, registry and programs, the publisher of figures, the log of the record, the token issuer, the gateway
and the courier between the controllers. A second start takes seconds and loads nothing twice: it takes the
population as it is (10000 households when there is none yet), unless --households asks for more.

Ports: gateway 4000 (HUB_PORT), population 4001, welfare 4002, programs 4003, governance 4004 (HUB_PORT_POPULATION …),
issuer 4005 (HUB_ISSUER_PORT), log 4006 (HUB_LOG_PORT). HUB_PG_DIR moves the embedded database.
`;

interface Closable {
  close(): Promise<unknown>;
}

/** Everything on one machine, in order; whatever was brought up is taken down in reverse, also when a later part fails. */
export async function start(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...argv],
    options: { households: { type: "string" }, json: { type: "boolean", default: false } },
  });
  process.env["HUB_ENV"] ??= "dev";
  const asked = values.households ?? process.env["HUB_HOUSEHOLDS"];
  const households = asked === undefined ? undefined : Number(asked);
  if (households !== undefined && (!Number.isInteger(households) || households < 1)) {
    note("--households must be a whole number, at least 1");
    return 2;
  }
  const stopped = stopSignal();
  const up: Closable[] = [];
  try {
    const began = performance.now();
    const databases = await openDatabases(process.env, note);
    up.push(databases);
    const built = isConsoleBuilt() ? undefined : building();
    await databases.fill({ households });
    await built;
    const { gateway, failure } = await startServers(databases, up);
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    process.stdout.write(values.json ? `${JSON.stringify({ gateway, seconds: Number(seconds) })}\n` : banner(gateway, seconds));
    await Promise.race([stopped, failure]);
    note("stopping …");
    return 0;
  } finally {
    for (const part of up.reverse()) await part.close().catch((error: unknown) => note(`a part did not stop cleanly: ${error}`));
  }
}

/** The pages of the console while the database fills. Without them the hub is none the less up, and says on their address what to do. */
async function building(): Promise<void> {
  note("building the console …");
  await buildConsole().catch((error: unknown) => note(error instanceof Error ? error.message : String(error)));
}

interface Servers {
  /** Its address. */
  readonly gateway: string;
  /** Rejects when a part came to its end unasked: the hub ends with it, whole, rather than publish nothing in silence. */
  readonly failure: Promise<never>;
}

async function startServers({ urls }: Databases, up: Closable[]): Promise<Servers> {
  const log = readLogConfig(process.env);
  const folder = dataDir(process.env);
  const env = { ...process.env, ...ownSecrets(folder), HUB_LOG_VKEY: vkeyOf(log.by.key) };
  const addresses: Record<string, string> = {};
  const publisher = await startPublishing(urls, { env, up });
  for (const { name } of subgraphs) {
    const slice = name as Slice;
    const variable = `HUB_DATABASE_URL_${name.toUpperCase()}`;
    const running = await startSubgraph(name, {
      HUB_LOG_LEVEL: "warn",
      HUB_EVIDENCE_URL: evidenceIn(folder),
      ...env,
      ...{ HUB_HOST: "127.0.0.1", HUB_HEALTH_PORT: undefined, HUB_METRICS_PORT: undefined }, // only the gateway asks them, and it is here
      ...named(variable, urls[slice].runtime),
    });
    up.push(running);
    addresses[`HUB_SUBGRAPH_URL_${name.toUpperCase()}`] = running.url;
  }
  await publisher?.isReady; // the first figures stand before anybody asks, and workers do not count meanwhile what it counts as a whole
  for (const worker of await startWorkers(urls)) up.push({ close: () => worker.stop() });
  const given = { ...log, host: "127.0.0.1", note: (text: string) => note(`log: ${text}`) };
  const running = urls.log === undefined ? undefined : await startLog({ ...given, databaseUrl: urls.log });
  if (running) up.push(running);
  const port = Number(new URL(issuerUrl()).port);
  const issuer = await startIssuer({ port, clients: devClients(), dataDir: folder, citizens: citizensOf(urls) });
  up.push(issuer);
  const settings = {
    HUB_LOG_LEVEL: "warn",
    HUB_EXPORT_DIR: resolve(folder, "exports"),
    HUB_OIDC_ISSUER: issuer.url,
    ...(running && { HUB_LOG_URL: running.url }),
    ...addresses,
    ...env,
    ...named("HUB_DATABASE_URL_GATEWAY", urls.gateway),
    ...named("HUB_DATABASE_URL_RECORD", urls.record),
    HUB_POLICY_PUBLIC_KEYS: signerOf(policySecret(env, []), POLICY_KEY).publicKey,
  };
  const config = readConfig(settings);
  const gateway = await startGateway(config, facesOf(config));
  up.push(gateway);
  const token = () => issuer.token("siks-ng");
  up.push(startCourier({ gateway: gateway.url, token, note: (text) => note(`courier: ${text}`) }));
  return { gateway: gateway.url, failure: publisher?.failure ?? new Promise<never>(() => {}) };
}

/** A setting as it is, whatever file it was given by. */
const named = (name: string, value: string): Env => ({ [name]: value, [`${name}_FILE`]: undefined });

/** Workers of matching, of the registry and of the programs, where their databases are named. */
async function startWorkers({ jobs, registry, allocation }: Databases["urls"]): Promise<{ stop(): Promise<void> }[]> {
  return [
    ...(jobs === undefined ? [] : [await startWorker({ url: jobs, threads: 1, note })]),
    ...(registry === undefined ? [] : [await startRegistrar({ url: registry, note: (text) => note(`registrar: ${text}`) })]),
    ...(allocation === undefined ? [] : [await startAllocator({ url: allocation, note: (text) => note(`allocator: ${text}`) })]),
  ];
}

/** Publishes figures and keeps the logins open that read them. */
async function startPublishing(
  urls: Databases["urls"],
  { env, up }: { readonly env: Env; readonly up: Closable[] },
): Promise<Press | undefined> {
  if (urls.publication === undefined) return undefined;
  const publisher = await startPress({ urls, env, note: (text) => note(`publisher: ${text}`) });
  up.push({ close: () => publisher.stop() });
  return publisher;
}

const evidenceIn = (folder: string): string => pathToFileURL(`${resolve(folder, "evidence")}/`).href;

/**
 * Envelope secrets of this machine's hub, drawn once and kept: nothing outside it can seal an envelope, and what a subgraph derives
 * from its secret (cursors, rounding of released figures) outlives a restart.
 */
export function ownSecrets(folder: string): Record<string, string | undefined> {
  const path = join(folder, "envelope-secret");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (!existsSync(path)) writeFileSync(path, randomBytes(32).toString("base64url"), { mode: 0o600 });
  const master = readFileSync(path, "utf8");
  return Object.fromEntries(
    subgraphs.flatMap(({ name }) => [
      [`HUB_ENVELOPE_SECRET_${name.toUpperCase()}`, createHmac("sha256", master).update(name).digest("base64url")],
      [`HUB_ENVELOPE_SECRET_${name.toUpperCase()}_FILE`, undefined],
    ]),
  );
}

const note = (text: string): void => {
  process.stderr.write(`hub: ${text}\n`);
};

function banner(gateway: string, seconds: string): string {
  const document = readFileSync(join(import.meta.dirname, "../../docs/questions/me.graphql"), "utf8")
    .replace(/\s+/g, " ")
    .trim();
  const ask = (client: string) =>
    `  curl -s ${gateway}/graphql -H 'content-type: application/json' -H "authorization: Bearer $(npx hub token ${client})" -d '${JSON.stringify({ query: document })}'`;
  return [
    "",
    `  dtks-hub is up after ${seconds} s: ${gateway}/graphql   (Ctrl-C stops it)`,
    "",
    "  a partner",
    ask("bpjs-kesehatan"),
    "  a regency",
    ask("dinsos-banyuwangi"),
    "  a dashboard",
    ask("bappenas"),
    "",
    "  people",
    `  console      ${gateway}/console/   as steward.kemensos, dpo.bps, auditor.bpk, analis.bappenas, kadis.dinsos_banyuwangi …`,
    `  Cek Bansos   ${gateway}/cek-bansos   without signing in`,
    `  citizens     ${gateway}/warga   as one of those the sign-in page lists`,
    "",
    "  The README has the question over all four sources: docs/questions/households.graphql",
    "",
    "",
  ].join("\n");
}
