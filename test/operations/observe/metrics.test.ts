import { readFileSync } from "node:fs";
import { createServer as createPort } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { startLog } from "../../../cli/record/process.ts";
import { readLogConfig } from "../../../cli/record/settings.ts";
import { showWorker } from "../../../cli/run/workerMetrics.ts";
import { createServer } from "../../../gateway/receive/server.ts";
import { readConfig } from "../../../gateway/runtime/config.ts";
import { createMetrics } from "../../../gateway/runtime/observe/metrics.ts";
import { listenForScrapes } from "../../../schema/observe/listener.ts";
import { Meter, remembered } from "../../../schema/observe/meter.ts";
import { readConfig as readSubgraphConfig } from "../../../subgraphs/kit/serve/config.ts";
import { asRole } from "../../kit/database.ts";
import { useHub } from "../../kit/hub.ts";
import { siti } from "../../kit/people.ts";
import { namesIn, samplesOf } from "./observeKit.ts";

const [port] = await freePorts(1);
const hub = useHub({ HUB_METRICS_PORT: String(port) });
const onItsOwn = `http://127.0.0.1:${port}`;
const HOUSEHOLD =
  "query ($id: ID!) { household(id: $id) { id monthlyIncome members { person { nik fullName enrolments { state } } } } }";

