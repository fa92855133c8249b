import { join } from "node:path";
import type { Slice } from "../../drizzle/client.ts";
import { behind, type DatabaseUrls, migrateAll, prepareCluster, urlsFromEnv } from "../../drizzle/cluster.ts";
import { startEmbedded } from "../../drizzle/embedded.ts";
import { seedChannels } from "../../drizzle/policy/channels.ts";
import { DEFAULT_SEED, seed } from "../../drizzle/synthetic/seed.ts";
import { isDev } from "../../gateway/runtime/config.ts";
import { ConfigFaults, type Env, isLoopback, secretFrom } from "../../schema/settings.ts";
import { policySecret } from "../../subgraphs/kit/serve/config.ts";

/** The hub's databases, migrated. */
export interface Databases {
  readonly urls: DatabaseUrls;
  /** Administrator's address of their server; undefined: they are named one by one. */
  readonly adminUrl: string | undefined;
  /**
   * Loads reference data, the ready-made agreements and the synthetic population, up to `households`; what is there already stays.
   * Undefined: as many as are there, or the ready-made number.
   */
  fill(options: { households: number | undefined }): Promise<void>;
  /** Stops the embedded server, if this process started it. */
  close(): Promise<void>;
}

/** Where everything this machine's hub keeps lies. */
export const dataDir = (env: Env): string => env["HUB_DATA_DIR"] ?? ".hub";
const DEV_SECRET = "dtks-hub development secret of the database roles";

/**
 * The databases the settings name: one per slice (HUB_DATABASE_URL_<SLICE> with …_OWNER_URL_…), or those of one server
 * (HUB_DATABASE_URL, an administrator's address), or the embedded server. Roles, databases and migrations are made where missing.
 */
export async function openDatabases(env: Env, note: Note): Promise<Databases> {
  const { urls, adminUrl, close } = await whereTheyAre(withFiles(env), note);
  try {
    await migrateAll(urls);
  } catch (error) {
    await close();
    throw error;
  }
  const filled = async (options: Pick<Filling, "households">) => {
    await fill(urls, { ...options, policySecret: secretOfPolicy(env) }, note);
    if (isDev(env) && isLoopback(env["HUB_HOST"] ?? "127.0.0.1")) await seedChannels(urls.governance.owner);
  };
  return { urls, adminUrl, close, fill: filled };
}

/** Addresses that are all a process of its own has to know. */
const ALONE = {
  log: ["governance", "HUB_DATABASE_URL_LOG", "the role hub_log"],
  jobs: ["population", "HUB_DATABASE_URL_JOBS", "the role hub_population_jobs"],
  registry: ["welfare", "HUB_DATABASE_URL_REGISTRY", "the role hub_welfare_jobs"],
  allocation: ["programs", "HUB_DATABASE_URL_ALLOCATION", "the role hub_programs_jobs"],
  keeper: ["governance", "HUB_DATABASE_OWNER_URL_GOVERNANCE", "its owner"],
} as const satisfies Record<string, readonly [slice: Slice, name: string, role: string]>;

/**
 * One database as one role: its own setting is all a host of its own has to know; without it the databases are found, and made, as for
 * every command. Throws when they are named one by one and this one is not.
 */
export async function openDatabaseAs(
  role: keyof typeof ALONE,
  env: Env,
  note: Note,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const [slice, name, meaning] = ALONE[role];
  const named = withFiles(env)[name];
  if (named !== undefined) return { url: named, close: async () => {} };
  const { urls, close } = await openDatabases(env, note);
  const url = role === "keeper" ? urls.governance.owner : urls[role];
  if (url !== undefined) return { url, close };
  await close();
  throw new Error(`${name} is missing: PostgreSQL of ${slice} as ${meaning}`);
}

/** The same for a process that serves: throws on a database that lacks migrations. */
export async function openServerDatabase(...[role, env, note]: Parameters<typeof openDatabaseAs>) {
  const opened = await openDatabaseAs(role, env, note);
  const fault = await behind(ALONE[role][0], opened.url);
  if (fault === null) return opened;
  await opened.close();
  throw new Error(fault);
}

/** Governance as the role hub_log, for those who verify the record. */
export const openLogDatabase = (env: Env, note: Note) => openDatabaseAs("log", env, note);

/** HUB_DATABASE_… given as files stand for their content. Throws ConfigFaults. */
export function withFiles(env: Env): Env {
  const faults: string[] = [];
  const names = Object.keys(env).filter((name) => /^HUB_DATABASE_\w+_FILE$/.test(name));
  const read = names.map((name) => name.replace(/_FILE$/, "")).map((name) => [name, secretFrom(env, { name, faults })] as const);
  if (faults.length > 0) throw new ConfigFaults(faults);
  return { ...env, ...Object.fromEntries(names.map((name) => [name, undefined])), ...Object.fromEntries(read) };
}

async function whereTheyAre(env: Env, note: Note): Promise<Pick<Databases, "urls" | "adminUrl" | "close">> {
  const nothingToStop = async () => {};
  const named = urlsFromEnv(env);
  if (named && "faults" in named) throw new Error(named.faults.join("; "));
  if (named) return { urls: named.urls, adminUrl: env["HUB_DATABASE_URL"], close: nothingToStop };
  const adminUrl = env["HUB_DATABASE_URL"];
  if (adminUrl) {
    const urls = await prepareCluster({ adminUrl, secret: secretOf(env) });
    note("PostgreSQL: HUB_DATABASE_URL");
    return { urls, adminUrl, close: nothingToStop };
  }
  const folder = env["HUB_PG_DIR"] ?? join(dataDir(env), "pg18");
  const server = await startEmbedded({ dataDir: folder, port: Number(env["HUB_PG_PORT"] ?? 54329) });
  note(`PostgreSQL: embedded in ${folder}${server.reused ? " (already running)" : ""}`);
  // whoever can read the server's own secret may know those of its roles: both lie in the same folder
  return {
    urls: await prepareCluster({ adminUrl: server.url, secret: new URL(server.url).password }),
    adminUrl: server.url,
    close: () => server.stop(),
  };
}

export function secretOf(env: Env): string {
  const secret = env["HUB_DATABASE_SECRET"] ?? (isDev(env) ? DEV_SECRET : "");
  if (secret.length < 32)
    throw new Error("HUB_DATABASE_SECRET must have at least 32 characters: passwords of the roles are derived from it");
  return secret;
}

type Note = (text: string) => void;

function secretOfPolicy(env: Env): string {
  const faults: string[] = [];
  const secret = policySecret(env, faults);
  if (faults.length > 0) throw new ConfigFaults(faults);
  return secret;
}

type Filling = { readonly households: number | undefined; readonly policySecret: string };

async function fill(urls: DatabaseUrls, { households, policySecret }: Filling, note: Note): Promise<void> {
  let told = 0;
  const began = performance.now();
  const seeding = await seed(urls, {
    households,
    policySecret,
    seed: DEFAULT_SEED,
    onProgress: (done, total) => {
      if (done - told < total / 5) return;
      told = done;
      note(`synthetic population: ${done} of ${total} households`);
    },
  });
  const held = `synthetic population: ${seeding.households} households, ${seeding.persons} people`;
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  note(seeding.loaded ? `${held} in ${seconds} s` : `${held}, as loaded before`);
  if (seeding.households > (households ?? Number.POSITIVE_INFINITY))
    note(`synthetic population: more than the ${households} asked for were there, and they stay`);
}
