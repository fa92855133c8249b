import { describe, expect, test } from "vitest";
import { useHub } from "../../kit/hub.ts";

const hub = useHub();
const SECOND = 1000;

async function send(
  body: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; code: string; text: string; ms: number }> {
  const startedAt = performance.now();
  const response = await fetch(hub.url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/graphql-response+json",
      authorization: `Bearer ${await hub.tokenOf("kemensos")}`,
      ...headers,
    },
    body,
  });
  const text = await response.text();
  return {
    status: response.status,
    code: JSON.parse(text).errors?.[0]?.extensions?.code,
    text,
    ms: performance.now() - startedAt,
  };
}
const question = (query: string, variables: object = {}) => JSON.stringify({ query, variables });

const fragments = (depth: number) => {
  const parts = Array.from({ length: depth }, (_, i) => `fragment F${i + 1} on Household { ...F${i} ...F${i} }`);
  return `{ households { nodes { ...F${depth} } } } fragment F0 on Household { id address } ${parts.join(" ")}`;
};
const deep = (levels: number) =>
  `{ households { nodes { ${"members { household { ".repeat(levels)} id ${"} } ".repeat(levels)} } } }`;
const aliased = (count: number, field: string) => `{ ${Array.from({ length: count }, (_, i) => `a${i}: ${field}`).join(" ")} }`;

describe("bad input gets a clear 4xx in under a second, and the hub lives", () => {
  test.each<[string, string, number, string]>([
    ["malformed JSON", '{"query": ', 400, "BAD_REQUEST"],
    ["an array of operations", "[]", 400, "BAD_REQUEST"],
    ["no document", "{}", 400, "BAD_REQUEST"],
    ["five megabytes", question(`{ me { client } } # ${"x".repeat(5_000_000)}`), 413, "PAYLOAD_TOO_LARGE"],
    ["a document that does not parse", question("{ me { "), 400, "GRAPHQL_PARSE_FAILED"],
    ["a field that does not exist", question("{ nobody }"), 400, "GRAPHQL_VALIDATION_FAILED"],
    [
      "an unknown enum value in a filter",
      question("{ households(filter: { matchStatus: PADAN }) { nodes { id } } }"),
      400,
      "GRAPHQL_VALIDATION_FAILED",
    ],
    [
      "an unknown enum value in a variable",
      question("query ($f: HouseholdFilter) { households(filter: $f) { nodes { id } } }", { f: { matchStatus: "PADAN" } }),
      400,
      "BAD_USER_INPUT",
    ],
    ["a missing variable", question("query ($id: ID!) { household(id: $id) { id } }"), 400, "BAD_USER_INPUT"],
    [
      "an unknown operation name",
      JSON.stringify({ query: "query A { me { client } }", operationName: "B" }),
      400,
      "OPERATION_RESOLUTION_FAILURE",
    ],
    ["a bomb of doubling fragments", question(fragments(18)), 400, "TOO_COSTLY"],
    ["a question twenty levels deep", question(deep(20)), 400, "TOO_COSTLY"],
    ["two hundred aliases of a list", question(aliased(200, "households(first: 50) { nodes { id } }")), 400, "TOO_COSTLY"],
    ["two thousand aliases of __typename", question(aliased(2000, "__typename")), 400, "TOO_COSTLY"],
    ["two hundred guesses of a NIK", question(aliased(200, 'personByNik(nik: "3510161708459001") { id }')), 400, "TOO_COSTLY"],
  ])("%s", async (_, body, status, code) => {
    const answer = await send(body);
    expect([answer.status, answer.code]).toEqual([status, code]);
    expect(answer.ms).toBeLessThan(5 * SECOND); // generous: the machine may be busy; the limit stands before any work
    expect(answer.text).not.toMatch(/Did you mean|at .*\.ts:|\d{16}|select /);
    expect((await send(question("{ me { client } }"))).status).toBe(200);
  });
});

