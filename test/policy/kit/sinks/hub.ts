import { existsSync, readFileSync, statSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, inject, vi } from "vitest";
import { startLog } from "../../../../cli/record/process.ts";
import { readLogConfig } from "../../../../cli/record/settings.ts";
import { startWorker } from "../../../../subgraphs/population/jobs/worker.ts";
import { asRole } from "../../../kit/database.ts";
import { useHub } from "../../../kit/hub.ts";
import { canary, loadCanary, Sinks } from "./kit.ts";
import type { Sent } from "./traffic.ts";

/** The hub with its log process, a worker, and whoever takes its alerts; all that any of them writes is put into `sinks`. */
export function useSinks() {
  const sinks = new Sinks();
  const hub = useHub({}, { heard: (part, line) => sinks.put(`log of ${part}`, line) });
  const parts = {} as Awaited<ReturnType<typeof startParts>> & { readonly warned: (warning: Error) => void };
  beforeAll(async () => {
    const warned = hearProcess(sinks);
    await loadCanary(hub.urls);
    Object.assign(parts, { warned, ...(await startParts(hub.urls, sinks)) });
  }, 60_000);
  afterAll(async () => {
    vi.restoreAllMocks();
    process.off("warning", parts.warned);
    await parts.worker?.stop();
    await parts.log?.close();
    parts.webhook?.close();
  });
  const send = async ({ path = "/graphql", method = "POST", client = "kemensos", person, headers, ...sent }: Sent) => {
    const body = sent.body ?? JSON.stringify({ query: sent.query, variables: sent.variables });
    const authorization = `Bearer ${await hub.tokenOf(client, person)}`;
    const accept = "application/graphql-response+json";
    return fetch(`${hub.gatewayUrl}${path}`, {
      method,
      headers: { authorization, accept, "content-type": "application/json", ...headers },
      ...(method === "POST" && { body }),
    }).then((response) => told(sinks, response));
  };
  return {
    sinks,
    hub,
    /** Sends one after the other; answers what data came. */
    async sendAll(all: readonly Sent[]): Promise<string[]> {
      const data: string[] = [];
      for (const sent of all) data.push(await send(sent));
      return data;
    },
    /** Puts all that has been written to disk and is told on request into the sinks, once log and watch have done their work. */
    async collect(): Promise<void> {
      await expect.poll(() => undone(hub.urls.governance.owner), { timeout: 150_000 }).toBe(0);
      await readTables(sinks, hub.urls);
      const read = async (url: string) => (await fetch(url)).text();
      for (const path of ["/metrics", "/checkpoint", "/health"])
        sinks.put("log over HTTP", await read(`${parts.log.url}${path}`));
      for (const path of ["/ready", "/health", "/metrics"])
        sinks.put("gateway over HTTP", await read(`${hub.gatewayUrl}${path}`));
      if (parts.postgres === null) return;
      const { path, from } = parts.postgres;
      for (const line of readFileSync(path).subarray(from).toString().split("\n")) sinks.put("log of PostgreSQL", line);
    },
  };
}

/** Puts all that an answer says into the sinks, but the data it may hold. Answers the data. */
export async function told(sinks: Sinks, response: Response): Promise<string> {
  const text = await response.text();
  sinks.put("headers of answers", JSON.stringify([...response.headers]));
  const { data, ...rest } = readJson(text);
  sinks.put(response.ok ? "words beside data" : "refusals", JSON.stringify(rest));
  return JSON.stringify(data ?? null);
}

function readJson(text: string): { readonly data?: unknown } {
  try {
    return JSON.parse(text) as { readonly data?: unknown };
  } catch {
    return { text } as object;
  }
}

