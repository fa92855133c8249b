import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { watchHours } from "../../../drizzle/watch/hours.ts";
import { readOn } from "../../../drizzle/watch/read.ts";
import { asRole } from "../../kit/database.ts";
import { useHub } from "../../kit/hub.ts";
import { renewWith } from "../../kit/policy.ts";
import { asLog, integrated } from "../../policy/watch/kit.ts";

// Limits on what is asked, over the whole hub: what is refused before anything is fetched, and as what it stands on record.

const BURST = 60;
const folder = mkdtempSync(join(tmpdir(), "hub-limits-"));
const hub = useHub({ HUB_RATE_BURST: String(BURST), HUB_RATE_WINDOW_SECONDS: "86400", HUB_EXPORT_DIR: folder });
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const NIKS = Array.from({ length: 200 }, (_, at) => `35101604${String(at).padStart(8, "0")}`);
const guess = (fields: string) => NIKS.map((nik, at) => `a${at}: personByNik(nik: "${nik}") { ${fields} }`).join(" ");

async function send(client: string, { path = "/graphql", ...init }: RequestInit & { path?: string }) {
  const response = await fetch(hub.gatewayUrl + path, {
    ...init,
    headers: {
      authorization: `Bearer ${await hub.tokenOf(client)}`,
      "content-type": "application/json",
      accept: "application/graphql-response+json",
    },
  });
  const said = (await response.json()) as { data?: any; errors?: { extensions: any }[]; extensions?: any };
  const { data, errors = [], extensions = {} } = said;
  return { status: response.status, headers: response.headers, data, errors, error: errors[0]?.extensions, extensions };
}
const post = (client: string, body: object) => send(client, { method: "POST", body: JSON.stringify(body) });
/** What stands on record since, without what was only announced. */
async function recordedBy(work: () => Promise<unknown>) {
  const rows = () =>
    asRole(hub.urls.governance.owner, (sql) => sql`select id, body from governance.entry order by id`) as Promise<
      { id: string; body: string }[]
    >;
  const before = (await rows()).length;
  await work();
  return (await rows()).slice(before).map(({ body }) => JSON.parse(body));
}

