import { expect, test } from "vitest";
import { loadSupergraph, STANDARD_LIMITS } from "../../../gateway/plan/supergraph.ts";
import { answered, hubOf } from "./hubOf.ts";

const hub = hubOf(
  [
    [
      "a",
      `type Query { rows(first: Int = 20): [Row!] row(nik: String, filter: Filter, must: Int! = 1): Row rest: [Row!] }
       input Filter { nik: Int } type Row { id: ID! up: Row rows(first: Int, latest: Int): [Row!] } type Mutation { act: ID }`,
      { Query: { rows: () => [], rest: () => [], row: () => ({ id: "1" }) }, Mutation: { act: () => "done" } },
    ],
  ],
  { limits: STANDARD_LIMITS },
);
const NIK = "3171234567890123";

/** The one refusal of a document, and how long it took. */
async function refused(document: string, variables: Record<string, unknown> = {}) {
  const from = performance.now();
  const outcome = await hub.ask(document, { variables });
  const ms = performance.now() - from;
  expect(outcome.kind, document.slice(0, 80)).toBe("refused");
  expect(hub.calls).toEqual([]);
  return { errors: outcome.errors, error: outcome.errors[0], ms };
}

const nested = (depth: number) => `{ row ${"{ up ".repeat(depth - 2)}{ id }${" }".repeat(depth - 1)}`;

test("a document at a limit passes, one over it is refused and told which", async () => {
  expect((await hub.ask(nested(14))).kind).toBe("answered");
  const aliases = (count: number) => `{ ${Array.from({ length: count }, (_, index) => `a${index}: __typename`).join(" ")} }`;
  const directives = (count: number) => `{ row { ${"id @include(if: true) ".repeat(count)} } }`;
  const cases: [name: string, actual: number, max: number, document: string][] = [
    ["depth", 15, 14, nested(15)],
    ["aliases", 31, 30, `{ row { ${Array.from({ length: 31 }, (_, index) => `a${index}: __typename`).join(" ")} } }`],
    ["directives", 21, 20, directives(21)],
    ["rootFields", 11, 10, aliases(11)],
    ["tokens", 2001, 2000, `{ row { ${"id ".repeat(2000)} } }`],
  ];
  for (const [name, actual, max, document] of cases)
    expect((await refused(document)).error).toEqual({ code: "TOO_COSTLY", limit: { name, actual, max } });
  expect((await hub.ask(aliases(10))).kind).toBe("answered");
  expect((await hub.ask(directives(20))).kind).toBe("answered");
});

test("fragments that double are counted, not expanded", async () => {
  const bomb = (levels: number, body: (inner: string) => string) =>
    `{ row { ...F${levels} } } fragment F0 on Row { id } ${Array.from({ length: levels }, (_, index) => `fragment F${index + 1} on Row { ${body(`...F${index}`)} }`).join(" ")}`;
  await hub.ask("{ row { id } }");
  for (const document of [
    bomb(60, (inner) => `${inner} ${inner}`),
    bomb(12, (inner) => `a: up { ${inner} } b: up { ${inner} }`),
  ]) {
    const { error, ms } = await refused(document);
    expect(error?.limit?.name).toBe("responseKeys");
    expect(ms).toBeLessThan(100);
  }
});

test("fragments in a circle and unknown ones are validation errors, not a hang", async () => {
  const { error } = await refused("{ row { ...A } } fragment A on Row { up { ...B } } fragment B on Row { up { ...A ...C } }");
  expect(error?.code).toBe("GRAPHQL_VALIDATION_FAILED");
});

