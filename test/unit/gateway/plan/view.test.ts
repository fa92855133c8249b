import { buildSchema, printSchema } from "graphql";
import { expect, test } from "vitest";
import { createCache } from "../../../../gateway/plan/cache.ts";
import { createViews } from "../../../../gateway/plan/view.ts";

const api = buildSchema(`
  type Query { people(where: Where, order: Order): [Person] find(nik: String!): Person things: [Thing] secret: Secret other(in: Must): Int }
  type Mutation { only(nik: String!): Person }
  interface Thing { name: String size: Int } type Car implements Thing { name: String size: Int wheels: Int }
  type Boat implements Thing { name: String size: Int }
  union Any = Person | Secret
  type Person { id: ID! nik: String kin(order: Order): [Any] } type Secret { value: Level } enum Level { HIGH }
  input Where { nik: String name: String deep: Deep } input Deep { nik: String } input Must { nik: String! name: String }
  enum Order { NIK NAME }
`);
const viewOf = createViews(api);
const sdl = (...hidden: string[]) => printSchema(viewOf(new Set(hidden)));

test("without anything hidden the view is the API schema itself", () => {
  expect(viewOf(new Set())).toBe(api);
});

test("equal sets share a view", () => {
  expect(viewOf(new Set(["Person.nik", "Order.NIK"]))).toBe(viewOf(new Set(["Order.NIK", "Person.nik"])));
});

test("a hidden field, argument, input field and enum value are gone, their neighbours stay", () => {
  const view = sdl("Person.nik", "Query.people(order:)", "Where.nik", "Order.NIK");
  expect(view).toContain("people(where: Where): [Person]");
  expect(view).toContain("type Person {\n  id: ID!\n  kin(order: Order): [Any]\n}");
  expect(view).toContain("input Where {\n  name: String\n  deep: Deep\n}");
  expect(view).toContain("enum Order {\n  NAME\n}");
});

test("a field that cannot be asked without a hidden argument is gone too, with all that only it led to", () => {
  expect(sdl("Query.find(nik:)")).not.toContain("find");
  expect(sdl("Mutation.only(nik:)")).not.toContain("Mutation");
  expect(sdl("Must.nik")).toMatch(/ other: Int\n/);
  expect(sdl("Must.nik")).not.toContain("Must");
});

test("a type with nothing left is gone wherever it was named", () => {
  const view = sdl("Secret.value", "Deep.nik");
  expect(view).not.toMatch(/Secret|secret|Level|Deep|deep/);
  expect(view).toContain("union Any = Person");
  expect(sdl("Person.id", "Person.nik", "Person.kin", "Query.secret")).not.toMatch(/Person|Any|Secret|Where|Order/);
});

test("hidden on one implementer, a field of the interface must be asked on the others", () => {
  const view = sdl("Car.name");
  expect(view).toContain("interface Thing {\n  size: Int\n}");
  expect(view).toContain("type Car implements Thing {\n  size: Int\n  wheels: Int\n}");
  expect(view).toContain("type Boat implements Thing {\n  name: String\n  size: Int\n}");
});

test("a schema of which all is hidden is an empty view, not a crash", () => {
  expect(sdl("Query.people", "Query.find", "Query.things", "Query.secret", "Query.other")).not.toContain("Person {\n  nik");
});

test("a cache keeps what was used last and never more than its size", () => {
  const cache = createCache<number>({ entries: 2, bytes: 100 });
  cache.set("a", 1, 1);
  cache.set("b", 2, 1);
  expect(cache.get("a")).toBe(1);
  cache.set("c", 3, 1);
  expect([cache.get("a"), cache.get("b"), cache.get("c")]).toEqual([1, undefined, 3]);
});
