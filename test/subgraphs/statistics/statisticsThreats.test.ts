import { beforeAll, describe, expect, test } from "vitest";
import { CUBES } from "../../../schema/statistics/cubes.ts";
import { type Answered, useHub } from "../../kit/hub.ts";
import { release } from "./intake/cellKit.ts";

// A partner's cube is behind its own enum value: who lacks the use AGGREGATE of `Cube.partnerFigures` cannot name it, in whatever way.

const hub = useHub();
const FIGURE = 7_777_770;
const PARTNER = CUBES.filter(({ openness }) => openness === "PARTNER").map(({ code }) => code);

beforeAll(async () => {
  const { owner } = hub.urls.statistics;
  const everywhere = (key: string[]) => ["0", "35", "3509", "3510", "351016"].map((region) => [region, key, FIGURE] as const);
  await release(owner, "PROPOSAL_FUNNEL", { "2026-10": everywhere(["*", "*"]) });
  await release(owner, "RESIDENTS", { "2026-10": everywhere(["*", "*"]) });
  const districts = Array.from({ length: 400 }, (_, n) => [`99${String(1000 + n)}`, ["*", "*"], FIGURE] as const);
  await release(owner, "RESIDENTS", { "2026-09": districts });
});

/** BPJS Kesehatan has PUBLIC, and no grant of partners' figures. */
const stranger = () => hub.as("bpjs-kesehatan", { agreement: "PKS-2025-002" });
const dinsos = () => hub.as("dinsos-banyuwangi", { agreement: "PKS-2025-004" });
const isClosed = ({ data, errors, text }: Answered) => {
  expect(text).not.toContain(String(FIGURE));
  expect(errors.length).toBeGreaterThan(0);
  expect(Object.values(data ?? {}).filter((value) => value !== null)).toEqual([]);
};

describe("a partner's cube without its grant", () => {
  test("is refused while the open one beside it is answered", async () => {
    const { data } = await stranger().ask("{ statistics(cube: RESIDENTS) { nodes { persons } } }");
    expect(data["statistics"].nodes).toEqual([{ persons: FIGURE }]);
    isClosed(await stranger().ask("{ statistics(cube: PROPOSAL_FUNNEL) { nodes { persons } } }"));
  });

  test.each(PARTNER)("%s is refused by name", async (code) => {
    const { errors } = await stranger().ask(`{ statistics(cube: ${code}, dimensions: ["program"]) { totalCount } }`);
    expect(errors.map(({ extensions }) => [extensions["code"], extensions["coordinate"]])).toEqual([
      ["USE_NOT_GRANTED", `CubeCode.${code}`],
    ]);
  });

  test.each([
    ["a literal", "{ statistics(cube: PROPOSAL_FUNNEL) { nodes { persons } } }", {}],
    ["a variable", "query ($c: CubeCode!) { statistics(cube: $c) { nodes { persons } } }", { c: "PROPOSAL_FUNNEL" }],
    ["the default of a variable", "query ($c: CubeCode! = PROPOSAL_FUNNEL) { statistics(cube: $c) { nodes { persons } } }", {}],
    ["an alias", "{ residents: statistics(cube: PROPOSAL_FUNNEL) { nodes { residents: persons } } }", {}],
    ["a fragment", "{ ...F } fragment F on Query { statistics(cube: PROPOSAL_FUNNEL) { nodes { persons } } }", {}],
    [
      "a condition",
      "query ($y: Boolean = true) { statistics(cube: PROPOSAL_FUNNEL) @include(if: $y) { nodes { persons } } }",
      {},
    ],
    ["its count", "{ statistics(cube: PROPOSAL_FUNNEL) { totalCount } }", {}],
    ["its first page alone", "{ statistics(cube: PROPOSAL_FUNNEL, first: 1) { pageInfo { hasNextPage } } }", {}],
    ["its own description", "{ cube(code: PROPOSAL_FUNNEL) { releases { sha256 } } }", {}],
  ])("is refused by %s", async (_, document, variables) => isClosed(await stranger().ask(document, variables)));

  test("does not ride on a variable that also names an open one", async () => {
    const document =
      "query ($a: CubeCode!, $b: CubeCode!) { a: statistics(cube: $a) { nodes { persons } } b: statistics(cube: $b) { nodes { persons } } }";
    const { data } = await stranger().ask(document, { a: "RESIDENTS", b: "PROPOSAL_FUNNEL" });
    expect(data?.["b"] ?? null).toBeNull();
  });

  test("is described in the list of cubes without a figure", async () => {
    const { data, text } = await stranger().ask(
      "{ cubes { code owner slice unit depth hasTotal isPublic isOfficial refresh dimensions { name codes } releases { period number asOf isFinal cells sha256 } } }",
    );
    expect(data["cubes"]).toHaveLength(CUBES.length);
    expect(text).not.toContain(String(FIGURE));
  });

  test("is not opened by reading the field that guards it", async () => {
    const { errors, denied } = await stranger().ask("{ cubes { partnerFigures } }");
    expect([...errors.map(({ extensions }) => extensions["coordinate"]), ...denied]).toContain("Cube.partnerFigures");
  });
});

