import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import type { rawClient } from "../../../../drizzle/client.ts";
import { type LoadPool, openLoadPool } from "../../../../drizzle/copy.ts";
import { createLogin, dropLogin, loginOf } from "../../../../drizzle/reporting.ts";
import { CUBES } from "../../../../schema/statistics/cubes.ts";
import { type ReaderTerms, renewReaders } from "../../../../subgraphs/statistics/readers.ts";
import { asRole, useDatabases } from "../../../kit/database.ts";
import { release, type Written } from "../intake/cellKit.ts";

// The door for BI tools: a login of PostgreSQL that sees released cells, what its agreement opens of them, and nothing else.

const databases = useDatabases();
const agencies = [`TEST_A_${process.pid}`, `TEST_B_${process.pid}`] as const;
const [mine, other] = [loginOf(agencies[0]), loginOf(agencies[1])];
const opened: Record<string, string> = {};
let statistics: LoadPool;
let adminUrl: string;

const COVERED: Written[] = ["0", "35", "3510", "351001", "3511", "36"].flatMap((region, at): Written[] => [
  [region, ["PKH", "*", "ENTITLED_UNSERVED"], 100 + 5 * at],
  [region, ["PKH", "1", "ENTITLED_UNSERVED"], null],
]);
const BUDGET: Written[] = [
  ["0", ["PKH", "*"], 40, 60, 90_071_992_547_409],
  ["36", ["PKH", "*"], 30, 40, 1_000_000],
  ["36", ["PKH", "LOST"], null, null, null],
];

const BANYUWANGI: ReaderTerms = { cubes: ["COVERAGE"], regions: [["3510", "3511"]] };
const NOTHING_MORE: ReaderTerms = { cubes: [], regions: [["0", "A"]] };
let terms: Record<string, ReaderTerms | null> = { [mine]: BANYUWANGI, [other]: NOTHING_MORE };
const renew = () => renewReaders(statistics, ({ login }) => terms[login] ?? null);

beforeAll(async () => {
  const { owner, runtime } = databases.urls.statistics;
  const url = new URL(inject("databases").adminUrl);
  url.pathname = new URL(runtime).pathname;
  adminUrl = url.href;
  statistics = openLoadPool(databases.urls.publication as string, { max: 2 });
  await asRole(owner, async (sql) => {
    for (const { code, slice, owner: controller, universe, unit, depth, dimensions, ...cube } of CUBES)
      await sql`insert into statistics.cube (code, slice, owner, universe, unit, depth, dimensions, has_total, is_public, is_official, refresh)
        values (${code}, ${slice}, ${controller}, ${universe}, ${unit}, ${depth}, ${sql.json(dimensions as never)}, ${cube.hasTotal}, ${cube.openness === "PUBLIC"}, ${cube.isOfficial}, ${cube.refresh})
        on conflict do nothing`;
  });
  await release(owner, "COVERAGE", { "2026-10": COVERED });
  await release(owner, "BUDGET", { "2026-09": BUDGET.slice(0, 1), "2026-10": BUDGET });
  for (const [at, agency] of agencies.entries()) {
    const login = loginOf(agency);
    const { password } = await createLogin(adminUrl, login);
    const own = new URL(adminUrl);
    [own.username, own.password] = [login, password];
    opened[login] = own.href;
    await statistics.load((loader) =>
      loader.query("insert into statistics.reader values ($1, $2, $3, '{}', '{}', clock_timestamp())", [
        login,
        agency,
        `PKS-TEST-${at}`,
      ]),
    );
  }
  await renew();
});
afterAll(async () => {
  for (const login of [mine, other]) {
    await statistics?.load((loader) => loader.query("delete from statistics.reader where login = $1", [login]));
    await dropLogin(adminUrl, login);
  }
  await statistics?.end();
});

const as = <T>(login: string, work: (sql: ReturnType<typeof rawClient>) => Promise<T>): Promise<T> =>
  asRole(opened[login] as string, work);
const rows = (login: string, query: string) => as(login, async (sql) => [...(await sql.unsafe(query))]);
const codesIn = async (login: string, view: string) =>
  (await rows(login, `select distinct region_code from ${view} order by 1`)).map((row) => row["region_code"]);
const refusal = (login: string, query: string) =>
  rows(login, query).then(
    () => "done",
    (error: { code?: string }) => error.code,
  );

