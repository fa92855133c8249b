import fc from "fast-check";
import { beforeAll, expect, test, vi } from "vitest";
import { cubeOf } from "../../../../schema/statistics/cubes.ts";
import { startWorker } from "../../../../subgraphs/population/jobs/worker.ts";
import { asRole, failing, useDatabases } from "../../../kit/database.ts";
import { ani, budi, maria, siti, slamet } from "../../../kit/people.ts";
import { type Counted, leavesOf, rollups } from "../rollups/rollupKit.ts";

const databases = useDatabases();
const rollup = rollups("population", () => databases.urls.jobs);
const owner = <T>(work: Parameters<typeof asRole<T>>[1]) => asRole(databases.urls.population.owner, work);
const NOW = "2026-11-20T03:00:00Z";
const MONTH = "2026-11";

interface Row {
  readonly id: string;
  readonly region: string;
  readonly sex: string;
  readonly birth_date: string;
  readonly record_key: string;
}

/** Whole years from a day of birth to the first of a month. Born since: 0. */
const ageOn = (birth: string, month: string): number => {
  const [year = 0, at = 0] = month.split("-").map(Number);
  const [born = 0, bornIn = 0, day = 0] = birth.split("-").map(Number);
  const hadBirthday = bornIn < at || (bornIn === at && day === 1);
  return Math.max(0, year - born - (hadBirthday ? 0 : 1));
};
const AGES = cubeOf("RESIDENTS")?.dimensions[1]?.codes.filter((code) => code !== "UNKNOWN") ?? [];
/** Code of the band an age lies in, as the code itself says. */
const bandOf = (age: number): string =>
  AGES.find((code) => {
    const [from = 0, to = Number.POSITIVE_INFINITY] = code.replace("+", "").split("-").map(Number);
    return age >= from && age <= to;
  }) ?? "UNKNOWN";

const residents = (month: string): Promise<Counted[]> =>
  owner(async (sql) =>
    (
      await sql<
        Row[]
      >`select id, region, sex, birth_date::text, record_key(id)::text from person where is_alive and out_of_service is null`
    ).map(({ id, region, sex, birth_date, record_key }) => ({
      ...{ region: region.slice(0, 6), key: [sex, bandOf(ageOn(birth_date, month))], person: id },
      ...{ recordKey: BigInt(record_key), amount: 0n },
    })),
  );
async function expectTheRegister(): Promise<number> {
  const cells = (await rollup.cells("RESIDENTS"))(MONTH);
  expect(cells).toEqual(leavesOf(await residents(MONTH)));
  return cells.length;
}

beforeAll(() => rollup.fold(NOW));

test("residents are the living of the register in service, each once, by district, sex and age on the first of the month", async () => {
  expect(await expectTheRegister()).toBeGreaterThan(50);
  const [counted] = await owner(
    (sql) =>
      sql`select sum(persons)::int as cells, (select count(*)::int from person where is_alive and out_of_service is null) as persons from rollup_cell`,
  );
  expect(counted?.["cells"]).toBe(counted?.["persons"]);
  expect(counted?.["persons"]).toBeGreaterThan(100);
});

const DAYS = ["2026-11-20", "2026-11-02", "2026-11-01", "2026-10-31", "2020-11-01", "2020-11-02", "2013-11-01", "2008-11-02"];
const OLDER = ["2001-11-01", "1981-11-02", "1966-11-01", "1956-11-01", "1956-11-02", "1908-02-29"];
const PEOPLE = [siti, budi, ani, slamet, maria].map(({ id }) => id);
const change = fc.record({
  what: fc.constantFrom("birth_date", "sex", "is_alive", "out_of_service", "region", "address", "all"),
  who: fc.constantFrom(...PEOPLE),
  birth_date: fc.constantFrom(...DAYS, ...OLDER),
  sex: fc.constantFrom("MALE", "FEMALE"),
  is_alive: fc.boolean(),
  out_of_service: fc.constantFrom(null, "DUPLICATE", "INACTIVE"),
  region: fc.constantFrom("3510161001", "3510161002", "3171011001", "9301011002", "3510", "35"),
  address: fc.string({ maxLength: 5 }).map((text) => text.replaceAll("\0", "")),
});
type Change = typeof change extends fc.Arbitrary<infer One> ? One : never;

