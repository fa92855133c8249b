import { readFileSync } from "node:fs";
import { parse } from "graphql";
import { expect, test } from "vitest";
import { build } from "../../schema/build.ts";
import { errorEntry, labels } from "../../schema/errors.ts";
import { catalogueOf } from "../../schema/sdl/catalogue.ts";
import { coordinatesInSupergraph, coordinatesOf } from "../../schema/sdl/coordinates.ts";
import { lint } from "../../schema/sdl/lint.ts";
import { SLICES, sdlOf } from "../federation/runtime/joined.ts";

const head = readFileSync("schema/hub.graphql", "utf8");
const planted = (...sdls: string[]) =>
  lint(sdls.map((sdl, i) => ({ name: `toy${i}`, document: parse(`${head}\n${sdl}`) }))).faults.join("\n");

test("the published schema is fresh, and every coordinate is described, classified and guarded", async () => {
  const { files, faults, seen } = await build();
  expect(faults).toEqual([]);
  expect(seen).toBeGreaterThan(1100);
  expect(files.size).toBe(4 + SLICES.length);
  for (const [path, text] of files) expect(readFileSync(path, "utf8"), `${path}: run npm run schema`).toBe(text);
});

test("every description begins with the official Indonesian term", () => {
  const catalogue = catalogueOf(parse(readFileSync("schema/supergraph.graphql", "utf8")));
  const texts = [...catalogue.entries.values()].filter((entry) => entry.kind !== "value").map((entry) => entry.description);
  expect(texts.length).toBeGreaterThan(200);
  for (const text of texts) expect(text).toMatch(/^[A-Z][\p{L}0-9 ./()-]+( — .+|\.)$/su);
});

test.each([
  [
    "a type without description",
    'type Query { "X — x." x: Toy @data(class: PUBLIC) } type Toy { "Y — y." y: Int @data(class: PUBLIC) }',
    "Toy has no description",
  ],
  ["a field without description", "type Query { x: Int @data(class: PUBLIC) }", "Query.x has no description"],
  ["a field without class", 'type Query { "X — x." x: Int }', "Query.x has 0 @data"],
  [
    "an argument without guard",
    'type Query { "X — x." x("A — a." a: Int): Int @data(class: PUBLIC) }',
    "Query.x(a:) has neither",
  ],
  [
    "a filter without guard",
    'type Query { "X — x." x: Int @data(class: PUBLIC) } "F — f." input F { "A — a." a: Int }',
    "F.a has neither",
  ],
  [
    "an order without guard",
    'type Query { "X — x." x: Int @data(class: PUBLIC) } "O — o." enum ToyOrder { "A — a." A }',
    "ToyOrder.A has neither",
  ],
  [
    "a guard on nothing",
    'type Query { "X — x." x("A — a." a: Int @guards(field: "No.where")): Int @data(class: PUBLIC) }',
    "names No.where",
  ],
  [
    "a verdict that is a text",
    'type Query { "X — x." x: String @data(class: PUBLIC) @verdict }',
    "Query.x is a @verdict and neither an enum nor a Boolean",
  ],
  ["a governed non-null field", 'type Query { "X — x." x: Int! @data(class: GENERAL) }', "governed and non-null"],
  [
    "a list that pages without first",
    'type Query { "X — x." x: ToyConnection @data(class: PUBLIC) } "T — t." type ToyConnection { "N — n." n: Int @data(class: PUBLIC) }',
    "pages without",
  ],
  [
    "a scalar without shape",
    'type Query { "X — x." x: Int @data(class: PUBLIC) } "J — j." scalar JSON',
    "scalar without a shape",
  ],
  [
    "a subscription",
    'type Query { "X — x." x: Int @data(class: PUBLIC) } "S — s." type Subscription { "Y — y." y: Int @data(class: PUBLIC) }',
    "Subscription is refused",
  ],
])("composition refuses %s", (_, sdl, fault) => {
  expect(planted(sdl)).toContain(fault);
});

const PLAIN = 'type Query { "X — x." x: Int @data(class: PUBLIC) }';
test.each([
  ["a field without class", 'extend type Query { "Y — y." y: Int }', "Query.y has 0 @data"],
  [
    "an argument without guard",
    'extend type Query { "Y — y." y("A — a." a: Int): Int @data(class: PUBLIC) }',
    "Query.y(a:) has neither",
  ],
  ["a governed non-null field", 'extend type Query { "Y — y." y: Int! @data(class: GENERAL) }', "governed and non-null"],
  ["a field without description", "extend type Query { y: Int @data(class: PUBLIC) }", "Query.y has no description"],
  ["a field of another slice's type without class", 'extend type Person { "Y — y." y: Int }', "Person.y has 0 @data"],
  ["a subject without an id", "extend type Person @subject", "Person is a @subject without an id"],
  ["a filter without guard", 'extend input F { "A — a." a: Int }', "F.a has neither"],
  ["an order without guard", 'extend enum ToyOrder { "A — a." A }', "ToyOrder.A has neither"],
  ["a field of an interface without class", 'extend interface I { "Y — y." y: Int }', "I.y has 0 @data"],
  ["a subscription", 'extend type Subscription { "Y — y." y: Int @data(class: PUBLIC) }', "Subscription is refused"],
])("composition refuses %s in an extension", (_, sdl, fault) => {
  expect(planted(PLAIN, sdl), "in a subgraph that only extends").toContain(fault);
  expect(planted(`${PLAIN} ${sdl}`), "beside other definitions").toContain(fault);
});

