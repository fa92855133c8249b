import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { migrate } from "drizzle-orm/postgres-js/migrator";
import { drizzleOn, rawClient, SLICES, type Slice } from "./client.ts";
import { migrateQueue } from "./queue.ts";

type Client = ReturnType<typeof rawClient>;

export interface SliceUrls {
  /** Role of the subgraph: reads what its policies allow. */
  readonly runtime: string;
  /** Role of migrations, seeds and imports. */
  readonly owner: string;
}
export type DatabaseUrls = { readonly [slice in Slice]: SliceUrls } & {
  /** Role of the gateway on governance: reads policy. */
  readonly gateway: string;
  /** Role the gateway writes the record as: only inserts into it. */
  readonly record: string;
  /** Role of the log, which reads the record and builds its tree. Undefined: not named, so no tree grows. */
  readonly log: string | undefined;
  /** Role of the matching workers on population: reads the whole register, owns jobs and queue. Undefined: not named, so nothing is matched. */
  readonly jobs: string | undefined;
  /** Role of the registry's workers on welfare: determines, ranks and counts in bulk. Undefined: not named, so no such job runs. */
  readonly registry: string | undefined;
  /** Role of the programs' workers: selects, simulates and opens periods in bulk. Undefined: not named, so no such job runs. */
  readonly allocation: string | undefined;
  /** Role that publishes statistics: takes releases in and opens the reporting door. Undefined: not named, so nothing is published. */
  readonly publication: string | undefined;
};

const MINIMUM_VERSION = 150000;
const LOCK = 7302;
const EXTENSIONS: { readonly [slice in Slice]?: readonly string[] } = {
  governance: ["btree_gist"],
  welfare: ["btree_gist"],
  programs: ["btree_gist"],
  banyuwangi: ["btree_gist"],
};

const owner = (slice: Slice) => `hub_${slice}_owner`;
const runtime = (slice: Slice) => `hub_${slice}`;
const GATEWAY = "hub_gateway";
const RECORD = "hub_record";
const LOG = "hub_log";
const JOBS = "hub_population_jobs";
const REGISTRY = "hub_welfare_jobs";
const ALLOCATION = "hub_programs_jobs";
const PUBLICATION = "hub_statistics_jobs";
const ROLES = [
  ...SLICES.flatMap((slice) => [owner(slice), runtime(slice)]),
  GATEWAY,
  ...[RECORD, LOG, JOBS, REGISTRY, ALLOCATION, PUBLICATION],
];

/** Password of a role: derived, so no second secret has to be kept. */
const passwordOf = (secret: string, role: string) => createHmac("sha256", secret).update(`role/${role}`).digest("base64url");

/**
 * Roles and databases on any PostgreSQL ≥ 15, by an admin URL. Repeatable, safe to race. Roles are cluster-wide, so two hubs on one
 * cluster need the same secret.
 */
export async function prepareCluster(parts: { adminUrl: string; secret: string; prefix?: string }): Promise<DatabaseUrls> {
  const { adminUrl, secret, prefix = "" } = parts;
  await onOneConnection(adminUrl, async (admin) => {
    await admin`select pg_advisory_lock(${LOCK})`;
    for (const role of ROLES) await ensureRole(admin, role, passwordOf(secret, role));
    await admin.unsafe(`grant ${JOBS} to ${owner("population")}`); // its migrations make what the workers own
    await admin.unsafe(`grant ${REGISTRY} to ${owner("welfare")}`);
    await admin.unsafe(`grant ${ALLOCATION} to ${owner("programs")}`);
    for (const slice of SLICES) await ensureDatabase(admin, slice, prefix + slice);
  });
  return urlsFor({ adminUrl, secret, prefix });
}

