import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { faultsIn } from "./kit.ts";
import { describedServer } from "./server.ts";

type Json = Record<string, any>;

// What /openapi.json tells everybody, held against what the server serves. No database: only a supergraph.

let server: Awaited<ReturnType<typeof describedServer>>;
let app: Awaited<ReturnType<typeof describedServer>>["app"];
let document: Json;
beforeAll(async () => {
  server = await describedServer();
  ({ app, document } = server);
});
afterAll(() => server.close());

/** Method and address of every route, as Fastify has them; HEAD and OPTIONS are Fastify's own. */
function served(): string[] {
  const found: string[] = [];
  const above: string[] = [];
  for (const line of app.printRoutes({ commonPrefix: false }).split("\n")) {
    const [, indent = "", part = "", methods] = /^((?:[│ ] {3})*)[├└]── (\S*)(?: \(([A-Z, ]+)\))?$/.exec(line) ?? [];
    above.splice(indent.length / 4, above.length, part);
    for (const method of methods?.split(", ") ?? []) found.push(`${method} ${above.join("")}`);
  }
  return found.filter((one) => /^(?:GET|POST|PUT|DELETE) /.test(one));
}

/** Of /graphql Fastify serves every method, to refuse it in GraphQL's words. */
const REFUSED = ["PUT /graphql", "DELETE /graphql"];

test("tells of every address that is served, and of none that is not", () => {
  const told = Object.entries(document["paths"] as Json).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ":$1")}`),
  );
  const byName = (one: string) => one.replace(/ \/rest\/.*$/, " /rest/:name");
  const routes = served().filter((one) => !REFUSED.includes(one));
  expect(routes.length).toBeGreaterThan(40);
  expect([...new Set(told.map(byName))].sort()).toEqual([...new Set(routes)].sort());
});

test("is sound: what it refers to is there, and everything has a name, words and security", () => {
  expect(faultsIn(document)).toEqual([]);
  expect(Object.keys(document["paths"]).length).toBeGreaterThan(35);
});

test("tells that a full hub refuses in GraphQL's shape whatever was asked", () => {
  const { 503: full, 429: often } = document["paths"]["/rest/regions"].get.responses;
  expect(Object.keys(full.content)).toEqual([
    "application/problem+json",
    "application/json",
    "application/graphql-response+json",
  ]);
  expect(Object.keys(often.content)).toEqual(["application/problem+json"]);
});

test("tells of each answer to somebody known that it says what is left of their rates, and of whom is sent away when to come back", () => {
  const operations = Object.values<Json>(document["paths"]).flatMap((item) => Object.values<Json>(item));
  const counted = operations.filter(({ security }) => security === undefined);
  expect(counted.length).toBeGreaterThan(45);
  for (const { operationId, responses } of counted)
    for (const [status, { headers = {} }] of Object.entries<Json>(responses)) {
      const isLater = status === "429" || status === "503";
      const rates = status === "401" ? [] : ["RateLimit", "RateLimit-Policy"];
      expect(Object.keys(headers), `${operationId} ${status}`).toEqual(
        expect.arrayContaining(isLater ? [...rates, "Retry-After"] : rates),
      );
    }
});

test("is the same text each time, and is kept by its tag", async () => {
  const [first, again] = [await app.inject("/openapi.json"), await app.inject("/openapi.json")];
  const { etag, "cache-control": kept } = first.headers;
  expect([first.body === again.body, kept]).toEqual([true, "public, max-age=300"]);
  const held = await app.inject({ url: "/openapi.json", headers: { "if-none-match": String(etag) } });
  expect([held.statusCode, held.body]).toEqual([304, ""]);
});

describe("of a document it tells", () => {
  test("each variable as a parameter of its type, in the words of the schema", () => {
    const { parameters } = document["paths"]["/rest/regions"].get;
    const [parent, , first] = parameters;
    expect(parent).toMatchObject({ name: "parent", in: "query", required: false, schema: { type: "string" } });
    expect(parent.description).toMatch(/^Induk — /);
    expect(first).toMatchObject({ name: "first", schema: { type: "integer", default: 50 } });
    const { state } = document["paths"]["/rest/enrolments"].post.requestBody.content["application/json"].schema.properties;
    expect(state).toMatchObject({ type: ["string", "null"], enum: expect.arrayContaining(["ACTIVE", null]) });
  });

  test("its answer by what it asks, each field with its class, and null where it may be denied", () => {
    const { properties } = document["components"].schemas.RestPersonByNik;
    const person = properties.personByNik.properties;
    expect(person.fullName).toMatchObject({ type: ["string", "null"], "x-classification": ["GENERAL"] });
    expect(person.birthDate).toMatchObject({ type: ["string", "null"], format: "date" });
    expect(person.fullName.description).toMatch(/^Nama lengkap — /);
  });

  test("no GET where a variable is an identifier or is held against somebody", () => {
    expect(Object.keys(document["paths"]["/rest/person-by-nik"])).toEqual(["post"]);
    expect(Object.keys(document["paths"]["/rest/verify-identity"])).toEqual(["post"]);
    expect(Object.keys(document["paths"]["/rest/regions"])).toEqual(["get", "post"]);
  });

  test("which classes its answer holds", () => {
    expect(document["paths"]["/rest/programs"].get["x-classification"]).toEqual(["PUBLIC"]);
    expect(document["paths"]["/rest/households"].get["x-classification"]).toEqual(["DERIVED", "GENERAL", "PUBLIC"]);
  });
});

test("a fault that is planted is found", () => {
  const planted: readonly (readonly [fault: string, plant: (at: Json) => void])[] = [
    [
      "leads nowhere",
      (at) => (at["paths"]["/receipts/{id}"].get.responses[400].content["application/json"].schema.$ref = "#/none"),
    ],
    ["is given twice", (at) => (at["paths"]["/me/copy"].get.operationId = "receipt")],
    ["parameters of the path", (at) => (at["paths"]["/receipts/{id}"].get.parameters = [])],
    ["is not declared", (at) => (at["paths"]["/me/copy"].get.tags = ["x"])],
    ["no description", (at) => delete at["paths"]["/me/copy"].get.responses[200].description],
    ["may be a NIK", (at) => (at["paths"]["/me/copy"].get.example = "3510161708459001")],
    ["nullable", (at) => (at["components"].schemas.Problem.nullable = true)],
    ["says nothing of security", (at) => delete at["security"]],
    ["requires", (at) => (at["components"].schemas.Problem.required = ["x"])],
    ["nobody refers", (at) => (at["components"].schemas.Lost = { type: "object" })],
  ];
  for (const [fault, plant] of planted) {
    const copy = structuredClone(document);
    plant(copy);
    expect(faultsIn(copy).join("\n"), fault).toContain(fault);
  }
});
