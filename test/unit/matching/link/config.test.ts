import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ConfigFaults } from "../../../../schema/settings.ts";
import { type LinkConfig, readLinkConfig } from "../../../../subgraphs/population/matching/link/config/config.ts";
import { guessColumns } from "../../../../subgraphs/population/matching/link/config/guess.ts";
import { parseJson } from "../../../../subgraphs/population/matching/link/config/json.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "link-config-"));
  writeFileSync(
    join(folder, "register.csv"),
    "id,full_name,given,surname,y,m,d,post,village,sex,nik\n1,A,B,C,1990,1,2,1,2,L,3\n",
  );
  writeFileSync(join(folder, "a.csv"), "row;nama;given;surname;tgl;post;village;sex;nik\n1;A;B;C;01-02-1990;1;2;L;3\n");
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The example of the reference, all of it. */
const EXAMPLE = `{ "mode": "link",                                   // or "dedupe": left only
  "left":  { "path": "register.csv", "id": "id", "delimiter": ",", "nulls": ["", "NULL"] },
  "right": [{ "path": "a.csv", "id": "row" }],      /* in link mode left is the register */
  "columns": { "name":  { "left": "full_name", "right": "nama", "as": "indonesianName" },
               "birth": { "left": ["y", "m", "d"], "right": "tgl", "as": "date", "format": "DD-MM-YYYY" },
               "given": { "as": "text" }, "surname": {}, "post": {}, "village": {}, "sex": {}, "nik": { "as": "nik" } },
  "derive":  { "first": "firstSkeleton(name)", "g3": "prefix(given,3)" },
  "comparisons": [
    { "on": "name", "kind": "indonesianName", "termFrequency": true },
    { "on": "given", "kind": "jaroWinkler", "levels": [0.92, 0.8], "swapWith": "surname", "termFrequency": true },
    { "on": "birth", "kind": "date" }, { "on": "post", "kind": "edit", "max": 2 },
    { "on": "village", "kind": "prefix", "levels": [10, 6, 4] }, { "on": "sex", "kind": "exact" }],
  "exact": { "on": "nik", "acceptWhen": [{ "name": 6 }, { "name": 4, "birth": 4 }] },
  "blocking": { "keys": [["birth", "first"], ["sorted(given,surname)"]], "maxGroup": 400, "refineBy": ["sex"] },
  "strata": [["birth"], ["village"]],
  "training": { "method": "row", "keys": [], "matchRate": null, "model": null },
  "decision": { "cardinality": "many-to-one", "link": 0.999, "review": 0.5, "margin": 4, "calibrate": false },
  "clusters": { "method": "star", "link": 0.99 },
  "output": { "pairs": "pairs.csv", "clusters": "clusters.csv", "minWeight": -10, "model": "m.json", "report": "r.json" },
  "seed": 1 }`;

const SMALL = {
  mode: "link",
  left: { path: "register.csv", id: "id" },
  right: { path: "a.csv", id: "row" },
  columns: { given: {}, surname: {}, sex: {} },
  comparisons: [{ on: "given", kind: "jaroWinkler" }],
  blocking: { keys: ["surname"] },
};

async function readText(text: string): Promise<LinkConfig> {
  const path = join(folder, "config.json");
  writeFileSync(path, text);
  return readLinkConfig(path);
}
const read = (change: object = {}) => readText(JSON.stringify({ ...SMALL, ...change }));

async function faultsOf(change: object | string): Promise<readonly string[]> {
  const error: unknown = await (typeof change === "string" ? readText(change) : read(change)).catch((caught: unknown) => caught);
  if (!(error instanceof ConfigFaults)) throw new Error(`expected faults, got ${JSON.stringify(error)}`);
  return error.faults;
}

