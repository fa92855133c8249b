import { expect, test } from "vitest";
import { answered, hubOf, type Resolvers } from "./hubOf.ts";

/** Users are known to `a` and described by `b`; user 2 is unknown to `b`. `c` scores them. */
const USERS = [{ id: "1" }, { id: "2" }, { id: "3" }];
const a: Resolvers = {
  Query: {
    users: () => USERS,
    maybe: () => USERS,
    one: () => ({ id: "2" }),
    must: () => ({ id: "2" }),
    me: () => ({ id: "1" }),
    found: () => [
      { __typename: "User", id: "1" },
      { __typename: "Org", id: "9", title: "T" },
    ],
    echo: (_: unknown, { n }: { n: number }) => n,
    shade: () => "SECRET_SHADE",
    author: () => ({ id: "1", username: "provided" }),
  },
  User: {},
  Org: { __resolveReference: (org: { id: string }) => ({ ...org, title: "T" }) },
};
const b: Resolvers = {
  User: {
    __resolveReference: ({ id }: { id: string }) => (id === "2" ? null : { id, name: `n${id}`, nick: `k${id}` }),
    flaky: ({ id }: { id: string }) => {
      if (id !== "1") throw new Error("select * from person where nik = 3171234567890123");
      return "fine";
    },
    friends: ({ id }: { id: string }) => (id === "1" ? [{ id: "3" }, { id: "2" }] : [{ id: "1" }, { id: "1" }]),
    reviews: () => [{ body: "r1" }, { body: "r2" }],
    username: () => "own",
    page: (_: unknown, { first }: { first: number }) => {
      if (first >= 1) return first;
      throw Object.assign(new Error("no"), { extensions: { code: "BAD_USER_INPUT", detail: "first must be 1 to 100" } });
    },
  },
  Org: { __resolveReference: ({ id }: { id: string }) => ({ id, size: "5 ha" }) },
};
const hub = hubOf([
  [
    "a",
    `type Query { users: [User!]! maybe: [User] one: User must: User! me: User found: [Found] echo(n: Int = 3): Int
       shade: Shade author: User @provides(fields: "username") }
     union Found = User | Org
     enum Shade { LIGHT SECRET_SHADE @inaccessible }
     type User @key(fields: "id") { id: ID! username: String @external }
     type Org @key(fields: "id") { id: ID! title: String }`,
    a,
  ],
  [
    "b",
    `type User @key(fields: "id") { id: ID! name: String! nick: String flaky: String friends: [User!] reviews: [Review]
       username: String @shareable page(first: Int = 10): Int }
     type Review { body: String }
     type Org @key(fields: "id") { id: ID! size: String }`,
    b,
  ],
  [
    "c",
    'type User @key(fields: "id") { id: ID! score: Float! risky: Int }',
    {
      User: {
        __resolveReference: (user: object) => ({ ...user, score: 1.5 }),
        risky: () => {
          throw new Error("boom");
        },
      },
    },
  ],
]);
const ask = async (document: string, variables?: Record<string, unknown>) =>
  answered(await hub.ask(document, variables ? { variables } : {}));
const codes = (errors: readonly { code: string; path?: readonly unknown[] }[]) =>
  errors.map(({ code, path }) => [code, path?.join(".")]);

test("a missing entity under non-null types nulls the whole answer and says where", async () => {
  const { data, errors } = await ask("{ users { id name } }");
  expect(data).toBeNull();
  expect(codes(errors)).toEqual([["SUBGRAPH_INVALID_RESPONSE", "users.1.name"]]);
  expect(errors[0]?.service).toBe("b");
});

test("a missing entity in a list that may hold nulls nulls its own row only", async () => {
  const { data, errors } = await ask("{ maybe { id name } }");
  expect(data).toEqual({ maybe: [{ id: "1", name: "n1" }, null, { id: "3", name: "n3" }] });
  expect(codes(errors)).toEqual([["SUBGRAPH_INVALID_RESPONSE", "maybe.1.name"]]);
});

test("a root field that must not be null takes the answer with it", async () => {
  const { data, errors } = await ask("{ must { name } }");
  expect(data).toBeNull();
  expect(codes(errors)).toEqual([["SUBGRAPH_INVALID_RESPONSE", "must.name"]]);
});