describe("a guess of 200 NIKs", () => {
  const variables = Object.fromEntries(NIKS.map((nik, at) => [`n${at}`, nik]));
  const byVariables = `query (${NIKS.map((_, at) => `$n${at}: String!`).join(" ")}) { ${NIKS.map((_, at) => `a${at}: personByNik(nik: $n${at}) { id }`).join(" ")} }`;
  const part = (from: number) => NIKS.slice(from, from + 8).map((nik, at) => `a${from + at}: personByNik(nik: "${nik}") { id }`);
  const fragments = Array.from({ length: 25 }, (_, at) => `fragment F${at} on Query { ${part(at * 8).join(" ")} }`);

  test.each<[string, { query: string; variables?: object }]>([
    ["by aliases", { query: `{ ${guess("id")} }` }],
    ["by variables", { query: byVariables, variables }],
    ["hidden in fragments", { query: `{ ${fragments.map((_, at) => `...F${at}`).join(" ")} } ${fragments.join(" ")}` }],
    ["by aliases that ask __typename only", { query: `{ ${guess("t: __typename")} }` }],
    [
      "below a field",
      { query: `{ me { ${Array.from({ length: 200 }, (_, at) => `a${at}: agency { code }`).join(" ")} } ${guess("id")} }` },
    ],
    ["beside an operation of no harm", { query: `query Harmless { __typename } query Guess { ${guess("id")} }` }],
  ])(
    "%s is one refused request: nothing is fetched, one entry stands on record, the alarm counts one miss",
    async (_, question) => {
      hub.facts.length = 0;
      const body = question.query.includes("Harmless") ? { ...question, operationName: "Harmless" } : question;
      const entries = await recordedBy(async () => {
        const { status, error, extensions } = await post("bpjs-kesehatan", body);
        expect([status, error?.code, extensions.cost]).toEqual([400, "TOO_COSTLY", undefined]);
      });
      expect(hub.facts).toEqual([]);
      expect(entries.map(({ status, subjects, lookups }) => ({ status, subjects, lookups }))).toEqual([
        { status: "TOO_COSTLY", subjects: 0, lookups: { tried: 1, missed: 1, sequential: 0 } },
      ]);
    },
  );

  test("by GET is the same one refused request", async () => {
    const query = `{ ${NIKS.slice(0, 40)
      .map((nik, at) => `a${at}:personByNik(nik:"${nik}"){id}`)
      .join(" ")} }`;
    const entries = await recordedBy(async () => {
      const { status, error } = await send("bpjs-kesehatan", { path: `/graphql?query=${encodeURIComponent(query)}` });
      expect([status, error?.code]).toEqual([400, "TOO_COSTLY"]);
    });
    expect(entries.map(({ status }) => status)).toEqual(["TOO_COSTLY"]);
  });

  test("as a trusted document is refused as well, should anybody have it registered", async () => {
    const document = `{ ${guess("id")} }`;
    const id = await registered("PKS-2025-001", document);
    const { status, error } = await post("kemensos", { documentId: `sha256:${id}` });
    expect([status, error?.code]).toEqual([400, "TOO_COSTLY"]);
  });

  test("the watch over the record adds them up as what they are: one try each, and nobody found", async () => {
    await integrated(hub.urls);
    const rows = await asLog(hub.urls, async (sql) => {
      await readOn(sql, "watch-limits", watchHours);
      return sql`select sum(tried)::int as tried, sum(missed)::int as missed from governance.watch_hour where client = 'bpjs-kesehatan'`;
    });
    expect(rows[0]).toMatchObject({ tried: 7, missed: 7 });
  });
});

/** A document on file as trusted, as if it had been registered. */
async function registered(agreement: string, document: string): Promise<string> {
  const [row] = await asRole(
    hub.urls.governance.owner,
    (sql) => sql`insert into governance.trusted_document (agreement_number, id, document, registered_by)
      values (${agreement}, encode(sha256(convert_to(${document}, 'utf8')), 'hex'), ${document}, 'kemensos') returning id`,
  );
  return String(row?.["id"]);
}

test("an answer says what it was feared to cost and what it came to, with the persons it counts", async () => {
  const { status, extensions } = await post("kemensos", {
    query: "query ($n: Int!) { households(first: $n) { nodes { id members { id } } } }",
    variables: { n: 3 },
  });
  expect(status).toBe(200);
  const { estimated, actual, limit, subjects, persons } = extensions.cost;
  expect({ estimated, limit, subjects }).toEqual({ estimated: 1 + 3 * (1 + 1 + 1 + 5), limit: 40_000, subjects: 3 * (1 + 5) });
  expect(actual).toBeGreaterThan(3);
  expect(persons).toBeGreaterThan(0);
  const nobody = await post("kemensos", {
    query: "query ($nik: String!) { personByNik(nik: $nik) { id } }",
    variables: { nik: NIKS[0] },
  });
  expect(nobody.extensions.cost, "who was tried counts, found or not").toMatchObject({ subjects: 1, persons: 1 });
});

test("a page of subjects beyond the ceiling is refused with both figures", async () => {
  const list = "households(first: 100) { nodes { members { person { enrolments { id } } } } }";
  const { status, error } = await post("kemensos", { query: `{ a: ${list} b: ${list} }` });
  expect([status, error]).toMatchObject([400, { code: "TOO_COSTLY", limit: "subjects", actual: 7_200, max: 5_000 }]);
});

