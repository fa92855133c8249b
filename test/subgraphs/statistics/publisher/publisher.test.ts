import { afterAll, beforeAll, expect, test } from "vitest";
import { openLoadPool } from "../../../../drizzle/copy.ts";
import { attestationSigner, devAttestationSecret } from "../../../../schema/attestation.ts";
import { CUBES } from "../../../../schema/statistics/cubes.ts";
import { devAttestationKeys } from "../../../../subgraphs/kit/serve/config.ts";
import type { Desk } from "../../../../subgraphs/statistics/publication/books.ts";
import { startPublisher } from "../../../../subgraphs/statistics/publication/publisher.ts";
import { createRounds } from "../../../../subgraphs/statistics/publication/round.ts";
import { asRole, useDatabases } from "../../../kit/database.ts";

const { urls } = useDatabases();
const MONTH = "2026-11";
const at = (text: string) => new Date(`${text}+07:00`);
const signerOf = (slice: Desk["slice"]) => attestationSigner(devAttestationSecret(slice));
const notes: string[] = [];
const pools: { end(): Promise<void> }[] = [];

function pressOf() {
  const pool = (url: string | undefined) => {
    const opened = openLoadPool(url ?? "", { max: 3 });
    pools.push(opened);
    return opened;
  };
  const desk = (slice: Desk["slice"], url: string | undefined): Desk => ({ slice, pool: pool(url), signer: signerOf(slice) });
  const desks = [desk("population", urls.jobs), desk("welfare", urls.registry), desk("programs", urls.allocation)];
  return createRounds({
    desks,
    statistics: pool(urls.publication),
    keys: devAttestationKeys(),
    regions: [],
    note: (text) => void notes.push(text),
  });
}

const statistics = <T>(work: Parameters<typeof asRole<T>>[1]) => asRole(urls.publication ?? "", work);
const releases = (cubes: readonly string[] = CUBES.map(({ code }) => code), month = MONTH) =>
  statistics(async (sql) => [
    ...(await sql`select cube, number, is_final as "isFinal", is_in_force as "isInForce" from statistics.release where cube = any(${[...cubes]}) and period = ${month} order by cube, number`),
  ]);
const welfare = <T>(work: Parameters<typeof asRole<T>>[1]) => asRole(urls.welfare.owner, work);

let publish: ReturnType<typeof createRounds>;
beforeAll(() => {
  publish = pressOf();
});
afterAll(() => Promise.all(pools.map((pool) => pool.end())));

test("on its first round every cube that counts a state is released for the open month, and payments for the newest month; older ones follow by and by", async () => {
  await publish(at("2026-11-10T09:00:00"));
  const months = () =>
    statistics(async (sql) =>
      (await sql`select distinct period from statistics.release where cube = 'BUDGET' order by period`).map(
        (row) => row["period"],
      ),
    );
  const first = await months();
  expect(first).toHaveLength(1);
  for (let told = 0; told < (await months()).length; ) {
    told = (await months()).length;
    await publish(at("2026-11-10T09:00:00"));
  }
  expect((await months()).at(-1)).toBe(first[0]);
  const states = CUBES.filter(({ isDated }) => !isDated).map(({ code }) => code);
  expect(await releases()).toEqual(
    expect.arrayContaining(states.map((cube) => ({ cube, number: 1, isFinal: false, isInForce: true }))),
  );
  const [{ counted, told } = { counted: 0, told: 0 }] = await asRole(urls.programs.owner, async (sql) => {
    const months = await sql`select distinct period from programs.rollup_period where cube = 'BUDGET' and period <= ${MONTH}`;
    const [row] = await statistics(
      (to) => to`select count(distinct period)::int as told from statistics.release where cube = 'BUDGET'`,
    );
    return [{ counted: months.length, told: Number(row?.["told"]) }];
  });
  expect(counted).toBeGreaterThan(1);
  expect(told).toBe(counted);
  expect(notes.filter((note) => !note.includes("in force"))).toEqual([]);
});

