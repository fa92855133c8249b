import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { type Asked, TOTAL, variablesOf } from "../../../console/app/figures/asking/asked.ts";
import { exportOf, graphqlOf, sqlOf } from "../../../console/app/figures/asking/copied.ts";
import { CELLS } from "../../../console/app/figures/questions.ts";
import { asCurl } from "../../../console/app/kit/use/curl.ts";
import { openLoadPool } from "../../../drizzle/copy.ts";
import { createLogin, dropLogin, loginOf } from "../../../drizzle/reporting.ts";
import { type CubeDefinition, cubeOf } from "../../../schema/statistics/cubes.ts";
import { renewReaders } from "../../../subgraphs/statistics/readers.ts";
import { asRole } from "../../kit/database.ts";
import { useHub } from "../../kit/hub.ts";
import { release, type Written } from "../../subgraphs/statistics/intake/cellKit.ts";

const hub = useHub();
const AGENCY = `TEST_COPIES_${process.pid}`;
const login = loginOf(AGENCY);
let reporting = "";

const REGIONS = ["0", "35", "3509", "3510", "36", "3601"];
const covered = REGIONS.flatMap((region, at): Written[] =>
  [TOTAL, "1", "2"].flatMap((decile, n) => [
    [region, ["PKH", decile, "ENTITLED_SERVED"], 100 + 5 * (at + n)],
    [region, ["PKH", decile, "ENTITLED_UNSERVED"], at === 3 ? null : 20],
  ]),
);
const paid = (month: number) =>
  REGIONS.flatMap((region, at): Written[] => [
    [region, ["PKH", TOTAL], 40, 60 + 5 * at, 45_000_000 + month],
    [region, ["PKH", "PAID"], 30, 40 + 5 * at, 1_000_000 * month],
  ]);

beforeAll(async () => {
  const { owner, runtime } = hub.urls.statistics;
  await release(owner, "COVERAGE", { "2026-10": covered });
  await release(owner, "BUDGET", { "2026-08": paid(8), "2026-09": paid(9), "2026-10": paid(10) });
  const url = new URL(inject("databases").adminUrl);
  url.pathname = new URL(runtime).pathname;
  const { password } = await createLogin(url.href, login);
  const pool = openLoadPool(hub.urls.publication as string, { max: 1 });
  await pool.load((loader) =>
    loader.query("insert into statistics.reader values ($1, $2, 'PKS-TEST', '{}', '{}', clock_timestamp())", [login, AGENCY]),
  );
  await renewReaders(pool, () => ({ cubes: ["COVERAGE"], regions: [["0", "A"]] }));
  await pool.end();
  [url.username, url.password] = [login, password];
  reporting = url.href;
});
afterAll(async () => {
  const url = new URL(inject("databases").adminUrl);
  url.pathname = new URL(hub.urls.statistics.runtime).pathname;
  await dropLogin(url.href, login);
});

const BARE: Asked = { cube: "COVERAGE", region: "0", level: null, from: null, to: null, dimensions: [], filter: [] };
const PKH = { dimension: "program", codes: ["PKH"] };
const QUESTIONS: readonly (readonly [string, Asked])[] = [
  ["everything of a cube", { ...BARE, dimensions: ["program", "decile", "standing"] }],
  [
    "the total beside its parts",
    { ...BARE, dimensions: ["decile"], filter: [{ dimension: "decile", codes: [TOTAL, "1"] }, PKH, served()] },
  ],
  ["the regencies of a province", { ...BARE, region: "35", level: "REGENCY", filter: [PKH, served()] }],
  ["one regency", { ...BARE, region: "3510", filter: [PKH, served()] }],
  ["a series of money", { ...BARE, cube: "BUDGET", from: "2026-01", to: "2026-09", dimensions: ["disposition"], filter: [PKH] }],
  ["the newest month up to one", { ...BARE, cube: "BUDGET", to: "2026-09", level: "PROVINCE", filter: [PKH] }],
];
function served() {
  return { dimension: "standing", codes: ["ENTITLED_SERVED"] };
}

type Figures = Readonly<Record<string, string>>;
/** What is shown of whom: `region|month|codes` → units and rupiah. */
const figures = (rows: readonly (readonly [place: readonly unknown[], units: unknown, total: unknown])[]): Figures =>
  Object.fromEntries(
    rows.filter(([, units]) => units !== null && units !== "").map(([place, ...of]) => [place.join("|"), of.join("/")]),
  );

async function byGraphql(document: string, variables = {}): Promise<Figures> {
  const { data, errors } = await hub.as("bappenas").ask(document, variables);
  expect(errors).toEqual([]);
  return figures(
    data["statistics"].nodes.map(({ regionCode, period, key, units, total }: any) => [
      [regionCode, period, ...key],
      units,
      total ?? "",
    ]),
  );
}

async function bySql(asked: Asked, { dimensions }: CubeDefinition): Promise<Figures> {
  const rows = await asRole(reporting, async (sql) => [...(await sql.unsafe(sqlOf({ dimensions }, asked)))]);
  return figures(
    rows.map(({ region_code, period, units, total_rupiah, ...row }) => [
      [region_code, (period as Date).toISOString().slice(0, 7), ...dimensions.map(({ name }) => row[name])],
      units,
      total_rupiah ?? "",
    ]),
  );
}

async function byFile(asked: Asked, { dimensions }: CubeDefinition): Promise<Figures> {
  const path = exportOf(asked, "csv").replace("header=label", "header=code");
  const answer = await fetch(`${hub.gatewayUrl}${path}`, {
    headers: { authorization: `Bearer ${await hub.tokenOf("bappenas")}` },
  });
  const [head = [], ...rows] = (await answer.text())
    .trim()
    .split("\r\n")
    .map((line) => line.split(","));
  expect(head).toContain("units");
  const at = (row: readonly string[], column: string) => row[head.indexOf(column)] ?? "";
  const place = (row: readonly string[]) =>
    ["region_code", "period", ...dimensions.map(({ name }) => name)].map((column) => at(row, column));
  return figures(rows.map((row) => [place(row), at(row, "units"), at(row, "total_rupiah")]));
}

test.each(QUESTIONS)("what is copied of %s says what the page says: as GraphQL, as SQL, as a file", async (_, asked) => {
  const cube = cubeOf(asked.cube) as CubeDefinition;
  const shown = await byGraphql(CELLS, variablesOf(asked));
  expect(Object.keys(shown).length).toBeGreaterThan(0);
  expect(await byGraphql(graphqlOf(asked))).toEqual(shown);
  expect(await bySql(asked, cube)).toEqual(shown);
  expect(await byFile(asked, cube)).toEqual(shown);
});

test("the copied cURL names the agreement chosen, and no quote in it ends the command", () => {
  const question = graphqlOf({ ...BARE, filter: [{ dimension: "program", codes: ["O'Brien"] }] });
  const said = asCurl({ question, hub: "https://hub.example", agreement: "PKS-2025-005" });
  expect(said).toContain("-H 'hub-agreement: PKS-2025-005'");
  expect(said).toContain(`O'\\''Brien`);
  expect(said.replaceAll("'\\''", "").match(/'/g)?.length).toBe(10);
});
