import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { asRole } from "../../kit/database.ts";
import { useHub } from "../../kit/hub.ts";
import { budi } from "../../kit/people.ts";
import { faultsIn, misfits } from "../openapi/kit.ts";

// Trusted documents by their names: each answer is the one of its question over GraphQL, and judged and on record as it.

const hub = useHub();
const document = (name: string) => readFileSync(`docs/questions/rest/${name}.graphql`, "utf8");

interface Asking {
  readonly as?: string;
  readonly agreement?: string;
  readonly accept?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

async function rest(path: string, { as = "kemensos", agreement, accept, body, headers }: Asking = {}) {
  const response = await fetch(hub.gatewayUrl + path, {
    headers: {
      ...(as !== "" && { authorization: `Bearer ${await hub.tokenOf(as)}` }),
      ...(agreement && { "hub-agreement": agreement }),
      ...(accept && { accept }),
      ...(body !== undefined && { "content-type": "application/json" }),
      ...headers,
    },
    ...(body !== undefined && { method: "POST", body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const type = response.headers.get("content-type") ?? "";
  const isJson = type.includes("json;") && text !== "";
  return {
    status: response.status,
    headers: response.headers,
    type,
    text,
    json: isJson ? JSON.parse(text) : null,
  };
}
const dataOf = (text: string) => placeless(/"data":(\{.*\}),"extensions":/.exec(text)?.[1] ?? "");
/** A place in a list is encrypted anew each time. */
const placeless = (text: string) => text.replaceAll(/"endCursor":"[^"]+"/g, '"endCursor":"…"');
const REGISTER = `mutation ($agreement: ID!, $documents: [DocumentInput!]!) { registerDocuments(agreement: $agreement, documents: $documents) {
  registered { id } rejected { faults { detail } } } }`;

describe("a document that the hub ships", () => {
  test("answers by GET and by POST with the very bytes of its question over GraphQL", async () => {
    const asked = await hub.as("kemensos").ask(document("regions"), { parent: "35", first: 3 });
    const byGet = await rest("/rest/regions?parent=35&first=3");
    const byPost = await rest("/rest/regions", { body: { parent: "35", first: 3 } });
    const same = dataOf(asked.text);
    expect([byGet.status, byPost.status, placeless(byGet.text), placeless(byPost.text)]).toEqual([200, 200, same, same]);
    expect(byGet.json.regions.nodes).toHaveLength(3);
  });

  test("carries its receipt, and what is left of the rates, in headers", async () => {
    const { headers } = await rest("/rest/households?first=2");
    expect(headers.get("ratelimit")).toContain('"burst"');
    expect(headers.get("cache-control")).toBe("no-store");
    const [row] = await asRole(
      hub.urls.governance.owner,
      (sql) => sql`select body from governance.entry where request_id = ${headers.get("hub-receipt")}`,
    );
    expect(JSON.parse(row?.["body"])).toMatchObject({ operation: { name: "Households" }, agreement: "PKS-2025-001" });
  });

  test("that is public may be kept by whoever asked, and asked for again", async () => {
    const first = await rest("/rest/programs");
    const etag = first.headers.get("etag") ?? "";
    expect([first.headers.get("cache-control"), etag]).toEqual(["private, no-cache", expect.stringMatching(/^"[\w-]{43}"$/)]);
    const again = await rest("/rest/programs", { headers: { "if-none-match": etag } });
    expect([again.status, again.text]).toEqual([304, ""]);
    expect(again.headers.get("hub-receipt")).not.toBe(first.headers.get("hub-receipt"));
  });

  test("shows each agreement what it opens: masked here, plain there, and a part that is denied is told", async () => {
    const nik = { body: { nik: budi.nik } };
    const plain = await rest("/rest/person-by-nik", nik);
    const bpjs = await rest("/rest/person-by-nik", { ...nik, as: "bpjs-kesehatan" });
    expect([plain.json.personByNik.fullName, bpjs.json.personByNik.fullName]).toEqual(["BUDI SANTOSO", "B. S."]);
    expect(bpjs.json.personByNik.id).not.toBe(plain.json.personByNik.id);
    const asked = await hub.as("kemendikdasmen").ask(document("households"), { first: 2 });
    const partial = await rest("/rest/households?first=2", { as: "kemendikdasmen" });
    const { errors, ...data } = partial.json;
    expect([partial.status, partial.headers.get("hub-partial"), errors.length]).toEqual([200, "1", 1]);
    expect(placeless(JSON.stringify(data))).toBe(placeless(JSON.stringify(asked.data)));
    expect(errors[0].extensions).toMatchObject({ coordinate: "Household.deciles", code: asked.errors[0]?.extensions["code"] });
  });

  test("of which nothing is open is a problem, in the words and with the status of its error", async () => {
    const refused = await rest("/rest/person-by-nik", { as: "bappenas", body: { nik: budi.nik } });
    expect([refused.status, refused.type]).toEqual([403, "application/problem+json; charset=utf-8"]);
    expect(refused.json).toMatchObject({ status: 403, code: expect.any(String), requestId: expect.any(String) });
    expect(refused.text).not.toContain(budi.nik);
  });
});

describe("an address", () => {
  test("refuses by name what the document does not take, and what does not fit", async () => {
    const unknown = await rest("/rest/regions?induk=35");
    expect([unknown.status, unknown.json.code]).toEqual([400, "BAD_USER_INPUT"]);
    expect(unknown.json.detail).toContain('"induk": is no parameter of regions, it takes parent, search, first, after');
    for (const [query, fault] of [
      ["first=banyak", "first: must be a whole number"],
      ["first=1&first=2", "first: is given twice"],
    ])
      expect((await rest(`/rest/regions?${query}`)).json.detail).toContain(fault);
    expect((await rest("/rest/enrolments?state=GONE")).json.detail).toContain("state: must be of ");
    expect((await rest("/rest/regions", { body: { induk: "35" } })).json.detail).toContain('"induk"');
    expect((await rest("/rest/person-by-nik", { body: {} })).json).toMatchObject({ status: 400, code: "BAD_USER_INPUT" });
    expect((await rest("/rest/regions", { body: [] })).status).toBe(400);
    expect((await rest("/rest/regions?first=1", { body: {} })).status).toBe(400);
    expect((await rest("/rest/nothing")).json).toMatchObject({ status: 404, code: "NOT_FOUND" });
  });

  test("never carries an identifier: by GET it is refused, unasked and unrepeated", async () => {
    hub.facts.length = 0;
    const looked = await rest(`/rest/person-by-nik?nik=${budi.nik}`);
    expect([looked.status, looked.headers.get("allow")]).toEqual([405, "POST"]);
    const searched = await rest(`/rest/regions?search=${budi.nik}`);
    expect([searched.status, searched.json.detail]).toEqual([400, expect.stringContaining("search: what may be a NIK")]);
    expect([hub.facts, looked.text.includes(budi.nik), searched.text.includes(budi.nik)]).toEqual([[], false, false]);
  });

  test("takes its asker's turn and is on record, also where it asks wrongly", async () => {
    const left = ({ headers }: { readonly headers: Headers }) =>
      Number(/"burst";r=(\d+)/.exec(headers.get("ratelimit") ?? "")?.[1]);
    const refusals = async () => {
      const rows = await asRole(hub.urls.governance.owner, (sql) => sql`select body from governance.entry order by 1`);
      return rows.filter((row) => row["body"].includes('"Rest"') && row["body"].includes('"NOT_FOUND"')).length;
    };
    const before = await refusals();
    const asked = [await rest("/rest/nothing"), await rest("/rest/regions?first=1"), await rest("/rest/nothing")] as const;
    expect(asked.map(({ status }) => status)).toEqual([404, 200, 404]);
    expect(left(asked[0]) - left(asked[2]), "one each, not two").toBeLessThanOrEqual(2);
    expect(left(asked[0])).toBeGreaterThan(0);
    await expect.poll(refusals).toBe(before + 2);
  });

  test("tells a stranger nothing, not even which names there are", async () => {
    const [known, unknown] = [await rest("/rest/regions", { as: "" }), await rest("/rest/nothing", { as: "" })];
    expect([known.status, unknown.status, known.json.code]).toEqual([401, 401, "UNAUTHENTICATED"]);
    expect(known.headers.get("www-authenticate")).toBeTruthy();
  });

  test("of a list leads to its end, page by page, without a gap", async () => {
    const whole = await rest("/rest/regions?parent=35&first=100");
    const codes: string[] = [];
    let next: string | undefined = "/rest/regions?parent=35&first=7";
    while (next) {
      const { headers, json } = await rest(next);
      codes.push(...json.regions.nodes.map(({ code }: { code: string }) => code));
      next = /^<([^>]+)>; rel="next"$/.exec(headers.get("link") ?? "")?.[1];
    }
    expect(codes.length).toBeGreaterThan(14);
    expect(codes).toEqual(whole.json.regions.nodes.map(({ code }: { code: string }) => code));
  });
});

describe("a list by rows", () => {
  const NDJSON = "application/x-ndjson";
  const entries = () =>
    asRole(hub.urls.governance.owner, (sql) => sql`select count(*)::int as n from governance.entry`).then(([row]) => row?.["n"]);

  test("has the rows of all its pages, one a line, and each page on record", async () => {
    const pages = (await rest("/rest/households?first=100")).json.households.nodes;
    const before = await entries();
    const rows = await rest("/rest/households?first=2", { accept: NDJSON });
    expect([rows.status, rows.type]).toEqual([200, NDJSON]);
    expect(rows.text).toBe(pages.map((row: object) => `${JSON.stringify(row)}\n`).join(""));
    expect((await entries()) - before).toBe(2 * Math.ceil(pages.length / 2)); // announced, and told
    const byPost = await rest("/rest/households", { accept: NDJSON, body: {} });
    expect(byPost.text).toBe(rows.text);
  });

  test("leaves out what the agreement does not open, in every row alike, and says so", async () => {
    const rows = await rest("/rest/households?first=2", { as: "kemendikdasmen", accept: NDJSON });
    expect([rows.status, rows.headers.get("hub-partial"), rows.text.includes("$problem")]).toEqual([200, "1", false]);
    expect(rows.text.trim().split("\n").length).toBeGreaterThan(2);
  });

  test("of a document without one is refused, on record", async () => {
    const before = await entries();
    const refused = await rest("/rest/programs", { accept: NDJSON });
    expect([refused.status, refused.json.code]).toEqual([406, "NOT_ACCEPTABLE"]);
    await expect.poll(entries).toBe(before + 1);
  });
});

describe("a document that an agreement has registered", () => {
  const text = "query DaftarWilayah($induk: RegionCode!) { regions(parent: $induk, first: 2) { nodes { code } } }";
  const register = async (texts: readonly string[]) => {
    const documents = texts.map((one) => ({ document: one }));
    const { data, errors } = await hub.as("kemensos").ask(REGISTER, { agreement: "PKS-2025-001", documents });
    expect([errors, data["registerDocuments"].rejected]).toEqual([[], []]);
  };
  beforeAll(() => register([text]));

  test("has an address of its operation's name, for its agreement and no other", async () => {
    await expect.poll(async () => (await rest("/rest/daftar-wilayah?induk=35")).status, { timeout: 10_000 }).toBe(200); // names are kept a second
    const ours = await rest("/rest/daftar-wilayah?induk=35");
    expect([ours.status, ours.json.regions.nodes]).toEqual([200, [{ code: "3501" }, { code: "3502" }]]);
    expect((await rest("/rest/daftar-wilayah?induk=35", { as: "bpjs-kesehatan" })).status).toBe(404);
  });

  test("is described to its agreement, and to nobody else", async () => {
    const [ours, others, all] = await Promise.all(["kemensos", "bpjs-kesehatan", ""].map((as) => rest("/openapi.json", { as })));
    expect(ours?.json.paths["/rest/daftar-wilayah"]).toMatchObject({ get: { operationId: "restDaftarWilayahByGet" } });
    expect([others?.text.includes("daftar-wilayah"), all?.text.includes("daftar-wilayah")]).toEqual([false, false]);
    expect([ours?.headers.get("cache-control"), all?.headers.get("cache-control")]).toEqual([
      "private, no-cache",
      "public, max-age=300",
    ]);
    expect(faultsIn(ours?.json)).toEqual([]);
  });

  test("has none while another is named so, nor once it is retired", async () => {
    const other = text.replace("first: 2", "first: 3");
    await register([other]);
    await expect.poll(async () => (await rest("/rest/daftar-wilayah?induk=35")).status, { timeout: 10_000 }).toBe(409);
    const listed = await hub.as("kemensos").ask(`{ trustedDocuments(agreement: "PKS-2025-001") { id document } }`);
    const retired = listed.data["trustedDocuments"].find((one: { document: string }) => one.document === other);
    await hub
      .as("kemensos")
      .ask(`mutation ($id: ID!) { retireDocument(agreement: "PKS-2025-001", id: $id) { id } }`, { id: retired.id });
    await expect.poll(async () => (await rest("/rest/daftar-wilayah?induk=35")).status, { timeout: 10_000 }).toBe(200);
  });
});

test("what is answered is what /openapi.json says of it", async () => {
  const { json: told } = await rest("/openapi.json");
  const asked: readonly (readonly [path: string, asking?: Asking])[] = [
    ["/rest/regions?parent=35"],
    ["/rest/programs"],
    ["/rest/my-access"],
    ["/rest/households"],
    ["/rest/households", { as: "kemendikdasmen" }],
    ["/rest/enrolments"],
    ["/rest/person-by-nik", { body: { nik: budi.nik }, as: "bpjs-kesehatan" }],
    ["/rest/verify-identity", { body: { nik: budi.nik, fullName: "Budi Santoso" }, as: "kemendikdasmen" }],
  ];
  for (const [path, asking] of asked) {
    const { status, json } = await rest(path, asking);
    const operation = told.paths[path.replace(/\?.*/, "")][asking?.body ? "post" : "get"];
    const { schema } = operation.responses[200].content["application/json"];
    expect([path, status, misfits(told, schema, json)]).toEqual([path, 200, []]);
  }
  const refused = await rest("/rest/nothing");
  expect(misfits(told, told.components.schemas.Problem, refused.json)).toEqual([]);
});
