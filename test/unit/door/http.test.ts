import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { languageOf, mediaTypeOf } from "../../../gateway/receive/negotiate.ts";
import { receive } from "../../../gateway/receive/receive.ts";
import { refuse, respond } from "../../../gateway/receive/respond.ts";
import { createServer } from "../../../gateway/receive/server.ts";
import type { Asked, Disclosure, Incoming } from "../../../gateway/types/chain.ts";
import { limitReached, Refusal } from "../../../schema/errors.ts";

const NOTHING: Disclosure = {
  data: {},
  errors: [],
  denied: [],
  transformed: [],
  inSomeRows: [],
  shown: [],
  subjects: [],
  persons: [],
  lookups: [],
  verdicts: {},
  fetches: [],
};
const seen: Asked[] = [];
const missing: string[] = [];
let next: (asked: Asked) => Disclosure | Promise<Disclosure> = () => NOTHING;

const app = createServer({
  limits: { concurrent: 2, requestMs: 1500 },
  unready: () => missing,
  answer: async (request: Incoming) => {
    try {
      const asked = await receive(request);
      seen.push(asked);
      return respond(asked, await next(asked));
    } catch (error) {
      return refuse(error, request);
    }
  },
});
let url = "";
beforeAll(async () => {
  url = await app.listen({ host: "127.0.0.1", port: 0 });
});
afterAll(() => app.close());

const post = (body: string, headers: Record<string, string> = {}) =>
  fetch(`${url}/graphql`, { method: "POST", headers: { "content-type": "application/json", ...headers }, body });
const codeOf = async (response: Response) =>
  ((await response.json()) as { errors: { extensions: { code: string } }[] }).errors[0]?.extensions.code;

describe("what is not GraphQL over HTTP is refused in the shape of a GraphQL error", () => {
  const good = '{"query":"{ a }"}';
  test.each([
    ["malformed JSON", 400, "BAD_REQUEST", () => post('{"query":')],
    ["an array", 400, "BAD_REQUEST", () => post(`[${good}]`)],
    ["no body", 400, "BAD_REQUEST", () => post("")],
    ["no query", 400, "BAD_REQUEST", () => post('{"variables":{}}')],
    ["variables as a list", 400, "BAD_REQUEST", () => post('{"query":"{a}","variables":[1]}')],
    ["a trusted document that cannot exist", 400, "PERSISTED_QUERY_NOT_FOUND", () => post('{"documentId":"sha256:00"}')],
    [
      "an Apollo hash that cannot exist",
      400,
      "PERSISTED_QUERY_NOT_FOUND",
      () => post('{"extensions":{"persistedQuery":{"sha256Hash":"00"}}}'),
    ],
    [
      "Apollo's way to register a document",
      400,
      "PERSISTED_QUERY_NOT_SUPPORTED",
      () => post(`{"query":"{ a }","extensions":{"persistedQuery":{"sha256Hash":"${"0".repeat(64)}"}}}`),
    ],
    ["a document and the id of one", 400, "BAD_REQUEST", () => post(`{"query":"{ a }","documentId":"${"0".repeat(64)}"}`)],
    [
      "a trusted document by GET that cannot exist",
      400,
      "PERSISTED_QUERY_NOT_FOUND",
      () => fetch(`${url}/graphql?documentId=sha256:00`),
    ],
    ["nothing by GET", 400, "BAD_REQUEST", () => fetch(`${url}/graphql`)],
    ["a page", 406, "NOT_ACCEPTABLE", () => post(good, { accept: "text/html" })],
    ["plain text", 415, "UNSUPPORTED_MEDIA_TYPE", () => post(good, { "content-type": "text/plain" })],
    ["a form", 415, "UNSUPPORTED_MEDIA_TYPE", () => post("query={a}", { "content-type": "application/x-www-form-urlencoded" })],
    ["a nonsense type", 415, "UNSUPPORTED_MEDIA_TYPE", () => post(good, { "content-type": "///" })],
    ["a packed body", 415, "UNSUPPORTED_MEDIA_TYPE", () => post(good, { "content-encoding": "gzip" })],
    ["PUT", 405, "METHOD_NOT_ALLOWED", () => fetch(`${url}/graphql`, { method: "PUT", body: good })],
    ["DELETE", 405, "METHOD_NOT_ALLOWED", () => fetch(`${url}/graphql`, { method: "DELETE" })],
    ["five megabytes", 413, "PAYLOAD_TOO_LARGE", () => post(JSON.stringify({ query: "x".repeat(5_000_000) }))],
    ["another path", 404, "NOT_FOUND", () => fetch(`${url}/supergraph.graphql`)],
    ["a broken path", 400, "BAD_REQUEST", () => fetch(`${url}/%zz`)],
  ])("%s", async (...[, status, code, ask]) => {
    const before = seen.length;
    const response = await ask();
    expect(response.status).toBe(status);
    expect(response.headers.get("content-type")).toBe("application/json; charset=utf-8");
    expect(await codeOf(response)).toBe(code);
    expect(seen.length).toBe(before);
  });

  test("a trusted document is known by its id, however it is sent, and brings no text", async () => {
    const id = "0".repeat(64);
    next = () => NOTHING;
    for (const ask of [
      () => post(`{"documentId":"sha256:${id}"}`),
      () => post(`{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"${id}"}}}`),
      () => fetch(`${url}/graphql?documentId=sha256:${id}`),
    ]) {
      expect((await ask()).status).toBe(200);
      expect(seen.at(-1)).toMatchObject({ documentId: id, document: "" });
    }
  });

  test("bytes that are not HTTP get an answer, not silence", async () => {
    const socket = connect(Number(new URL(url).port), "127.0.0.1").end("garbage\r\n\r\n");
    const text = await new Promise<string>((resolve) => socket.once("data", (chunk) => resolve(String(chunk))));
    expect(text).toMatch(/^HTTP\/1\.1 400 /);
    expect(JSON.parse(text.split("\r\n\r\n")[1] ?? "")).toMatchObject({ errors: [{ extensions: { code: "BAD_REQUEST" } }] });
  });

  test("a method that is not allowed is told which ones are", async () => {
    expect((await fetch(`${url}/graphql`, { method: "PUT", body: "{}" })).headers.get("allow")).toBe("GET, POST");
    next = () => {
      throw new Refusal({ code: "METHOD_NOT_ALLOWED" });
    };
    expect((await fetch(`${url}/graphql?query=mutation{a}`)).headers.get("allow")).toBe("POST");
    next = () => NOTHING;
  });
});

