import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";
import { registerCubes } from "../../../../drizzle/registry/cubes.ts";
import { createLogin, dropLogin } from "../../../../drizzle/reporting.ts";
import { CUBES, type CubeDefinition, cubeOf, DEPTHS } from "../../../../schema/statistics/cubes.ts";
import { asRole, useDatabases } from "../../../kit/database.ts";
import { release, type Written } from "../intake/cellKit.ts";
import { chosen, type Dashboard, statementsOf, faultsOf as wrongForGrafana } from "./grafanaRules.ts";
import { filesOf, readBundle, statementOf, faultsOf as wrongForSuperset } from "./supersetRules.ts";

const fileOf = (path: string) => fileURLToPath(new URL(`../../../../docs/statistics/bi/${path}`, import.meta.url));
const dashboard: Dashboard = JSON.parse(readFileSync(fileOf("grafana/ringkasan.json"), "utf8"));
const bundle = readBundle(fileOf("superset"));

const databases = useDatabases();
const LOGIN = `hub_bi_dashboards_${process.pid}`;
const addressOf = (from: string) => {
  const url = new URL(from);
  url.pathname = new URL(databases.urls.statistics.owner).pathname;
  return url;
};
const admin = () => addressOf(inject("databases").adminUrl).href;
let password = "";
/** Asks as a BI tool does: by a login as `npx hub reporting open` makes it, of which an agreement opens every cube. */
const asReader = (statement: string) => {
  const url = addressOf(databases.urls.statistics.owner);
  [url.username, url.password] = [LOGIN, password];
  return asRole(url.href, (sql) => sql.unsafe(statement));
};

const REGIONS = ["0", "35", "3510", "351016"];
const LEVELS = ["COUNTRY", ...DEPTHS];
/** Two programs and four reasons stand for all: the statements are tried, not the server. */
const FEW = new Set(["KIP", "KIP_KULIAH", "PBI_JK", "BST", "ACCOUNT_CLOSED", "IDENTITY_DIFFERS", "TREASURY_ACCOUNT_INVALID"]);
const keysOf = ({ dimensions }: CubeDefinition): string[][] =>
  dimensions.reduce<string[][]>(
    (keys, { codes, hasTotal }) =>
      keys.flatMap((key) =>
        [...(hasTotal ? ["*"] : []), ...codes.filter((code) => !FEW.has(code))].map((code) => [...key, code]),
      ),
    [[]],
  );
/** A release of a cube: every fifth cell of the regency is withheld, whatever is in it. */
const madeUp = (cube: CubeDefinition): Written[] =>
  REGIONS.slice(0, LEVELS.indexOf(cube.depth) + 1).flatMap((region, at) =>
    keysOf(cube).map((key, nth): Written => {
      const n = region === "3510" && nth % 5 === 4 ? null : 1000 - 200 * at + 5 * (nth % 20);
      return [region, key, n, n, cube.hasTotal && n !== null ? n * 100_000 : null];
    }),
  );

beforeAll(async () => {
  const { owner } = databases.urls.statistics;
  await registerCubes(owner);
  for (const cube of CUBES) await release(owner, cube.code, { "2026-09": madeUp(cube), "2026-10": madeUp(cube) });
  ({ password } = await createLogin(admin(), LOGIN));
  await asRole(
    owner,
    (sql) => sql`insert into statistics.reader (login, agency, agreement, cubes, regions, open_until)
      values (${LOGIN}, 'BAPPENAS', 'PKS-2025-001', ${CUBES.map(({ code }) => code)}, ${["0", "A"]}, now())`,
  );
}, 120_000);
// as the publisher does every ten seconds
beforeEach(() =>
  asRole(
    databases.urls.statistics.owner,
    (sql) => sql`update statistics.reader set open_until = clock_timestamp() + interval '60 seconds' where login = ${LOGIN}`,
  ),
);
afterAll(async () => {
  await asRole(databases.urls.statistics.owner, (sql) => sql`delete from statistics.reader where login = ${LOGIN}`);
  await dropLogin(admin(), LOGIN);
});

const CHOSEN = { wilayah: "0", bulan: "2026-10-01", program: "BPNT" };
const HOSTS = /https?:|\b(?!127\.0\.0\.1\b)\d{1,3}(?:\.\d{1,3}){3}\b|[\w-]+\.(?:com|org|io|net|id|dev)\b/i;

