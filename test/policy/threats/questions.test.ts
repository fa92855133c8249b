import { buildClientSchema, type GraphQLSchema, getIntrospectionQuery, type IntrospectionQuery } from "graphql";
import { beforeAll, describe, expect, test } from "vitest";
import { asRole } from "../../kit/database.ts";
import { type Answered, useHub } from "../../kit/hub.ts";
import { openingOf } from "../../kit/policy.ts";

// T1–T3, T7, T13, T30: what somebody may try with a question and a token. The whole hub under its ready-made agreements.

const hub = useHub();
const kemensos = hub.as("kemensos");
const codesOf = ({ errors }: Pick<Answered, "errors">) => [...new Set(errors.map(({ extensions }) => extensions["code"]))];

/** Sends a body and headers as they are. */
async function post(body: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(hub.url, {
    method: "POST",
    headers: {
      authorization: `Bearer ${await hub.tokenOf("bpjs-kesehatan")}`,
      "content-type": "application/json",
      accept: "application/graphql-response+json",
      ...headers,
    },
    body: JSON.stringify(body),
  });
  const {
    data,
    errors = [],
    extensions,
  } = (await response.json()) as Partial<Answered> & { extensions?: { governance: object } };
  return { status: response.status, data, errors, governance: extensions?.governance };
}

describe("T1 alias flooding", () => {
  const aliases = (count: number, field: string) => Array.from({ length: count }, (_, index) => `a${index}: ${field}`).join(" ");
  const LIST = "households(first: 50) { nodes { members { person { fullName } } } }";

  test.each<[string, string, object]>([
    ["200 aliases of a list of 50", `{ ${aliases(200, LIST)} }`, {}],
    ["the same by a variable", `query ($n: Int) { ${aliases(200, LIST.replace("50", "$n"))} }`, { n: 50 }],
    ["the same in fragments", `{ ...F } fragment F on Query { ${aliases(200, LIST)} }`, {}],
    ["2,000 aliases of what costs nothing", `{ ${aliases(2000, "__typename")} }`, {}],
    ["fragments that double forty times", doubling(40), {}],
    [
      "pages of pages",
      `{ households(first: 100) { nodes { ${"members { household { ".repeat(4)} id ${"} } ".repeat(4)} } } }`,
      {},
    ],
  ])("T1 alias flooding: %s is refused before it is planned, by the name of the limit", async (_, document, variables) => {
    hub.facts.length = 0;
    const answer = await kemensos.ask(document, variables);
    expect([answer.status, codesOf(answer), answer.data, hub.facts]).toEqual([400, ["TOO_COSTLY"], null, []]);
    expect(answer.errors[0]?.extensions).toMatchObject({ limit: expect.any(String), max: expect.any(Number) });
  });

  test("T1 alias flooding: an honest question of the size of a page passes", async () => {
    expect((await kemensos.ask(`{ ${aliases(3, LIST)} }`)).status).toBe(200);
  });
});

function doubling(levels: number): string {
  const fragments = Array.from({ length: levels }, (_, n) => `fragment F${n + 1} on Query { ...F${n} ...F${n} }`);
  return `{ ...F${levels} } fragment F0 on Query { agencies { code } } ${fragments.join(" ")}`;
}

test("T2 batching: an array of questions is refused whole, and none of them is asked", async () => {
  hub.facts.length = 0;
  for (const body of [
    [{ query: "{ me { client } }" }],
    [{ query: "{ me { client } }" }, { query: "{ agencies { code } }" }],
    [],
  ]) {
    const { status, data, errors } = await post(body);
    expect([status, data, codesOf({ errors })]).toEqual([400, undefined, ["BAD_REQUEST"]]);
  }
  expect(hub.facts).toEqual([]);
});

