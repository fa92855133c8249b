import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { banyuwangi } from "../../../../subgraphs/banyuwangi/index.ts";
import { asRole, useDatabases } from "../../../kit/database.ts";
import { type Asked, codesOf, useSlice } from "../../../kit/slice.ts";
import { CONFIRM, END, officer, RECORD, START, second, VILLAGE } from "./kit.ts";

// What an officer of the regency could try with meals that the regency pays, and what the rules of the database answer.

const databases = useDatabases();
const slice = useSlice(banyuwangi, { databaseUrl: () => databases.urls.banyuwangi.runtime });

type Who = ReturnType<typeof officer>;
const act = (text: string, input: object, caller: Who = officer()): Promise<Asked> =>
  slice.ask(text, { variables: { input }, caller });
const start = (person: string, differences: object = {}, caller?: Who) =>
  act(START, { person, region: VILLAGE, startedOn: "2026-01-05", decision: "188/7", ...differences }, caller);
const record = (id: string, month: string, more: object = {}, caller?: Who) =>
  act(RECORD, { id, month, meals: 60, reason: "Rekap tanda terima", ...more }, caller);
const confirm = (id: string, month: string, version: number, caller?: Who) =>
  act(CONFIRM, { id, month, version, reason: "Cocok dengan tanda terima" }, caller);
const end = (id: string, endedOn: string, version = 1) => act(END, { id, version, endedOn, reason: "Pindah" });

/** A person nobody else of this file knows, whose aid runs. */
async function begun(): Promise<{ person: string; id: string }> {
  const person = randomUUID();
  return { person, id: (await start(person)).data.startMeals.id };
}
/** What the year's meals of a person count in the family's sum. */
async function counted(person: string): Promise<string> {
  const family = { __typename: "Family", id: "a", members: [{ person: { __typename: "Person", id: person } }] };
  const asked = await slice.ask(
    'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Family { rantangKasih(from: "2026-01-01", to: "2026-12-31") { value } } } }',
    { variables: { r: [family] }, caller: officer() },
  );
  return asked.data._entities[0].rantangKasih.value;
}
const onOwner = (text: string) => asRole(databases.urls.banyuwangi.owner, (client) => client.unsafe(text));

describe("without a duty", () => {
  const companion = officer({ officer: "pendamping.dinsos_banyuwangi" });
  test("nobody of the agency begins, records, confirms or ends, and sees no row", async () => {
    const { id } = await begun();
    await record(id, "2026-03-01");
    expect(codesOf(await start(randomUUID(), {}, companion))).toEqual(["FORBIDDEN"]);
    expect(codesOf(await record(id, "2026-04-01", {}, companion))).toEqual(["BAD_USER_INPUT"]);
    expect(codesOf(await confirm(id, "2026-03-01", 1, companion))).toEqual(["CONFLICT"]);
    expect(codesOf(await act(END, { id, version: 1, endedOn: "2026-06-30", reason: "x" }, companion))).toEqual(["CONFLICT"]);
    const seen = await slice.ask("{ mealAids { totalCount nodes { id } } }", { caller: companion });
    expect(seen.data.mealAids).toEqual({ totalCount: 0, nodes: [] });
  });

  test("an officer on duty in one district begins nothing in another, and a duty that has ended is none", async () => {
    await onOwner(`insert into banyuwangi.officer_duty values
      ('muncar.dinsos_banyuwangi', 'DINSOS_BANYUWANGI', '351001', '2025-01-01', null),
      ('mantan.dinsos_banyuwangi', 'DINSOS_BANYUWANGI', '3510', '2025-01-01', '2025-02-01')`);
    const [muncar, former] = ["muncar", "mantan"].map((name) => officer({ officer: `${name}.dinsos_banyuwangi` }));
    const refused = await start(randomUUID(), {}, muncar);
    expect(codesOf(refused)).toEqual(["FORBIDDEN"]);
    expect(refused.text).not.toMatch(/3510|muncar/);
    expect(codesOf(await start(randomUUID(), {}, former))).toEqual(["FORBIDDEN"]);
    expect((await start(randomUUID(), { region: "3510011001" }, muncar)).data.startMeals.version).toBe(1);
  });

  test("the duty held for one agency is none for another", async () => {
    expect(codesOf(await start(randomUUID(), {}, officer({ agency: "KEMENSOS" })))).toEqual(["FORBIDDEN"]);
  });
});

describe("the same month twice", () => {
  test("an aid that ended and began again brings no month that was recorded before", async () => {
    const { person, id } = await begun();
    await record(id, "2026-03-01");
    await end(id, "2026-03-10");
    expect(codesOf(await start(person))).toEqual(["CONFLICT"]);
    expect(codesOf(await start(person, { startedOn: "2026-03-10" }))).toEqual(["CONFLICT"]);
    const again = (await start(person, { startedOn: "2026-03-11" })).data.startMeals.id;
    expect(codesOf(await record(again, "2026-03-01"))).toEqual(["CONFLICT"]);
    expect((await record(again, "2026-04-01")).data.recordMeals.version).toBe(1);
  });

  test("no aid ends before its last month on record", async () => {
    const { id } = await begun();
    await record(id, "2026-03-01");
    expect(codesOf(await end(id, "2026-02-28"))).toEqual(["BAD_USER_INPUT"]);
    expect((await end(id, "2026-03-01")).data.endMeals.version).toBe(2);
  });

  test("of ten who begin or record at once one does", async () => {
    const person = randomUUID();
    const begins = await Promise.all(Array.from({ length: 10 }, () => start(person)));
    const [one, ...others] = begins.filter(({ data }) => data.startMeals);
    expect([typeof one?.data.startMeals.id, others.length]).toEqual(["string", 0]);
    const records = await Promise.all(Array.from({ length: 10 }, () => record(one?.data.startMeals.id, "2026-02-01")));
    expect(records.flatMap(codesOf)).toEqual(Array.from({ length: 9 }, () => "CONFLICT"));
  });
});

