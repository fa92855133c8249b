import { expect, test } from "vitest";
import { answered, DENY, decide, hubOf } from "../runtime/hubOf.ts";

type Row = Record<string, any>;

test("a key that is a value of a scalar may hold nulls of its own", async () => {
  const stamp = { at: 1, no: null };
  const hub = hubOf([
    ["a", 'type Query { t: T } type T @key(fields: "at") { at: Stamp } scalar Stamp', { Query: { t: () => ({ at: stamp }) } }],
    [
      "b",
      'type T @key(fields: "at") { at: Stamp f: String } scalar Stamp',
      { T: { __resolveReference: (row: Row) => row, f: ({ at }: Row) => JSON.stringify(at) } },
    ],
  ]);
  expect(answered(await hub.ask("{ t { f } }")).data).toEqual({ t: { f: JSON.stringify(stamp) } });
});

test("a variable within the literal of a scalar may be of a type that the source does not know", async () => {
  const hub = hubOf([
    ["a", "type Query { f(s: Json): Json none: Int } scalar Json", { Query: { f: (_: unknown, { s }: Row) => s } }],
    [
      "b",
      "type Query { g(c: Colour, w: Where): String } enum Colour { RED } input Where { not: Int }",
      { Query: { g: () => "g" } },
    ],
  ]);
  const question = "query ($c: Colour, $w: [Where!], $n: Int = 4) { f(s: { of: [$c], w: $w, n: $n, no: null }) g(c: $c) }";
  const variables = { c: "RED", w: [{ not: 1 }] };
  const { data } = answered(await hub.ask(question, { variables }));
  expect(data).toEqual({ f: { of: ["RED"], w: [{ not: 1 }], n: 4, no: null }, g: "g" });
});

test("a variable within the literal of a scalar may be of a type of GraphQL's own that the source never names", async () => {
  const hub = hubOf([
    ["a", "type Query { f(s: Json): Json } scalar Json", { Query: { f: (_: unknown, { s }: Row) => s } }],
    ["b", "type Query { g(i: Int, r: Float, id: [ID!]): String }", { Query: { g: () => "g" } }],
  ]);
  const question = "query ($i: Int!, $r: [Float], $id: [ID!]!, $d: Float = 2.5) { f(s: { i: $i, of: [$r, $id, $d] }) }";
  const { data, errors } = answered(await hub.ask(question, { variables: { i: 1, r: [0.5, null], id: [7, "x"] } }));
  expect([data, errors]).toEqual([{ f: { i: 1, of: [[0.5, null], ["7", "x"], 2.5] } }, []]);
  hub.breakSource("a", ({ body }) => ({ data: { f: JSON.parse(body).query } }));
  expect(answered(await hub.ask(question, { variables: { i: 1, r: [], id: [] } })).data).toEqual({
    f: "query($i:Json,$r:Json,$id:[String!]!,$d:Json){f(s: {i: $i, of: [$r, $id, $d]})}",
  });
});

test("a root type that a source calls by another name is the client's", async () => {
  const hub = hubOf([["a", "type Query { one: Int } type Mutation { act: Done } type Done { query: Query }", {}]]);
  hub.breakSource("a", () => ({ data: { __typename: "M", act: { query: { __typename: "Q", one: 1 } } } }));
  const { data } = answered(
    await hub.ask("mutation { __typename act { query { __typename one ... on Query { t: __typename } } } }"),
  );
  const query = { __typename: "Query", one: 1, t: "Query" };
  expect(data).toEqual({ __typename: "Mutation", act: { query } });
});

test("the schema is told wherever a field leads to the root of all questions, below an act too, and only what the caller sees of it", async () => {
  const hub = hubOf([
    [
      "a",
      "type Query { one: Int two: Int self: Query } type Mutation { act: Done } type Done { query: Query }",
      { Query: { self: () => ({}) }, Mutation: { act: () => ({ query: {} }) } },
    ],
  ]);
  const decisions = decide({ "Query.two": DENY }, ["Query.two"]);
  const read = async (question: string, variables = {}) => answered(await hub.ask(question, { decisions, variables })).data;
  const fields = { fields: [{ name: "one" }, { name: "self" }] };
  expect(
    await read('mutation { act { query { __type(name: "Query") { ...F } } } } fragment F on __Type { fields { name } }'),
  ).toEqual({
    act: { query: { __type: fields } },
  });
  const question = `query ($n: String!, $no: Boolean!) { a: __type(name: $n) { name } ...G
    self { a: __type(name: "Done") { kind } ...G self { a: __schema { queryType { name } } a: __schema @skip(if: $no) { queryType { kind } } } } }
    fragment G on Query { b: __type(name: $n) { name } b: __type(name: $n) { fields { name } ...H } } fragment H on __Type { fields { isDeprecated } }`;
  const b = { name: "Query", fields: fields.fields.map((field) => ({ ...field, isDeprecated: false })) };
  const self = { a: { kind: "OBJECT" }, b, self: { a: { queryType: { name: "Query" } } } };
  expect(await read(question, { n: "Query", no: true })).toEqual({ a: { name: "Query" }, b, self });
});

test("what an interface's object computes is closed where the input of that very type is", async () => {
  const type = (name: string) => `type ${name} implements I @key(fields: "id") { id: ID! g: Int }`;
  const hub = hubOf([
    [
      "a",
      `type Query { all: [I] } interface I @key(fields: "id") { id: ID! g: Int } ${type("A")} ${type("B")}`,
      { Query: { all: () => ["A", "B"].map((name) => ({ __typename: name, id: name, g: 7 })) } },
    ],
    [
      "b",
      'type I @key(fields: "id") @interfaceObject { id: ID! g: Int @external f: Int @requires(fields: "g") }',
      { I: { __resolveReference: (row: Row) => row, f: ({ g }: Row) => g * 10 } },
    ],
  ]);
  const { data, denied } = answered(await hub.ask("{ all { f } }", { denied: ["A.g"] }));
  expect([data, denied]).toEqual([{ all: [{ f: null }, { f: 70 }] }, ["A.f"]]);
  const [first, second, ...more] = hub.calls.map(({ body }) => JSON.parse(body));
  expect(first.query).toBe("query{all{__typename ...on B{id g}}}");
  expect([second.variables.representations, more]).toEqual([[{ __typename: "I", id: "B", g: 7 }], []]);
});