describe("T3 schema leaks", () => {
  const { supergraph } = openingOf();
  const VOICES = {
    kemensos: "PKS-2025-001",
    "bpjs-kesehatan": "PKS-2025-002",
    "dinsos-banyuwangi": "PKS-2025-004",
    "steward.bpjs_kesehatan": "PKS-2025-102",
  };
  /** Coordinates that do not exist for an agreement, as governance signed it. */
  const hidden = new Map<string, string[]>();
  beforeAll(async () => {
    const sorted = [...supergraph.entries.keys()].sort();
    const rows = await asRole(
      hub.urls.governance.owner,
      (sql) =>
        sql`select agreement_number as number, body from governance.decision_table where supergraph_hash = ${supergraph.hash}`,
    );
    for (const { number, body } of rows) {
      const bits = Buffer.from(JSON.parse(body).hidden, "base64url");
      hidden.set(
        number,
        sorted.filter((_, i) => ((bits[i >> 3] ?? 0) & (1 << (i & 7))) !== 0),
      );
    }
  });

  /** Is this coordinate in the schema: field, argument, input field or enum value? */
  function isTold(schema: GraphQLSchema, coordinate: string): boolean {
    const [, typeName = "", name = "", argument] = /^(\w+)\.(\w+)(?:\((\w+):\))?$/.exec(coordinate) ?? [];
    const type = schema.getType(typeName);
    if (!type) return false;
    if ("getValues" in type) return type.getValues().some((value) => value.name === name);
    const field = "getFields" in type ? type.getFields()[name] : undefined;
    return argument === undefined ? field !== undefined : "args" in (field ?? {}) && JSON.stringify(field).includes(argument);
  }

  test.each(Object.entries(VOICES))(
    "T3 schema leaks: %s asks the schema about itself and is told of nothing that is hidden from %s",
    async (client, agreement) => {
      const { data, errors } = await hub.as(client, { agreement }).ask(getIntrospectionQuery());
      expect(errors).toEqual([]);
      const schema = buildClientSchema(data as unknown as IntrospectionQuery);
      const secret = hidden.get(agreement) ?? [];
      expect(secret.length).toBeGreaterThan(0);
      expect(secret.filter((coordinate) => isTold(schema, coordinate))).toEqual([]);
      expect(isTold(schema, "Person.fullName"), "what is listed and not granted stays visible").toBe(true);
      expect(isTold(schema, "Mutation.draftVersion")).toBe(client.startsWith("steward"));
    },
  );

  test("T3 schema leaks: a hidden name answers as a typing error does, without a suggestion", async () => {
    for (const [secret, typo] of [
      ["{ persons { nodes { disability } } }", "{ persons { nodes { disabilitx } } }"],
      ["{ persons { nodes { subjectFlags } } }", "{ persons { nodes { subjectFlagx } } }"],
      ["{ stewardship { __typename } }", "{ stewardshix { __typename } }"],
    ] as const) {
      const [told, typing] = [await post({ query: secret }), await post({ query: typo })];
      expect([secret, told.status, codesOf(told)]).toEqual([secret, 400, ["GRAPHQL_VALIDATION_FAILED"]]);
      const name = /(\w+)(?: \{ __typename \})?(?: \})+$/;
      const [own = "", other = ""] = [name.exec(secret)?.[1], name.exec(typo)?.[1]];
      const said = ({ errors }: typeof told) => errors.map(({ message }) => message);
      expect(said(told)).toEqual(said(typing).map((message) => message.replace(other, own)));
      expect(said(told).join()).not.toMatch(/did you mean|maksud/i);
    }
    const { errors } = await post({ query: "mutation { draftVersio { state } }" });
    expect(JSON.stringify(errors)).not.toMatch(/draftVersion|did you mean/i);
  });

  test("T3 schema leaks: neither the supergraph nor the policy in it is told, not even by federation's own fields", async () => {
    for (const query of ["{ _service { sdl } }", "{ _entities(representations: []) { __typename } }"])
      expect(codesOf(await post({ query }))).toEqual(["GRAPHQL_VALIDATION_FAILED"]);
    const text = JSON.stringify((await post({ query: getIntrospectionQuery() })).data);
    expect(text.length).toBeGreaterThan(10_000);
    expect(text).not.toMatch(/join__|link__|_Any|_Service|subjectFlags|@data|@guards/);
  });
});

test.each([
  "{ households { nodes { ... @defer { id } } } }",
  "{ households { nodes @stream(initialCount: 1) { id } } }",
  "query @live { households { nodes { id } } }",
])("T7 @defer and @stream: %s is a validation error", async (query) => {
  for (const accept of ["application/graphql-response+json", "multipart/mixed; deferSpec=20220824, application/json"]) {
    const told = await post({ query }, { accept });
    expect([accept, codesOf(told), told.data]).toEqual([accept, ["GRAPHQL_VALIDATION_FAILED"], undefined]);
  }
});

test("T13 claims in extensions: neither they nor an envelope or caller of the client's own making change a word of the answer", async () => {
  const query = "{ me { client agreement { number } } households(first: 2) { nodes { id monthlyIncome } } }";
  const told = async (extensions: object, headers: Record<string, string> = {}) => {
    const { status, data, governance } = await post({ query, extensions }, headers);
    return { status, data, denied: (governance as { denied: unknown }).denied };
  };
  const plain = await told({});
  expect(plain).toMatchObject({ status: 200, denied: ["Household.monthlyIncome"] });
  expect(plain.data?.["me"].client).toBe("bpjs-kesehatan");
  const claims = { agency: "KEMENSOS", client: "kemensos", agreement: "PKS-2025-001", roles: ["admin"], officer: "x" };
  expect(await told({ jwt: { claims }, claims, caller: claims, governance: claims })).toEqual(plain);
  const forged = Buffer.from(JSON.stringify({ v: 1, caller: claims })).toString("base64url");
  expect(await told({}, { "hub-envelope": `${forged}.${forged}`, "x-hub-agency": "KEMENSOS", "hub-officer": "x" })).toEqual(
    plain,
  );
});

describe("T30 token theft", () => {
  const ask = (token: string) => post({ query: "{ me { client } }" }, { authorization: `Bearer ${token}` });
  const claimsOf = (token: string) => JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
  const b64 = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

  test("T30 token theft: a token lives five minutes, and one that was changed or never signed opens nothing", async () => {
    const token = await hub.tokenOf("bpjs-kesehatan");
    const claims = claimsOf(token);
    expect(claims.exp - claims.iat).toBe(5 * 60);
    const [head = "", , signature = ""] = token.split(".");
    for (const forged of [
      `${head}.${b64({ ...claims, exp: claims.exp + 3600 })}.${signature}`,
      `${head}.${b64({ ...claims, client_id: "kemensos", sub: "kemensos" })}.${signature}`,
      `${b64({ alg: "none", typ: "at+jwt" })}.${b64(claims)}.`,
    ])
      expect([(await ask(forged)).status, codesOf(await ask(forged))]).toEqual([401, ["UNAUTHENTICATED"]]);
    expect((await ask(token)).status).toBe(200);
  });

  test("T30 token theft: a stolen token is of no use any more once its client is stopped", async () => {
    const stop = (status: string) =>
      asRole(hub.urls.governance.owner, (sql) => sql`update governance.client set status = ${status} where id = 'bappenas'`);
    const token = await hub.tokenOf("bappenas");
    expect((await ask(token)).status).toBe(200);
    await stop("SUSPENDED");
    await expect.poll(async () => codesOf(await ask(token)), { timeout: 5_000 }).toEqual(["FORBIDDEN"]);
    await stop("ACTIVE");
  });
});
