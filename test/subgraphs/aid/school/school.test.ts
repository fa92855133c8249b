import { describe, expect, test } from "vitest";
import { ani } from "../../../kit/people.ts";
import { codesOf } from "../../../kit/slice.ts";
import { bank, citizen, district, id, machine, puslapdik, puslapdik2, steward, useAid, VILLAGE } from "./kit.ts";

const TODAY = "2026-10-05T03:00:00Z";
const aid = useAid(TODAY);
const [PUPIL] = [1];
const REPORT = "{ isDryRun accepted nomination { id version number year activateBy } faults { line field fault } }";
const pupil = (n: number, told: object = {}) => ({
  ...{ person: id(PUPIL, n), village: VILLAGE, level: "JUNIOR", grade: 8, npsn: "20500001" },
  ...{ nisn: String(9_000_000_000 + n), ...told },
});
const list = (decree: string, pupils: object[], told: object = {}) => ({
  ...{ decree, year: 2026, activateBy: "2026-11-30", pupils, dryRun: false, ...told },
});
const nominate = (input: object, who = puslapdik) => aid.act(`nominatePupils(NominatePupilsInput) ${REPORT}`, input, who);
const AIDS =
  "{ id version state amount level grade activatedOn grantDecree enrolment { id state } history { act to actor reason } }";
const activate = (aids: object[], activatedOn = "2026-10-05", who = puslapdik) =>
  aid.act(`activateSchoolAids(ActivateSchoolAidsInput) ${AIDS}`, { aids, activatedOn }, who);
const grant = (aids: object[], decree: string, who = puslapdik2) =>
  aid.act(`grantSchoolAids(GrantSchoolAidsInput) ${AIDS}`, { aids, decree }, who);
type Row = { id: string; version: number; state: string; amount: string };
const seen = ({ id: of, version }: Row) => ({ id: of, version });
/** What stands of pupils, in order of their number. */
const standing = (numbers: number[]): Promise<Row[]> =>
  aid.owner(
    async (sql) =>
      (await sql`select id, version, state, amount from school_aid where person_id in ${sql(numbers.map((n) => id(PUPIL, n)))}
      order by person_id, id`) as unknown as Row[],
  );
const nominated = async (n: number, told: object = {}, about: object = {}): Promise<Row> => {
  const { data, errors } = await nominate(list(`SK-${n}`, [pupil(n, told)], about));
  expect(errors).toEqual([]);
  expect(data.done.faults).toEqual([]);
  const [row] = await standing([n]);
  return row as Row;
};