test("a body of 100 kB is read and a larger one is not; 2,000 tokens are read and one more is not; five faults of a document are told", async () => {
  const padded = (bytes: number) => {
    const body = JSON.stringify({ query: "{ __typename }", variables: { pad: "" } });
    return body.replace('"pad":""', `"pad":"${"x".repeat(bytes - body.length)}"`);
  };
  expect((await send("bpjs-kesehatan", { method: "POST", body: padded(100_000) })).status).toBe(200);
  const { status, error } = await send("bpjs-kesehatan", { method: "POST", body: padded(100_001) });
  expect([status, error?.code]).toEqual([413, "PAYLOAD_TOO_LARGE"]);
  const typenames = (count: number) => `{ ${"__typename ".repeat(count)}}`;
  expect((await post("bpjs-kesehatan", { query: typenames(1_999) })).error).toMatchObject({ limit: "tokens", max: 2_000 });
  expect((await post("bpjs-kesehatan", { query: typenames(10) })).status).toBe(200);
  const faults = await post("bpjs-kesehatan", { query: `{ ${Array.from({ length: 9 }, (_, at) => `no${at}`).join(" ")} }` });
  expect(faults.errors).toHaveLength(5);
});

test("an agreement that asks too often is refused with the time to wait, on record once a second, and nobody else is", async () => {
  const ask = () => post("dinsos-banyuwangi", { query: "{ __typename }" });
  const answers: Awaited<ReturnType<typeof ask>>[] = [];
  const entries = await recordedBy(async () => {
    for (let n = 0; n < BURST + 3; n += 1) answers.push(await ask());
  });
  const refused = answers.filter(({ status }) => status === 429);
  expect(answers.map(({ status }) => status)).toEqual([...Array(BURST).fill(200), 429, 429, 429]);
  for (const { error, headers } of refused) {
    expect(error?.code).toBe("REQUEST_RATE_LIMITED");
    expect(Number(headers.get("retry-after"))).toBeGreaterThan(1);
    expect(headers.get("ratelimit-policy")).toContain(`"burst";q=${BURST};w=86400`);
    expect(headers.get("ratelimit")).toContain('"burst";r=0;');
  }
  const limited = entries.filter(({ status }) => status === "REQUEST_RATE_LIMITED").length;
  expect(limited).toBeGreaterThanOrEqual(1);
  expect(limited, "the others of that second are in the log").toBeLessThanOrEqual(3);
  expect((await post("kemensos", { query: "{ __typename }" })).status).toBe(200);
});

test("answers tell what is left: of the burst, and of the persons of the day once some were counted", async () => {
  const leftIn = ({ headers }: { headers: Headers }, policy: string) =>
    Number(new RegExp(`"${policy}";r=(\\d+)`).exec(headers.get("ratelimit") ?? "")?.[1]);
  const question = { query: "{ households(first: 5) { nodes { id } } }" };
  const [first, second] = [await post("bpjs-kesehatan", question), await post("bpjs-kesehatan", question)];
  expect(leftIn(second, "burst")).toBe(leftIn(first, "burst") - 1);
  const before = leftIn(await post("kemensos", { query: "{ __typename }" }), "persons");
  const { extensions, headers } = await post("kemensos", { query: "{ households(first: 20) { nodes { id } } }" });
  expect(leftIn({ headers }, "persons")).toBeGreaterThanOrEqual(before - extensions.cost.persons);
  expect(leftIn({ headers }, "persons")).toBeLessThan(before);
});

