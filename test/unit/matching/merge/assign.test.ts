import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Assignment,
  assign,
  type Known,
  type MergedRow,
  rowKey,
} from "../../../../subgraphs/population/individuals/assign.ts";

interface World {
  rows: Map<string, string>;
  personOf: Map<string, string | null>;
  mergedInto: Map<string, string>;
}
const nobody = (): World => ({ rows: new Map(), personOf: new Map(), mergedInto: new Map() });

const knownOf = ({ rows, personOf, mergedInto }: World, held: readonly string[] = []): Known => ({
  rows,
  persons: new Map([...personOf].flatMap(([id, person]) => (person === null ? [] : [[person, id] as const]))),
  provisional: new Set([...personOf].flatMap(([id, person]) => (person === null && !mergedInto.has(id) ? [id] : []))),
  held: new Set(held),
});

function apply(world: World, { created, identified, joined, emptied }: Assignment): World {
  const [rows, personOf, mergedInto] = [new Map(world.rows), new Map(world.personOf), new Map(world.mergedInto)];
  for (const { id, person } of [...created, ...identified]) personOf.set(id, person);
  for (const { row, individual } of joined) rows.set(rowKey(row), individual);
  for (const { id, into } of emptied) mergedInto.set(id, into);
  return { rows, personOf, mergedInto };
}

let made = 0;
const newId = () => {
  made += 1;
  return `i${String(made).padStart(6, "0")}`;
};
const row = (name: string, person: string | null, group = name): MergedRow => ({
  source: "DTKS",
  row: name,
  agency: "KEMENSOS",
  digest: "d",
  person,
  group,
});
const merge = (world: World, rows: readonly MergedRow[], held: readonly string[] = []) => {
  const changes = assign(rows, knownOf(world, held), newId);
  return { changes, world: apply(world, changes) };
};
const idOf = ({ rows }: World, name: string) => rows.get(rowKey({ source: "DTKS", row: name }));

describe("ids of individuals", () => {
  test("the same merge again changes nothing", () => {
    const rows = [row("a", "P1"), row("b", "P1"), row("c", null, "g"), row("d", null, "g")];
    const first = merge(nobody(), rows);
    expect(first.changes.created).toHaveLength(2);
    expect(merge(first.world, rows).changes).toEqual({ created: [], identified: [], joined: [], emptied: [] });
  });

  test("a provisional individual whose person becomes known keeps its id", () => {
    const { world } = merge(nobody(), [row("a", null, "g"), row("b", null, "g")]);
    const { changes } = merge(world, [row("a", "P1"), row("b", "P1")]);
    expect(changes).toMatchObject({ created: [], identified: [{ id: idOf(world, "a"), person: "P1" }], joined: [] });
  });

  test("the id of a provisional individual all of whose rows turn out to be a person resolves to that person's", () => {
    const { world } = merge(nobody(), [row("a", "P1"), row("b", null)]);
    const { changes } = merge(world, [row("a", "P1"), row("b", "P1")]);
    expect(changes.emptied).toEqual([{ id: idOf(world, "b"), into: idOf(world, "a") }]);
  });

  test("when a provisional individual parts, the larger part keeps the id", () => {
    const { world } = merge(nobody(), [row("a", null, "g"), row("b", null, "g"), row("c", null, "g")]);
    const later = merge(world, [row("a", null), row("b", null, "h"), row("c", null, "h")]).world;
    expect([idOf(later, "b"), idOf(later, "c")]).toEqual([idOf(world, "b"), idOf(world, "b")]);
    expect(idOf(later, "a")).not.toBe(idOf(world, "a"));
  });

  test("a row that a human being decided about stays where it is", () => {
    const { world } = merge(nobody(), [row("a", "P1"), row("b", null)]);
    const { changes } = merge(world, [row("a", "P1"), row("b", "P1")], [rowKey({ source: "DTKS", row: "b" })]);
    expect(changes.joined).toEqual([]);
    expect(changes.emptied).toEqual([]);
  });
});

const merges = fc.array(
  fc.array(fc.record({ person: fc.option(fc.constantFrom("P1", "P2", "P3")), group: fc.constantFrom("x", "y", "z") }), {
    minLength: 6,
    maxLength: 6,
  }),
  { minLength: 1, maxLength: 6 },
);

/** Holds after every merge of `rows` that led from one world to the next. */
function expectLawful(before: World, after: World, rows: readonly MergedRow[]): void {
  const clusterOf = ({ person, group }: MergedRow) => (person === null ? `group ${group}` : person);
  const pairs = rows.flatMap((a) => rows.map((b) => [a, b] as const));
  for (const [a, b] of pairs) expect(idOf(after, a.row) === idOf(after, b.row)).toBe(clusterOf(a) === clusterOf(b));
  for (const { row: name, person } of rows) expect(after.personOf.get(idOf(after, name) ?? "")).toBe(person);
  for (const [id, person] of before.personOf) if (person !== null) expect(after.personOf.get(id)).toBe(person);
  const persons = [...after.personOf.values()].filter((person) => person !== null);
  expect(new Set(persons).size).toBe(persons.length);
}

test("whatever a series of merges says, clusters are individuals, a person has one id, and no id ever means another person", () => {
  fc.assert(
    fc.property(merges, (series) => {
      let world = nobody();
      for (const one of series) {
        const rows = one.map(({ person, group }, i) => row(`r${i}`, person, group));
        const before = world;
        world = merge(before, rows).world;
        expectLawful(before, world, rows);
      }
    }),
  );
});

test("the order of the rows does not matter", () => {
  fc.assert(
    fc.property(merges, (series) => {
      const worlds = [nobody(), nobody()];
      for (const one of series) {
        const rows = one.map(({ person, group }, i) => row(`r${i}`, person, group));
        for (const [i, order] of [rows, [...rows].reverse()].entries()) {
          made = 1000 * series.indexOf(one);
          worlds[i] = merge(worlds[i] as World, order).world;
        }
      }
      expect(worlds[1]).toEqual(worlds[0]);
    }),
  );
});
