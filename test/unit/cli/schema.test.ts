import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildSchema, findBreakingChanges, findDangerousChanges, parse } from "graphql";
import { afterAll, describe, expect, test } from "vitest";
import { changesOf, type Published } from "../../../cli/schema/changes/changes.ts";
import { shapeChanges } from "../../../cli/schema/changes/shapes.ts";
import { touchedBy } from "../../../cli/schema/reach/touched.ts";
import { changelog } from "../../../cli/schema/report.ts";
import { apiSchemaOf } from "../../../schema/sdl/apiSchema.ts";
import { catalogueOf } from "../../../schema/sdl/catalogue.ts";
import { runHub } from "../../record/logKit.ts";

const BEFORE = `
type Query { person(id: ID!, on: String = "today"): Person  people(first: Int, sex: Sex, where: Where): [Person!] anything: Either node: Node }
type Person implements Node { id: ID! name: String! nik: String age: Int old: String @deprecated(reason: "use name; removed after 2026-06") region: Region home: Home }
interface Node { id: ID! }
type Region { code: String name: String }
type Home { rooms: Int }
union Either = Person | Region
enum Sex { FEMALE MALE }
input Where { name: String age: Int = 3 }
scalar Day`;

/** One change of BEFORE each, what it is called, and where. */
const SHAPES: readonly (readonly [what: string, from: string, to: string, expected: readonly string[]])[] = [
  ["a field goes", "age: Int old", "old", ["FIELD_REMOVED Person.age"]],
  ["a field comes", "rooms: Int", "rooms: Int beds: Int", ["FIELD_ADDED Home.beds"]],
  ["a field may be null", "name: String!", "name: String", ["FIELD_TYPE_CHANGED Person.name"]],
  ["a field is never null", "nik: String", "nik: String!", ["NEVER_NULL Person.nik"]],
  ["a field becomes a list", "code: String", "code: [String]", ["FIELD_TYPE_CHANGED Region.code"]],
  ["items of a list may be null", "[Person!]", "[Person]", ["FIELD_TYPE_CHANGED Query.people"]],
  ["an argument goes", "first: Int, ", "", ["ARGUMENT_REMOVED Query.people(first:)"]],
  ["an argument comes", "first: Int", "first: Int, after: String", ["ARGUMENT_ADDED Query.people(after:)"]],
  ["an argument must be given", "first: Int", "first: Int, region: ID!", ["ARGUMENT_NEEDED Query.people(region:)"]],
  ["an argument must be given now", "first: Int", "first: Int!", ["ARGUMENT_TYPE_CHANGED Query.people(first:)"]],
  ["an argument may be left out now", "id: ID!, on", "id: ID, on", []],
  ["a default changes", '"today"', '"tomorrow"', ["DEFAULT_CHANGED Query.person(on:)"]],
  ["an input field goes", "name: String age: Int = 3", "name: String", ["INPUT_FIELD_REMOVED Where.age"]],
  ["an input field comes", "name: String age: Int = 3", "name: String age: Int = 3 sex: Sex", ["INPUT_FIELD_ADDED Where.sex"]],
  [
    "an input field must be given",
    "name: String age: Int = 3",
    "name: String age: Int = 3 sex: Sex!",
    ["INPUT_FIELD_NEEDED Where.sex"],
  ],
  [
    "an input field is of another type",
    "name: String age: Int = 3",
    "name: Int age: Int = 3",
    ["INPUT_FIELD_TYPE_CHANGED Where.name"],
  ],
  ["a value goes", "FEMALE MALE", "FEMALE", ["VALUE_REMOVED Sex.MALE"]],
  ["a value comes", "FEMALE MALE", "FEMALE MALE OTHER", ["VALUE_ADDED Sex.OTHER"]],
  ["a member goes", "Person | Region", "Region", ["MEMBER_REMOVED Either"]],
  ["a member comes", "Person | Region", "Person | Region | Home", ["MEMBER_ADDED Either"]],
  ["an interface goes", "Person implements Node", "Person", ["INTERFACE_REMOVED Person"]],
  [
    "an interface comes",
    "type Region { code",
    "type Region implements Node { id: ID! code",
    ["FIELD_ADDED Region.id", "INTERFACE_ADDED Region"],
  ],
  ["a type goes", "scalar Day", "", ["TYPE_REMOVED Day"]],
  ["a type is of another kind", "type Home { rooms: Int }", "scalar Home", ["TYPE_KIND_CHANGED Home"]],
];

