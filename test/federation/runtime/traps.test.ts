import { afterEach, expect, test } from "vitest";
import { answered, decide, hubOf } from "./hubOf.ts";

/** Faults that executors of the same plans have shipped. Each is named after what went wrong. */
type Entity = Record<string, unknown>;
const self = (entity: Entity) => entity;

const shared = hubOf([
  [
    "a",
    'type Query { a: T b: T } type T @key(fields: "id") { id: ID! }',
    { Query: { a: () => ({ id: 1 }), b: () => ({ id: 1 }) } },
  ],
  [
    "b",
    'type T @key(fields: "id") { id: ID! foo: F } type F @key(fields: "id") { id: ID! }',
    { T: { __resolveReference: self, foo: ({ id }: Entity) => ({ id: `f${id}` }) } },
  ],
  [
    "c",
    'type F @key(fields: "id") { id: ID! bar(x: Int): Int }',
    { F: { __resolveReference: self, bar: (_: unknown, { x }: Entity) => x } },
  ],
]);

const people = hubOf([
  [
    "a",
    'type Query { people: [P] } type P @key(fields: "id") { id: ID! code: String secret: String }',
    {
      Query: {
        people: () => [
          { id: "1", code: "2", secret: "s1" },
          { id: "2", code: "1", secret: "s2" },
        ],
      },
    },
  ],
  [
    "b",
    `type P @key(fields: "id") { id: ID! name: String secret: String @external risk: String @requires(fields: "secret")
       score: String @requires(fields: "secret") @data(class: DERIVED) }`,
    {
      P: {
        __resolveReference: self,
        name: ({ id }: Entity) => `name of ${id}`,
        risk: ({ secret }: Entity) => `from ${secret}`,
        score: ({ secret }: Entity) => `from ${secret}`,
      },
    },
  ],
]);

afterEach(() => {
  expect(({} as any).polluted).toBeUndefined();
});

test("the same entity on two paths keeps what hangs below each", async () => {
  const { data } = answered(await shared.ask("{ a { foo { bar(x: 1) } } b { foo { bar(x: 2) } } }"));
  expect(data).toEqual({ a: { foo: { bar: 1 } }, b: { foo: { bar: 2 } } });
});

test("an alias equal to the key does not choose the entity", async () => {
  const { data } = answered(await people.ask("{ people { id: code name risk } }"));
  expect(data).toEqual({
    people: [
      { id: "2", name: "name of 1", risk: "from s1" },
      { id: "1", name: "name of 2", risk: "from s2" },
    ],
  });
});

test("an alias equal to an input of @requires is not taken for it", async () => {
  const { data } = answered(await people.ask("{ people { secret: code risk } }"));
  expect(data).toEqual({
    people: [
      { secret: "2", risk: "from s1" },
      { secret: "1", risk: "from s2" },
    ],
  });
});

test("an alias __typename is only a name", async () => {
  const { data } = answered(await people.ask("{ people { __typename: code name t: __typename } }"));
  expect(data).toEqual({
    people: [
      { __typename: "2", name: "name of 1", t: "P" },
      { __typename: "1", name: "name of 2", t: "P" },
    ],
  });
});

test("two fields may swap their names", async () => {
  const { data } = answered(await people.ask("{ people { name: code code: name } }"));
  expect(data).toEqual({
    people: [
      { name: "2", code: "name of 1" },
      { name: "1", code: "name of 2" },
    ],
  });
});

test("an alias __proto__ reaches no prototype and stands in the answer", async () => {
  const { data } = answered(await shared.ask("{ __proto__: a { polluted: id __proto__: id } }"));
  expect(JSON.stringify(data)).toBe('{"__proto__":{"polluted":"1","__proto__":"1"}}');
});

test("a source that sends __proto__ reaches no prototype", async () => {
  shared.breakSource("b", () =>
    JSON.parse('{"data":{"_entities":[{"__proto__":{"polluted":true},"foo":{"__proto__":{"polluted":true},"id":"f1"}}]}}'),
  );
  answered(await shared.ask("{ a { foo { id } } b { foo { id } } }"));
  shared.heal();
});