test("an extension is judged together with what it extends, wherever that stands in the document", () => {
  const whole = `${PLAIN} "T — t." type T @subject(unnamed: "toys") @statistics { "I — i." id: ID! @data(class: PUBLIC) }`;
  const parted = `${PLAIN} extend type T { "I — i." id: ID! @data(class: PUBLIC) } "T — t." type T @statistics extend type T @subject(unnamed: "toys")`;
  expect([planted(whole), planted(parted)]).toEqual(["", ""]);
  const [one, other] = [whole, parted].map((sdl) => catalogueOf(parse(sdl)));
  expect(other?.entries).toEqual(one?.entries);
  expect(other?.entries.get("T.id")?.isStatistics).toBe(true);
  expect(other?.subjectTypes).toEqual(new Set(["T"]));
});

test("who is a person is said once in the whole schema, and reaches the supergraph", () => {
  const { personTypes, subjectTypes } = catalogueOf(parse(readFileSync("schema/supergraph.graphql", "utf8")));
  expect([...personTypes]).toEqual(["Person"]);
  expect([...subjectTypes]).toEqual(expect.arrayContaining(["Person", "Household", "Member", "Enrolment"]));
});

test.each([
  ["@subject", "T is a @subject and does not say whose row each is"],
  ['@subject(unnamed: "")', "T is a @subject and does not say"],
  ['@subject @row(region: "r")', "T is a @subject and does not say"],
  ['@subject(person: true) @row(person: "id")', "T is a @subject and says in several ways whose row each is"],
  ['@subject(unnamed: "why") @row(person: "p.id")', "T is a @subject and says in several ways"],
  ['@subject @row(person: "r")', "T names r as its person, which leads to no ID"],
  ['@subject @row(person: "p.all")', "T names p.all as its person, which leads to no ID"],
  ['@subject @row(person: "p.nobody")', "T names p.nobody as its person, which leads to no ID"],
  ["@subject(person: true)", ""],
  ['@subject(unnamed: "why")', ""],
  ['@subject @row(person: "p.id")', ""],
])("a type marked %s: %s", (marks, fault) => {
  const own =
    '"I — i." id: ID! @data(class: PUBLIC) "R — r." r: RegionCode @data(class: PUBLIC) "P — p." p: P @data(class: PUBLIC)';
  const person = '"P — p." type P { "I — i." id: ID! @data(class: PUBLIC) "A — a." all: [ID!] @data(class: PUBLIC) }';
  const told = planted(`${PLAIN} ${person} "T — t." type T ${marks} { ${own} }`);
  expect(told).toBe(fault === "" ? "" : told);
  expect(told).toContain(fault);
});

test("composition refuses two subgraphs that disagree on a class", () => {
  const sdl = (name: string) => `type Query { "X — x." x: Int @shareable @data(class: ${name}) }`;
  expect(planted(sdl("PUBLIC"), sdl("SPECIFIC"))).toContain("disagree on the class of Query.x");
});

test("gateway and subgraph count the same coordinates in the same order", () => {
  const supergraph = parse(readFileSync("schema/supergraph.graphql", "utf8"));
  for (const name of SLICES) {
    const own = coordinatesOf(parse(sdlOf(name)));
    expect(own.coordinates.length).toBeGreaterThan(50);
    expect(coordinatesInSupergraph(supergraph, name.toUpperCase())).toEqual(own);
  }
});

test("every error code has a text in both languages, and no text repeats sixteen digits", () => {
  expect(Object.keys(labels.id.codes ?? {}).sort()).toEqual(Object.keys(labels.en.codes ?? {}).sort());
  expect(Object.keys(labels.id.codes ?? {}).length).toBeGreaterThan(30);
  const entry = errorEntry({ code: "BAD_USER_INPUT", detail: "3510161708459001" }, "en", "r1");
  expect(entry.message).toBe("Bad input: [NIK]");
  expect(errorEntry({ code: "FIELD_NOT_GRANTED", coordinate: "Person.nik" }, "id").message).toBe(
    "Person.nik tidak termasuk dalam PKS ini.",
  );
});