const make = ({ what, who, ...values }: Change) =>
  failing(
    owner((sql) =>
      what === "all"
        ? sql`update person set ${sql({ region: values.region, sex: values.sex })} where region < ${values.region}`
        : sql`update person set ${sql({ [what]: values[what] })} where id = ${who}`,
    ),
  );

test("whoever is born, moves, dies, comes back or is corrected, the cube follows and a rebuild finds nothing", async () => {
  let made = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 2, maxLength: 10 }), async (changes) => {
      for (const one of changes) made += (await make(one)) === "NO ERROR" ? 1 : 0;
      await rollup.fold(NOW);
      await expectTheRegister();
      expect(await rollup.rebuild("RESIDENTS", [MONTH], NOW)).toEqual([0]);
    }),
    { numRuns: 15 },
  );
  expect(made).toBeGreaterThan(40);
});

test("a registration that is added or taken away is in the cube, and one whose address alone changes is no news", async () => {
  const born = "00000000-0000-4000-8000-0000000000a1";
  await owner(
    (sql) => sql`insert into person (id, nik, full_name, sex, birth_date, birth_place, mother_name, address, region)
      select ${born}, 3510161211269001, 'BAYI', 'MALE', '2026-11-12', birth_place, full_name, address, '3510161001' from person where id = ${siti.id}`,
  );
  expect(await rollup.touched()).toEqual(["RESIDENTS 351016"]);
  await rollup.fold(NOW);
  await expectTheRegister();
  await owner((sql) => sql`update person set address = 'JALAN LAIN' where id = ${born}`);
  expect(await rollup.touched()).toEqual([]);
  await owner((sql) => sql`delete from person where id = ${born}`);
  expect(await rollup.touched()).toEqual(["RESIDENTS 351016"]);
  await rollup.fold(NOW);
  await expectTheRegister();
});

test("a month that is over keeps its figures; in the next one whoever had a birthday stands in the next band of ages", async () => {
  await owner(async (sql) => {
    await sql`update person set region = '3510161001' where region >= '93'`;
    await sql`update person set birth_date = '1966-11-15', is_alive = true, out_of_service = null, sex = 'FEMALE', region = '9301011002' where id = ${maria.id}`;
  });
  await rollup.fold(NOW);
  const november = (await rollup.cells("RESIDENTS"))(MONTH);
  const inMerauke = (cells: readonly string[]) => cells.flatMap((cell) => /^930101 (\S+ \d+)/.exec(cell)?.[1] ?? []);
  expect(inMerauke(november)).toEqual(["FEMALE/45-59 1"]);
  await rollup.fold("2026-12-01T00:00:00+07:00");
  expect(inMerauke((await rollup.cells("RESIDENTS"))("2026-12"))).toEqual(["FEMALE/60-69 1"]);
  await owner((sql) => sql`update person set is_alive = false where id = ${maria.id}`);
  await rollup.fold("2026-12-02T00:00:00+07:00");
  expect((await rollup.cells("RESIDENTS"))(MONTH)).toEqual(november);
  expect((await rollup.cells("RESIDENTS"))("2026-12")).toEqual(leavesOf(await residents("2026-12")));
});

test("the workers of matching keep the cube beside their work", async () => {
  await owner(
    (sql) =>
      sql`update person set region = case region when '3171011001' then '3510161001' else '3171011001' end where id = ${budi.id}`,
  );
  expect(await rollup.touched()).not.toEqual([]);
  const notes: string[] = [];
  const worker = await startWorker({ url: databases.urls.jobs ?? "", threads: 1, note: (text) => notes.push(text) });
  try {
    await vi.waitUntil(async () => (await rollup.touched()).length === 0, { timeout: 20_000, interval: 100 });
  } finally {
    await worker.stop();
  }
  expect(notes).toEqual([]);
});
