import { buildSchema, execute, type GraphQLFieldResolver, type GraphQLSchema, parse } from "graphql";
import type { Resolvers, TestSubgraph } from "./hubOf.ts";

/** One made-up world, twice: as one graphql-js schema, and cut into three subgraphs. Same data, so the answers must be equal. */
interface User {
  readonly __typename: "User";
  readonly id: string;
}
interface Org {
  readonly __typename: "Org";
  readonly id: string;
}
type Args = Readonly<Record<string, unknown>>;

const user = (n: number): User => ({ __typename: "User", id: `u${n % 5}` });
const org = (n: number): Org => ({ __typename: "Org", id: `o${n % 3}` });
const numberOf = ({ id }: { id: string }) => Number(id.slice(1));
const items = <T>(count: number, make: (n: number) => T) => Array.from({ length: count }, (_, n) => make(n));

/** Every field's value follows from the entity and the arguments. u4 has no name and o2 no title, where null may not be. */
export const VALUES: Record<string, Record<string, (source: { id: string }, args: Args) => unknown>> = {
  Query: {
    users: (_, { order, where }) => {
      const all = items(5, user).filter(({ id }) => !(where as Args | undefined)?.["not"] || id !== (where as Args)["not"]);
      return order === "DOWN" ? all.reverse() : all;
    },
    user: (_, { id }) => (["u0", "u1", "u2", "u3"].includes(String(id)) ? { __typename: "User", id } : null),
    strict: () => user(1),
    nodes: () => [user(0), org(1), user(4), org(2)],
    found: () => [org(0), user(2)],
  },
  User: {
    code: ({ id }) => `u${(numberOf({ id }) + 1) % 5}`,
    name: (u) => (numberOf(u) === 4 ? null : `Name ${u.id}`),
    nick: (u) => (numberOf(u) % 2 ? null : `nick-${u.id}`),
    label: (u) => `user ${u.id}`,
    age: (u, { plus }) => 20 + numberOf(u) + Number(plus),
    friends: (u) => (numberOf(u) === 3 ? null : [user(numberOf(u) + 1), user(numberOf(u) + 2)]),
    best: (u) => user(numberOf(u) + 3),
    orgs: (u) => [org(numberOf(u)), null, org(numberOf(u) + 1)],
    home: (u) => (numberOf(u) === 2 ? null : { city: `city ${u.id}`, zip: u.id === "u1" ? null : "1" }),
    favourite: (u) => (numberOf(u) % 2 ? org(numberOf(u)) : user(numberOf(u) + 1)),
  },
  Org: {
    title: (o) => (numberOf(o) === 2 ? null : `Title ${o.id}`),
    label: (o) => `org ${o.id}`,
    boss: (o) => (numberOf(o) === 0 ? null : user(numberOf(o))),
    size: (o, { unit }) => `${numberOf(o)} ${unit}`,
    members: (o, { first }) => items(Number(first ?? 2), (n) => (n % 2 ? org(n) : user(n + numberOf(o)))),
  },
};

const INPUTS = "enum Order { UP DOWN } enum Unit { M KM } input Where { not: String order: Order }";
export const WHOLE = `type Query { users(order: Order = UP, where: Where): [User] user(id: ID!): User strict: User! nodes: [Node] found: [Found!] }
  interface Node { id: ID! label: String } union Found = User | Org ${INPUTS}
  type User implements Node { id: ID! code: String name: String! nick: String label: String age(plus: Int = 1): Int friends: [User!]
    best: User orgs: [Org] home: Home favourite: Found }
  type Org implements Node { id: ID! title: String! label: String boss: User size(unit: Unit = M): String members(first: Int): [Node] }
  type Home { city: String zip: String! }`;

const resolversFor = (fields: Record<string, readonly string[]>): Resolvers =>
  Object.fromEntries(
    Object.entries(fields).map(([type, names]) => [
      type,
      {
        ...(type !== "Query" && { __resolveReference: (reference: object) => ({ ...reference }) }),
        ...Object.fromEntries(names.map((name) => [name, VALUES[type]?.[name]])),
      },
    ]),
  );

export const PARTS: readonly TestSubgraph[] = [
  [
    "a",
    `type Query { users(order: Order = UP, where: Where): [User] user(id: ID!): User strict: User! nodes: [Node] found: [Found!] }
     interface Node { id: ID! } union Found = User | Org enum Order { UP DOWN } input Where { not: String order: Order }
     type User implements Node @key(fields: "id") { id: ID! code: String } type Org implements Node @key(fields: "id") { id: ID! title: String! }`,
    resolversFor({ Query: ["users", "user", "strict", "nodes", "found"], User: ["code"], Org: ["title"] }),
  ],
  [
    "b",
    `interface Node { id: ID! label: String }
     type User implements Node @key(fields: "id") { id: ID! name: String! nick: String label: String age(plus: Int = 1): Int friends: [User!] best: User }
     type Org implements Node @key(fields: "id") { id: ID! label: String boss: User }`,
    resolversFor({ User: ["name", "nick", "label", "age", "friends", "best"], Org: ["label", "boss"] }),
  ],
  [
    "c",
    `interface Node { id: ID! } union Found = User | Org enum Unit { M KM }
     type User implements Node @key(fields: "id") { id: ID! orgs: [Org] home: Home favourite: Found }
     type Org implements Node @key(fields: "id") { id: ID! size(unit: Unit = M): String members(first: Int): [Node] }
     type Home { city: String zip: String! }`,
    resolversFor({ User: ["orgs", "home", "favourite"], Org: ["size", "members"] }),
  ],
];

export const wholeSchema: GraphQLSchema = buildSchema(WHOLE);

/** The answer of the one schema, with denied coordinates read as null and denied inputs closing their field. */
export async function oracle(document: string, variableValues: Args, denied: ReadonlySet<string>) {
  const fieldResolver: GraphQLFieldResolver<{ id: string }, unknown> = (source, args, _, { parentType: { name }, fieldName }) => {
    const value = VALUES[name]?.[fieldName];
    if (denied.has(`${name}.${fieldName}`) || usesDenied(`${name}.${fieldName}`, args, denied)) return null;
    return value ? value(source, args) : (source as Record<string, unknown>)[fieldName];
  };
  const result = await execute({ schema: wholeSchema, document: parse(document), variableValues, fieldResolver });
  return JSON.parse(JSON.stringify({ data: result.data ?? null, hasErrors: (result.errors ?? []).length > 0 }));
}

/** Written for this schema alone, on purpose: not with the code that it checks. */
function usesDenied(coordinate: string, args: Args, denied: ReadonlySet<string>): boolean {
  const where = (args["where"] ?? {}) as Args;
  const used = [
    ...Object.keys(args).map((name) => `${coordinate}(${name}:)`),
    ...Object.keys(where).map((name) => `Where.${name}`),
    ...[args["order"], where["order"]].map((value) => `Order.${value}`),
    `Unit.${args["unit"]}`,
  ];
  return used.some((name) => denied.has(name));
}
