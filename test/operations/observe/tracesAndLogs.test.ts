import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { createLogger } from "../../../gateway/audit/log.ts";
import { formatNik } from "../../../schema/nik.ts";
import { openTracer } from "../../../schema/observe/tracer.ts";
import { createLog } from "../../../subgraphs/kit/serve/log.ts";
import { useHub } from "../../kit/hub.ts";
import { siti } from "../../kit/people.ts";
import { type Spanned, useCollector } from "./observeKit.ts";

const lines: { readonly part: string; readonly text: string }[] = [];
const collector = useCollector();
const hub = useHub(
  {
    get OTEL_EXPORTER_OTLP_ENDPOINT() {
      return collector.url;
    },
  },
  { heard: (part, text) => lines.push({ part, text }) },
);

/** Numbers of nobody, each of which comes by a way of its own. */
const nikOf = (n: number) => formatNik({ district: "351016", birthDate: "1959-12-27", sex: "FEMALE", serial: String(9800 + n) });
const CARRIED = Array.from({ length: 24 }, (_, n) => nikOf(n));
const SPACED = CARRIED.map((nik) => nik.replace(/(\d{6})(\d{6})/, "$1 $2 "));

const ask = async (path: string, init: RequestInit = {}) => {
  const authorization = `Bearer ${await hub.tokenOf("kemensos")}`;
  const headers = { authorization, "content-type": "application/json", ...init.headers };
  return fetch(`${hub.gatewayUrl}${path}`, { ...init, headers });
};
const post = (body: unknown, headers: Record<string, string> = {}) =>
  ask("/graphql", { method: "POST", body: typeof body === "string" ? body : JSON.stringify(body), headers });

const BY_NIK = "query ($n: String!) { personByNik(nik: $n) { fullName } }";

/** Every way something of a client's comes in. */
function ways(): (() => Promise<Response>)[] {
  const next = CARRIED.values();
  const nik = () => next.next().value ?? "";
  return [
    () => post({ query: `{ personByNik(nik: "${nik()}") { fullName nik } }` }),
    () => post({ query: BY_NIK, variables: { n: nik() } }),
    () => post({ query: BY_NIK, variables: { n: SPACED[2], m: { deep: [nik()] } } }),
    () => post({ query: BY_NIK, variables: { n: Number(nik()) } }),
    () => post({ query: `query Cari${nik()} { me { agency { name } } }`, operationName: `Cari${nik()}` }),
    () => post({ query: `{ a${nik()}: me { agency { name } } }` }),
    () => post({ query: `{ x${nik()} }` }),
    () => post({ query: `{ me { agency(nik: "${nik()}"` }),
    () => post({ query: `{ household(id: "${nik()}") { id } }` }),
    () => post({ query: "{ households(first: 1, after: $c) { nodes { id } } }", variables: { c: nik() } }),
    () => post(`{"query": "{ me }", "nik": ${nik()}`),
    () => post([nik()]),
    () => post({ documentId: `sha256:${nik()}` }),
    () =>
      post(
        { query: "{ me { agency { name } } }" },
        { "x-request-id": nik(), traceparent: `00-${nik()}${"0".repeat(15)}1-${nik()}-01` },
      ),
    () => post({ query: "{ me { agency { name } } }" }, { "hub-case": nik(), "user-agent": nik(), cookie: `a=${nik()}` }),
    () => post({ query: "{ me { agency { name } } }" }, { "hub-agreement": nik() }),
    () => post({ query: "{ me { agency { name } } }" }, { authorization: `Bearer ${nik()}` }),
    () => post(nik(), { "content-type": `text/${nik()}` }),
    () => ask(`/graphql?query=${encodeURIComponent(`{ personByNik(nik: "${nik()}") { fullName } }`)}`),
    () => ask(`/${nik()}/%E0%A4%A?x=${SPACED[0]}`),
  ];
}

test("a number that comes by any way stands in no log, metric, span or word of an answer", async () => {
  const told: string[] = [];
  for (const way of ways()) {
    const response = await way();
    const { data: _, ...words } = JSON.parse((await response.text()) || "{}") as { data?: unknown };
    told.push(JSON.stringify([words, ...response.headers]));
  }
  const metrics = await Promise.all(
    [`${hub.gatewayUrl}/metrics`, ...[...hub.slices.values()].map(({ url }) => new URL("/metrics", url).href)].map(async (url) =>
      (await fetch(url)).text(),
    ),
  );
  const requests = () => collector.spans.filter(({ attributes }) => "http.route" in attributes);
  await expect.poll(() => requests().length).toBeGreaterThan(15);
  await expect.poll(() => collector.spans.some(({ name }) => name === "fetch")).toBe(true); // sources send theirs by themselves
  const sinks = { log: lines.map(({ text }) => text), metrics, spans: collector.texts, told };
  for (const [sink, texts] of Object.entries(sinks)) {
    expect(texts.length, sink).toBeGreaterThan(1);
    for (const nik of [...CARRIED, ...SPACED])
      expect(
        texts.filter((text) => text.includes(nik)),
        sink,
      ).toEqual([]);
  }
  expect(lines.filter(({ part }) => part === "gateway").length).toBeGreaterThan(20);
  expect(new Set(lines.map(({ part }) => part)).size).toBeGreaterThan(3);
});

