import { expect, test } from "vitest";
import { loadSupergraph } from "../../../gateway/plan/supergraph.ts";
import { answered, DENY, decide, hubOf, supergraphOf } from "../runtime/hubOf.ts";

type Row = Record<string, any>;
const self = (row: Row) => row;

test("who may not read an input does not read what an interface's object computes of it", async () => {
  const hub = hubOf([
    [
      "a",
      'type Query { i: I } interface I @key(fields: "id") { id: ID! g: Int } type A implements I @key(fields: "id") { id: ID! g: Int }',
      { Query: { i: () => ({ __typename: "A", id: 1, g: 7 }) }, A: { __resolveReference: () => ({ id: 1, g: 7 }) } },
    ],
    [
      "b",
      'type I @key(fields: "id") @interfaceObject { id: ID! g: Int @external f: Int @requires(fields: "g") }',
      { I: { __resolveReference: self, f: ({ g }: Row) => g * 10 } },
    ],
  ]);
  const { data, denied } = answered(await hub.ask("{ i { f } }", { denied: ["A.g", "I.g"] }));
  expect([data, denied]).toEqual([{ i: { f: null } }, ["A.f"]]);
  expect(hub.calls.filter(({ service }) => service === "b")).toEqual([]);
});

test("an act that two sources could do is done once", async () => {
  const done: string[] = [];
  const act = (name: string) => ({ Mutation: { m: () => done.push(name) && { id: "1" } } });
  const sdl = (field: string) =>
    `type Query { ${field}s: Int } type Mutation { m: R @shareable } type R @key(fields: "id") { id: ID! ${field}: Int }`;
  const hub = hubOf([
    ["a", sdl("x"), { ...act("a"), R: { __resolveReference: self, x: () => 1 } }],
    ["b", sdl("y"), { ...act("b"), R: { __resolveReference: self, y: () => 2 } }],
  ]);
  const { data } = answered(await hub.ask("mutation { m { x y } }"));
  expect(data).toEqual({ m: { x: 1, y: 2 } });
  expect(done).toHaveLength(1);
});

test("an object of a type that says more of a field than its interface keeps both parts of it", async () => {
  const hub = hubOf([
    [
      "a",
      'type Query { i: I } interface I { child: Child } type A implements I @key(fields: "id") { id: ID! child: Child! @shareable } type Child @shareable { x: Int y: Int }',
      { Query: { i: () => ({ __typename: "A", id: 1, child: { x: 1, y: 2 } }) } },
    ],
    [
      "b",
      'type A @key(fields: "id") { id: ID! child: Child @shareable } type Child @shareable { x: Int y: Int }',
      { A: { __resolveReference: (row: Row) => ({ ...row, child: { x: 1, y: 2 } }) } },
    ],
  ]);
  const { data, errors } = answered(await hub.ask("{ i { child { x } ... on A { child { y } } } }"));
  expect([data, errors]).toEqual([{ i: { child: { x: 1, y: 2 } } }, []]);
});

test("what is denied of a type that the caller does not see is not fetched of it either", async () => {
  const type = (name: string) => `type ${name} implements I @key(fields: "id") { id: ID! }`;
  const more = (name: string) => `type ${name} @key(fields: "id") { id: ID! f: Int }`;
  const hub = hubOf([
    [
      "a",
      `type Query { all: [I] } interface I { id: ID! } ${type("A")} ${type("C")}`,
      {
        Query: {
          all: () => [
            { __typename: "A", id: 1 },
            { __typename: "C", id: 2 },
          ],
        },
      },
    ],
    [
      "b",
      `interface I { f: Int } ${more("A").replace("A @key", "A implements I @key")} ${more("C").replace("C @key", "C implements I @key")}`,
      { A: { __resolveReference: self, f: () => 1 }, C: { __resolveReference: self, f: () => 2 } },
    ],
  ]);
  const { data } = answered(await hub.ask("{ all { f } }", { decisions: decide({ "C.f": DENY }, ["C"]) }));
  expect(data).toEqual({ all: [{ f: 1 }, null] });
  expect(hub.calls.map(({ body }) => body).join()).not.toContain("...on C");
});