/** The same URLs without touching the cluster. */
export function urlsFor({ adminUrl, secret, prefix = "" }: { adminUrl: string; secret: string; prefix?: string }): DatabaseUrls {
  const at = (slice: Slice, role: string) => {
    const url = new URL(adminUrl);
    url.username = role;
    url.password = passwordOf(secret, role);
    url.pathname = `/${prefix}${slice}`;
    return url.href;
  };
  const pair = (slice: Slice): SliceUrls => ({ runtime: at(slice, runtime(slice)), owner: at(slice, owner(slice)) });
  return {
    ...(Object.fromEntries(SLICES.map((slice) => [slice, pair(slice)])) as Record<Slice, SliceUrls>),
    gateway: at("governance", GATEWAY),
    record: at("governance", RECORD),
    log: at("governance", LOG),
    jobs: at("population", JOBS),
    registry: at("welfare", REGISTRY),
    allocation: at("programs", ALLOCATION),
    publication: at("statistics", PUBLICATION),
  };
}

/**
 * URLs named one by one: HUB_DATABASE_URL_<SLICE>, HUB_DATABASE_OWNER_URL_<SLICE>, HUB_DATABASE_URL_GATEWAY, HUB_DATABASE_URL_RECORD and,
 * where they run, HUB_DATABASE_URL_LOG, …_JOBS, …_REGISTRY, …_ALLOCATION and …_PUBLICATION. Undefined when none is set; every missing one but the
 * last five is a fault when some are.
 */
