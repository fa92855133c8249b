import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { registerCubes } from "../../../drizzle/registry/cubes.ts";
import { CUBES } from "../../../schema/statistics/cubes.ts";
import { statistics } from "../../../subgraphs/statistics/index.ts";
import { asRole, useDatabases } from "../../kit/database.ts";
import { callerWith, codesOf, useSlice } from "../../kit/slice.ts";
import { release, type Written } from "./intake/cellKit.ts";

const databases = useDatabases();
const slice = useSlice(statistics, { databaseUrl: () => databases.urls.statistics.runtime });

/** Two provinces, three regencies, four districts; of 351002 the total itself is withheld, so its rows are one. */
const DISTRICTS = ["350901", "351001", "351003", "360101"];
const ABOVE = ["0", "35", "36", "3509", "3510", "3601"];
const withSex = (region: string, [women, men]: readonly [number | null, number | null]): Written[] => [
  [region, ["*", "*"], (women ?? 20) + (men ?? 20)],
  [region, ["FEMALE", "*"], women],
  [region, ["MALE", "*"], men],
];
const month = (more: number): Written[] => [
  ...[...ABOVE, ...DISTRICTS].flatMap((region) => withSex(region, region === "351003" ? [null, null] : [100 + more, 200 + more])),
  ["351002", ["*", "*"], null],
];
const PAID: Written[] = [
  ["0", ["PKH", "*"], 40, 60, 90_071_992_547_409],
  ["0", ["PKH", "PAID"], 30, 40, null],
  ["35", ["PKH", "*"], 40, 60, 90_071_992_547_409],
];
const COVERED: Written[] = ["0", "35", "3509", "3510", "350901", "351001"].map((region) => [
  region,
  ["PKH", "*", "ENTITLED_UNSERVED"],
  50,
]);

beforeAll(async () => {
  const { owner } = databases.urls.statistics;
  await release(owner, "RESIDENTS", { "2026-08": month(0), "2026-09": month(5), "2026-10": month(10) });
  await release(owner, "BUDGET", { "2026-10": PAID });
  await release(owner, "COVERAGE", { "2026-10": COVERED });
});

const ask = async (args: string, fields = "regionCode key period persons", options = {}) =>
  slice.ask(`{ statistics(${args}) { nodes { ${fields} } totalCount pageInfo { hasNextPage endCursor } } }`, options);
/** Rows as one list each. */
const rowsOf = async (args: string, fields?: string, options = {}): Promise<unknown[][]> => {
  const answer = await ask(args, fields, options);
  if (answer.errors.length > 0) throw new Error(JSON.stringify(answer.errors));
  return answer.data.statistics.nodes.map((row: object) => Object.values(row));
};
const faultOf = async (args: string) => {
  const { errors } = await ask(args);
  return errors[0]?.extensions.code === "BAD_USER_INPUT" ? errors[0].extensions.detail : errors;
};

describe("a question of a cube", () => {
  test("without anything else is of the whole country in its newest month", async () => {
    expect(await rowsOf("cube: RESIDENTS")).toEqual([["0", ["*", "*"], "2026-10", 320]]);
  });

  test("goes down the tree of regions, level by level, and starts where it is told", async () => {
    const codes = async (args: string) => (await rowsOf(`cube: RESIDENTS, ${args}`, "regionCode")).flat();
    expect(await codes("level: PROVINCE")).toEqual(["35", "36"]);
    expect(await codes('region: "35", level: REGENCY')).toEqual(["3509", "3510"]);
    expect(await codes('region: "35", level: DISTRICT')).toEqual(["350901", "351001", "351002", "351003"]);
    expect(await codes('region: "3510", level: REGENCY')).toEqual(["3510"]);
    expect(await codes('region: "351001"')).toEqual(["351001"]);
    expect(await codes("level: COUNTRY")).toEqual(["0"]);
    expect(await codes('region: "99", level: DISTRICT')).toEqual([]);
  });

  test("breaks down by the dimensions it names, in the order of their codes, with a row for every place", async () => {
    expect(await rowsOf('cube: RESIDENTS, region: "3510", dimensions: ["sex"]', "key persons isSuppressed")).toEqual([
      [["FEMALE", "*"], 110, false],
      [["MALE", "*"], 210, false],
      [["UNKNOWN", "*"], null, true],
    ]);
    const all = await ask('cube: RESIDENTS, dimensions: ["sex", "age"], first: 1');
    expect(all.data.statistics.totalCount).toBe(3 * 9);
  });

  test("tells a withheld figure and one that is absent by the same row", async () => {
    const rows = await rowsOf(
      'cube: RESIDENTS, region: "3510", level: DISTRICT, dimensions: ["sex"]',
      "regionCode persons units isSuppressed asOf",
    );
    const [asOf] = rows.map((row) => row[4]);
    const withheld = (region: string) => [region, null, null, true, asOf];
    expect(rows.filter(([region]) => region === "351002")).toEqual(Array(3).fill(withheld("351002"))); // its total is withheld: no such cell exists
    expect(rows.filter(([region]) => region === "351003")).toEqual(Array(3).fill(withheld("351003"))); // withheld as they are, but for UNKNOWN
  });

  test("keeps to the codes it filters by", async () => {
    const keys = async (args: string) => (await rowsOf(`cube: RESIDENTS, ${args}`, "key")).flat();
    expect(await keys('filter: [{ dimension: "sex", codes: ["MALE"] }]')).toEqual([["MALE", "*"]]);
    expect(await keys('dimensions: ["sex"], filter: [{ dimension: "sex", codes: ["UNKNOWN", "*", "FEMALE"] }]')).toEqual([
      ["*", "*"],
      ["FEMALE", "*"],
      ["UNKNOWN", "*"],
    ]);
  });

  test("shows rupiah as whole numbers beyond what a JavaScript number holds, and withholds a sum alone", async () => {
    expect(await rowsOf('cube: BUDGET, filter: [{ dimension: "program", codes: ["PKH"] }]', "persons units total")).toEqual([
      [40, 60, "90071992547409"],
    ]);
    expect(
      await rowsOf(
        'cube: BUDGET, filter: [{ dimension: "program", codes: ["PKH"] }, { dimension: "disposition", codes: ["PAID"] }]',
        "units total isSuppressed",
      ),
    ).toEqual([[40, null, false]]);
  });
});

