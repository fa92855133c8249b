import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Pool } from "undici";
import { devClients, type Issuer, startIssuer } from "../../../cli/run/issuer.ts";
import { type DatabaseUrls, migrateAll, prepareCluster } from "../../../drizzle/cluster.ts";
import { startEmbedded } from "../../../drizzle/embedded.ts";
import { seed } from "../../../drizzle/synthetic/seed.ts";
import { freePorts } from "../../kit/vitest/ports.ts";
import { load } from "../measure.ts";
import { child, type Sources, someNik, startReplay, startSubgraphs } from "./gateway.ts";
import { bodies } from "./questions.ts";

// Promise 4: at three times what a gateway can do, those it accepts wait little longer than in quiet, the others are told at once. Requests come by
// the clock, whether or not earlier ones have their answer, as those of many strangers do.

interface Answer {
  readonly status: number;
  readonly ms: number;
  readonly hasRetryAfter: boolean;
}

const out = (text: string) => process.stdout.write(`${text}\n`);

export async function run(argv: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...argv],
    options: { seconds: { type: "string", default: "10" }, question: { type: "string", default: "small" } },
  });
  process.env["HUB_ENV"] = "dev";
  const dir = mkdtempSync(join(tmpdir(), "hub-overload-"));
  const closers: (() => Promise<unknown> | unknown)[] = [() => rmSync(dir, { recursive: true, force: true })];
  try {
    const { urls, issuer } = await ground(dir, closers);
    const body = bodies(await someNik(urls))[values.question as "small" | "large"];
    const replayed = await startReplay(await startSubgraphs(urls, closers), closers);
    const target = await startOurs(replayed, { urls, issuer, closers });
    out(
      `${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}, load ${loadavg()[0]?.toFixed(1)}; ${values.question} question\n`,
    );
    await measure(target, { body, seconds: Number(values.seconds) });
  } finally {
    for (const close of closers.reverse()) await close();
  }
}

async function ground(dir: string, closers: (() => unknown)[]): Promise<{ urls: DatabaseUrls; issuer: Issuer }> {
  mkdirSync(join(dir, "pg"));
  const server = await startEmbedded({ dataDir: join(dir, "pg", "data"), port: 0 });
  closers.push(() => server.stop());
  const urls = await prepareCluster({ adminUrl: server.url, secret: "bench".repeat(8) });
  await migrateAll(urls);
  await seed(urls, { households: 500, seed: "bench" });
  const issuer = await startIssuer({ port: 0, clients: devClients(), dataDir: dir });
  closers.push(() => issuer.close());
  return { urls, issuer };
}

type Target = Parameters<typeof load>[0];

async function startOurs(
  sources: Sources,
  { urls, issuer, closers }: { urls: DatabaseUrls; issuer: Issuer; closers: (() => unknown)[] },
): Promise<Target> {
  const [port] = await freePorts(1);
  const env = {
    HUB_PORT: String(port),
    HUB_OIDC_ISSUER: issuer.url,
    HUB_DATABASE_URL_GATEWAY: urls.gateway,
    HUB_DATABASE_URL_RECORD: urls.record,
    ...Object.fromEntries(Object.entries(sources).map(([slice, url]) => [`HUB_SUBGRAPH_URL_${slice.toUpperCase()}`, url])),
  };
  const pid = await child(["cli/hub.js", "gateway"], { env, ready: /127\.0\.0\.1/, closers });
  const headers = async () => ({ authorization: `Bearer ${await issuer.token("kemensos")}` });
  return { name: "dtks-hub", url: `http://127.0.0.1:${port}/graphql`, pid, headers };
}

async function measure(target: Target, { body, seconds }: { body: string; seconds: number }): Promise<void> {
  const rates: number[] = [];
  for (const connections of [8, 24, 24, 24]) rates.push((await load(target, { body, connections, seconds: 3 })).perSecond);
  const perSecond = Math.max(...rates); // the first warms; what else the machine does meanwhile is not our capacity
  out(`capacity, 24 connections: ${perSecond.toFixed(0)} requests/s\n`);
  const memory = [residentOf(target.pid)];
  out("| | asked/s | accepted/s | accepted p50, p99 ms | refused p50, p99, worst ms | with Retry-After | other | memory MB |");
  out("|---|---|---|---|---|---|---|---|");
  for (const [name, share] of [
    ["quiet", 0.3],
    ["3 ×", 3],
    ["3 × again", 3],
    ["quiet after", 0.3],
  ] as const) {
    const answers = await storm(target, { body, perSecond: perSecond * share, seconds });
    memory.push(residentOf(target.pid));
    out(rowOf(name, { answers, perSecond: perSecond * share, seconds, memory: memory.at(-1) ?? 0 }));
  }
  out(`\nmemory before ${memory[0]} MB, at most ${Math.max(...memory)} MB between the rounds`);
}

function rowOf(
  name: string,
  { answers, perSecond, seconds, memory }: { answers: Answer[]; perSecond: number; seconds: number; memory: number },
): string {
  const of = (status: number) => answers.filter((answer) => answer.status === status);
  const [accepted, refused] = [of(200), of(503)];
  const ms = (list: readonly Answer[]) => list.map((answer) => answer.ms).sort((a, b) => a - b);
  const at = (list: readonly number[], share: number) =>
    (list[Math.min(list.length - 1, Math.floor(list.length * share))] ?? 0).toFixed(0);
  const [good, bad] = [ms(accepted), ms(refused)];
  const polite = refused.filter(({ hasRetryAfter }) => hasRetryAfter).length;
  const other = answers.length - accepted.length - refused.length;
  return `| ${name} | ${perSecond.toFixed(0)} | ${(accepted.length / seconds).toFixed(0)} | ${at(good, 0.5)}, ${at(good, 0.99)} | ${at(bad, 0.5)}, ${at(bad, 0.99)}, ${at(bad, 1)} | ${polite} of ${refused.length} | ${other} | ${memory} |`;
}

/** So many a second by the clock. A request's time counts from when it was due. */
async function storm(
  target: Target,
  { body, perSecond, seconds }: { body: string; perSecond: number; seconds: number },
): Promise<Answer[]> {
  const url = new URL(target.url);
  const pool = new Pool(url.origin, { connections: 1000, pipelining: 1, headersTimeout: 20_000 });
  const headers = { "content-type": "application/json", accept: "application/json", ...(await target.headers()) };
  const answers: Answer[] = [];
  const ask = async (due: number) => {
    const response = await pool.request({ path: url.pathname, method: "POST", headers, body });
    await response.body.dump();
    const { statusCode: status, headers: told } = response;
    answers.push({ status, ms: performance.now() - due, hasRetryAfter: told["retry-after"] !== undefined });
  };
  const startedAt = performance.now();
  const flying: Promise<void>[] = [];
  for (let sent = 0; sent < perSecond * seconds; ) {
    const due = Math.floor(((performance.now() - startedAt) / 1000) * perSecond);
    for (; sent < due; sent += 1)
      flying.push(ask(performance.now()).catch(() => void answers.push({ status: 0, ms: 0, hasRetryAfter: false })));
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await Promise.all(flying);
  await pool.close();
  return answers;
}

/** Linux only. */
const residentOf = (pid: number): number =>
  Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024);