test("a second round, and another publisher beside it, release nothing more", async () => {
  const before = await releases();
  const other = pressOf();
  await Promise.all([publish(at("2026-11-10T09:00:10")), other(at("2026-11-10T09:00:10"))]);
  expect(await releases()).toEqual(before);
});

test("two publishers at one time release once", async () => {
  const monday = at("2026-11-16T00:00:05");
  const other = pressOf();
  await Promise.all([publish(monday), other(monday)]);
  await Promise.all([publish(monday), other(monday)]);
  expect(await releases(["PROPOSAL_FUNNEL"])).toEqual([
    { cube: "PROPOSAL_FUNNEL", number: 1, isFinal: false, isInForce: false },
    { cube: "PROPOSAL_FUNNEL", number: 2, isFinal: false, isInForce: true },
  ]);
  expect(await releases(["REGISTRY_HOUSEHOLDS"])).toHaveLength(1);
});

test("cubes that count the same people are released together, though one of them is monthly", async () => {
  expect((await releases(["BUDGET"])).map(({ number }) => number)).toEqual(
    (await releases(["PAYMENT_FUNNEL"])).map(({ number }) => number),
  );
});

test("after a determination the registry's figures are released out of turn, and what happened before it stands in them", async () => {
  const asOf = () =>
    statistics(async (sql) =>
      (await sql`select as_of::text from statistics.release where cube = 'REGISTRY_HOUSEHOLDS' and is_in_force`).map(
        (row) => row["as_of"],
      ),
    );
  const before = await asOf();
  await welfare(async (sql) => {
    await sql`update welfare.member set household_decile = case household_decile when 10 then 9 else 10 end where household_decile is not null`;
    await sql`alter table welfare.determination disable trigger user`;
    await sql`insert into welfare.determination (id, basis, month, state, prepared_by, prepared_at, registry_version, known_at, decree_number, decree_hash,
        signed_by, signed_at, determined_at, members, households, hash)
      select gen_random_uuid(), basis, '2026-11-01', 'DETERMINED', 'pusdatin', '2026-11-18T01:00:00Z', id, '2026-11-18T01:00:00Z', '7/HUK/2026',
        repeat('0', 64), 'menteri', '2026-11-18T01:30:00Z', '2026-11-18T02:00:00Z', 0, 0, repeat('0', 64) from welfare.registry_version limit 1`;
  });
  await publish(at("2026-11-18T09:30:00"));
  expect(await releases(["REGISTRY_HOUSEHOLDS", "REGISTRY_MEMBERS"])).toMatchObject([
    { cube: "REGISTRY_HOUSEHOLDS", number: 1, isInForce: false },
    { cube: "REGISTRY_HOUSEHOLDS", number: 2, isInForce: true },
    { cube: "REGISTRY_MEMBERS", number: 1, isInForce: false },
    { cube: "REGISTRY_MEMBERS", number: 2, isInForce: true },
  ]);
  expect(await asOf()).not.toEqual(before);
  const [left] = await welfare(
    (sql) =>
      sql`select count(*)::int as n from welfare.rollup_cell where cube = 'REGISTRY_HOUSEHOLDS' and period = ${MONTH} and not key <@ '{9,10,NONE}'`,
  );
  expect(left?.["n"]).toBe(0);
  await publish(at("2026-11-18T09:30:10"));
  expect(await releases(["REGISTRY_HOUSEHOLDS"])).toHaveLength(2);
});

test("a change behind the events' back is told aloud the next morning", async () => {
  notes.length = 0;
  await welfare(async (sql) => {
    await sql`alter table welfare.member disable trigger user`;
    await sql`update welfare.member set household_decile = 1 where household_decile is not null`;
    await sql`alter table welfare.member enable trigger user`;
  });
  await publish(at("2026-11-19T01:59:00"));
  expect(notes).toEqual([]);
  await publish(at("2026-11-19T02:00:05"));
  expect(notes).toEqual(
    expect.arrayContaining([expect.stringMatching(/^WRONG: REGISTRY_HOUSEHOLDS 2026-11, counted anew, differs in \d+ cells/)]),
  );
});