describe("a series", () => {
  const series = async (args: string) => rowsOf(`cube: RESIDENTS, ${args}`, "period persons asOf");

  test("has a row a released month, each with the instant it is of", async () => {
    expect(await series('from: "2026-08", to: "2026-09"')).toEqual([
      ["2026-08", 300, "2026-08-28T00:00:00.000Z"],
      ["2026-09", 310, "2026-09-28T00:00:00.000Z"],
    ]);
    expect(await series('from: "2026-09"')).toHaveLength(2);
    expect(await series('to: "2026-09"')).toEqual([["2026-09", 310, "2026-09-28T00:00:00.000Z"]]);
    expect(await series('from: "2030-01"')).toEqual([]);
    expect(await rowsOf("cube: OVERLAP")).toEqual([]);
  });
});

describe("pages", () => {
  const question = 'cube: RESIDENTS, from: "2026-08", level: DISTRICT, dimensions: ["sex"]';

  test("of any size, one after another, are the whole answer, each row once", async () => {
    const whole = await rowsOf(`${question}, first: 10000`);
    expect(whole).toHaveLength(5 * 3 * 3);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 50 }), async (first) => {
        const seen: unknown[][] = [];
        let after = "";
        do {
          const { data } = await ask(`${question}, first: ${first}${after}`);
          seen.push(...data.statistics.nodes.map((row: object) => Object.values(row)));
          after = data.statistics.pageInfo.hasNextPage ? `, after: "${data.statistics.pageInfo.endCursor}"` : "";
        } while (after !== "");
        expect(seen).toEqual(whole);
      }),
      { numRuns: 8 },
    );
  });

  test("of the newest month stay with it when another is released in between", async () => {
    const first = await ask('cube: OVERLAP, dimensions: ["combination"], first: 1');
    expect(first.data.statistics.nodes).toEqual([]);
    const { owner } = databases.urls.statistics;
    await release(owner, "OVERLAP", { "2026-09": [["0", ["PKH"], 10]] });
    const one = await ask('cube: OVERLAP, dimensions: ["combination"], first: 1');
    await release(owner, "OVERLAP", { "2026-10": [["0", ["PKH"], 20]] });
    const rows = await rowsOf(
      `cube: OVERLAP, dimensions: ["combination"], first: 2, after: "${one.data.statistics.pageInfo.endCursor}"`,
    );
    expect(rows.map((row) => row[2])).toEqual(["2026-09", "2026-09"]);
  });

  test("open by a cursor of this question alone, and under the agreement it was given to", async () => {
    const { data } = await ask(`${question}, first: 1`);
    const after = `after: "${data.statistics.pageInfo.endCursor}"`;
    expect(await faultOf(`cube: RESIDENTS, level: DISTRICT, ${after}`)).toBe("after must be a cursor of this list");
    const other = await ask(`${question}, ${after}`, "period", { caller: callerWith({ agreement: "PKS-2025-005" }) });
    expect(codesOf(other)).toEqual(["BAD_USER_INPUT"]);
  });

  test("have at most ten thousand rows, a hundred where nobody says how many", async () => {
    expect(await faultOf("cube: RESIDENTS, first: 10001")).toBe("first must be from 1 to 10000");
    expect(await faultOf("cube: RESIDENTS, first: 0")).toBe("first must be from 1 to 10000");
    expect(await rowsOf("cube: RESIDENTS, first: null")).toHaveLength(1);
  });

  test("cost the same statements, whatever their size", async () => {
    await ask(`${question}, first: 1`);
    const few = slice.statements;
    await ask(`${question}, first: 10000`);
    expect([few, slice.statements]).toEqual([4, 4]);
  });
});

