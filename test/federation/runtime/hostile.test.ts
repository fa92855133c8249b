import { readFileSync } from "node:fs";
import { afterEach, expect, test, vi } from "vitest";
import { createSupergraphRuntime } from "../../../gateway/answer.ts";
import { authorize } from "../../../gateway/authorize/authorize.ts";
import { introspect } from "../../../gateway/execute/introspect.ts";
import { createCache } from "../../../gateway/plan/cache.ts";
import { plan } from "../../../gateway/plan/plan.ts";
import type { Outcome, Question } from "../../../gateway/types/chain.ts";
import type { Transport } from "../../../gateway/types/sources.ts";
import { answered, DENY, decide } from "./hubOf.ts";

// What a hostile review of the hub's own supergraph under the standard limits brought up.

const transport: Transport = { send: async () => ({ data: {} }), close: async () => undefined };
const { supergraph, execute } = createSupergraphRuntime({
  supergraphSdl: readFileSync("schema/supergraph.graphql", "utf8"),
  transport,
});
type Asking = Partial<Question>;
const questionOf = (document: string, asking: Asking = {}): Question => ({
  document,
  decisions: decide({}),
  deadline: performance.now() + 5000,
  ...asking,
});
const ask = (document: string, asking: Asking = {}): Promise<Outcome> => execute(questionOf(document, asking));
const limitOf = ({ errors: [error] }: Outcome) => [error?.code, error?.limit?.name];
afterEach(() => vi.restoreAllMocks());

test("a list that nobody pages multiplies what it costs: households of members of households are refused unplanned", async () => {
  const planned = vi.spyOn(supergraph.planner, "plan");
  const circle = (levels: number, leaf: string): string =>
    levels === 0 ? leaf : `household { members { ${circle(levels - 1, leaf)} } }`;
  const six = `{ households(first: 100) { nodes { members { ${circle(5, "suffix")} } } } }`;
  expect(limitOf(await ask(six))).toEqual(["TOO_COSTLY", "cost"]);
  expect(limitOf(await ask(six.replace("100", "2")))).toEqual(["TOO_COSTLY", "cost"]);
  const named = six.replace("nodes {", "...P } } fragment P on HouseholdConnection { nodes {").replace(/\}$/, "");
  expect(limitOf(await ask(named))).toEqual(["TOO_COSTLY", "cost"]);
  expect(planned).not.toHaveBeenCalled();
  expect((await ask("{ households(first: 100) { nodes { members { household { members { suffix } } } } } }")).kind).toBe(
    "answered",
  );
});

test("the question of the README stays below the ceiling, and it is known by how much", async () => {
  const document = readFileSync("docs/questions/households.graphql", "utf8");
  expect((await ask(document, { variables: { first: 50 } })).kind).toBe("answered");
  expect((await ask(document, { variables: { first: 100 } })).kind).toBe("answered");
  const { errors } = await ask(document, { variables: { first: 200 } });
  const [atTwoHundred, aHousehold] = [errors[0]?.limit?.actual ?? 0, 324.25];
  expect(atTwoHundred).toBe(64_859);
  expect(Math.round(atTwoHundred - 150 * aHousehold), "with first: 50").toBe(16_222);
});

test("nothing that is cached holds a place in the text, for a place holds every token of the document", () => {
  const document = `# ${"c".repeat(10_000)}
    query A($id: ID!) { ...Q person(id: $id) { fullName } __schema { queryType { name } } } fragment Q on Query { me { agency { name } } }`;
  const { reading } = authorize(questionOf(document, { variables: { id: "1" } }), supergraph);
  const seen = new Set<unknown>();
  const locations: string[] = [];
  const walk = (value: unknown, path: string): void => {
    if (typeof value !== "object" || value === null || seen.has(value)) return;
    seen.add(value);
    if ("loc" in value && value.loc) locations.push(path);
    const inner = value instanceof Map ? [...value].flat() : Object.values(value);
    for (const [index, child] of inner.entries()) walk(child, `${path}.${index}`);
  };
  const { view: _, ...held } = reading;
  walk(held, "reading");
  expect(seen.size).toBeGreaterThan(30);
  expect(locations).toEqual([]);
});

test("a cache is bounded by the text it stands for as well as by entries", () => {
  const cache = createCache<string>({ entries: 3, bytes: 100 });
  for (const name of ["a", "b", "c"]) cache.set(name, name, 10);
  expect(["a", "b", "c"].map((name) => cache.get(name))).toEqual(["a", "b", "c"]);
  cache.set("d", "d", 10);
  expect(cache.get("a"), "the fourth entry pushes the oldest out").toBeUndefined();
  cache.set("d", "D", 85);
  expect(["b", "c", "d"].map((name) => cache.get(name))).toEqual([undefined, "c", "D"]);
  cache.set("huge", "huge", 101);
  expect(cache.get("huge"), "what is larger than all is not kept").toBeUndefined();
  expect(cache.get("D"), "and pushes nobody out").toBeUndefined();
  expect(cache.get("d")).toBe("D");
});