test("each request has one line: id, status, route, time, client and agreement, and nothing of what was asked", async () => {
  const from = lines.length;
  const id = "3f0c8a5e-6f0b-4a39-9d3f-0b6d1f7c2a11";
  await post({ query: "query Rahasia { me { agency { name } } }", variables: { kata: "sandi" } }, { "x-request-id": id });
  const mine = () => lines.slice(from).filter(({ part, text }) => part === "gateway" && text.includes(id));
  await expect.poll(() => mine().length).toBe(1);
  const line = JSON.parse(mine()[0]?.text ?? "{}");
  expect(Object.keys(line).sort()).toEqual(
    ["agreement", "client", "level", "ms", "msg", "part", "requestId", "route", "status", "time", "traceId"].sort(),
  );
  expect(line).toMatchObject({ level: 30, msg: "answered", requestId: id, route: "/graphql", status: 200, client: "kemensos" });
  expect(JSON.stringify(line)).not.toMatch(/Rahasia|sandi|agency/);
});

test("what machines ask every few seconds has a line of the quiet kind only", async () => {
  const from = lines.length;
  for (const path of ["/health", "/ready", "/metrics"]) await ask(path);
  const quiet = () => lines.slice(from).filter(({ text }) => /"route":"\/(?:health|ready|metrics)"/.test(text));
  await expect.poll(() => quiet().length).toBe(3);
  for (const { text } of quiet()) expect(JSON.parse(text).level).toBe(20);
});

test("two lines about one number are seen to be, whatever wrote them; another number has another mark", () => {
  const told: string[] = [];
  const write = (line: string) => void told.push(line);
  const gateway = createLogger({ level: "trace", write });
  const slice = createLog({ name: "welfare", level: "trace", stream: { write } });
  const [one = "", other = ""] = CARRIED;
  gateway.fatal({ err: new Error(`no row for ${one}`, { cause: new Error(`key (nik)=(${one})`) }) }, `failed at ${SPACED[0]}`);
  slice.trace({ deep: { still: [one] } }, `failed at ${one}`);
  slice.warn(`and ${other}`);
  gateway.info(`a row of digits: 9999 9999 9999 9999`);
  const marks = told.map((line) => line.match(/\[NIK:[0-9a-f]{8}\]/g) ?? []);
  expect(marks.map(({ length }) => length)).toEqual([3, 2, 1, 0]);
  const mark = marks[0]?.[0];
  for (const found of [...(marks[0] ?? []), ...(marks[1] ?? [])]) expect(found).toBe(mark);
  expect(marks[2]?.[0]).not.toBe(mark);
  expect(told[3]).toContain("a row of digits: [NIK]");
  expect(told.join()).not.toMatch(/\d{16}/);
});

test("a name that holds a secret is cut in both kinds of logs, at the top and one level down", () => {
  const told: string[] = [];
  const write = (line: string) => void told.push(line);
  const secrets = {
    authorization: "canary",
    cookie: "canary",
    body: "canary",
    document: "canary",
    variables: "canary",
    headers: "canary",
  };
  createLogger({ level: "info", write }).info({ ...secrets, request: secrets }, "x");
  createLog({ name: "welfare", stream: { write } }).info({ ...secrets, request: secrets }, "x");
  expect(told).toHaveLength(2);
  expect(told.join()).not.toContain("canary");
});

const QUESTION = readFileSync(new URL("../../../docs/questions/households.graphql", import.meta.url), "utf8");
const [SERVER, CLIENT] = [2, 3];
const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const CALLER = "00f067aa0ba902b7";

/** Asks with a trace of the client's own. */
async function askUnder(query: string, variables: object, traceparent: string): Promise<Response> {
  return fetch(hub.url, {
    method: "POST",
    headers: {
      authorization: `Bearer ${await hub.tokenOf("kemensos")}`,
      "content-type": "application/json",
      ...(traceparent && { traceparent }),
    },
    body: JSON.stringify({ query, variables }),
  });
}

const spansOf = (traceId: string): Spanned[] => collector.spans.filter((span) => span.traceId === traceId);

