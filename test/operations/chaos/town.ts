import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { devClients, type Issuer, startIssuer } from "../../../cli/run/issuer.ts";
import { SLICES, type Slice } from "../../../drizzle/client.ts";
import { type DatabaseUrls, migrateAll, prepareCluster } from "../../../drizzle/cluster.ts";
import { startEmbedded } from "../../../drizzle/embedded.ts";
import { seed } from "../../../drizzle/synthetic/seed.ts";
import { layWire, type Wire } from "../../kit/machines/wire.ts";
import { freePorts } from "../../kit/vitest/ports.ts";
import { Part, until } from "./part.ts";

/** A hub as it runs in production, a process a part: PostgreSQL, the subgraphs, the log, the gateway; and wires between them that can be cut. */
export interface Town {
  readonly urls: DatabaseUrls;
  readonly adminUrl: string;
  readonly issuer: Issuer;
  readonly url: string;
  readonly gateway: Part;
  readonly log: Part;
  readonly slices: ReadonlyMap<string, Part>;
  /** From the gateway to a subgraph by its name, and as `record` and `policy` to the database. */
  readonly wires: ReadonlyMap<string, Wire>;
  readonly database: Server;
  /** Where it keeps files of exports; `exports` of them may be a disk of its own. */
  readonly exports: string;
  /** Small disks that can be filled, by what is on them; empty where none can be mounted here. */
  readonly disks: ReadonlyMap<"database" | "exports", Disk>;
  /** What any of its processes ever wrote. */
  said(): string;
  close(): Promise<void>;
}

/** PostgreSQL, whose pid changes. */
export interface Server {
  readonly pid: number;
  /** Resolves once it takes connections. */
  start(): Promise<void>;
  kill(): void;
}

export interface Disk {
  fill(): unknown;
  clear(): void;
}

export interface TownOptions {
  readonly households: number;
  /** Also mounts small disks, where that is allowed. */
  readonly disks?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  /** Settings of postgresql.conf. */
  readonly flags?: Readonly<Record<string, string | number>>;
}

/** Longest a subgraph may take in a town, so that a fault of some seconds is one. */
export const SUBGRAPH_TIMEOUT_MS = 2000;
type Closers = (() => unknown)[];