describe("what a request carries", () => {
  test("arrives as asked, and nothing of it is believed yet", async () => {
    const body = JSON.stringify({
      query: "query Q($a: Int) { a }",
      operationName: "Q",
      variables: { a: 1 },
      extensions: { jwt: "admin" },
    });
    await post(body, { authorization: "Bearer x", "hub-agreement": "PKS-1", "hub-case": "12/2026", "accept-language": "en" });
    expect(seen.at(-1)).toMatchObject({
      document: "query Q($a: Int) { a }",
      operationName: "Q",
      variables: { a: 1 },
      authorization: "Bearer x",
      agreementNumber: "PKS-1",
      caseNumber: "12/2026",
      language: "en",
      method: "POST",
      address: "127.0.0.1",
    });
    expect(seen.at(-1)).not.toHaveProperty("extensions");
  });

  test("a question mark inside a GET's query does not cut it short", async () => {
    await fetch(`${url}/graphql?query=${encodeURIComponent("{ a }").replaceAll("%20", "+")}&variables={"x":"a?b"}`);
    expect(seen.at(-1)).toMatchObject({ document: "{ a }", variables: { x: "a?b" } });
  });

  test.each([
    ["plain-id_1.x", true],
    ["x".repeat(64), true],
    ["x".repeat(65), false],
    ["a b", false],
    ["<script>", false],
    ["3510012345679001", false], // sixteen digits could be a NIK
    ["351001.2345679001", false],
    ["r-35.10_01-2345679001", false],
    ["3510..01__2345--679001", false],
  ])("request id %s is kept: %s", async (id, isKept) => {
    const response = await post('{"query":"{a}"}', { "x-request-id": id });
    expect(response.headers.get("x-request-id") === id).toBe(isKept);
    expect(response.headers.get("x-request-id")).toMatch(/^[\w.-]{1,64}$/);
  });

  test("each request has a receipt id of the hub's own making, whatever it calls itself", async () => {
    for (let time = 0; time < 2; time += 1) await post('{"query":"{a}"}', { "x-request-id": "twice" });
    const [first, second] = seen.slice(-2);
    expect([first?.requestId, second?.requestId]).toEqual(["twice", "twice"]);
    for (const asked of [first, second]) expect(asked?.receiptId).toMatch(/^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/);
    expect(first?.receiptId).not.toBe(second?.receiptId);
  });

  const nestedIn = (levels: number) => `${"[".repeat(levels)}${"]".repeat(levels)}`;
  const detailOf = async (response: Response) =>
    ((await response.json()) as { errors: { message: string; extensions: { code: string } }[] }).errors.map(
      ({ message, extensions }) => `${extensions.code} ${message}`,
    )[0];

  test("variables nested 45,000 deep are refused, not a fault of ours", async () => {
    expect((await post(`{"query":"{a}","variables":{"x":${nestedIn(32)}}}`)).status).toBe(200);
    for (const levels of [33, 45_000]) {
      const list = await post(`{"query":"{a}","variables":{"x":${nestedIn(levels)}}}`);
      expect(list.status).toBe(400);
      expect(await detailOf(list)).toMatch(/^BAD_REQUEST .*variables nested too deep/);
    }
    const objects = await post(`{"query":"{a}","variables":${'{"x":'.repeat(10_000)}1${"}".repeat(10_000)}}`);
    expect([objects.status, await codeOf(objects)]).toEqual([400, "BAD_REQUEST"]);
  });

  test.each([
    ["a value", '{"query":"{a}","variables":{"x":[{"y":"a\\u0000b"}]}}', 400],
    ["a name", '{"query":"{a}","variables":{"x":{"a\\u0000b":1}}}', 400],
    ["the document", '{"query":"{a} #\\u0000"}', 400],
    ["an escape of the document", JSON.stringify({ query: '{ a(b: "x\\u0000") }' }), 400],
    ["a long escape of the document", JSON.stringify({ query: '{ a(b: "x\\u{000}") }' }), 400],
    ["no escape, but a backslash before it", JSON.stringify({ query: '{ a(b: "x\\\\u0000") }' }), 200],
    ["another escape", JSON.stringify({ query: '{ a(b: "x\\u0001") }' }), 200],
  ])("a zero character, which the registers cannot hold, in %s", async (_, body, status) => {
    const response = await post(body);
    expect(response.status).toBe(status);
    if (status === 400) expect(await detailOf(response)).toMatch(/^BAD_REQUEST .*U\+0000/);
  });

  test("a client that leaves is noticed", async () => {
    const left = new Promise<boolean>((resolve) => {
      next = ({ signal }) => new Promise((done) => signal.addEventListener("abort", () => void [resolve(true), done(NOTHING)]));
    });
    const leaving = new AbortController();
    const asking = fetch(`${url}/graphql?query={a}`, { signal: leaving.signal }).catch(() => "gone");
    setTimeout(() => leaving.abort(), 50);
    expect(await asking).toBe("gone");
    expect(await left).toBe(true);
    next = () => NOTHING;
  });
});

