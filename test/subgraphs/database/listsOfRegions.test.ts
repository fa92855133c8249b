import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Db, NO_DECILE_LIMIT, openPool, type Pool, type Scope } from "../../../drizzle/client.ts";
import { type RegionRange, regionRange } from "../../../schema/values/regionCode.ts";
import { listPersons } from "../../../subgraphs/population/data.ts";
import { listEnrolments } from "../../../subgraphs/programs/data.ts";
import { listHouseholds } from "../../../subgraphs/welfare/data.ts";
import { asServer, useDatabases } from "../../kit/database.ts";

// Six provinces with as many rows each, in no order; what a page reads is counted by the database, so no clock is asked.
const databases = useDatabases();
const SIZES = [10_000, 30_000] as const;
const SLICE_OF = { person: "population", household: "welfare", enrolment: "programs" } as const;
type Table = keyof typeof SLICE_OF;

const WHERE = "(31 + n % 6)::text || '10010001'";
const ID = (table: Table) => `md5('${table}' || n)::uuid`;
const MADE: Readonly<Record<Table, string>> = {
  person: `insert into population.person (id, nik, full_name, sex, birth_date, birth_place, mother_name, address, region)
    select ${ID("person")}, 9101000101909001 + n / 999 * 10000000000 + n % 999, md5(n::text), 'MALE', date '1950-01-01' + n % 20000, '', '', '', ${WHERE}`,
  household: `insert into welfare.household (id, region, address, decile, monthly_income)
    select ${ID("household")}, ${WHERE}, '', 1 + (hashtext(n::text) & 7), 100000 + abs(hashtext('i' || n)) % 4000000`,
  enrolment: `insert into programs.enrolment (id, person_id, program, state, region, started_on)
    select ${ID("enrolment")}, ${ID("person")}, 'BPNT', 'ACTIVE', ${WHERE}, '2026-01-01'`,
};

const pools = new Map<Table, Pool>();
beforeAll(() => {
  for (const [table, slice] of Object.entries(SLICE_OF))
    pools.set(table as Table, openPool(databases.urls[slice].runtime, { max: 1 }));
});
afterAll(async () => void (await Promise.all([...pools.values()].map((pool) => pool.end()))));

/** Makes a table so long. Past triggers and keys to other tables: they are not asked here, and a row is no more than a row. */
const grow = (table: Table, [from, to]: readonly [number, number]) =>
  asServer(databases.urls[SLICE_OF[table]].owner, async (server) => {
    await server`set session_replication_role = replica`;
    await server.unsafe(`${MADE[table]} from generate_series(${from + 1}, ${to}) n`);
    await server.unsafe(`vacuum analyze ${SLICE_OF[table]}.${table}`);
  });

const EVERYTHING: Scope = {
  ...{ regions: [["0", "A"]], programs: null, decileMax: NO_DECILE_LIMIT },
  ...{ agency: "kemensos", officer: null, citizen: null, agreement: "a", purpose: "DISBURSEMENT" },
};
const COUNTED = (table: Table) =>
  `select (seq_tup_read + coalesce(idx_tup_fetch, 0))::int as n from pg_stat_xact_user_tables where relname = '${table}'`;

/** How many rows of its table PostgreSQL looked at for one page. */
async function rowsRead(table: Table, page: (db: Db) => Promise<readonly unknown[]>): Promise<number> {
  const session = (pools.get(table) as Pool).session(EVERYTHING);
  const counted = async () => ((await session.db.execute(COUNTED(table))) as unknown as { n: number }[])[0]?.n ?? 0;
  try {
    const before = await counted();
    expect(await page(session.db)).toHaveLength(FIRST.limit);
    return (await counted()) - before;
  } finally {
    await session.close();
  }
}

const FIRST = { limit: 21, after: null };
const HALFWAY = { limit: 21, after: ["80000000-0000-4000-8000-000000000000"] };
const all = { decileMax: NO_DECILE_LIMIT, filter: {} };
const LISTS: readonly [name: string, Table, (regions: readonly RegionRange[]) => (db: Db) => Promise<readonly unknown[]>][] = [
  ["persons by id", "person", (regions) => (db) => listPersons(db, { regions, filter: {}, order: "ID" }, FIRST)],
  ["persons, deep", "person", (regions) => (db) => listPersons(db, { regions, filter: {}, order: "ID" }, HALFWAY)],
  ["persons by name", "person", (regions) => (db) => listPersons(db, { regions, filter: {}, order: "FULL_NAME" }, FIRST)],
  ["households by id", "household", (regions) => (db) => listHouseholds(db, { ...all, regions, order: "ID" }, FIRST)],
  ["households, deep", "household", (regions) => (db) => listHouseholds(db, { ...all, regions, order: "ID" }, HALFWAY)],
  ["households by decile", "household", (regions) => (db) => listHouseholds(db, { ...all, regions, order: "DECILE" }, FIRST)],
  ["households by income", "household", (regions) => (db) => listHouseholds(db, { ...all, regions, order: "INCOME" }, FIRST)],
  ["enrolments by id", "enrolment", (regions) => (db) => listEnrolments(db, { regions, programs: null, filter: {} }, FIRST)],
  ["enrolments, deep", "enrolment", (regions) => (db) => listEnrolments(db, { regions, programs: null, filter: {} }, HALFWAY)],
];

describe.each(SIZES)("a page of 20 of %i rows", (size) => {
  beforeAll(async () => {
    const before = SIZES[SIZES.indexOf(size) - 1] ?? 0;
    for (const table of Object.keys(MADE) as Table[]) await grow(table, [before, size]);
  });

  test.each(LISTS)("reads a page of the country, and of a province a few: %s", async (_name, table, list) => {
    const [country, province] = [
      await rowsRead(table, list([regionRange("0")])),
      await rowsRead(table, list([regionRange("33")])),
    ];
    expect(country).toBeLessThan(100);
    expect(province).toBeLessThan(1000);
  });
});
