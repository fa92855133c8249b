import { readFileSync } from "node:fs";
import { type GraphQLObjectType, getNamedType, isObjectType, Kind, parse } from "graphql";
import { expect, test } from "vitest";
import { estimated } from "../../../../gateway/plan/cost.ts";
import { loadSupergraph, STANDARD_LIMITS } from "../../../../gateway/plan/supergraph.ts";
import type { Ceilings } from "../../../../gateway/types/chain.ts";
import type { Reading } from "../../../../gateway/types/document.ts";
import { Refusal } from "../../../../schema/errors.ts";

const supergraph = loadSupergraph(readFileSync("schema/supergraph.graphql", "utf8"));
const UNREACHED = { ...supergraph, limits: { ...STANDARD_LIMITS, cost: 1e15, subjects: 1e15 } };

function readingOf(text: string): Reading {
  const { definitions } = parse(text, { noLocation: true });
  const operation = definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION);
  const fragments = definitions.flatMap((node) =>
    node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node] as const] : [],
  );
  return { view: supergraph.api, operation, fragments: new Map(fragments) } as unknown as Reading;
}
const subjectsOf = (text: string, coerced: Record<string, unknown> = {}) =>
  estimated(readingOf(text), { coerced }, UNREACHED).subjects;

interface Given {
  readonly ceilings?: Ceilings;
  readonly lookups?: readonly string[];
  readonly coerced?: Readonly<Record<string, unknown>>;
}

/** The limit a question is refused by; null: it is not. */
function refused(text: string, { coerced = {}, ...given }: Given = {}) {
  try {
    estimated(readingOf(text), { coerced, ...given }, supergraph);
    return null;
  } catch (error) {
    return error instanceof Refusal ? error.failures[0]?.limit : expect.fail(String(error));
  }
}

test("rows of subjects are counted by page sizes and lists, each row of a household, a member and a person once", () => {
  expect(subjectsOf("{ households(first: 7) { nodes { id } } }")).toBe(7);
  expect(subjectsOf("{ households(first: 7) { nodes { members { person { id } } } } }"), "five members are assumed").toBe(
    7 * (1 + 5 * 2),
  );
  expect(subjectsOf('{ personByNik(nik: "1") { id } }')).toBe(1);
  expect(subjectsOf("{ regions(first: 50) { nodes { name } } }"), "a region is nobody").toBe(0);
});

test("released figures are nobody's rows, however many stand in a page", () => {
  expect(subjectsOf("{ statistics(cube: ENROLMENT, first: 10000) { nodes { persons region { name } } } }")).toBe(0);
});

test("each alias of a lookup is a person, whatever stands in it", () => {
  const aliased = (count: number) =>
    Array.from({ length: count }, (_, at) => `a${at}: personByNik(nik: "${at}") { t: __typename }`);
  expect(subjectsOf(`{ ${aliased(30).join(" ")} }`)).toBe(30);
});

test("a list of identifiers counts each of them, as a literal and as a variable, though it is no row that answers", () => {
  const persons = Array.from({ length: 200 }, (_, at) => `p${at}`);
  const literal = `mutation { recordCivilEvent(input: { kind: MOVE, occurredOn: "2026-01-01", document: "x", persons: ${JSON.stringify(persons)} }) { __typename } }`;
  const byVariable = "mutation ($input: RecordCivilEventInput!) { recordCivilEvent(input: $input) { __typename } }";
  const byList = `mutation ($ids: [ID!]!) { recordCivilEvent(input: { kind: MOVE, occurredOn: "2026-01-01", document: "x", persons: $ids }) { __typename } }`;
  expect(subjectsOf(literal)).toBe(200);
  expect(subjectsOf(byVariable, { input: { persons } })).toBe(200);
  expect(subjectsOf(byList, { ids: persons })).toBe(200);
  const many = { input: { persons: Array.from({ length: 6_000 }, (_, at) => `p${at}`) } };
  expect(refused(byVariable, { coerced: many })).toEqual({ name: "subjects", actual: 6_000, max: 5_000 });
});

