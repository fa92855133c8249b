import { beforeAll, describe, expect, test } from "vitest";
import { programs } from "../../../../subgraphs/programs/index.ts";
import { asRole, failing, useDatabases } from "../../../kit/database.ts";
import { useSlice } from "../../../kit/slice.ts";
import { BRI, begunPeriod, HEAD, type Paid, paymentsDesk, STEWARD, STEWARD2, TREASURY } from "../payments/kit.ts";

const databases = useDatabases();
const slice = useSlice(programs, { databaseUrl: () => databases.urls.programs.runtime });
const desk = paymentsDesk(slice, () => databases.urls);
const Q4 = ["2026-10-01", "2026-12-31"] as const;
const VILLAGE = "3510161001";
let run: Awaited<ReturnType<typeof begunPeriod>>;
let names = 0;

type Row = Record<string, string | null>;
const own = (text: string, ...values: readonly (string | null)[]): Promise<Row[]> =>
  desk.owner(async (sql) => [...(await sql.unsafe<Row[]>(text, [...values]))]);
const someId = (n: number) => `be000000-0000-4000-8000-${String(n).padStart(12, "0")}`;

/** An active enrolment since a day, of a person and a unit. */
const enrol = async (n: number, { program = "BPNT", since = "2025-01-01", unit = n, component = "" } = {}) => {
  await own(
    `insert into enrolment (id, person_id, unit_id, program, state, component, region, started_on)
      values ($1, $2, $3, $4, 'ACTIVE', nullif($5, '')::programs.enrolment_component, '${VILLAGE}', $6)`,
    ...[someId(n), someId(n + 1000), someId(unit + 2000), program, component, since],
  );
  return { id: someId(n), person: someId(n + 1000) };
};
/** Whom a period under a new name lists, once it is ready. */
async function listed(program: string, [startsOn, endsOn]: readonly [string, string]): Promise<{ id: string; payments: Paid[] }> {
  names += 1;
  const { data, refused } = await desk.open(STEWARD, { program, period: `susulan ${names}`, startsOn, endsOn });
  expect(refused).toEqual([]);
  await desk.work(data.done.id);
  return { id: data.done.id, payments: await desk.payments(data.done.id) };
}
const amounts = (payments: readonly Paid[], person: string) =>
  payments.filter((p) => p.person_id === person).map((p) => p.amount);
const stateOf = (id: string, state: string) =>
  own(
    `update enrolment set state = $2::programs.enrolment_state, ended_on = case when $2 = 'EXITED' then date '2026-11-02' end,
      ending = case when $2 = 'EXITED' then 'NOT_ELIGIBLE' end where id = $1`,
    id,
    state,
  );

beforeAll(async () => {
  await desk.settle2Banks(0);
  for (const n of [1, 2, 3]) await enrol(n);
  run = await begunPeriod(desk, "2026-Q4", Q4);
});
const paymentOf = async (n: number) =>
  (await desk.payments(run.id)).find(({ person_id }) => person_id === someId(n + 1000)) as Paid;

describe("who is no longer active", () => {
  test("gets no money that is not in the account yet: suspended, it is held; resumed, it goes on", async () => {
    await stateOf(someId(1), "SUSPENDED");
    expect((await paymentOf(1)).held_for).toBe("NOT_ACTIVE");
    const told = await desk.report(BRI, "BANK_ACCOUNT", [{ payment: (await paymentOf(1)).id, state: "ACCOUNT_OPENING" }]);
    expect(told.data.done).toMatchObject({ taken: 0, differing: 1 });
    await stateOf(someId(1), "ACTIVE");
    expect((await paymentOf(1)).held_for).toBeNull();
  });

  test("and exits is excluded by hand or not paid at all, and a payment of another is not touched", async () => {
    await stateOf(someId(2), "EXITED");
    expect([(await paymentOf(2)).held_for, (await paymentOf(3)).held_for]).toEqual(["NOT_ACTIVE", null]);
    const { id, version } = await paymentOf(2);
    const to = (state: string, failure?: string) =>
      desk.move(STEWARD, { id, version, state, reason: "keluar", ...(failure === undefined ? {} : { failure }) });
    expect((await to("ACCOUNT_OPENING")).refused[0]).toMatch(/^CONFLICT|^FORBIDDEN/);
    expect((await to("EXCLUDED", "NOT_ELIGIBLE")).data.done.state).toBe("EXCLUDED");
  });

  test("cannot slip in between: an enrolment does not change while it is being listed", async () => {
    const { id } = await enrol(4);
    const { data } = await desk.open(STEWARD, { program: "BPNT", period: "tumpang", startsOn: Q4[0], endsOn: Q4[1] });
    await asRole(String(databases.urls.allocation), async (worker) => {
      await worker`begin`;
      await worker`select programs.open_payments(${data.done.id}, 1000)`;
      const taken = await asRole(databases.urls.programs.owner, (sql) =>
        failing(sql`select 1 from programs.enrolment where id = ${id} for no key update nowait`),
      );
      expect(taken).toBe("55P03");
      await worker`rollback`;
    });
    await desk.work(data.done.id);
  });

  test("stays held when a death that held the payment, too, is taken back", async () => {
    await own("update payment_period set starts_on = '2026-11-01' where id = $1", (await paymentOf(3)).id);
    const event = (isAlive: boolean) =>
      own(
        `insert into population_event (id, position, person_id, died_on, is_alive, attestation, received_at)
          select gen_random_uuid(), coalesce(max(position), 0) + 1, $1, '2026-10-15', ${isAlive}, 'x', now() from population_event`,
        someId(1003),
      );
    await event(false);
    expect((await paymentOf(3)).held_for).toBe("DECEASED");
    await stateOf(someId(3), "SUSPENDED");
    expect((await paymentOf(3)).held_for).toBe("DECEASED");
    await event(true);
    expect((await paymentOf(3)).held_for).toBe("NOT_ACTIVE");
    await stateOf(someId(3), "ACTIVE");
    expect((await paymentOf(3)).held_for).toBeNull();
  });
});