describe("a configuration that is in order", () => {
  test("is read as the reference shows it, comments and all", async () => {
    const { spec, left, right, reads, clusters, output, model } = await readText(EXAMPLE);
    expect(left).toMatchObject({ path: "register.csv", location: join(folder, "register.csv"), id: "id", nulls: ["", "NULL"] });
    expect(right).toMatchObject([{ path: "a.csv", id: "row", delimiter: null, nulls: [] }]);
    expect(reads.slice(0, 3)).toEqual([
      { column: { name: "name", as: "indonesianName", format: null }, left: ["full_name"], right: ["nama"] },
      { column: { name: "birth", as: "date", format: "DD-MM-YYYY" }, left: ["y", "m", "d"], right: ["tgl"] },
      { column: { name: "given", as: "text", format: null }, left: ["given"], right: ["given"] },
    ]);
    expect(spec.derive.get("g3")).toEqual({ call: "prefix", of: [{ column: "given" }], length: 3 });
    expect(spec.comparisons[1]).toEqual({
      on: "given",
      kind: "jaroWinkler",
      levels: [0.92, 0.8],
      max: 2,
      swapWith: "surname",
      termFrequency: true,
      repeats: null,
    });
    expect(spec.exact).toEqual({ on: "nik", acceptWhen: [{ name: 6 }, { name: 4, birth: 4 }] });
    expect(spec.blocking.keys).toEqual([
      { parts: [{ column: "birth" }, { column: "first" }], maxGroup: 400 },
      { parts: [{ call: "sorted", of: [{ column: "given" }, { column: "surname" }], length: 0 }], maxGroup: 400 },
    ]);
    expect(spec.strata.map(({ parts }) => parts)).toEqual([[{ column: "birth" }], [{ column: "village" }]]);
    expect(spec.training).toEqual({ method: "row", keys: [], matchRate: null });
    expect(model).toBeNull();
    expect(clusters).toEqual({ method: "star", link: 0.99 });
    expect(output).toMatchObject({ pairs: join(folder, "pairs.csv"), report: join(folder, "r.json"), minWeight: -10 });
  });

  test("may leave out nearly everything; right may be one file", async () => {
    const { spec, right, clusters, output } = await read();
    expect(right).toHaveLength(1);
    expect(spec).toMatchObject({ seed: 1, strata: [], exact: null, training: { method: "row" } });
    expect(spec.comparisons[0]).toMatchObject({ levels: [0.92, 0.8], swapWith: null, termFrequency: false });
    expect(spec.decision).toEqual({
      cardinality: "many-to-one",
      link: 0.999,
      linkWeight: null,
      review: 0.5,
      margin: 4,
      calibrate: false,
    });
    expect(spec.blocking.keys[0]?.maxGroup).toBe(400);
    expect(clusters.method).toBe("star");
    expect(output).toEqual({ pairs: null, clusters: null, model: null, report: null, minWeight: -10 });
  });

  test("de-duplicates one file with other defaults", async () => {
    const { spec, right, clusters } = await read({ mode: "dedupe", right: undefined });
    expect(right).toEqual([]);
    expect(spec).toMatchObject({
      mode: "dedupe",
      training: { method: "pairs" },
      decision: { cardinality: "many-to-many", margin: 0 },
    });
    expect(clusters.method).toBe("components");
  });

  test("a column without a type has that of the comparison on it", async () => {
    const columns = {
      birth: { left: ["y", "m", "d"], right: "tgl", format: "DD-MM-YYYY" },
      surname: { as: "jaroWinkler" },
      sex: {},
    };
    const { reads } = await read({ columns, comparisons: [{ on: "birth", kind: "date" }], blocking: { keys: [["surname"]] } });
    expect(reads.map(({ column }) => column.as)).toEqual(["date", "text", "text"]);
  });

  test("a comparison may be on a derivation, and a derivation of derivations", async () => {
    const derive = { both: "concat(surname,given)", start: "prefix( sorted(both) , 4)" };
    const { spec } = await read({ derive, comparisons: [{ on: "start", kind: "edit" }] });
    expect(spec.derive.get("start")).toEqual({
      call: "prefix",
      of: [{ call: "sorted", of: [{ column: "both" }], length: 0 }],
      length: 4,
    });
  });

  test("a NIK repeats the one date that is compared; with two it is not known which", async () => {
    const tgl = { left: ["y", "m", "d"], right: "tgl", format: "DD-MM-YYYY" };
    const repeatsWith = async (...dates: string[]) => {
      const comparisons = [{ on: "nik", kind: "nik" }, ...dates.map((on) => ({ on, kind: "date" }))];
      const columns = { nik: {}, surname: {}, ...Object.fromEntries(dates.map((name) => [name, tgl])) };
      return (await read({ columns, comparisons })).spec.comparisons[0]?.repeats;
    };
    expect(await repeatsWith("birth")).toBe("birth");
    expect(await repeatsWith()).toBeNull();
    expect(await repeatsWith("birth", "listed")).toBeNull();
  });

  test("thresholds may stand in any order", async () => {
    const { spec } = await read({ comparisons: [{ on: "given", kind: "jaroWinkler", levels: [0.7, 0.9] }] });
    expect(spec.comparisons[0]?.levels).toEqual([0.9, 0.7]);
  });
});

