import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";
import { rawClient } from "../../../../drizzle/client.ts";
import { type LoadPool, openLoadPool } from "../../../../drizzle/copy.ts";
import { registerCubes } from "../../../../drizzle/registry/cubes.ts";
import { createLogin, dropLogin, loginOf } from "../../../../drizzle/reporting.ts";
import { figuresOpen } from "../../../../gateway/border/export/readers.ts";
import { type ReaderTerms, renewReaders } from "../../../../subgraphs/statistics/readers.ts";
import { asRole, useDatabases } from "../../../kit/database.ts";
import { release } from "../intake/cellKit.ts";

// Threats to the door for BI tools: a login that learns by plans, stays after its agreement, writes, or leaves something behind.

const databases = useDatabases();
const AGENCY = `TEST_T_${process.pid}`;
const LOGIN = loginOf(AGENCY);
const EVERYWHERE: ReaderTerms = { cubes: ["COVERAGE"], regions: [["0", "A"]] };
const ONE_REGENCY: ReaderTerms = { cubes: ["COVERAGE"], regions: [["3510", "3511"]] };
const OPEN_ONLY: ReaderTerms = { cubes: [], regions: [["0", "A"]] };
const HIDDEN = "region_code = '36' and period = '2026-10-01' and program = 'PKH' and decile = '*'";
let statistics: LoadPool;
let adminUrl: string;
let ownUrl: string;

const addressOf = (user: string, password: string, database?: string): string => {
  const own = new URL(adminUrl);
  [own.username, own.password] = [user, password];
  if (database) own.pathname = `/${database}`;
  return own.href;
};
const renew = (terms: ReaderTerms | null) => renewReaders(statistics, () => terms);
const rows = (query: string) => asRole(ownUrl, async (sql) => [...(await sql.unsafe(query))]);
const outcome = (query: string, url = ownUrl) =>
  asRole(url, (sql) => sql.unsafe(query)).then(
    () => "done",
    (error: { code?: string }) => error.code,
  );
const planOf = async (where: string) =>
  (await rows(`explain (analyze, timing off, summary off, buffers off, costs off) select 1 from coverage where ${where}`))
    .map((row) => row["QUERY PLAN"])
    .join("\n");
/** What was counted on the way. */
const countsOf = (plan: string) => [...plan.matchAll(/actual rows=[\d.]+ loops=\d+|never executed|Removed[^\n]*/g)].join("\n");
const told = async (measure: string) => countsOf(await planOf(`${HIDDEN} and ${measure}`));

beforeAll(async () => {
  const { owner, runtime } = databases.urls.statistics;
  const url = new URL(inject("databases").adminUrl);
  url.pathname = new URL(runtime).pathname;
  adminUrl = url.href;
  statistics = openLoadPool(databases.urls.publication as string, { max: 1 });
  await registerCubes(owner);
  await release(owner, "COVERAGE", { "2026-10": [["36", ["PKH", "*", "ENTITLED_UNSERVED"], 125]] });
  await release(owner, "BUDGET", { "2026-10": [["36", ["PKH", "*"], 30, 40, 1_000_000]] });
  await asRole(owner, async (sql) => {
    await sql`insert into statistics.cell (cube, period, region, parent, key, persons, units, is_public)
      select 'COVERAGE', '2026-' || to_char(m, 'FM00'), r::text, '0', array['PKH', k, 'ENTITLED_SERVED'], 100 + 5 * (r % 7), 100, false
      from generate_series(1, 12) m, generate_series(11, 99) r, unnest(array['1','2','3','4','5','6','7','8','9','10','*','NONE']) k`;
    await sql`analyze statistics.cell`;
  });
  const { password } = await createLogin(adminUrl, LOGIN);
  ownUrl = addressOf(LOGIN, password);
  const insert = "insert into statistics.reader values ($1, $2, 'PKS-TEST', '{}', '{}', clock_timestamp())";
  await statistics.load((loader) => loader.query(insert, [LOGIN, AGENCY]));
});
beforeEach(() => renew(EVERYWHERE));
afterAll(async () => {
  await statistics?.load((loader) => loader.query("delete from statistics.reader where login = $1", [LOGIN]));
  await dropLogin(adminUrl, LOGIN);
  await statistics?.end();
});