describe("the same days", () => {
  test("are not paid again to who exits and enters anew, whatever the period is called", async () => {
    await stateOf(someId(1), "EXITED");
    await own(
      `insert into enrolment (id, person_id, unit_id, program, state, region, started_on)
        select '${someId(11)}', person_id, unit_id, program, 'ACTIVE', region, '2026-10-10' from enrolment where id = '${someId(1)}'`,
    );
    expect(amounts((await listed("BPNT", Q4)).payments, someId(1001))).toEqual([]);
    const again = await asRole(databases.urls.programs.owner, (sql) =>
      failing(sql`insert into programs.payment_period (id, enrolment_id, person_id, program, region, period, starts_on, ends_on, amount, state, channel)
        values (gen_random_uuid(), ${someId(11)}, ${someId(1001)}, 'BPNT', ${VILLAGE}, 'lagi', '2026-12-01', '2026-12-31', 200000, 'CANDIDATE', 'BRI')`),
    );
    expect(again).toBe("23P01");
  });

  test("are not paid again to another member who draws for the same family", async () => {
    await stateOf(someId(1), "EXITED");
    await own(
      "update enrolment set ended_on = '2026-11-02', state = 'EXITED', ending = 'NOT_ELIGIBLE' where id = $1",
      someId(11),
    );
    const { person } = await enrol(12, { unit: 1, since: "2026-11-10" });
    expect(amounts((await listed("BPNT", Q4)).payments, person)).toEqual([]);
  });

  test("are paid to the member who draws for the family after the one before was excluded", async () => {
    await enrol(15);
    const before = (await listed("BPNT", Q4)).payments.find(({ person_id }) => person_id === someId(1015)) as Paid;
    const excluding = { state: "EXCLUDED", failure: "RECIPIENT_DECEASED", reason: "meninggal" };
    await desk.move(STEWARD, { id: before.id, version: before.version, ...excluding });
    await stateOf(someId(15), "EXITED");
    const { person } = await enrol(16, { unit: 15, since: "2026-11-10" });
    expect(amounts((await listed("BPNT", Q4)).payments, person)).toEqual(["400000"]);
  });

  test("nor is more drawn in a year than the award, through whichever enrolment", async () => {
    // ten months at Rp 200,000 and a payment that was imported too high leave nothing for the quarter
    await enrol(13, { unit: 13 });
    await own(
      `insert into payment_period (id, enrolment_id, person_id, program, region, period, starts_on, ends_on, amount, state, channel)
        values (gen_random_uuid(), $1, $2, 'BPNT', '${VILLAGE}', 'lama', '2026-01-01', '2026-03-31', 2000000, 'TRANSACTED', 'BRI')`,
      ...[someId(13), someId(1013)],
    );
    await own(
      "update enrolment set state = 'EXITED', ended_on = '2026-04-01', ending = 'NOT_ELIGIBLE' where id = $1",
      someId(13),
    );
    const { person } = await enrol(14, { unit: 13 });
    const { id, payments } = await listed("BPNT", Q4);
    expect(amounts(payments, person)).toEqual([]);
    expect((await desk.run(id)).overCeiling).toBe(1);
  });
});