describe("a configuration that is not says where", () => {
  test.each<[string, object, string[]]>([
    [
      "a key nobody knows, at any depth",
      { sead: 1, decision: { margn: 3 }, left: { ...SMALL.left, sep: ";" } },
      ["sead is unknown", "left.sep is unknown; known here: path, id, delimiter, nulls", "decision.margn is unknown"],
    ],
    [
      "a column that is not in the file",
      { columns: { given: { left: "forename" }, surname: { right: "last" } } },
      [
        "columns.given.left names the column “forename”; the file has id, full_name",
        "columns.surname.right names the column “last”; the file has row, nama",
      ],
    ],
    [
      "a header that is not given and not there",
      { columns: { given: {}, surname: {}, tgl: {} } },
      ["columns.tgl.left (not given) names the column “tgl”; the file has"],
    ],
    [
      "an id that is not in the file",
      { right: { path: "a.csv", id: "id" } },
      ["right.id names the column “id”; the file has row"],
    ],
    ["a file that is not there", { left: { path: "b.csv", id: "id" } }, ["left cannot be used: there is no such file"]],
    ["a folder", { left: { path: ".", id: "id" } }, ["left cannot be used: it is a folder"]],
    ["the same file twice", { right: [SMALL.right, SMALL.right] }, ["right[1] names a.csv a second time"]],
    [
      "an unknown kind and a wrong type",
      {
        comparisons: [
          { on: "given", kind: "soundex" },
          { on: "sex", kind: "exact", termFrequency: "yes" },
        ],
      },
      ["comparisons[0].kind must be one of exact, edit", "comparisons[1].termFrequency must be true or false"],
    ],
    [
      "a kind that cannot compare the column",
      { columns: { ...SMALL.columns, given: { as: "text" } }, comparisons: [{ on: "given", kind: "nik" }] },
      ["comparisons[0].kind compares nik, and given is read as text"],
    ],
    [
      "a comparison on nothing, and exchanged with nothing",
      { comparisons: [{ kind: "exact" }, { on: "nama", kind: "exact" }, { on: "sex", kind: "exact", swapWith: "x" }] },
      [
        "comparisons[0].on is missing",
        "comparisons[1].on names “nama”, which is no column",
        "comparisons[2].swapWith names “x”, which is no column",
      ],
    ],
    [
      "thresholds out of range, twice, or where none belong",
      {
        comparisons: [
          { on: "given", kind: "jaroWinkler", levels: [1.2] },
          { on: "given", kind: "tokens", levels: [0.5, 0.5] },
          { on: "sex", kind: "exact", levels: [1] },
          { on: "sex", kind: "edit", max: 0 },
        ],
      },
      [
        "comparisons[0].levels[0] must be a number from 0.01 to 1",
        "comparisons[1].levels has a threshold twice",
        "comparisons[2].levels is not for exact",
        "comparisons[3].max must be a whole number from 1 to 5",
      ],
    ],
    [
      "a circle of derivations",
      { derive: { a: "concat(b,given)", b: "prefix(a,2)", c: "sorted(c)", d: "sorted(a)" }, blocking: { keys: [["a"], ["d"]] } },
      ["derive leads from “a” back to itself", "derive leads from “b” back to itself", "derive leads from “c” back to itself"],
    ],
    [
      "expressions that are none",
      {
        derive: {
          a: "soundex(given)",
          b: "prefix(given)",
          c: "sorted(given",
          d: "year(given)",
          e: "given surname",
          f: "skeleton(given,surname)",
          g: 3,
          h: "sorted()",
          i: "sex)",
        },
      },
      [
        "derive.a names the function “soundex”; there are prefix",
        "derive.b must say how many characters: prefix(column,3)",
        "derive.c lacks a closing bracket of sorted(",
        "derive.d gives year what is not a date column",
        "derive.e names “given surname”, which is neither in columns nor in derive",
        "derive.f gives skeleton more than one value",
        "derive.g must be a text",
        "derive.h lacks the name of a column",
        "derive.i has “)” too much",
      ],
    ],
    [
      "an exact rule on levels there are not",
      { exact: { on: "given", acceptWhen: [{ given: 9 }, { sex: 1 }] } },
      [
        "exact.acceptWhen[0].given must be a whole number from 1 to 4",
        "exact.acceptWhen[1].sex is no comparison; there are given",
      ],
    ],
    ["no key", { blocking: {} }, ["blocking.keys must have a key"]],
    [
      "strata where there is no register",
      { mode: "dedupe", right: undefined, strata: [["sex"]] },
      ["strata must be [] to de-duplicate"],
    ],
    ["two files to de-duplicate", { mode: "dedupe" }, ["right must not be given"]],
    [
      "numbers out of range",
      { decision: { link: 2, review: -1, cardinality: "1:1" }, seed: 1.5, training: { matchRate: 1 } },
      [
        "training.matchRate must be a number from 1e-12 to 0.999999",
        "decision.cardinality must be one of one-to-one, many-to-one, many-to-many",
        "decision.link must be a number from 0 to 1",
        "decision.review must be a number from 0 to 1",
        "seed must be a whole number from 0 to 2147483647",
      ],
    ],
    [
      "a date format that is none",
      { columns: { ...SMALL.columns, birth: { left: ["y", "m", "d"], right: "tgl", as: "date", format: "DD-MM-YY" } } },
      ["columns.birth.format must hold YYYY, MM and DD"],
    ],
    ["results over one another", { output: { pairs: "x.csv", clusters: "x.csv" } }, ["output names a file twice"]],
  ])("%s", async (_, change, expected) => {
    const faults = await faultsOf(change);
    expect(faults.map((text, index) => text.slice(0, expected[index]?.length))).toEqual(expected);
  });

  test("an empty one lacks every part that must be there", async () => {
    expect(await faultsOf("{}")).toEqual([
      "mode is missing",
      "left is missing",
      "right is missing",
      "columns must name the columns that are compared",
      "comparisons must have 1 to 30 comparisons",
      "blocking.keys must have a key: rows are compared only where one is equal",
    ]);
  });

  test.each([
    ['{\n  "mode": "link",\n  "left" { }\n}', "line 3, column 10: a colon is expected"],
    ['{ "a": 1, }', "line 1, column 11: a text in double quotes is expected"],
    ['{ "a": 1\n"b": 2 }', "line 2, column 1: a comma or } is expected"],
    ['{ "a": 1, "a": 2 }', "line 1, column 11: the key a stands twice"],
    ["{ 'a': 1 }", "line 1, column 3: a text in double quotes is expected"],
    ['{ "a": yes }', "line 1, column 8: a value is expected"],
    ["", "line 1, column 1: a value is expected"],
    ["{} {}", "line 1, column 4: nothing more is expected"],
  ])("%j is no JSON", async (text, message) => {
    const [fault, ...more] = await faultsOf(text);
    expect(fault).toContain(message);
    expect(more).toEqual([]);
  });

  test("a list, a number, nothing at all", async () => {
    for (const text of ["[]", "3", '"x"']) expect((await faultsOf(text))[0]).toBe("the configuration must be an object");
  });
});

