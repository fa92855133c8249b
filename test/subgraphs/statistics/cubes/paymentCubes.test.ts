import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { PAYMENT_STATES } from "../../../../drizzle/tables/programs/programs.ts";
import { cubeOf } from "../../../../schema/statistics/cubes.ts";
import { programs } from "../../../../subgraphs/programs/index.ts";
import { asRole, failing, useDatabases } from "../../../kit/database.ts";
import { useSlice } from "../../../kit/slice.ts";
import { BRI, begunPeriod, instructedOrder, paymentsDesk } from "../../aid/payments/kit.ts";
import { type Counted, leavesOf, rollups } from "../rollups/rollupKit.ts";

const databases = useDatabases();
const slice = useSlice(programs, { databaseUrl: () => databases.urls.programs.runtime });
const desk = paymentsDesk(slice, () => databases.urls);
const rollup = rollups("programs", () => databases.urls.allocation);
const NOW = "2026-11-20T03:00:00Z";

/** Tells the cubes that are of payments, whatever else the slice rolls up. */
const touchedHere = async () => (await rollup.touched()).filter((line) => /^(?:PAYMENT_FUNNEL|BUDGET) /.test(line));
const owner = <T>(work: Parameters<typeof asRole<T>>[1]) => asRole(databases.urls.programs.owner, work);
type Client = Parameters<Parameters<typeof owner>[0]>[0];
const codesOf = (cube: string, dimension: string) => cubeOf(cube)?.dimensions.find(({ name }) => name === dimension)?.codes ?? [];

interface Payment {
  readonly person: string;
  readonly program: string;
  readonly region: string;
  readonly month: string;
  readonly amount: string;
  readonly state: string;
  readonly failure: string | null;
  readonly record_key: string;
}
const rowsNow = () =>
  owner(async (sql) => [
    ...(await sql<Payment[]>`select person_id as person, program, region, to_char(starts_on, 'YYYY-MM') as month, amount::text,
      state, failure, record_key(person_id)::text from payment_period`),
  ]);

const ACCOUNTED: Readonly<Record<string, string>> = {
  ...{ CREDITED: "PAID", TRANSACTED: "PAID", NOT_TRANSACTED: "PAID", RETURNED: "LOST", EXCLUDED: "LOST" },
};
const failureOf = (failure: string | null) =>
  failure === null ? "NONE" : codesOf("PAYMENT_FUNNEL", "failure").includes(failure) ? failure : "OTHER";
const KEYS: Readonly<Record<string, (row: Payment) => string[]>> = {
  PAYMENT_FUNNEL: ({ program, state, failure }) => [program, state, failureOf(failure)],
  BUDGET: ({ program, state }) => [program, ACCOUNTED[state] ?? "OPEN"],
};
const counted = (rows: readonly Payment[], cube: string, month: string): Counted[] =>
  rows
    .filter((row) => row.month === month && row.failure !== "PERIOD_DISCARDED" && codesOf(cube, "program").includes(row.program))
    .map((row) => ({
      ...{ region: row.region.slice(0, 6), key: KEYS[cube]?.(row) ?? [], person: row.person },
      ...{ recordKey: BigInt(row.record_key), amount: BigInt(row.amount) },
    }));

/** Holds every month of both cubes against the rows; answers how many cells it saw. */
async function expectTheRows(): Promise<number> {
  const rows = await rowsNow();
  let seen = 0;
  for (const cube of Object.keys(KEYS)) {
    const cells = await rollup.cells(cube);
    for (const month of new Set(rows.map((row) => row.month))) {
      expect(cells(month)).toEqual(leavesOf(counted(rows, cube, month)));
      seen += cells(month).length;
    }
  }
  return seen;
}

beforeAll(() => rollup.fold(NOW));