describe("a second officer", () => {
  test("confirms before anything counts, and who recorded does not", async () => {
    const { person, id } = await begun();
    await record(id, "2026-03-01");
    expect(await counted(person)).toBe("0");
    expect(codesOf(await confirm(id, "2026-03-01", 1))).toEqual(["FORBIDDEN"]);
    expect(await counted(person)).toBe("0");
    expect((await confirm(id, "2026-03-01", 1, second())).data.confirmMeals.isConfirmed).toBe(true);
    expect(await counted(person)).toBe("900000");
  });

  test("confirms what was read: a number corrected meanwhile is a conflict, a confirmed one stays", async () => {
    const { person, id } = await begun();
    await record(id, "2026-03-01", { meals: 6 });
    expect((await record(id, "2026-03-01", { meals: 62, version: 1 })).data.recordMeals).toMatchObject({ meals: 62, version: 2 });
    expect(codesOf(await confirm(id, "2026-03-01", 1, second()))).toEqual(["CONFLICT"]);
    await confirm(id, "2026-03-01", 2, second());
    expect(codesOf(await record(id, "2026-03-01", { meals: 6, version: 3 }))).toEqual(["CONFLICT"]);
    expect(await counted(person)).toBe("930000");
  });

  test("past the resolvers too the role of the slice neither confirms alone nor changes what it confirms", async () => {
    const { id } = await begun();
    await record(id, "2026-03-01");
    const update = (who: string, set: string) =>
      asRole(databases.urls.banyuwangi.runtime, (client) =>
        client
          .begin((tx) =>
            tx.unsafe(`set local hub.regions = '{3510,3510:}'; set local hub.programs = '{*}'; set local hub.purpose = '{PROGRAM_MANAGEMENT}';
              set local hub.agency = '{DINSOS_BANYUWANGI}'; set local hub.officer = '{${who}.dinsos_banyuwangi}';
              update banyuwangi.meal_month set ${set} where aid_id = '${id}'`),
          )
          .then(
            () => "DONE",
            (error: { code?: string }) => error.code,
          ),
      );
    expect(await update("bansos", "confirmed_by = 'bansos.dinsos_banyuwangi'")).toBe("HB002");
    expect(await update("bansos", "confirmed_by = 'bansos2.dinsos_banyuwangi'")).toBe("HB002");
    expect(await update("bansos2", "confirmed_by = 'bansos2.dinsos_banyuwangi', meals = 62")).toBe("HB003");
    expect(await update("bansos2", "recorded_by = 'bansos.dinsos_banyuwangi', meals = 62")).toBe("HB002");
    expect(await update("bansos2", "value = 1")).toBe("42501");
    expect(await update("bansos2", "confirmed_by = 'bansos2.dinsos_banyuwangi'")).toBe("DONE");
  });
});

describe("the history", () => {
  test("says who did what and why, newest first", async () => {
    const { person, id } = await begun();
    await record(id, "2026-03-01", { meals: 6 });
    await record(id, "2026-03-01", { meals: 62, version: 1, reason: "Salah ketik" }, second());
    await confirm(id, "2026-03-01", 2);
    await end(id, "2026-03-31");
    const { data } = await slice.ask(
      "query ($r: [_Any!]!) { _entities(representations: $r) { ... on Person { rantangKasih { history { actor act month meals reason } } } } }",
      { variables: { r: [{ __typename: "Person", id: person }] }, caller: officer() },
    );
    const told = data._entities[0].rantangKasih.history.map((step: any) => Object.values(step));
    expect(told).toEqual([
      ["bansos.dinsos_banyuwangi", "END", null, null, "Pindah"],
      ["bansos.dinsos_banyuwangi", "CONFIRM", "2026-03-01", 62, "Cocok dengan tanda terima"],
      ["bansos2.dinsos_banyuwangi", "CORRECT", "2026-03-01", 62, "Salah ketik"],
      ["bansos.dinsos_banyuwangi", "RECORD", "2026-03-01", 6, "Rekap tanda terima"],
      ["bansos.dinsos_banyuwangi", "START", null, null, "188/7"],
    ]);
  });

  test.each([
    "update banyuwangi.meal_step set reason = 'x'",
    "delete from banyuwangi.meal_step",
    "truncate banyuwangi.meal_step",
  ])("stays, even for the owner: %s", async (text) => {
    await expect(onOwner(text)).rejects.toThrow("what is in the history stays");
  });

  test("no month is recorded, corrected or confirmed without a reason", async () => {
    const { id } = await begun();
    expect(codesOf(await record(id, "2026-03-01", { reason: " " }))).toEqual(["BAD_USER_INPUT"]);
    await record(id, "2026-03-01");
    const blank = { id, month: "2026-03-01", version: 1, reason: "" };
    expect(codesOf(await act(CONFIRM, blank, second()))).toEqual(["BAD_USER_INPUT"]);
  });
});
