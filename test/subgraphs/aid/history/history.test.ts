import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { asRole, failing } from "../../../kit/database.ts";
import { callerWith, codesOf } from "../../../kit/slice.ts";
import { as, citizen, DISTRICT, HERE, OTHER, THERE, TODAY, useHistory } from "./kit.ts";

const hub = useHistory();

/** What came of a question: its error codes, or OK. */
const outcome = (asked: Parameters<typeof codesOf>[0]) => (asked.errors.length > 0 ? codesOf(asked).join() : "OK");

describe("an enrolment", () => {
  test("is suspended and resumed by one officer, and its history says who, what and why", async () => {
    const family = await hub.enrol();
    expect(await hub.suspend(family, 1)).toMatchObject({
      errors: [],
      data: { suspendEnrolment: { version: 2, state: "SUSPENDED" } },
    });
    expect(outcome(await hub.resume(family, 2, OTHER))).toBe("OK");
    expect((await hub.read(family)).history).toEqual([
      { actor: "district.x", act: "SUSPEND", from: "ACTIVE", to: "SUSPENDED", reason: "alamat tidak ditemukan" },
      { actor: "district2.x", act: "RESUME", from: "SUSPENDED", to: "ACTIVE", reason: "alamat sudah jelas" },
    ]);
  });

  test("exits by two officers: proposed by one, confirmed by another, with the reason", async () => {
    const family = await hub.enrol();
    const { data, errors } = await hub.exit(family, { endsOn: "2026-07-31" });
    expect(errors).toEqual([]);
    expect((await hub.read(family)).state).toBe("ACTIVE");
    expect(outcome(await hub.confirm(data.exitEnrolment))).toBe("OK");
    expect(await hub.read(family)).toMatchObject({
      ...{ state: "EXITED", ending: "MOVED_ABROAD", graduation: null, endedOn: "2026-07-31" },
      history: [{ actor: "district2.x", act: "EXIT", from: "ACTIVE", to: "EXITED", reason: "MOVED_ABROAD" }],
    });
  });

  test("graduates naturally or by own strength, as the reason says, never as an exit", async () => {
    const family = await hub.enrol();
    expect(outcome(await hub.exit(family, { reason: "SELF_RELIANT" }))).toBe("BAD_USER_INPUT");
    expect(outcome(await hub.graduate(family, { reason: "MOVED_ABROAD" }))).toBe("BAD_USER_INPUT");
    const { data } = await hub.graduate(family, { reason: "NO_COMPONENT" });
    await hub.confirm(data.graduateEnrolment, as("steward.x"));
    expect(await hub.read(family)).toMatchObject({
      state: "GRADUATED",
      ending: "NO_COMPONENT",
      graduation: "NATURAL",
      endedOn: TODAY,
    });
  });

  test("runs on where the other officer rejects the end, and another end may be proposed", async () => {
    const family = await hub.enrol();
    const { data } = await hub.exit(family);
    expect(outcome(await hub.exit(family))).toBe("CONFLICT");
    expect(await hub.reject(data.exitEnrolment)).toMatchObject({
      errors: [],
      data: { rejectEnding: { state: "REJECTED", decidedBy: "district2.x" } },
    });
    expect((await hub.read(family)).state).toBe("ACTIVE");
    expect(outcome(await hub.exit(family))).toBe("OK");
  });

  test("of the dead ends as DECEASED only where the register attests it, and is not resumed", async () => {
    const living = await hub.enrol();
    expect(outcome(await hub.exit(living, { reason: "DECEASED" }))).toBe("CONFLICT");
    const dead = await hub.enrol({ state: "SUSPENDED", flag: "DECEASED" });
    expect(outcome(await hub.resume(dead, 1))).toBe("CONFLICT");
    const { data } = await hub.exit(dead, { reason: "DECEASED" });
    expect(outcome(await hub.confirm(data.exitEnrolment))).toBe("OK");
  });

  test("ends of other procedures are not an officer's to say", async () => {
    const family = await hub.enrol({ program: "PBI_JK" });
    for (const reason of ["REPLACED", "DEADLINE_MISSED"])
      expect(outcome(await hub.exit(family, { reason }))).toBe("BAD_USER_INPUT");
    expect(outcome(await hub.exit(family, { reason: "COMMITMENT_BREACH" }))).toBe("CONFLICT");
  });

  test("of two officers who suspend at once one gets a CONFLICT", async () => {
    for (let round = 0; round < 10; round++) {
      const family = await hub.enrol();
      const both = await Promise.all([hub.suspend(family, 1, DISTRICT), hub.suspend(family, 1, OTHER)]);
      expect(both.map(outcome).sort()).toEqual(["CONFLICT", "OK"]);
      expect((await hub.read(family)).history).toHaveLength(1);
    }
  });

  test("of two officers who confirm and reject an end at once one gets a CONFLICT", async () => {
    for (let round = 0; round < 10; round++) {
      const family = await hub.enrol();
      const { data } = await hub.exit(family);
      const both = await Promise.all([hub.confirm(data.exitEnrolment), hub.reject(data.exitEnrolment, as("steward.x"))]);
      expect(both.map(outcome).sort()).toEqual(["CONFLICT", "OK"]);
      expect((await hub.read(family)).state).toBe(outcome(both[0]) === "OK" ? "EXITED" : "ACTIVE");
    }
  });
});

