import { readFileSync } from "node:fs";
import { isEnumType, isObjectType, parse } from "graphql";
import { describe, expect, test } from "vitest";
import { dcatOf } from "../../gateway/border/metadata/dcat.ts";
import { indexOf, inLanguage } from "../../gateway/border/metadata/json.ts";
import { labels } from "../../schema/errors.ts";
import { isKnownAgency } from "../../schema/metadata/agencies.ts";
import { saidIn } from "../../schema/metadata/concept.ts";
import { knownMetadata, metadataOf } from "../../schema/metadata/metadata.ts";
import { ownWritten, UNWRITTEN, writtenFaults } from "../../schema/metadata/written.ts";
import { apiSchemaOf } from "../../schema/sdl/apiSchema.ts";
import { catalogueOf } from "../../schema/sdl/catalogue.ts";
import { CUBES } from "../../schema/statistics/cubes.ts";

type Json = Record<string, any>;
const document = parse(readFileSync("schema/supergraph.graphql", "utf8"));
const [catalogue, api] = [catalogueOf(document), apiSchemaOf(document)];
const metadata = metadataOf({ catalogue, api });
const { types, codeLists, indicators } = metadata;
const fields = types.flatMap((type) => type.fields);
const hidden = [...catalogue.entries.values()].filter(({ classes }) => classes.some((data) => data.class === "ADMINISTRATION"));

describe("nothing is undocumented", () => {
  test("every type and field has a concept, a definition, a classification, a producer and a keeper", () => {
    expect([types.length > 150, fields.length > 1400]).toEqual([true, true]);
    const said = [...types, ...fields, ...indicators].map((one) => [
      one.concept,
      one.definition.en,
      one.keeper.id,
      one.keeper.en,
    ]);
    expect(said.flat().filter((text) => text.trim().length < 2)).toEqual([]);
    expect(fields.filter((field) => !field.class)).toEqual([]);
    expect(
      [...new Set([...types, ...fields, ...indicators].map(({ producer }) => producer.code))].filter(
        (code) => !isKnownAgency(code),
      ),
    ).toEqual([]);
    for (const { legalBasis, retention, timeReference, validFrom } of [...types, ...fields])
      expect([legalBasis.length > 5, retention.id.length > 5, timeReference.en.length > 5, validFrom]).toEqual([
        true,
        true,
        true,
        expect.stringMatching(/^2026-1[12]-\d\d$/),
      ]);
  });

  test("every field a client sees is told of, but paging, roots and what does not exist for whom it is not granted", () => {
    const told = new Set(fields.map(({ coordinate }) => coordinate));
    const shown = Object.values(api.getTypeMap())
      .filter(isObjectType)
      .filter(({ name }) => !/^(?:__.*|Query|Mutation|PageInfo|.*Connection)$/.test(name))
      .flatMap((type) => Object.keys(type.getFields()).map((field) => `${type.name}.${field}`));
    const closed = new Set(hidden.map(({ coordinate }) => coordinate));
    expect(shown.filter((coordinate) => !told.has(coordinate) && !closed.has(coordinate))).toEqual([]);
    expect([...told].filter((coordinate) => !shown.includes(coordinate))).toEqual([]);
  });

  test("a definition is its owner's, not that of a slice that only asks for it or adds to it", () => {
    const borrowed = [...types, ...fields].filter(({ definition }) =>
      /^(?:belongs to|asked of) (?:population|welfare|programs)\b/.test(definition.en),
    );
    expect(borrowed.map(({ concept, definition }) => [concept, definition.en])).toEqual([]);
    const nik = fields.find(({ coordinate }) => coordinate === "Person.nik");
    expect(nik?.definition.en).toMatch(/national identity number/);
    const person = types.find(({ name }) => name === "Person");
    expect(person?.definition).toEqual({
      id: expect.stringContaining("NIK"),
      en: expect.stringContaining("population register"),
    });
  });

  test("every number has its measure and its unit, and money is rupiah", () => {
    const numbers = fields.filter(({ dataType }) => ["INTEGER", "DECIMAL", "RUPIAH"].includes(dataType));
    expect(numbers.length).toBeGreaterThan(150);
    expect(numbers.filter(({ unit, measure }) => !unit || !measure).map(({ coordinate }) => coordinate)).toEqual([]);
    expect(new Set(numbers.filter(({ dataType }) => dataType === "RUPIAH").map(({ unit }) => unit?.id))).toEqual(
      new Set(["rupiah"]),
    );
  });

  test("a type that several slices hold is owned by the one that wrote its definition", () => {
    const shared = types.filter(
      ({ name }) =>
        new Set(
          fields
            .filter(({ coordinate }) => coordinate.startsWith(`${name}.`))
            .flatMap(({ coordinate }) => catalogue.entries.get(coordinate)?.owners ?? []),
        ).size > 1,
    );
    expect(shared.length).toBeGreaterThan(2);
    const writers = (name: string) =>
      Object.values(ownWritten().slices).filter(({ elements }) => elements[name]?.definition).length;
    expect(shared.map(({ name }) => [name, writers(name)])).toEqual(shared.map(({ name }) => [name, 1]));
    const producers = Object.fromEntries(types.map(({ name, producer }) => [name, producer.code]));
    expect(producers).toMatchObject({
      Person: "DUKCAPIL",
      Member: "KEMENSOS",
      Decile: "BPS",
      Region: "KEMENDAGRI",
      MealAid: "DINSOS_BANYUWANGI",
    });
  });

  test("what a slice writes names what is there, in words that are known", () => {
    const names = new Set([
      ...types.map(({ name }) => name),
      ...fields.map(({ coordinate }) => coordinate),
      ...codeLists.map(({ name }) => name),
    ]);
    for (const [slice, written] of Object.entries(ownWritten().slices)) {
      expect(writtenFaults(slice, written)).toEqual([]);
      expect([...Object.keys(written.elements), ...Object.keys(written.units)].filter((name) => !names.has(name))).toEqual([]);
    }
    const wrong = { ...UNWRITTEN, elements: { Toy: { retention: "SOON" } }, units: { "Toy.x": "FURLONG" } } as never;
    expect(writtenFaults("toy", wrong)).toEqual([
      "toy: Toy has the unknown word SOON",
      "toy: Toy.x has the unknown word FURLONG",
    ]);
  });
});