describe("a login of a BI tool", () => {
  test("sees open figures of the whole country, and a partner's within the regions of its agreement", async () => {
    expect(await codesIn(mine, "budget")).toEqual(["0", "36"]);
    expect(await codesIn(mine, "coverage")).toEqual(["3510", "351001"]);
    expect(await codesIn(other, "budget")).toEqual(["0", "36"]);
    expect(await refusal(other, "select 1 from coverage"), "no agreement about it").toBe("42501");
  });

  test("sees the very cells that were released, to the rupiah, and what is withheld as withheld", async () => {
    const read = await rows(mine, "select * from budget where period = '2026-10-01' order by region_code, disposition");
    expect(
      read.map((row) => [
        row["region_code"],
        row["level"],
        row["program"],
        row["disposition"],
        row["units"],
        row["total_rupiah"],
        row["suppressed"],
      ]),
    ).toEqual([
      ["0", "COUNTRY", "PKH", "*", 60, "90071992547409", false],
      ["36", "PROVINCE", "PKH", "*", 40, "1000000", false],
      ["36", "PROVINCE", "PKH", "LOST", null, null, true],
    ]);
    expect(Object.keys(read[0] ?? {})).toEqual([
      "region_code",
      "parent_code",
      "level",
      "period",
      "program",
      "disposition",
      "persons",
      "units",
      "total_rupiah",
      "suppressed",
      "as_of",
      "release",
    ]);
    expect([read[0]?.["release"], read[0]?.["as_of"].toISOString()]).toEqual([1, "2026-10-28T00:00:00.000Z"]);
  });

  test("finds every registered cube, and a description of every column, Indonesian first", async () => {
    const views = await rows(
      mine,
      "select relname, obj_description(oid) as about from pg_class where relnamespace = 'reporting'::regnamespace and relkind = 'v' order by 1",
    );
    expect(views.map((row) => row["relname"])).toEqual([...CUBES.map(({ code }) => code.toLowerCase()), "reconciliation"].sort());
    const columns = await rows(
      mine,
      `select attrelid::regclass::text as view, attname, col_description(attrelid, attnum) as about from pg_attribute
       where attrelid in (select oid from pg_class where relnamespace = 'reporting'::regnamespace) and attnum > 0`,
    );
    expect(columns.length).toBeGreaterThan(130);
    expect(columns.filter(({ about }) => !/^[A-Z].* — ./.test(String(about)))).toEqual([]);
  });

  test("reads what others published beside ours where it may see ours", async () => {
    await asRole(databases.urls.statistics.owner, async (sql) => {
      await sql`delete from statistics.published_figure where code like 'TEST%'`;
      for (const [code, cube, region, key] of [
        ["TEST_BUDGET", "BUDGET", "36", ["PKH", "*"]],
        ["TEST_COVERAGE", "COVERAGE", "36", ["PKH", "*", "ENTITLED_UNSERVED"]],
      ] as const)
        await sql`insert into statistics.published_figure (code, cube, region, key, measure, value, as_of, source) values (${code}, ${cube}, ${region}, ${key as never}, 'UNITS', 50, '2026-10', 'test')`;
    });
    const read = await rows(
      mine,
      "select code, published, ours, difference, per_mille from reconciliation where code like 'TEST%' order by code",
    );
    expect(read.map((row) => Object.values(row))).toEqual([
      ["TEST_BUDGET", "50", "40", "-10", 800],
      ["TEST_COVERAGE", "50", null, null, null],
    ]);
  });

  test("sees nothing where its row is missing or closed, and nothing by another's", async () => {
    await asRole(databases.urls.statistics.owner, async (sql) => {
      const [row] = await sql`select set_config('role', 'none', false), count(*)::int as n from reporting.budget`;
      expect(row?.["n"], "the owner of the views is no reader").toBe(0);
    });
    const [seen] = await rows(mine, `select count(*)::int as n from budget where session_user <> '${mine}'`);
    expect(seen?.["n"]).toBe(0);
  });
});

