import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { cubeOf } from "../../../../schema/statistics/cubes.ts";
import { type asRole, asServer, failing, useDatabases, useRole } from "../../../kit/database.ts";
import { rollups } from "../rollups/rollupKit.ts";
import { type AidRows, aidLeaves, aidRows, NATIONAL } from "./aidCubesKit.ts";

// No clock of the machine: the owner's acts bear their own days, the workers are told the instant.
const databases = useDatabases();
const workers = () => databases.urls.allocation ?? "";
const rollup = rollups("programs", workers, useRole(workers));
const NOW = "2026-11-20T03:00:00Z";
const MONTH = "2026-11";
const CUBES = ["BENEFICIARIES", "COVERAGE", "WAITING_LIST", "OVERLAP", "QUOTA"] as const;
const owner = useRole(() => databases.urls.programs.owner);
const rowsNow = () => owner((sql) => aidRows(sql, { day: "2026-11-30", month: MONTH }));
const cellsOf = async (cube: string) => (await rollup.cells(cube))(MONTH);
const rebuild = async (cube: string) => (await rollup.rebuild(cube, [MONTH], NOW))[0];
const touchedHere = async () => (await rollup.touched()).filter((line) => CUBES.some((cube) => line.startsWith(`${cube} `)));
const sumOf = (lines: readonly string[], of: RegExp) =>
  lines.filter((line) => of.test(line)).reduce((sum, line) => sum + Number(line.split(" ")[3]), 0);

/** Units served by region and program, as two cubes have them: what is released of the one is read off the other. */
const servedIn = async (cube: string, of: RegExp): Promise<Record<string, number>> => {
  const served: Record<string, number> = {};
  for (const line of (await cellsOf(cube)).filter((cell) => of.test(cell))) {
    const [region, key = "", , units] = line.split(" ");
    const place = `${region} ${key.split("/")[0]}`;
    served[place] = (served[place] ?? 0) + Number(units);
  }
  return served;
};
const servedByCoverage = () => servedIn("COVERAGE", /_SERVED /);
const servedByBeneficiaries = () => servedIn("BENEFICIARIES", /./);

/** Holds every cube against the rows it counts. */
async function expectTheRows(): Promise<AidRows> {
  const rows = await rowsNow();
  for (const cube of CUBES) expect([cube, await cellsOf(cube)]).toEqual([cube, aidLeaves(cube, rows)]);
  return rows;
}

beforeAll(async () => {
  await owner(
    (sql) => sql`insert into quota (id, program, period, region, seats, state, reason, made_by, made_at)
      values (${randomUUID()}, 'KIP_KULIAH', '2026', '', 900, 'IN_FORCE', 'uji', 'uji', now()), (${randomUUID()}, 'KIP_KULIAH', '2026-Q4', '35', 400, 'IN_FORCE', 'uji', 'uji', now()),
        (${randomUUID()}, 'KIP_KULIAH', '2026-11', '3510', 300, 'IN_FORCE', 'uji', 'uji', now()), (${randomUUID()}, 'KIP_KULIAH', '2026-10', '3511', 300, 'IN_FORCE', 'uji', 'uji', now())`,
  );
  await rollup.fold(NOW);
});

test("what was loaded is counted: beneficiaries, coverage, the waiting list, overlaps and seats are what the rows are", async () => {
  const rows = await expectTheRows();
  expect(rows.running.length).toBeGreaterThan(50);
  expect(rows.families.length).toBeGreaterThan(50);
  for (const cube of ["BENEFICIARIES", "COVERAGE", "OVERLAP"] as const) expect((await cellsOf(cube)).length).toBeGreaterThan(20);
  expect((await cellsOf("WAITING_LIST")).length).toBeGreaterThan(0);
});

test("a decree stands at its own level in the months it is for, and counts nobody", async () => {
  expect(await cellsOf("QUOTA")).toEqual([
    "0 KIP_KULIAH 0 900 0 0 0 0",
    "35 KIP_KULIAH 0 400 0 0 0 0",
    "3510 KIP_KULIAH 0 300 0 0 0 0",
  ]);
});

test("every code that is counted is a registered one", async () => {
  let seen = 0;
  for (const cube of CUBES)
    for (const line of await cellsOf(cube)) {
      const key = line.split(" ")[1]?.split("/") ?? [];
      const dimensions = cubeOf(cube)?.dimensions ?? [];
      expect(key).toHaveLength(dimensions.length);
      expect(dimensions.filter(({ codes }, at) => !codes.includes(key[at] ?? ""))).toEqual([]);
      seen += 1;
    }
  expect(seen).toBeGreaterThan(60);
});