describe("school aid", () => {
  test("a list is tried first: every fault of every line at once, and nothing is written", async () => {
    const wrong = [
      pupil(1, { nisn: "12", npsn: "x" }),
      pupil(2, { grade: 12 }),
      pupil(2, { nisn: "9000000009" }),
      pupil(3, { village: "35" }),
    ];
    const { data } = await nominate(list("SK-COBA", wrong, { dryRun: true, activateBy: "2026-01-01" }));
    expect(data.done.faults.map(({ line, field }: { line: number; field: string }) => `${line} ${field}`)).toEqual([
      "0 activateBy",
      "1 npsn",
      "1 nisn",
      "2 grade",
      "3 person",
      "4 village",
    ]);
    const tried = await nominate(list("SK-COBA", [pupil(1), pupil(2)], { dryRun: true }));
    expect(tried.data.done).toMatchObject({ isDryRun: true, accepted: 2, nomination: null, faults: [] });
    const faulty = await nominate(list("SK-COBA", wrong));
    expect(faulty.data.done).toMatchObject({ accepted: 0, nomination: null });
    expect(await standing([1, 2, 3])).toEqual([]);
  });

  test("a pupil of a middle class gets the year's amount, one of the first or last class half of it", async () => {
    const rows = [
      pupil(11),
      pupil(12, { grade: 7 }),
      pupil(13, { level: "PRIMARY", grade: 6 }),
      pupil(14, { level: "SENIOR", grade: 11 }),
    ];
    const { errors } = await nominate(list("SK-NILAI", rows));
    expect(errors).toEqual([]);
    expect((await standing([11, 12, 13, 14])).map(({ amount }) => String(amount))).toEqual([
      "750000",
      "375000",
      "225000",
      "1800000",
    ]);
  });

  test("goes from nomination over activation to the grant, which enrols the pupil; every step has an actor and a reason", async () => {
    const first = await nominated(21);
    const [active] = (await activate([seen(first)])).data.done;
    const { data, errors } = await grant([seen(active)], "SK-PEMBERIAN-21");
    expect(errors).toEqual([]);
    const [granted] = data.done;
    expect(granted).toMatchObject({ state: "GRANTED", grantDecree: "SK-PEMBERIAN-21", enrolment: { state: "ACTIVE" } });
    expect(granted.history).toEqual([
      { act: "NOMINATE", to: "NOMINATED", actor: puslapdik.officer, reason: "SK-21" },
      { act: "ACTIVATE", to: "ACCOUNT_ACTIVATED", actor: puslapdik.officer, reason: "SIMPEL_ACTIVATED" },
      { act: "GRANT", to: "GRANTED", actor: puslapdik2.officer, reason: "SK-PEMBERIAN-21" },
    ]);
  });

  test("a pupil who is enrolled already keeps the one enrolment", async () => {
    const { data } = await nominate(list("SK-ANI", [pupil(22, { person: ani.id, level: "PRIMARY", grade: 3 })]));
    expect(data.done.faults).toEqual([]);
    const [row] = await aid.owner((sql) => sql`select id, version from school_aid where person_id = ${ani.id}`);
    const [active] = (await activate([row as object])).data.done;
    const [granted] = (await grant([seen(active)], "SK-PEMBERIAN-22")).data.done;
    const enrolments = await aid.owner((sql) => sql`select id from enrolment where person_id = ${ani.id} and program = 'KIP'`);
    expect(enrolments.map((one) => one["id"])).toEqual([granted.enrolment.id]);
    // the child, or a parent for it, reads it; another person does not
    const mine = "{ mySchoolAids { id nisn level } }";
    expect((await aid.slice.ask(mine, { caller: citizen(ani.id) })).data.mySchoolAids).toHaveLength(1);
    expect((await aid.slice.ask(mine, { caller: citizen(id(PUPIL, 22)) })).data.mySchoolAids).toEqual([]);
  });

  test("is paid when the payment chain credits the year's payment, and not by any other", async () => {
    const [active] = (await activate([seen(await nominated(23))])).data.done;
    const [granted] = (await grant([seen(active)], "SK-PEMBERIAN-23")).data.done;
    const pay = (period: string, at: number) =>
      aid.owner(async (sql) => {
        const days = { starts_on: `${period}-01-01`, ends_on: `${period}-12-31` };
        const row = {
          id: id(9, at),
          enrolment_id: granted.enrolment.id,
          person_id: id(PUPIL, 23),
          program: "KIP",
          region: VILLAGE,
        };
        await sql`insert into payment_period ${sql({ ...row, ...days, period, amount: "750000", state: "FUNDS_RELEASED", channel: "BRI" })}`;
        await sql`update payment_period set state = 'CREDITED', credited_on = '2026-12-01' where id = ${row.id}`;
      });
    await pay("2025", 1);
    expect((await standing([23]))[0]?.state).toBe("GRANTED");
    await pay("2026", 2);
    expect((await standing([23]))[0]?.state).toBe("PAID");
  });
});

describe("the deadline of activation", () => {
  test("cancels nobody before its last instant (WIB), and everybody after it, by the clock alone and with a reason", async () => {
    const row = await nominated(31, {}, { activateBy: "2026-10-10" });
    expect(await aid.tick("cancel_school_aids", "2026-10-10T16:59:59.999Z")).toBe(0);
    expect(await aid.tick("cancel_school_aids", "2026-10-10T17:00:00Z")).toBe(1);
    expect((await standing([31]))[0]?.state).toBe("CANCELLED");
    const [last] = await aid.owner(
      (sql) => sql`select actor, reason from transition where subject_id = ${row.id} order by id desc limit 1`,
    );
    expect(last).toEqual({ actor: "SYSTEM", reason: "NOT_ACTIVATED_IN_TIME" });
    expect(codesOf(await activate([seen({ ...row, version: 2 })]))).toEqual(["CONFLICT"]);
  });

  test("who was cancelled may be nominated again in the year", async () => {
    await nominated(32, {}, { activateBy: "2026-10-06" });
    await aid.tick("cancel_school_aids", "2026-10-07T00:00:00Z");
    await nominate(list("SK-32-LAGI", [pupil(32)]));
    expect((await standing([32])).map(({ state }) => state).sort()).toEqual(["CANCELLED", "NOMINATED"]);
  });

  test("is extended while it is still to come, later than it was, with a reason", async () => {
    await nominated(33, {}, { activateBy: "2026-10-20" });
    const [of] = await aid.owner((sql) => sql`select id, version from school_nomination where number = 'SK-33'`);
    const extend = (told: object) =>
      aid.act(
        "extendSchoolNomination(ExtendSchoolNominationInput) { activateBy extensionReason version }",
        { ...of, ...told },
        puslapdik,
      );
    expect(codesOf(await extend({ activateBy: "2026-10-19", reason: "lebih awal" }))).toEqual(["BAD_USER_INPUT"]);
    expect(codesOf(await extend({ activateBy: "2026-11-19", reason: " " }))).toEqual(["BAD_USER_INPUT"]);
    const { data } = await extend({ activateBy: "2026-11-19", reason: "bank libur panjang" });
    expect(data.done).toEqual({ activateBy: "2026-11-19", extensionReason: "bank libur panjang", version: 2 });
    expect(await aid.tick("cancel_school_aids", "2026-10-25T00:00:00Z")).toBe(0);
    aid.clock.now = Date.parse("2026-11-19T17:00:00Z");
    expect(codesOf(await extend({ version: 2, activateBy: "2026-12-01", reason: "terlambat" }))).toEqual(["CONFLICT"]);
    aid.clock.now = Date.parse(TODAY);
  });
});

