import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { asQuestion } from "../../../gateway/answer.ts";
import { fewEnough, keptTexts } from "../../../gateway/border/openapi/openapi.ts";
import { describedDocument } from "../../../gateway/border/openapi/restOperations.ts";
import { restDocument } from "../../../gateway/border/rest/document.ts";
import { libraryOf, MOST_OF_ONE } from "../../../gateway/border/rest/library.ts";
import { questionOf } from "../../../gateway/border/rest/question.ts";
import { problem } from "../../../gateway/border/rest/told.ts";
import { variablesOf } from "../../../gateway/border/rest/variables.ts";
import { loadSupergraph } from "../../../gateway/plan/supergraph.ts";
import { receive } from "../../../gateway/receive/receive.ts";
import { told as replyOf } from "../../../gateway/receive/routes/told.ts";
import type { Incoming } from "../../../gateway/types/chain.ts";
import { sha256Hex } from "../../../schema/policy/content.ts";

// What a document by its name is bounded by, without a hub.

const load = () => loadSupergraph(readFileSync("schema/supergraph.graphql", "utf8"));
const supergraph = load();
const regions = restDocument(readFileSync("docs/questions/rest/regions.graphql", "utf8"), supergraph, true);
if (!regions) throw new Error("regions has no address");
const textOf = (n: number) => `query Wilayah${n} { regions(first: ${(n % 100) + 1}) { nodes { code } } }`;

describe("a document of fragments that spread others", () => {
  const chain = (inner: (below: string) => string, length: number) =>
    Array.from({ length }, (_, at) => `fragment F${at} on Region { ${at + 1 < length ? inner(`...F${at + 1}`) : "code"} }`).join(
      "\n",
    );
  const over = (fragments: string) => `query Bom { regions(first: 1) { nodes { ...F0 } } }\n${fragments}`;

  test("selects each of them once at one place, however often it is spread", () => {
    const document = restDocument(over(chain((below) => `${below} ${below}`, 40)), supergraph);
    expect(document?.size).toBeLessThan(200);
    const [described] = document ? describedDocument(document, supergraph) : [];
    expect(JSON.stringify(described?.schemas)).toContain('"code"');
  });

  test("has no address where they select too much at each other's fields", () => {
    const doubled = chain((below) => `a: parent { ${below} } b: parent { ${below} }`, 12);
    expect(restDocument(over(doubled), supergraph)).toBeNull();
  });

  test("is sure of a field that one of two spreads is sure of", () => {
    const text = "query Sama($x: Boolean!) { ...F @include(if: $x) ...F }\nfragment F on Query { programs { code } }";
    const document = restDocument(text, supergraph);
    const [described] = document ? describedDocument(document, supergraph) : [];
    expect(described?.schemas?.["RestSama"]).toMatchObject({ required: ["programs"] });
  });
});

describe("the library of an agreement", () => {
  const libraryFor = (agreement: string, hub: object) => libraryOf({ documentsOf: agreement } as any, hub as any);
  const hubOf = (ids: Readonly<Record<string, readonly string[]>>, text: (id: string) => Promise<string | null>) => {
    const read: string[] = [];
    const grants = {
      documentIds: async (agreement: string) => ids[agreement] ?? [],
      document: (_: string, id: string) => {
        read.push(id);
        return text(id);
      },
    };
    return { hub: { grants, supergraph: load() }, read };
  };

  test("has so many addresses of its own and no more, and the texts it knows are read once", async () => {
    const texts = new Map(Array.from({ length: MOST_OF_ONE + 5 }, (_, n) => [sha256Hex(textOf(n)), textOf(n)] as const));
    const { hub, read } = hubOf({ A: [...texts.keys()], B: [...texts.keys()] }, async (id) => texts.get(id) ?? null);
    const shipped = (await libraryFor("nobody", hub)).size;
    expect((await libraryFor("A", hub)).size).toBe(MOST_OF_ONE + shipped);
    expect((await libraryFor("B", hub)).size).toBe(MOST_OF_ONE + shipped);
    expect(read).toHaveLength(MOST_OF_ONE);
  });

  test("is whole whatever others read meanwhile, and is kept from when it was read", async () => {
    const own = "query Regions { regions(first: 7) { nodes { code } } }";
    let read = 0;
    const { hub } = hubOf({ A: [sha256Hex(own)], B: ["x"] }, async (id) => {
      read += 1;
      if (id !== "x") await libraryFor("B", hub);
      return id === "x" ? null : own;
    });
    const [one, two] = await Promise.all([libraryFor("A", hub), libraryFor("A", hub)]);
    expect([one.get("regions")?.isCurated, two.get("regions")?.isCurated]).toEqual([false, false]);
    expect(read, "A's one document and B's none, once each").toBe(2);
  });
});

