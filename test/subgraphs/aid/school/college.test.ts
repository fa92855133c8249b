import { beforeAll, describe, expect, test } from "vitest";
import { siti } from "../../../kit/people.ts";
import { codesOf } from "../../../kit/slice.ts";
import { bank, bpjs, citizen, district, id, machine, puslapdik, puslapdik2, steward, useAid, VILLAGE } from "./kit.ts";

const aid = useAid("2026-10-05T03:00:00Z");
const AID = "{ id version state living tuitionCovered ground evidence decree enrolment { state } history { act actor reason } }";
const student = (n: number) => id(1, n);
const nominate = (told: object, who = puslapdik) =>
  aid.act(
    `nominateStudent(NominateStudentInput) ${AID}`,
    {
      ...{ village: VILLAGE, university: "001001", study: "Teknik Sipil", accreditation: "A", isMedicine: false, cluster: 3 },
      ...{ tuition: "7500000", since: "2026-1", semesters: 8, ground: "ORPHANAGE", document: "SK-PANTI-7", ...told },
    },
    who,
  );
type Seen = { id: string; version: number };
const seen = ({ id: of, version }: Seen) => ({ id: of, version });
const verify = (of: Seen, holds = true, who = puslapdik2) =>
  aid.act(`verifyStudent(VerifyStudentInput) ${AID}`, { ...seen(of), holds, reason: "dokumen asli diperiksa" }, who);
const grant = (of: Seen, who = puslapdik2) =>
  aid.act(`grantCollegeAid(GrantCollegeAidInput) ${AID}`, { ...seen(of), decree: "SK-KIPK-1" }, who);
const report = (aidId: string, semester: number, who = puslapdik) =>
  aid.act(
    "reportSemester(ReportSemesterInput) { id version state semester }",
    { aid: aidId, semester, credits: 20, gradeAverage: 325, document: "KHS-1" },
    who,
  );
const decide = (of: Seen, continues: boolean, who = puslapdik2) =>
  aid.act(
    "decideSemester(DecideSemesterInput) { id version state reason }",
    { ...seen(of), continues, reason: "IPK di atas 3" },
    who,
  );
const enrolments = (n: number) =>
  aid.owner((sql) => sql`select state, ending from enrolment where person_id = ${student(n)} and program = 'KIP_KULIAH'`);
async function granted(n: number, told: object = {}): Promise<Seen> {
  const { data } = await nominate({ person: student(n), ...told });
  const verified = await verify(data.done);
  const { data: done, errors } = await grant(verified.data.done);
  expect(errors).toEqual([]);
  return done.done;
}

beforeAll(async () => {
  // a student of Siti's family, who draws PKH and BPNT for it
  await aid.owner(
    (
      sql,
    ) => sql`insert into candidate_member (delivery, member_id, family_id, suffix, person_id, match_status, state, region, components, barred, decile, rank, first_on)
      select delivery, gen_random_uuid(), family_id, '04', ${student(500)}, 'MATCHED', 'ACTIVE', region, '{}', '{}', 2, rank, first_on
      from candidate_member where person_id = ${siti.id}`,
  );
});

describe("aid for college", () => {
  test("is verified and granted by another officer, enrols the student, and pays six months of the cluster a semester", async () => {
    const { data, errors } = await nominate({ person: student(1) });
    expect(errors).toEqual([]);
    expect(data.done).toMatchObject({ state: "NOMINATED", living: "6600000", tuitionCovered: "7500000" });
    const verified = await verify(data.done);
    const done = (await grant(verified.data.done)).data.done;
    expect(done).toMatchObject({ state: "GRANTED", decree: "SK-KIPK-1", enrolment: { state: "ACTIVE" } });
    expect(
      done.history.map((line: { act: string; actor: string; reason: string }) => `${line.act} ${line.actor}: ${line.reason}`),
    ).toEqual([
      "NOMINATE puslapdik.kemendikdasmen: NOMINATION",
      "VERIFY puslapdik2.kemendikdasmen: VERIFICATION",
      "GRANT puslapdik2.kemendikdasmen: SK-KIPK-1",
    ]);
  });

  test.each([
    [11, "A", false, "9000000", "8000000"],
    [12, "A", true, "15000000", "12000000"],
    [13, "B", false, "9000000", "4000000"],
    [14, "C", false, "1500000", "1500000"],
    [15, "C", false, "2400001", "2400000"],
  ])(
    "student %i of accreditation %s (medicine: %s): a tuition of %s is covered up to %s",
    async (n, accreditation, isMedicine, tuition, covered) => {
      const { data, errors } = await nominate({ person: student(n), accreditation, isMedicine, tuition });
      expect(errors).toEqual([]);
      expect(data.done.tuitionCovered).toBe(covered);
    },
  );

  test.each([
    [1, "4800000"],
    [2, "5700000"],
    [3, "6600000"],
    [4, "7500000"],
    [5, "8400000"],
  ])("cluster %i lives on %s a semester", async (cluster, living) => {
    expect((await nominate({ person: student(400 + cluster), cluster })).data.done.living).toBe(living);
  });
});