test("page sizes multiply, whether they are literals, variables or defaults", async () => {
  const deep = "{ rows(first: 100) { rows(first: 100) { id up { id up { id } } } } }";
  expect((await refused(deep)).error).toEqual({
    code: "TOO_COSTLY",
    limit: { name: "cost", actual: 1 + 100 * (1 + 100 * 5), max: 40_000 },
  });
  const byVariable = "query ($n: Int, $m: Int = 100) { rows(first: $n) { rows(latest: $m) { id up { id up { id } } } } }";
  expect((await refused(byVariable, { n: 100 })).error?.limit?.actual).toBe(50_101);
  expect((await hub.ask(byVariable, { variables: { n: 100, m: 10 } })).kind).toBe("answered");
  expect((await hub.ask(byVariable, { variables: { n: 2 } })).kind).toBe("answered");
  expect((await refused("{ rows { rows(first: 3000) { id } } }")).error?.limit?.actual).toBe(1 + 20 * (1 + 3000));
  expect(
    (await refused("{ rest { rows(first: 9000) { id } } }")).error?.limit?.actual,
    "a list without a page size is five",
  ).toBe(1 + 5 * (1 + 9000));
  expect((await hub.ask("{ rows(first: -5) { id } }")).kind, "the source refuses it").toBe("answered");
  const spread =
    "{ rows(first: 100) { ...R } } fragment R on Row { rows(first: 100) { id ...S } } fragment S on Row { up { id up { id } } }";
  expect((await refused(spread)).error?.limit?.actual).toBe(50_101);
});

test("the schema's own questions have no depth limit but that of validation", async () => {
  const { getIntrospectionQuery } = await import("graphql");
  expect((await hub.ask(getIntrospectionQuery())).kind).toBe("answered");
  const { error } = await refused(
    "{ __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } } }",
  );
  expect(error?.code).toBe("GRAPHQL_VALIDATION_FAILED");
});

test("a variable that does not fit is named with its place and type; its value is not repeated", async () => {
  const document =
    "query ($filter: Filter!, $n: Int, $must: String!) { row(filter: $filter, nik: $must) { id rows(first: $n) { id } } }";
  const { errors } = await refused(document, { filter: { nik: NIK, [NIK]: 1 }, n: NIK, must: null });
  expect(errors.map(({ code, detail }) => [code, detail])).toEqual([
    ["BAD_USER_INPUT", 'Variable "$filter.nik" needs a value of type Int.'],
    ["BAD_USER_INPUT", 'Variable "$filter" needs a value of type Filter!.'],
    ["BAD_USER_INPUT", 'Variable "$n" needs a value of type Int.'],
    ["BAD_USER_INPUT", 'Variable "$must" needs a value of type String!.'],
  ]);
  expect(errors[0]?.locations).toEqual([{ line: 1, column: 8 }]);
  expect(JSON.stringify(errors)).not.toContain(NIK);
  const missing = await refused("query ($m: Int = 2) { row(must: $m) { id } }", { m: null });
  expect(missing.error).toEqual({ code: "BAD_USER_INPUT", detail: 'An argument of "row" has no valid value.' });
});

test("unreadable, unfitting and unresolvable documents are told apart", async () => {
  for (const [document, code] of [
    ["{ row {", "GRAPHQL_PARSE_FAILED"],
    ["", "GRAPHQL_PARSE_FAILED"],
    ["{ rowe { id } }", "GRAPHQL_VALIDATION_FAILED"],
    ["{ row { id } } @defer", "GRAPHQL_PARSE_FAILED"],
    ["{ row { ... @defer { id } } }", "GRAPHQL_VALIDATION_FAILED"],
    ["query A { row { id } } query B { row { id } }", "OPERATION_RESOLUTION_FAILURE"],
    ["fragment F on Row { id }", "OPERATION_RESOLUTION_FAILURE"],
    ["subscription { row { id } }", "OPERATION_RESOLUTION_FAILURE"],
    ["{ _service { sdl } }", "GRAPHQL_VALIDATION_FAILED"],
    ["{ _entities(representations: []) { __typename } }", "GRAPHQL_VALIDATION_FAILED"],
  ] as const)
    expect((await refused(document)).error?.code, document).toBe(code);
  const named = await hub.ask("query A { row { id } } query B { rest { id } }", { operationName: "B" });
  expect(answered(named).data).toEqual({ rest: [] });
  expect((await hub.ask("query A { row { id } }", { operationName: NIK })).errors).toEqual([
    { code: "OPERATION_RESOLUTION_FAILURE", detail: "The document has no operation of that name." },
  ]);
});

