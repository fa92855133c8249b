import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Server as TcpServer } from "node:net";
import { afterAll, beforeEach, expect, test } from "vitest";
import { createTransport } from "../../../gateway/execute/transport/transport.ts";
import type { SourceCall, Transport } from "../../../gateway/types/sources.ts";

type Behave = (request: IncomingMessage, response: ServerResponse) => void;
const requests: IncomingMessage[] = [];
let behave: Behave = () => undefined;
const server: Server = createServer((request, response) => {
  requests.push(request);
  request.resume().on("end", () => behave(request, response));
});
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
const minted: SourceCall[] = [];
/** One a test: what a source did in one says nothing in the next. */
const create = (): Transport =>
  createTransport({
    timeoutMs: 300,
    maxResponseBytes: 10_000,
    headers: (call) => {
      minted.push(call);
      return { "hub-envelope": String(minted.length) };
    },
  });
let transport = create();

const never = new AbortController().signal;
const CALL = {
  service: "population",
  url,
  body: '{"query":"{__typename}"}',
  idempotent: true,
  coordinates: { output: [], internal: [], arguments: [] },
  context: null,
  signal: never,
};
const send = (differences: Partial<SourceCall> = {}) =>
  transport.send({ ...CALL, deadline: performance.now() + 5000, ...differences });
const answerWith =
  (status: number, body: string): Behave =>
  (_, response) =>
    void response.writeHead(status).end(body);