export function urlsFromEnv(
  env: Readonly<Record<string, string | undefined>>,
): { urls: DatabaseUrls } | { faults: string[] } | undefined {
  const faults: string[] = [];
  const names = [
    ...SLICES.flatMap((slice) => [`HUB_DATABASE_URL_${slice.toUpperCase()}`, `HUB_DATABASE_OWNER_URL_${slice.toUpperCase()}`]),
    "HUB_DATABASE_URL_GATEWAY",
    "HUB_DATABASE_URL_RECORD",
  ];
  if (!names.some((name) => env[name])) return undefined;
  const read = (name: string) => {
    const value = env[name] ?? "";
    if (!/^postgres(ql)?:\/\//.test(value)) faults.push(`${name} is ${value ? "not a postgres:// URL" : "missing"}`);
    return value;
  };
  const pair = (slice: Slice): SliceUrls => ({
    runtime: read(`HUB_DATABASE_URL_${slice.toUpperCase()}`),
    owner: read(`HUB_DATABASE_OWNER_URL_${slice.toUpperCase()}`),
  });
  const slices = Object.fromEntries(SLICES.map((slice) => [slice, pair(slice)])) as Record<Slice, SliceUrls>;
  const ifNamed = (name: string) => (env[name] === undefined ? undefined : read(name));
  const [gateway, record] = [read("HUB_DATABASE_URL_GATEWAY"), read("HUB_DATABASE_URL_RECORD")];
  const [log, jobs] = [ifNamed("HUB_DATABASE_URL_LOG"), ifNamed("HUB_DATABASE_URL_JOBS")];
  const [registry, allocation] = [ifNamed("HUB_DATABASE_URL_REGISTRY"), ifNamed("HUB_DATABASE_URL_ALLOCATION")];
  const publication = ifNamed("HUB_DATABASE_URL_PUBLICATION");
  const urls = { ...slices, gateway, record, log, jobs, registry, allocation, publication };
  return faults.length > 0 ? { faults } : { urls };
}

/** Applies what is missing, slice by slice, each under a lock that dies with its connection. */
export async function migrateAll(urls: DatabaseUrls): Promise<void> {
  for (const slice of SLICES) {
    await onOneConnection(urls[slice].owner, async (client) => {
      await client`select pg_advisory_lock(${LOCK})`;
      for (const extension of EXTENSIONS[slice] ?? []) await client.unsafe(`create extension if not exists ${extension}`);
      await nameSearchPath(client, slice);
      await migrate(drizzleOn(client), { migrationsFolder: migrationsOf(slice) });
      await client.unsafe(journalStatements(slice));
      const queue = queueUrl(urls, slice);
      if (queue) await migrateQueue(queue);
    });
  }
}

/** Servers look at their start whether their tables are those they were written for. */
const journalStatements = (slice: Slice): string => {
  const roles = [runtime(slice), ...(MORE_ROLES[slice] ?? [])].join(", ");
  return `grant usage on schema drizzle to ${roles}; grant select on drizzle.__drizzle_migrations to ${roles}`;
};

/**
 * What keeps a server from its slice's database, by any role that may connect: migrations are missing. Null: nothing does, or the database is away,
 * which a server waits out. A newer database is no fault: it is migrated before the servers are replaced.
 */
export async function behind(slice: Slice, url: string): Promise<string | null> {
  const applied = await ask(url, newestApplied);
  const advice = `${slice}: migrations are missing: run npx hub migrate with this release before its servers start`;
  if (applied instanceof Error) return NEVER_MIGRATED.has(String((applied as { code?: unknown }).code)) ? advice : null;
  return applied < newestMigration(slice) ? advice : null;
}
/** No schema, no table, or no right to read it. */
const NEVER_MIGRATED: ReadonlySet<string> = new Set(["3F000", "42P01", "42501"]);

async function newestApplied(client: Client): Promise<number> {
  const [row] = await client`select max(created_at) as newest from drizzle.__drizzle_migrations`;
  return Number(row?.["newest"] ?? 0);
}

/** Role whose queue a slice has; undefined: it has none, or it is not named. */
const queueUrl = ({ jobs, registry, allocation }: DatabaseUrls, slice: Slice): string | undefined =>
  new Map<Slice, string | undefined>([
    ["population", jobs],
    ["welfare", registry],
    ["programs", allocation],
  ]).get(slice);

/** What keeps the hub from running on these databases: every fault at once, each with its slice. Empty: all is well. */
export async function checkDatabases(urls: DatabaseUrls): Promise<string[]> {
  const slices = await Promise.all(SLICES.map((slice) => faultsOf(slice, urls[slice])));
  const gateway = await Promise.all([faultsOfRole("gateway", urls.gateway), faultsOfRole("record", urls.record)]);
  return [...slices, ...gateway].flat();
}

async function ensureRole(admin: Client, role: string, password: string): Promise<void> {
  const [found] = await admin`select rolsuper or rolbypassrls as mighty from pg_roles where rolname = ${role}`;
  if (found?.["mighty"])
    throw new Error(`role ${role} is superuser or bypasses row-level security: drop it, the hub makes its own`);
  await admin.unsafe(`${found ? "alter" : "create"} role ${role} login password '${password}'`);
  // a session somebody forgot to close must not hold a connection, and rows, for ever
  await admin.unsafe(`alter role ${role} set idle_in_transaction_session_timeout = '5min'`);
  // questions are short and many: a server that compiles each spends seconds on what takes milliseconds
  await admin.unsafe(`alter role ${role} set jit = off`);
  await admin.unsafe(
    `do $$ begin if not (select rolsuper from pg_roles where rolname = current_user) then execute 'grant ${role} to ' || quote_ident(current_user); end if; end $$`,
  );
}

async function ensureDatabase(admin: Client, slice: Slice, name: string): Promise<void> {
  const [found] = await admin`select 1 from pg_database where datname = ${name}`;
  if (!found) {
    const [{ utf8 } = { utf8: false }] =
      await admin`select pg_encoding_to_char(encoding) = 'UTF8' as utf8 from pg_database where datname = 'template0'`;
    await admin.unsafe(`create database "${name}" template template0 encoding 'UTF8' ${utf8 ? "" : "locale 'C'"}`);
  }
  await admin.unsafe(accessStatements(slice, name));
}

/** Roles beside the subgraph's own that connect to a slice's database. */
const MORE_ROLES: { readonly [slice in Slice]?: readonly string[] } = {
  governance: [GATEWAY, RECORD, LOG],
  population: [JOBS],
  welfare: [REGISTRY],
  programs: [ALLOCATION],
  statistics: [PUBLICATION],
};

/** Owner, rights and search path of a slice's database. A copy made from a template has none of them: say it again. */
export function accessStatements(slice: Slice, name: string): string {
  const more = MORE_ROLES[slice] ?? [];
  const queueing = [JOBS, REGISTRY, ALLOCATION].filter((role) => more.includes(role));
  const roles = [runtime(slice), ...more].join(", ");
  return [
    `alter database "${name}" owner to ${owner(slice)}`,
    `revoke all on database "${name}" from public`,
    `grant connect on database "${name}" to ${roles}`,
    ...queueing.map((role) => `grant create on database "${name}" to ${role}`), // the queue makes a schema of its own
    `alter database "${name}" set search_path to ${slice}, public`,
  ].join("; ");
}

/** Unqualified names mean the slice's own schema, for whoever connects. */
async function nameSearchPath(client: Client, slice: Slice): Promise<void> {
  const [{ name } = { name: "" }] = await client`select current_database() as name`;
  await client.unsafe(`alter database "${name}" set search_path to ${slice}, public`);
}

const migrationsOf = (slice: Slice) => fileURLToPath(new URL(`./migrations/${slice}`, import.meta.url));

function newestMigration(slice: Slice): number {
  const journal = JSON.parse(readFileSync(`${migrationsOf(slice)}/meta/_journal.json`, "utf8")) as {
    entries: { when: number }[];
  };
  return Math.max(...journal.entries.map((entry) => entry.when));
}

async function faultsOf(slice: Slice, { runtime: url, owner: ownerUrl }: SliceUrls): Promise<string[]> {
  const faults = await faultsOfRole(slice, url);
  const applied = await ask(ownerUrl, newestApplied);
  if (applied instanceof Error)
    faults.push(`${slice}: migrations cannot be read by its owner (${applied.message}): run npx hub migrate`);
  else if (applied < newestMigration(slice)) faults.push(`${slice}: migrations are missing: run npx hub migrate`);
  else if (applied > newestMigration(slice))
    faults.push(`${slice}: the database is newer than this program: deploy the newer program`);
  return faults;
}

/** What is wrong with a role, or the server it connects to: each with `name` before it. */
export async function faultsOfRole(name: string, url: string): Promise<string[]> {
  const row = await ask(url, async (client) => {
    const [found] =
      await client`select current_setting('server_version_num')::int as version, current_setting('server_encoding') as encoding,
      rolname, rolsuper, rolbypassrls, exists (select from pg_class where relowner = r.oid) as owns from pg_roles r where rolname = current_user`;
    return found ?? {};
  });
  if (row instanceof Error) return [`${name}: cannot connect (${row.message}): check its URL and that PostgreSQL runs`];
  const faults = [
    Number(row["version"]) < MINIMUM_VERSION && `PostgreSQL ${row["version"]} is too old: 15 or newer`,
    row["encoding"] !== "UTF8" && `server encoding is ${row["encoding"]}: UTF8 is needed`,
    row["rolsuper"] && `role ${row["rolname"]} is a superuser: row-level security would not bind it`,
    row["rolbypassrls"] && `role ${row["rolname"]} bypasses row-level security`,
    row["owns"] && `role ${row["rolname"]} owns tables: use a role of its own for the subgraph`,
  ];
  return faults.filter((fault) => typeof fault === "string").map((fault) => `${name}: ${fault}`);
}

async function ask<T>(url: string, question: (client: Client) => Promise<T>): Promise<T | Error> {
  return onOneConnection(url, question).catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));
}

async function onOneConnection<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = rawClient(url, { max: 1 });
  try {
    return await work(client);
  } finally {
    await client.end({ timeout: 5 });
  }
}
