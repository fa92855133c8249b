import { hash, randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, vi } from "vitest";
import { main } from "../../cli/main.ts";
import { rawClient } from "../../drizzle/client.ts";
import type { DatabaseUrls } from "../../drizzle/cluster.ts";
import { createIntegrator, type Integrator, type LogSigner } from "../../drizzle/record/integrate.ts";
import { type Client, recordLag } from "../../drizzle/record/reads.ts";
import { signerOf } from "../../schema/policy/keys.ts";
import { leafHash } from "../../schema/record/leaf.ts";
import { noteKey } from "../../schema/record/note.ts";
import { tagsOf } from "../../schema/record/tags.ts";
import { asServer } from "../kit/database.ts";

const signer = signerOf("test key of the log, 32 characters", "log");
export const LOG: LogSigner = { signer, key: noteKey(signer, "hub.example/record", "ED25519") };
export const TAG_KEY = Buffer.alloc(32, 7);

interface Written {
  readonly receipt: string;
  readonly body: string;
}

/** Writes entries to the record as the gateway does, one transaction for all; each about one subject of its own. */
export async function writeEntries(record: Client, count: number, more: object = {}): Promise<Written[]> {
  const lines = Array.from({ length: count }, () => {
    const [receipt, tags] = [randomUUID(), tagsOf([randomUUID()], TAG_KEY)];
    const told = { v: 2, at: new Date().toISOString(), receipt, status: "ANSWERED", subjects: 1, tagsHash: hash("sha256", tags) };
    const body = JSON.stringify({ ...told, ...more });
    return { receipt, body, leaf: leafHash(body).toString("hex"), tags: tags.toString("hex") };
  });
  await record`insert into governance.entry (leaf, body, request_id, subjects)
    select decode(leaf, 'hex'), body, receipt, decode(tags, 'hex')
    from json_to_recordset(${JSON.stringify(lines)}::text::json) as line (leaf text, body text, receipt text, tags text)`;
  return lines;
}

export async function integrateAll(sql: Client, integrator: Integrator): Promise<number> {
  let taken = 0;
  while ((await recordLag(sql, false)).oldestUncovered !== null) {
    taken += (await integrator.integrate()) ?? 0;
    await sleep(10);
  }
  return taken;
}

/** The record of a test file's own hub, with an integrator that only works when it is told to. */
export function useLog(hub: { readonly urls: DatabaseUrls }) {
  const log = {} as { sql: Client; record: Client; integrator: Integrator };
  beforeAll(() => {
    const url = hub.urls.log;
    if (url === undefined) throw new Error("the hub under test has no log");
    log.sql = rawClient(url, { max: 2 });
    log.record = rawClient(hub.urls.record, { max: 1 });
    log.integrator = createIntegrator(log.sql, LOG);
  });
  afterAll(() => Promise.all([log.sql?.end(), log.record?.end()]));
  return {
    get sql() {
      return log.sql;
    },
    write: (count: number, more?: object) => writeEntries(log.record, count, more),
    /** One batch. Any writing transaction on the server may hold it back, other test files' too. */
    step: () => log.integrator.integrate(),
    /** Until every entry written is in the tree. Answers how many were taken. */
    integrate: () => integrateAll(log.sql, log.integrator),
    /** Receipts in the order of the tree. */
    async places(): Promise<string[]> {
      const rows = await log.sql<{ receipt: string }[]>`select e.request_id as receipt
        from governance.tree_entry t join governance.entry e on e.id = t.entry_id order by t.index`;
      return rows.map(({ receipt }) => receipt);
    },
  };
}

/** Asks as whoever runs the server, with all triggers switched off. */
export const tampering = <T>(url: string, work: (sql: Client) => Promise<T>): Promise<T> =>
  asServer(url, async (sql) => {
    await sql`set session_replication_role = replica`;
    return work(sql);
  });

/** One command line in this process, under HUB_ENV=dev and these variables alone: what it printed, and its exit code. */
export async function runHub(
  args: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): Promise<{ code: number; out: string; err: string }> {
  const [out, err]: [string[], string[]] = [[], []];
  const into = (printed: string[]) => (text: unknown) => printed.push(String(text)) > 0;
  const spies = [
    vi.spyOn(process.stdout, "write").mockImplementation(into(out)),
    vi.spyOn(process.stderr, "write").mockImplementation(into(err)),
  ];
  for (const name of Object.keys(process.env).filter((name) => name.startsWith("HUB_"))) vi.stubEnv(name, undefined);
  for (const [name, value] of Object.entries({ HUB_ENV: "dev", ...variables })) vi.stubEnv(name, value);
  try {
    const code = await main(args);
    return { code, out: out.join(""), err: err.join("") };
  } finally {
    for (const spy of spies) spy.mockRestore();
    vi.unstubAllEnvs();
  }
}