test("JSON means what JSON means, comments between or not", () =>
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = JSON.stringify(value, null, 1);
      const plain = JSON.parse(text) as unknown;
      expect(parseJson(text)).toEqual(plain);
      expect(parseJson(`// a "note"\n/* { */${text}/* } */ // end`)).toEqual(plain);
    }),
  ));

describe("what a column holds is guessed by its header", () => {
  test("as Indonesian files write it", () => {
    const headers = [
      "IDSemesta",
      "NO_KK",
      "NIK",
      "Nama Lengkap",
      "Tgl. Lahir",
      "Tempat Lahir",
      "JK",
      "Nama Ibu Kandung",
      "Kode Desa",
      "Kelurahan",
      "KECAMATAN",
      "catatan",
    ];
    expect(guessColumns(headers)).toEqual([
      { header: "IDSemesta", role: "rowId", as: "text" },
      { header: "NIK", role: "nik", as: "nik" },
      { header: "NO_KK", role: "familyCard", as: "familyCard" },
      { header: "Nama Lengkap", role: "name", as: "indonesianName" },
      { header: "JK", role: "sex", as: "text" },
      { header: "Tgl. Lahir", role: "birthDate", as: "date" },
      { header: "Tempat Lahir", role: "birthPlace", as: "text" },
      { header: "Nama Ibu Kandung", role: "motherName", as: "indonesianName" },
      { header: "Kode Desa", role: "village", as: "text" },
      { header: "Kelurahan", role: "villageName", as: "text" },
      { header: "KECAMATAN", role: "district", as: "text" },
    ]);
  });

  test("as English files write it, and no header has two roles", () => {
    const guessed = guessColumns(["id", "Full Name", "Date of Birth", "gender", "Mother's Maiden Name", "nik", "NIK"]);
    expect(guessed.map(({ role }) => role)).toEqual(["rowId", "nik", "name", "sex", "birthDate", "motherName"]);
    expect(new Set(guessed.map(({ header }) => header)).size).toBe(guessed.length);
  });
});
