import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { codesOf } from "../../../kit/slice.ts";
import { as, citizen, DISTRICT, type Enrolled, HERE, OTHER, useHistory } from "../history/kit.ts";

const hub = useHistory();

/** A family of the data in force: who draws the aid, a pupil, a toddler, and a pregnant woman. */
const [MOTHER, PUPIL, TODDLER, AUNT] = Array.from({ length: 4 }, () => randomUUID()) as [string, string, string, string];
const COMPONENTS: readonly (readonly [person: string, components: string[]])[] = [
  [MOTHER, []],
  [PUPIL, ["PRIMARY"]],
  [TODDLER, ["EARLY_CHILDHOOD"]],
  [AUNT, ["PREGNANCY"]],
];
let family: Enrolled;

beforeAll(() =>
  hub.owner(async (sql) => {
    family = { id: randomUUID(), person: MOTHER, unit: randomUUID() };
    const [{ delivery } = { delivery: null }] = await sql`select programs.delivery_in_force() as delivery`;
    expect(delivery).not.toBeNull();
    const row = { delivery, family_id: family.unit, region: HERE, barred: [] };
    await sql`insert into candidate_family ${sql({ ...row, person_id: MOTHER, components: COMPONENTS.flatMap(([, own]) => own) })}`;
    for (const [at, [person_id, components]] of COMPONENTS.entries())
      await sql`insert into candidate_member ${sql({
        ...{ ...row, member_id: randomUUID(), suffix: `0${at + 1}`, person_id, components },
        ...{ match_status: "MATCHED", state: "ACTIVE" },
      })}`;
    await sql`insert into enrolment ${sql({
      ...{ id: family.id, person_id: MOTHER, unit_id: family.unit, program: "PKH" },
      ...{ state: "ACTIVE", region: HERE, started_on: "2024-01-01" },
    })}`;
  }),
);

const outcome = (asked: Parameters<typeof codesOf>[0]) => (asked.errors.length > 0 ? codesOf(asked).join() : "OK");
const school = (attended: number, held: number) => ({ member: PUPIL, kind: "SCHOOL_ATTENDANCE", attended, held });

describe("a commitment", () => {
  test.each([
    ["84 % of attendance at school is flagged", { ...school(84, 100), period: "2025-Q1" }, false],
    ["85 % of attendance at school is enough", { ...school(85, 100), period: "2025-Q2" }, true],
    ["17 of 20 days are 85 %", { ...school(17, 20), period: "2025-Q3" }, true],
    ["16 of 19 days are 84.2 %: no rounding helps", { ...school(16, 19), period: "2025-Q4" }, false],
    ["three antenatal visits are flagged", { member: AUNT, kind: "ANTENATAL_VISITS", attended: 3, period: "2025-Q1" }, false],
    ["four antenatal visits are enough", { member: AUNT, kind: "ANTENATAL_VISITS", attended: 4, period: "2025-Q2" }, true],
    [
      "every immunisation that is due counts",
      { member: TODDLER, kind: "IMMUNISATION", attended: 1, held: 2, period: "2025-Q1" },
      false,
    ],
    ["a family meeting is enough", { member: MOTHER, kind: "FAMILY_MEETING", attended: 1, period: "2025-Q1" }, true],
  ])("%s", async (_, found, isFulfilled) => {
    const { data, errors } = await hub.record(family, found);
    expect(errors).toEqual([]);
    expect(data.recordCommitment.isFulfilled).toBe(isFulfilled);
  });

  test("is corrected in the version that was seen until the period is concluded", async () => {
    const poor = await hub.enrol();
    const found = { attended: 0, period: "2024-Q4" };
    expect(outcome(await hub.record(poor, found))).toBe("OK");
    expect(outcome(await hub.record(poor, found))).toBe("CONFLICT");
    expect((await hub.record(poor, { ...found, attended: 1, version: 1 })).data.recordCommitment).toMatchObject({
      version: 2,
      isFulfilled: true,
    });
    expect(outcome(await hub.record(poor, { ...found, version: 1 }))).toBe("CONFLICT");
    expect(outcome(await hub.conclude(poor, { period: "2024-Q4" }))).toBe("OK");
    expect(outcome(await hub.record(poor, { ...found, version: 2 }))).toBe("CONFLICT");
    expect(outcome(await hub.conclude(poor, { period: "2024-Q4", version: 1 }))).toBe("CONFLICT");
  });

  test.each([
    ["of somebody who is not of the family", { ...school(9, 10), member: randomUUID() }],
    ["of a member whom nothing obliges to it", { ...school(9, 10), member: TODDLER }],
    ["of a period that has not begun", { ...school(9, 10), period: "2026-Q4" }],
    ["of a period that is none", { ...school(9, 10), period: "2026-Q5" }],
    ["with more days attended than held", school(11, 10)],
    ["without the days that were held", { member: PUPIL, kind: "SCHOOL_ATTENDANCE", attended: 3 }],
    ["excepted without a word", { ...school(1, 10), exception: "DISASTER" }],
    ["with a NIK in the words", { ...school(1, 10), exception: "ILLNESS", words: "anak 3510161708459001 sakit" }],
  ])("is not recorded %s", async (_, found) => {
    expect(outcome(await hub.record(family, { period: "2026-Q2", ...found }))).toBe("BAD_USER_INPUT");
  });
});

