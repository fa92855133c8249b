import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { link } from "../../../../cli/slices/matching/link.ts";
import { readLinkConfig } from "../../../../subgraphs/population/matching/link/config/config.ts";
import { runLink } from "../../../../subgraphs/population/matching/link/run.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "link-run-"));
  writeFileSync(join(folder, "register.csv"), csvOf(["id", ...FIELDS], people.slice(0, REGISTERED)));
  writeFileSync(join(folder, "list.csv"), csvOf(["row", ...FIELDS], list));
  writeFileSync(join(folder, "first.csv"), csvOf(["row", ...FIELDS], list.slice(0, 100)));
  writeFileSync(join(folder, "rest.csv"), csvOf(["row", ...FIELDS], list.slice(100)));
  writeFileSync(join(folder, "turned.csv"), csvOf(["row", ...FIELDS], list.toReversed()));
  writeFileSync(join(folder, "turnedRegister.csv"), csvOf(["id", ...FIELDS], people.slice(0, REGISTERED).toReversed()));
});
afterAll(() => rmSync(folder, { recursive: true }));
const read = (name: string) => readFileSync(join(folder, name), "utf8");

// People of no country: the Indonesian parts are kinds, not assumptions.
const GIVEN =
  "Anna Björn Chloé David Emma Fiona Georg Hannah Ivan Julia Karl Laura Marco Nina Oscar Paula Rosa Simon Tara Viktor".split(" ");
const SURNAMES =
  "Almeida Baker Cohen Dubois Eriksen Fischer Garcia Hughes Ito Jensen Kowalski Larsen Moreau Novak O'Brien Petrov".split(" ");
const FIELDS = ["given", "surname", "birth", "post", "sex"];
const REGISTERED = 1200;

const pick = (values: readonly string[], chance: number) => values[Math.floor(chance * values.length)] ?? "";
/** A number in [0, 1) of two counters. */
const chance = (person: number, field: number) => {
  const mixed = Math.imul(person * 31 + field + 1, 0x9e3779b1) ^ Math.imul(field + 7, 0x85ebca6b);
  const more = Math.imul(mixed ^ (mixed >>> 15), 0xc2b2ae35);
  return ((more ^ (more >>> 13)) >>> 0) / 2 ** 32;
};
const two = (value: number) => String(value).padStart(2, "0");

/** Of 1500 people the first 1200 are registered. */
const people = Array.from({ length: 1500 }, (_, person) => [
  `P${person}`,
  pick(GIVEN, chance(person, 1)),
  pick(SURNAMES, chance(person, 2)),
  `${1940 + Math.floor(chance(person, 3) * 70)}-${two(1 + Math.floor(chance(person, 4) * 12))}-${two(1 + Math.floor(chance(person, 5) * 28))}`,
  String(10000 + Math.floor(chance(person, 6) * 80) * 7),
  chance(person, 7) < 0.5 ? "F" : "M",
]);
/** Every third person is on the list, 100 of them not registered; many entries have an error. */
const list = people
  .filter((_, person) => person % 3 === 0)
  .map(([id = "", given = "", surname = "", birth = "", post = "", sex = ""], entry) => [
    `row ${id}`,
    entry % 4 === 1 ? given.slice(0, -1) : given,
    entry % 5 === 2 ? `${surname[0]}${surname.slice(2)}` : surname.toUpperCase(),
    entry % 7 === 3 ? "" : birth,
    post,
    entry % 11 === 5 ? "NULL" : sex,
  ]);

const csvOf = (header: readonly string[], rows: readonly (readonly string[])[]) =>
  [header, ...rows].map((row) => `${row.map((field) => (field.includes("'") ? `"${field}"` : field)).join(",")}\r\n`).join("");

const CONFIG = {
  mode: "link",
  left: { path: "register.csv", id: "id" },
  right: { path: "list.csv", id: "row", nulls: ["NULL"] },
  columns: { given: {}, surname: {}, birth: {}, post: {}, sex: {} },
  comparisons: [
    { on: "given", kind: "jaroWinkler", termFrequency: true },
    { on: "surname", kind: "jaroWinkler", swapWith: "given" },
    { on: "birth", kind: "date" },
    { on: "post", kind: "edit" },
    { on: "sex", kind: "exact" },
  ],
  blocking: { keys: [["birth"], ["prefix(surname,1)", "post"], ["given", "surname"]] },
  strata: [["birth"], ["post"]],
  output: { pairs: "pairs.csv", clusters: "clusters.csv", model: "m.json", report: "r.json" },
};