describe("a withdrawal", () => {
  test("suspends at once, may be taken back for 30 days, and then what it suspended runs on", async () => {
    const family = await hub.enrol();
    const own = citizen(family.person);
    const { data, errors } = await hub.withdraw(family);
    expect(errors).toEqual([]);
    expect(data.withdrawFromProgram).toMatchObject({
      state: "PROPOSED",
      endsOn: "2026-09-02",
      revocableUntil: "2026-09-02T17:00:00.000Z",
    });
    expect((await hub.read(family, own)).state).toBe("SUSPENDED");
    hub.clock.now = Date.parse("2026-09-02T16:59:59Z");
    expect(outcome(await hub.revoke(data.withdrawFromProgram, own))).toBe("OK");
    expect(await hub.read(family, own)).toMatchObject({
      state: "ACTIVE",
      history: [{ actor: "CITIZEN" }, { actor: "CITIZEN", act: "RESUME" }],
    });
  });

  test("takes effect by the clock at midnight after the last day, not an instant before, and cannot be taken back any more", async () => {
    const family = await hub.enrol();
    const { data } = await hub.withdraw(family);
    const end = (at: string) =>
      asRole(String(hub.urls.allocation), (sql) => sql`select programs.end_withdrawals(${at}::timestamptz) as n`).then(
        ([row]) => row?.["n"],
      );
    expect(await end("2026-09-02T16:59:59Z")).toBe(0);
    hub.clock.now = Date.parse("2026-09-02T17:00:00Z");
    expect(codesOf(await hub.revoke(data.withdrawFromProgram, citizen(family.person)))).toEqual(["CONFLICT"]);
    expect(await end("2026-09-02T17:00:00Z")).toBe(1);
    expect(await hub.read(family)).toMatchObject({ state: "EXITED", ending: "WITHDRAWN", endedOn: "2026-09-02" });
    expect((await hub.read(family)).history.at(-1)).toMatchObject({
      actor: "WITHDRAWAL_CLOCK",
      act: "EXIT",
      reason: "WITHDRAWN",
    });
  });

  test("of who waits suspends as soon as a seat is given, and taken back they are served", async () => {
    const family = await hub.enrol({ state: "WAITING" });
    const { data } = await hub.withdraw(family);
    expect((await hub.read(family)).state).toBe("WAITING");
    await asRole(String(hub.urls.allocation), (sql) =>
      sql.begin(async (tx) => {
        await tx`select set_config('hub.reason', 'SEAT_FREED', true), set_config('hub.actor', 'aid_promote', true)`;
        await tx`update programs.enrolment set state = 'ACTIVE' where id = ${family.id}`;
      }),
    );
    expect(await hub.read(family)).toMatchObject({ state: "SUSPENDED", history: [{ act: "PROMOTE" }, { act: "SUSPEND" }] });
    await hub.revoke(data.withdrawFromProgram, citizen(family.person));
    expect((await hub.read(family)).state).toBe("ACTIVE");
  });

  test("is said knowingly, by the one enrolled alone, and no officer decides it", async () => {
    const family = await hub.enrol();
    expect(outcome(await hub.withdraw(family, { isConfirmed: false }))).toBe("BAD_USER_INPUT");
    expect(outcome(await hub.withdraw(family, {}, citizen(randomUUID())))).toBe("CONFLICT"); // told like one there is not
    expect(outcome(await hub.withdraw(family, {}, DISTRICT))).toBe("FORBIDDEN");
    const { data } = await hub.withdraw(family);
    expect(outcome(await hub.confirm(data.withdrawFromProgram))).toBe("FORBIDDEN");
    expect(outcome(await hub.reject(data.withdrawFromProgram))).toBe("FORBIDDEN");
    expect(outcome(await hub.resume(family, 2))).toBe("CONFLICT");
  });
});

