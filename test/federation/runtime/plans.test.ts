import { readFileSync } from "node:fs";
import { expect, test, vi } from "vitest";
import { createSupergraphRuntime } from "../../../gateway/answer.ts";
import type { SourceCall, Transport } from "../../../gateway/types/sources.ts";
import { answered, DENY, decide } from "./hubOf.ts";

/** The hub's own supergraph over sources that answer from a table. */
const ANSWERS: Record<string, object> = {
  welfare: {
    households: {
      nodes: [{ id: "h1", members: [{ id: "m1", person: { __typename: "Person", id: "p1" } }], deciles: [{ decile: 2 }] }],
    },
  },
  population: { person: { __typename: "Person", id: "p1", fullName: "Siti", birthYear: 1980 } },
  "population entities": { _entities: [{ fullName: "Siti" }] },
  "programs entities": {
    _entities: [{ enrolments: [{ id: "e1", program: { name: "PKH" }, payments: [{ amount: "750000" }] }] }],
  },
};
const calls: SourceCall[] = [];
const transport: Transport = {
  send: async (call) => {
    calls.push(call);
    return { data: structuredClone(ANSWERS[`${call.service}${call.body.includes("_entities") ? " entities" : ""}`]) };
  },
  close: async () => undefined,
};
const runtime = createSupergraphRuntime({ supergraphSdl: readFileSync("schema/supergraph.graphql", "utf8"), transport });
const ask = (document: string, variables: Record<string, unknown>, decisions = decide({})) => {
  calls.length = 0;
  return runtime.execute({ document, variables, decisions, deadline: performance.now() + 1000 });
};

const QUESTION = `query ($region: RegionCode, $first: Int) { households(filter: { region: $region }, first: $first) {
  nodes { members { person { fullName enrolments { program { name } payments(latest: 2) { amount } } } } deciles { decile } } } }`;

test("the plan of the households question: one root fetch, then two sources at the same time", async () => {
  const { data, subjects } = answered(await ask(QUESTION, { region: "35", first: 50 }));
  expect(data).toEqual({
    households: {
      nodes: [
        {
          members: [
            { person: { fullName: "Siti", enrolments: [{ program: { name: "PKH" }, payments: [{ amount: "750000" }] }] } },
          ],
          deciles: [{ decile: 2 }],
        },
      ],
    },
  });
  expect(subjects.map(({ type, id }) => `${type} ${id}`).toSorted()).toEqual([
    "Enrolment e1",
    "Household h1",
    "Member m1",
    "Person p1",
  ]);
  expect(calls.map(({ service, body }) => `${service}: ${JSON.parse(body).query}`).sort()).toEqual([
    "population: query($representations:[_Any!]!){_entities(representations:$representations){...on Person{fullName}}}",
    "programs: query($representations:[_Any!]!){_entities(representations:$representations){...on Person{enrolments{program{name} payments(latest: 2){amount} id _hperson:person{id}}}}}",
    "welfare: query($region: RegionCode,$first: Int){households(filter: {region: $region},first: $first){nodes{members{person{id} id _hperson:subject{id}} deciles{decile} id}}}",
  ]);
});

test("a fetch names coordinates of its own subgraph only, and the list is the subgraph's", async () => {
  await ask(QUESTION, { region: "35" });
  for (const { service, coordinates } of calls) {
    const known = runtime.supergraph.sources.get(service)?.coordinates.index;
    const named = [...coordinates.output, ...coordinates.internal, ...coordinates.arguments];
    expect(named.length).toBeGreaterThan(1);
    for (const coordinate of named) expect(known?.has(coordinate), `${service} ${coordinate}`).toBe(true);
  }
});

test("a known question is not parsed, judged or planned again, whatever its variables", async () => {
  const plan = vi.spyOn(runtime.supergraph.planner, "plan");
  const viewOf = vi.spyOn(runtime.supergraph, "viewOf");
  const verdict = vi.fn(() => ({ effect: "allow" }) as const);
  const decisions = { ...decide({}), key: "known", verdict };
  const document = "query ($id: ID!) { person(id: $id) { fullName } }";
  await ask(document, { id: "p1" }, decisions);
  expect([plan.mock.calls.length, viewOf.mock.calls.length]).toEqual([1, 1]);
  verdict.mockClear();
  const fetched = calls[0]?.coordinates;
  for (const id of ["p1", "p2", "p3"]) await ask(document, { id }, decisions);
  expect([plan.mock.calls.length, viewOf.mock.calls.length]).toEqual([1, 1]);
  expect(verdict.mock.calls, "only what a variable touches is judged").toEqual([
    ["Query.person(id:)"],
    ["Query.person(id:)"],
    ["Query.person(id:)"],
  ]);
  expect(calls[0]?.coordinates).toBe(fetched);
  await ask(document, { id: "p1" }, { ...decisions, key: "another class, same verdicts" });
  expect(plan, "classes with equal rewrites share a plan").toHaveBeenCalledTimes(1);
  await ask(document, { id: "p1" }, decide({ "Person.fullName": DENY }));
  expect(plan).toHaveBeenCalledTimes(2);
});

test("what is counted is asked once and never again; a question beside it is asked with it, and alone may be repeated", async () => {
  const input = { nik: "3510161708459001", fullName: "SITI" };
  await ask("query ($input: VerifyIdentityInput!) { verifyIdentity(input: $input) { status } region(code: 35) { name } }", {
    input,
  });
  expect(calls.map(({ service, idempotent }) => [service, idempotent])).toEqual([["population", false]]);
  await ask("{ region(code: 35) { name } }", {});
  expect(calls.map(({ idempotent }) => idempotent)).toEqual([true]);
});