test("one question over four sources is one trace: the request, its stages, each call, each fetch, each statement", async () => {
  const response = await askUnder(QUESTION, { first: 5 }, `00-${TRACE}-${CALLER}-01`);
  expect(response.headers.get("traceparent")).toMatch(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-01$`));
  const { data } = (await response.json()) as { data: { households: { nodes: readonly unknown[] } } };
  expect(data.households.nodes.length).toBeGreaterThan(0);
  await expect
    .poll(() => spansOf(TRACE).some(({ kind, service }) => kind === SERVER && service === "dtks-hub-gateway"))
    .toBe(true);
  await expect.poll(() => spansOf(TRACE).filter(({ name }) => name === "fetch").length).toBeGreaterThanOrEqual(4);

  const spans = spansOf(TRACE);
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const parentOf = ({ parentSpanId = "" }: Spanned) => byId.get(parentSpanId);
  const [request, ...others] = spans.filter(({ service, kind }) => service === "dtks-hub-gateway" && kind === SERVER);
  expect(others).toEqual([]);
  expect(request).toMatchObject({ name: "query", parentSpanId: CALLER, attributes: { "graphql.operation.type": "query" } });
  expect(request?.attributes).toMatchObject({ "http.route": "/graphql", "http.response.status_code": 200 });
  expect(request?.attributes).not.toHaveProperty(["graphql.operation.name"]); // the client's own words

  const stages = spans.filter((span) => parentOf(span) === request && span.kind !== CLIENT).map(({ name }) => name);
  expect(stages).toEqual(["authorize", "plan", "execute", "record"]);
  const calls = spans.filter(({ service, kind }) => service === "dtks-hub-gateway" && kind === CLIENT);
  expect(new Set(calls.map(({ name }) => name))).toEqual(new Set(["welfare", "population", "programs", "governance"]));
  for (const call of calls) expect(parentOf(call)?.name).toBe("execute");
  const fetches = spans.filter(({ name }) => name === "fetch");
  expect(fetches.length).toBe(calls.length);
  for (const one of fetches) {
    expect(one.kind).toBe(SERVER);
    expect(one.service).toBe(`dtks-hub-${parentOf(one)?.name}`);
  }
  const statements = spans.filter(({ attributes }) => attributes["db.system.name"] === "postgresql");
  expect(statements.length).toBeGreaterThanOrEqual(fetches.length);
  for (const statement of statements) {
    expect(["SELECT", "WITH"]).toContain(statement.name);
    expect(parentOf(statement)?.service).toBe(statement.service);
    expect(parentOf(statement)?.name).toBe("fetch");
  }
});

test("a client that does not sample is traced all the same, under its own trace, and a refused one by its outcome", async () => {
  const quiet = "4bf92f3577b34da6a3ce929d0e0e4737";
  const loud = "4bf92f3577b34da6a3ce929d0e0e4738";
  const silent = await askUnder("{ me { agency { name } } }", {}, `00-${quiet}-${CALLER}-00`);
  expect(silent.headers.get("traceparent")).toMatch(new RegExp(`^00-${quiet}-[0-9a-f]{16}-01$`));
  await askUnder("{ nobodyKnowsThis }", {}, `00-${loud}-${CALLER}-01`);
  await expect
    .poll(() =>
      spansOf(loud)
        .map(({ name }) => name)
        .sort(),
    )
    .toEqual(["authorize", "request"]);
  await expect.poll(() => spansOf(quiet).map(({ name }) => name)).toContain("query");
});

test("no span tells a document, a variable, a value or a name, and digits of somebody in a trace's id are not taken over", async () => {
  const { nik, fullName } = siti;
  const asked = `query Cari${nik} ($n: String!) { a${nik}: personByNik(nik: $n) { fullName } b: personByNik(nik: "${nik}") { nik } }`;
  const response = await askUnder(asked, { n: nik }, `00-${nik}${nik}-${CALLER}-01`);
  const echoed = response.headers.get("traceparent") ?? "";
  expect(echoed).not.toContain(nik);
  const traceId = echoed.slice(3, 35);
  await expect.poll(() => spansOf(traceId).length).toBeGreaterThan(0);
  await expect.poll(() => spansOf(traceId).some(({ name }) => name === "fetch" || name === "request")).toBe(true);
  const sent = collector.texts.join("\n");
  for (const word of [nik, fullName, "Cari", "personByNik", "kemensos", "PKS-", "select ", "where "])
    expect(sent).not.toContain(word);
});

test("a collector that hangs does not hold up an end", async () => {
  const hanging = createServer(() => {});
  await new Promise<void>((ready) => hanging.listen(0, "127.0.0.1", ready));
  const tracer = await openTracer({ endpoint: `http://127.0.0.1:${(hanging.address() as AddressInfo).port}/`, service: "test" });
  tracer.start("request").end();
  let isClosed = false;
  const closing = tracer.close(50).then(() => {
    isClosed = true;
  });
  await expect.poll(() => isClosed, { timeout: 4_000 }).toBe(true); // sending takes five seconds at most
  hanging.closeAllConnections();
  hanging.close();
  await closing;
});

test("a collector that fails costs spans, never an answer", async () => {
  collector.state.status = 503;
  for (let n = 0; n < 3; n += 1) {
    const response = await askUnder("{ me { agency { name } } }", {}, "");
    expect(response.status).toBe(200);
    expect(response.headers.get("traceparent")).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  }
  collector.state.status = 200;
});
