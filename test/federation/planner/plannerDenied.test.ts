import { expect, test } from "vitest";
import type { Verdict } from "../../../gateway/types/policy.ts";
import { type AskOptions, answered, DENY, decide, hubOf } from "../runtime/hubOf.ts";
import { exploreAll } from "./explore.ts";

type Row = Record<string, any>;

const type = (name: string, more = "") => `type ${name} implements I @key(fields: "id") { id: ID! @shareable ${more} }`;
const rows = ["A", "B"].map((name) => ({ __typename: name, id: name }));

/** `b` knows the interface as an object: it gives every object of it an `f`, which `a` gives to one of the types, too. */
const hub = hubOf([
  [
    "a",
    `type Query { all: [I] a: A } interface I @key(fields: "id") { id: ID! } ${type("A")} ${type("B", "f(x: Int): String @shareable")}`,
    {
      Query: { all: () => rows, a: () => rows[0] },
      B: { f: () => "f of B" },
      I: { __resolveReference: ({ id }: Row) => ({ __typename: id, id }) },
    },
  ],
  [
    "b",
    `type Query { some: [I] } type I @key(fields: "id") @interfaceObject { id: ID! @shareable f(x: Int): String @shareable n: N }
     type N @shareable { f: String }`,
    {
      Query: { some: () => rows.map(({ id }) => ({ id })) },
      I: { __resolveReference: (row: Row) => row, f: ({ id }: Row) => `f of ${id}`, n: () => ({ f: "n" }) },
    },
  ],
]);

const ask = async (document: string, options: AskOptions = {}) => answered(await hub.ask(document, options));
const outputs = () => hub.calls.flatMap(({ coordinates }) => coordinates.output);
const WAYS = [
  "{ all { f } }",
  "{ some { f } }",
  "{ all { ... on A { f } ... on B { f } } }",
  "{ some { ... on B { f } ... on A { f } } }",
];

test.each(WAYS)(
  "who may not read a field of an object that stands for an interface does not read it by any of its types: %s",
  async (way) => {
    const [{ all, some }] = [(await ask(way)).data as Row];
    expect(all ?? some).toEqual([{ f: "f of A" }, { f: "f of B" }]);
    const { data, denied } = await ask(way, { denied: ["I.f"] });
    expect(Object.values(data as Row)).toEqual([[{ f: null }, { f: null }]]);
    expect([denied, outputs().filter((one) => one.endsWith(".f"))]).toEqual([["A.f", "B.f"], []]);
  },
);

test("what is granted of the types alone is not granted of the object that stands for them: nothing is open by default", async () => {
  const granted = new Set(["Query.a", "A.id", "A.f", "A.n", "N.f", "I.id", "I.n"]);
  const decisions = {
    ...decide({}),
    key: "granted",
    verdict: (one: string): Verdict => (granted.has(one) ? { effect: "allow" } : DENY),
  };
  const { data, denied } = await ask("{ a { id f n { f } } }", { decisions });
  expect([data, denied]).toEqual([{ a: { id: "A", f: null, n: { f: "n" } } }, ["A.f"]]);
});

test("a mask, a rule about rows and a closed argument of the object that stands for an interface hold for each of its types", async () => {
  const mask = { effect: "transform", kind: "initials" } as const;
  expect((await ask("{ all { f } }", { decisions: decide({ "I.f": mask, "A.f": mask }) })).data).toEqual({
    all: [{ f: "initials:f of A" }, { f: "initials:f of B" }],
  });
  const two = decide({ "I.f": mask, "A.f": { effect: "transform", kind: "last4" } });
  expect((await ask("{ a { f } }", { decisions: two })).data).toEqual({ a: { f: null } });
  const rule = decide({ "I.f": { effect: "allow", rows: [{ kind: "initials" }] } });
  expect((await ask("{ a { f } }", { decisions: rule })).data).toEqual({ a: { f: "initials:f of A" } });
  const { data, denied } = await ask("{ all { f(x: 1) } }", { denied: ["I.f(x:)"] });
  expect([data, denied]).toEqual([{ all: [{ f: null }, { f: null }] }, ["A.f(x:)", "B.f(x:)"]]);
});

test("of an object of which the caller sees no type nothing is fetched, not even where it is known by its interface alone", async () => {
  const decisions = decide({ "A.f": DENY, "B.f": DENY }, ["A", "B"]);
  expect((await ask("{ some { f } }", { decisions })).data).toEqual({ some: [null, null] });
  hub.breakSource("a", () => ({ failed: "SUBGRAPH_UNAVAILABLE", detail: "away" })); // who alone could tell its type
  expect((await ask("{ some { f } }", { decisions })).data).toEqual({ some: [{ f: null }, { f: null }] });
  expect(outputs()).not.toContain("I.f");
  hub.heal();
});

test("rows of types whose interface a source knows as an object, and says to be of a data subject, are on record as such", async () => {
  const rowsOf = hubOf([
    [
      "a",
      `type Query { all: [I] } interface I @key(fields: "id") { id: ID! } ${type("A")}`,
      { Query: { all: () => rows.slice(0, 1) } },
    ],
    [
      "b",
      'type I @key(fields: "id") @interfaceObject @subject { id: ID! @shareable f: Int }',
      { I: { __resolveReference: (row: Row) => row, f: () => 1 } },
    ],
  ]);
  const { data, subjects } = answered(await rowsOf.ask("{ all { f } }"));
  expect([data, subjects]).toEqual([{ all: [{ f: 1 }] }, [{ type: "A", id: "A" }]]);
});

test("a random question under random denials is answered as one source would answer it under the same denials", async () => {
  const seen = await exploreAll({ apart: 1_000_000, worlds: 6, questions: 10, isDenying: true });
  expect(seen.questions).toBeGreaterThan(seen.worlds * 9);
  expect(seen.withDenials).toBeGreaterThan(seen.questions / 20);
}, 7_200_000);
