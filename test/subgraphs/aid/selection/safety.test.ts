import { beforeEach, describe, expect, test } from "vitest";
import { asRole, failing } from "../../../kit/database.ts";
import { head, idOf, steward, steward2, useSelections } from "./kit.ts";

const aid = useSelections();
const codeOf = ({ errors }: { errors: readonly { extensions: { code: string } }[] }) =>
  errors.map(({ extensions }) => extensions.code);
let decrees = 300;
const decree = () => `${++decrees}/HUK/2026`;
const families = (...rows: readonly (readonly [n: number, region: string, decile: number])[]) =>
  aid.families(rows.map(([n, region, decile]) => ({ n, region, decile, rank: n })));
const moves = (n: number, region: string) =>
  aid.owner("update programs.candidate_family set region = $2 where family_id = $1", [idOf("family", n), region]);
const dies = (n: number) =>
  aid.owner(
    `insert into programs.population_event (id, position, person_id, died_on, is_alive, attestation, received_at)
     values (gen_random_uuid(), (select coalesce(max(position), 0) + 1 from programs.population_event), $1, '2026-10-15', false, 'x', now())`,
    [idOf("person", n)],
  );
const signed = async () => {
  const run = await aid.list();
  expect((await aid.sign(run, decree())).errors).toEqual([]);
  return aid.read(run.id);
};
/** Signs and writes a list, a day after the one before: the clock stands still. */
const published = async () => {
  await aid.owner("alter table programs.selection_run disable trigger selection_rules");
  await aid.owner("update programs.selection_run set published_at = published_at - interval '1 day'");
  await aid.owner("alter table programs.selection_run enable trigger selection_rules");
  const run = await signed();
  await aid.publish(run.id);
  return aid.read(run.id);
};
const draft = (region: string, seats: number, period = "2026") =>
  aid.must("draft", { input: { program: "BPNT", period, region, kind: "REGULAR", seats, reason: "Keputusan uji" } });
const personIs = async (n: number) =>
  (
    await aid.owner("select state::text, flag, region, unit_id from programs.enrolment where person_id = $1", [idOf("person", n)])
  )[0];
/** As an officer who goes around the slice, by SQL of its role. */
const bySql = (officer: string, text: string) =>
  asRole(aid.urls.programs.runtime, (client) =>
    client.begin(async (sql) => {
      await sql.unsafe(`set local hub.regions = '{"0","A"}'; set local hub.programs = '{"*"}'; set local hub.decile_max = 100; set local hub.agency = '{"KEMENSOS"}';
        set local hub.officer = '{"${officer}"}'; set local hub.citizen = '{}'; set local hub.agreement = '{"PKS-2025-025"}'; set local hub.purpose = '{"PROGRAM_MANAGEMENT"}';
        set local hub.now = '2026-11-02T03:00:00Z'`);
      return [...(await sql.unsafe(text))];
    }),
  );

beforeEach(async () => {
  await aid.clear();
  await aid.owner("alter table programs.population_event disable trigger population_event_rules");
  await aid.owner("delete from programs.population_event");
  await aid.owner("alter table programs.population_event enable trigger population_event_rules");
});