test("a root field that may be null goes alone", async () => {
  expect((await ask("{ one { name } me { name } }")).data).toEqual({ one: null, me: { name: "n1" } });
});

test("a resolver that fails for some rows leaves an error with the place of each in the list", async () => {
  const { data, errors } = await ask("{ users { x: flaky } }");
  expect(data).toEqual({ users: [{ x: "fine" }, { x: null }, { x: null }] });
  expect(codes(errors)).toEqual([["SUBGRAPH_ERROR", "users.2.x"]]); // user 2 is simply unknown to b: null, no error
  expect(JSON.stringify(errors)).not.toMatch(/select|3171/);
});

test("entities that share a failure have one error, at the first place", async () => {
  const { errors } = await ask("{ users { friends { risk: risky } } }");
  expect(codes(errors)).toEqual([
    ["SUBGRAPH_ERROR", "users.0.friends.0.risk"],
    ["SUBGRAPH_ERROR", "users.0.friends.1.risk"],
    ["SUBGRAPH_ERROR", "users.2.friends.0.risk"],
  ]);
});

test("a subselection that is skipped leaves empty objects, not nulls", async () => {
  const { data, errors } = await ask(
    "query ($a: Boolean!, $b: Boolean!) { me { reviews @skip(if: $a) { body @skip(if: $b) } } }",
    {
      a: false,
      b: true,
    },
  );
  expect(data).toEqual({ me: { reviews: [{}, {}] } });
  expect(errors).toEqual([]);
});

test("two conditions on fields of another source are each decided alone", async () => {
  const { data } = await ask("query ($v: Boolean!) { me { name @include(if: $v) score @skip(if: $v) } }", { v: true });
  expect(data).toEqual({ me: { name: "n1" } });
});

test("a condition on a provided field is declared where it is sent", async () => {
  const { data, errors } = await ask("query ($v: Boolean!) { author { username @include(if: $v) } }", { v: true });
  expect(data).toEqual({ author: { username: "provided" } });
  expect(errors).toEqual([]);
});

test("a question of which nothing is included has an empty answer and costs no call", async () => {
  expect((await ask("query ($v: Boolean!) { me @include(if: $v) { id } }", { v: false })).data).toEqual({});
  expect((await ask("{ me @skip(if: true) { id } }")).data).toEqual({});
  expect(hub.calls).toEqual([]);
});

test("a field shows when one of its occurrences passes", async () => {
  const document =
    "query ($v: Boolean!) { me { ...F @include(if: $v) nick @skip(if: $v) } } fragment F on User { nick friends { id } }";
  expect((await ask(document, { v: true })).data).toEqual({ me: { nick: "k1", friends: [{ id: "3" }, { id: "2" }] } });
  expect((await ask(document, { v: false })).data).toEqual({ me: { nick: "k1" } });
});

test("a defaulted variable decides a condition", async () => {
  expect((await ask("query ($v: Boolean = false) { me { id nick @include(if: $v) } }")).data).toEqual({ me: { id: "1" } });
});

test("one key means another field on another type", async () => {
  const { data } = await ask("{ found { __typename ... on User { x: nick } ... on Org { x: size } } }");
  expect(data).toEqual({
    found: [
      { __typename: "User", x: "k1" },
      { __typename: "Org", x: "5 ha" },
    ],
  });
});

test("one field with two sets of arguments gives two values, and a default one", async () => {
  expect((await ask("query ($n: Int) { a: echo(n: 1) b: echo(n: $n) c: echo echo(n: 7) }", { n: 2 })).data).toEqual({
    a: 1,
    b: 2,
    c: 3,
    echo: 7,
  });
});

test("an enum value that is not public is null", async () => {
  expect((await ask("{ shade }")).data).toEqual({ shade: null });
});

test("what a source says of bad input reaches the caller, with the place and the declared detail only", async () => {
  const { data, errors } = await ask("{ me { p: page(first: -1) page(first: 2) } }");
  expect(data).toEqual({ me: { p: null, page: 2 } });
  expect(errors).toEqual([{ code: "BAD_USER_INPUT", service: "b", path: ["me", "p"], detail: "first must be 1 to 100" }]);
});