/** Ports nobody has by now. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createPort());
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((taken) => server.listen(0, "127.0.0.1", () => taken((server.address() as { port: number }).port))),
    ),
  );
  await Promise.all(servers.map((server) => new Promise((closed) => server.close(closed))));
  return ports;
}

const read = async (url: string) => (await fetch(url)).text();
const metrics = async () => samplesOf(await read(`${onItsOwn}/metrics`));

test("what is asked is counted: the request, the operation, its coordinates, each call, each entry", async () => {
  const before = await metrics();
  const { data } = await hub.as("kemensos").ask(HOUSEHOLD, { id: (await households())[0] });
  expect(data.household).not.toBeNull();
  await hub.as("kemensos").ask("{ nobodyKnowsThis }");
  await fetch(`${hub.gatewayUrl}/nowhere/${siti.nik}`);
  await expect.poll(async () => (await metrics()).get('hub_http_request_seconds_count{route="none"}')).toBeGreaterThan(0);
  const after = await metrics();
  const grown = (name: string) => (after.get(name) ?? 0) - (before.get(name) ?? 0);
  expect(grown('hub_http_requests_total{code="200"}')).toBe(1);
  expect(grown('hub_http_requests_total{code="400"}')).toBe(1);
  expect(grown('hub_http_requests_total{code="404"}')).toBe(1);
  expect(grown('hub_http_request_seconds_count{route="/graphql"}')).toBe(2);
  expect(grown('hub_graphql_operations_total{type="query",outcome="ok"}')).toBe(1);
  expect(grown('hub_graphql_operations_total{type="unknown",outcome="GRAPHQL_VALIDATION_FAILED"}')).toBe(1);
  expect(grown("hub_graphql_operation_seconds_count")).toBe(2);
  for (const subgraph of ["welfare", "population", "programs"])
    expect(grown(`hub_subgraph_request_seconds_count{subgraph="${subgraph}",outcome="ok"}`), subgraph).toBeGreaterThan(0);
  expect(grown('hub_policy_decisions_total{effect="allow"}')).toBeGreaterThan(3);
  expect(grown("hub_audit_append_seconds_count")).toBeGreaterThanOrEqual(3); // two of the answered, one of the refused
  expect(after.get('hub_circuit_state{subgraph="welfare",state="closed"}')).toBe(1);
  expect(after.get("hub_policy_epoch_age_seconds")).toBeLessThan(60);
  expect(after.get("hub_policy_uncompiled")).toBe(0);
  expect(after.get("hub_supergraph_reload_failed")).toBe(0);
  expect(after.get("hub_ready")).toBe(1);
  expect(after.get("hub_audit_lag")).toBeGreaterThanOrEqual(0);
  expect(after.has("nodejs_eventloop_lag_p99_seconds")).toBe(true);
});

const households = () =>
  asRole(hub.urls.welfare.owner, async (sql) => (await sql`select id from household limit 1`).map((row) => String(row["id"])));

test("what is denied is counted, and is no failure", async () => {
  const before = await metrics();
  const { denied } = await hub.as("bpjs-kesehatan").ask(HOUSEHOLD, { id: (await households())[0] });
  expect(denied.length).toBeGreaterThan(0);
  const after = await metrics();
  const grown = (name: string) => (after.get(name) ?? 0) - (before.get(name) ?? 0);
  expect(grown('hub_policy_decisions_total{effect="deny"}')).toBe(denied.length);
  expect(grown('hub_graphql_operations_total{type="query",outcome="ok"}')).toBe(1);
});

test("a label says nothing of anybody: every value comes from a closed list", async () => {
  const { nik } = siti;
  await hub.as("kemensos").ask(`query Cari${nik} { a${nik}: personByNik(nik: "${nik}") { fullName } }`);
  await fetch(`${hub.gatewayUrl}/graphql?query={personByNik(nik:"${nik}"){nik}}`);
  await fetch(`${hub.gatewayUrl}/graphql/sha256:${nik}`, { headers: { "x-request-id": nik, "user-agent": nik } });
  const slices = await Promise.all([...hub.slices.values()].map(({ url }) => read(new URL("/metrics", url).href)));
  for (const text of [await read(`${onItsOwn}/metrics`), ...slices]) {
    for (const word of [nik, "Cari", "kemensos", "PKS-", siti.fullName, "127.0.0.1"]) expect(text).not.toContain(word);
    const values = [...text.matchAll(/(\w+)="([^"]*)"/g)].filter(([, name]) => name !== "le").map(([, , value = ""]) => value);
    expect(values.length).toBeGreaterThan(10);
    expect(values.filter((value) => /\d{6}/.test(value))).toEqual([]);
  }
});

test("a subgraph tells of its fetches, statements, connections and refused envelopes", async () => {
  const at = new URL("/metrics", hub.slices.get("welfare")?.url).href;
  const before = samplesOf(await read(at));
  await fetch(hub.slices.get("welfare")?.url ?? "", { method: "POST", body: "{}" });
  await hub.as("kemensos").ask(HOUSEHOLD, { id: (await households())[0] });
  const after = samplesOf(await read(at));
  const grown = (name: string) => (after.get(name) ?? 0) - (before.get(name) ?? 0);
  expect(grown('hub_envelope_refusals_total{check="shape",subgraph="welfare"}')).toBe(1);
  expect(grown('hub_fetch_seconds_count{subgraph="welfare"}')).toBeGreaterThan(0);
  expect(grown('hub_fetch_statements_sum{subgraph="welfare"}')).toBeGreaterThan(0);
  expect(after.get('hub_pool_connections{of="reading",state="waiting",subgraph="welfare"}')).toBe(0);
});

test("work that waits is read where it waits, and seldom", async () => {
  const text = await read(`${onItsOwn}/metrics`);
  for (const [queue, state] of [
    ["exports", "queued"],
    ["exports", "running"],
    ["dci", "queued"],
    ["dci", "running"],
    ["webhooks", "failing"],
    ["webhooks", "paused"],
    ["webhooks", "dead"],
  ])
    expect(samplesOf(text).get(`hub_queue_jobs{queue="${queue}",state="${state}"}`), `${queue} ${state}`).toBe(0);
  let asked = 0;
  const remembering = remembered(10_000, async () => {
    asked += 1;
  });
  await Promise.all([remembering(), remembering()]);
  await remembering();
  expect(asked).toBe(1);
});

test("live, ready and metrics are at all their addresses, on both ports", async () => {
  for (const place of [hub.gatewayUrl, onItsOwn]) {
    for (const path of ["/health", "/health?ready", "/ready", "/readiness", "/metrics"]) {
      const answer = await fetch(`${place}${path}`);
      expect([place, path, answer.status]).toEqual([place, path, 200]);
      expect(answer.headers.get("cache-control")).toBe("no-store");
    }
    expect(await (await fetch(`${place}/health`)).json()).toEqual({ status: "live" });
    expect(await (await fetch(`${place}/health?ready`)).json()).toMatchObject({ status: "ready" });
  }
  expect((await fetch(`${onItsOwn}/graphql`)).status).toBe(404);
  expect((await fetch(`${onItsOwn}/metrics`, { method: "POST" })).status).toBe(405);
  expect(namesIn(await read(`${hub.gatewayUrl}/metrics`))).toEqual(namesIn(await read(`${onItsOwn}/metrics`)));
});

test("the port of the metrics tells what to look at, as the gateway's own does", async () => {
  const missing: string[] = [];
  const scraped = { metrics: async () => "", unready: () => missing, alarms: () => ["circuit:welfare"] };
  const { url, close } = await listenForScrapes(scraped, { host: "127.0.0.1", port: 0, movedBy: "X" });
  const app = createServer({ ...scraped, answer: () => Promise.reject(new Error("nobody asks")) });
  const told = async () => {
    const [own, other] = [await fetch(`${url}/ready`), await app.inject("/ready")];
    expect([own.status, await own.json()]).toEqual([other.statusCode, other.json()]);
    return [other.statusCode, other.json()];
  };
  expect(await told()).toEqual([200, { status: "ready", alarms: ["circuit:welfare"] }]);
  missing.push("policy");
  expect(await told()).toEqual([503, { status: "unready", missing: ["policy"], alarms: ["circuit:welfare"] }]);
  await Promise.all([close(), app.close()]);
});

test("in production metrics are on a port of their own or nowhere", () => {
  const gateway = (more: object) =>
    readConfig({ HUB_ENV: "dev", HUB_DATABASE_URL_GATEWAY: "postgres://x", HUB_DATABASE_URL_RECORD: "postgres://x", ...more });
  expect(gateway({}).metricsPort).toBeNull();
  expect(gateway({ HUB_METRICS_PORT: "9464" }).metricsPort).toBe(9464);
  expect(() => gateway({ HUB_METRICS_PORT: "many" })).toThrow("HUB_METRICS_PORT must be a port");
  expect(() => gateway({ OTEL_EXPORTER_OTLP_ENDPOINT: "collector" })).toThrow(
    "OTEL_EXPORTER_OTLP_ENDPOINT must be an http(s) address",
  );
  const slice = (more: object) =>
    readSubgraphConfig("welfare", { HUB_ENV: "dev", HUB_DATABASE_URL_WELFARE: "postgres://x", ...more });
  expect(slice({}).metricsPort).toBeUndefined();
  expect(slice({ HUB_METRICS_PORT: "9464" }).metricsPort).toBe(9464);
  expect(slice({ HUB_METRICS_PORT: "9464", HUB_METRICS_PORT_WELFARE: "9465" }).metricsPort).toBe(9465);
});

test("a reading that fails leaves its own gauge out, and labels without end do not fill the memory", async () => {
  const meter = new Meter();
  meter.gauge({ name: "good", help: "x" }, () => [{ value: 1 }]);
  meter.gauge({ name: "bad", help: "x" }, () => Promise.reject(new Error("away")));
  const counts = meter.counter({ name: "many", help: "x", labels: ["of"] });
  for (let n = 0; n < 5_000; n += 1) counts.of(`value${n}`).add();
  const samples = samplesOf(await meter.text());
  expect([samples.get("good"), samples.has("bad")]).toEqual([1, false]);
  const many = [...samples].filter(([name]) => name.startsWith("many"));
  expect(many.length).toBeLessThan(500);
  expect(many.reduce((sum, [, value]) => sum + value, 0)).toBe(5_000);
});

test("a histogram counts each value once, in the first range that holds it", async () => {
  const { meter, recorded } = createMetrics();
  for (const ms of [0.4, 5, 5.1, 60_000]) recorded(ms);
  const samples = samplesOf(await meter.text());
  const upTo = (le: string) => samples.get(`hub_audit_append_seconds_bucket{le="${le}"}`);
  expect([upTo("0.0005"), upTo("0.005"), upTo("0.01"), upTo("30"), upTo("+Inf")]).toEqual([1, 2, 3, 3, 4]);
  expect(samples.get("hub_audit_append_seconds_count")).toBe(4);
});

/** What each kind of process tells. */
const told = { gateway: "", subgraph: "", worker: "", log: "" };
const closing: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  const worker = await showWorker("matching", hub.urls.jobs ?? "", { HUB_METRICS_PORT: "0" });
  const config = readLogConfig({ HUB_ENV: "dev", HUB_LOG_PORT: "0" });
  const log = await startLog({ ...config, databaseUrl: hub.urls.log ?? "", note: () => {} });
  closing.push(log, ...(worker ? [worker] : []));
  await hub.as("kemensos").ask("{ me { agency { name } } }");
  told.gateway = await read(`${hub.gatewayUrl}/metrics`);
  told.subgraph = await read(new URL("/metrics", hub.slices.get("welfare")?.url).href);
  told.worker = await read(`${worker?.url}/metrics`);
  told.log = await read(`${log.url}/metrics`);
});
afterAll(async () => void (await Promise.all(closing.map((part) => part.close()))));

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly summary_en: string; readonly runbook_url: string };
}

