import { readFileSync } from "node:fs";
import { buildSubgraphSchema } from "@apollo/subgraph";
import { composeServices, compositionHasErrors } from "@theguild/federation-composition";
import { type GraphQLSchema, parse } from "graphql";
import { createSupergraphRuntime } from "../../../gateway/answer.ts";
import { NO_LIMITS } from "../../../gateway/plan/supergraph.ts";
import type { Decisions } from "../../../gateway/types/policy.ts";
import type { SourceCall } from "../../../gateway/types/sources.ts";
import { type Ceiling, compileTable } from "../../../schema/policy/decisionTable.ts";
import { transformOf } from "../../../schema/policy/masks.ts";
import type { Grant } from "../../../schema/policy/policy.ts";
import type { Effect } from "../../../schema/policy/words.ts";
import type { Catalogue } from "../../../schema/sdl/catalogue.ts";
import { answered, answerOf } from "../../federation/runtime/hubOf.ts";

/** A toy hub of two sources, one of which knows where a person lives and what flags they have. Its policy is compiled from grant rows. */

export const HEAD = readFileSync("schema/hub.graphql", "utf8");
const IDENTITY = `
  type Query {
    people(order: PeopleOrder @unguarded(reason: "guarded"), where: Where @unguarded(reason: "guarded")): [Person!] @data(class: GENERAL)
    anything: [Thing!] @data(class: GENERAL) count: Int @data(class: GENERAL) title: String @data(class: GENERAL)
    bundle: Bundle @data(class: GENERAL)
  }
  type Bundle { sealed: String @data(class: GENERAL) @sealed people: [Person!] @data(class: GENERAL) }
  union Thing = Person | Place
  type Person @key(fields: "id") @subject(person: true) @row(region: "home.region.code", flags: "subjectFlags") {
    id: ID! @data(class: GENERAL) name: String @data(class: GENERAL) nik: String @data(class: SPECIFIC) born: Date @data(class: GENERAL)
    birthYear: Int @data(class: DERIVED) @bandOf(field: "Person.born") tags: [String!] @data(class: GENERAL) sex: String @data(class: PUBLIC)
    home: Place @data(class: GENERAL) friend: Person @data(class: GENERAL) income: Int @data(class: SPECIFIC, topic: FINANCE)
    subjectFlags: [SubjectFlag!] @data(class: ADMINDUK_84) @inaccessible
  }
  type Place { street: String @data(class: GENERAL) region: Region @data(class: GENERAL) }
  type Region { code: RegionCode! @data(class: PUBLIC) }
  input Where { name: String @guards(field: "Person.name") nik: String @guards(field: "Person.nik", use: LOOKUP) }
  enum PeopleOrder { NAME @guards(field: "Person.name", use: SORT) }`;
const AID = `type Query { enrolled: [Person!] @data(class: GENERAL) aids: [Aid!] @data(class: GENERAL) }
  type Person @key(fields: "id") { id: ID! @data(class: GENERAL) enrolment: String @data(class: GENERAL) aids: [Aid!] @data(class: GENERAL) }
  type Aid @key(fields: "id") @subject @row(person: "person.id") {
    id: ID! @data(class: GENERAL) program: String @data(class: GENERAL) person: Person @data(class: GENERAL)
  }`;

export const person = (n: number, code: string | null, subjectFlags: readonly string[] | null) => ({
  __typename: "Person",
  id: `p${n}`,
  name: `Name ${n}`,
  nik: `351016010101900${n}`,
  born: "2001-01-01",
  birthYear: 2001,
  tags: ["a", "b"],
  sex: "F",
  home: { street: "Street", region: code && { code } },
  income: 1,
  subjectFlags,
});
/** Who is there, and which sources do not answer. Set them before asking. */
export const state: { people: (ReturnType<typeof person> & { friend?: unknown })[]; readonly silent: Set<string> } = {
  people: [],
  silent: new Set(),
};

const aidOf = ({ id }: { readonly id: string }) => ({ id: `a${id}`, program: "PKH", person: { id } });

const schemas: Readonly<Record<string, GraphQLSchema>> = {
  identity: buildSubgraphSchema([
    {
      typeDefs: parse(HEAD + IDENTITY),
      resolvers: {
        Query: {
          people: () => state.people,
          anything: () => [...state.people, { __typename: "Place", street: "Street" }],
          count: () => 3,
          title: () => "Title",
          bundle: () => ({ sealed: state.people.map(({ name }) => name).join(), people: state.people }),
        },
        Person: { __resolveReference: ({ id }: { id: string }) => state.people.find((one) => one.id === id) ?? null },
      },
    },
  ]),
  aid: buildSubgraphSchema([
    {
      typeDefs: parse(HEAD + AID),
      resolvers: {
        Query: { enrolled: () => state.people.map(({ id }) => ({ id })), aids: () => state.people.map(aidOf) },
        Person: { enrolment: ({ id }: { id: string }) => `PKH ${id}`, aids: (one: { id: string }) => [aidOf(one)] },
      },
    },
  ]),
};
const composed = composeServices(
  Object.entries({ identity: IDENTITY, aid: AID }).map(([name, sdl]) => ({
    name,
    url: `http://${name}.test/`,
    typeDefs: parse(HEAD + sdl),
  })),
);
if (compositionHasErrors(composed)) throw new Error(composed.errors.map(({ message }) => message).join());
export const calls: SourceCall[] = [];
export const runtime = createSupergraphRuntime({
  supergraphSdl: composed.supergraphSdl,
  limits: NO_LIMITS,
  transport: {
    send: async (call) => {
      calls.push(call);
      if (state.silent.has(call.service)) return { failed: "SUBGRAPH_UNAVAILABLE", detail: "" };
      return answerOf(schemas[call.service] as GraphQLSchema, call.body);
    },
    close: async () => undefined,
  },
});
export const catalogue: Catalogue = { ...runtime.supergraph, hash: "rows" };

export const row = (selector: string, effect: Effect = "allow", more: Partial<Grant> = {}): Grant => ({
  kind: selector.includes(".") ? "coordinate" : "class",
  ...{ selector, topic: null, use: "OUTPUT", effect, maskFn: effect === "mask" ? "last4" : null, params: null, clause: "Ps. 1" },
  ...{ widenReason: null, home: null, elsewhere: null, condition: null, ...more },
});
export const ceilings: Ceiling[] = [
  ...["PUBLIC", "GENERAL", "SPECIFIC", "DERIVED"].map((name) => ({ class: name, topic: null, ceiling: "allow" }) as const),
  { class: "SPECIFIC", topic: "HEALTH", ceiling: "aggregate" },
  { class: "ADMINDUK_84", topic: null, ceiling: "claim" },
];
export const table = (...rows: Grant[]) => compileTable(rows, { ceilings, catalogue });
export const HOME = ["3510", "3171"];
export const athome = (selector: string, elsewhere = "null", more: Partial<Grant> = {}) =>
  row(selector, "allow", { home: HOME, elsewhere, ...more });

export function decisionsOf(...rows: Grant[]): Decisions {
  const { hash, hidden, verdict } = table(...rows);
  return { key: hash, hidden, verdict, transform: transformOf(Buffer.alloc(32, 1)) };
}
export async function ask(document: string, ...rows: Grant[]) {
  calls.length = 0;
  return answered(await runtime.execute({ document, decisions: decisionsOf(...rows), deadline: performance.now() + 5000 }));
}
export const peopleIn = async (fields: string, ...rows: Grant[]) =>
  (await ask(`{ people { ${fields} } }`, ...rows)).data as Record<string, any>;
