import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, inject } from "vitest";
import { rawClient, SLICES } from "../../drizzle/client.ts";
import { accessStatements, type DatabaseUrls, urlsFor } from "../../drizzle/cluster.ts";

const SECOND = 1000;
let used = 0;

/**
 * Databases of the calling test file's own: migrated, with the ready-made agreements, 60 synthetic households and the story
 * people; or only migrated. `urls` answer from beforeAll on. Who leaves a connection open fails.
 */
export function useDatabases({ empty = false } = {}): { readonly urls: DatabaseUrls } {
  const { adminUrl, secret, ...made } = inject("databases");
  const template = empty ? made.empty : made.template;
  const prefix = `t_${process.pid}_${used++}_`;
  const urls = urlsFor({ adminUrl, secret, prefix });

  beforeAll(async () => {
    await asRole(adminUrl, async (admin) => {
      for (const slice of SLICES) {
        // copied as files, not by way of the log: half the time, and a quarter to drop it
        await admin.unsafe(`create database "${prefix}${slice}" template "${template}${slice}" strategy file_copy`);
        await admin.unsafe(accessStatements(slice, `${prefix}${slice}`));
      }
    });
  }, 60 * SECOND);

  afterAll(async () => {
    await asRole(adminUrl, async (admin) => {
      const left = await connectionsLeft(admin, prefix);
      for (const slice of SLICES) await admin.unsafe(`drop database if exists "${prefix}${slice}" with (force)`);
      if (left.length > 0) throw new Error(`connections left open by this test file: ${left.join(", ")}`);
    });
  }, 60 * SECOND);

  return { urls };
}

const GRACE = 3 * SECOND;

/** Who is still connected after a while: the last good-byes of a pool take a moment. */
async function connectionsLeft(admin: ReturnType<typeof rawClient>, prefix: string): Promise<string[]> {
  const deadline = Date.now() + GRACE;
  for (;;) {
    const rows = await admin`select usename || ' on ' || datname || ': ' || left(query, 60) as who from pg_stat_activity
      where starts_with(datname, ${prefix}) and backend_type = 'client backend'`;
    if (rows.length === 0 || Date.now() > deadline) return rows.map((row) => String(row["who"]));
    await sleep(50);
  }
}

/** Asks as the role of the URL, on a connection of its own. */
export async function asRole<T>(url: string, work: (client: ReturnType<typeof rawClient>) => Promise<T>): Promise<T> {
  const client = rawClient(url, { max: 1 });
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** As asRole, on one connection that stays for the tests of the file: for who asks a thousand times, one question at a time. */
export function useRole(url: () => string): <T>(work: (client: ReturnType<typeof rawClient>) => Promise<T>) => Promise<T> {
  let client: ReturnType<typeof rawClient> | undefined;
  afterAll(() => client?.end());
  return (work) => {
    client ??= rawClient(url(), { max: 1 });
    return work(client);
  };
}

/** Asks as whoever runs the server, who is bound by no grant and no policy of rows. `url` names the database. */
export function asServer<T>(url: string, work: (client: ReturnType<typeof rawClient>) => Promise<T>): Promise<T> {
  const admin = new URL(inject("databases").adminUrl);
  admin.pathname = new URL(url).pathname;
  return asRole(admin.href, work);
}

/**
 * Asks as the server's administrator with all triggers switched off: what no role of the hub may do, but whoever runs the server can.
 * `url` names the database. Gateways are told to look at governance afterwards.
 */
export function withoutTriggers<T>(url: string, work: (client: ReturnType<typeof rawClient>) => Promise<T>): Promise<T> {
  return asServer(url, async (client) => {
    await client`set session_replication_role = replica`;
    const done = await work(client);
    await client`update governance.epoch set n = n + 1`;
    await client`select pg_notify('policy', '')`;
    return done;
  });
}

/** SQLSTATE a question failed with, or NO ERROR. */
export const failing = (question: Promise<unknown>): Promise<unknown> => question.then(() => "NO ERROR", codeOf);
const codeOf = (error: unknown): unknown =>
  (error as { cause?: { code?: unknown } }).cause?.code ?? (error as { code?: unknown }).code;