test("the database tells apart the programs that the cubes are registered with", async () => {
  expect(await owner((sql) => sql`select unnest(programs.national()) as code`)).toEqual(NATIONAL.map((code) => ({ code })));
});

test("who is entitled stands in coverage once for each program, served or not", async () => {
  const [rows, cells] = [await rowsNow(), await cellsOf("COVERAGE")];
  for (const [program, { units }] of rows.entitled)
    expect([program, sumOf(cells, new RegExp(` ${program}/[^ ]*/ENTITLED_`))]).toEqual([program, units.size]);
});

test("each family that an aid reaches stands in one combination", async () => {
  const [rows, cells] = [await rowsNow(), await cellsOf("OVERLAP")];
  const persons = new Set(
    rows.running.filter(({ state }) => state === "ACTIVE" || state === "SUSPENDED").map(({ person }) => person),
  );
  const reached = new Set(
    rows.members.filter(({ person }) => person !== null && persons.has(person)).map(({ family }) => family),
  );
  expect(reached.size).toBeGreaterThan(20);
  expect(sumOf(cells, /./)).toBe(reached.size);
});

test("who waits for a seat is enrolled, and not served", async () => {
  const [rows, cells] = [await rowsNow(), await cellsOf("COVERAGE")];
  const served = rows.running.filter(({ program, state }) => program === "PKH" && (state === "ACTIVE" || state === "SUSPENDED"));
  expect(sumOf(await cellsOf("WAITING_LIST"), / PKH /)).toBeGreaterThan(0);
  expect(sumOf(cells, / PKH\/.*_SERVED/)).toBe(served.length);
});

test("whom the cube of beneficiaries counts coverage counts as served, in the same district", async () => {
  const served = await servedByBeneficiaries();
  expect(Object.keys(served).length).toBeGreaterThan(20);
  expect(await servedByCoverage()).toEqual(served);
});

test("an enrolment tells of where it is and where its people stand; of many at once all is counted", async () => {
  const [one] = await owner(
    (
      sql,
    ) => sql`select e.id, left(m.region, 6) as home from enrolment e join candidate_member m on m.person_id = e.person_id and m.delivery = delivery_in_force()
      where e.program = 'PKH' and e.state = 'ACTIVE' and m.region < '36' order by e.id limit 1`,
  );
  await owner((sql) => sql`update enrolment set region = '9471021001' where id = ${one?.["id"]}`);
  const [home, away] = [String(one?.["home"]), "947102"];
  expect(await touchedHere()).toEqual(
    [
      ...["BENEFICIARIES", "COVERAGE", "WAITING_LIST"].flatMap((cube) => [`${cube} ${home}`, `${cube} ${away}`]),
      `OVERLAP ${home}`,
    ].sort(),
  );
  await rollup.fold(NOW);
  await owner((sql) => sql`update enrolment set flag = flag`);
  await owner((sql) => sql`update candidate_family set stale_since = '2026-11-01'`);
  expect(await touchedHere()).toEqual([]);
  await owner(
    (sql) => sql`insert into enrolment (id, person_id, program, state, region, started_on)
    select gen_random_uuid(), gen_random_uuid(), 'BPNT', 'ACTIVE', (110101 + n)::text, '2026-11-01' from generate_series(1, 101) n`,
  );
  expect((await touchedHere()).filter((line) => line.startsWith("COVERAGE"))).toEqual(["COVERAGE "]);
  await rollup.fold(NOW);
  await expectTheRows();
});

const REGIONS = ["3510161001", "3171011001", "351016", "3510"];
const STATES = ["CANDIDATE", "WAITING", "ACTIVE", "SUSPENDED"];
const PROGRAMS = [...NATIONAL, "PKH_LOKAL"];
const pick = <T>(list: readonly T[], at: number): T => list[at % list.length] as T;
type Sql = Parameters<Parameters<typeof asRole>[1]>[0];
type Act = (sql: Sql, at: number, to: number) => Promise<unknown>;

const anEnrolment = (sql: Sql, at: number) =>
  sql`(select id from enrolment where ended_on is null order by id offset ${at} % (select count(*) from enrolment where ended_on is null) limit 1)`;
const aMember = (sql: Sql, at: number) =>
  sql`(select member_id from candidate_member where delivery = delivery_in_force() order by member_id offset ${at} % (select count(*) from candidate_member where delivery = delivery_in_force()) limit 1)`;

const digit = (sql: Sql, column: string) => sql`('x' || left(${sql(column)}::text, 1))::bit(4)::int`;
const someMembers = (sql: Sql, at: number) => sql`delivery = delivery_in_force() and ${digit(sql, "member_id")} = ${at % 16}`;