async function run(change: object = {}) {
  writeFileSync(join(folder, "config.json"), JSON.stringify({ ...CONFIG, ...change }));
  return runLink(await readLinkConfig(join(folder, "config.json")), () => {});
}

function rowsOf(name: string): Record<string, string>[] {
  const [header = "", ...lines] = read(name).trimEnd().split("\n");
  return lines.map((line) =>
    Object.fromEntries(line.split(",").map((field, column) => [header.split(",")[column] ?? "", field])),
  );
}
const linksIn = (name: string) =>
  rowsOf(name)
    .filter(({ linked }) => linked === "true")
    .map(({ left_id, right_id }) => `${right_id} = ${left_id}`)
    .sort();

describe("linking to a register without labels", () => {
  test("finds nearly everybody who is registered and gives nobody else's person to those who are not", async () => {
    const report = await run();
    const links = linksIn("pairs.csv");
    const right = links.filter((text) => text.split(" = ")[0] === `row ${text.split(" = ")[1]}`);
    expect(report).toMatchObject({ mode: "link", rows: 500, linked: links.length });
    expect(links.length - right.length).toBeLessThanOrEqual(2);
    expect(right.length).toBeGreaterThanOrEqual(340); // of 400
    expect(JSON.parse(read("r.json"))).toEqual(report);
  });

  test("the same files give the same bytes", async () => {
    await run();
    const first = ["pairs.csv", "clusters.csv", "m.json", "r.json"].map(read);
    await run();
    expect(["pairs.csv", "clusters.csv", "m.json", "r.json"].map(read)).toEqual(first);
  });

  test("neither the order of the rows nor how they lie in files changes who is linked", async () => {
    await run();
    const links = linksIn("pairs.csv");
    await run({ right: { path: "turned.csv", id: "row", nulls: ["NULL"] } });
    expect(linksIn("pairs.csv")).toEqual(links);
    await run({ right: ["first.csv", "rest.csv"].map((path) => ({ path, id: "row", nulls: ["NULL"] })) });
    expect(linksIn("pairs.csv")).toEqual(links);
    expect(new Set(rowsOf("pairs.csv").map(({ right_file }) => right_file))).toEqual(new Set(["first.csv", "rest.csv"]));
  });

  test("a frozen model gives what learning gave", async () => {
    await run({ output: { pairs: "learned.csv", model: "frozen.json" } });
    await run({ training: { model: "frozen.json" }, output: { pairs: "frozen.csv" } });
    expect(read("frozen.csv")).toBe(read("learned.csv"));
  });

  test("with a frozen model the order of the register changes nothing that is said of a pair", async () => {
    const said = () => read("pairs.csv").trimEnd().split("\n").sort();
    await run({ strata: [], output: { model: "frozen.json" } });
    const frozen = { strata: [], training: { model: "frozen.json" } };
    await run(frozen);
    const pairs = said();
    await run({ ...frozen, left: { path: "turnedRegister.csv", id: "id" } });
    expect(said()).toEqual(pairs);
  });

  test("a model learned with other comparisons is refused", async () => {
    await run({ output: { model: "frozen.json" } });
    const fewer = { comparisons: CONFIG.comparisons.slice(1), training: { model: "frozen.json" } };
    await expect(run(fewer)).rejects.toThrow("was learned with other comparisons");
    await expect(run({ training: { model: "nowhere.json" } })).rejects.toThrow("nowhere.json cannot be read");
  });

  test("every pair that is written has the weight asked for, its posterior, and a level a comparison", async () => {
    await run({ output: { pairs: "pairs.csv", minWeight: -3 } });
    const pairs = rowsOf("pairs.csv");
    expect(pairs.length).toBeGreaterThan(400);
    for (const { weight, probability, given, sex } of pairs) {
      expect(Number(weight)).toBeGreaterThanOrEqual(-3);
      expect(Number(probability)).toBeCloseTo(1 / (1 + 2 ** -Number(weight)), 4);
      expect([0, 1, 2, 3, 4]).toContain(Number(given));
      expect([0, 1, 2]).toContain(Number(sex));
    }
  });

  test("a lower least weight adds pairs and changes none", async () => {
    await run({ output: { pairs: "few.csv", minWeight: 0 } });
    await run({ output: { pairs: "many.csv", minWeight: -30 } });
    const many = read("many.csv").split("\n");
    expect(
      read("few.csv")
        .split("\n")
        .filter((line) => !many.includes(line)),
    ).toEqual([]);
    expect(many.length).toBeGreaterThan(read("few.csv").split("\n").length);
  });

  test("one to one: nobody is linked twice on either side", async () => {
    await run({ decision: { cardinality: "one-to-one", link: 0.5, margin: 0 } });
    const links = linksIn("pairs.csv").map((text) => text.split(" = "));
    expect(links.length).toBeGreaterThan(300);
    for (const side of [0, 1]) expect(new Set(links.map((ends) => ends[side])).size).toBe(links.length);
  });

  test("many to many: every pair that is sure enough is linked, the best of a row or not", async () => {
    await run({ decision: { cardinality: "many-to-many", linkWeight: -5 }, output: { pairs: "pairs.csv" } });
    for (const { weight, linked } of rowsOf("pairs.csv")) expect(linked).toBe(String(Number(weight) >= -5));
  });

  test("clusters: every row of every file once, and a linked row with its person", async () => {
    await run();
    const clusters = rowsOf("clusters.csv");
    expect(clusters).toHaveLength(REGISTERED + list.length);
    const of = new Map(clusters.map(({ file, id, cluster_id }) => [`${file} ${id}`, cluster_id]));
    expect(of.size).toBe(clusters.length);
    for (const { right_id, left_id, probability } of rowsOf("pairs.csv").filter(({ linked }) => linked === "true"))
      if (Number(probability) >= 0.99) expect(of.get(`list.csv ${right_id}`)).toBe(of.get(`register.csv ${left_id}`));
  });

  test("an exact rule links rows that agree as it demands, whatever they weigh", async () => {
    await run({ exact: { on: "post", acceptWhen: [{ birth: 7, sex: 2 }] }, decision: { link: 1 } });
    const pairs = rowsOf("pairs.csv").filter(({ linked }) => linked === "true");
    expect(pairs.length).toBeGreaterThan(200);
    for (const pair of pairs) expect([pair["birth"], pair["sex"], pair["decision"]]).toEqual(["7", "2", "link"]);
  });
});

