import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { codesOf } from "../../../kit/slice.ts";
import { DISTRICT, type Enrolled, HERE, useHistory } from "../history/kit.ts";

const hub = useHistory();
const outcome = (asked: Parameters<typeof codesOf>[0]) => (asked.errors.length > 0 ? codesOf(asked).join() : "OK");

interface Family extends Enrolled {
  readonly pupil: string;
  readonly expectant: string;
}

/** A family of the data in force: who draws the aid, a pupil, a pregnant woman, a pupil who is gone, and one nobody has matched. */
async function family(): Promise<Family> {
  const of = { id: randomUUID(), person: randomUUID(), unit: randomUUID(), pupil: randomUUID(), expectant: randomUUID() };
  const members = [
    { person_id: of.person, components: [], state: "ACTIVE" },
    { person_id: of.pupil, components: ["PRIMARY"], state: "ACTIVE" },
    { person_id: of.expectant, components: ["PREGNANCY"], state: "ACTIVE" },
    { person_id: randomUUID(), components: ["SENIOR"], state: "INACTIVE" },
    { person_id: null, components: ["JUNIOR"], state: "ACTIVE" },
  ];
  await hub.owner(async (sql) => {
    const [{ delivery } = { delivery: null }] = await sql`select programs.delivery_in_force() as delivery`;
    const row = { delivery, family_id: of.unit, region: HERE, barred: [] };
    await sql`insert into candidate_family ${sql({ ...row, person_id: of.person, components: ["PRIMARY", "PREGNANCY"] })}`;
    for (const [at, member] of members.entries())
      await sql`insert into candidate_member ${sql({ ...row, ...member, member_id: randomUUID(), suffix: `0${at + 1}`, match_status: member.person_id === null ? "NO_CANDIDATE" : "MATCHED" })}`;
    await sql`insert into enrolment ${sql({
      ...{ id: of.id, person_id: of.person, unit_id: of.unit, program: "PKH" },
      ...{ state: "ACTIVE", region: HERE, started_on: "2024-01-01" },
    })}`;
  });
  return of;
}

test("a quarter is fulfilled by one meeting while nobody asked the school or the health post", async () => {
  const of = await family();
  const period = "2026-Q2";
  expect(outcome(await hub.record(of, { period }))).toBe("OK");
  expect(outcome(await hub.conclude(of, { period }))).toBe("CONFLICT");
  const school = { member: of.pupil, kind: "SCHOOL_ATTENDANCE", attended: 50, held: 50 };
  expect(outcome(await hub.record(of, { period, ...school }))).toBe("OK");
  expect(outcome(await hub.conclude(of, { period }))).toBe("CONFLICT");
  const visits = { member: of.expectant, kind: "ANTENATAL_VISITS", attended: 0, exception: "ILLNESS", words: "dirawat" };
  expect(outcome(await hub.record(of, { period, ...visits }))).toBe("OK");
  expect((await hub.conclude(of, { period })).data.concludeCommitments).toMatchObject({ stage: "FULFILLED", period });
});

test("a school alone does not stand for the meeting of the family", async () => {
  const of = await family();
  const period = "2026-Q1";
  await hub.record(of, { period, member: of.pupil, kind: "SCHOOL_ATTENDANCE", attended: 50, held: 50 });
  await hub.record(of, { period, member: of.expectant, kind: "ANTENATAL_VISITS", attended: 4 });
  expect(outcome(await hub.conclude(of, { period }))).toBe("CONFLICT");
  expect(outcome(await hub.record(of, { period, member: of.pupil }))).toBe("OK"); // whoever of the family was there
  expect(outcome(await hub.conclude(of, { period }))).toBe("OK");
});

test("a breach that suspended is lifted by a quarter that nobody has verified whole", async () => {
  const of = await family();
  const whole = async (period: string, attended: number) => {
    await hub.record(of, { period, attended });
    await hub.record(of, { period, member: of.pupil, kind: "SCHOOL_ATTENDANCE", attended: 50, held: 50 });
    await hub.record(of, { period, member: of.expectant, kind: "ANTENATAL_VISITS", attended: 4 });
  };
  for (const [version, period] of ["2025-Q3", "2025-Q4"].entries()) {
    await whole(period, 0);
    expect(outcome(await hub.conclude(of, { period, version }))).toBe("OK");
  }
  expect((await hub.read(of)).state).toBe("SUSPENDED");
  await hub.record(of, { period: "2026-Q1" });
  expect(outcome(await hub.conclude(of, { period: "2026-Q1", version: 2 }))).toBe("CONFLICT");
  expect((await hub.read(of)).state).toBe("SUSPENDED");
});

test("a quarter that still runs is concluded", async () => {
  const poor = await hub.enrol();
  expect(outcome(await hub.record(poor, { period: "2026-Q3" }))).toBe("OK");
  for (const [at, expected] of [
    ["2026-08-03T03:00:00Z", "BAD_USER_INPUT"],
    ["2026-09-30T16:59:59Z", "BAD_USER_INPUT"],
    ["2026-09-30T17:00:00Z", "OK"], // 1 October in Jakarta
  ] as const) {
    hub.clock.now = Date.parse(at);
    expect(outcome(await hub.conclude(poor, { period: "2026-Q3" }, DISTRICT))).toBe(expected);
  }
});

test("a quarter begins on its first day and on none before, whatever the length of its months", async () => {
  const begins = [
    ["2026-Q1", "2026-01-01"],
    ["2026-Q2", "2026-04-01"],
    ["2026-Q3", "2026-07-01"],
    ["2026-Q4", "2026-10-01"],
  ] as const;
  for (const [period, day] of begins) {
    const poor = await hub.enrol();
    const midnight = Date.parse(`${day}T00:00:00+07:00`);
    hub.clock.now = midnight - 1;
    expect([period, outcome(await hub.record(poor, { period }))]).toEqual([period, "BAD_USER_INPUT"]);
    hub.clock.now = midnight;
    expect([period, outcome(await hub.record(poor, { period }))]).toEqual([period, "OK"]);
  }
});
