import { serverAudits } from "graphql-http";
import { expect, test } from "vitest";
import { audit } from "../kit/audit.ts";
import { useHub } from "../kit/hub.ts";

// GraphQL over HTTP, by the audits of the specification's own package and by ours, against the whole hub.

const hub = useHub();
const credential = async () => ({ authorization: `Bearer ${await hub.tokenOf("kemensos")}` });
const audits = serverAudits({
  url: () => hub.url,
  fetchFn: async (url: string, init: RequestInit = {}) =>
    fetch(url, { ...init, headers: { ...init.headers, ...(await credential()) } }),
});

test.each(audits)("$id $name", async ({ fn }) => {
  const result = await fn();
  expect(result.status === "ok" ? "ok" : result.reason).toBe("ok");
});

test("all 61 audits were run", () => expect(audits).toHaveLength(61));

const ask = async (body: unknown, headers: Record<string, string> = {}) =>
  fetch(hub.url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/graphql-response+json",
      ...(await credential()),
      ...headers,
    },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
interface Body {
  readonly data?: unknown;
  readonly errors?: readonly {
    readonly message: string;
    readonly extensions: { readonly code: string; readonly requestId: string };
  }[];
}
const errorsOf = async (response: Response) => ((await response.json()) as Body).errors ?? [];

audit("H1", "MUST give every stranger the same 401, whatever the document", async () => {
  const answers = await Promise.all(
    ["{ me { client } }", "{ nothingOfTheKind }", "{", "{ __schema { types { name } } }"].flatMap((query) =>
      ["", "Bearer nonsense", "Basic a2VtZW5zb3M6eA=="].map((authorization) =>
        ask({ query }, { authorization, "x-request-id": "same" }),
      ),
    ),
  );
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]));
  expect(answers.every(({ headers }) => headers.get("www-authenticate")?.startsWith("Bearer realm="))).toBe(true);
  expect(new Set(await Promise.all(answers.map((answer) => answer.text()))).size).toBe(1);
});

audit("H2", "MUST NOT serve a mutation by GET", async () => {
  const headers = { ...(await credential()), accept: "application/graphql-response+json" };
  const response = await fetch(`${hub.url}?query=${encodeURIComponent("mutation { __typename }")}`, { headers });
  expect([400, 405]).toContain(response.status);
});

audit("H3", "MUST refuse bad input in under a second, with a clear 4xx, and stay alive", async () => {
  const deep = `${"{ me { agency ".repeat(2000)}{ name }${" } }".repeat(2000)}`;
  const aliases = `{ ${Array.from({ length: 5000 }, (_, n) => `a${n}: __typename`).join(" ")} }`;
  const bodies = [
    '{"query":',
    JSON.stringify({ query: "x".repeat(5_000_000) }),
    [{ query: "{ me { client } }" }],
    { query: deep },
    { query: aliases },
    { query: "{ households(first: -1) { nodes { id } } }" },
    { query: "{ households(first: 101) { nodes { id } } }" },
    { query: "query ($first: Int) { households(first: $first) { nodes { id } } }", variables: { first: 0 } },
    { query: "{ enrolments(filter: { state: NO_SUCH_STATE }) { nodes { id } } }" },
    { query: `{ ${"[".repeat(40_000)} }` },
    `{"query":"query ($first: Int) { households(first: $first) { nodes { id } } }","variables":{"first":${"[".repeat(40_000)}${"]".repeat(40_000)}}}`,
  ];
  for (const body of bodies) {
    const began = performance.now();
    const response = await ask(body);
    expect(performance.now() - began).toBeLessThan(1000);
    const name = JSON.stringify(body).slice(0, 80);
    expect([name, Math.floor(response.status / 100), (await errorsOf(response)).length > 0]).toEqual([name, 4, true]);
  }
  expect((await ask({ query: "{ me { client } }" })).status).toBe(200);
});

audit("H4", "MUST name code and request id in every error, in the reader's language, without suggestions", async () => {
  for (const [language, words] of [
    ["id", "tidak sesuai"],
    ["en", "does not fit"],
  ] as const) {
    const response = await ask(
      { query: "{ householdz { id } me { clientt } }" },
      { "accept-language": language, "x-request-id": "mine-1" },
    );
    const errors = await errorsOf(response);
    expect(response.status).toBe(400);
    expect(errors.length).toBeGreaterThan(0);
    for (const { message, extensions } of errors) {
      expect(extensions).toMatchObject({ code: "GRAPHQL_VALIDATION_FAILED", requestId: "mine-1" });
      expect(message).toContain(words);
      expect(message).not.toMatch(/did you mean|households|"client"/i);
    }
  }
});

audit("H5", "MUST NOT repeat a NIK in an error", async () => {
  const nik = "3510012345679001";
  const bodies = [
    { query: `{ personByNik(nik: ${nik}) { id } }` },
    { query: `{ personByNik(nik: "${nik}") { nothing${nik} } }` },
    { query: "query ($first: Int) { households(first: $first) { nodes { id } } }", variables: { first: nik } },
    { query: `query Of${nik} { a }`, operationName: `Another${nik}` },
  ];
  for (const body of bodies) {
    const response = await ask(body, { "x-request-id": nik });
    expect(response.status).toBe(400);
    expect((await response.text()) + JSON.stringify(Object.fromEntries(response.headers))).not.toContain(nik);
  }
});

audit(
  "H6",
  "MUST ask a client with several agreements which one it means, and name the case where the purpose needs one",
  async () => {
    const bpk = hub.as("bpk");
    const codes = async (voice: Parameters<typeof hub.as>[1]) => {
      const { status, errors } = await hub.as("bpk", voice).ask("{ me { agreement { number } } }");
      return [status, errors[0]?.extensions["code"]];
    };
    expect((await bpk.ask("{ me { client } }")).errors[0]?.extensions["code"]).toBe("AGREEMENT_REQUIRED");
    expect(await codes({ agreement: "PKS-2025-006" })).toEqual([400, "CASE_REQUIRED"]);
    expect(await codes({ agreement: "PKS-2025-006", case: "LHP 12/2026" })).toEqual([200, undefined]);
    expect(await codes({ agreement: "PKS-2025-001" })).toEqual([403, "FORBIDDEN"]);
    expect(await codes({ agreement: "PKS-404" })).toEqual([403, "FORBIDDEN"]);
  },
);

audit("H7", "MUST NOT show the supergraph, and MUST say by health and readiness how it is", async () => {
  const statuses = await Promise.all(
    ["/supergraph.graphql", "/supergraph", "/health", "/ready", "/readiness", "/health?ready"].map(
      async (path) => (await fetch(hub.gatewayUrl + path)).status,
    ),
  );
  expect(statuses).toEqual([404, 404, 200, 200, 200, 200]);
});