describe("the dead", () => {
  test("who dies between list and publication gets no seat, and it goes to the next", async () => {
    await aid.seats("3510", 1);
    await families([1, "3510010001", 1], [2, "3510010001", 1]);
    const run = await signed();
    await dies(1);
    await aid.publish(run.id);
    await aid.promote("SEAT_FREED");
    expect(await personIs(1)).toBeUndefined();
    expect(await aid.inState("ACTIVE")).toEqual([2]);
    await aid.mustAddUp();
  });

  test("who is excluded between list and publication gets no seat", async () => {
    await aid.seats("3510", 1);
    await families([1, "3510010001", 1]);
    const run = await signed();
    await aid.owner(
      `insert into programs.exclusion (id, person_id, region, reason, source, evidence, valid_from, known_from)
       values (gen_random_uuid(), $1, '3510010001', 'OBJECTION_UPHELD', 'REGISTRY', 'x', '2026-01-01', '2026-01-01')`,
      [idOf("person", 1)],
    );
    await aid.publish(run.id);
    expect(await aid.inState("ACTIVE")).toEqual([]);
    expect((await aid.mustAddUp())[0]).toMatchObject({ used: 0, reserved: 0 });
  });

  test("who waits and is dead before the list is written waits with the flag, and is never promoted", async () => {
    const quota = await aid.seats("3510", 1);
    await families([1, "3510010001", 1], [2, "3510010001", 1]);
    const run = await signed();
    await dies(2);
    await aid.publish(run.id);
    expect(await personIs(2)).toMatchObject({ state: "WAITING", flag: "DECEASED" });
    await aid.addSeats(quota, 2);
    await aid.promote();
    expect(await personIs(2)).toMatchObject({ state: "WAITING" });
  });

  test("no rule and no job makes an enrolment of the dead active", async () => {
    await aid.seats("3510", 5);
    await dies(1);
    await aid.owner(
      `insert into programs.enrolment (id, person_id, unit_id, program, state, region, started_on) values (gen_random_uuid(), $1, $2, 'BPNT', 'WAITING', '3510010001', '2026-01-01')`,
      [idOf("person", 1), idOf("family", 1)],
    );
    await asRole(aid.urls.allocation ?? "", async (client) => {
      await client`select set_config('hub.reason', 'uji', false)`;
      expect(await failing(client.unsafe(`update programs.enrolment set state = 'ACTIVE' where state = 'WAITING'`))).toBe(
        "HB001",
      );
      expect(
        await failing(
          client.unsafe(`insert into programs.enrolment (id, person_id, program, state, region, started_on)
            values (gen_random_uuid(), '${idOf("person", 1)}', 'PBI_JK', 'ACTIVE', '3510010001', '2026-11-02')`),
        ),
      ).toBe("HB001");
    });
  });
});

describe("a signed list is always written, or taken back", () => {
  test("no quota begins while a list is signed; when it is written, it does", async () => {
    await aid.seats("3510", 2);
    await families([1, "3510010001", 1], [2, "3510010001", 1]);
    const [next, above] = [await draft("3510", 5, "2026-Q4"), await draft("35", 2)];
    const run = await signed();
    for (const { id, version } of [next, above])
      expect(codeOf(await aid.tell("approve", { id, version }, steward2))).toEqual(["CONFLICT"]);
    await aid.publish(run.id);
    expect((await aid.read(run.id)).state).toBe("PUBLISHED");
    for (const { id, version } of [next, above]) await aid.must("approve", { id, version }, steward2);
    await aid.mustAddUp();
  });

  test("who waited and moved to another regency gets the seat there", async () => {
    await aid.seats("3510", 1);
    await aid.seats("3573", 1);
    await families([1, "3510010001", 1], [2, "3510010001", 1]);
    await published();
    await moves(2, "3573010001");
    expect((await published()).state).toBe("PUBLISHED");
    expect(await personIs(2)).toMatchObject({ state: "ACTIVE", region: "3573010001" });
    await aid.mustAddUp();
  });

  test("a head takes a signed list back while nothing of it is written, and its seats are free again", async () => {
    await aid.seats("3510", 1);
    await families([1, "3510010001", 1]);
    const run = await signed();
    const { id, version } = run;
    expect(codeOf(await aid.tell("discard", { id, version, reason: "Macet" }, steward))).toEqual(["FORBIDDEN"]);
    expect((await aid.must("discard", { id, version, reason: "Macet" }, head)).state).toBe("DISCARDED");
    expect((await aid.mustAddUp())[0]).toMatchObject({ used: 0, reserved: 0 });
    await aid.publish(id);
    expect(await aid.inState("ACTIVE")).toEqual([]);
    expect((await published()).state).toBe("PUBLISHED");
  });

  test("of a signed list that is written in part nothing is taken back; a list that is not signed writes nobody", async () => {
    await aid.seats("", 2);
    await families([1, "3510010001", 1], [2, "1106010001", 1]);
    const run = await signed();
    await aid.owner(
      "insert into programs.selection_chunk (run, step, part, rows, done_at) values ($1, 'PUBLISH', '11', 1, now())",
      [run.id],
    );
    const refused = await aid.tell("discard", { id: run.id, version: run.version, reason: "Macet" }, head);
    expect(codeOf(refused)).toEqual(["CONFLICT"]);
    const ready = await aid.list();
    await asRole(aid.urls.allocation ?? "", async (client) => {
      expect(await failing(client.unsafe(`select programs.publish_province('${ready.id}', '35')`))).toBe("HB001");
    });
  });
});