const file = (path: string) => readFileSync(new URL(`../../../docs/${path}`, import.meta.url), "utf8");
const rules = (parse(file("observability/alerts.yml")) as { groups: { rules: Rule[] }[] }).groups.flatMap((group) => group.rules);
const dashboard = JSON.parse(file("observability/grafana-dashboard.json")) as {
  readonly panels: readonly {
    readonly id: number;
    readonly type: string;
    readonly title: string;
    readonly targets?: readonly { readonly expr: string }[];
  }[];
};
const questions = [
  ...rules.map(({ expr }) => expr),
  ...dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)),
];

/** Told by Prometheus itself of each process it reads. */
const BUILT_IN = ["up"];
/** Names of metrics in a question: words that are no function, no label and no text. */
const metricsOf = (expr: string): string[] => {
  const bare = expr
    .replace(/"[^"]*"/g, '""')
    .replace(/\{[^}]*\}/g, "")
    .replace(/\[[^\]]*\]/g, "")
    .replace(/\b(?:by|without)\s*\([^)]*\)/g, "");
  return [...bare.matchAll(/\b([a-z_][a-z0-9_]*)\b(?!\s*\()/g)].map(([, name = ""]) => name).filter((name) => name !== "or");
};
const known = (): Set<string> => {
  const names = Object.values(told).flatMap((text) => [...namesIn(text)]);
  const parts = Object.values(told).flatMap((text) => [...samplesOf(text).keys()].map((line) => line.replace(/\{.*/, "")));
  return new Set([
    ...names,
    ...names.flatMap((name) => ["_bucket", "_sum", "_count"].map((end) => name + end)),
    ...parts,
    ...BUILT_IN,
  ]);
};

test("every metric that dashboard and alerts ask for is told by a running hub", () => {
  expect(questions.length).toBeGreaterThan(50);
  const names = known();
  for (const expr of questions) {
    expect(metricsOf(expr).length, expr).toBeGreaterThan(0);
    for (const name of metricsOf(expr)) expect(names.has(name), `${name} in ${expr}`).toBe(true);
  }
});

test("a label that is asked by is one the metric has", () => {
  const text = Object.values(told).join("\n");
  for (const expr of questions)
    for (const [, name = "", asked = ""] of expr.matchAll(/(\w+)\{([^}]+)\}/g)) {
      const series = [...samplesOf(text).keys()].filter((line) => line.startsWith(`${name}{`));
      if (name === "up" || series.length === 0) continue; // nothing of it yet
      for (const [, label = ""] of asked.matchAll(/(\w+)\s*(?:=~|!=|!~|=)/g))
        expect(
          series.some((line) => line.includes(`${label}="`)),
          `${label} of ${name}`,
        ).toBe(true);
    }
});