describe("answers", () => {
  test("are never kept by a cache, and name the request", async () => {
    const response = await post('{"query":"{a}"}', { "x-request-id": "r-7" });
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "cache-control": "no-store",
      "x-request-id": "r-7",
      "content-language": "id",
    });
    expect(await response.text()).toBe('{"data":{}}');
  });

  test.each(["GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED", "OPERATION_RESOLUTION_FAILURE", "BAD_USER_INPUT"] as const)(
    "%s is 400 in GraphQL's own media type and 200 in plain JSON, without data in both",
    async (code) => {
      next = () => {
        throw new Refusal({ code, detail: "line 1" });
      };
      for (const [accept, status] of [
        ["application/graphql-response+json", 400],
        ["application/json", 200],
      ] as const) {
        const response = await post('{"query":"{a}"}', { accept });
        expect(response.status).toBe(status);
        expect(await response.json()).not.toHaveProperty("data");
      }
      next = () => NOTHING;
    },
  );

  test("what we did not foresee says nothing but that it was us, and which request", async () => {
    next = () => {
      throw new Error("select * from person where nik = 3510012345679001");
    };
    const response = await post('{"query":"{a}"}', { "accept-language": "en", "x-request-id": "r-8" });
    expect(response.status).toBe(500);
    expect(await response.json()).toEqual({
      errors: [
        {
          message: "A fault of the hub; tell the operator this request id.",
          extensions: { code: "INTERNAL_SERVER_ERROR", requestId: "r-8" },
        },
      ],
    });
    next = () => NOTHING;
  });

  test("504 when every source timed out, naming each; 200 as soon as one arrived", async () => {
    const coordinates = { output: [], internal: [], arguments: [] };
    const fetches = [{ service: "welfare", outcome: "SUBGRAPH_TIMEOUT", coordinates, ms: 1 }] as const;
    next = () => ({ ...NOTHING, errors: [{ code: "SUBGRAPH_TIMEOUT", service: "welfare" }], fetches });
    const late = await post('{"query":"{a}"}');
    expect(late.status).toBe(504);
    const { errors } = (await late.json()) as { errors: { extensions: object }[] };
    expect(errors.map(({ extensions }) => extensions)).toMatchObject([
      { code: "GATEWAY_TIMEOUT" },
      { code: "SUBGRAPH_TIMEOUT", service: "welfare" },
    ]);
    next = () => ({ ...NOTHING, fetches: [...fetches, { service: "population", outcome: "ok", coordinates, ms: 1 }] });
    expect((await post('{"query":"{a}"}')).status).toBe(200);
    next = () => NOTHING;
  });

  test("400 when a source found fault with an argument and there is nothing else; 200 beside data", async () => {
    next = () => ({
      ...NOTHING,
      data: { households: null },
      errors: [{ code: "BAD_USER_INPUT", path: ["households"], detail: "first must be from 1 to 100" }],
    });
    const refused = await post('{"query":"{a}"}');
    expect(refused.status).toBe(400);
    expect(await refused.json()).not.toHaveProperty("data");
    const failing = next;
    next = async (asked) => ({ ...(await failing(asked)), data: { households: null, me: {} } });
    expect((await post('{"query":"{a}"}')).status).toBe(200);
    next = () => NOTHING;
  });

  test("429 when a source refuses for a daily limit and there is nothing else, in the reader's words; 200 beside data", async () => {
    const limit = limitReached("QUOTA", { service: "population", coordinate: "Query.verifyIdentity" });
    next = () => ({ ...NOTHING, data: { verifyIdentity: null }, errors: [{ ...limit, path: ["verifyIdentity"] }] });
    const told = await Promise.all(["id", "en"].map((language) => post('{"query":"{a}"}', { "accept-language": language })));
    expect(told.map(({ status }) => status)).toEqual([429, 429]);
    const bodies = (await Promise.all(told.map((one) => one.json()))) as { errors: { message: string; extensions: object }[] }[];
    expect(bodies.map(({ errors: [error] }) => error?.message)).toEqual([
      "Kuota Akses Hari Ini Telah Habis",
      "Today's access quota is used up",
    ]);
    expect(bodies[0]).not.toHaveProperty("data");
    expect(bodies[0]?.errors[0]?.extensions).toMatchObject({
      code: "QUOTA_EXCEEDED",
      limit: "QUOTA",
      coordinate: "Query.verifyIdentity",
    });
    const failing = next;
    next = async (asked) => ({ ...(await failing(asked)), data: { verifyIdentity: null, me: {} } });
    expect((await post('{"query":"{a}"}')).status).toBe(200);
    next = () => NOTHING;
  });

  test("above the ceiling of running requests the rest is refused at once, with a time to come back", async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const before = seen.length;
    next = () => held.then(() => NOTHING);
    const running = [post('{"query":"{a}"}'), post('{"query":"{a}"}')];
    await expect.poll(() => seen.length - before).toBe(2);
    const refused = await post('{"query":"{a}"}');
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "1"]);
    expect(await codeOf(refused)).toBe("OVERLOADED");
    release();
    expect((await Promise.all(running)).map(({ status }) => status)).toEqual([200, 200]);
    next = () => NOTHING;
  });
});

