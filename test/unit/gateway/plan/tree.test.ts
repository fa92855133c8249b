import { expect, test } from "vitest";
import { applyRenames } from "../../../../gateway/execute/renames.ts";
import { representationOf, representationsOf } from "../../../../gateway/execute/representation.ts";
import { collect, copy, locate, merge, type Tree } from "../../../../gateway/execute/tree.ts";
import type { EntityGroup, Need, PathPart } from "../../../../gateway/types/plan.ts";

const tree = (): Tree => ({
  rows: [
    { __typename: "Person", id: "1", kin: [[{ __typename: "Person", id: "2" }, null], null] },
    null,
    { __typename: "Region", code: "35" },
  ],
  one: { id: "3" },
});
const rows: PathPart[] = [{ field: "rows" }];

test("a path meets every object it leads to, lists in lists included, and skips what is not there", () => {
  expect(collect(tree(), rows)).toHaveLength(2);
  expect(collect(tree(), [...rows, { type: "Person" }]).map((row) => row["id"])).toEqual(["1"]);
  expect(collect(tree(), [...rows, { field: "kin" }]).map((row) => row["id"])).toEqual(["2"]);
  expect(collect(tree(), [{ field: "one" }, { type: "Person" }]), "nobody guesses the type of an object").toEqual([]);
  expect(collect(tree(), [{ field: "none" }])).toEqual([]);
});

test("an entity is found again with its place in the lists, by identity", () => {
  const whole = tree();
  const path: PathPart[] = [...rows, { field: "kin" }];
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

test("a key that stands for another is renamed at the end of its path, through lists, and only where it stands", () => {
  const value = { people: [{ alias: 1 }, { name: 2 }, [{ alias: 3 }], null] };
  applyRenames(value, [
    { path: ["people", "alias"], to: "name" },
    { path: ["people", "absent"], to: "present" },
  ]);
  expect(value.people).toEqual([{ name: 1 }, { name: 2 }, [{ name: 3 }], null]);
});

const field = (name: string, below: Need[] | null = null): Need => ({ name, key: name, below });
const group = (key: Need[], requires: Need[] = [], isFixed = true): EntityGroup => ({
  ...{ alias: "_entities", variable: "representations", paths: [], renames: [], by: { key: "", requires: null } },
  typename: { name: "Person", isFixed },
  key,
  requires,
});
const person = { __typename: "Person", id: "1", nik: null, agency: { code: "X" }, income: null, extra: 1 };

test("a representation holds what was asked for and nothing else", () => {
  expect(representationOf(person, group([field("id")]))).toEqual({ __typename: "Person", id: "1" });
  expect(representationOf(person, group([field("id"), field("agency", [field("code")])]))).toEqual({
    __typename: "Person",
    id: "1",
    agency: { code: "X" },
  });
  expect(representationOf({ ...person, key: "2" }, group([{ name: "id", key: "key", below: null }]))).toEqual({
    __typename: "Person",
    id: "2",
  });
});

test("a representation says the type that the source knows, or what the entity says of itself", () => {
  const worker = { ...person, __typename: "Worker" };
  expect(representationOf(worker, group([field("id")]))).toMatchObject({ __typename: "Person" });
  expect(representationOf(worker, group([field("id")], [], false))).toMatchObject({ __typename: "Worker" });
  expect(representationOf({ id: "1" }, group([field("id")], [], false))).toMatchObject({ __typename: "Person" });
});

test("an entity without a complete key has no representation", () => {
  expect(representationOf({ ...person, id: null }, group([field("id")]))).toBeNull();
  expect(representationOf(person, group([field("nik"), field("agency", [field("code")])]))).toBeNull();
  expect(representationOf({ ...person, agency: { code: null } }, group([field("agency", [field("code")])]))).toBeNull();
});

test("a null input of a computed field is sent, a missing one stops it, however deep", () => {
  expect(representationOf(person, group([field("id")], [field("income")]))).toEqual({
    __typename: "Person",
    id: "1",
    income: null,
  });
  expect(representationOf(person, group([field("id")], [field("never")]))).toBeNull();
  expect(representationOf(person, group([field("id")], [field("agency", [field("never")])]))).toBeNull();
  expect(
    representationOf(person, group([field("id")], [{ types: new Set(["Region"]), needs: [field("never")] }])),
  ).not.toBeNull();
});

test("a key of one scalar is written as the whole would be", () => {
  const one = group([{ name: "id", key: "_hin0", below: null }]);
  for (const id of ["1", 'a"b', 7, true, "\u2028", null, undefined, ["x"], ["x", null], []]) {
    const entity = { _hin0: id, extra: 1 };
    const whole = representationOf(entity, one);
    expect(representationsOf(one)(entity)).toBe(whole && JSON.stringify(whole));
  }
});
