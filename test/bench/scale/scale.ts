import { cpus, loadavg } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { rawClient } from "../../../drizzle/client.ts";
import type { DatabaseUrls } from "../../../drizzle/cluster.ts";
import { seed } from "../../../drizzle/synthetic/seed.ts";
import { outsideOf } from "../../operations/chaos/part.ts";
import { startTown, type Town } from "../../operations/chaos/town.ts";
import { type Question, questionsOf, samplesOf } from "./asks.ts";
import { type Admin, beginCounting, heaviest, megabytesOf, type Work, workOf } from "./work.ts";

// How time, work and memory grow with the registry: the same questions of one hub whose registry grows tenfold between.

const SIZES = "1000,10000,100000";
const FLAGS = {
  ...{ shared_buffers: "1GB", max_connections: 200, max_wal_size: "4GB", fsync: "off" },
  ...{ shared_preload_libraries: "pg_stat_statements", "pg_stat_statements.max": 10_000 },
};
const out = (text: string): void => void process.stdout.write(`${text}\n`);

export const help = "npm run bench -- scale [--households 1000,10000,100000] [--questions PATTERN] [--times 40] [--statements]";

interface Row extends Work {
  readonly name: string;
  readonly p50: number;
  readonly p95: number;
  readonly p50Of8: number;
  readonly p95Of8: number;
}
interface Sized {
  readonly households: number;
  readonly rows: readonly Row[];
}

export async function run(argv: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      households: { type: "string", default: SIZES },
      questions: { type: "string", default: "" },
      times: { type: "string", default: "40" },
      statements: { type: "boolean", default: false },
    },
  });
  process.env["HUB_ENV"] = "dev";
  const [first = 1000, ...more] = values.households.split(",").map(Number);
  const asking = { only: new RegExp(values.questions), times: Number(values.times), isTelling: values.statements };
  const town = await startTown({ households: first, flags: FLAGS, env: { HUB_SUBGRAPH_TIMEOUT_MS: "10000" } });
  const admin = rawClient(town.adminUrl, { max: 1 });
  try {
    out(
      `${new Date().toISOString().slice(0, 10)}, ${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}, PostgreSQL 18\n`,
    );
    const sized: Sized[] = [{ households: first, rows: await sizeOf(town, { admin, households: first, ...asking }) }];
    for (const households of more) {
      const began = performance.now();
      await seed(town.urls, { households, seed: "town" });
      out(`\n${households} households after ${((performance.now() - began) / 1000).toFixed(0)} s of loading`);
      sized.push({ households, rows: await sizeOf(town, { admin, households, ...asking }) });
    }
    growth(sized);
  } finally {
    await admin.end();
    await town.close();
  }
}

interface Asking {
  readonly admin: Admin;
  readonly households: number;
  readonly only: RegExp;
  readonly times: number;
  readonly isTelling: boolean;
}

async function sizeOf(town: Town, { admin, households, only, times, isTelling }: Asking): Promise<Row[]> {
  await analyzed(town.urls);
  const from = `${(households.toString().length * 2).toString(16)}0000000-0000-0000-0000-000000000000`;
  const questions = questionsOf(await samplesOf(town.urls, from)).filter(({ name }) => only.test(name));
  out(`\n### ${households} households, load ${loadavg()[0]?.toFixed(1)}\n`);
  out("| question | p50, p95 ms | p50, p95 ms of 8 at once | statements | rows | pages |\n|---|---|---|---|---|---|");
  const rows: Row[] = [];
  for (const question of questions) {
    const row = await measured(town, question, { admin, times });
    rows.push(row);
    const ms = (one: number) => one.toFixed(one < 10 ? 1 : 0);
    out(
      `| ${row.name} | ${ms(row.p50)}, ${ms(row.p95)} | ${ms(row.p50Of8)}, ${ms(row.p95Of8)} | ${row.statements.toFixed(1)} | ${row.rows.toFixed(0)} | ${row.pages.toFixed(0)} |`,
    );
    if (isTelling) for (const line of await heaviest(admin, 3)) out(`    ${line}`);
  }
  const memory = [town.gateway, ...town.slices.values()].map(
    (part) => `${part.name} ${outsideOf(part.pid).residentMb.toFixed(0)}`,
  );
  out(`\nresident MB: ${memory.join(", ")}; databases ${(await megabytesOf(admin)).toFixed(0)} MB`);
  return rows;
}