describe("reference codes", () => {
  test("every list is whole, and each code has its label in both languages", () => {
    const named = new Set(fields.map(({ codeList }) => codeList).filter((name) => name !== null));
    expect(new Set(codeLists.map(({ name }) => name))).toEqual(named);
    expect(codeLists.length).toBeGreaterThan(100);
    for (const { name, values } of codeLists.filter((list) => list.name !== "RegionCode")) {
      const type = api.getType(name);
      expect(values.map(({ code }) => code)).toEqual(isEnumType(type) ? type.getValues().map((value) => value.name) : []);
      for (const { code, label } of values)
        expect([label.id, label.en]).toEqual([labels.id["enums"]?.[`${name}.${code}`], labels.en["enums"]?.[`${name}.${code}`]]);
    }
  });

  test("every registered cube is an indicator, each of its codes with words in both languages", () => {
    expect(indicators.map(({ code }) => code)).toEqual(CUBES.map(({ code }) => code).sort());
    const words = indicators.flatMap(({ dimensions }) =>
      dimensions.flatMap(({ name, values }) => values.map(({ code, label }) => [`${name}.${code}`, label] as const)),
    );
    expect(words.filter(([key, { id, en }]) => id === key || en === key)).toEqual([]);
  });
});

describe("nothing leaks", () => {
  test("threat: an inaccessible field, a hidden coordinate or a hidden type is named nowhere", () => {
    const text = JSON.stringify([metadata, dcatOf(metadata, "https://hub.example")]);
    expect(hidden.length).toBeGreaterThan(300);
    const named = new Set(text.match(/\b[A-Z]\w+\.\w+\b/g));
    expect(hidden.filter(({ coordinate }) => named.has(coordinate)).map(({ coordinate }) => coordinate)).toEqual([]);
    expect(text).not.toMatch(/subjectFlags|SubjectFlag|join__|@data|http:\/\/127|localhost/);
    const open = new Set(types.map(({ name }) => name));
    const links = fields.filter(({ dataType }) => dataType === "OBJECT").map(({ type }) => type.replaceAll(/[[\]!]/g, ""));
    expect(links.filter((name) => !open.has(name) && !/Connection$|^PageInfo$/.test(name))).toEqual([]);
  });

  test("a field that is made inaccessible is gone, and a type that has no other with it", () => {
    const sdl = `
      directive @data(class: String) on FIELD_DEFINITION
      directive @inaccessible on FIELD_DEFINITION
      type Query { "A — a." a: A @data(class: PUBLIC) }
      "Alat — a tool." type A { "Nama." name: String @data(class: PUBLIC) "Rahasia — x." secret: Int @data(class: PUBLIC) @inaccessible "Kunci — k." key: B @data(class: PUBLIC) }
      "Berkas — a file." type B { "Isi." content: String @data(class: ADMINISTRATION) }`;
    const toy = parse(sdl);
    const told = metadataOf({ catalogue: catalogueOf(toy), api: apiSchemaOf(toy) }, { slices: {}, controllers: {} });
    expect(told.types.map(({ name, fields: own }) => [name, own.map((field) => field.name)])).toEqual([["A", ["name"]]]);
    const [name] = told.types[0]?.fields ?? [];
    expect(name, "of what is only named").toMatchObject({
      concept: "Nama",
      definition: { id: "Nama: Alat.", en: "Nama: a tool." },
    });
  });
});

