import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { devClients, type Issuer, startIssuer } from "../../../cli/run/issuer.ts";
import { rawClient } from "../../../drizzle/client.ts";
import { type DatabaseUrls, migrateAll, prepareCluster } from "../../../drizzle/cluster.ts";
import { startEmbedded } from "../../../drizzle/embedded.ts";
import { seed } from "../../../drizzle/synthetic/seed.ts";
import { type Caller, devEnvelopeSecret } from "../../../schema/caller.ts";
import { freePorts } from "../../kit/vitest/ports.ts";
import { load, median, type Round, type Target } from "../measure.ts";
import { bodies } from "./questions.ts";

// Our gateway with everything on (token, decisions, envelopes, masks, durable record) beside @apollo/gateway with nothing on: the same
// supergraph, subgraphs and rows, asked in turn. Apollo signs its calls, because our subgraphs answer nobody else.

const SLICES = ["population", "welfare", "programs", "governance"] as const;
const ROUNDS = Number(process.env["HUB_BENCH_ROUNDS"] ?? 5);
const SECONDS = Number(process.env["HUB_BENCH_SECONDS"] ?? 4);
/** Enough to keep a gateway busy: our answer to a look-up waits for a tick of 25 ms, and one that idles in between pays double for a request. */
const CONNECTIONS = { large: 16, small: 64 };
const PEERS = "test/bench/peers";
const NODE_OPTIONS = "--max-semi-space-size=64"; // as the runbook recommends; for the peer too

export async function run(): Promise<void> {
  if (!existsSync(`${PEERS}/node_modules/@apollo/gateway`))
    throw new Error(`the peers are not installed: npm install --prefix ${PEERS}`);
  process.env["HUB_ENV"] = "dev";
  const dir = mkdtempSync(join(tmpdir(), "hub-bench-"));
  const closers: (() => Promise<unknown> | unknown)[] = [() => rmSync(dir, { recursive: true, force: true })];
  try {
    mkdirSync(join(dir, "pg"));
    const server = await startEmbedded({ dataDir: join(dir, "pg", "data"), port: 0 });
    closers.push(() => server.stop());
    const urls = await prepareCluster({ adminUrl: server.url, secret: "bench".repeat(8) });
    await migrateAll(urls);
    await seed(urls, { households: 2000, seed: "bench" });
    const issuer = await startIssuer({ port: 0, clients: devClients(), dataDir: dir });
    closers.push(() => issuer.close());
    const nik = await someNik(urls);
    const sources = await startSubgraphs(urls, closers);
    out(`${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}, ${ROUNDS} rounds of ${SECONDS} s each, in turn\n`);
    for (const [title, start] of [
      ["Subgraphs replayed: the gateways alone", () => startReplay(sources, closers)],
      ["Subgraphs answering from PostgreSQL", async () => sources],
    ] as const) {
      const gateways: (() => unknown)[] = [];
      out(`## ${title}\n`);
      await compare(await startTargets({ sources: await start(), urls, issuer, closers: gateways }), nik);
      for (const close of gateways.reverse()) await close();
    }
  } finally {
    for (const close of closers.reverse()) await close();
  }
}

export type Sources = Readonly<Record<string, string>>;
const out = (text: string) => process.stdout.write(`${text}\n`);

export async function startSubgraphs(urls: DatabaseUrls, closers: (() => unknown)[]): Promise<Sources> {
  const ports = await freePorts(SLICES.length);
  const addresses: Record<string, string> = {};
  for (const [index, slice] of SLICES.entries()) {
    const env = { [`HUB_DATABASE_URL_${slice.toUpperCase()}`]: urls[slice].runtime, HUB_SUBGRAPH_PORT: String(ports[index]) };
    await child(["cli/hub.js", "subgraph", slice], { env, ready: /listens/, closers });
    addresses[slice] = `http://127.0.0.1:${ports[index]}/graphql`;
  }
  return addresses;
}

export async function startReplay(sources: Sources, closers: (() => unknown)[]): Promise<Sources> {
  const ports = await freePorts(SLICES.length);
  const table = Object.fromEntries(SLICES.map((slice, index) => [slice, { port: ports[index], target: sources[slice] }]));
  await child(["--import", "tsx", "test/bench/gateway/replay.ts"], {
    env: { HUB_BENCH_REPLAY: JSON.stringify(table) },
    ready: /listens/,
    closers,
  });
  return Object.fromEntries(SLICES.map((slice, index) => [slice, `http://127.0.0.1:${ports[index]}/graphql`]));
}

interface Setting {
  readonly sources: Sources;
  readonly urls: DatabaseUrls;
  readonly issuer: Issuer;
  readonly closers: (() => unknown)[];
}