describe("an agreement that holds limits of its own", () => {
  const limits = { bodyBytes: 3_000, tokens: 90, depth: 5, aliases: 4, rootFields: 2, cost: 200, subjects: 20 };
  const told = "limits { bodyBytes tokens depth aliases rootFields cost subjects }";
  const own = async () => (await post("bpjs-kesehatan", { query: "{ __typename }" })).headers.get("ratelimit-policy");
  beforeAll(async () => {
    await renewWith(hub.urls.governance.owner, "PKS-2025-002", { limits });
    await vi.waitFor(async () => expect(await own()).toContain('"depth";q=5;qu="depth"'), { timeout: 10_000, interval: 250 });
  });

  test.each<[keyof typeof limits, object, number]>([
    ["bodyBytes", { query: "{ __typename }", variables: { pad: "x".repeat(3_000) } }, 3_049],
    ["tokens", { query: `{ ${"__typename ".repeat(100)}}` }, 91],
    ["depth", { query: "{ households(first: 1) { nodes { members { person { enrolments { id } } } } } }" }, 6],
    ["aliases", { query: `{ me { ${["a", "b", "c", "d", "e"].map((name) => `${name}: client`).join(" ")} } }` }, 5],
    ["rootFields", { query: "{ me { client } agencies { code } purposes { code } }" }, 3],
    ["cost", { query: "{ households(first: 100) { nodes { id members { id } } } }" }, 801],
    ["subjects", { query: "query ($n: Int!) { households(first: $n) { nodes { id } } }", variables: { n: 30 } }, 30],
  ])("is refused by its %s with both figures, before anything is fetched", async (limit, body, actual) => {
    hub.facts.length = 0;
    const { status, error } = await post("bpjs-kesehatan", body);
    expect([status, error]).toMatchObject([400, { code: "TOO_COSTLY", limit, actual, max: limits[limit] }]);
    expect(hub.facts).toEqual([]);
  });

  test("a guess within the hub's limits and beyond its own is one refused request, on record as one try", async () => {
    const query = `{ ${NIKS.slice(0, 5)
      .map((nik, at) => `a${at}: personByNik(nik: "${nik}") { t: __typename }`)
      .join(" ")} }`;
    const entries = await recordedBy(async () => {
      expect((await post("bpjs-kesehatan", { query })).error).toMatchObject({ code: "TOO_COSTLY", actual: 5, max: 2 });
    });
    expect(entries.map(({ status, lookups }) => ({ status, lookups }))).toEqual([
      { status: "TOO_COSTLY", lookups: { tried: 1, missed: 1, sequential: 0 } },
    ]);
  });

  test("is told them, and nobody else has any", async () => {
    const mine = await post("bpjs-kesehatan", { query: `{ me { agreement { ${told} } } }` });
    expect([mine.status, mine.data?.me.agreement.limits]).toEqual([200, limits]);
    expect(mine.headers.get("ratelimit-policy")).toContain('"bodyBytes";q=3000;qu="content-bytes", "tokens";q=90;qu="tokens"');
    const others = await post("kemensos", { query: `{ me { agreement { ${told} } } }` });
    expect(others.data?.me.agreement.limits).toMatchObject({ depth: 14, aliases: 30, subjects: 5_000 });
    expect(others.headers.get("ratelimit-policy")).not.toContain("qu=");
  });
});

