import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { CUBES } from "../../../../schema/statistics/cubes.ts";
import { asRole, useDatabases } from "../../../kit/database.ts";
import { act, firstRows, someDate, uuid } from "./registryActs.ts";
import { countedByHand, registryRollups } from "./registryKit.ts";

const databases = useDatabases();
const rollup = registryRollups(() => databases.urls.registry);
const [NOW, DAY, MONTH] = ["2026-11-20T03:00:00Z", "2026-11-20", "2026-11"];
const OURS = CUBES.filter(({ slice }) => slice === "welfare");
const owner = <T>(work: Parameters<typeof asRole<T>>[1]) => asRole(databases.urls.welfare.owner, work);
type Sql = Parameters<Parameters<typeof asRole>[1]>[0];
const run = (statements: readonly string[], at = NOW) =>
  owner(async (sql) => {
    await sql.unsafe(`select set_config('hub.now', '${at}', false)`);
    for (const text of statements) await sql.unsafe(text);
  });

const counted = async (month = MONTH) =>
  Object.fromEntries(await Promise.all(OURS.map(async ({ code }) => [code, await rollup.cells(code, month)] as const)));
const rebuilt = async (at = NOW) => {
  const found: Record<string, unknown> = {};
  for (const { code } of OURS) found[code] = await rollup.rebuild(code, at.slice(0, 7), at);
  return found;
};
const NO_DIFFERENCE = Object.fromEntries(OURS.map(({ code }) => [code, 0]));

beforeAll(async () => {
  await run(firstRows());
  await rollup.fold(NOW);
});

describe("the cubes of the registry", () => {
  test("the slice counts the cubes that are registered for it, and none beside them", async () => {
    const rows = await owner((sql) => sql`select code, is_dated from welfare.cube order by code`);
    expect([...rows]).toEqual(
      OURS.map(({ code, isDated }) => ({ code, is_dated: isDated })).sort((a, b) => (a.code < b.code ? -1 : 1)),
    );
  });

  test("what the seeded registry holds is counted as by hand", async () => {
    expect(await counted()).toEqual(await countedByHand(databases.urls.welfare.owner, DAY));
    expect((await rollup.cells("REGISTRY_MEMBERS", MONTH)).length).toBeGreaterThan(50);
    expect((await rollup.cells("MATCH_QUALITY", MONTH)).length).toBeGreaterThan(20);
  });

  test("whatever happens to households, members and proposals, the figures follow the rows, and counting anew finds no difference", async () => {
    let steps = 0;
    const doAll = async (sql: Sql, statements: readonly string[]) => {
      for (const text of statements) await sql.unsafe(text);
    };
    const property = (sql: Sql, worker: Sql) =>
      fc.asyncProperty(fc.array(act(NOW), { minLength: 20, maxLength: 40 }), async (acts) => {
        for (const next of acts) {
          const statements = next();
          await doAll(sql, statements);
          const [found] = await worker`select sum(welfare.rebuild_rollup(code, ${MONTH}, ${NOW}))::int as n from welfare.cube`;
          expect(found, statements.join("; ")).toEqual({ n: 0 });
          steps += 1;
        }
        for (const next of fc.sample(act(NOW), 5)) await doAll(sql, next());
        await rollup.fold(NOW);
        expect(await counted()).toEqual(await countedByHand(databases.urls.welfare.owner, DAY));
      });
    const check = (sql: Sql, worker: Sql) => fc.assert(property(sql, worker), { numRuns: 5, endOnFailure: true });
    await owner((sql) => asRole(databases.urls.registry ?? "", (worker) => check(sql, worker)));
    expect(steps).toBeGreaterThan(50);
  }, 120_000);

  test("sex and age are read as everywhere from the NIK, in every month of a century", async () => {
    const niks = fc.sample(someDate, { numRuns: 3000, seed: 8 });
    await run([
      `insert into welfare.household (id, region, address) values (md5('nik home')::uuid, '7401011001', 'JL UJI')`,
      `insert into welfare.family (id, household_id, registry_number, number_in_household, region) select md5('nik' || n)::uuid, md5('nik home')::uuid, 'NIK-' || n, n, '7401011001' from generate_series(1, 40) n`,
      `insert into welfare.member (id, household_id, family_id, suffix, relation, match_status, claimed_name, claimed_nik, state, region)
        select md5('nik' || n)::uuid, md5('nik home')::uuid, md5('nik' || 1 + n % 40)::uuid, lpad((1 + n / 40)::text, 2, '0'), 'CHILD', 'NOT_FOUND', 'UJI', nik, 'ACTIVE', '7401011001'
        from unnest('{${niks.join()}}'::text[]) with ordinality as said (nik, n)`,
    ]);
    for (const day of ["2026-11-20", "2027-02-03", "2028-02-29", "2099-12-31"]) {
      const counts = await owner(
        (sql) => sql`select concat_ws(' ', region, array_to_string(key, '/'), persons, units, cell_key, 0, 0, 0) as line
          from welfare.count_registry_members('7401', ${day.slice(0, 7)})`,
      );
      const byHand = (await countedByHand(databases.urls.welfare.owner, day))["REGISTRY_MEMBERS"] ?? [];
      expect(counts.map(({ line }) => String(line)).sort()).toEqual(byHand.filter((line) => line.startsWith("7401 ")));
      expect(counts.length).toBeGreaterThan(14);
    }
  });

  test("codes that come out are registered, in their order", async () => {
    for (const { code, dimensions } of OURS) {
      const keys = (await rollup.cells(code, MONTH)).map((line) => line.split(" ")[1]?.split("/") ?? []);
      expect(keys.length).toBeGreaterThan(0);
      for (const key of keys) {
        expect(key).toHaveLength(dimensions.length);
        for (const [at, { codes }] of dimensions.entries()) expect(codes).toContain(key[at]);
      }
    }
  });
});

