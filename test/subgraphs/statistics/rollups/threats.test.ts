import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { openLoadPool } from "../../../../drizzle/copy.ts";
import { attestationSigner, devAttestationSecret } from "../../../../schema/attestation.ts";
import { releaseUniverse } from "../../../../subgraphs/kit/figures/released.ts";
import { asRole, asServer, failing, useDatabases } from "../../../kit/database.ts";
import { firstRows } from "../cubes/registryActs.ts";
import { countedByHand, registryRollups } from "../cubes/registryKit.ts";

// Months turn from test to test: November 2026 is open first.
const databases = useDatabases();
const rollup = registryRollups(() => databases.urls.registry);
const owner = <T>(work: Parameters<typeof asRole<T>>[1]) => asRole(databases.urls.welfare.owner, work);
const worker = <T>(work: Parameters<typeof asRole<T>>[1]) => asRole(databases.urls.registry ?? "", work);
type Sql = Parameters<Parameters<typeof asRole>[1]>[0];
const STATES = ["MATCH_QUALITY", "PROPOSAL_FUNNEL", "REGISTRY_HOUSEHOLDS", "REGISTRY_MEMBERS"];

const sleepFive = (sql: Sql) =>
  sql`update welfare.member set state = 'DORMANT' where id in (select id from welfare.member where state = 'ACTIVE' order by id limit 5)`;
const byHand = (day: string) => countedByHand(databases.urls.welfare.owner, day);
const counted = async (month: string) =>
  Object.fromEntries(await Promise.all(STATES.map(async (cube) => [cube, await rollup.cells(cube, month)] as const)));
const entriesOf = (lines: readonly string[] = []) => lines.reduce((sum, line) => sum + Number(line.split(" ")[3]), 0);

/** Waits until somebody waits for an advisory lock of this database. */
async function untilHeldUp(sql: Sql): Promise<void> {
  const waiting = `select from pg_locks l join pg_database d on d.oid = l.database and d.datname = current_database() where l.locktype = 'advisory' and not l.granted`;
  while ((await sql.unsafe(waiting)).length === 0) await sleep(20);
}

async function release(month: string, at: string) {
  const pool = openLoadPool(databases.urls.registry ?? "", { max: 1 });
  const signer = attestationSigner(devAttestationSecret("welfare"));
  const asked = { pool, slice: "welfare", universe: "member", month, signer, now: new Date(at), isFinal: true } as const;
  return releaseUniverse(asked).finally(() => pool.end());
}

beforeAll(async () => {
  await owner(async (sql) => {
    await sql`select set_config('hub.now', '2026-11-20T03:00:00Z', false)`;
    for (const text of firstRows()) await sql.unsafe(text);
  });
  await rollup.fold("2026-11-30T16:59:50Z");
});

describe("a month that turns", () => {
  test("with work left over closes with all of it, in every cube alike, and has its final release", async () => {
    await owner(sleepFive);
    await worker((sql) => sql`select welfare.fold_touched('2026-11-30T16:59:59Z')`);
    expect(new Set((await rollup.touched()).map((line) => line.split(" ")[0]))).not.toEqual(new Set());
    await rollup.fold("2026-11-30T17:00:01Z");
    expect(await counted("2026-11")).toEqual(await byHand("2026-11-30"));
    expect((await release("2026-11", "2026-11-30T18:00:00Z")).map(({ said }) => said.isFinal)).toEqual([true, true]);
  });

  test("is not rewritten by a worker that took its instant before midnight and waited; what it finds is the new month's", async () => {
    const november = await counted("2026-11");
    await worker(async (holder) => {
      await holder.unsafe("begin; select welfare.open_month('2026-11-30T17:00:01Z')");
      await owner(sleepFive);
      const late = worker((sql) => sql`select welfare.fold_touched('2026-11-30T16:59:59.900Z')`);
      await untilHeldUp(holder);
      await holder.unsafe("commit");
      await late;
    });
    await rollup.fold("2026-11-30T16:59:59Z");
    expect(await rollup.touched()).toEqual([]);
    expect(await counted("2026-11")).toEqual(november);
    expect(await counted("2026-12")).toEqual(await byHand("2026-12-01"));
    for (const cube of STATES) expect(await rollup.rebuild(cube, "2026-12", "2026-11-30T16:59:59Z")).toBe(0);
  });

  test("changes that come while it closes are in all cubes of their universe, or in none", async () => {
    await owner((sql) =>
      sql.unsafe(`alter function welfare.count_match_quality rename to count_match_quality_at_last;
        create function welfare.count_match_quality(of_region text, of_period text)
        returns table (region text, key text[], persons integer, units integer, cell_key bigint, total bigint, largest bigint, second bigint)
        language plpgsql stable as 'begin perform pg_advisory_xact_lock_shared(4); return query select * from welfare.count_match_quality_at_last(of_region, of_period); end'`),
    );
    const before = entriesOf((await byHand("2026-12-31"))["REGISTRY_MEMBERS"]);
    await owner(async (sql) => {
      await sql`select pg_advisory_lock(4)`;
      const closing = worker((worker) => worker`select welfare.open_month('2026-12-31T17:00:00Z')`);
      await untilHeldUp(sql);
      await sleepFive(sql);
      await sql`select pg_advisory_unlock(4)`;
      await closing;
    });
    const december = await counted("2026-12");
    expect([december["MATCH_QUALITY"], december["REGISTRY_MEMBERS"]].map(entriesOf)).toEqual([before, before]);
    await rollup.fold("2026-12-31T17:00:01Z");
    expect(await counted("2026-12")).toEqual(december);
    const january = await counted("2027-01");
    expect(january).toEqual(await byHand("2027-01-01"));
    expect(entriesOf(january["REGISTRY_MEMBERS"])).toBe(before - 5);
    expect(await release("2026-12", "2026-12-31T18:00:00Z")).toHaveLength(2);
  });
});