test("five validation errors at most, with their places and without suggestions", async () => {
  const { errors } = await refused(`{ row { ${Array.from({ length: 20 }, (_, index) => `ide${index}`).join(" ")} } }`);
  expect(errors).toHaveLength(5);
  expect(errors[0]).toEqual({
    code: "GRAPHQL_VALIDATION_FAILED",
    detail: 'Cannot query field "ide0" on type "Row".',
    locations: [{ line: 1, column: 9 }],
  });
});

test("a mutation by GET is refused on a cache hit too", async () => {
  expect((await hub.ask("mutation { act }")).kind).toBe("answered");
  for (const document of ["mutation { act }", "mutation Fresh { act }"])
    expect((await hub.ask(document, { method: "GET" })).errors).toEqual([{ code: "METHOD_NOT_ALLOWED" }]);
  expect(hub.calls).toEqual([]);
  expect((await hub.ask("{ row { id } }", { method: "GET" })).kind).toBe("answered");
});

test("a supergraph that cannot be served says all that is wrong with it", () => {
  expect(() => loadSupergraph("type Query {")).toThrow(/not readable GraphQL/);
  expect(() => loadSupergraph("type Person { id: ID }")).toThrow(/no type Query; it names no subgraph/);
});

const shelf = hubOf(
  [
    [
      "a",
      `type Query { figures(first: Int): Figures rows(first: Int): [Row!] } type Figures @statistics { nodes: [Figure!] }
       type Figure @statistics { id: ID value: Int note: String place: Place rows: [Row!] } type Place { name: String } type Row { id: ID! name: String }`,
      { Query: { figures: () => ({ nodes: [] }), rows: () => [] } },
    ],
  ],
  { limits: STANDARD_LIMITS },
);

test("a page of released figures costs an eighth of a page of rows; what is joined to them or stands below them costs what it does elsewhere", async () => {
  const costOf = async (document: string, variables = {}) => {
    const outcome = await shelf.ask(document, { variables });
    return outcome.kind === "refused" ? outcome.errors[0]?.limit?.actual : outcome.kind;
  };
  expect(await costOf("{ figures(first: 10000) { nodes { id value note place { name } } } }")).toBe("answered");
  expect(
    await costOf("query ($n: Int) { figures(first: $n) { nodes { ...F } } } fragment F on Figure { id value note }", {
      n: 10_000,
    }),
  ).toBe("answered");
  expect(await costOf("{ rows(first: 50000) { id name } }")).toBe(1 + 50_000 * 2);
  expect(await costOf("{ figures(first: 10000) { nodes { id rows { id name } } } }")).toBe(
    1 + Math.round(10_000 * (3 / 8 + 5 * 2)),
  );
  expect(await costOf("{ figures(first: 40000) { nodes { place { name } } } }")).toBe(1 + 40_000 * (2 / 8 + 1));
  expect(await costOf("{ figures(first: 1000000) { nodes { id value note } } }")).toBe(1 + 1_000_000 * (4 / 8));
});

test("threat: many pages of figures in one question, cheap one by one, are priced together: three of ten thousand whole cells pass, four and nine do not", async () => {
  const page = "figures(first: 10000) { nodes { id value note a: id b: id c: id d: id e: id } }"; // with `nodes` nine keys
  const asked = (pages: number) => shelf.ask(`{ ${Array.from({ length: pages }, (_, n) => `p${n}: ${page}`).join(" ")} }`);
  const kinds = await Promise.all([1, 3, 4, 9].map(async (pages) => (await asked(pages)).kind));
  expect(kinds).toEqual(["answered", "answered", "refused", "refused"]);
});