test.each([
  [undefined, "application/json"],
  ["*/*", "application/json"],
  ["application/*;q=0.5", "application/json"],
  ["application/graphql-response+json", "application/graphql-response+json"],
  ["application/json;q=0.5, application/graphql-response+json", "application/graphql-response+json"],
  ["application/graphql-response+json;q=0.1, application/json", "application/json"],
  ["Application/JSON; charset=utf-8", "application/json"],
  ["application/json;q=0", null],
  ["text/html, image/png", null],
  ["__proto__", null],
])("Accept %s is answered as %s", (accept, expected) => expect(mediaTypeOf(accept)).toBe(expected));

test.each([
  [undefined, "id"],
  ["en", "en"],
  ["en-GB,en;q=0.9", "en"],
  ["id;q=0.5, en;q=0.9", "en"],
  ["en;q=0.2, id-ID", "id"],
  ["fr, en;q=0.1", "en"],
  ["fr", "id"],
  ["en;q=0", "id"],
  ["*", "id"],
])("Accept-Language %s is answered in %s", (header, expected) => expect(languageOf(header)).toBe(expected));

test("a body that does not come in time is waited for no longer, whatever Node thinks of files", async () => {
  const { port } = new URL(url);
  const socket = connect(Number(port), "127.0.0.1");
  const ended = new Promise((resolve) => socket.once("close", resolve));
  socket.on("error", () => {});
  socket.write("POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{");
  await ended;
  expect(socket.destroyed).toBe(true);
});

test("health is alive whatever is missing; readiness tells what", async () => {
  missing.push("policy");
  expect((await fetch(`${url}/health`)).status).toBe(200);
  for (const path of ["/ready", "/readiness", "/health?ready"]) {
    const response = await fetch(url + path);
    expect([response.status, await response.json()]).toEqual([503, { status: "unready", missing: ["policy"] }]);
  }
  missing.length = 0;
  expect((await fetch(`${url}/ready`)).status).toBe(200);
});

test("labels are published in both languages", async () => {
  for (const language of ["id", "en"]) {
    const response = await fetch(`${url}/labels/${language}.json`);
    expect(((await response.json()) as { codes: Record<string, string> }).codes["FIELD_NOT_GRANTED"]).toContain("{coordinate}");
  }
});