/** Whatever goes past the loggers, such as a warning of a library. Answers the listener to take off again. */
function hearProcess(sinks: Sinks): (warning: Error) => void {
  for (const stream of ["stdout", "stderr"] as const)
    vi.spyOn(process[stream], "write").mockImplementation((text) => {
      sinks.put("output", String(text));
      return true;
    });
  for (const level of ["log", "info", "warn", "error", "debug"] as const)
    vi.spyOn(console, level).mockImplementation((...said) => sinks.put("output", said.map(String).join(" ")));
  const warned = (warning: Error) => sinks.put("output", String(warning));
  process.on("warning", warned);
  return warned;
}

type Urls = ReturnType<typeof useHub>["urls"];

async function startParts(urls: Urls, sinks: Sinks) {
  const note = (part: string) => (text: string) => sinks.put(`log of ${part}`, text);
  const postgres = await logOfPostgres();
  const webhook = await takingAlerts(sinks);
  const worker = await startWorker({ url: urls.jobs ?? "", threads: 1, note: note("worker") });
  const config = readLogConfig({
    ...{ HUB_ENV: "dev", HUB_LOG_PORT: "0", HUB_ALERT_SECRET: "s".repeat(32) },
    HUB_ALERT_WEBHOOK: `http://127.0.0.1:${(webhook.address() as AddressInfo).port}/`,
  });
  const log = await startLog({ ...config, databaseUrl: urls.log ?? "", note: note("log") });
  await asRole(
    urls.governance.owner,
    (sql) => sql`insert into canary (person_id, planted_by) values (${canary.id}, 'operator.hub')`,
  );
  return { postgres, webhook, worker, log };
}

/** Where the tests' own server writes its log, and how long it is by now; of another's (HUB_TEST_DATABASE_URL) nobody here reads the log. */
async function logOfPostgres() {
  const { adminUrl } = inject("databases");
  const [row] = await asRole(adminUrl, (sql) => sql`select current_setting('data_directory') as folder`);
  const path = `${row?.["folder"]}.log`;
  return existsSync(path) ? { path, from: statSync(path).size } : null;
}

async function takingAlerts(sinks: Sinks): Promise<Server> {
  const webhook = createServer((request, response) => {
    request.setEncoding("utf8").on("data", (text: string) => sinks.put("webhook", text));
    request.on("end", () => response.end());
  });
  await new Promise<void>((resolve) => webhook.listen(0, "127.0.0.1", resolve));
  return webhook;
}

/** Entries that are not yet in the tree or not watched, and alerts that nobody took. */
const undone = (governance: string): Promise<number> =>
  asRole(governance, async (sql) => {
    const [row] = await sql`select (select count(*) from entry) - (select count(*) from tree_entry)
      + (select (select count(*) from tree_entry) - coalesce(min(next), 0) from record_cursor where reader in ('accounting', 'watch'))
      + (select count(*) from watch_alert where delivered_at is null) as n`;
    return Number(row?.["n"]);
  });

/** Tables whose very purpose is to hold a data subject's own words and ids, or to name who stands behind a pseudonym. */
const OF_SUBJECTS = ["subject_request", "representation", "restriction", "breach_subject", "canary", "issued_pseudonym"];

async function readTables(sinks: Sinks, { governance }: Urls): Promise<void> {
  await asRole(governance.owner, async (sql) => {
    const tables = await sql<{ name: string }[]>`select tablename as name from pg_tables where schemaname = 'governance'`;
    for (const { name } of tables.filter((table) => !OF_SUBJECTS.includes(table.name)))
      for (const row of await sql.unsafe(`select t::text as text from governance.${name} t`))
        sinks.put(`table ${name}`, String(row["text"]));
  });
}

/** Puts tasks that wait to be tried again, with what they failed of, into the sinks. Answers how many there are. */
export const readQueue = (sinks: Sinks, { jobs }: Urls): Promise<number> =>
  asRole(jobs ?? "", async (sql) => {
    const failed = await sql`select j::text as text from graphile_worker._private_jobs j where last_error is not null`;
    for (const row of failed) sinks.put("queue of jobs", String(row["text"]));
    return failed.length;
  });