describe("the ground", () => {
  test("is read in a history, or the words of a decision are, by officers to whom the aid withholds both", async () => {
    const of = await granted(610, { ground: "LOW_INCOME", document: "SLIP-1", familyIncome: "2000000", heads: 4 });
    const reported = await report(of.id, 1);
    await decide(reported.data.done, false);
    const told = await aid.owner(
      (sql) => sql`select distinct reason from transition where person_id = ${student(610)} order by 1`,
    );
    expect(told.map((row) => row["reason"])).toEqual([
      ...["COMMITMENT_BREACH", "NOMINATION", "SEMESTER", "SEMESTER 1", "SK-KIPK-1", "VERIFICATION"],
    ]);
  });

  test("that the programs know is shown by what they know, whatever paper is brought", async () => {
    const { data } = await nominate({ person: student(500), ground: "FAMILY_IN_PROGRAM", document: "apa saja" });
    expect(data.done).toMatchObject({ ground: "FAMILY_IN_PROGRAM", evidence: "BPNT, 2021-04-01" });
    const query = `{ collegeGrounds(person: "${student(500)}") { ground evidence } }`;
    const { data: shown } = await aid.slice.ask(query, { caller: puslapdik });
    expect(shown.collegeGrounds.map(({ ground }: { ground: string }) => ground)).toEqual(["FAMILY_IN_PROGRAM", "REGISTERED"]);
    for (const caller of [bpjs, district, bank, machine])
      expect((await aid.slice.ask(query, { caller })).data.collegeGrounds).toEqual([]);
  });

  test("that nothing shows does not hold", async () => {
    expect(codesOf(await nominate({ person: student(501), ground: "PIP_HOLDER" }))).toEqual(["BAD_USER_INPUT"]);
    expect(codesOf(await nominate({ person: student(501), ground: "REGISTERED" }))).toEqual(["BAD_USER_INPUT"]);
    expect(codesOf(await nominate({ person: student(501), document: null }))).toEqual(["BAD_USER_INPUT"]);
  });

  test("of income holds up to 4,000,000 together or 750,000 a head; of P3KE up to decile 3", async () => {
    const income = (n: number, familyIncome: string, heads: number | null) =>
      nominate({ person: student(n), ground: "LOW_INCOME", familyIncome, heads });
    expect(codesOf(await income(510, "4000000", null))).toEqual([]);
    expect(codesOf(await income(511, "4000001", null))).toEqual(["BAD_USER_INPUT"]);
    expect(codesOf(await income(511, "4500000", 6))).toEqual([]);
    expect(codesOf(await income(512, "4500001", 6))).toEqual(["BAD_USER_INPUT"]);
    expect(codesOf(await nominate({ person: student(513), ground: "P3KE_DECILE", decile: 3 }))).toEqual([]);
    expect(codesOf(await nominate({ person: student(514), ground: "P3KE_DECILE", decile: 4 }))).toEqual(["BAD_USER_INPUT"]);
    expect(codesOf(await nominate({ person: student(514), ground: "P3KE_DECILE" }))).toEqual(["BAD_USER_INPUT"]);
  });
});

describe("a semester", () => {
  test("goes on by a report and another officer's decision, one behind the other; stopped, the aid is stopped", async () => {
    const { id: of } = await granted(600);
    expect(codesOf(await report(of, 2))).toEqual(["CONFLICT"]);
    const first = (await report(of, 1)).data.done;
    expect(codesOf(await decide(first, true, puslapdik))).toEqual(["FORBIDDEN"]);
    expect((await decide(first, true)).data.done.state).toBe("CONTINUED");
    expect(codesOf(await decide({ ...first, version: 2 }, false))).toEqual(["CONFLICT"]);
    const second = (await report(of, 2)).data.done;
    await decide(second, false);
    const { data } = await aid.slice.ask("{ myCollegeAids { state semesterReports { semester state } } }", {
      caller: citizen(student(600)),
    });
    expect(data.myCollegeAids).toEqual([
      {
        state: "STOPPED",
        semesterReports: [
          { semester: 1, state: "CONTINUED" },
          { semester: 2, state: "STOPPED" },
        ],
      },
    ]);
    expect(codesOf(await report(of, 3))).toEqual(["CONFLICT"]);
    expect(await enrolments(600)).toEqual([{ state: "EXITED", ending: "COMMITMENT_BREACH" }]);
  });

  test("that is the last one aided ends the aid well: the enrolment graduates", async () => {
    const { id: of } = await granted(601, { semesters: 1 });
    await decide((await report(of, 1)).data.done, true);
    expect(await enrolments(601)).toEqual([{ state: "GRADUATED", ending: "STUDY_ENDED" }]);
  });
});

describe("threats to aid for college", () => {
  test("whoever nominated a student neither verifies nor grants", async () => {
    const { data } = await nominate({ person: student(700) });
    expect(codesOf(await verify(data.done, true, puslapdik))).toEqual(["FORBIDDEN"]);
    const verified = await verify(data.done);
    expect(codesOf(await grant(verified.data.done, puslapdik))).toEqual(["FORBIDDEN"]);
  });

  test("what was not verified, or was rejected, is not granted", async () => {
    const { data } = await nominate({ person: student(701) });
    expect(codesOf(await grant(data.done))).toEqual(["CONFLICT"]);
    const rejected = await verify(data.done, false);
    expect(codesOf(await grant(rejected.data.done))).toEqual(["CONFLICT"]);
  });

  test("a student is aided once at a time, and an old version changes nothing", async () => {
    const { data } = await nominate({ person: student(702) });
    expect(codesOf(await nominate({ person: student(702) }))).toEqual(["CONFLICT"]);
    expect(codesOf(await verify({ ...data.done, version: 9 }))).toEqual(["CONFLICT"]);
  });

  test("officers of other houses and machines nominate no student", async () => {
    for (const who of [steward, district, bpjs, bank, machine])
      expect(codesOf(await nominate({ person: student(703) }, who))).toEqual(["FORBIDDEN"]);
  });

  test("every fault of a nomination is told at once, and nobody's NIK is written", async () => {
    const { errors } = await nominate({
      person: "x",
      village: "35",
      university: "1",
      cluster: 6,
      since: "besok",
      document: "3510161708450000",
    });
    for (const field of ["person", "village", "university", "cluster", "since", "document must hold no NIK"])
      expect(errors[0]?.extensions.detail).toContain(field);
  });
});