describe("a plan", () => {
  test("of a partner's cube is refused to a login whose terms do not hold it, and to one that is closed", async () => {
    const asked = `explain analyze select 1 from coverage where ${HIDDEN} and persons = 125`;
    expect(await outcome(asked)).toBe("done");
    await renew(OPEN_ONLY);
    expect([await outcome(asked), await outcome("select 1 from budget")]).toEqual(["42501", "done"]);
    await renew(EVERYWHERE);
    expect(await outcome(asked)).toBe("done");
    await renew(null);
    expect(await outcome(asked)).toBe("42501");
  });

  test("is the same whether a hidden measure is guessed right or wrong: outside the regions, and after the term", async () => {
    const guesses = async () => {
      for (const [right, wrong] of [
        ["persons = 125", "persons = 130"],
        ["persons < 126", "persons < 120"],
        ["units = 125", "units = 999"],
        ["suppressed = false", "suppressed = true"],
        ["total_rupiah is null", "total_rupiah is not null"],
      ] as const) {
        expect(await told(right), right).toBe(await told(wrong));
      }
    };
    await renew(ONE_REGENCY);
    await guesses();
    await renew(EVERYWHERE);
    const [seen] = await rows(`select persons from coverage where ${HIDDEN} and persons = 125`);
    expect(seen, "a login that may see it finds it").toEqual({ persons: 125 });
    const past = "update statistics.reader set open_until = clock_timestamp() - interval '1 day' where login = $1";
    await statistics.load((loader) => loader.query(past, [LOGIN]));
    expect(await rows(`select 1 from coverage where ${HIDDEN}`)).toEqual([]);
    await guesses();
  });

  test("still goes by the index for a region and a month", async () => {
    const plan = await planOf("region_code = '36' and program = 'PKH' and decile = '*' and level = 'PROVINCE' and persons > 10");
    expect(plan).toMatch(/Index[^\n]* on cell/);
    expect(plan).toMatch(/Index Cond: [^\n]*region = '36'/);
  });

  test("of the reconciliation tells nothing of ours where the login may not see it", async () => {
    await asRole(
      databases.urls.statistics.owner,
      (sql) => sql`insert into statistics.published_figure (code, cube, region, key, measure, value, as_of, source)
        values ('TEST_HIDDEN', 'COVERAGE', '36', ${["PKH", "*", "ENTITLED_UNSERVED"]}, 'UNITS', 50, '2026-10', 'test')`,
    );
    await renew(ONE_REGENCY);
    const counts = async (ours: number) =>
      (
        await rows(
          `explain (analyze, timing off, summary off, buffers off, costs off) select 1 from reconciliation where code = 'TEST_HIDDEN' and ours = ${ours}`,
        )
      )
        .map((row) => String(row["QUERY PLAN"]).match(/actual rows=.*|never executed/)?.[0])
        .join();
    expect(await counts(125)).toBe(await counts(130));
  });
});

