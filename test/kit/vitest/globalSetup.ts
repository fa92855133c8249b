import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { TestProject } from "vitest/node";
import { hasBrowser } from "../../../cli/operations/faces/visit.ts";
import { buildConsole, isConsoleBuilt } from "../../../cli/run/console.ts";
import { rawClient, SLICES } from "../../../drizzle/client.ts";
import { migrateAll, prepareCluster } from "../../../drizzle/cluster.ts";
import { type Embedded, startEmbedded } from "../../../drizzle/embedded.ts";
import { seed } from "../../../drizzle/synthetic/seed.ts";
import { loadPeople } from "../people.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** `template` and `empty`: how the names of the templates begin. */
    databases: { readonly adminUrl: string; readonly secret: string; readonly template: string; readonly empty: string };
  }
}

const SECRET = "test";
const emptyOf = (template: string): string => `${template}empty_`;
const SYNTHETIC_HOUSEHOLDS = 60;
// No autovacuum: one that comes in the middle of a load counts none of its rows, and plans are made accordingly (drizzle/synthetic/load.ts).
const FAST = {
  ...{ fsync: "off", synchronous_commit: "off", full_page_writes: "off", autovacuum: "off" },
  ...{ max_connections: 300, shared_buffers: "128MB" },
};

/**
 * A server with two templates for each database: migrated, and with the story people in it. Own embedded server by default, so that
 * runs do not meet; HUB_TEST_DATABASE_URL (an administrator's) names another, which must be a scratch server: roles get new passwords.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const template = `tpl_${fingerprint()}_`;
  if (hasBrowser() && !isConsoleBuilt()) await buildConsole().catch((error: unknown) => process.stderr.write(`${error}\n`));
  const external = process.env["HUB_TEST_DATABASE_URL"];
  const server = external ? undefined : await startFromCache(template);
  const adminUrl = external ?? (server?.url as string);
  if (external) await withLock(adminUrl, () => buildTemplate(adminUrl, template));
  project.provide("databases", { adminUrl, secret: SECRET, template, empty: emptyOf(template) });
  return async () => {
    await server?.stop();
    if (server) rmSync(runFolder(), { recursive: true, force: true });
  };
}

/** Changes with everything the template is made from. */
function fingerprint(): string {
  const hash = createHash("sha256");
  const add = (path: string) => hash.update(path).update(readFileSync(path));
  const root = fileURLToPath(new URL("../../..", import.meta.url));
  for (const name of readdirSync(join(root, "drizzle"), { recursive: true, encoding: "utf8" }).sort())
    if (/\.(ts|sql|json)$/.test(name)) add(join(root, "drizzle", name));
  const inFolder = (folder: string) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .sort()
      .map((name) => join(folder, name));
  for (const path of [
    "test/kit/people.ts",
    "test/kit/vitest/globalSetup.ts",
    "schema/nik.ts",
    "schema/supergraph.graphql",
    "schema/controllers.json",
    ...inFolder("schema/policy"),
    ...inFolder("schema/sdl"),
    ...inFolder("schema/statistics"),
    "schema/values/regionCode.ts",
    "schema/values/rupiah.ts",
  ])
    add(join(root, path));
  return hash.digest("hex").slice(0, 12);
}

const FOLDER = join(tmpdir(), `hub-test-${process.getuid?.() ?? 0}`);
const runFolder = () => join(FOLDER, `run-${process.pid}`);

/** A stopped cluster with its templates, made once a fingerprint, copied for each run: 0.5 s instead of 5. */
async function startFromCache(template: string): Promise<Embedded> {
  mkdirSync(FOLDER, { recursive: true });
  sweep();
  const cache = join(FOLDER, template);
  if (!existsSync(cache)) await makeCache(cache, template);
  utimesSync(cache, new Date(), new Date());
  const folder = runFolder();
  mkdirSync(folder, { recursive: true });
  copyFolder(cache, join(folder, "pg"));
  return startEmbedded({ dataDir: join(folder, "pg"), port: 0, flags: FAST });
}

async function makeCache(cache: string, template: string): Promise<void> {
  const folder = join(FOLDER, `making-${process.pid}`);
  const server = await startEmbedded({ dataDir: join(folder, "pg"), port: 0, flags: FAST });
  try {
    await buildTemplate(server.url, template);
  } finally {
    await server.stop();
  }
  try {
    renameSync(join(folder, "pg"), cache);
  } catch (error) {
    if (!existsSync(cache)) throw error; // else another run was faster
  }
  rmSync(folder, { recursive: true, force: true });
}

const HOUR = 60 * 60 * 1000;

/** Folders of runs that were killed, and templates of sources that have long changed. */
function sweep(): void {
  for (const name of readdirSync(FOLDER)) {
    const path = join(FOLDER, name);
    const pid = Number(/^(?:run|making)-(\d+)$/.exec(name)?.[1]);
    const isOld = name.startsWith("tpl_") && (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0) < Date.now() - HOUR;
    if (isOld || (pid > 0 && pid !== process.pid && !isAlive(pid))) rmSync(path, { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** With its owner, which is not ours when root runs the tests. */
function copyFolder(from: string, to: string): void {
  if (process.platform === "win32") cpSync(from, to, { recursive: true });
  else if (spawnSync("cp", ["-a", from, to]).status !== 0) throw new Error(`cannot copy ${from}`);
}

async function buildTemplate(adminUrl: string, prefix: string): Promise<void> {
  const admin = rawClient(adminUrl, { max: 1 });
  try {
    const [found] =
      await admin`select count(*)::int as ready from pg_database where datistemplate and starts_with(datname, ${prefix})`;
    const all = SLICES.flatMap((slice) => [`${prefix}${slice}`, emptyOf(prefix) + slice]);
    if (found?.["ready"] === all.length) return;
    for (const name of all) await admin.unsafe(`drop database if exists "${name}" with (force)`);
    const urls = await prepareCluster({ adminUrl, secret: SECRET, prefix });
    await migrateAll(urls);
    for (const slice of SLICES) await admin.unsafe(`create database "${emptyOf(prefix)}${slice}" template "${prefix}${slice}"`);
    await letClockBeTold(urls.welfare.owner);
    await seed(urls, { households: SYNTHETIC_HOUSEHOLDS, seed: "test" });
    await loadPeople(urls);
    // a template somebody is connected to cannot be copied
    for (const name of all) await admin.unsafe(`alter database "${name}" is_template true allow_connections false`);
  } finally {
    await admin.end();
  }
}

/** Tests freeze clocks years away. */
async function letClockBeTold(welfare: string): Promise<void> {
  const owner = rawClient(welfare, { max: 1 });
  try {
    await owner`insert into welfare.clock_rule default values`;
  } finally {
    await owner.end();
  }
}

async function withLock(adminUrl: string, work: () => Promise<void>): Promise<void> {
  const admin = rawClient(adminUrl, { max: 1 });
  try {
    await admin`select pg_advisory_lock(7304)`;
    await work();
  } finally {
    await admin.end();
  }
}