describe("a month that is closed, or not yet open", () => {
  test("is counted by nobody, not even by the owner", async () => {
    const closed = "month 2026-11 of cube MATCH_QUALITY is not open";
    await expect(rollup.rebuild("MATCH_QUALITY", "2026-11", "2026-11-30T16:00:00Z")).rejects.toThrow(closed);
    await expect(owner((sql) => sql`select welfare.fold(array['MATCH_QUALITY'], '2026-11', '')`)).rejects.toThrow(closed);
    await owner(sleepFive);
    await expect(owner((sql) => sql`select welfare.fold_lines('MATCH_QUALITY', '2026-11', 500)`)).rejects.toThrow(closed);
    expect((await rollup.touched()).some((line) => line.startsWith("MATCH_QUALITY"))).toBe(true);
    for (const month of ["2026-10", "2027-02"])
      await expect(rollup.rebuild("MATCH_QUALITY", month, `${month}-05T03:00:00Z`)).rejects.toThrow("is not open");
  });

  test("a clock that is behind neither opens an older month nor counts days that had passed back", async () => {
    await rollup.fold("2027-01-20T03:00:00Z");
    await rollup.rebuild("PROPOSAL_FUNNEL", "2027-01", "2027-01-20T03:00:00Z");
    await rollup.fold("2027-01-20T03:00:00Z");
    const january = await counted("2027-01");
    for (const at of ["2026-10-05T03:00:00Z", "2027-01-05T03:00:00Z"]) {
      expect((await worker((sql) => sql`select welfare.wait_a_day(${at}) as n`))[0]?.["n"]).toBe(0);
      await rollup.rebuild("PROPOSAL_FUNNEL", "2027-01", at);
      await rollup.fold(at);
    }
    expect(await counted("2027-01")).toEqual(january);
    const months = await owner((sql) => sql`select distinct period from welfare.rollup_period order by period`);
    expect(months.map(({ period }) => period)).toEqual(["2026-11", "2026-12", "2027-01"]);
  });
});

test("proposals that are emptied at once leave no figure behind, and members cannot be", async () => {
  const server = (text: string) => asServer(databases.urls.welfare.owner, (sql) => sql.unsafe(text));
  expect(await rollup.cells("PROPOSAL_FUNNEL", "2027-01")).not.toEqual([]);
  await server("truncate welfare.proposal cascade");
  await rollup.fold("2027-01-20T04:00:00Z");
  expect(await rollup.cells("PROPOSAL_FUNNEL", "2027-01")).toEqual([]);
  await expect(server("truncate welfare.member cascade")).rejects.toThrow("never deleted");
});

test("whoever works for the registry neither takes lines nor opens months otherwise than by the clock", async () => {
  expect(await failing(worker((sql) => sql`select welfare.take_lines(array['MATCH_QUALITY'], '2027-01')`))).toBe("42501");
  expect(await failing(worker((sql) => sql`update welfare.rollup_period set closed_at = null`))).toBe("42501");
});