test("a cube whose nightly count fails is told of, and keeps back no other of its slice", async () => {
  notes.length = 0;
  await welfare((sql) =>
    sql.unsafe(`create function welfare.fail() returns trigger language plpgsql as 'begin raise exception ''out of range''; end';
      create trigger a_fails before update on welfare.rollup_period for each row when (old.cube = 'MATCH_QUALITY') execute function welfare.fail()`),
  );
  await publish(at("2026-11-20T02:00:05"));
  await publish(at("2026-11-20T02:00:15"));
  expect(notes.filter((note) => !note.startsWith("WRONG"))).toEqual([
    expect.stringMatching(/^nightly count of MATCH_QUALITY 2026-11: .*out of range.*; tries again after/),
  ]);
  const stale = () =>
    welfare(async (sql) =>
      (await sql`select cube from welfare.rollup_period where period = ${MONTH} and rebuilt_at < '2026-11-20T02:00+07'`).map(
        (row) => row["cube"],
      ),
    );
  expect(await stale()).toEqual(["MATCH_QUALITY"]);
  await welfare((sql) => sql.unsafe("drop trigger a_fails on welfare.rollup_period; drop function welfare.fail()"));
  await publish(at("2026-11-20T02:02:00"));
  expect(await stale()).toEqual([]);
});

test("when the month is over the next one opens, and it is released as it was when it closed", async () => {
  await publish(at("2026-12-01T00:00:05"));
  await publish(at("2026-12-01T00:00:15"));
  expect((await releases(["RESIDENTS"])).at(-1)).toEqual({ cube: "RESIDENTS", number: 2, isFinal: true, isInForce: true });
  expect(await releases(["RESIDENTS"], "2026-12")).toEqual([{ cube: "RESIDENTS", number: 1, isFinal: false, isInForce: true }]);
});

test("a release that was lost on its way is made again under the next number", async () => {
  await statistics(async (sql) => {
    await sql`delete from statistics.cell where cube = 'RESIDENTS' and period = '2026-12'`;
    await sql`delete from statistics.release where cube = 'RESIDENTS' and period = '2026-12'`;
  });
  await publish(at("2026-12-01T00:01:00"));
  expect(await releases(["RESIDENTS"], "2026-12")).toEqual([{ cube: "RESIDENTS", number: 2, isFinal: false, isInForce: true }]);
});

test("a slice whose key nobody believes releases nothing, so that no number is used up", () => {
  const slices = [{ slice: "welfare" as const, url: urls.registry ?? "", signer: signerOf("programs") }];
  const options = { url: urls.publication ?? "", slices, keys: devAttestationKeys(), regions: [], note: () => {} };
  expect(() => startPublisher(options)).toThrow("names another key of welfare");
});

test("a slice that is away keeps back no other, and is tried again later", async () => {
  notes.length = 0;
  const away: Desk = {
    slice: "welfare",
    pool: openLoadPool("postgres://nobody@127.0.0.1:1/none", { max: 1 }),
    signer: signerOf("welfare"),
  };
  const there: Desk = { slice: "population", pool: openLoadPool(urls.jobs ?? "", { max: 2 }), signer: signerOf("population") };
  const to = openLoadPool(urls.publication ?? "", { max: 2 });
  pools.push(away.pool, there.pool, to);
  const round = createRounds({
    desks: [away, there],
    statistics: to,
    keys: devAttestationKeys(),
    regions: [],
    note: (text) => void notes.push(text),
  });
  await round(at("2027-01-01T00:00:05"));
  await round(at("2027-01-01T00:00:15"));
  expect((await releases(["RESIDENTS"], "2026-12")).at(-1)).toMatchObject({ isFinal: true });
  const faults = notes.filter((note) => note.startsWith("figures of welfare"));
  expect(faults).toEqual([expect.stringContaining("tries again after 2026-12-31T17:01:05")]);
  expect(notes.filter((note) => note.startsWith("figures of welfare"))).toHaveLength(1);
});