describe("the dashboard for Grafana", () => {
  test("is what Grafana's importer takes", () => {
    expect(wrongForGrafana(dashboard)).toEqual([]);
    expect(statementsOf(dashboard).length).toBe(11);
  });

  test("is held to rules that find what is wrong", () => {
    const [first, second, ...rest] = dashboard.panels;
    if (!first || !second) throw new Error("the dashboard has no panels");
    const unquoted = {
      ...second,
      targets: second.targets?.map((target) => ({ ...target, rawSql: `${target.rawSql} -- $wilayah` })) ?? [],
    };
    expect(wrongForGrafana({ ...dashboard, schemaVersion: 38 })).toEqual(["schemaVersion is below 39"]);
    expect(wrongForGrafana({ ...dashboard, panels: [first, { ...second, id: first.id }, ...rest] })).toEqual([
      "two panels have one id",
    ]);
    expect(wrongForGrafana({ ...dashboard, panels: [first, { ...second, gridPos: first.gridPos }, ...rest] })).toContain(
      `${first.title} covers ${second.title}`,
    );
    expect(wrongForGrafana({ ...dashboard, panels: [first, unquoted, ...rest] })).toEqual([
      `${second.title}: $wilayah is unknown or not quoted`,
    ]);
  });

  test.each(statementsOf(dashboard))("%s: its statement finds figures, for the country and for a province", async (_, sql) => {
    for (const wilayah of ["0", "35"]) {
      const rows = await asReader(chosen(sql, { ...CHOSEN, wilayah }));
      expect(rows.length).toBeGreaterThan(0);
    }
  });

  test("shows what was released, and of a withheld cell nothing", async () => {
    const cells = new Map(
      madeUp(cubeOf("COVERAGE") as CubeDefinition).map(([region, key, , units]) => [`${region} ${key.join("/")}`, units]),
    );
    const [, sql = ""] = statementsOf(dashboard).find(([of]) => of.startsWith("Cakupan")) ?? [];
    const rows = await asReader(chosen(sql, { ...CHOSEN, wilayah: "3510" }));
    expect(rows.map((row) => row["Desil"])).toEqual(["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "NONE"]);
    for (const row of rows)
      for (const [column, standing] of [
        ["Berhak, dilayani", "ENTITLED_SERVED"],
        ["Berhak, belum dilayani", "ENTITLED_UNSERVED"],
      ] as const)
        expect(row[column]).toBe(cells.get(`3510 BPNT/${row["Desil"]}/${standing}`));
    expect(rows.flatMap((row) => Object.values(row)).filter((value) => value === null).length).toBeGreaterThan(0);
  });
});

describe("the bundle for Superset", () => {
  test("is what the importer takes, with every reference in it", () => {
    expect(wrongForSuperset(bundle)).toEqual([]);
    expect(["databases", "datasets", "charts", "dashboards"].map((kind) => filesOf(bundle, kind).length)).toEqual([1, 11, 9, 1]);
  });

  test("is held to rules that find what is wrong", () => {
    const withFile = (path: string, differences: object) => new Map(bundle).set(path, { ...bundle.get(path), ...differences });
    expect(wrongForSuperset(withFile("charts/kuota.yaml", { dataset_uuid: "x" }))).toContain("datasets: x is not in the bundle");
    expect(wrongForSuperset(withFile("charts/kuota.yaml", { owner: "x" }))).toEqual(["charts/kuota.yaml: owner is unknown"]);
    expect(wrongForSuperset(withFile("charts/padan.yaml", { params: { groupby: ["nik"] } }))).toEqual([
      "Tingkat padan: its dataset has no nik",
    ]);
  });

  const TYPES: Readonly<Record<number, string>> = {
    ...{ 20: "BIGINT", 23: "INTEGER", 25: "TEXT", 1082: "DATE", 1184: "TIMESTAMP WITH TIME ZONE", 1700: "NUMERIC" },
  };
  test.each(filesOf(bundle, "datasets"))(
    "dataset $table_name: its statement runs and has the columns it declares",
    async ({ sql, columns }) => {
      const rows = await asReader(sql);
      expect(rows.columns.map(({ name, type }) => [name, TYPES[type]])).toEqual(
        columns.map((column: any) => [column.column_name, column.type]),
      );
      expect(rows.length).toBeGreaterThan(0);
    },
  );

  test.each(filesOf(bundle, "charts"))("chart $slice_name: what Superset asks for it finds figures", async (chart) => {
    const month = { Bulan: "2026-10", "Bulan awal periode pembayaran": "2026-10", Program: "BPNT" };
    for (const region of ["0", "35"]) {
      const rows = await asReader(statementOf(bundle, chart, { Wilayah: region, "Anggaran: daerah di bawah": region, ...month }));
      expect(rows.length).toBeGreaterThan(0);
    }
  });
});

test("the files name no host but this one, and no code that no cube has", () => {
  const texts = [JSON.stringify(dashboard), ...[...bundle.values()].map((file) => JSON.stringify(file))];
  expect(texts.filter((text) => HOSTS.test(text))).toEqual([]);
  const known = new Set([...CUBES.flatMap(({ dimensions }) => dimensions.flatMap(({ codes }) => codes)), ...LEVELS, "*", "0"]);
  const statements = [
    ...statementsOf(dashboard).map(([, sql]) => sql),
    ...filesOf(bundle, "datasets").map((file) => String(file["sql"])),
  ];
  const literals = statements.flatMap((sql) => [...sql.matchAll(/'([A-Z0-9_*+-]+)'/g)].map(([, code = ""]) => code));
  expect(literals.length).toBeGreaterThan(100);
  expect(literals.filter((code) => !known.has(code) && !/^YYYY|^FM/.test(code))).toEqual([]);
});