describe("consequences", () => {
  const breach = { kind: "FAMILY_MEETING", attended: 0 };
  /** Concludes quarters one after the other, each breached or fulfilled; answers the stages. */
  const walk = async (of: Enrolled, quarters: readonly (readonly [string, boolean])[]) => {
    const stages: string[] = [];
    for (const [version, [period, isFulfilled]] of quarters.entries()) {
      expect(outcome(await hub.record(of, { ...breach, attended: isFulfilled ? 1 : 0, period }))).toBe("OK");
      const { data, errors } = await hub.conclude(of, { period, version });
      expect(errors).toEqual([]);
      stages.push(data.concludeCommitments.stage);
    }
    return stages;
  };
  const BREACHED = [
    ["2025-Q3", false],
    ["2025-Q4", false],
    ["2026-Q1", false],
  ] as const;

  test("go from warning over one period of suspension to a proposed stop, which another officer confirms", async () => {
    const poor = await hub.enrol();
    expect(await walk(poor, BREACHED)).toEqual(["WARNED", "SUSPENDED", "STOP_PROPOSED"]);
    const { data } = await hub.slice.ask(
      `query ($id: ID!) { enrolment(id: $id) { state endings { id version reason state proposedBy } } }`,
      {
        ...DISTRICT,
        variables: { id: poor.id },
      },
    );
    expect(data.enrolment).toMatchObject({
      state: "SUSPENDED",
      endings: [{ reason: "COMMITMENT_BREACH", state: "PROPOSED", proposedBy: "district.x" }],
    });
    expect(outcome(await hub.confirm(data.enrolment.endings[0], DISTRICT))).toBe("FORBIDDEN");
    expect(outcome(await hub.confirm(data.enrolment.endings[0], OTHER))).toBe("OK");
    const read = await hub.read(poor);
    expect(read).toMatchObject({ state: "EXITED", ending: "COMMITMENT_BREACH" });
    expect(read.history.map((line: { reason: string }) => line.reason)).toEqual([
      "COMMITMENT_BREACH 2025-Q4",
      "COMMITMENT_BREACH",
    ]);
    expect(outcome(await hub.record(poor, { period: "2026-Q3" }))).toBe("CONFLICT");
  });

  test("are forgotten after a fulfilled period, which resumes what breaches suspended and drops the proposed stop", async () => {
    const poor = await hub.enrol();
    expect(await walk(poor, [...BREACHED, ["2026-Q2", true]])).toEqual(["WARNED", "SUSPENDED", "STOP_PROPOSED", "FULFILLED"]);
    const { data } = await hub.slice.ask(
      `query ($id: ID!) { enrolment(id: $id) { state endings { state } commitmentCase { history { from to reason } } } }`,
      {
        ...DISTRICT,
        variables: { id: poor.id },
      },
    );
    expect(data.enrolment).toMatchObject({ state: "ACTIVE", endings: [{ state: "REVOKED" }] });
    expect(data.enrolment.commitmentCase.history.at(-1)).toEqual({ from: "STOP_PROPOSED", to: "FULFILLED", reason: "2026-Q2" });
  });

  test("do not resume what an officer suspended for another reason", async () => {
    const poor = await hub.enrol();
    await walk(poor, [["2026-Q1", false]]);
    await hub.suspend(poor, 1);
    expect(outcome(await hub.record(poor, { period: "2026-Q2" }))).toBe("OK");
    expect(outcome(await hub.conclude(poor, { period: "2026-Q2", version: 1 }))).toBe("OK");
    expect((await hub.read(poor)).state).toBe("SUSPENDED");
  });

  test("spare whoever has no school or service in reach, by what the companion writes", async () => {
    const poor = await hub.enrol();
    const found = { ...breach, period: "2026-Q1", exception: "NO_SERVICE_IN_REACH", words: "jembatan putus" };
    expect((await hub.record(poor, found)).data.recordCommitment.isFulfilled).toBe(false);
    expect((await hub.conclude(poor, { period: "2026-Q1" })).data.concludeCommitments.stage).toBe("FULFILLED");
  });

  test("take another officer than who verified, and a period that was verified", async () => {
    const poor = await hub.enrol();
    const both = as("both.x");
    expect(outcome(await hub.conclude(poor))).toBe("CONFLICT");
    await hub.record(poor, breach, both);
    expect(outcome(await hub.conclude(poor, {}, both))).toBe("FORBIDDEN");
    expect(outcome(await hub.conclude(poor, {}, as("companion.x")))).toBe("FORBIDDEN");
    const twice = await Promise.all([hub.conclude(poor, {}, DISTRICT), hub.conclude(poor, {}, OTHER)]);
    expect(twice.map(outcome).sort()).toEqual(["CONFLICT", "OK"]);
  });
});