describe("a rehearsed threshold", () => {
  /** Region, birth date and a serial. */
  const numberOf = (id = "") => {
    const person = Number(id.replace(/\D/g, ""));
    const [year = "", month = "", day = ""] = people[person]?.[3]?.split("-") ?? [];
    return `3301${two(1 + (person % 20))}${day}${month}${year.slice(2)}${9001 + Math.floor(chance(person, 9) * 900)}`;
  };
  /** Two rows of three carry their number as it is, others one with a wrong digit, or none. */
  const spoilt = (number: string, entry: number) =>
    entry % 3 !== 1 ? number : entry % 2 === 0 ? "" : number.replace(/.$/, (digit) => String((Number(digit) + 5) % 10));
  const numbered = {
    left: { path: "numbered.csv", id: "id" },
    right: { path: "numberedList.csv", id: "row", nulls: ["NULL"] },
    columns: { ...CONFIG.columns, number: { as: "nik" } },
    comparisons: [...CONFIG.comparisons, { on: "number", kind: "nik" }],
    exact: { on: "number", acceptWhen: [{ surname: 3 }, { given: 3, birth: 4 }] },
  };
  const decision = { calibrate: true, link: 0.99, margin: 2 };
  beforeAll(() => {
    const fields = ["number", ...FIELDS];
    const register = people.slice(0, REGISTERED).map(([id = "", ...rest]) => [id, numberOf(id), ...rest]);
    const rows = list.map(([id = "", ...rest], entry) => [id, spoilt(numberOf(id), entry), ...rest]);
    writeFileSync(join(folder, "numbered.csv"), csvOf(["id", ...fields], register));
    writeFileSync(join(folder, "numberedList.csv"), csvOf(["row", ...fields], rows));
  });

  test("is the least whose predicted precision is what was asked for, and decides in the place of the posterior", async () => {
    const report = await run({ ...numbered, decision });
    const { automatic = null, predicted = [] } = report.calibration ?? {};
    expect(automatic).not.toBeNull();
    expect(predicted.find(({ precision }) => precision >= 0.99)?.weight).toBe(automatic);
    expect(JSON.parse(read("r.json")).calibration).toEqual(report.calibration);
    const searched = rowsOf("pairs.csv").filter(({ number }) => number !== "6" && number !== "7");
    const isSure = ({ weight, margin }: Record<string, string>) => Number(weight) >= (automatic ?? 0) && Number(margin) >= 2;
    expect(searched.filter(({ linked }) => linked === "true")).toEqual(searched.filter(isSure));
    const right = linksIn("pairs.csv").filter((text) => text.split(" = ")[0] === `row ${text.split(" = ")[1]}`);
    expect(right.length).toBeGreaterThanOrEqual(report.linked * 0.99);
    expect(right.length).toBeGreaterThanOrEqual(360); // of 400
  });

  test("that no weight reaches leaves only exact hits", async () => {
    const report = await run({ ...numbered, decision: { ...decision, margin: 100 } });
    expect(report.calibration?.automatic).toBe(null);
    expect(report.linked).toBe(report.exact);
    expect(report.exact).toBeGreaterThan(200);
  });

  test("is refused where nothing is exact, or too little, and to de-duplicate", async () => {
    await expect(run({ decision })).rejects.toThrow("decision.calibrate needs exact");
    const rare = { on: "birth", acceptWhen: [{ surname: 4, given: 4, post: 4, sex: 2 }] };
    await expect(run({ exact: rare, decision, right: { path: "first.csv", id: "row" } })).rejects.toThrow("too few rows");
    const dedupe = { mode: "dedupe", right: undefined, strata: [], decision: { calibrate: true } };
    await expect(run(dedupe)).rejects.toThrow("decision.calibrate is for mode link");
  });
});