export async function startTown({ households, disks = false, env = {}, flags = FLAGS }: TownOptions): Promise<Town> {
  const closers: Closers = [];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    const folder = mkdtempSync(join(tmpdir(), "hub-town-"));
    closers.push(() => rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }));
    const mounted = new Map<"database" | "exports", Disk>();
    for (const [name, megabytes] of [["database", 450] as const, ["exports", 1] as const]) {
      mkdirSync(join(folder, name));
      const disk = disks ? mount(join(folder, name), megabytes, closers) : undefined;
      if (disk) mounted.set(name, disk);
    }
    const ground = await laid(folder, { households, flags }, closers);
    const running = await peopled(ground, { folder, env, closers });
    const parts = [running.gateway, running.log, ...running.slices.values()];
    return {
      ...{ ...ground, ...running, disks: mounted, exports: join(folder, "exports") },
      said: () => [...parts.map((part) => part.said), readFileSync(`${join(folder, "database", "pg")}.log`, "utf8")].join("\n"),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

interface Ground {
  readonly urls: DatabaseUrls;
  readonly adminUrl: string;
  readonly issuer: Issuer;
  readonly database: Server;
}

/** Keeps the journal small: it must fit on a disk that is to be filled. */
const FLAGS = { max_wal_size: "96MB", min_wal_size: "32MB", max_connections: 200 };

async function laid(
  folder: string,
  { households, flags }: Required<Pick<TownOptions, "households" | "flags">>,
  closers: Closers,
): Promise<Ground> {
  const dataDir = join(folder, "database", "pg");
  const [port = 0] = await freePorts(1);
  let server = await startEmbedded({ dataDir, port, flags });
  closers.push(() => server.stop());
  const pid = () => Number(readFileSync(join(dataDir, "postmaster.pid"), "utf8").split("\n")[0]);
  const database: Server = {
    get pid() {
      return pid();
    },
    kill: () => process.kill(pid(), "SIGKILL"),
    async start() {
      await until("PostgreSQL is back", async () => {
        await sleep(100); // its children take a moment to notice
        server = await startEmbedded({ dataDir, port, flags });
        return true;
      });
    },
  };
  const adminUrl = server.url;
  const urls = await prepareCluster({ adminUrl, secret: "town".repeat(8) });
  await migrateAll(urls);
  copyFileSync("schema/supergraph.graphql", join(folder, "supergraph.graphql")); // it must stay the one that policy was compiled for
  await seed(urls, { households, seed: "town" });
  const issuer = await startIssuer({ port: 0, clients: devClients(), dataDir: folder });
  closers.push(() => issuer.close());
  return { urls, adminUrl, issuer, database };
}

interface Peopling {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  readonly closers: Closers;
}

async function peopled({ urls, issuer }: Ground, { folder, env, closers }: Peopling) {
  const wires = new Map<string, Wire>();
  const wired = async (name: string, url: string) => {
    const wire = await layWire(url);
    wires.set(name, wire);
    closers.push(() => wire.close());
    return wire.url(url);
  };
  const brought = async (options: ConstructorParameters<typeof Part>[0]) => {
    const part = new Part(options);
    closers.push(() => part.end("SIGKILL"));
    await part.start();
    return part;
  };
  const [gatewayPort = 0, logPort = 0, ...ports] = await freePorts(2 + SLICES.length);
  const slices = new Map<string, Part>();
  const addresses: Record<string, string> = {};
  await Promise.all(
    SLICES.map(async (name, at) => {
      const url = `http://127.0.0.1:${ports[at]}`;
      const part = await brought({
        ...{ name, argv: ["cli/hub.js", "subgraph", name], health: `${url}/health` },
        env: {
          ...{ ...databaseOf(urls, name), HUB_SUBGRAPH_PORT: String(ports[at]), HUB_EVIDENCE_URL: `file://${folder}/evidence/` },
        },
      });
      slices.set(name, part);
      addresses[`HUB_SUBGRAPH_URL_${name.toUpperCase()}`] = await wired(name, `${url}/graphql`);
    }),
  );
  const log = await brought({
    ...{ name: "log", argv: ["cli/hub.js", "log"], health: `http://127.0.0.1:${logPort}/health` },
    env: { HUB_DATABASE_URL_LOG: urls.log ?? "", HUB_LOG_PORT: String(logPort) },
  });
  const url = `http://127.0.0.1:${gatewayPort}`;
  const gateway = await brought({
    ...{ name: "gateway", argv: ["cli/hub.js", "gateway"], health: `${url}/health` },
    env: {
      ...{ HUB_PORT: String(gatewayPort), HUB_OIDC_ISSUER: issuer.url, HUB_SUPERGRAPH: join(folder, "supergraph.graphql") },
      HUB_DATABASE_URL_GATEWAY: await wired("policy", urls.gateway),
      HUB_DATABASE_URL_RECORD: await wired("record", urls.record),
      HUB_EXPORT_DIR: join(folder, "exports"),
      HUB_SUBGRAPH_TIMEOUT_MS: String(SUBGRAPH_TIMEOUT_MS),
      ...addresses,
      ...env,
    },
  });
  await until("the gateway is ready", async () => (await fetch(`${url}/ready`)).ok);
  return { url, gateway, log, slices, wires };
}

const databaseOf = (urls: DatabaseUrls, name: Slice) => ({ [`HUB_DATABASE_URL_${name.toUpperCase()}`]: urls[name].runtime });

/** A disk of its own in memory; undefined where none can be mounted. */
function mount(folder: string, megabytes: number, closers: Closers): Disk | undefined {
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m,mode=1777`, "tmpfs", folder], { stdio: "ignore" });
  } catch {
    return undefined;
  }
  closers.push(() => execFileSync("umount", ["-l", folder]));
  const ballast = join(folder, "ballast");
  return {
    /** To the last byte, until there is no room for more. */
    fill: () => spawnSync("cp", ["/dev/zero", ballast], { stdio: "ignore" }),
    clear: () => rmSync(ballast, { force: true }),
  };
}