const ACTS: Readonly<Record<string, Act>> = {
  enrol: (sql, at, to) => sql`insert into enrolment (id, person_id, unit_id, program, state, region, started_on)
    select gen_random_uuid(), coalesce(m.person_id, gen_random_uuid()), case when ${to % 3 === 0} then case p.unit when 'FAMILY' then m.family_id else m.member_id end end, p.code,
      ${pick(STATES, to)}, ${pick(REGIONS, to)}, '2026-11-02' from candidate_member m, program p where m.member_id = ${aMember(sql, at)} and m.delivery = delivery_in_force() and p.code = ${pick(PROGRAMS, to)}`,
  move: (sql, at, to) => sql`update enrolment set state = ${pick(STATES, to)} where id = ${anEnrolment(sql, at)}`,
  end: (sql, at) =>
    sql`update enrolment set state = 'EXITED', ending = 'MOVED_ABROAD', ended_on = '2026-11-03' where id = ${anEnrolment(sql, at)}`,
  go: (sql, at, to) => sql`update enrolment set region = ${pick(REGIONS, to)} where id = ${anEnrolment(sql, at)}`,
  erase: (sql, at) => sql`delete from enrolment e where e.ended_on is null and left(e.id::text, 1) = ${(at % 16).toString(16)}
    and not exists (select from payment_period p where p.enrolment_id = e.id)`,
  many: (sql, _, to) =>
    sql`update enrolment set state = ${pick(STATES, to)} where ended_on is null and region < ${pick(REGIONS, to)}`,
  exclude: (
    sql,
    at,
    to,
  ) => sql`insert into exclusion (id, program, person_id, family_id, region, reason, source, evidence, valid_from, known_from)
    select gen_random_uuid(), ${to % 2 ? "PKH" : null}, case when ${to % 3 > 0} then m.person_id end, case when ${to % 3 === 0} then m.family_id end, m.region,
      ${pick(["CIVIL_SERVANT_OR_FORCES", "WITHDRAWN", "DECEASED"], to)}, 'TEST', 'x', '2026-11-01', now() from candidate_member m where m.member_id = ${aMember(sql, at)} and m.delivery = delivery_in_force()`,
  readmit: (sql) => sql`update exclusion set known_to = now() where known_to is null and source = 'TEST'`,
  grow_old: (sql, at) =>
    sql`update candidate_family set stale_since = '2026-11-04' where family_id = (select family_id from candidate_member where member_id = ${aMember(sql, at)} limit 1)`,
  rank: (sql, at, to) =>
    sql`update candidate_family set decile = ${1 + (to % 10)} where delivery = delivery_in_force() and family_id = (select family_id from candidate_member where member_id = ${aMember(sql, at)} limit 1)`,
  match: (sql, at) => sql`update candidate_member set person_id = null, match_status = 'NOT_FOUND' where ${someMembers(sql, at)}`,
  merge: (sql, at) => sql`update candidate_member set state = 'MERGED' where ${someMembers(sql, at)}`,
  leave: (sql, at) => sql`delete from candidate_member where ${someMembers(sql, at)}`,
  scatter: (sql, at) =>
    sql`delete from candidate_family where delivery = delivery_in_force() and ${digit(sql, "family_id")} = ${at % 16}`,
  found: (
    sql,
    at,
    to,
  ) => sql`insert into candidate_family (delivery, family_id, region, person_id, decile, rank, first_on, components, barred)
    values (delivery_in_force(), gen_random_uuid(), ${pick(REGIONS, to)}, gen_random_uuid(), ${1 + (at % 3)}, 1, '2025-01-01', '{ELDERLY}', '{}')`,
  arrive: (
    sql,
    at,
    to,
  ) => sql`insert into candidate_member (delivery, member_id, family_id, suffix, person_id, match_status, state, region, components, barred, decile, rank, first_on)
    values (delivery_in_force(), gen_random_uuid(), gen_random_uuid(), '01', gen_random_uuid(), 'MATCHED', 'ACTIVE', ${pick(REGIONS, to)}, '{PRIMARY}', '{}', ${1 + (at % 3)}, 1, '2025-01-01')`,
  relax: (sql, at) =>
    sql`update eligibility_rule set valid_to = case when ${at % 2 === 0} then null else date '2026-11-12' end where reason = 'DECILE_ABOVE_LIMIT'`,
  stop_component: (sql, at) =>
    sql`update component_rate set valid_to = case when ${at % 2 === 0} then null else date '2026-11-12' end where component = 'ELDERLY' and (valid_to is null or valid_to = '2026-11-12')`,
  allow: (sql, at) =>
    sql`update combination_rule set valid_to = case when ${at % 2 === 0} then null else date '2026-11-12' end where verdict = 'EXCLUSIVE'`,
  deliver: (sql, at, to) => deliver(sql, 1 + (at % 7), pick(REGIONS.slice(0, 2), to)),
  close: (sql, at, to) =>
    sql`update program_term set valid_to = case when ${at % 2 === 0} then date '2026-11-10' end where program = ${pick(NATIONAL, to)} and (valid_to is null or valid_to = '2026-11-10')`,
  seats: (sql, at, to) =>
    sql`update quota set seats = ${at}, state = ${to % 4 ? "IN_FORCE" : "CLOSED"} where program = 'KIP_KULIAH' and region = ${pick(["", "35", "3510"], to)}`,
  decree: (sql, at, to) => sql`insert into quota (id, program, period, region, seats, state, reason, made_by, made_at)
    values (gen_random_uuid(), ${pick(PROGRAMS, to)}, ${pick(["2026", "2026-Q4", "2026-12"], at)}, ${pick(["3578", "36", ""], at)}, ${100_000 + at}, 'IN_FORCE', 'uji', 'uji', now())`,
};