test("no client alias goes downstream, and plans do not depend on them", async () => {
  answered(await people.ask("{ persons: people { id: code label: name } }"));
  const first = people.calls.map(({ body }) => body);
  answered(await people.ask("{ other: people { key: code title: name } }"));
  expect(people.calls.map(({ body }) => body)).toEqual(first);
  expect(first.join()).not.toMatch(/persons|label/);
});

test("a variable called like one of the plan's own is not declared twice", async () => {
  for (const name of ["representations", "__batch_reps_0", "_hrepresentations"]) {
    const { data, errors } = answered(
      await shared.ask(`query ($${name}: Int) { a { foo { bar(x: $${name}) } } }`, { variables: { [name]: 3 } }),
    );
    expect(data).toEqual({ a: { foo: { bar: 3 } } });
    expect(errors).toEqual([]);
  }
});

test("a field computed from a denied one is denied with it", async () => {
  const { data, denied, fetches } = answered(await people.ask("{ people { risk } }", { denied: ["P.secret"] }));
  expect(data).toEqual({ people: [{ risk: null }, { risk: null }] });
  expect(denied).toEqual(["P.risk"]);
  expect(fetches.flatMap(({ coordinates }) => coordinates.internal)).not.toContain("P.secret");
});

test("a derived field is judged by its own verdict: its source is fetched for it and never shown", async () => {
  const { data, denied, shown, fetches } = answered(await people.ask("{ people { score secret } }", { denied: ["P.secret"] }));
  expect(data).toEqual({
    people: [
      { score: "from s1", secret: null },
      { score: "from s2", secret: null },
    ],
  });
  expect(denied).toEqual(["P.secret"]);
  expect(shown).toEqual(["P.score", "Query.people"]);
  expect(fetches[0]?.coordinates).toEqual({ output: ["Query.people"], internal: ["P.id", "P.secret"], arguments: [] });
});

test("what is computed from a field that some rows close is closed: nobody knows from which it was", async () => {
  const rows = [{ kind: "null", flag: "CHILD" }] as const;
  const decisions = decide({ "P.secret": { effect: "allow", rows } });
  const { data, denied, errors } = answered(await people.ask("{ people { risk } }", { decisions }));
  expect(data).toEqual({ people: [{ risk: null }, { risk: null }] });
  expect([denied, errors]).toEqual([["P.risk"], [{ code: "FIELD_PROHIBITED", coordinate: "P.risk" }]]);
});

test("an input of @requires that never arrived is not replaced by nothing", async () => {
  people.breakSource("a", () => ({
    data: {
      people: [
        { __typename: "P", id: "1" },
        { __typename: "P", id: "2", secret: null },
      ],
    },
  }));
  const { data } = answered(await people.ask("{ people { risk } }"));
  people.heal();
  expect(data).toEqual({ people: [{ risk: null }, { risk: "from null" }] });
});

test("an entity without a key is not asked about", async () => {
  people.breakSource("a", () => ({ data: { people: [{ __typename: "P", id: null }] } }));
  const { data } = answered(await people.ask("{ people { name } }"));
  people.heal();
  expect(data).toEqual({ people: [{ name: null }] });
  expect(people.calls.map(({ service }) => service)).toEqual(["a"]);
});

const acts = hubOf([
  [
    "a",
    `type Query { p: P } type Mutation { first: P third: P rename(id: ID, to: Name): P }
     input Name { full: String secret: String } type P @key(fields: "id") { id: ID! }`,
    { Mutation: { first: () => ({ id: 1 }), third: () => ({ id: 1 }), rename: (_: unknown, { id }: Entity) => ({ id }) } },
  ],
  [
    "b",
    'type P @key(fields: "id") { id: ID! n: Int } type Mutation { second: Int }',
    { P: { __resolveReference: (p: Entity) => ({ ...p, n: 1 }) }, Mutation: { second: () => 2 } },
  ],
]);

test("each act of a mutation is complete before the next begins", async () => {
  const { data } = answered(await acts.ask("mutation { x: first { n } second ...R } fragment R on Mutation { third { n } }"));
  expect(data).toEqual({ x: { n: 1 }, second: 2, third: { n: 1 } });
  const order = acts.calls.map(({ body }) => (body.includes("_entities") ? "n" : /first|second|third/.exec(body)?.[0]));
  expect(order).toEqual(["first", "n", "second", "third", "n"]);
  expect(acts.calls.map(({ idempotent }) => idempotent)).toEqual([false, true, false, false, true]);
});