test("more rows than may be touched are refused with both figures; a page of a hundred households with all in them passes", () => {
  const page = (first: number) =>
    `{ households(first: ${first}) { nodes { members { person { enrolments { payments(latest: 1) { amount } } } } } } }`;
  expect(refused(page(100))).toBeNull();
  const twice = `{ a: ${page(100).slice(1, -1)} b: ${page(100).slice(1, -1)} }`;
  expect(refused(twice)).toEqual({ name: "subjects", actual: 7_200, max: 5_000 });
});

test("an agreement whose purpose is one person asks for less, and nobody's question tries more NIKs than its persons a day", () => {
  const list = "{ households(first: 100) { nodes { id members { id } } } }";
  expect(refused(list, { ceilings: { subjects: 100 } })).toEqual({ name: "subjects", actual: 600, max: 100 });
  expect(refused(list, { ceilings: { persons: 3 } }), "of a page nothing follows: it may hold three").toBeNull();
  const lookups = ["nik:1", "nik:2", "nik:3", "nik:4"];
  expect(refused("{ __typename }", { ceilings: { persons: 3 }, lookups })).toEqual({ name: "persons", actual: 4, max: 3 });
  expect(refused("{ __typename }", { ceilings: { persons: 4 }, lookups })).toBeNull();
});

/** The same numbers each time. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % sides;
  };
}

interface Made {
  /** With `$a0`, `$a1` … for page sizes; the same with named fragments in place of some selections. */
  readonly plain: string;
  readonly spread: string;
  readonly pages: number;
  readonly fragments: readonly string[];
}

/** A random question about the hub's own schema. */
function madeBy(roll: (sides: number) => number): Made {
  const fragments: string[] = [];
  let pages = 0;
  const set = (type: GraphQLObjectType, depth: number): { plain: string; spread: string } => {
    const fields = Object.values(type.getFields()).filter(
      ({ args }) => !args.some(({ name, type: of }) => name !== "first" && String(of).endsWith("!")),
    );
    const parts = Array.from({ length: 1 + roll(3) }, (_, at) => {
      const field = fields[roll(Math.max(1, fields.length))];
      const below = field && getNamedType(field.type);
      if (!field || !isObjectType(below) || depth === 0) return { plain: `k${at}: __typename`, spread: `k${at}: __typename` };
      const size = field.args.some(({ name }) => name === "first") ? `(first: $a${pages++})` : "";
      const inner = set(below, depth - 1);
      return {
        plain: `k${at}: ${field.name}${size} { ${inner.plain} }`,
        spread: `k${at}: ${field.name}${size} { ${inner.spread} }`,
      };
    });
    const plain = parts.map((part) => part.plain).join(" ");
    const spread = parts.map((part) => part.spread).join(" ");
    if (roll(2) === 0) return { plain, spread };
    fragments.push(`fragment F${fragments.length} on ${type.name} { ${spread} }`);
    return { plain, spread: `...F${fragments.length - 1}` };
  };
  const { plain, spread } = set(supergraph.api.getQueryType() as GraphQLObjectType, 5);
  return { plain: `{ ${plain} }`, spread: `{ ${spread} }`, pages, fragments };
}

test("whatever is asked: a variable costs what its literal does, a fragment what it stands for, and a larger page never less", () => {
  const roll = dice(20261123);
  let priced = 0;
  for (let round = 0; round < 400; round += 1) {
    const { plain, spread, pages, fragments } = madeBy(roll);
    const sizes = Object.fromEntries(Array.from({ length: pages }, (_, at) => [`a${at}`, 1 + roll(100)]));
    const literal = plain.replace(/\$(a\d+)/g, (_, name: string) => String(sizes[name]));
    const known = subjectsOf(plain, sizes);
    if (known > 0) priced += 1;
    expect(subjectsOf(literal), literal).toBe(known);
    expect(subjectsOf([spread, ...fragments].join("\n"), sizes), spread).toBe(known);
    for (const name of Object.keys(sizes))
      expect(subjectsOf(plain, { ...sizes, [name]: (sizes[name] ?? 0) + 1 + roll(50) }), plain).toBeGreaterThanOrEqual(known);
  }
  expect(priced, "most of them touch somebody").toBeGreaterThan(100);
});