test("a source that fails costs its own part, and says so once with its name", async () => {
  for (const failed of ["SUBGRAPH_TIMEOUT", "SUBGRAPH_UNAVAILABLE", "SUBGRAPH_INVALID_RESPONSE"] as const) {
    hub.breakSource("b", () => ({ failed, detail: "ECONNREFUSED 10.0.0.7:4002" }));
    const { data, errors, fetches } = await ask("{ maybe { id nick score } }");
    expect(data).toEqual({ maybe: USERS.map(({ id }) => ({ id, nick: null, score: 1.5 })) });
    expect(errors).toEqual([{ code: failed, service: "b", path: ["maybe"] }]);
    expect(fetches.map(({ service, outcome }) => [service, outcome]).sort()).toEqual([
      ["a", "ok"],
      ["b", failed],
      ["c", "ok"],
    ]);
  }
  hub.heal();
  expect((await ask("{ me { nick } }")).errors).toEqual([]);
});

test("a failed source explains the nulls it causes: no second error for them", async () => {
  hub.breakSource("b", () => ({ failed: "SUBGRAPH_TIMEOUT", detail: "" }));
  const { data, errors } = await ask("{ maybe { name } }");
  hub.heal();
  expect(data).toEqual({ maybe: [null, null, null] });
  expect(codes(errors)).toEqual([["SUBGRAPH_TIMEOUT", "maybe"]]);
});

test("a root source that fails names the first of its fields", async () => {
  hub.breakSource("a", () => ({ failed: "SUBGRAPH_UNAVAILABLE", detail: "" }));
  const { data, errors } = await ask("{ x: me { id } echo }");
  hub.heal();
  expect(data).toEqual({ x: null, echo: null });
  expect(errors).toEqual([{ code: "SUBGRAPH_UNAVAILABLE", service: "a", path: ["x"] }]);
});

test("an answer that is none is a failure of the source", async () => {
  for (const nonsense of [{}, { data: null }, { data: 7 }, { data: { _entities: 3 } }, { data: { _entities: null } }]) {
    hub.breakSource("b", () => nonsense as object);
    const { data, errors } = await ask("{ me { id nick } }");
    expect(data).toEqual({ me: { id: "1", nick: null } });
    expect(codes(errors)).toEqual([["SUBGRAPH_INVALID_RESPONSE", "me"]]);
  }
  hub.heal();
});

test("a transport that breaks its promise and rejects loses its own part only", async () => {
  hub.breakSource("b", () => Promise.reject(new Error("bug")));
  const { data, errors } = await ask("{ me { id nick } }");
  hub.heal();
  expect(data).toEqual({ me: { id: "1", nick: null } });
  expect(codes(errors)).toEqual([["SUBGRAPH_UNAVAILABLE", "me"]]);
});

test("values of the wrong shape are nulls with an error where null may not be", async () => {
  hub.breakSource("b", () => ({ data: { _entities: [{ friends: "many", reviews: ["x", { body: "y" }], name: null }] } }));
  const { data, errors } = await ask("{ me { friends { id } reviews { body } } one { id } }");
  expect(data).toEqual({ me: { friends: null, reviews: [null, { body: "y" }] }, one: { id: "2" } });
  expect(errors).toEqual([]);
  hub.heal();
});

test("no more than a hundred errors, the last says how many there are", async () => {
  const many = Array.from({ length: 150 }, (_, index) => ({ message: "x", path: ["_entities", 0, "reviews", index, "body"] }));
  hub.breakSource("b", () => ({ data: { _entities: [{ reviews: [] }] }, errors: many }));
  const { errors } = await ask("{ me { reviews { body } } }");
  hub.heal();
  expect(errors).toHaveLength(100);
  expect(errors.at(-1)?.limit).toEqual({ name: "errors", actual: 150, max: 100 });
});

test("two callers with the same question at the same instant have a call each", async () => {
  const question = {
    decisions: { key: "k", hidden: new Set<string>(), verdict: () => ({ effect: "allow" }) as const, transform: () => null },
  };
  await Promise.all(
    [hub.runtime.execute, hub.runtime.execute].map((run) => run({ document: "{ me { id } }", deadline: 1e9, ...question })),
  );
  expect(hub.calls.slice(-2).map(({ service }) => service)).toEqual(["a", "a"]);
});