describe("whoever waits", () => {
  test("one family that moved stops nobody's promotion", async () => {
    await aid.seats("3510", 1);
    const there = await aid.seats("3573", 1);
    const elsewhere = await aid.seats("3201", 1);
    await families([1, "3510010001", 1], [2, "3510010001", 1], [3, "3573010001", 1], [4, "3201010001", 1], [5, "3201010001", 1]);
    await published();
    await moves(2, "3573010001");
    await published();
    await aid.addSeats(there, 2);
    await aid.addSeats(elsewhere, 2);
    await aid.promote();
    expect(await aid.inState("ACTIVE")).toEqual([1, 2, 3, 4, 5]);
    await aid.mustAddUp();
  });

  test("the neediest keeps the place when the family's id changed, by list and by promotion", async () => {
    const quota = await aid.seats("3510", 1);
    await families([1, "3510010001", 1], [2, "3510010001", 1], [3, "3510010001", 2], [4, "3510010001", 3]);
    await published();
    const renamed = (n: number, to: number) =>
      aid.owner("update programs.candidate_family set family_id = $2 where family_id = $1", [
        idOf("family", n),
        idOf("family", to),
      ]);
    await renamed(2, 92);
    await renamed(3, 93);
    const more = await aid.addSeats(quota, 2);
    await published();
    expect(await personIs(2)).toMatchObject({ state: "ACTIVE", unit_id: idOf("family", 92) });
    expect(await personIs(3)).toMatchObject({ state: "WAITING", unit_id: idOf("family", 93) });
    await aid.owner("update programs.enrolment set unit_id = $1 where person_id = $2", [idOf("family", 3), idOf("person", 3)]);
    await aid.addSeats(more, 3);
    await aid.promote();
    expect(await personIs(3)).toMatchObject({ state: "ACTIVE", unit_id: idOf("family", 93) });
    expect(await personIs(4)).toMatchObject({ state: "WAITING" });
    await aid.mustAddUp();
  });
});

describe("what rules write, nobody says", () => {
  test("programs with a procedure of their own are given by no list", async () => {
    for (const program of ["KIP", "KIP_KULIAH", "PBI_JK", "BST"])
      expect(codeOf(await aid.tell("prepare", { input: { program, period: "2026", reason: "Seleksi uji" } }))).toEqual([
        "BAD_USER_INPUT",
      ]);
  });

  test("whoever approves seats rewrites neither who proposed them and why, nor when they were approved", async () => {
    const { id } = await aid.seats("3510", 1);
    await bySql(
      "program.kemensos",
      `update programs.quota set proposed = 5, reason = 'asal', made_by = 'program.kemensos', made_at = '2020-01-01' where id = '${id}'`,
    );
    await bySql(
      "program2.kemensos",
      `update programs.quota set proposed = null, seats = 5, approved_by = 'program2.kemensos', approved_at = '2019-01-01', made_by = 'orang.lain', made_at = '2018-01-01',
        reason = 'diganti' where id = '${id}'`,
    );
    const [row] = await aid.owner(
      `select made_by, reason, made_at = '2026-11-02T03:00:00Z' and approved_at = made_at as now from programs.quota where id = '${id}'`,
    );
    expect(row).toEqual({ made_by: "program.kemensos", reason: "asal", now: true });
  });

  test("a selection stands on today and the delivery in force, whatever its draft says", async () => {
    const insert = (delivery: number) =>
      bySql(
        "program.kemensos",
        `insert into programs.selection_run (id, program, period, delivery, day, known, reason, made_by, made_at)
         values (gen_random_uuid(), 'BPNT', '2026', ${delivery}, '2018-01-01', '2018-01-01', 'x', 'program.kemensos', '2018-01-01')
         returning day::text, known = made_at and made_at = '2026-11-02T03:00:00Z' as now`,
      );
    expect(await insert(7)).toEqual([{ day: "2026-11-02", now: true }]);
    await aid.owner(`insert into programs.target_delivery (number, basis, version, determined_on, received_at, families, members, sha256, state)
      values (6, 'DTSEN', 'DTSEN-2026-Q2', '2026-06-30', now(), 0, 0, repeat('0', 64), 'SUPERSEDED')`);
    expect(await failing(insert(6))).toBe("HB003");
  });

  test("simulations that are backdated count for today", async () => {
    const asked = bySql(
      "program.kemensos",
      `insert into programs.simulation (id, program, delivery, day, known, regions, percents, agency, asked_by, asked_at)
       select gen_random_uuid(), 'BPNT', 7, '2026-11-02', '2026-11-02', '{}', '{}', 'KEMENSOS', 'program.kemensos', '2020-01-01'::timestamptz + g * interval '1 day'
       from generate_series(1, 25) g`,
    );
    expect(await failing(asked)).toBe("HB001");
  });
});