/** Two exact comparisons: equal in truth nine times of ten, among strangers one time of a hundred. */
const FROZEN = {
  format: 1,
  normaliser: "1",
  comparisons: ["given", "surname"].map((name) => ({ name, kind: "exact", levels: 3 })),
  matchRate: 0.1,
  classes: [
    {
      share: 1,
      m: [
        [0, 0.1, 0.9],
        [0, 0.1, 0.9],
      ],
    },
  ],
  strata: [
    {
      name: "random",
      others: 1,
      shape: null,
      u: [
        [0, 0.99, 0.01],
        [0, 0.99, 0.01],
      ],
      fixes: [],
    },
  ],
  registerRows: 5,
};

describe("finding duplicates in one file", () => {
  const dedupe = {
    mode: "dedupe",
    left: { path: "doubles.csv", id: "id" },
    right: undefined,
    columns: { given: {}, surname: {} },
    comparisons: [
      { on: "given", kind: "exact" },
      { on: "surname", kind: "exact" },
    ],
    blocking: { keys: ["given", "surname"] },
    strata: [],
    training: { model: "given.json" },
    decision: { link: 0.9 },
    clusters: { method: "complete", link: 0.9 },
  };
  beforeAll(() => {
    writeFileSync(join(folder, "given.json"), JSON.stringify(FROZEN));
    writeFileSync(join(folder, "doubles.csv"), "id,given,surname\n1,Ana,Ito\n2,Ana,Ito\n3,Ana,Novak\n4,ana,ITO\n5,Ben,Cohen\n");
  });

  test("writes each pair once, and clusters of rows that are all alike", async () => {
    await run(dedupe);
    const pairs = rowsOf("pairs.csv").map(({ id_a, id_b, given, surname, linked }) => [id_a, id_b, given, surname, linked]);
    expect(pairs).toEqual([
      ["1", "2", "2", "2", "true"],
      ["1", "3", "2", "1", "false"],
      ["2", "3", "2", "1", "false"],
      ["1", "4", "2", "2", "true"],
      ["2", "4", "2", "2", "true"],
      ["3", "4", "2", "1", "false"],
    ]);
    expect(rowsOf("clusters.csv").map(({ cluster_id }) => cluster_id)).toEqual(["1", "1", "2", "1", "3"]);
  });
});