describe("entering again", () => {
  const day = TODAY;
  /** As a selection's publication inserts. */
  const enter = (family: { person: string; unit: string }, program = "PKH", url = String(hub.urls.allocation)) =>
    failing(
      asRole(url, (sql) =>
        sql.begin(async (tx) => {
          await tx`select set_config('hub.reason', 'KEP-9', true), set_config('hub.now', ${`${day}T03:00:00Z`}, true)`;
          await tx`insert into programs.enrolment (id, person_id, unit_id, program, state, region, started_on)
            values (gen_random_uuid(), ${family.person}, ${family.unit}, ${program}, 'ACTIVE', ${HERE}, ${day})`;
        }),
      ),
    );
  /** Sets the months the program's term has who left wait. */
  const term = (months: number | null) =>
    hub.owner(async (sql) => {
      await sql`alter table program_term disable trigger user`;
      await sql`update program_term set reentry_months = ${months} where program = 'PKH'`;
      await sql`alter table program_term enable trigger user`;
    });
  const ended = async (endsOn: string, months: number | null) => {
    const family = await hub.enrol();
    const { data } = await hub.exit(family, { endsOn });
    await hub.confirm(data.exitEnrolment);
    await term(months);
    return family;
  };

  test("is a new row, at once where the term names no months, else after them to the day", async () => {
    expect(await enter(await ended("2026-08-03", null))).toBe("NO ERROR");
    expect(await enter(await ended("2026-02-04", 6))).toBe("HB001");
    const family = await ended("2026-02-03", 6);
    expect(await enter(family)).toBe("NO ERROR");
    const rows = await hub.owner(
      (sql) => sql`select state from enrolment where person_id = ${family.person} order by started_on`,
    );
    expect(rows.map((row) => row["state"])).toEqual(["EXITED", "ACTIVE"]);
    expect(await enter(await ended("2026-02-04", null))).toBe("NO ERROR");
  });

  test("is barred for nobody whose death was taken back", async () => {
    const dead = await hub.enrol({ flag: "DECEASED" });
    const { data } = await hub.exit(dead, { reason: "DECEASED" });
    await hub.confirm(data.exitEnrolment);
    await term(6);
    expect(await enter(dead)).toBe("HB001");
    await hub.owner((sql) => sql`update enrolment set flag = null, flagged_since = null where id = ${dead.id}`);
    expect(await enter(dead)).toBe("NO ERROR");
    await term(null);
  });

  test("never happens while the person or the family still runs in the program, whoever inserts", async () => {
    const family = await hub.enrol();
    expect(await enter(family)).toBe("23505");
    expect(await enter({ ...family, person: randomUUID() })).toBe("23505");
    expect(await enter(family, "BPNT")).toBe("NO ERROR");
  });

  test("after graduation by own strength takes a new selection: no other rule of the slice lets them in", async () => {
    const family = await hub.enrol();
    const { data } = await hub.graduate(family);
    await hub.confirm(data.graduateEnrolment);
    // as a rule of the slice would, on its behalf
    const byRule = await hub.owner(async (sql) => {
      await sql`create function programs.enters_for_a_test(who uuid, unit uuid) returns void language sql security definer set search_path = pg_catalog, pg_temp as $$
        insert into programs.enrolment (id, person_id, unit_id, program, state, region, started_on) values (gen_random_uuid(), who, unit, 'PKH', 'ACTIVE', '9801011001', '2026-08-03') $$`;
      return failing(
        asRole(hub.urls.programs.runtime, (own) =>
          own.begin(async (tx) => {
            await tx`select set_config('hub.reason', 'x', true), set_config('hub.now', ${`${day}T03:00:00Z`}, true)`;
            await tx`select programs.enters_for_a_test(${family.person}, ${family.unit})`;
          }),
        ),
      );
    });
    expect(byRule).toBe("HB001");
    expect(await enter(family)).toBe("NO ERROR");
  });

  test("a program that is closed takes no enrolment", async () => {
    expect(await enter({ person: randomUUID(), unit: randomUUID() }, "BST")).toBe("HB001");
  });
});