describe("threats", () => {
  test("a companion of another district, a district officer or a steward records what nobody of them saw", async () => {
    for (const who of [as("companion2.x"), DISTRICT, as("steward.x"), citizen(MOTHER), as("elsewhere.x")])
      expect(["FORBIDDEN", "CONFLICT"]).toContain(
        outcome(await hub.record(family, { ...school(9, 10), period: "2026-Q2" }, who)),
      );
  });

  test("a companion reads health of families outside the district; a member reads another member's", async () => {
    await hub.record(family, { member: AUNT, kind: "ANTENATAL_VISITS", attended: 4, period: "2026-Q1" });
    const BOTH = `query ($id: ID!) { enrolment(id: $id) { commitments { kind } commitmentsOfHealth { kind } } }`;
    const kindsOf = (rows: readonly { kind: string }[]) => [...new Set(rows.map(({ kind }) => kind))].sort();
    const checks = async (who: ReturnType<typeof as>) => {
      const { enrolment } = (await hub.slice.ask(BOTH, { ...who, variables: { id: family.id } })).data;
      return enrolment && [kindsOf(enrolment.commitments), kindsOf(enrolment.commitmentsOfHealth)];
    };
    const [open, health] = [
      ["FAMILY_MEETING", "SCHOOL_ATTENDANCE"],
      ["ANTENATAL_VISITS", "IMMUNISATION"],
    ];
    expect(await checks(as("companion.x"))).toEqual([open, health]);
    expect(await checks(as("companion2.x"))).toBeNull();
    expect(await checks(citizen(AUNT))).toBeNull(); // the enrolment is her sister's
    expect(await checks(citizen(MOTHER))).toEqual([["FAMILY_MEETING"], []]); // her own meeting, nobody's visits
    const MINE = "{ myCommitments { kind } myCommitmentsOfHealth { kind } }";
    const mine = async (person: string) => {
      const { data } = await hub.slice.ask(MINE, citizen(person));
      return [kindsOf(data.myCommitments), kindsOf(data.myCommitmentsOfHealth)];
    };
    expect(await mine(AUNT)).toEqual([[], ["ANTENATAL_VISITS"]]);
    expect(await mine(randomUUID())).toEqual([[], []]);
  });
});

test("thresholds and reasons to end are public rows with their sources", async () => {
  const { data, errors } = await hub.slice.ask(
    "{ commitmentRules { program kind measure threshold source } endingRules { code endsAs graduation revocableDays byOfficers source } }",
    DISTRICT,
  );
  expect(errors).toEqual([]);
  expect(data.commitmentRules).toContainEqual(
    expect.objectContaining({ kind: "SCHOOL_ATTENDANCE", measure: "PERCENT", threshold: 85 }),
  );
  expect(data.commitmentRules.map(({ source }: { source: string }) => source.length > 0)).not.toContain(false);
  expect(data.endingRules).toContainEqual(expect.objectContaining({ code: "WITHDRAWN", endsAs: "EXITED", revocableDays: 30 }));
});