describe("what cannot be asked is told by argument and place, all at once", () => {
  test.each([
    ['cube: RESIDENTS, from: "2026-13"', "from: must be a month as YYYY-MM, from 2000 to 2099"],
    ['cube: RESIDENTS, from: "2026-02", to: "2026-01"', "to: must not be before from"],
    ['cube: RESIDENTS, from: "2016-01", to: "2026-01"', "to: at most 120 months from from"],
    ["cube: RESIDENTS, level: VILLAGE", "level: must be that of the region or below it, and no deeper than DISTRICT"],
    [
      'cube: RESIDENTS, region: "3510", level: PROVINCE',
      "level: must be that of the region or below it, and no deeper than DISTRICT",
    ],
    ['cube: RESIDENTS, region: "3510161001"', "region: RESIDENTS goes no deeper than DISTRICT"],
    ['cube: RESIDENTS, dimensions: ["sex", "nik"]', "dimensions[1]: must be of RESIDENTS: sex, age"],
    ['cube: RESIDENTS, dimensions: ["sex", "sex"]', "dimensions[1]: is named twice"],
    ['cube: RESIDENTS, filter: [{ dimension: "name", codes: ["x"] }]', "filter[0].dimension: must be of RESIDENTS: sex, age"],
    [
      'cube: RESIDENTS, filter: [{ dimension: "sex", codes: ["FEMALE", "F"] }], dimensions: ["sex"]',
      "filter[0].codes[1]: must be of sex: *, FEMALE, MALE, UNKNOWN",
    ],
    [
      'cube: RESIDENTS, filter: [{ dimension: "sex", codes: ["FEMALE", "MALE"] }]',
      "filter[0].codes: only one, as sex is not broken down",
    ],
    ['cube: RESIDENTS, filter: [{ dimension: "sex", codes: [] }], dimensions: ["sex"]', "filter[0].codes: must not be empty"],
    [
      'cube: RESIDENTS, dimensions: ["sex"], filter: [{ dimension: "sex", codes: ["MALE"] }, { dimension: "sex", codes: ["MALE"] }]',
      "filter[1].dimension: is filtered twice",
    ],
    [
      'cube: RESIDENTS, dimensions: ["sex"], filter: [{ dimension: "sex", codes: ["MALE", "MALE"] }]',
      "filter[0].codes[1]: is named twice",
    ],
    ["cube: BUDGET", "dimensions: program has no total, so break down by it or filter one code of it"],
    [
      'cube: BUDGET, filter: [{ dimension: "program", codes: ["*"] }]',
      "filter[0].codes[0]: must be of program: PKH, BPNT, PBI_JK, KIP, KIP_KULIAH, BST",
    ],
    [
      'cube: BUDGET, from: "x", level: VILLAGE',
      "from: must be a month as YYYY-MM, from 2000 to 2099; level: must be that of the region or below it, and no deeper than DISTRICT; dimensions: program has no total, so break down by it or filter one code of it",
    ],
  ])("%s", async (args, detail) => {
    expect(await faultOf(args)).toBe(detail);
  });

  test("and never by repeating what was sent: it may be a NIK", async () => {
    expect(JSON.stringify(await ask('cube: RESIDENTS, dimensions: ["3510161708459001"]'))).not.toContain("3510161708459001");
  });
});

describe("whose figures they are", () => {
  const within = (...regions: (readonly [string, string])[]) => ({
    caller: callerWith({ rows: { regions, programs: null, decileMax: 100 } }),
  });
  const BANYUWANGI = within(["3510", "3511"]);
  const unserved = 'filter: [{ dimension: "program", codes: ["PKH"] }, { dimension: "standing", codes: ["ENTITLED_UNSERVED"] }]';
  const covered = async (args: string, options: object) =>
    (await rowsOf(`cube: COVERAGE, ${unserved}, ${args}`, "regionCode", options)).flat();

  test("a partner of one regency sees no cell of the country, the province or its neighbour", async () => {
    for (const args of ["level: COUNTRY", "level: PROVINCE", 'region: "35"', 'region: "3509"'])
      expect(await covered(args, BANYUWANGI), args).toEqual([]);
    expect(await covered("level: REGENCY", BANYUWANGI)).toEqual(["3510"]);
  });

  test("and counts no row that it does not see", async () => {
    const { data } = await ask(`cube: COVERAGE, ${unserved}, level: REGENCY`, "persons", BANYUWANGI);
    expect(data.statistics.totalCount).toBe(1);
  });

  test("a partner of several regions sees those, and one of none sees nothing", async () => {
    expect(await covered("level: REGENCY", within(["3509", "350:"], ["3510", "3511"]))).toEqual(["3509", "3510"]);
    expect(await covered("level: REGENCY", within())).toEqual([]);
  });

  test("open figures are everybody's, wherever the agreement ends", async () => {
    expect(await rowsOf("cube: RESIDENTS, level: PROVINCE", "regionCode", BANYUWANGI)).toEqual([["35"], ["36"]]);
  });

  test("the database itself keeps the cells of a partner's cube from everybody else", async () => {
    const seen = await asRole(databases.urls.statistics.runtime, async (sql) =>
      sql.begin(async (tx) => {
        await tx`select set_config('hub.regions', '{3510,3511}', true)`;
        return tx`select distinct region from statistics.cell where cube = 'COVERAGE' order by region`;
      }),
    );
    expect(seen.map((row) => row["region"])).toEqual(["3510", "351001"]);
  });
});