test("what was loaded is counted: each month of the funnel and of the budget is what its payments are, to the rupiah", async () => {
  expect(await expectTheRows()).toBeGreaterThan(200);
  const [sums] = await owner(
    (
      sql,
    ) => sql`select sum(total) filter (where cube = 'BUDGET')::text as budget, sum(total) filter (where cube = 'PAYMENT_FUNNEL')::text as funnel,
      (select sum(amount)::text from payment_period where failure is distinct from 'PERIOD_DISCARDED'
        and program = any (${[...codesOf("BUDGET", "program")]})) as rows from rollup_cell`,
  );
  expect(sums?.["budget"]).toBe(sums?.["rows"]);
  expect(sums?.["funnel"]).toBe(sums?.["rows"]);
  expect(BigInt(sums?.["rows"])).toBeGreaterThan(0n);
});

const CHANGES = [
  "state",
  "failure",
  "amount",
  "region",
  "month",
  "program",
  "person",
  "delete",
  "copy",
  "discard",
  "many",
] as const;
const change = fc.record({
  what: fc.constantFrom(...CHANGES),
  which: fc.integer({ min: 0, max: 400 }),
  to: fc.integer({ min: 0, max: 400 }),
});
type Change = typeof change extends fc.Arbitrary<infer One> ? One : never;

const FAILURES = [null, "ACCOUNT_NOT_FOUND", "NOT_COLLECTED", "WITHDRAWN", "NOT_ELIGIBLE", "RECIPIENT_DECEASED"];
const REGIONS = ["3510161001", "3171011001", "351016", "3510", "9301011002"];
const pick = <T>(list: readonly T[], at: number): T => list[at % list.length] as T;

/** SQLSTATE the change was refused with, or NO ERROR. The owner passes the rules of the chain, not those of the table. */
const make = (sql: Client, { what, which, to }: Change) =>
  failing(
    (async () => {
      const one = sql`(select id from payment_period order by id offset ${which} % (select count(*) from payment_period) limit 1)`;
      if (what === "delete") await sql`delete from payment_period where id = ${one}`;
      else if (what === "copy")
        await sql`insert into payment_period (id, enrolment_id, person_id, program, region, period, starts_on, ends_on, amount, state, channel)
          select gen_random_uuid(), enrolment_id, person_id, program, region, 'COPY', d, d + 5, amount + ${to}, 'CANDIDATE', channel
          from payment_period cross join (select date '2026-01-03' + ${to} * 7 as d) day where id = ${one}`;
      else if (what === "many")
        await sql`update payment_period set state = ${pick(PAYMENT_STATES, to)}, failure = 'NOT_ELIGIBLE' where region >= ${pick(REGIONS, which)}`;
      else await sql`update payment_period set ${sql(newValueOf(what, to))} where id = ${one}`;
    })(),
  );
function newValueOf(what: Change["what"], to: number): Record<string, unknown> {
  const failure = pick(FAILURES, to);
  const values: Partial<Record<Change["what"], Record<string, unknown>>> = {
    state: { state: pick(PAYMENT_STATES, to), failure },
    failure: { failure },
    amount: { amount: String(to * 25_000) },
    region: { region: pick(REGIONS, to) },
    month: { starts_on: `2026-0${1 + (to % 9)}-01`, ends_on: `2026-0${1 + (to % 9)}-27` },
    program: { program: pick(["PKH", "BPNT", "ATENSI", "BST"], to) },
    discard: { state: "EXCLUDED", failure: "PERIOD_DISCARDED" },
  };
  return values[what] ?? { version: to };
}

test("whatever changes in payments, by whatever statement, the cubes follow to the rupiah and a rebuild finds nothing", async () => {
  let made = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 3, maxLength: 12 }), async (changes) => {
      await owner(async (sql) => {
        for (const one of changes) made += (await make(sql, one)) === "NO ERROR" ? 1 : 0;
      });
      await rollup.fold(NOW);
      await expectTheRows();
      for (const cube of Object.keys(KEYS)) expect(await rollup.rebuild(cube, ["2026-01", "2026-07"], NOW)).toEqual([0, 0]);
    }),
    { numRuns: 10 },
  );
  expect(made).toBeGreaterThan(30);
}, 90_000);