test("an operation name and a document never answer for another pair that reads the same side by side", async () => {
  const document = "query A { me { agency { name } } } query B { __typename }";
  const comment = `A\0${document}`;
  expect(answered(await ask(document, { operationName: "B" })).data).toEqual({ __typename: "Query" });
  expect((await ask(document, { operationName: `B\0${document}` })).errors[0]?.code).toBe("OPERATION_RESOLUTION_FAILURE");
  for (const operationName of ["A B", "1", "A\0", comment])
    expect((await ask("{ __typename }", { operationName })).errors).toEqual([
      { code: "OPERATION_RESOLUTION_FAILURE", detail: "The document has no operation of that name." },
    ]);
  expect(answered(await ask("{ __typename }", { operationName: "" })).data).toEqual({ __typename: "Query" });
  const tail = "#\0query X { me { agency { code } } }\n{ __typename }";
  await ask(`${tail}`);
  expect((await ask("query X { me { agency { code } } }\n{ __typename }", { operationName: "#" })).kind).toBe("refused");
});

test("the same field written hundreds of times is refused before validation compares each with each", async () => {
  const repeated = (times: number) => "agency { code nothing } ".repeat(times);
  const documents = [
    `query A { me { ${repeated(380)} } }`,
    `query A { __typename } query B { me { ${repeated(380)} } }`,
    `query A { me { ...F } } fragment F on MyAccess { ${repeated(300)} }`,
    `query A { me { ${"agency { ...F } ".repeat(200)} } } fragment F on Agency { code nothing }`,
  ];
  for (const document of documents)
    expect(limitOf(await ask(document, { operationName: "A" })), "before it is found that there is no such field").toEqual([
      "TOO_COSTLY",
      "repeats",
    ]);
  expect((await ask(`{ me { ${"agency { code name } ".repeat(40)} } }`)).kind).toBe("answered");
});

test("what stands in another operation of the document is measured too", async () => {
  const bomb = Array.from({ length: 30 }, (_, n) => `fragment F${n + 1} on Agency { a${n % 9}: code ...F${n} ...F${n} }`).join(
    " ",
  );
  const { errors } = await ask(
    `query A { __typename } query B { me { agency { ...F30 } } } fragment F0 on Agency { code } ${bomb}`,
    {
      operationName: "A",
    },
  );
  expect(errors[0]?.code).toBe("TOO_COSTLY");
});

test("fragments in a circle, missing or unused are told by validation, however often they repeat", async () => {
  const circle = `{ me { ...A } } fragment A on MyAccess { ${"agency { code } ".repeat(200)} ...B } fragment B on MyAccess { ...A }`;
  for (const document of [
    circle,
    "{ me { ...Missing } }",
    `{ me { client } } fragment U on MyAccess { ${"agency { code } ".repeat(380)} }`,
  ])
    expect((await ask(document)).errors[0]?.code).toMatch(/GRAPHQL_VALIDATION_FAILED|TOO_COSTLY/);
});

test("the schema is asked about itself once a view, document and variables, not at every request", async () => {
  const document = "query ($n: String!) { __type(name: $n) { name fields { name } } }";
  const of = (name: string, asking: Asking = {}) => {
    const asked = questionOf(document, { variables: { n: name }, ...asking });
    const [type] = Object.values(introspect(plan(authorize(asked, supergraph), supergraph)));
    return type;
  };
  const first = of("Person");
  expect(first).toMatchObject({ name: "Person" });
  expect(of("Person")).toBe(first);
  expect(of("Agency")).toMatchObject({ name: "Agency" });
  const narrow = of("Person", { decisions: decide({}, ["Person.nik"]) });
  expect(JSON.stringify(first)).toContain('"nik"');
  expect(JSON.stringify(narrow)).not.toContain('"nik"');
  expect(of("Person")).toBe(first);
});

const lookupsOf = async (document: string, asking: Asking = {}) => answered(await ask(document, asking)).lookups;

test("an identifier somebody looks up by is told to the record even when nobody is found", async () => {
  expect(await lookupsOf('{ personByNik(nik: "3510164501909001") { id } person(id: "p1") { id } }')).toEqual([
    "nik:3510164501909001",
    "p1",
  ]);
  const byVariable =
    "query ($nik: String!, $see: Boolean = true) { personByNik(nik: $nik) @include(if: $see) { id } me { client } }";
  expect(await lookupsOf(byVariable, { variables: { nik: "3510164501909002" } })).toEqual(["nik:3510164501909002"]);
  expect(await lookupsOf(byVariable, { variables: { nik: "3510164501909003" } }), "on a cache hit too").toEqual([
    "nik:3510164501909003",
  ]);
  expect(
    await lookupsOf(byVariable, { variables: { nik: "3510164501909002", see: false } }),
    "what is left out is not looked up",
  ).toEqual([]);
  const denied = decide({ "Query.personByNik(nik:)": DENY });
  expect(
    await lookupsOf(byVariable, { variables: { nik: "3510164501909002" }, decisions: denied }),
    "nor what is denied",
  ).toEqual([]);
  expect(await lookupsOf("{ households(first: 5) { nodes { id } } }")).toEqual([]);
  expect(await lookupsOf('{ a: person(id: "p1") { id } b: person(id: "p1") { id } }'), "once each").toEqual(["p1"]);
});