test("de-duplicating without labels finds nearly all second entries and joins no two people", async () => {
  const entries = [
    ...people.map((person) => ["first entry of ", ...person]),
    ...list.map((entry) => ["second entry of ", ...entry]),
  ];
  const rows = entries.map(([kind = "", id = "", ...fields]) => [`${kind}${id.replace("row ", "")}`, ...fields]);
  writeFileSync(join(folder, "all.csv"), csvOf(["id", ...FIELDS], rows));
  const report = await run({
    ...CONFIG,
    mode: "dedupe",
    left: { path: "all.csv", id: "id" },
    right: undefined,
    strata: [],
    decision: { link: 0.9 },
  });
  const links = rowsOf("pairs.csv").filter(({ linked }) => linked === "true");
  const isRight = ({ id_a = "", id_b = "" }) => id_a.replace("first", "second") === id_b;
  expect(report).toMatchObject({ mode: "dedupe", rows: 2000, linked: links.length });
  expect(links.filter((pair) => !isRight(pair)).length).toBeLessThanOrEqual(links.length * 0.02);
  expect(links.filter(isRight).length).toBeGreaterThanOrEqual(400); // of 500
});

describe("the command", () => {
  const out: string[] = [];
  const err: string[] = [];
  async function command(...argv: string[]): Promise<number> {
    out.length = err.length = 0;
    const spies = [
      vi.spyOn(process.stdout, "write").mockImplementation((text) => out.push(String(text)) > 0),
      vi.spyOn(process.stderr, "write").mockImplementation((text) => err.push(String(text)) > 0),
    ];
    try {
      return await link(argv);
    } finally {
      for (const spy of spies) spy.mockRestore();
    }
  }
  const configured = (change: object) => {
    const path = join(folder, "command.json");
    writeFileSync(path, JSON.stringify({ ...CONFIG, ...change }));
    return path;
  };

  test("says on stderr what it did and nothing on stdout, unless asked for the report", async () => {
    expect(await command(configured({}))).toBe(0);
    expect(out).toEqual([]);
    expect(err.join("")).toMatch(/^hub link: 500 rows, \d+ pairs kept, \d+ linked, \d+ to review, \d+ clusters, in [\d.]+ s\n$/);
    expect(await command(configured({}), "--json")).toBe(0);
    expect(JSON.parse(out.join(""))).toEqual(JSON.parse(read("r.json")));
  });

  test("ends with 2 and all faults of a wrong configuration", async () => {
    expect(await command(configured({ sed: 1, mode: "both" }))).toBe(2);
    expect(err.map((line) => line.slice(0, 24))).toEqual(["hub link: sed is unknown", "hub link: mode must be o"]);
    expect(await command()).toBe(2);
    expect(await command(join(folder, "nowhere.json"))).toBe(2);
  });

  test("ends with 1 at a faulty file, names its lines, and leaves old results and nothing half-written", async () => {
    writeFileSync(join(folder, "bad.csv"), `row,${FIELDS.join(",")}\n1,A\n,A,B,1990-01-01,1,F\n`);
    const before = read("pairs.csv");
    const seen = readdirSync(folder);
    expect(await command(configured({ right: { path: "bad.csv", id: "row" } }))).toBe(1);
    expect(err.join("")).toContain("bad.csv: line 2: has more or fewer fields than the header");
    expect(read("pairs.csv")).toBe(before);
    expect(readdirSync(folder)).toEqual(seen);
  });

  test("names both lines where two rows have one id, and the line without any", async () => {
    writeFileSync(join(folder, "ids.csv"), `row,${FIELDS.join(",")}\n7,A,B,,1,F\n8,"A\n",B,,1,F\n7,C,D,,1,F\n,C,D,,1,F\n`);
    expect(await command(configured({ right: { path: "ids.csv", id: "row" } }))).toBe(1);
    expect(err.join("")).toContain("ids.csv: line 5, column row: line 2 has the same id");
    expect(err.join("")).toContain("ids.csv: line 6, column row: the row has no id");
  });
});