test("every state of a payment is a stage of the funnel and has one disposition, and no cell bears a code that is not registered", async () => {
  expect(codesOf("PAYMENT_FUNNEL", "stage")).toEqual(PAYMENT_STATES);
  const dispositions = await owner(
    (sql) => sql`select s as state, disposition_of(s) as becomes from unnest(${[...PAYMENT_STATES]}::text[]) s`,
  );
  expect(dispositions.map(({ state, becomes }) => [state, becomes])).toEqual(
    PAYMENT_STATES.map((state) => [state, ACCOUNTED[state] ?? "OPEN"]),
  );
  const reasons = await owner((sql) => sql`select code, failure_counted(code) as counted from payment_failure`);
  expect(reasons.map(({ counted }) => counted)).toEqual(reasons.map(({ code }) => failureOf(code)));
  const cells = await owner(
    (sql) =>
      sql<
        { cube: string; key: string[] }[]
      >`select distinct cube, key from rollup_cell where cube in ('PAYMENT_FUNNEL', 'BUDGET')`,
  );
  expect(cells.length).toBeGreaterThan(20);
  const isRegistered = ({ cube, key }: { cube: string; key: string[] }) =>
    cubeOf(cube)?.dimensions.every(({ codes }, at) => codes.includes(key[at] ?? "")) &&
    cubeOf(cube)?.dimensions.length === key.length;
  expect(cells.filter((cell) => !isRegistered(cell))).toEqual([]);
});

test("the cubes stand in the database as they are registered", async () => {
  const rows = await owner(
    (sql) => sql`select code, is_dated from cube where code in ('PAYMENT_FUNNEL', 'BUDGET') order by code`,
  );
  expect(rows.map((row) => [row["code"], row["is_dated"]])).toEqual([
    ["BUDGET", cubeOf("BUDGET")?.isDated],
    ["PAYMENT_FUNNEL", cubeOf("PAYMENT_FUNNEL")?.isDated],
  ]);
});

test("a payment that goes on while its money does not is news for the funnel alone; one that only gets another version for neither", async () => {
  await rollup.fold(NOW);
  const set = (values: Record<string, unknown>) =>
    owner((sql) => sql`update payment_period set ${sql(values)} where id = (select min(id::text)::uuid from payment_period)`);
  await set({
    state: "CREDITED",
    failure: null,
    starts_on: "2026-07-01",
    ends_on: "2026-09-30",
    program: "BPNT",
    region: "3510161001",
  });
  await rollup.fold(NOW);
  await set({ version: 99 });
  expect(await touchedHere()).toEqual([]);
  await set({ state: "TRANSACTED" });
  expect(await touchedHere()).toEqual(["PAYMENT_FUNNEL 2026-07 351016"]);
  await set({ state: "RETURNED" });
  expect(await touchedHere()).toEqual(["BUDGET 2026-07 351016", "PAYMENT_FUNNEL 2026-07 351016"]);
});

test("from the list to the credit every act of the officers is in the cubes once it is worked off, and the budget says what is paid", async () => {
  await owner((sql) => sql`delete from payment_period where starts_on >= '2026-10-01'`);
  await desk.settle2Banks(1);
  const run = (await begunPeriod(desk, "2026-Q4", ["2026-10-01", "2026-12-31"])).id;
  const order = await instructedOrder(desk, run, "SPM 0001");
  await rollup.fold(NOW);
  await expectTheRows();
  const [paid] = order.payments;
  await desk.report(BRI, "BANK_CREDIT", [{ payment: paid?.id ?? "", state: "CREDITED", amount: paid?.amount ?? "" }]);
  await rollup.fold(NOW);
  await expectTheRows();
  const [line] = (await rollup.cells("BUDGET"))("2026-10").filter((cell) => cell.includes("BPNT/PAID"));
  expect(line).toMatch(new RegExp(`^${paid?.region.slice(0, 6)} BPNT/PAID 1 1 [0-9]+ ${paid?.amount} ${paid?.amount} 0$`));
  expect(await rollup.rebuild("BUDGET", ["2026-10"], NOW)).toEqual([0]);
});
