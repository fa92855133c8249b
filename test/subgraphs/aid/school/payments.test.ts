import { expect, test } from "vitest";
import { asRole } from "../../../kit/database.ts";
import { ani } from "../../../kit/people.ts";
import { id, puslapdik, puslapdik2, steward, useAid, VILLAGE } from "./kit.ts";

// What was granted is what the payment chain pays: no more, and to nobody else.

const aid = useAid("2026-10-05T03:00:00Z");
const person = (n: number) => id(1, n);

async function open(program: string, period: string, [startsOn, endsOn]: readonly [string, string]): Promise<void> {
  const input = { program, period, startsOn, endsOn };
  const { data, errors } = await aid.act("openPaymentPeriod(OpenPaymentPeriodInput) { id }", input, steward);
  expect(errors).toEqual([]);
  await asRole(String(aid.urls.allocation), async (sql) => {
    for (let seen = 1; seen > 0; )
      [seen = 0] = (await sql`select programs.open_payments(${data.done.id}, 500) as n`).map((row) => Number(row["n"]));
  });
}
const paid = (n: number): Promise<{ period: string; amount: string }[]> =>
  aid.owner(async (sql) => {
    const rows =
      await sql`select period, amount::text as amount from payment_period where person_id = ${person(n)} order by period`;
    return rows.map((row) => ({ period: String(row["period"]), amount: String(row["amount"]) }));
  });

test("a pupil of the first class is paid half, one whose aid is not granted nothing, one taken over without an aid by the catalogue", async () => {
  const pupils = [1, 2].map((n) => ({
    person: person(n),
    village: VILLAGE,
    level: "JUNIOR",
    grade: 7,
    npsn: "20500001",
    nisn: `900000000${n}`,
  }));
  const list = { decree: "SK-N", year: 2026, activateBy: "2026-12-01", pupils, dryRun: false };
  await aid.act("nominatePupils(NominatePupilsInput) { accepted }", list, puslapdik);
  const seen = await aid.owner((sql) => sql`select id, version from school_aid order by person_id desc`);
  const active = await aid.act(
    "activateSchoolAids(ActivateSchoolAidsInput) { id version }",
    { aids: seen, activatedOn: "2026-10-05" },
    puslapdik,
  );
  // answered in the order in which they were sent, whatever way the database took
  expect(active.data.done.map((row: { id: string }) => row.id)).toEqual(seen.map((row) => row["id"]));
  const { errors } = await aid.act(
    "grantSchoolAids(GrantSchoolAidsInput) { id }",
    { aids: active.data.done.slice(1), decree: "SK-P" },
    puslapdik2,
  );
  expect(errors).toEqual([]);
  await open("KIP", "2026", ["2026-01-01", "2026-12-31"]);
  expect(await paid(1)).toEqual([{ period: "2026", amount: "375000" }]);
  expect(await paid(2)).toEqual([]);
  const [taken] = await aid.owner(
    (sql) =>
      sql`select amount::text as amount from payment_period where person_id = ${ani.id} and program = 'KIP' and period = '2026'`,
  );
  expect(taken).toEqual({ amount: "450000" });
});

test("what was granted for a year is paid once, in however many periods the year is opened, and makes the aid PAID under any name", async () => {
  const held = () =>
    aid.owner(async (sql) => [...(await sql`select state from school_aid where person_id = ${person(1)} order by state`)]);
  const rename = "update payment_period set starts_on = '2026-01-01', ends_on = '2026-06-30', period = 'S1' where person_id = $1";
  await aid.owner((sql) => sql.unsafe(rename, [person(1)]));
  await open("KIP", "2026-S2", ["2026-07-01", "2026-12-31"]);
  expect(await paid(1)).toEqual([{ period: "S1", amount: "375000" }]);
  await aid.owner((sql) => sql`update payment_period set state = 'CREDITED' where person_id = ${person(1)}`);
  expect(await held()).toEqual([{ state: "PAID" }]);
});

test("threat: who came into KIP by a list, past nomination and grant, is paid nothing", async () => {
  const [here, before] = [id(7, 1), id(7, 2)];
  for (const enrolment of [here, before])
    await aid.owner(
      (sql) => sql`insert into enrolment (id, person_id, unit_id, program, state, component, region, started_on)
        values (${enrolment}, ${enrolment}, ${enrolment}, 'KIP', 'ACTIVE', 'SENIOR', ${VILLAGE}, '2026-01-05')`,
    );
  await aid.owner(
    (sql) => sql`insert into transition (subject_kind, subject_id, person_id, program, region, at, actor, act, to_state, reason)
      values ('ENROLMENT', ${here}, ${here}, 'KIP', ${VILLAGE}, now(), 'aid_publish', 'ENROL', 'ACTIVE', 'SK-X')`,
  );
  await open("KIP", "2026-KIP", ["2026-01-01", "2026-12-31"]);
  const rows = await aid.owner((sql) => sql`select person_id from payment_period where person_id in (${here}, ${before})`);
  expect(rows.map((row) => row["person_id"])).toEqual([before]);
});

test("a student's next semester is paid when the one before was decided well, and not before", async () => {
  const nominated = await aid.act(
    "nominateStudent(NominateStudentInput) { id version }",
    {
      ...{
        person: person(9),
        village: VILLAGE,
        university: "001001",
        study: "Gizi",
        accreditation: "B",
        isMedicine: false,
        cluster: 2,
      },
      ...{ tuition: "3000000", since: "2026-1", semesters: 8, ground: "ORPHANAGE", document: "SK-PANTI" },
    },
    puslapdik,
  );
  const of = nominated.data.done;
  await aid.act("verifyStudent(VerifyStudentInput) { id }", { ...of, holds: true, reason: "diperiksa" }, puslapdik2);
  await aid.act("grantCollegeAid(GrantCollegeAidInput) { id }", { ...of, version: 2, decree: "SK-K" }, puslapdik2);
  await open("KIP_KULIAH", "2026-S2", ["2026-07-01", "2026-12-31"]);
  await open("KIP_KULIAH", "2027-S1", ["2027-01-01", "2027-06-30"]);
  expect(await paid(9)).toEqual([{ period: "2026-S2", amount: "5700000" }]);
  const report = { aid: of.id, semester: 1, credits: 20, gradeAverage: 330, document: "KHS-1" };
  const { data } = await aid.act("reportSemester(ReportSemesterInput) { id version }", report, puslapdik);
  await aid.act("decideSemester(DecideSemesterInput) { id }", { ...data.done, continues: true, reason: "IPK baik" }, puslapdik2);
  await open("KIP_KULIAH", "2027-S1 susulan", ["2027-01-01", "2027-06-30"]);
  expect((await paid(9)).map(({ amount }) => amount)).toEqual(["5700000", "5700000"]);
});