describe("a partner of one regency", () => {
  const answered = async (args: string) => {
    const { data, errors } = await dinsos().ask(`{ statistics(${args}) { nodes { regionCode persons } totalCount } }`);
    expect(errors).toEqual([]);
    return data["statistics"];
  };

  test.each([
    "level: COUNTRY",
    "level: PROVINCE",
    'region: "35"',
    'region: "3509"',
    'region: "3509", level: DISTRICT',
    'region: "36", level: REGENCY',
  ])("gets no row of a partner's cube for %s, not even a count", async (args) =>
    expect(await answered(`cube: PROPOSAL_FUNNEL, ${args}`)).toEqual({ nodes: [], totalCount: 0 }),
  );

  test("gets its own, and all of an open cube", async () => {
    expect((await answered("cube: PROPOSAL_FUNNEL, level: DISTRICT")).nodes).toEqual([{ regionCode: "351016", persons: FIGURE }]);
    expect((await answered('cube: RESIDENTS, region: "3509"')).nodes).toEqual([{ regionCode: "3509", persons: FIGURE }]);
  });

  test("cannot carry a cursor from the country's answer into its own", async () => {
    const bappenas = await hub
      .as("bappenas")
      .ask("{ statistics(cube: PROPOSAL_FUNNEL, level: REGENCY, first: 1) { pageInfo { endCursor } } }");
    const { endCursor } = bappenas.data["statistics"].pageInfo;
    const { errors } = await dinsos().ask(
      `{ statistics(cube: PROPOSAL_FUNNEL, level: REGENCY, first: 1, after: "${endCursor}") { nodes { persons } } }`,
    );
    expect(errors.map(({ extensions }) => extensions["code"])).toEqual(["BAD_USER_INPUT"]);
  });
});

describe("a question of figures", () => {
  test("of ten thousand rows is answered, with their regions, in a quarter of the bytes an answer may have", async () => {
    const { data, errors, text } = await hub
      .as("bappenas")
      .ask(`{ statistics(cube: RESIDENTS, region: "99", level: DISTRICT, dimensions: ["sex", "age"], first: 10000) {
      nodes { period regionCode region { name } key persons units total isSuppressed asOf } totalCount } }`);
    expect(errors).toEqual([]);
    expect([data["statistics"].nodes.length, data["statistics"].totalCount]).toEqual([10_000, 400 * 3 * 9]);
    expect(text.length).toBeLessThan(2.5 * 1024 * 1024);
  });

  test("of ten thousand persons is refused", async () => {
    const document = "{ households(first: 10000) { nodes { id region { name } members { id suffix relation state } } } }";
    const { errors } = await hub.as("kemensos", { agreement: "PKS-2025-001" }).ask(document);
    expect(errors.map(({ extensions }) => extensions["code"])).toEqual(["TOO_COSTLY"]);
  });

  test("knows no predicate of its own: a filter takes registered codes alone", async () => {
    const document =
      'query ($f: [StatisticsFilter!]) { statistics(cube: RESIDENTS, dimensions: ["age"], filter: $f) { totalCount } }';
    for (const codes of [["0-5' or '1'='1"], ["0"], ["%"], ["0-4"]]) {
      const { errors, text } = await hub.as("bappenas").ask(document, { f: [{ dimension: "age", codes }] });
      expect(errors.map(({ extensions }) => extensions["code"])).toEqual(["BAD_USER_INPUT"]);
      expect(text).not.toContain(`"${codes[0]}"`);
    }
  });
});