describe("threats to school aid", () => {
  test("whoever nominated a pupil does not grant the aid", async () => {
    const [active] = (await activate([seen(await nominated(41))])).data.done;
    expect(codesOf(await grant([seen(active)], "SK-41", puslapdik))).toEqual(["FORBIDDEN"]);
  });

  test("nobody is granted aid whose account is not active", async () => {
    expect(codesOf(await grant([seen(await nominated(42))], "SK-42"))).toEqual(["CONFLICT"]);
  });

  test("a steward of social affairs, a regency, a bank and a machine nominate nobody", async () => {
    for (const who of [steward, district, bank, machine]) {
      const { data, errors } = await nominate(list("SK-43", [pupil(43)]), who);
      expect(data.done === null ? errors.length : data.done.faults.length).toBeGreaterThan(0);
    }
    expect(await standing([43])).toEqual([]);
  });

  test("a bank reads no pupil's aid", async () => {
    const query = "{ schoolAids(first: 100) { nodes { id } totalCount } }";
    expect((await aid.slice.ask(query, { caller: puslapdik })).data.schoolAids.totalCount).toBeGreaterThan(0);
    expect((await aid.slice.ask(query, { caller: bank })).data.schoolAids).toEqual({ nodes: [], totalCount: 0 });
  });

  test("an old version changes nothing, not even the other pupils of the list", async () => {
    const [a, b] = [await nominated(44), await nominated(45)];
    await activate([seen(a)]);
    expect(codesOf(await activate([seen(b), seen(a)]))).toEqual(["CONFLICT"]);
    expect((await standing([45]))[0]?.state).toBe("NOMINATED");
  });

  test("a pupil, and a pupil's number, is aided once in a year", async () => {
    await nominated(46);
    const again = await nominate(list("SK-46-LAGI", [pupil(46, { nisn: "9100000046" })]));
    expect(again.data.done.faults).toMatchObject([{ line: 1, field: "person" }]);
    const number = await nominate(list("SK-46-NISN", [pupil(47, { nisn: String(9_000_000_046) })]));
    expect(number.data.done.faults).toMatchObject([{ line: 1, field: "nisn" }]);
  });

  test("a pupil who died since the nomination is not granted", async () => {
    await nominate(
      list("SK-50", [pupil(50, { person: ani.id, level: "PRIMARY", grade: 4 })], { year: 2028, activateBy: "2028-02-01" }),
    );
    const [row] = await aid.owner((sql) => sql`select id, version from school_aid where person_id = ${ani.id} and year = 2028`);
    const [active] = (await activate([row as object])).data.done;
    await aid.owner(
      (sql) => sql`insert into exclusion (id, person_id, region, reason, source, evidence, valid_from, known_from)
      values (gen_random_uuid(), ${ani.id}, ${VILLAGE}, 'DECEASED', 'DUKCAPIL', 'akta', '2026-01-01', '2026-01-01')`,
    );
    expect(codesOf(await grant([seen(active)], "SK-50"))).toEqual(["BAD_USER_INPUT"]);
  });

  test("a dead pupil is not nominated", async () => {
    const { data } = await nominate(
      list("SK-MATI", [pupil(48, { person: ani.id, level: "PRIMARY", grade: 4 })], { year: 2027, activateBy: "2027-02-01" }),
    );
    expect(data.done.faults).toMatchObject([{ line: 1, field: "person" }]);
  });

  test("nobody but the payment chain marks an aid as paid, and none is deleted", async () => {
    const row = await nominated(49);
    const as = (statement: string) =>
      aid
        .owner((sql) => sql.unsafe(`set local role none; ${statement}`))
        .then(
          () => "done",
          (error: Error) => error.message,
        );
    expect(await as(`update school_aid set state = 'PAID' where id = '${row.id}'`)).not.toBe("done");
    expect(await as(`delete from school_aid where id = '${row.id}'`)).toContain("on file");
  });
});
