import { expect, test } from "vitest";
import { authorize } from "../../../../gateway/authorize/authorize.ts";
import { outlineOf } from "../../../../gateway/plan/outline/outline.ts";
import { planOf } from "../../../../gateway/plan/plan.ts";
import { loadSupergraph, NO_LIMITS } from "../../../../gateway/plan/supergraph.ts";
import { DENY, decide, supergraphOf, type TestSubgraph } from "../../../federation/runtime/hubOf.ts";

const SUBGRAPHS: readonly TestSubgraph[] = [
  [
    "people",
    `type Query { people(first: Int, name: String): [Person] any: [Thing] }
     type Mutation { rename(id: ID!): Person }
     union Thing = Person | House
     type Person @key(fields: "id") { id: ID! name: String secret: String area: Area }
     type House @key(fields: "code") { code: ID! }
     type Area @shareable { code: String label: String }`,
    {},
  ],
  [
    "aid",
    `type Mutation { pay(id: ID!): Boolean }
     type Person @key(fields: "id") { id: ID! secret: String @external aid(of: Int): Int @requires(fields: "secret") }
     type House @key(fields: "code") { code: ID! owner: String }
     type Area @shareable { code: String }`,
    {},
  ],
];
const supergraph = loadSupergraph(supergraphOf(SUBGRAPHS), { limits: NO_LIMITS });

function told(document: string, { hidden = [], denied = [] }: { hidden?: string[]; denied?: string[] } = {}) {
  const decisions = decide(Object.fromEntries(denied.map((coordinate) => [coordinate, DENY])), hidden);
  const permitted = authorize({ document, decisions, deadline: Number.POSITIVE_INFINITY }, supergraph);
  const question = { ...permitted, plan: planOf(permitted.rewrite, supergraph) };
  return outlineOf(question, { supergraph, seen: permitted.reading.view, language: "en" });
}

test("a fetch says by which key it finds its objects, who gave that, and what nobody else answers", () => {
  const { rounds, fetches } = told("{ homes: any { ... on House { code owner } } }");
  expect(rounds).toBe(2);
  const [people, aid] = fetches;
  expect([people?.service, people?.waits, aid?.service, aid?.waits]).toEqual(["people", [], "aid", [1]]);
  expect(aid?.finds).toEqual([{ type: "House", key: "code", requires: null, from: [1] }]);
  expect(aid?.asks).toEqual([{ type: "House", at: ["homes[House]"], fields: [{ field: "owner" }] }]);
  expect(aid?.reasons).toEqual([
    "aid finds a House by `code`, given by people in round 1 (fetch 1).",
    "House.owner: answered by aid alone.",
  ]);
  expect(people?.reasons).toContain("House.code: aid would answer, too; taken here, where people is asked anyway.");
});

test("what is computed names its inputs, and who fetched them says what for", () => {
  const { fetches } = told("{ people { help: aid(of: 35) } }");
  const [people, aid] = fetches;
  expect(aid?.reasons[1]).toBe("Person.aid is computed by aid from `secret` (@requires), fetched before and sent along.");
  expect(people?.reasons).toContain("Person.id and Person.secret: key or input of fetch 2; not shown for that.");
  expect(aid?.asks[0]?.fields).toEqual([{ field: "aid", as: "help", arguments: ["of"] }]);
});

test("no value of a question and no address stands in its plan", () => {
  const text = JSON.stringify(told('{ people(name: "Siti", first: 7919) { name } }'));
  expect(text).toContain("Query.people(name:)");
  expect(text).not.toMatch(/Siti|7919|\.test|http/);
});

test("what an agreement hides is named nowhere, only counted; what it denies is not fetched", () => {
  const hidden = told("{ people { aid } }", { hidden: ["Person.secret"] });
  expect(JSON.stringify(hidden)).not.toContain("secret");
  expect(hidden.fetches.map(({ unseen }) => unseen)).toEqual([1, 0]);
  expect(hidden.fetches[0]?.reasons.at(-1)).toBe("And 1 more for the hub itself that this agreement does not see.");
  const keyless = told("{ people { name aid } }", { hidden: ["Person.id"] });
  expect(JSON.stringify(keyless)).not.toContain("Person.id");
  expect(keyless.fetches[1]?.reasons[0]).toMatch(/^aid finds a Person by an internal key, given by people/);
  const denied = told("{ people { name aid } }", { denied: ["Person.aid"] });
  expect(denied.fetches.map(({ service }) => service)).toEqual(["people"]);
});

test("a mutation's root fields follow one another", () => {
  const { rounds, fetches } = told('mutation { pay(id: "a") rename(id: "a") { aid } }');
  expect(fetches.map(({ service, round, kind }) => `${round} ${service} ${kind}`)).toEqual([
    ...["1 aid mutation", "2 people mutation", "3 aid entities"],
  ]);
  expect([rounds, fetches[1]?.waits, fetches[2]?.waits]).toEqual([3, [], [2]]);
  expect(fetches[1]?.reasons[0]).toMatch(/one after another/);
});

test("a question about the schema fetches nothing", () => {
  expect(told("{ __typename __schema { queryType { name } } }")).toEqual({ rounds: 0, fetches: [], mermaid: "flowchart LR\n" });
});

test("a plan is a flowchart whose labels end nowhere but where they should", () => {
  expect(told("{ people { name aid } }").mermaid).toBe(`flowchart LR
  subgraph r1["Round 1"]
    f1["1 · people<br/>Query.people"]
  end
  subgraph r2["Round 2"]
    f2["2 · aid<br/>Person.aid"]
  end
  f1 -->|"id"| f2
`);
});