test.each([-1, 0, 101])("a page size of %d is refused by name, whether literal or variable", async (first) => {
  for (const body of [
    question(`{ households(first: ${first}) { nodes { id } } }`),
    question("query ($n: Int) { households(first: $n) { nodes { id } } }", { n: first }),
  ]) {
    const { code, text } = await send(body);
    expect(code).toBe("BAD_USER_INPUT");
    expect(text).toContain("first");
  }
});

test("a malformed region in a filter is an error and never means no filter", async () => {
  const { text, code } = await send(question('{ households(filter: { region: "zz" }) { nodes { id } } }'));
  expect(code).toMatch(/BAD_USER_INPUT|GRAPHQL_VALIDATION_FAILED/);
  expect(text).not.toContain('"nodes":[{');
});

test("refusals speak Indonesian, or English when asked", async () => {
  const body = question("{ nobody }");
  expect((await send(body)).text).toContain("tidak sesuai skema");
  expect((await send(body, { "accept-language": "en-GB,en;q=0.9" })).text).toContain("does not fit the schema");
});

describe("headers that select an agreement", () => {
  const ask = "{ me { agreement { number } } }";
  test("a client with several agreements must name one", async () => {
    const { status, errors } = await hub.as("bpk").ask(ask);
    expect([status, errors[0]?.extensions["code"]]).toEqual([400, "AGREEMENT_REQUIRED"]);
  });
  test("a purpose that demands a case number gets none without it", async () => {
    const without = await hub.as("bpk", { agreement: "PKS-2025-006" }).ask(ask);
    expect([without.status, without.errors[0]?.extensions["code"]]).toEqual([400, "CASE_REQUIRED"]);
    const { data, governance } = await hub.as("bpk", { agreement: "PKS-2025-006", case: "LHP/12/2026" }).ask(ask);
    expect(data["me"].agreement.number).toBe("PKS-2025-006");
    expect(governance["agreement"]).toBe("PKS-2025-006");
  });
  test("another agency's agreement and one that does not exist are refused alike", async () => {
    const foreign = await hub.as("bappenas", { agreement: "PKS-2025-001" }).ask(ask);
    const unknown = await hub.as("bappenas", { agreement: "PKS-0000-000" }).ask(ask);
    expect(foreign.status).toBe(403);
    expect(foreign.errors.map((error) => ({ ...error, extensions: { ...error.extensions, requestId: "" } }))).toEqual(
      unknown.errors.map((error) => ({ ...error, extensions: { ...error.extensions, requestId: "" } })),
    );
  });
});

test("a stranger gets the same 401 whatever the document", async () => {
  const bodies = ["{ me { client } }", "{ nobody }", "{ __schema { types { name } } }"].map((query) => question(query));
  const answers = await Promise.all(
    bodies.map(async (body) => {
      const response = await fetch(hub.url, { method: "POST", headers: { "content-type": "application/json" }, body });
      const text = await response.text();
      return `${response.status} ${response.headers.get("www-authenticate")} ${text.replace(/"requestId":"[^"]*"/g, "")}`;
    }),
  );
  expect(new Set(answers).size).toBe(1);
  expect(answers[0]).toMatch(/^401 Bearer/);
});

test("an identifier is never looked up by GET: URLs end in the logs of proxies", async () => {
  const get = async (query: string) => {
    const response = await fetch(`${hub.url}?query=${encodeURIComponent(query)}`, {
      headers: { authorization: `Bearer ${await hub.tokenOf("kemensos")}` },
    });
    return { status: response.status, allow: response.headers.get("allow"), text: await response.text() };
  };
  expect((await get("{ me { client } }")).status).toBe(200);
  const refused = await get('{ personByNik(nik: "3510161708459001") { fullName } }');
  expect([refused.status, refused.allow]).toEqual([405, "POST"]);
  expect(refused.text).not.toMatch(/3510161708459001|fullName/);
});