describe("a login cannot", () => {
  test.each([
    ["read a table", "select * from statistics.cell"],
    ["read who else reads", "select * from statistics.reader"],
    ["write a view", "update reporting.budget set persons = 1"],
    ["make a table", "begin read write; create table reporting.mine (a int)"],
    ["make one in public", "begin read write; create table public.mine (a int)"],
    ["make a passing table", "begin read write; create temp table mine (a int)"],
    ["make a function", "begin read write; create function reporting.leak(text) returns boolean language sql as 'select true'"],
    ["make a schema", "begin read write; create schema mine"],
    ["become the owner", "set role hub_statistics_owner"],
    ["become the slice", "set session authorization hub_statistics"],
    ["write a large object", "begin read write; select lo_from_bytea(0, 'x')"],
    ["hold a lock that others wait for", "select pg_advisory_lock(1)"],
    ["read a file", "select pg_read_file('/etc/passwd')"],
    ["run a program", "copy (select 1) to program 'true'"],
    ["change what a view says", "begin read write; create or replace view reporting.budget as select 1"],
    ["make the views anew", "select statistics.show_cube(null)"],
    [
      "end others' connections",
      `select pg_terminate_backend(pid) from pg_stat_activity where usename = 'hub_statistics_owner' union all select pg_reload_conf()`,
    ],
  ])("%s", async (_, query) => expect(await refusal(mine, query)).toMatch(/^(42501|42809|55000|0A000)$/));

  test("write by default, ask for longer than half a minute, or connect without end", async () => {
    const [row] = await rows(
      mine,
      "select current_setting('default_transaction_read_only') as r, current_setting('statement_timeout') as t, current_setting('search_path') as p",
    );
    expect(row).toEqual({ r: "on", t: "30s", p: "reporting" });
    const [role] = await rows(
      mine,
      "select rolconnlimit, rolsuper, rolcreaterole, rolcreatedb, rolbypassrls, rolinherit from pg_roles where rolname = session_user",
    );
    expect(role).toEqual({
      rolconnlimit: 10,
      rolsuper: false,
      rolcreaterole: false,
      rolcreatedb: false,
      rolbypassrls: false,
      rolinherit: false,
    });
  });

  test("connect to the database of a slice that holds persons", async () => {
    for (const slice of ["population", "welfare", "programs", "governance", "banyuwangi"] as const) {
      const url = new URL(opened[mine] as string);
      url.pathname = new URL(databases.urls[slice].runtime).pathname;
      await expect(
        asRole(url.href, (sql) => sql`select 1`),
        slice,
      ).rejects.toMatchObject({ code: "42501" });
    }
  });

  test("learn of hidden rows by an error, a cast or a plan of its own making", async () => {
    for (const trick of [
      "1 / (persons - 125) > 0",
      "(region_code || 'x')::int > 0 or true",
      "case when region_code = '36' then 1/0 > 0 else true end",
    ]) {
      const told = await refusal(mine, `select region_code from coverage where ${trick}`);
      const onOwn = await refusal(
        mine,
        `select region_code from (values ('3510', 110), ('351001', 115)) as own (region_code, persons) where ${trick}`,
      );
      expect([trick, told]).toEqual([trick, onOwn]);
    }
    const stats = await rows(mine, "select count(*)::int as n from pg_stats where schemaname = 'statistics'");
    expect(stats).toEqual([{ n: 0 }]);
  });

  test("see what others ask", async () => {
    await as(other, async (sql) => {
      await sql.unsafe("select 'secret question' as q, pg_sleep(0)");
      const seen = await rows(mine, `select query from pg_stat_activity where usename = '${other}'`);
      expect(seen.length).toBeGreaterThan(0);
      expect(seen.every(({ query }) => query === "<insufficient privilege>")).toBe(true);
    });
  });
});

describe("the term of a login", () => {
  test("ends at once when its agreement does, and begins again with it", async () => {
    terms = { ...terms, [mine]: null };
    await renew();
    expect([await codesIn(mine, "budget"), await rows(mine, "select * from reconciliation")]).toEqual([[], []]);
    expect(await codesIn(other, "budget"), "others go on").toEqual(["0", "36"]);
    terms = { ...terms, [mine]: { ...BANYUWANGI, regions: [["36", "37"]] } };
    await renew();
    expect(await codesIn(mine, "coverage"), "as the agreement says now").toEqual(["36"]);
    terms = { ...terms, [mine]: BANYUWANGI };
    await renew();
  });

  test("ends by itself when nobody renews it, also for who has begun to read", async () => {
    const soon = "update statistics.reader set open_until = clock_timestamp() + interval '400 milliseconds' where login = $1";
    await as(mine, (sql) =>
      sql.begin(async (tx) => {
        await statistics.load((loader) => loader.query(soon, [mine]));
        await tx.unsafe("declare slow cursor for select * from budget");
        const first = await tx.unsafe("fetch 1 from slow");
        await sleep(600);
        const rest = await tx.unsafe("fetch all from slow");
        expect([first.length, rest.length]).toEqual([1, 0]);
        expect((await tx.unsafe("select * from budget")).length).toBe(0);
      }),
    );
    await renew();
    expect(await codesIn(mine, "budget")).toEqual(["0", "36"]);
  });

  test("is a minute at most, whoever renews it, and stays the agency's", async () => {
    const change = (set: string) =>
      statistics.load((loader) => loader.query(`update statistics.reader set ${set} where login = $1`, [mine]));
    await expect(change("open_until = clock_timestamp() + interval '1 day'")).rejects.toThrow("a minute at most");
    await expect(change("agreement = 'PKS-OTHER'")).rejects.toThrow("keeps its agency");
  });

  test("neither begins nor ends while policy is not known", async () => {
    const unknown = () =>
      renewReaders(statistics, () => {
        throw new Error("policy unknown");
      });
    await expect(unknown()).rejects.toThrow("policy unknown");
    expect(await codesIn(mine, "budget")).toEqual(["0", "36"]);
  });
});

test("a cube that changes changes its view, which logins go on reading; one that says the same again leaves it alone", async () => {
  const { owner } = databases.urls.statistics;
  const viewOf = () => asRole(owner, async (sql) => (await sql`select 'reporting.budget'::regclass::oid as oid`)[0]?.["oid"]);
  const before = await viewOf();
  const write = (unit: string) => asRole(owner, (sql) => sql`update statistics.cube set unit = ${unit} where code = 'BUDGET'`);
  await write("PAYMENT");
  expect(await viewOf()).toBe(before);
  await write("SEAT");
  expect(await viewOf()).not.toBe(before);
  expect(await codesIn(mine, "budget")).toEqual(["0", "36"]);
  await write("PAYMENT");
});
