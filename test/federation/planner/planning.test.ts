import { readFileSync } from "node:fs";
import type { GraphQLObjectType } from "graphql";
import { expect, test } from "vitest";
import { loadSupergraph, NO_LIMITS } from "../../../gateway/plan/supergraph.ts";
import { wideQuestion } from "../../bench/gateway/planning.ts";
import { answered, hubOf, supergraphOf } from "../runtime/hubOf.ts";

const supergraph = loadSupergraph(readFileSync("schema/supergraph.graphql", "utf8"), { limits: NO_LIMITS });

const ONE = `households(filter: { region: "35" }, first: 5) { nodes { id members { person { fullName enrolments { program { name } } } } } }`;

test("planning grows no faster than the question, asked again beside itself or grown wider", () => {
  const beside = (count: number) => `{ ${Array.from({ length: count }, (_, index) => `_h${index}: ${ONE}`).join(" ")} }`;
  const [one, ten, hundred] = [1, 10, 100].map((count) => supergraph.planner.plan(beside(count)).steps);
  expect(one).toBeGreaterThan(5);
  expect(ten).toBeLessThanOrEqual(10 * (one ?? 0));
  expect(hundred).toBeLessThanOrEqual(10 * (ten ?? 0));
  const query = supergraph.api.getQueryType() as GraphQLObjectType;
  for (const width of [400, 800, 1600, 3200])
    expect(supergraph.planner.plan(wideQuestion(query, width)).steps).toBeLessThan(5 * width);
});

const parts = hubOf([
  [
    "a",
    'type Query { item: Item } type Item @key(fields: "id") { id: ID! price(in: Int = 1): Int }',
    { Query: { item: () => ({ id: 1 }) }, Item: { price: (_: object, { in: unit }: { in: number }) => unit } },
  ],
  [
    "b",
    'type Item @key(fields: "id") { id: ID! price(in: Int): Int @external tax: String @requires(fields: "price(in: 7)") }',
    { Item: { __resolveReference: (it: object) => it, tax: ({ price }: { price: number }) => `of ${price}` } },
  ],
]);

test("a computed field takes its own argument of an input, whatever the question asks of the same field", async () => {
  const { data } = answered(await parts.ask("{ item { price(in: 3) tax } }"));
  expect(data).toEqual({ item: { price: 3, tax: "of 7" } });
});

test("a supergraph is refused where an argument comes from a context: nothing here would fill it", () => {
  const sdl = supergraphOf([["a", "type Query { one: Int }", {}]]).replace(
    "one: Int",
    'one: Int @join__field(graph: A, contextArguments: [{ context: "x", name: "y", type: "Int", selection: "z" }])',
  );
  expect(() => loadSupergraph(sdl)).toThrow("Query.one takes an argument from a context (@fromContext)");
});

test("the root of all questions, met again below, is asked of another source only once somebody has led there", () => {
  const types = "type Query @shareable { self: Query two: Two one: Int } type Two @shareable { query: Query }";
  const sdl = supergraphOf([
    ["a", types, {}],
    ["b", types, {}],
  ])
    .replace("self: Query", "self: Query @join__field(graph: A)")
    .replace("one: Int", "one: Int @join__field(graph: A)")
    .replace("two: Two", "two: Two @join__field(graph: B)");
  const { entries } = loadSupergraph(sdl).planner.plan("{ self { two { query { one } } } }");
  const told = entries.map(({ subgraph, round, waits, place }) => [subgraph.name, round, waits.size, ...place.path]);
  expect(told.sort(([, one], [, other]) => Number(one) - Number(other))).toEqual([
    ["a", 1, 0],
    ["b", 2, 1, "self"],
    ["a", 3, 1, "self", "two", "query"],
  ]);
});

test("who cannot be planned is told nothing of the sources, and the log which field it was", () => {
  const sdl = supergraphOf([
    ["a", 'type Query { item: Item } type Item @key(fields: "id") { id: ID! }', {}],
    ["b", 'type Item @key(fields: "id") { id: ID! name: String }', {}],
  ]).replace('@join__type(graph: B, key: "id")', '@join__type(graph: B, key: "id", resolvable: false)');
  const { planner } = loadSupergraph(sdl);
  expect(() => planner.plan("{ item { id name } }")).toThrow("no subgraph answers Item.name");
});

test("an interface is asked as a whole only of a source to which every object that may stand there is one", async () => {
  const labelled = ({ id }: { id: string }) => ({ id, label: `label ${id}` });
  const hub = hubOf([
    [
      "a",
      `interface Pet @key(fields: "id") { id: ID! label: String } type Bee implements Pet @key(fields: "id") { id: ID! label: String }
       type Cat @key(fields: "id") { id: ID! label: String }`,
      { Cat: { __resolveReference: labelled }, Bee: { __resolveReference: labelled } },
    ],
    [
      "c",
      "type Query { pet: Pet } interface Pet { id: ID! } type Cat implements Pet { id: ID! @shareable }",
      { Query: { pet: () => ({ __typename: "Cat", id: "c1" }) } },
    ],
  ]);
  expect(answered(await hub.ask("{ pet { label } }")).data).toEqual({ pet: { label: "label c1" } });
});