async function startTargets({
  sources: addresses,
  urls,
  issuer,
  closers,
}: Setting): Promise<readonly [ours: Target, peer: Target]> {
  const [ourPort, peerPort] = await freePorts(2);
  const sources = Object.fromEntries(SLICES.map((slice) => [`HUB_SUBGRAPH_URL_${slice.toUpperCase()}`, addresses[slice] ?? ""]));
  const ourEnv = {
    HUB_PORT: String(ourPort),
    HUB_OIDC_ISSUER: issuer.url,
    HUB_DATABASE_URL_GATEWAY: urls.gateway,
    HUB_DATABASE_URL_RECORD: urls.record,
    ...sources,
  };
  const profile = process.env["HUB_BENCH_PROFILE"]; // a folder: our gateway writes a CPU profile there
  const flags = profile ? ["--cpu-prof", `--cpu-prof-dir=${profile}`] : [];
  const ours = await child([...flags, "cli/hub.js", "gateway"], { env: ourEnv, ready: /127\.0\.0\.1/, closers });
  const secrets = Object.fromEntries(SLICES.map((slice) => [slice, devEnvelopeSecret(slice)]));
  const peerEnv = {
    BENCH_PEER: JSON.stringify({
      supergraph: "schema/supergraph.graphql",
      secrets,
      urls: addresses,
      port: peerPort,
      caller: CALLER,
    }),
  };
  const peer = await child(["--import", "tsx", `${PEERS}/apollo.ts`], { env: peerEnv, ready: /http/, closers });
  return [
    {
      name: "dtks-hub",
      url: `http://127.0.0.1:${ourPort}/graphql`,
      pid: ours,
      headers: async () => ({ authorization: `Bearer ${await issuer.token("kemensos")}` }),
    },
    { name: "@apollo/gateway", url: `http://127.0.0.1:${peerPort}/`, pid: peer, headers: async () => ({}) },
  ];
}

const CALLER: Caller = {
  client: "kemensos",
  agency: "KEMENSOS",
  officer: null,
  citizen: null,
  agreement: "PKS-2025-001",
  version: 1,
  purpose: "PROGRAM_ADMINISTRATION",
  case: null,
  epoch: 0,
  table: "",
  rows: { regions: [["0", "A"]], programs: null, decileMax: 100 },
  verification: { floor: 80, attemptsOnSubject: 5, attemptsOfClient: 20_000, persons: 10_000 },
  requestId: "bench",
};

async function compare([ours, peer]: readonly [Target, Target], nik: string): Promise<void> {
  const questions = Object.entries(bodies(nik)) as [question: keyof typeof CONNECTIONS, body: string][];
  const asked = questions.filter(([question]) => (process.env["HUB_BENCH_QUESTION"] ?? question) === question);
  for (const [question, body] of asked) {
    const connections = Number(process.env["HUB_BENCH_CONNECTIONS"] ?? CONNECTIONS[question]);
    const bytes = await sameAnswer([ours, peer], body);
    const rounds: { ours: Round; peer: Round }[] = [];
    for (let round = 0; round < ROUNDS + 1; round++) {
      const pair = {
        ours: await load(ours, { body, connections, seconds: SECONDS }),
        peer: await load(peer, { body, connections, seconds: SECONDS }),
      };
      if (round > 0) rounds.push(pair); // the first warms both up
    }
    out(`${question} question, ${Math.round(bytes / 1024)} kB answer, ${connections} connections`);
    out("| | CPU ms a request | requests/s | p50 ms | p99 ms |\n|---|---|---|---|---|");
    for (const side of ["ours", "peer"] as const) {
      const of = (key: keyof Round) => median(rounds.map((pair) => pair[side][key])).toFixed(2);
      out(`| ${(side === "ours" ? ours : peer).name} | ${of("cpuMs")} | ${of("perSecond")} | ${of("p50")} | ${of("p99")} |`);
    }
    const ratio = (key: keyof Round) => median(rounds.map((pair) => pair.ours[key] / pair.peer[key])).toFixed(2);
    out(`| ratio, median of pairs | ${ratio("cpuMs")} | ${ratio("perSecond")} | ${ratio("p50")} | ${ratio("p99")} |\n`);
  }
}

/** Both must say the same, or the figures compare nothing. Returns the size of the answer. */
async function sameAnswer(targets: readonly Target[], body: string): Promise<number> {
  const texts = await Promise.all(
    targets.map(async ({ url, headers }) => {
      const response = await fetch(url, {
        method: "POST",
        body,
        headers: { "content-type": "application/json", ...(await headers()) },
      });
      const { data, errors } = (await response.json()) as { data: Record<string, unknown>; errors?: unknown[] };
      if (errors) throw new Error(`${url}: ${JSON.stringify(errors).slice(0, 500)}`);
      return JSON.stringify(data).replace(/"endCursor":"[^"]*"/g, '"endCursor":""'); // cursors are encrypted afresh
    }),
  );
  const [first = "", second] = texts;
  const identity = /"me":\{.*?\}\}/g;
  if (first.replace(identity, "") !== second?.replace(identity, "")) throw new Error("the two gateways answer differently");
  return first.length;
}

export async function someNik(urls: DatabaseUrls): Promise<string> {
  const sql = rawClient(urls.population.owner, { max: 1 });
  const [row] = await sql`select nik::text from person order by id limit 1`;
  await sql.end();
  return String(row?.["nik"]);
}

interface Child {
  readonly env: Record<string, string>;
  readonly ready: RegExp;
  readonly closers: (() => unknown)[];
}

/** Starts a node process and waits for the line that says it serves. Returns its pid. */
export function child(args: readonly string[], { env, ready, closers }: Child): Promise<number> {
  const started: ChildProcess = spawn(process.execPath, args, {
    env: { ...process.env, NODE_OPTIONS, HUB_LOG_LEVEL: "error", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  closers.push(
    () =>
      new Promise((resolve) => {
        started.once("exit", resolve);
        started.kill("SIGTERM");
      }),
  );
  return new Promise((resolve, reject) => {
    let said = "";
    const listen = (chunk: Buffer) => {
      said += chunk;
      if (ready.test(said)) resolve(started.pid ?? 0);
    };
    started.stdout?.on("data", listen);
    started.stderr?.on("data", listen);
    started.once("exit", (code) => reject(new Error(`${args.join(" ")} ended with ${code}: ${said}`)));
  });
}