test("questions have their brackets in order", () => {
  for (const expr of questions) {
    const open: string[] = [];
    for (const sign of expr.replace(/"[^"]*"/g, "").match(/[()[\]{}]/g) ?? []) {
      if ("([{".includes(sign)) open.push(sign);
      else expect(`${open.pop()}${sign}`, expr).toMatch(/^(?:\(\)|\[\]|\{\})$/);
    }
    expect(open, expr).toEqual([]);
  }
});

test("each alert says in both languages what is the matter, and where the runbook says what to do", () => {
  const anchors = new Set(
    [...file("runbook.md").matchAll(/^#+ (.+)$/gm)].map(([, title = ""]) =>
      title
        .toLowerCase()
        .replace(/[^\w -]/g, "")
        .replace(/ /g, "-"),
    ),
  );
  expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
  expect(rules.length).toBeGreaterThan(15);
  for (const { alert, labels, annotations } of rules) {
    expect(["critical", "warning"], alert).toContain(labels.severity);
    expect(annotations.summary.length, alert).toBeGreaterThan(20);
    expect(annotations.summary_en.length, alert).toBeGreaterThan(20);
    expect(annotations.summary).not.toBe(annotations.summary_en);
    const [path, anchor = ""] = annotations.runbook_url.split("#");
    expect(path).toBe("docs/runbook.md");
    expect(anchor).toBe(alert.toLowerCase());
    expect(anchors.has(anchor), annotations.runbook_url).toBe(true);
  }
});

test("the table of metrics names each one there is, and none that is not", () => {
  const inTable = new Set([...file("observability/README.md").matchAll(/`(hub_[a-z_]+)`/g)].map(([, name = ""]) => name));
  const real = new Set(Object.values(told).flatMap((text) => [...namesIn(text)].filter((name) => name.startsWith("hub_"))));
  expect(real.size).toBeGreaterThan(25);
  expect([...inTable].sort()).toEqual([...real].sort());
});

test("panels of the dashboard are apart and ask something", () => {
  const ids = dashboard.panels.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { type, title, targets = [] } of dashboard.panels) expect(type === "row" || targets.length > 0, title).toBe(true);
});

test("a worker tells how many tasks wait at its queue", () => {
  const samples = samplesOf(told.worker);
  for (const state of ["waiting", "later", "running", "failed"])
    expect(samples.get(`hub_queue_jobs{queue="matching",state="${state}"}`), state).toBe(0);
  expect(samples.get('hub_queue_oldest_seconds{queue="matching",state="waiting"}')).toBe(0);
});