test("an act that fails does not stop the acts after it", async () => {
  acts.breakSource("a", () => ({ failed: "SUBGRAPH_TIMEOUT", detail: "" }));
  const { data, errors } = answered(await acts.ask("mutation { first { n } second }"));
  acts.heal();
  expect(data).toEqual({ first: null, second: 2 });
  expect(errors).toEqual([{ code: "SUBGRAPH_TIMEOUT", service: "a", path: ["first"] }]);
});

test("a mutation with a denied input is not run at all", async () => {
  for (const document of [
    'mutation { first { id } rename(id: 1, to: { secret: "x" }) { id } }',
    'mutation ($to: Name = { secret: "x" }) { first { id } rename(id: 1, to: $to) { id } }',
  ]) {
    const outcome = await acts.ask(document, { denied: ["Name.secret"] });
    expect(outcome).toEqual({
      kind: "refused",
      errors: [{ code: "FORBIDDEN" }, { code: "USE_NOT_GRANTED", coordinate: "Name.secret" }],
    });
    expect(acts.calls).toEqual([]);
  }
  expect((await acts.ask("mutation { first { id } third { id } }", { denied: ["Mutation.third"] })).kind).toBe("refused");
});

test("a denied part of what a mutation answers is null, the act is done", async () => {
  const { data, denied } = answered(await acts.ask("mutation { first { n } }", { denied: ["P.n"] }));
  expect(data).toEqual({ first: { n: null } });
  expect(denied).toEqual(["P.n"]);
});

const nodes = hubOf([
  [
    "a",
    `type Query { nodes: [N] strict: [S] } interface N { title: String self: N } union S = U | O
     type U implements N { title: String self: N must: String! } type O implements N { title: String self: N must: String! }`,
    {
      Query: {
        nodes: () => [
          { __typename: "U", title: "u", self: { __typename: "O", title: "o2" } },
          { __typename: "O", title: "o", self: { __typename: "U", title: "u2" } },
        ],
        strict: () => [
          { __typename: "U", must: "u" },
          { __typename: "O", must: "o" },
        ],
      },
    },
  ],
]);

test("denied on one implementer of an interface, a field stays open on the others", async () => {
  const { data, denied } = answered(await nodes.ask("{ nodes { __typename title self { x: title } } }", { denied: ["O.title"] }));
  expect(data).toEqual({
    nodes: [
      { __typename: "U", title: "u", self: { x: null } },
      { __typename: "O", title: null, self: { x: "u2" } },
    ],
  });
  expect(denied).toEqual(["O.title"]);
  expect(nodes.calls[0]?.body).toContain("on U");
});

test("denied on all implementers, a field is not asked for", async () => {
  const { data } = answered(await nodes.ask("{ nodes { title } }", { denied: ["O.title", "U.title"] }));
  expect(data).toEqual({ nodes: [{ title: null }, { title: null }] });
  expect(nodes.calls[0]?.body).not.toContain("title");
});

test("a denied field that must not be null takes its object, and the denial is the only error", async () => {
  const { data, errors } = answered(
    await nodes.ask("{ strict { ... on U { must } ... on O { must } } }", { denied: ["O.must"] }),
  );
  expect(data).toEqual({ strict: [{ must: "u" }, null] });
  expect(errors).toEqual([{ code: "FIELD_NOT_GRANTED", coordinate: "O.must" }]);
});

test("no error is told of what @skip removed", async () => {
  const document = "query ($s: Boolean!) { people { id secret @skip(if: $s) ... @skip(if: $s) { secret } } }";
  const skipped = answered(await people.ask(document, { denied: ["P.secret"], variables: { s: true } }));
  expect([skipped.errors, skipped.denied]).toEqual([[], []]);
  expect(skipped.data).toEqual({ people: [{ id: "1" }, { id: "2" }] });
  const asked = answered(await people.ask(document, { denied: ["P.secret"], variables: { s: false } }));
  expect(asked.errors).toEqual([{ code: "FIELD_NOT_GRANTED", coordinate: "P.secret" }]);
});