test.each(SHAPES)("%s: what, where, and how bad, as graphql-js says", (_, from, to, expected) => {
  const after = BEFORE.replace(from, to);
  expect(after).not.toBe(BEFORE);
  const [old, fresh] = [buildSchema(BEFORE), buildSchema(after)];
  const changes = shapeChanges(old, fresh);
  expect(changes.map(({ kind, coordinate }) => `${kind} ${coordinate}`).sort()).toEqual([...expected].sort());
  const bad = (severity: string) => changes.filter((one) => one.severity === severity).length;
  expect([bad("BREAKING"), bad("DANGEROUS")]).toEqual([
    findBreakingChanges(old, fresh).length,
    findDangerousChanges(old, fresh).length,
  ]);
  for (const { words } of changes) expect(`${words.id} ${words.en}`).not.toMatch(/[{}]|undefined/);
});

const HEAD = `directive @data(class: DataClass!, topic: DataTopic) on FIELD_DEFINITION
directive @guards(field: String!, use: DataUse) repeatable on ARGUMENT_DEFINITION
directive @bandOf(field: String!) on FIELD_DEFINITION
directive @counted on FIELD_DEFINITION
directive @sealed on FIELD_DEFINITION
directive @subject(person: Boolean = false) on OBJECT
directive @join__type(graph: join__Graph!) on OBJECT
enum join__Graph { CIVIL OTHER }
enum DataClass { PUBLIC GENERAL SPECIFIC } enum DataTopic { HEALTH } enum DataUse { FILTER LOOKUP }`;
const GOVERNED = `${HEAD}
type Query { people(name: String): [Person!] @data(class: PUBLIC) }
type Person @join__type(graph: CIVIL) { id: ID! @data(class: GENERAL) name: String @data(class: GENERAL) place: String @data(class: PUBLIC)
  ageBand: String @data(class: GENERAL) @bandOf(field: "Person.name") }`;

function published(sdl: string, controllers = {}): Published {
  const document = parse(sdl);
  return { api: apiSchemaOf(document), catalogue: catalogueOf(document), controllers };
}

test.each([
  ["a class is raised", "name: String @data(class: GENERAL)", "name: String @data(class: SPECIFIC)", "CLASS_RAISED Person.name"],
  [
    "a topic narrows",
    "name: String @data(class: GENERAL)",
    "name: String @data(class: GENERAL, topic: HEALTH)",
    "CLASS_RAISED Person.name",
  ],
  ["a class is lowered", "name: String @data(class: GENERAL)", "name: String @data(class: PUBLIC)", "CLASS_LOWERED Person.name"],
  [
    "public is so no longer",
    "place: String @data(class: PUBLIC)",
    "place: String @data(class: GENERAL)",
    "MAY_BE_NULL Person.place",
  ],
  [
    "an argument is guarded",
    "name: String)",
    'name: String @guards(field: "Person.name", use: FILTER))',
    "GUARD_ADDED Query.people(name:)",
  ],
  ["a band goes", ' @bandOf(field: "Person.name")', "", "SIBLING_REMOVED Person.ageBand"],
  ["asking is counted", "name: String @data", "name: String @counted @data", "COUNTED Person.name"],
  ["a field is sealed", "name: String @data", "name: String @sealed @data", "SEALED Person.name"],
  ["rows are subjects", "type Person ", "type Person @subject ", "SUBJECT_ADDED Person"],
  ["a type changes hands", "graph: CIVIL)", "graph: OTHER)", "CONTROLLER_CHANGED Person"],
])("%s: policy's side of a schema is told", (_, from, to, expected) => {
  const controllers = { civil: "KEMENDAGRI", other: "BPS" };
  const changes = changesOf(published(GOVERNED, controllers), published(GOVERNED.replace(from, to), controllers));
  expect(changes.map(({ kind, coordinate }) => `${kind} ${coordinate}`)).toEqual([expected]);
});

test("what is deprecated is told with its day, and what goes with whether that had been said", () => {
  const deprecated = BEFORE.replace("nik: String", 'nik: String @deprecated(reason: "use id; removed after 2027-01")')
    .replace("rooms: Int", 'rooms: Int @deprecated(reason: "no use")')
    .replace(/old: String @deprecated\([^)]*\)/, "");
  const told = changesOf(published(BEFORE), published(deprecated)).map(({ severity, words }) => `${severity} ${words.en}`);
  expect(told).toEqual([
    "BREAKING Person.old was removed, announced for after 2026-06.",
    "DANGEROUS Home.rooms is deprecated without a day of removal: no use",
    "SAFE Person.nik is deprecated: use id; removed after 2027-01 (gone after 2027-01).",
  ]);
});

