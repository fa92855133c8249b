import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { migrate } from "drizzle-orm/postgres-js/migrator";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { drizzleOn, rawClient, SLICES } from "../../../drizzle/client.ts";
import { accessStatements, type DatabaseUrls, prepareCluster } from "../../../drizzle/cluster.ts";
import { asRole } from "../../kit/database.ts";
import { freePorts } from "../../kit/vitest/ports.ts";
import { runHub, writeEntries } from "../../record/logKit.ts";
import { stepsOf } from "./runbookKit.ts";

// Tables of an older release, with something in them; then docs/operations/upgrade.md, step by step.

/** Before the record could go on elsewhere: migrations of governance that release had. */
const OLDER = 32;
const prefix = `upgrade_${process.pid}_`;
const folder = mkdtempSync(join(tmpdir(), "hub-upgrade-"));
let urls: DatabaseUrls;
let settings: Record<string, string>;

/** The first migrations of a slice, as an older release carries them. */
function migrationsOf(slice: string, count: number): string {
  const path = join(folder, slice);
  cpSync(join("drizzle/migrations", slice), path, { recursive: true });
  const journal = join(path, "meta/_journal.json");
  const { entries, ...more } = JSON.parse(readFileSync(journal, "utf8"));
  writeFileSync(journal, JSON.stringify({ ...more, entries: entries.slice(0, count) }));
  return path;
}

beforeAll(async () => {
  const { adminUrl, secret } = inject("databases");
  urls = await prepareCluster({ adminUrl, secret, prefix });
  for (const slice of SLICES)
    await asRole(urls[slice].owner, async (owner) => {
      await owner.unsafe("create extension if not exists btree_gist");
      await owner.unsafe(accessStatements(slice, `${prefix}${slice}`));
    }).catch(() => {});
  for (const slice of SLICES)
    await asRole(urls[slice].owner, (owner) =>
      migrate(drizzleOn(owner), { migrationsFolder: migrationsOf(slice, slice === "governance" ? OLDER : 1000) }),
    );
  const record = rawClient(urls.record, { max: 1 });
  await writeEntries(record, 3);
  await record.end();
  const [port] = await freePorts(1);
  settings = {
    HUB_PORT: String(port),
    HUB_DATABASE_URL_GATEWAY: urls.gateway,
    HUB_DATABASE_URL_RECORD: urls.record,
    HUB_DATABASE_URL_LOG: urls.log ?? "",
    HUB_DATABASE_URL_JOBS: urls.jobs ?? "",
    HUB_DATABASE_URL_REGISTRY: urls.registry ?? "",
    HUB_DATABASE_URL_ALLOCATION: urls.allocation ?? "",
    ...Object.fromEntries(
      SLICES.flatMap((slice) => [
        [`HUB_DATABASE_URL_${slice.toUpperCase()}`, urls[slice].runtime],
        [`HUB_DATABASE_OWNER_URL_${slice.toUpperCase()}`, urls[slice].owner],
      ]),
    ),
  };
});
afterAll(async () => {
  const { adminUrl } = inject("databases");
  await asRole(adminUrl, async (admin) => {
    for (const slice of SLICES) await admin.unsafe(`drop database if exists "${prefix}${slice}" with (force)`);
  });
  rmSync(folder, { recursive: true, force: true });
});

const REFUSED = "governance: migrations are missing: run npx hub migrate with this release before its servers start";

test("servers of the new release do not start on tables of the old, and say what to do", async () => {
  for (const server of [["gateway"], ["subgraph", "governance"], ["log"]])
    expect(await runHub(server, settings), server.join(" ")).toMatchObject({ code: 1, err: expect.stringContaining(REFUSED) });
  const { out } = await runHub(["doctor", "--only", "databases"], settings);
  expect(out).toContain("✗ role of governance: migrations are missing\n    → npx hub migrate");
});

test("the page's steps bring them up to date, and what was on record stays", async () => {
  const steps = stepsOf("upgrade").map((text) => text.trim());
  expect(steps).toEqual([
    "npx hub migrate",
    "npx hub policy publish --supergraph schema/supergraph.graphql",
    "npx hub doctor --only databases",
  ]);
  for (const step of steps) expect(await runHub(step.split(" ").slice(2), settings), step).toMatchObject({ code: 0 });
  const record = rawClient(urls.record, { max: 1 });
  await writeEntries(record, 1);
  await record.end();
  const [row] = await asRole(urls.governance.owner, (owner) => owner`select count(*)::int as entries from governance.entry`);
  expect(row?.["entries"]).toBe(4);
});

test("an old server that starts again meanwhile is let be: a newer database is no fault", async () => {
  const later = "insert into drizzle.__drizzle_migrations (hash, created_at) values ('later', 99999999999999)";
  await asRole(urls.governance.owner, (owner) => owner.unsafe(later));
  const { err } = await runHub(["gateway"], { ...settings, HUB_SUPERGRAPH: "/nowhere" });
  expect(err).not.toContain("migrations");
  const migrated = await runHub(["migrate"], settings);
  expect([migrated.code, migrated.out]).toEqual([
    1,
    expect.stringContaining("newer than this program: deploy the newer program"),
  ]);
});