describe("every address that is described", () => {
  const [id, hex] = ["00000000-0000-4000-8000-000000000000", "0".repeat(64)];
  const parts: Record<string, string> = {
    id,
    documentId: `sha256:${hex}`,
    cube: "RESIDENTS",
    period: "2026",
    institution: "uji",
  };
  const question = JSON.stringify({ query: "{ __typename }" });
  const bodies: Record<string, string> = {
    ...{ "/graphql": question, "/plan": question },
    "/v1/exports": JSON.stringify({ dataset: "households", format: "csv" }),
  };
  interface Described {
    readonly paths: Readonly<Record<string, Readonly<Record<string, { security?: unknown; requestBody?: { content: object } }>>>>;
  }
  /** One request of each that asks for credentials, as far as it is counted. */
  async function walk(client: string) {
    const authorization = `Bearer ${await hub.tokenOf(client)}`;
    const { paths } = (await (await fetch(`${hub.gatewayUrl}/openapi.json`)).json()) as Described;
    const operations = Object.entries(paths).flatMap(([path, item]) =>
      Object.entries(item).flatMap(([method, told]) => (told.security ? [] : [{ path, method, told }])),
    );
    const walked = operations.map(async ({ path, method, told }) => {
      const [type] = Object.keys(told.requestBody?.content ?? {});
      const address = path.replaceAll(/\{(\w+)\}/g, (_: string, name: string) => parts[name] ?? "x");
      const query = method === "get" && path === "/graphql" ? "?query={__typename}" : "";
      const response = await fetch(hub.gatewayUrl + address + query, {
        method: method.toUpperCase(),
        headers: { authorization, ...(type && { "content-type": type }) },
        ...(type && { body: bodies[path] ?? "{}" }),
      });
      await response.body?.cancel();
      const { status, headers } = response;
      const [policy, left, later] = ["ratelimit-policy", "ratelimit", "retry-after"].map((name) => headers.get(name));
      return { address: `${method} ${path}`, status, policy, left, later };
    });
    return Promise.all(walked);
  }

  test("tells what is left of its agreement's rates, and whom it sends away when to come back", async () => {
    const isLeft = async () => (await post("dinsos-banyuwangi", { query: "{ __typename }" })).status === 200;
    for (let n = 0; n <= BURST && (await isLeft()); n += 1);
    const walked = await walk("dinsos-banyuwangi");
    expect(walked.length).toBeGreaterThan(45);
    const choice = walked.splice(
      walked.findIndex(({ address }) => address === "get /session/agreements"),
      1,
    );
    expect(choice).toMatchObject([{ status: 200, policy: '"choices";q=120;w=60' }]);
    const burst = expect.stringContaining(`"burst";q=${BURST};w=86400`);
    const told = {
      status: 429,
      policy: burst,
      left: expect.stringContaining('"burst";r=0;'),
      later: expect.stringMatching(/^\d+$/),
    };
    for (const one of walked) expect(one).toEqual({ ...told, address: one.address });
  });
});

test("what is answered as a list or a stream tells it, too; what everybody may keep tells nobody's", async () => {
  const policyOf = async (path: string, client: string) => {
    const response = await fetch(hub.gatewayUrl + path, { headers: { authorization: `Bearer ${await hub.tokenOf(client)}` } });
    await response.body?.cancel();
    return [response.status, response.headers.get("ratelimit-policy")?.split(",")[0] ?? null];
  };
  const burst = `"burst";q=${BURST};w=86400`;
  expect(await policyOf("/v1/exports", "kemensos")).toEqual([200, burst]);
  expect(await policyOf("/events", "kemensos")).toEqual([200, burst]);
  expect(await policyOf("/openapi.json", "kemensos")).toEqual([200, burst]);
  expect(await policyOf("/metadata.json", "kemensos")).toEqual([200, null]);
});

test("/limits.json tells all of it to everybody, in both languages, and may be kept", async () => {
  const response = await fetch(`${hub.gatewayUrl}/limits.json`);
  expect([response.status, response.headers.get("cache-control")]).toEqual([200, "public, max-age=300"]);
  const { question, agreement, documents, scope } = (await response.json()) as any;
  expect(Object.fromEntries(question.map(({ name, max }: { name: string; max: number }) => [name, max]))).toEqual({
    ...{ bodyBytes: 100_000, tokens: 2_000, depth: 14, aliases: 30, directives: 20, rootFields: 10, responseKeys: 5_000 },
    ...{ repeats: 10_000, cost: 40_000, subjects: 5_000, validationErrors: 5, errors: 100 },
  });
  expect(agreement).toMatchObject({
    burst: { max: BURST, windowSeconds: 86_400, status: 429 },
    publicBurst: { max: BURST * 10 },
    choices: { max: 120, windowSeconds: 60, status: 429 },
    ownLimits: { code: "TOO_COSTLY" },
  });
  expect(documents.rule).toBe("agreed");
  for (const text of [...question.map(({ description }: any) => description), scope, documents.description])
    expect([/^\w.{20,}/.test(text.id), /^\w.{15,}/.test(text.en)], JSON.stringify(text)).toEqual([true, true]);
});