test("a change touches the documents that use it, the agreements that open it, and nobody else", () => {
  const after = BEFORE.replace("age: Int old", "old")
    .replace("FEMALE MALE", "FEMALE")
    .replace("first: Int", "first: Int, region: ID!");
  const changes = changesOf(published(BEFORE), published(after));
  const documents = [
    { id: "1", name: "Ages", document: "query Ages { person(id: 1) { age } }" },
    { id: "2", name: null, document: "query ($sex: Sex) { people(sex: $sex) { id } }" },
    { id: "3", name: "Places", document: "query Places { person(id: 1) { region { code } } }" },
    { id: "4", name: "Broken", document: "query {" },
  ];
  const reach = touchedBy(
    changes,
    [
      { name: "PKS-1", documents, opened: new Set(), asked: null },
      { name: "PKS-2", documents: [], opened: new Set(["Person.age"]), asked: null },
      { name: "PKS-3", documents: documents.slice(2), opened: new Set(["Region.code"]), asked: null },
      { name: "PKS-4", documents: [], opened: new Set(["Person.age"]), asked: new Set(["Person.name"]) },
      { name: "PKS-5", documents: [], opened: new Set(["Person.age"]), asked: new Set(["Person.age"]) },
    ],
    buildSchema(BEFORE),
  );
  const told = [...reach].map(([name, touched]) => [
    name,
    touched.map(({ change, documents: used }) => `${change.coordinate} ${used.join()}`),
  ]);
  expect(told).toEqual([
    ["PKS-1", ["Person.age Ages", "Query.people(region:) 2", "Sex.MALE 2"]],
    ["PKS-2", ["Person.age "]],
    ["PKS-4", ["Person.age "]],
    ["PKS-5", ["Person.age "]],
  ]);
});

test("what breaks is told to an agreement that opens it and has not asked it of late; what only may surprise is not", () => {
  const toldOf = (after: string) => {
    const party = {
      name: "PKS-1",
      documents: [],
      opened: new Set(["Person.age", "Query.person"]),
      asked: new Set(["Person.name"]),
    };
    return [...touchedBy(changesOf(published(BEFORE), published(after)), [party], buildSchema(BEFORE)).keys()];
  };
  expect(toldOf(BEFORE.replace("age: Int old", "old"))).toEqual(["PKS-1"]);
  expect(toldOf(BEFORE.replace('"today"', '"tomorrow"'))).toEqual([]);
});

describe("npx hub schema", () => {
  const folder = mkdtempSync(join(tmpdir(), "hub-schema-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const ran = (...argv: string[]) => runHub(["schema", ...argv]);

  test("diff ends with 1 where something breaks, and warns each whom it touches in two languages", async () => {
    const [old, fresh] = [file("old.graphql", BEFORE), file("new.graphql", BEFORE.replace("age: Int old", "old"))];
    const asked = file("asked.json", JSON.stringify({ abc: "query Ages { person(id: 1) { age } }" }));
    const { code, out } = await ran("diff", old, fresh, "--documents", asked, "--warn", join(folder, "notices"));
    expect(code).toBe(1);
    expect(out).toBe(
      `✗ Person.age was removed without ever being deprecated.\n    ${asked}: Ages\n1 breaking, 0 dangerous, 0 safe\n`,
    );
    const [name = ""] = readdirSync(join(folder, "notices"));
    const notice = readFileSync(join(folder, "notices", name), "utf8");
    expect(notice).toContain("- Person.age dihapus tanpa pernah dinyatakan usang. Dokumen: Ages.");
    expect(notice).toContain("- Person.age was removed without ever being deprecated. Documents: Ages.");
    const json = JSON.parse((await ran("diff", old, fresh, "--documents", asked, "--json")).out);
    expect(json[0]).toMatchObject({
      kind: "FIELD_REMOVED",
      severity: "BREAKING",
      touches: [{ agreement: asked, documents: ["Ages"] }],
    });
  });

  test("agreements whose numbers look alike as names of files get a notice each", async () => {
    const [old, fresh] = [file("old.graphql", BEFORE), file("new.graphql", BEFORE.replace("age: Int old", "old"))];
    const asked = ["a 1.json", "a_1.json"].map((name) =>
      file(name, JSON.stringify({ abc: "query Ages { person(id: 1) { age } }" })),
    );
    await ran("diff", old, fresh, ...asked.flatMap((path) => ["--documents", path]), "--warn", join(folder, "alike"));
    expect(readdirSync(join(folder, "alike"))).toHaveLength(2);
  });

  test("the hub's own schema breaks nothing of itself, and git's is read at a commit", async () => {
    const own = "schema/supergraph.graphql";
    expect(await ran("diff", own, own)).toMatchObject({ code: 0, out: "0 breaking, 0 dangerous, 0 safe\n" });
    expect((await ran("check", own, "--against", "git:no-such-commit")).code).toBe(2);
    expect((await ran("diff", "git:--output=x", own)).err).toContain("name a commit");
  });

  test("--changelog is an entry of CHANGELOG.md, coordinates between backticks", () => {
    const entry = changelog(
      changesOf(published(BEFORE), published(BEFORE.replace("first: Int, ", "").replace("rooms: Int", "rooms: Int beds: Int"))),
    );
    expect(entry).toBe(
      "## Unreleased\n\n### Breaking\n- Argument `Query.people(first:)` was removed without ever being deprecated.\n\n### Added\n- There is `Home.beds`.\n",
    );
  });
});