describe("the funnel of proposals", () => {
  const proposal = (id: string, act: string, movedAt: string) =>
    `insert into welfare.proposal (id, number, state, act, region, channel, aid, basis, address, proposer_officer, created_at, moved_at)
      values (${uuid(id)}, '${id}', 'FINALISED', '${act}', '6401011001', 'FORMAL', '{PKH}', 'DTSEN', 'JL UJI', 'uji', '2026-10-01', '${movedAt}')`;
  const inKutai = async (month = MONTH) =>
    (await rollup.cells("PROPOSAL_FUNNEL", month)).filter((line) => line.startsWith("6401")).map((line) => line.split(" ")[1]);

  test("a proposal that the head of office approves on the way has waited in its stage since it came there", async () => {
    await run([proposal("finalised", "FINALISE", "2026-11-18T03:00:00Z")]);
    await run([proposal("approved", "APPROVE", "2026-11-19T03:00:00Z")], "2026-10-30T03:00:00Z");
    await rollup.fold(NOW);
    expect(await inKutai()).toEqual(["FINALISED/0-7", "FINALISED/15-30"]);
  });

  test("days pass: once a day everybody has waited longer, and counting anew on a later day finds no difference", async () => {
    const wait = (at: string) => asRole(databases.urls.registry ?? "", (sql) => sql`select welfare.wait_a_day(${at}) as n`);
    const later = "2026-11-28T20:00:00Z"; // the 29th in Jakarta
    expect((await wait(later))[0]?.["n"]).toBe(1);
    expect((await wait(later))[0]?.["n"]).toBe(0);
    await rollup.fold(later);
    expect(await inKutai()).toEqual(["FINALISED/15-30", "FINALISED/8-14"]);
    expect(await rebuilt(later)).toEqual(NO_DIFFERENCE);
    expect(await counted()).toEqual(await countedByHand(databases.urls.welfare.owner, "2026-11-29"));
  });

  test("in a month that is open everybody has waited until its last rebuild, also just after it opened; in one that closed until its end", async () => {
    const opening = "2026-12-02T03:00:00Z";
    await rollup.fold(opening);
    expect(await inKutai("2026-12")).toEqual(["FINALISED/31-90", "FINALISED/8-14"]);
    expect(await counted("2026-12")).toEqual(await countedByHand(databases.urls.welfare.owner, "2026-12-02"));
    expect(await counted()).toEqual(await countedByHand(databases.urls.welfare.owner, "2026-11-30"));
  });
});