beforeEach(async () => {
  await transport.close();
  transport = create();
  requests.length = 0;
  minted.length = 0;
});
afterAll(async () => {
  await transport.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

test("an answer comes through, under the headers minted for this attempt", async () => {
  behave = answerWith(200, '{"data":{"a":1},"errors":[{"message":"x"}],"extensions":{"secret":1}}');
  expect(await send()).toEqual({ data: { a: 1 }, errors: [{ message: "x" }] });
  expect(requests[0]?.headers["hub-envelope"]).toBe("1");
  expect(requests[0]?.method).toBe("POST");
});

test("whatever else a source sends is a failure, told by its kind", async () => {
  const cases: [status: number, body: string, failed: string][] = [
    [200, "<html>sign in</html>", "SUBGRAPH_INVALID_RESPONSE"],
    [200, '{"data":{"a":', "SUBGRAPH_INVALID_RESPONSE"],
    [200, "[]", "SUBGRAPH_INVALID_RESPONSE"],
    [200, "null", "SUBGRAPH_INVALID_RESPONSE"],
    [200, `{"data":"${"x".repeat(20_000)}"}`, "SUBGRAPH_INVALID_RESPONSE"],
    [404, "not here", "SUBGRAPH_INVALID_RESPONSE"],
    [401, '{"errors":[{"message":"envelope refused"}]}', "SUBGRAPH_UNAVAILABLE"],
    [500, '{"errors":[{"message":"select …"}]}', "SUBGRAPH_UNAVAILABLE"],
    [503, '{"errors":[{"message":"draining"}]}', "SUBGRAPH_UNAVAILABLE"],
  ];
  for (const [status, body, failed] of cases) {
    behave = answerWith(status, body);
    expect(await send(), `${status} ${body.slice(0, 20)}`).toMatchObject({ failed });
  }
});

test("a 400 with GraphQL errors is an answer", async () => {
  behave = answerWith(400, '{"errors":[{"message":"bad"}]}');
  expect(await send()).toEqual({ data: undefined, errors: [{ message: "bad" }] });
});

test("a hung source costs its timeout and little more, and the next call works at once", async () => {
  behave = () => undefined;
  const from = performance.now();
  expect(await send()).toMatchObject({ failed: "SUBGRAPH_TIMEOUT" });
  expect(performance.now() - from).toBeLessThan(450);
  expect(requests).toHaveLength(1);
  behave = answerWith(200, '{"data":{}}');
  expect(await send()).toEqual({ data: {} });
});

test("half an answer that never ends is a timeout", async () => {
  behave = (_, response) => void response.writeHead(200).write('{"data":');
  expect(await send()).toMatchObject({ failed: "SUBGRAPH_TIMEOUT" });
});

test("calls queued behind hung ones time out by their own clock", async () => {
  behave = () => undefined;
  const from = performance.now();
  const answers = await Promise.all(Array.from({ length: 80 }, () => send()));
  expect(answers.every((answer) => "failed" in answer && answer.failed === "SUBGRAPH_TIMEOUT")).toBe(true);
  expect(performance.now() - from).toBeLessThan(1000);
});

test("the question's deadline shortens the call, and without time left nothing is sent", async () => {
  behave = () => undefined;
  const patient = createTransport({
    timeoutMs: 60_000,
    maxResponseBytes: 10_000,
    headers: () => ({ "hub-envelope": String(minted.push({} as SourceCall)) }),
  });
  const ask = (deadline: number) => patient.send({ ...CALL, deadline });
  expect(await ask(performance.now() + 150)).toMatchObject({ failed: "SUBGRAPH_TIMEOUT" });
  expect(minted).toHaveLength(1);
  expect(await ask(performance.now() + 40)).toMatchObject({ failed: "SUBGRAPH_TIMEOUT" });
  expect(minted).toHaveLength(1);
  await patient.close();
});

test("a query is asked once more after 502, 503, 504 and a cut connection, under a new envelope", async () => {
  for (const first of [
    answerWith(502, ""),
    answerWith(503, ""),
    answerWith(504, ""),
    ((request) => void request.socket.destroy()) as Behave,
  ]) {
    requests.length = 0;
    minted.length = 0;
    behave = (request, response) =>
      requests.length === 1 ? first(request, response) : answerWith(200, '{"data":{"a":1}}')(request, response);
    expect(await send()).toEqual({ data: { a: 1 } });
    expect(requests.map(({ headers }) => headers["hub-envelope"])).toEqual(["1", "2"]);
  }
});

test("a mutation, a timeout and a plain 500 are never asked again", async () => {
  behave = answerWith(503, "");
  expect(await send({ idempotent: false })).toMatchObject({ failed: "SUBGRAPH_UNAVAILABLE" });
  behave = answerWith(500, "");
  expect(await send()).toMatchObject({ failed: "SUBGRAPH_UNAVAILABLE" });
  behave = () => undefined;
  expect(await send()).toMatchObject({ failed: "SUBGRAPH_TIMEOUT" });
  expect(requests).toHaveLength(3);
});

test("a source in trouble is not flooded with retries", async () => {
  let index = 0;
  behave = (request, response) => answerWith(index % 3 === 0 ? 503 : 200, '{"data":{}}')(request, response); // never so bad that its circuit opens
  for (; index < 120; index += 1) await send();
  expect(requests.length - 120, "of forty that fail ten are free, the others a tenth of all").toBeGreaterThan(15);
  expect(requests.length - 120).toBeLessThan(25);
});

test("a client that leaves ends its queries, not its mutations", async () => {
  behave = (_, response) => void setTimeout(() => response.writeHead(200).end('{"data":{"done":true}}'), 100);
  const client = new AbortController();
  setTimeout(() => client.abort(), 30);
  const from = performance.now();
  const [query, mutation] = await Promise.all([
    send({ signal: client.signal }).then((answer) => ({ answer, ms: performance.now() - from })),
    send({ signal: client.signal, idempotent: false }),
  ]);
  expect(query.answer).toMatchObject({ failed: "SUBGRAPH_UNAVAILABLE" });
  expect(query.ms).toBeLessThan(90);
  expect(mutation).toEqual({ data: { done: true } });
  expect(await send({ signal: client.signal })).toMatchObject({ failed: "SUBGRAPH_UNAVAILABLE" });
});

test("a dead address and a bad one are failures, not exceptions", async () => {
  const tcp: TcpServer = createTcpServer();
  await new Promise<void>((resolve) => tcp.listen(0, "127.0.0.1", resolve));
  const { port } = tcp.address() as AddressInfo;
  await new Promise((resolve) => tcp.close(resolve));
  expect(await send({ url: `http://127.0.0.1:${port}/graphql` })).toMatchObject({
    failed: "SUBGRAPH_UNAVAILABLE",
    detail: "ECONNREFUSED",
  });
  expect(await send({ url: "not an address" })).toMatchObject({ failed: "SUBGRAPH_UNAVAILABLE" });
});

test("a question with many calls under way raises no warning about its listeners", async () => {
  const warnings: string[] = [];
  const note = ({ name }: Error) => void warnings.push(name);
  process.on("warning", note);
  behave = answerWith(200, '{"data":{}}');
  const { signal } = new AbortController();
  await Promise.all(Array.from({ length: 30 }, () => send({ signal })));
  await new Promise((resolve) => setImmediate(resolve));
  process.off("warning", note);
  expect(warnings).toEqual([]);
});
