import { expect, test } from "vitest";
import { applyPatches } from "../../../gateway/execute/patch.ts";
import { representationOf } from "../../../gateway/execute/representation.ts";
import { collect, copy, locate, merge, type Tree } from "../../../gateway/execute/tree.ts";
import type { EntityGroup, PathPart } from "../../../gateway/types/plan.ts";
import type { Source } from "../../../gateway/types/sources.ts";

const tree = (): Tree => ({
  rows: [
    { __typename: "Person", id: "1", kin: [[{ __typename: "Person", id: "2" }, null], null] },
    null,
    { __typename: "Region", code: "35" },
  ],
  one: { id: "3" },
});
const rows: PathPart[] = [{ field: "rows" }, { items: true }];

test("a path meets every object it leads to, lists in lists included, and skips what is not there", () => {
  expect(collect(tree(), rows)).toHaveLength(2);
  expect(collect(tree(), [...rows, { types: new Set(["Person"]) }]).map((row) => row["id"])).toEqual(["1"]);
  expect(collect(tree(), [...rows, { field: "kin" }, { items: true }, { items: true }]).map((row) => row["id"])).toEqual(["2"]);
  expect(collect(tree(), [{ field: "rows" }, { field: "kin" }]).map((row) => row["id"])).toEqual(["2"]);
  expect(collect(tree(), [{ field: "one" }, { types: new Set(["Person"]) }]), "an object that says no type passes").toHaveLength(
    1,
  );
  expect(collect(tree(), [{ field: "none" }, { items: true }])).toEqual([]);
});

test("an entity is found again with its place in the lists, by identity", () => {
  const whole = tree();
  const path: PathPart[] = [...rows, { field: "kin" }, { items: true }, { items: true }];
  const [entity] = collect(whole, path);
  expect(locate(whole, path, entity as Tree)).toEqual(["rows", 0, "kin", 0, 0]);
  expect(locate(whole, path, { ...entity })).toBeNull();
});

test("answers complete each other by position; a null does not erase what another source knows", () => {
  const target: Tree = { a: { x: 1 }, list: [{ x: 1 }, null, 3], kept: { x: 1 }, gone: null };
  merge(target, { a: { y: 2 }, list: [{ y: 2 }, { y: 3 }, 4], kept: null, gone: { z: 1 } });
  expect(target).toEqual({ a: { x: 1, y: 2 }, list: [{ x: 1, y: 2 }, { y: 3 }, 4], kept: { x: 1 }, gone: { z: 1 } });
});

test("neither merge nor copy touches a prototype", () => {
  const hostile = JSON.parse('{"__proto__":{"polluted":1},"a":{"__proto__":{"polluted":2},"b":1}}') as Tree;
  const target: Tree = { a: {} };
  merge(target, hostile);
  expect((target as { polluted?: number }).polluted).toBeUndefined();
  expect(target["a"]).toEqual({ b: 1 });
  expect(Object.getPrototypeOf(copy(hostile))).toBe(Object.prototype);
  expect(Object.getPrototypeOf(copy(hostile)["a"])).toBe(Object.prototype);
});

test("a copy shares nothing", () => {
  const original = { list: [{ x: { y: 1 } }] };
  const made = copy(original);
  expect(made).toEqual(original);
  expect(made.list[0]?.x).not.toBe(original.list[0]?.x);
});

test("patches set and rename at the end of their path, on the types they name, through lists", () => {
  const value = { people: [{ __typename: "Person", alias: 1 }, { __typename: "Region", alias: 2 }, { alias: 3 }] };
  const types = new Set(["Person"]);
  applyPatches(value, [
    { path: [{ key: "people" }, { types }, { key: "alias" }], change: { rename: "name" } },
    { path: [{ key: "people" }, { types }, { key: "__typename" }], change: { set: "Node" } },
    { path: [{ key: "people" }, { key: "absent" }], change: { rename: "present" } },
  ]);
  expect(value.people).toEqual([
    { __typename: "Node", name: 1 },
    { __typename: "Region", alias: 2 },
    { __typename: "Node", name: 3 },
  ]);
});

const source = { keys: new Map([["Person", [["id"], ["nik", "agency"]]]]) } as unknown as Source;
const field = (name: string, below: EntityGroup["needs"] | null = null) => ({ name, key: name, below });
const group = (...needs: EntityGroup["needs"]): EntityGroup => ({
  alias: "_entities",
  variable: "representations",
  paths: [],
  needs: [{ types: new Set(["Person"]), needs: [field("__typename"), ...needs] }],
  before: [],
  after: [],
});
const person = { __typename: "Person", id: "1", nik: null, agency: { code: "X" }, income: null, extra: 1 };

test("a representation holds what was asked for and nothing else", () => {
  expect(representationOf(person, group(field("id")), source)).toEqual({ __typename: "Person", id: "1" });
  expect(representationOf(person, group(field("id"), field("agency", [field("code")])), source)).toEqual({
    __typename: "Person",
    id: "1",
    agency: { code: "X" },
  });
});

test("an entity without a complete key has no representation", () => {
  expect(representationOf({ ...person, id: null }, group(field("id")), source)).toBeNull();
  expect(representationOf(person, group(field("nik"), field("agency", [field("code")])), source)).toBeNull();
  expect(representationOf({ id: "1" }, group(field("id")), source), "no type").toBeNull();
  expect(
    representationOf({ ...person, __typename: "Region" }, group(field("id")), source),
    "a type the source does not know",
  ).toBeNull();
});

test("a null input of a computed field is sent, a missing one stops it, a null second key is left out", () => {
  expect(representationOf(person, group(field("id"), field("income")), source)).toEqual({
    __typename: "Person",
    id: "1",
    income: null,
  });
  expect(representationOf(person, group(field("id"), field("never")), source)).toBeNull();
  expect(representationOf(person, group(field("id"), field("nik")), source)).toEqual({ __typename: "Person", id: "1" });
});