describe("a period", () => {
  test("pays who began within it from the month they began in", async () => {
    const late = await enrol(21, { since: "2026-12-31" });
    const middle = await enrol(22, { since: "2026-11-15" });
    const { payments } = await listed("BPNT", Q4);
    expect([amounts(payments, late.person), amounts(payments, middle.person)]).toEqual([["200000"], ["400000"]]);
  });

  test("pays what the components of today allow when those of before allowed more", async () => {
    const { id, person } = await enrol(23, { program: "PKH", component: "SENIOR" });
    for (const days of [
      ["2026-01-01", "2026-03-31"],
      ["2026-04-01", "2026-06-30"],
    ] as const)
      expect(amounts((await listed("PKH", days)).payments, person)).toEqual(["500000"]);
    await own("update enrolment set component = 'PRIMARY' where id = $1", id);
    expect(amounts((await listed("PKH", ["2026-07-01", "2026-09-30"])).payments, person)).toEqual(["225000"]);
  });

  test("pays a person by the component of the target data where the enrolment has none", async () => {
    const [pupil] = await own(
      `select member_id, components[1] as component from candidate_member where delivery = programs.delivery_in_force()
        and components && array['PRIMARY', 'JUNIOR', 'SENIOR'] and person_id is not null limit 1`,
    );
    const { id, person } = await enrol(24, { program: "KIP" });
    await own("update enrolment set unit_id = $2 where id = $1", id, pupil?.["member_id"] ?? "");
    expect(amounts((await listed("KIP", ["2026-01-01", "2026-12-31"])).payments, person)).toHaveLength(1);
  });

  test("of a program that is closed is not opened any more, though the program ran on its days", async () => {
    const closed = { program: "BST", period: "2021-06", startsOn: "2021-06-01", endsOn: "2021-07-31" };
    expect((await desk.open(STEWARD, closed)).refused).toEqual([
      "BAD_USER_INPUT: the program does not run on all these days, or is closed",
    ]);
  });

  test("of KIP Kuliah is a semester, no month less: what counts the payments counts the semesters", async () => {
    const month = { program: "KIP_KULIAH", period: "2026-12", startsOn: "2026-12-01", endsOn: "2026-12-31" };
    expect((await desk.open(STEWARD, month)).refused).toEqual(["BAD_USER_INPUT: startsOn, endsOn: must be 6 whole months"]);
  });

  test("is opened one ahead at most", async () => {
    const far = { program: "BPNT", period: "2035-Q1", startsOn: "2035-01-01", endsOn: "2035-03-31" };
    expect((await desk.open(STEWARD, far)).refused).toEqual(["BAD_USER_INPUT: startsOn: at most 3 months ahead"]);
  });

  test("is signed over who is still in it: an exclusion before the decree leaves its sum and its hash", async () => {
    const { person } = await enrol(31);
    const { id, payments } = await listed("BPNT", Q4);
    const before = await desk.run(id);
    const out = payments.find(({ person_id }) => person_id === person) as Paid;
    const excluding = { id: out.id, version: out.version, state: "EXCLUDED", failure: "WITHDRAWN", reason: "mundur" };
    expect((await desk.move(STEWARD, excluding)).errors).toEqual([]);
    const decree = { id, decree: "SK 7/2026" };
    const signed = { ...decree, version: before.version, total: before.total };
    expect((await desk.sign(HEAD, signed)).refused[0]).toMatch(/^CONFLICT/);
    await desk.work(id);
    const after = await desk.run(id);
    expect([after.state, after.payments, BigInt(before.total) - BigInt(after.total)]).toEqual([
      ...["READY", before.payments - 1],
      BigInt(out.amount),
    ]);
    expect(after.sha256).not.toBe(before.sha256);
    expect((await desk.sign(HEAD, { ...decree, version: after.version, total: after.total })).data.done.state).toBe("SIGNED");
  });
});

describe("a wrong period", () => {
  test("is taken back before its decree, by the ministry alone, and its name and days are free again", async () => {
    const { person } = await enrol(41);
    const { id, payments } = await listed("BPNT", Q4);
    expect(amounts(payments, person)).toEqual(["600000"]);
    const { version } = await desk.run(id);
    const back = { id, version, reason: "periode keliru" };
    for (const other of [TREASURY, BRI]) expect((await desk.discard(other, back)).refused[0]).toMatch(/^FORBIDDEN/);
    expect((await desk.discard(STEWARD2, { ...back, version: version + 1 })).refused[0]).toMatch(/^CONFLICT/);
    expect((await desk.discard(STEWARD2, back)).data.done.state).toBe("DISCARDED");
    await desk.work(id, 2);
    expect(new Set((await desk.payments(id)).map(({ state }) => state))).toEqual(new Set(["EXCLUDED"]));
    names -= 1; // under the same name
    expect(amounts((await listed("BPNT", Q4)).payments, person)).toEqual(["600000"]);
    const [line] = await own(
      `select actor, reason from transition where subject_kind = 'PAYMENT' and to_state = 'EXCLUDED' and person_id = $1`,
      person,
    );
    expect(line).toEqual({ actor: STEWARD2.officer, reason: "PERIOD_DISCARDED: periode keliru" });
  });

  test("stays what it is once its decree is signed", async () => {
    const { version } = await desk.run(run.id);
    expect((await desk.discard(STEWARD, { id: run.id, version, reason: "terlambat" })).refused[0]).toMatch(/^CONFLICT/);
  });

  test("a rate is not changed under a period that is opened already", async () => {
    const [row] = await own(
      `select programs.catalogue_fault(jsonb_populate_record(null::programs.catalogue_change,
        '{"kind":"TERM","program":"BPNT","effective_on":"2026-12-31"}')) as fault`,
    );
    expect(row?.["fault"]).toMatch(/^effectiveOn: the program has payments of that time already/);
  });
});