describe("an index finds the cells, though rows are under security", () => {
  /** Conditions an index is asked by; tables are small here, so the planner is told to use one. */
  const conditionsOf = (question: string) =>
    asRole(databases.urls.statistics.runtime, (sql) =>
      sql.begin(async (tx) => {
        await tx`select set_config('hub.regions', '{0,A}', true), set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true)`;
        const plan = await tx.unsafe(`explain ${question}`);
        return plan.map((row) => String(row["QUERY PLAN"])).filter((line) => line.includes("Index Cond"));
      }),
    );
  const at = "cube = 'RESIDENTS' and period = '2026-10' and digits = 6 and region between '35' and '36'";

  test("by cube, month, level, key and region at once", async () => {
    const [condition] = await conditionsOf(`select persons from statistics.cell where ${at} and key_text = '*|*'`);
    for (const column of ["cube", "period", "digits", "key_text", "region"]) expect(condition).toContain(`(${column} `);
  });

  test("which it would not by the key as a list", async () => {
    const [condition] = await conditionsOf(`select persons from statistics.cell where ${at} and key = '{*,*}'`);
    expect(condition).not.toContain("key");
  });
});

describe("the cubes describe themselves", () => {
  test("with owner, dimensions, schedule and releases, in two statements for all of them", async () => {
    const { data } = await slice.ask(
      "{ cubes { code owner slice unit depth isPublic isOfficial refresh dimensions { name codes hasTotal } releases { period number isFinal cells } } }",
    );
    expect(data.cubes).toHaveLength(CUBES.length);
    expect(data.cubes.find(({ code }: { code: string }) => code === "RESIDENTS")).toMatchObject({
      ...{ owner: "DUKCAPIL", slice: "population", unit: "PERSON", depth: "DISTRICT", isPublic: true, refresh: "MONTHLY" },
      releases: [{ period: "2026-10" }, { period: "2026-09" }, { period: "2026-08" }],
    });
    expect(slice.statements).toBe(2);
  });

  test("as this code has them, after every start, and what says the same already is left alone", async () => {
    const { owner } = databases.urls.statistics;
    const rows = () => asRole(owner, (sql) => sql`select xmin::text, code, owner, dimensions from statistics.cube order by code`);
    await asRole(owner, (sql) => sql`update statistics.cube set owner = 'NOBODY', dimensions = '[]' where code = 'OVERLAP'`);
    const before = await rows();
    await registerCubes(owner);
    const after = await rows();
    expect(after.filter((row, i) => row["xmin"] !== before[i]?.["xmin"]).map((row) => row["code"])).toEqual(["OVERLAP"]);
    expect(after.find((row) => row["code"] === "OVERLAP")).toMatchObject({
      owner: "KEMENSOS",
      dimensions: [{ name: "combination" }],
    });
  });

  test("one by its code", async () => {
    expect((await slice.ask("{ cube(code: COVERAGE) { code isPublic } }")).data).toEqual({
      cube: { code: "COVERAGE", isPublic: false },
    });
  });
});

describe("reconciliation", () => {
  test("sets what others published beside our newest figure, in one statement", async () => {
    const { data } = await slice.ask(
      "{ reconciliation { code published publishedAsOf source ours period difference perMille } }",
    );
    const [residents] = data.reconciliation.filter(({ code }: { code: string }) => code === "RESIDENTS_2024_S2");
    expect(residents).toMatchObject({
      ...{ published: "284973643", publishedAsOf: "2024-12-31", ours: "320", period: "2026-10" },
      ...{ difference: "-284973323", perMille: 0 },
    });
    expect(data.reconciliation.find(({ code }: { code: string }) => code === "PKH_2025")).toMatchObject({
      published: "10000000",
      ours: null,
      perMille: null,
    });
    expect(slice.statements).toBe(1);
  });
});