describe("a login", () => {
  test("whose agreement ended loses its sessions; while it lasts they go on, but no transaction without end", async () => {
    const session = rawClient(ownUrl, { max: 1 });
    const pidNow = async () => (await session`select pg_backend_pid() as pid`)[0]?.["pid"];
    const isGone = async (pid: number) =>
      (await asRole(adminUrl, (sql) => sql`select from pg_stat_activity where pid = ${pid}`)).length === 0;
    const first = await pidNow();
    await session.unsafe("begin; set idle_in_transaction_session_timeout = 0; select 1");
    await renew(EVERYWHERE);
    expect(await pidNow(), "a session goes on while the agreement does").toBe(first);
    await renewReaders(statistics, () => EVERYWHERE, "0 seconds");
    await expect.poll(() => isGone(first)).toBe(true);

    const second = await pidNow();
    await renewReaders(statistics, () => EVERYWHERE, "0 seconds");
    expect(await pidNow(), "it has no transaction open").toBe(second);
    await renew(null);
    await expect.poll(() => isGone(second)).toBe(true);
    await session.end({ timeout: 1 });
  });

  test("that holds a view does not hold up a cube that changes", async () => {
    const holder = rawClient(ownUrl, { max: 1 });
    const write = (unit: string) =>
      asRole(databases.urls.statistics.owner, (sql) => sql`update statistics.cube set unit = ${unit} where code = 'BUDGET'`);
    await holder.unsafe("begin; set idle_in_transaction_session_timeout = 0; lock table reporting.budget in access share mode");
    await write("SEAT"); // else it waits for ever
    await holder.end({ timeout: 1 });
    await write("PAYMENT");
    expect(await outcome("select 1 from budget")).toBe("done");
  });

  test.each([
    ["messages to the write-ahead log", "select pg_logical_emit_message(false, 'x', 'y')"],
    ["notices by function", "select pg_notify('policy', 'x')"],
    ["transaction numbers", "select pg_current_xact_id()"],
    ["transaction numbers, by their old name", "select txid_current()"],
    ["snapshots", "select pg_export_snapshot()"],
    ["more to disk than a gigabyte", "set temp_file_limit = -1"],
    ["that bound away for good", "begin read write; alter role current_user set temp_file_limit = -1"],
    ["that bound away by forgetting it", "begin read write; alter role current_user reset temp_file_limit"],
  ])("cannot write %s", async (_, query) => expect(await outcome(query)).toBe("42501"));

  test("keeps the bound of its disk when it forgets all its settings, and begins with little memory", async () => {
    const settings = () =>
      rows("select current_setting('temp_file_limit') as disk, current_setting('work_mem') as memory").then(([row]) => row);
    expect(await settings()).toEqual({ disk: "1GB", memory: "32MB" });
    await rows("begin read write; alter role current_user reset all; commit");
    expect(await settings()).toMatchObject({ disk: "1GB" });
  });
});

/** What the server keeps of a password. */
const verifierOf = (login: string): Promise<string> =>
  asRole(adminUrl, (sql) => sql<{ kept: string }[]>`select rolpassword as kept from pg_authid where rolname = ${login}`).then(
    ([row]) => row?.kept ?? "",
  );

test("a login that made large objects in another database is removed with them, and an orphaned role is taken over", async () => {
  const login = loginOf(`${AGENCY}_LO`);
  const { password } = await createLogin(adminUrl, login);
  const before = await verifierOf(login);
  const elsewhere = addressOf(login, password, "postgres");
  expect(await outcome("begin read write; select lo_from_bytea(0, 'x'); commit", elsewhere)).toBe("done");
  await expect(createLogin(adminUrl, login)).rejects.toThrow(`the role ${login} exists already`);
  expect([await dropLogin(adminUrl, login), await dropLogin(adminUrl, login)]).toEqual([true, false]);

  await asRole(adminUrl, (sql) => sql.unsafe(`create role ${login} nologin`));
  const taken = await createLogin(adminUrl, login);
  expect(await outcome("select 1", addressOf(login, taken.password))).toBe("done");
  const after = await verifierOf(login);
  expect(after).toMatch(/^SCRAM-SHA-256\$/);
  expect(after, "the old password is none any more").not.toBe(before);
  await dropLogin(adminUrl, login);
});

test("an agreement about some programs opens to a login no partner's cube of programs", () => {
  const cubesFor = (programs: readonly string[] | null) => {
    const terms = {
      rows: { regions: [["0", "A"]], programs },
      needsCase: false,
      needsOfficer: false,
      admits: () => true,
      decisions: { verdict: () => ({ effect: "allow" }) },
    };
    const version = { state: "active", validFrom: 0, validTo: Number.POSITIVE_INFINITY, suspendsAt: null, windows: null, terms };
    const agreementsOf = new Map([[AGENCY, [{ number: "PKS-TEST", versions: [version] }]]]);
    return figuresOpen({ agreementsOf } as never, { agency: AGENCY, agreement: "PKS-TEST" })?.cubes;
  };
  expect(cubesFor(null)).toEqual(expect.arrayContaining(["COVERAGE", "PROPOSAL_FUNNEL"]));
  expect(cubesFor(["KIP"])).toEqual(["PROPOSAL_FUNNEL"]);
});