describe("a description", () => {
  test("holds so many documents, and so much of them", () => {
    const sized = (...sizes: readonly number[]) => fewEnough(sizes.map((size) => ({ size }))).map(({ size }) => size);
    expect(sized(5_000, 5_000, 5_000, 4_000, 5_000, 1_000)).toEqual([5_000, 5_000, 5_000, 4_000, 1_000]);
    expect(sized(...new Array<number>(300).fill(1))).toHaveLength(200);
  });

  test("is kept once for an agreement, and all of them are so much together", () => {
    const written: string[] = [];
    const write = keptTexts((documents) => {
      written.push(String(documents[0]?.id));
      return "x".repeat(10);
    }, 25);
    const of = (agreement: string, id: string) => write({ agreement, documents: [{ ...regions, id }] }, { supergraph } as any);
    for (const [agreement, id] of [
      ["A", "1"],
      ["A", "1"],
      ["A", "2"],
      ["B", "3"],
      ["C", "4"],
      ["C", "4"],
      ["B", "3"],
      ["A", "2"],
    ] as const)
      of(agreement, id);
    expect(written).toEqual(["1", "2", "3", "4", "2"]);
  });
});

test("of many faults three are told, the parameters once, and nothing of what may be a NIK", () => {
  const nik = "3510161708459001";
  const body = Object.fromEntries(
    [`${"x".repeat(25)}${nik}`, ...Array.from({ length: 5_000 }, (_, n) => `k${n}`)].map((k) => [k, 1]),
  );
  const { faults = [] } = variablesOf(JSON.stringify(body), regions);
  expect(faults).toEqual([expect.stringContaining('"k0", "k1" (5001 in all): is no parameter of regions, it takes parent')]);
  expect(faults.join()).not.toContain(nik.slice(0, 6));
});

test("a document of the hub's is no exception where an agreement takes its own only, or is on its way there", () => {
  const asked = { method: "POST", url: "/rest/regions", headers: {}, body: "{}" } as unknown as Incoming;
  const errands = (["open", "report", "trusted"] as const).map(
    (documents) => questionOf({ asked, asker: { documents }, document: regions }, {}).isErrand,
  );
  expect(errands).toEqual([true, undefined, undefined]);
});

test("an agreement is measured by what it sends, whatever text of the hub's stands for it", async () => {
  const asked = (method: string, url: string, body: string | null) =>
    ({ method, url, headers: { accept: "application/json" }, body }) as unknown as Incoming;
  const measured = async (question: Incoming) => (await receive(question)).bodyBytes;
  const errand = { operation: "Any", document: `query Any { ${"__typename ".repeat(99)}}`, variables: {} };
  for (const [one, bytes] of [
    [asked("POST", "/rest/regions?x=1", '{"é":1}'), 8],
    [asked("GET", "/rest/regions?parent=3510&a?b", null), 15],
    [asked("GET", "/rest/regions", null), 0],
  ] as const) {
    expect(await measured(asQuestion(one, errand))).toBe(bytes);
    expect(await measured(asQuestion(asQuestion(one, errand), errand))).toBe(bytes);
    expect(await measured(questionOf({ asked: one, asker: { documents: "open" }, document: regions }, { parent: "3510" }))).toBe(
      bytes,
    );
  }
});

test("a document that is hidden from who asks is forbidden, and stays on record where it was", () => {
  const asked = { headers: {} } as Incoming;
  const refused = (extensions: object) =>
    replyOf({ status: 400, headers: {}, body: JSON.stringify({ errors: [{ message: "x", extensions }] }) }, asked);
  const receipt = { id: "r-1", leaf: "00" };
  const code = "GRAPHQL_VALIDATION_FAILED";
  expect(refused({ code, receipt })).toMatchObject({ receipt: "r-1", errors: [{ extensions: { code: "FORBIDDEN", receipt } }] });
  expect(problem(refused({ code, receipt }), "https://hub").headers["hub-receipt"]).toBe("r-1");
  expect([refused({ code }).receipt, refused({ code }).http.status]).toEqual([undefined, 403]);
});

test("what may have run tells its receipt, and all that GraphQL tells", () => {
  const extensions = { code: "OUTCOME_UNCONFIRMED", clause: "Pasal 5", owner: "kemensos", receipt: { id: "r-1", leaf: "00" } };
  const errors = [{ message: "x", extensions }];
  const http = { status: 500, headers: {}, body: JSON.stringify({ errors }) };
  const told = problem(replyOf(http, {} as Incoming), "https://hub");
  expect(told.headers["hub-receipt"]).toBe("r-1");
  expect(JSON.parse(told.body)).toMatchObject({ status: 500, receipt: "r-1", errors });
});