describe("threats", () => {
  test("a person changes their own enrolment", async () => {
    const family = await hub.enrol({ state: "SUSPENDED" });
    expect(outcome(await hub.resume(family, 1, citizen(family.person)))).toBe("FORBIDDEN");
    expect(outcome(await hub.exit(family, {}, citizen(family.person)))).toBe("FORBIDDEN");
  });

  test("an officer of another regency acts, and learns nothing of whether it is there", async () => {
    const family = await hub.enrol();
    const elsewhere = as("elsewhere.x");
    const nobody = { id: randomUUID(), person: randomUUID(), unit: randomUUID() };
    for (const act of [hub.suspend(family, 1, elsewhere), hub.exit(family, {}, elsewhere), hub.conclude(family, {}, elsewhere)])
      expect(outcome(await act)).toBe("CONFLICT");
    expect((await hub.suspend(family, 1, elsewhere)).text).toBe((await hub.suspend(nobody, 1, elsewhere)).text);
    expect((await hub.exit(family, {}, elsewhere)).text).toBe((await hub.exit(nobody, {}, elsewhere)).text);
    expect(outcome(await hub.suspend(await hub.enrol({ region: THERE }), 1, elsewhere))).toBe("OK");
  });

  test("an officer acts without the duty: a companion, a bank, an officer of another program", async () => {
    const family = await hub.enrol();
    expect(outcome(await hub.suspend(family, 1, as("companion.x")))).toBe("FORBIDDEN");
    expect(outcome(await hub.exit(family, {}, as("companion.x")))).toBe("FORBIDDEN");
    expect(outcome(await hub.suspend(family, 1, as("bank.x")))).toBe("FORBIDDEN");
    expect(outcome(await hub.suspend(family, 1, as("bpnt.x")))).toBe("CONFLICT"); // sees no PKH at all
  });

  test("an officer confirms or rejects what they proposed", async () => {
    const family = await hub.enrol();
    const { data } = await hub.exit(family);
    expect(outcome(await hub.confirm(data.exitEnrolment, DISTRICT))).toBe("FORBIDDEN");
    expect(outcome(await hub.reject(data.exitEnrolment, DISTRICT))).toBe("FORBIDDEN");
  });

  test("an officer acts on an old version", async () => {
    const family = await hub.enrol();
    await hub.suspend(family, 1);
    expect(outcome(await hub.resume(family, 1))).toBe("CONFLICT");
    expect(outcome(await hub.exit(family, { version: 1 }))).toBe("CONFLICT");
  });

  test("an officer of the registry, or one under another purpose, acts on an enrolment", async () => {
    const family = await hub.enrol();
    const registry = as("district.x", { purpose: "REGISTRY_MANAGEMENT", agreement: "PKS-2025-021" });
    expect(outcome(await hub.suspend(family, 1, registry))).toBe("FORBIDDEN");
    expect(outcome(await hub.suspend(family, 1, as("district.x", { agency: "DINSOS_Y" })))).toBe("CONFLICT"); // no duty there: sees nothing
  });

  test("a machine acts where an officer must", async () => {
    const family = await hub.enrol();
    const machine = { caller: callerWith() };
    for (const act of [hub.suspend(family, 1, machine), hub.exit(family, {}, machine), hub.withdraw(family, {}, machine)])
      expect(outcome(await act)).toBe("FORBIDDEN");
  });

  test("the slice itself ends, enrols, deletes or rewrites an enrolment behind the rules", async () => {
    const family = await hub.enrol();
    const own = (text: string) =>
      failing(
        asRole(hub.urls.programs.runtime, (sql) =>
          sql.begin(async (tx) => {
            await tx`select set_config('hub.regions', '{"0","A"}', true), set_config('hub.programs', '{*}', true), set_config('hub.officer', '{district.x}', true),
              set_config('hub.agency', '{DINSOS_X}', true), set_config('hub.purpose', '{PROGRAM_MANAGEMENT}', true), set_config('hub.citizen', '{}', true),
              set_config('hub.reason', 'x', true), set_config('hub.now', ${`${TODAY}T03:00:00Z`}, true)`;
            const done = await tx.unsafe(text);
            if (done.count === 0) throw new Error("nothing was touched");
          }),
        ),
      );
    const of = `where id = '${family.id}'`;
    expect(await own(`update programs.enrolment set state = 'EXITED' ${of}`)).toBe("HB001");
    expect(await own(`update programs.enrolment set state = 'EXITED', ending = 'MOVED_ABROAD' ${of}`)).toBe("42501");
    expect(await own(`update programs.enrolment set version = 9 ${of}`)).toBe("42501");
    expect(await own(`delete from programs.enrolment ${of}`)).toBe("42501");
    expect(
      await own(`insert into programs.enrolment (id, person_id, program, state, region, started_on)
      values (gen_random_uuid(), gen_random_uuid(), 'PKH', 'ACTIVE', '${HERE}', '2026-01-01')`),
    ).toBe("42501");
    expect(await own(`update programs.enrolment set state = 'SUSPENDED' ${of}`)).toBe("NO ERROR");
  });

  test("a change is made without a reason", async () => {
    const family = await hub.enrol();
    const silent = asRole(
      String(hub.urls.allocation),
      (sql) => sql`update programs.enrolment set state = 'SUSPENDED' where id = ${family.id}`,
    );
    expect(await failing(silent)).toBe("HB003");
    const { errors } = await hub.slice.ask(`mutation ($input: EnrolmentStepInput!) { suspendEnrolment(input: $input) { id } }`, {
      ...DISTRICT,
      variables: { input: { enrolment: family.id, version: 1, reason: "  " } },
    });
    expect(errors[0]?.extensions.detail).toBe("reason: must have 1 to 500 characters");
  });
});