/** The delivery in force again as a new one, but for some families that moved and some that are no longer in it. */
async function deliver(sql: Sql, nth: number, region: string): Promise<void> {
  const [last] = await sql<
    { old: number; made: number }[]
  >`select delivery_in_force() as old, max(number) + 1 as made from target_delivery`;
  const { old = 0, made = 0 } = last ?? {};
  await sql`insert into target_delivery (number, basis, version, determined_on, received_at, families, members, sha256, state)
    values (${made}, 'DTSEN', 'T', '2026-11-01', now(), 0, 0, '', 'LOADING')`;
  const stays = sql`('x' || left(family_id::text, 8))::bit(32)::bigint`;
  for (const [table, own] of [
    ["candidate_family", ""] as const,
    ["candidate_member", "member_id, suffix, match_status, state, "] as const,
  ])
    await sql`insert into ${sql(table)} (delivery, region, ${sql.unsafe(own)} family_id, person_id, components, barred, decile, rank, first_on)
      select ${made}, case ${stays} % 7 when ${nth - 1} then ${region} else region end, ${sql.unsafe(own)} family_id, person_id, components, barred, decile, rank, first_on
      from ${sql(table)} where delivery = ${old} and ${stays} % 11 <> ${nth}`;
  await sql`update target_delivery set state = 'SUPERSEDED' where number = ${old}`;
  await sql`update target_delivery set state = 'IN_FORCE' where number = ${made}`;
}

const acts = fc.array(
  fc.record({
    act: fc.constantFrom(...Object.keys(ACTS)),
    at: fc.integer({ min: 0, max: 400 }),
    to: fc.integer({ min: 0, max: 400 }),
  }),
  { minLength: 1, maxLength: 6 },
);
type Chosen = typeof acts extends fc.Arbitrary<infer Some> ? Some : never;

test("whatever happens, what the events left is what the rows are, and what a rebuild finds", async () => {
  const done: string[] = [];
  await fc.assert(
    fc.asyncProperty(acts, async (chosen) => {
      for (const { act, at, to } of chosen) {
        const outcome = await failing(owner((sql) => sql.begin((tx) => ACTS[act]?.(tx as unknown as Sql, at, to))));
        if (outcome === "NO ERROR") done.push(act);
      }
      await rollup.fold(NOW);
      await expectTheRows();
      expect(await servedByCoverage()).toEqual(await servedByBeneficiaries());
      for (const cube of CUBES) expect([cube, await rebuild(cube)]).toEqual([cube, 0]);
    }),
    {
      numRuns: 25,
      examples: Object.keys(ACTS).map((act): [Chosen] => [
        [
          { act, at: 3, to: 5 },
          { act, at: 40, to: 30 },
        ],
      ]),
    },
  );
  expect([...new Set(done)].sort()).toEqual(Object.keys(ACTS).sort());
}, 240_000);

test("a change that nobody told of is found by the rebuild, and mended", async () => {
  await asServer(databases.urls.programs.owner, async (server) => {
    await server`set session_replication_role = replica`;
    await server`update programs.enrolment set state = 'ACTIVE' where state in ('CANDIDATE', 'WAITING')`;
  });
  for (const cube of ["BENEFICIARIES", "COVERAGE", "WAITING_LIST", "OVERLAP"]) {
    expect([cube, await rebuild(cube)]).not.toEqual([cube, 0]);
    expect([cube, await rebuild(cube)]).toEqual([cube, 0]);
  }
  await expectTheRows();
});
