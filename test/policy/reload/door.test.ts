import { hash } from "node:crypto";
import { buildSchema } from "graphql";
import { describe, expect, test } from "vitest";
import { asRole } from "../../kit/database.ts";
import { useHub } from "../../kit/hub.ts";
import { renew } from "../../kit/policy.ts";

// What stands at the gateway's door beside questions: documents registered beforehand, the schema as an agreement sees it, and trying another's.

const hub = useHub();
const DOCUMENT = "query Siapa { me { client agreement { number } } }";
const ID = hash("sha256", DOCUMENT);
const BPJS = "PKS-2025-002";

const asked = async (client: string, path: string, init: { body?: unknown; headers?: Record<string, string> } = {}) => {
  const { body, headers = {} } = init;
  const response = await fetch(`${hub.gatewayUrl}${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: {
      authorization: `Bearer ${await hub.tokenOf(client)}`,
      accept: "application/graphql-response+json",
      ...(body !== undefined && { "content-type": "application/json" }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const json = text.startsWith("{") ? JSON.parse(text) : {};
  return {
    status: response.status,
    rate: response.headers.get("ratelimit"),
    text,
    code: json.errors?.[0]?.extensions.code,
    data: json.data,
    stamps: json.extensions?.governance,
  };
};
const trust = () =>
  asRole(
    hub.urls.governance.owner,
    (sql) =>
      sql`insert into governance.trusted_document (agreement_number, id, document, registered_by)
      values (${BPJS}, ${ID}, ${DOCUMENT}, 'bpjs-kesehatan') on conflict do nothing`,
  );
const ask = (client: string, body: unknown, headers?: Record<string, string>) =>
  asked(client, "/graphql", { body, ...(headers && { headers }) });

describe("a trusted document", () => {
  test("is asked by its id in a body, in a URL, and as Apollo's clients do, and answers as if it had been sent", async () => {
    expect((await ask("bpjs-kesehatan", { documentId: `sha256:${ID}` })).code).toBe("PERSISTED_QUERY_NOT_FOUND");
    await trust();
    await expect
      .poll(async () => (await ask("bpjs-kesehatan", { documentId: `sha256:${ID}` })).status, { timeout: 5_000 })
      .toBe(200);
    const whole = (await ask("bpjs-kesehatan", { query: DOCUMENT })).data;
    const extensions = { persistedQuery: { version: 1, sha256Hash: ID } };
    for (const answer of [
      await ask("bpjs-kesehatan", { documentId: `sha256:${ID}` }),
      await ask("bpjs-kesehatan", { extensions }),
      await asked("bpjs-kesehatan", `/graphql/${ID}`),
      await asked("bpjs-kesehatan", `/graphql?documentId=sha256:${ID}`),
      await asked("bpjs-kesehatan", `/graphql?extensions=${encodeURIComponent(JSON.stringify(extensions))}`),
    ])
      expect([answer.status, answer.data]).toEqual([200, whole]);
  });

  test("of one agreement is unknown under another, and so is every id that is none", async () => {
    for (const documentId of [`sha256:${ID}`, `sha256:${"0".repeat(64)}`, "x", 7])
      expect((await ask("kemensos", { documentId })).code, String(documentId)).toBe("PERSISTED_QUERY_NOT_FOUND");
    expect((await ask("bpjs-kesehatan", { documentId: `sha256:${ID}`, query: "{ me { client } }" })).code).toBe("BAD_REQUEST");
  });

  test("is not registered by sending it with its hash", async () => {
    const extensions = { persistedQuery: { version: 1, sha256Hash: hash("sha256", "{ me { client } }") } };
    expect((await ask("bpjs-kesehatan", { query: "{ me { client } }", extensions })).code).toBe("PERSISTED_QUERY_NOT_SUPPORTED");
  });

  test("is all an agreement takes that says so; on the way there others are marked", async () => {
    const rule = (documents: string) =>
      renew(
        hub.urls.governance.owner,
        BPJS,
        (tx, version) =>
          tx`update governance.agreement_version set documents = ${documents} where agreement_number = ${BPJS} and version = ${version}`,
      );
    await rule("report");
    const adHoc = () => ask("bpjs-kesehatan", { query: "{ me { client } }" });
    await expect.poll(async () => (await adHoc()).stamps?.untrusted, { timeout: 5_000 }).toBe(true);
    expect((await ask("bpjs-kesehatan", { query: DOCUMENT })).stamps.untrusted).toBeUndefined();
    await rule("trusted");
    await expect.poll(async () => (await adHoc()).code, { timeout: 5_000 }).toBe("DOCUMENT_NOT_TRUSTED");
    expect((await ask("bpjs-kesehatan", { query: DOCUMENT })).status).toBe(200); // the very text is as good as its id
    const planned = (query: string) => asked("bpjs-kesehatan", "/plan", { body: { query } });
    expect((await planned("{ me { client } }")).code).toBe("DOCUMENT_NOT_TRUSTED");
    expect((await planned(DOCUMENT)).status).toBe(200);
    await asRole(
      hub.urls.governance.owner,
      (sql) => sql`update governance.trusted_document set retired_at = now() where id = ${ID}`,
    );
    await expect
      .poll(async () => (await ask("bpjs-kesehatan", { documentId: ID })).code, { timeout: 5_000 })
      .toBe("PERSISTED_QUERY_NOT_FOUND");
    expect((await asked("bpjs-kesehatan", "/schema.graphql")).status).toBe(200); // the hub's own questions are no ad-hoc ones
    await rule("open");
    await expect.poll(async () => (await adHoc()).status, { timeout: 5_000 }).toBe(200);
  });
});

describe("GET /schema.graphql", () => {
  test("gives the part of the schema that the agreement sees, and strangers nothing", async () => {
    const own = await asked("bpjs-kesehatan", "/schema.graphql");
    expect(own.code).toBeUndefined();
    expect(own.rate).toMatch(/^"burst";r=\d+;t=\d+/);
    const types = buildSchema(own.text);
    expect([own.status, types.getQueryType()?.getFields()["households"]?.name]).toEqual([200, "households"]);
    expect(own.text).not.toMatch(/draftVersion|enrolSteward|StewardKey/);
    const stewards = await asked("steward.bpjs_kesehatan", "/schema.graphql");
    expect(stewards.text).toMatch(/draftVersion/);
    expect((await fetch(`${hub.gatewayUrl}/schema.graphql`)).status).toBe(401);
  });
});

describe("POST /plan", () => {
  const QUESTION = "query Q($n: Int) { households(first: $n) { nodes { monthlyIncome members { person { fullName } } } } }";
  const plan = (client: string, body: unknown, headers: Record<string, string> = {}) => asked(client, "/plan", { body, headers });
  const told = async (client: string, query: string) => JSON.parse((await plan(client, { query })).text);

  test("tells how the agreement's question would be fetched: what is denied is named, and asked of nobody", async () => {
    const { status, text, rate } = await plan("bpjs-kesehatan", { query: QUESTION, variables: { n: 3 } });
    const { agreement, denied, fetches, cost } = JSON.parse(text);
    expect([status, agreement, denied]).toEqual([200, BPJS, ["Household.monthlyIncome"]]);
    expect(rate).toMatch(/^"burst";r=\d+;t=\d+/);
    expect(fetches.map(({ service }: any) => service)).toEqual(["welfare", "population"]);
    expect(fetches[1].reasons[0]).toMatch(/^population menemukan Person menurut `id`, yang diberikan welfare/);
    expect(JSON.stringify(fetches)).not.toContain("monthlyIncome");
    expect(cost.estimated).toBeGreaterThan(0);
    expect(text).not.toMatch(/https?:|127\.0\.0\.1|localhost/);
  });

  test("fetches nothing, runs nothing, and is on record as a question that shows nothing", async () => {
    const rows = (sql: Parameters<Parameters<typeof asRole>[1]>[0]) => sql<{ body: string }[]>`
      select body from governance.entry order by id desc limit 2`;
    const register = `mutation ($documents: [DocumentInput!]!) { registerDocuments(agreement: "${BPJS}", documents: $documents) { registered { id } } }`;
    const document = "query Rencana { me { client } }";
    const { text } = await plan("bpjs-kesehatan", { query: register, variables: { documents: [{ document }] } });
    expect(JSON.parse(text).fetches.map(({ kind, service }: any) => [kind, service])).toEqual([["mutation", "governance"]]);
    expect(text).not.toContain("Rencana");
    expect((await ask("bpjs-kesehatan", { documentId: hash("sha256", document) })).code).toBe("PERSISTED_QUERY_NOT_FOUND");
    await told("bpjs-kesehatan", "{ households(first: 1) { nodes { id } } }");
    const [closed, intended] = (await asRole(hub.urls.governance.owner, rows)).map(({ body }) => JSON.parse(body));
    expect([intended.status, closed.status, closed.subjects]).toEqual(["INTENDED", "ANSWERED", 0]);
    expect([...(closed.shown ?? [])]).toEqual([]);
  });

  test("is refused as the question would be, and to strangers", async () => {
    expect((await plan("bpjs-kesehatan", { query: "{ nothing }" })).code).toBe("GRAPHQL_VALIDATION_FAILED");
    expect((await plan("bpjs-kesehatan", { query: "{" })).code).toBe("GRAPHQL_PARSE_FAILED");
    expect((await plan("bpjs-kesehatan", { query: "query ($id: ID!) { person(id: $id) { id } }" })).code).toBe("BAD_USER_INPUT");
    expect((await plan("bpjs-kesehatan", { query: "{ households(first: 5000) { nodes { members { id } } } }" })).status).toBe(
      400,
    );
    expect((await plan("bpjs-kesehatan", { documentId: `sha256:${"0".repeat(64)}` })).code).toBe("PERSISTED_QUERY_NOT_FOUND");
    expect((await asked("bpjs-kesehatan", "/plan")).status).toBe(404);
    expect((await fetch(`${hub.gatewayUrl}/plan`, { method: "POST", body: "{}" })).status).toBe(415);
    const body = JSON.stringify({ query: "{ me { client } }" });
    const headers = { "content-type": "application/json" };
    expect((await fetch(`${hub.gatewayUrl}/plan`, { method: "POST", body, headers })).status).toBe(401);
  });

  test("names no coordinate that the agreement's view of the schema hides", async () => {
    const query = "{ __schema { types { name fields { name } } } }";
    const { data } = await ask("bpjs-kesehatan", { query });
    const seen = new Set(
      data.__schema.types.flatMap(({ name, fields }: any) => (fields ?? []).map((one: any) => `${name}.${one.name}`)),
    );
    const { fetches } = await told("bpjs-kesehatan", QUESTION);
    const named = fetches.flatMap(({ output, internal }: any) => [...output, ...internal]);
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((one: string) => !seen.has(one))).toEqual([]);
  });
});

describe("a steward who tries another agreement", () => {
  const QUESTION = { query: "{ households(first: 1) { nodes { deciles { decile } } } }" };
  const as = (client: string, agreement: string) => ask(client, QUESTION, { "hub-try-as": agreement });

  test("is judged by it, and told so", async () => {
    const tried = await as("steward.kemensos", BPJS);
    expect([tried.status, tried.stamps.triedAs, tried.stamps.denied]).toEqual([200, BPJS, ["Household.deciles"]]);
    expect(tried.stamps.agreement).not.toBe(BPJS); // on record under the steward's own
    expect((await as("steward.kemensos", "PKS-2025-001")).stamps.denied).toEqual([]);
  });

  test("can neither write under it, nor be anything but a steward, nor name one that is not", async () => {
    const mutation = { query: 'mutation { cancelMatching(id: "x") { id } }' };
    expect((await ask("steward.kemensos", mutation, { "hub-try-as": "PKS-2025-001" })).code).toBe("METHOD_NOT_ALLOWED");
    expect((await as("kemensos", BPJS)).code).toBe("FORBIDDEN");
    expect((await as("steward.kemensos", "PKS-0")).code).toBe("FORBIDDEN");
  });

  test("reads no data under an agreement for clients, and a client governs nothing", async () => {
    expect((await ask("steward.bpjs_kesehatan", { query: "{ me { client } }" }, { "hub-agreement": BPJS })).code).toBe(
      "FORBIDDEN",
    );
    expect((await ask("bpjs-kesehatan", { query: "{ me { client } }" }, { "hub-agreement": "PKS-2025-102" })).code).toBe(
      "FORBIDDEN",
    );
  });
});