/** Statistics of a table that has just grown tenfold are old; autovacuum would see to it in a minute. */
async function analyzed(urls: DatabaseUrls): Promise<void> {
  for (const { owner } of [urls.population, urls.welfare, urls.programs, urls.governance]) {
    const sql = rawClient(owner, { max: 1, onnotice: () => {} });
    await sql`vacuum analyze`;
    await sql.end();
  }
}

interface Measuring {
  readonly admin: Admin;
  readonly times: number;
}

async function measured(town: Town, question: Question, { admin, times }: Measuring): Promise<Row> {
  const ask = await asker(town, question);
  for (let nth = 0; nth < 8; nth += 1) await ask(nth); // plans, connections and pages are there afterwards
  await beginCounting(admin);
  const alone: number[] = [];
  for (let nth = 0; nth < times; nth += 1) alone.push(await ask(8 + nth));
  const work = await workOf(admin, times);
  const together: number[] = [];
  let nth = 8 + times;
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      for (let time = 0; time < times / 2; time += 1) together.push(await ask(nth++));
    }),
  );
  const at = (list: number[], share: number) => list.sort((a, b) => a - b)[Math.floor(list.length * share)] ?? Number.NaN;
  return {
    ...{ ...work, name: question.name, p50: at(alone, 0.5), p95: at(alone, 0.95) },
    ...{ p50Of8: at(together, 0.5), p95Of8: at(together, 0.95) },
  };
}

/** Asks for the nth; milliseconds it took. Throws on what is no answer. */
async function asker(town: Town, { name, client, person, query, variables, deep }: Question) {
  const tokens = new Map<string | undefined, Promise<string>>();
  const tokenOf = (who: string | undefined) => {
    const token = tokens.get(who) ?? town.issuer.token(client, who);
    tokens.set(who, token);
    return token;
  };
  const send = async (nth: number, more: object = {}) => {
    const token = await tokenOf(person?.(nth));
    const body = JSON.stringify({ query, variables: { ...variables(nth), ...more } });
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    for (let patience = 50; ; patience -= 1) {
      const began = performance.now();
      const response = await fetch(`${town.url}/graphql`, { method: "POST", headers, body });
      const { data, errors = [] } = (await response.json()) as { data?: any; errors?: { extensions: { code: string } }[] };
      const codes = errors.map(({ extensions }) => extensions.code).filter((code) => !code.startsWith("FIELD_"));
      if (data && codes.length === 0) return { data, ms: performance.now() - began };
      if (response.status !== 503 || patience === 0)
        throw new Error(`${name}: ${response.status} ${JSON.stringify(errors).slice(0, 600)}`);
      await sleep(200); // a machine that stalls: the hub says so, and a client comes back
    }
  };
  const after = deep === undefined ? {} : { after: await deepIn(deep, async (cursor) => (await send(0, cursor)).data) };
  return async (nth: number) => (await send(nth, after)).ms;
}

const DEEP_PAGES = 200;

/** A cursor many pages in, or half way through a list that is shorter. */
async function deepIn(list: string, page: (cursor: object) => Promise<any>): Promise<string | null> {
  const cursors: (string | null)[] = [null];
  while (cursors.length <= DEEP_PAGES) {
    const { endCursor, hasNextPage } = (await page({ after: cursors.at(-1) }))[list].pageInfo;
    if (!hasNextPage) return cursors[cursors.length >> 1] ?? null;
    cursors.push(endCursor);
  }
  return cursors.at(-1) ?? null;
}

/** By how much each grows where the registry grows tenfold; 1: it does not. */
function growth(sized: readonly Sized[]): void {
  const [first, last] = [sized[0], sized.at(-1)];
  if (!first || !last || first === last) return;
  const decades = Math.log10(last.households / first.households);
  out(`\n### Growth a decade, ${first.households} to ${last.households} households\n`);
  out("| question | p50 | p50 of 8 | rows | pages |\n|---|---|---|---|---|");
  for (const row of last.rows) {
    const before = first.rows.find(({ name }) => name === row.name);
    if (!before) continue;
    const factor = (of: "p50" | "p50Of8" | "rows" | "pages") => ((row[of] || 1) / (before[of] || 1)) ** (1 / decades);
    out(`| ${row.name} | ${(["p50", "p50Of8", "rows", "pages"] as const).map((of) => factor(of).toFixed(2)).join(" | ")} |`);
  }
}