test.each([
  ["Desil — rank, 1 to 10. Null: never ranked.", "Desil", "rank, 1 to 10. Null: never ranked."],
  ["Kode instansi.", "Kode instansi", ""],
  ["Hasil identifikasi kembali. A subject — named.", "Hasil identifikasi kembali", "A subject — named."],
])("a description opens with its concept: %s", (text, concept, meaning) => {
  expect(saidIn(text)).toEqual({ concept, meaning });
});

test("in one language each text is that language's, or the one that is written", () => {
  expect(inLanguage({ a: [{ id: "satu", en: "one" }], b: { id: null, en: "two" }, c: { id: "x" } }, "id")).toEqual({
    a: ["satu"],
    b: "two",
    c: { id: "x" },
  });
});

describe("as DCAT", () => {
  const catalogue3: Json = dcatOf(metadata, "https://hub.example");
  const sets: Json[] = catalogue3["dcat:dataset"];

  test("the catalogue has what DCAT-AP 3 demands of catalogues, data sets, distributions, services and agents", () => {
    expect(missing(catalogue3, ["@id", "dct:title", "dct:description", "dct:publisher", "dcat:dataset"])).toEqual([]);
    expect(missing(catalogue3["dcat:service"], ["@id", "dct:title", "dcat:endpointURL"])).toEqual([]);
    expect(sets).toHaveLength(types.length + indicators.length);
    for (const set of sets) {
      expect(missing(set, ["dct:title", "dct:description", ...RECOMMENDED])).toEqual([]);
      expect(missing(set["dct:publisher"], ["@id", "foaf:name"])).toEqual([]);
      for (const distribution of set["dcat:distribution"])
        expect(missing(distribution, ["dcat:accessURL", "dcat:mediaType"])).toEqual([]);
    }
    expect(new Set(sets.map((set) => set["@id"])).size).toBe(sets.length);
    expect(unprefixed(catalogue3, new Set(Object.keys(catalogue3["@context"])))).toEqual([]);
  });

  test("nothing but open data is told to be public or licensed", () => {
    const open = sets
      .filter((set) => set["dct:accessRights"]["@id"].endsWith("/PUBLIC"))
      .map((set) => set["@id"].split("/").at(-1));
    expect(open).toContain("RESIDENTS.json");
    for (const name of ["Person.json", "Household.json", "COVERAGE.json"]) expect(open).not.toContain(name);
    for (const set of sets)
      expect("dct:license" in set["dcat:distribution"][0]).toBe(open.includes(set["@id"].split("/").at(-1)));
  });

  test("the index, the pages and the catalogue tell the same elements", () => {
    const index = indexOf(metadata, "https://hub.example");
    const hrefs = [...index.types, ...index.indicators].map(({ href }) => href);
    expect(sets.map((set) => set["@id"])).toEqual(hrefs);
    const columns = sets.flatMap((set) => (set["csvw:tableSchema"]?.["csvw:column"] ?? []) as Json[]);
    expect(
      columns.map((column) => [
        column["dct:identifier"],
        column["dct:title"]["@value"],
        column["dct:accessRights"]["dct:identifier"],
      ]),
    ).toEqual(fields.map((field) => [field.coordinate, field.concept, field.class]));
  });
});

const RECOMMENDED = [
  "dct:publisher",
  "dcat:contactPoint",
  "dcat:keyword",
  "dcat:theme",
  "dct:accessRights",
  "dct:accrualPeriodicity",
  "dct:spatial",
];
const missing = (told: Json, names: readonly string[]): string[] =>
  names.filter((name) => told[name] === undefined || told[name] === "" || (Array.isArray(told[name]) && told[name].length === 0));

/** Names that the context does not make an address of. */
function unprefixed(told: unknown, prefixes: ReadonlySet<string>): string[] {
  if (Array.isArray(told)) return told.flatMap((one) => unprefixed(one, prefixes));
  if (typeof told !== "object" || told === null) return [];
  return Object.entries(told)
    .filter(([name]) => name !== "@context")
    .flatMap(([name, value]) => [
      ...(name.startsWith("@") || prefixes.has(name.split(":")[0] ?? "") ? [] : [name]),
      ...unprefixed(value, prefixes),
    ]);
}

test("is made type by type while the process answers others, once for all who ask, and comes to the same", async () => {
  const schema = { catalogue: { entries: new Map(catalogue.entries) }, api };
  let turns = 0;
  const turning = setInterval(() => {
    turns += 1;
  }, 0);
  const [one, other] = await Promise.all([knownMetadata(schema), knownMetadata(schema)]);
  clearInterval(turning);
  expect(turns, "others had their turns").toBeGreaterThan(3);
  expect(other).toBe(one);
  expect(one).toEqual(metadata);
});