test("nobody guesses of which type an object is while who could tell is away", async () => {
  const types = (field: string) =>
    ["A", "B"].map((name) => `type ${name} implements I @key(fields: "id") { id: ID! ${field} }`).join(" ");
  const hub = hubOf([
    [
      "a",
      `interface I @key(fields: "id") { id: ID! } ${types("")} type Query { none: Int }`,
      { I: { __resolveReference: ({ id }: Row) => ({ __typename: "A", id }) } },
    ],
    [
      "b",
      'type Query { first: I } type I @key(fields: "id") @interfaceObject { id: ID! }',
      { Query: { first: () => ({ id: 1 }) } },
    ],
    [
      "c",
      'type A @key(fields: "id") { id: ID! more: Int } type B @key(fields: "id") { id: ID! more: Int }',
      { A: { __resolveReference: self, more: () => 1 }, B: { __resolveReference: self, more: () => 2 } },
    ],
  ]);
  const question = "{ first { ... on A { more } ... on B { more } } }";
  expect(answered(await hub.ask(question)).data).toEqual({ first: { more: 1 } });
  hub.breakSource("a", () => ({ failed: "SUBGRAPH_UNAVAILABLE", detail: "away" }));
  const { data, errors } = answered(await hub.ask(question));
  expect(data).toEqual({ first: null });
  expect(errors.map(({ code }) => code)).toContain("SUBGRAPH_UNAVAILABLE");
  expect(hub.calls.map(({ service }) => service)).not.toContain("c");
});

const two = hubOf([
  ["a", "type Query { f(s: String): String }", { Query: { f: (_: unknown, { s }: Row) => s ?? null } }],
  ["b", "type Query { g(x: String): String }", { Query: { g: (_: unknown, { x }: Row) => x ?? null } }],
]);

test("a source is sent the variables that its part of the question uses, whatever a text within it spells", async () => {
  const { data } = answered(await two.ask('query ($a: String) { f(s: "price $a") g(x: $a) }', { variables: { a: "secret" } }));
  expect(data).toEqual({ f: "price $a", g: "secret" });
  const [sent] = two.calls.filter(({ service }) => service === "a");
  expect(sent?.body).not.toContain("secret");
});

test.each(["constructor", "hasOwnProperty", "toString"])("a variable may be named %s and be left out", async (name) => {
  const { data, errors } = answered(await two.ask(`query ($${name}: String) { f(s: $${name}) }`, { variables: {} }));
  expect([data, errors]).toEqual([{ f: null }, []]);
});

test("an input below a fragment on the very type of its object is sent", async () => {
  const hub = hubOf([
    [
      "a",
      'type Query { t: T } type T @key(fields: "id") { id: ID! child: Child } type Child { x: Int }',
      { Query: { t: () => ({ id: 1, child: { x: 4 } }) } },
    ],
    [
      "b",
      'type T @key(fields: "id") { id: ID! child: Child @external f: Int @requires(fields: "child { ... on Child { x } }") } type Child { x: Int @external }',
      { T: { __resolveReference: self, f: ({ child }: Row) => child.x * 2 } },
    ],
  ]);
  expect(answered(await hub.ask("{ t { f } }")).data).toEqual({ t: { f: 8 } });
});

test("a null that stands for an error is no input: nothing is computed from it", async () => {
  const fails = () => {
    throw new Error("no");
  };
  const hub = hubOf([
    [
      "a",
      'type Query { t: T } type T @key(fields: "id") { id: ID! w: Int }',
      { Query: { t: () => ({ id: 1 }) }, T: { w: fails } },
    ],
    [
      "b",
      'type T @key(fields: "id") { id: ID! w: Int @external f: Int @requires(fields: "w") }',
      { T: { __resolveReference: self, f: () => 10 } },
    ],
  ]);
  const { data, errors } = answered(await hub.ask("{ t { w f } }"));
  expect(data).toEqual({ t: { w: null, f: null } });
  expect(errors).toHaveLength(1);
});

test("a source that takes a field over by label leaves it to the one before: nobody tells the hub of labels", () => {
  const sdl = supergraphOf([
    ["a", 'type Query { t: T } type T @key(fields: "id") { id: ID! f: Int }', {}],
    ["b", 'type T @key(fields: "id") { id: ID! f: Int @override(from: "a", label: "percent(50)") }', {}],
  ]);
  const [entry] = loadSupergraph(sdl).planner.plan("{ t { f } }").entries;
  expect(entry?.subgraph.name).toBe("a");
});

test("a small question about many types is refused before it takes long, and again at once", async () => {
  const names = ["A", "B", "C", "D"];
  const parts = names.map((own, index) => {
    const types = names.map(
      (name) =>
        `type ${name} implements N @key(fields: "k${index}") @key(fields: "k${(index + 1) % 4}") { k${index}: ID! @shareable k${(index + 1) % 4}: ID! @shareable ${name === own ? "next: N" : ""} }`,
    );
    return [
      `s${index}`,
      `interface N { k${index}: ID! } ${types.join(" ")} ${index === 0 ? "type Query { n: N }" : ""}`,
      {},
    ] as const;
  });
  const whole = supergraphOf(parts).replace(/interface N([^{]*)\{/, (_, joins) => `interface N${joins}{ next: N `);
  const { planner } = loadSupergraph(whole);
  const deep = (depth: number): string => (depth === 0 ? "{ k0 }" : `{ next ${deep(depth - 1)} }`);
  expect(() => planner.plan(`{ n ${deep(11)} }`)).toThrow("too long to plan");
});
