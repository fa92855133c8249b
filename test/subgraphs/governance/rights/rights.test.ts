import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { governance } from "../../../../subgraphs/governance/index.ts";
import { asRole, useDatabases } from "../../../kit/database.ts";
import { ani, budi, rina, siti } from "../../../kit/people.ts";
import { codesOf, useSlice } from "../../../kit/slice.ts";
import { asOwner, client, steward } from "../duties/kit.ts";
import { answered, citizen, failed, HOUR, rightsOf } from "./kit.ts";

// Representation is judged by the database's clock, so this one starts at the real instant and moves by hand.
let now = Date.now();
const databases = useDatabases();
const slice = useSlice(governance, { databaseUrl: () => databases.urls.governance.runtime, now: () => now });
const { file, ask, take, fulfil, refuse, registered, confirmed, about } = rightsOf(slice);
const [asSiti, asBudi] = [citizen(siti), citizen(budi)];
const [dpo, desk] = [steward("dpo.kemensos"), steward("steward.kemensos")];
const dukcapil = steward("dpo.dukcapil");

beforeAll(() =>
  asOwner(databases.urls, async (sql) => {
    await sql`insert into purpose (code, name, legal_basis, citation) values ('SURVEY', 'Survei kepuasan', 'CONSENT', 'UU 27/2022 Ps. 20(2)a')`;
  }),
);

/** Every story of a request has a day of its own, of the past: a person files no more than ten a day. */
let daysAgo = 60;
const anotherDay = () => {
  daysAgo -= 1;
  now = Date.now() - daysAgo * 24 * HOUR;
};

const restricted = () =>
  asRole(databases.urls.gateway, async (sql) =>
    (await sql`select person_id, purpose_code from governance.restriction where lifted_at is null`).map((row) => ({ ...row })),
  );

describe("a request of a data subject", () => {
  beforeEach(anotherDay);
  test("gets a number of its year, the agency that must answer, and 72 hours, over a weekend too", async () => {
    const friday = Date.parse("2026-07-17T16:30:00+07:00");
    now = friday;
    const filed = answered(await file(asSiti, { kind: "ACCESS", statement: "Apa saja data saya?" }));
    expect(filed).toMatchObject({
      number: expect.stringMatching(/^HSD-2026-\d{6}$/),
      ...{ kind: "ACCESS", state: "RECEIVED", clock: "ON_TIME", controller: { code: "KEMENSOS" }, isByRepresentative: false },
      ...{ receivedAt: "2026-07-17T09:30:00.000Z", dueAt: "2026-07-20T09:30:00.000Z", subject: siti.id, closedAt: null },
      events: [{ actor: "SUBJECT", step: "RECEIVED" }],
    });
  });

  test.each([
    ["CORRECTION", "Person.fullName", "DUKCAPIL"],
    ["CORRECTION", "Household.monthlyIncome", "KEMENSOS"],
    ["CORRECTION", null, "DUKCAPIL"],
    ["CORRECTION", "Person.id", "DUKCAPIL"],
    ["DELETION", "Person.birthDate", "DUKCAPIL"],
    ["DELETION", "Person.id", "KEMENSOS"],
    ["OBJECTION", null, "KEMENSOS"],
  ])("of kind %s about %s is for %s", async (kind, coordinate, code) => {
    const correction = kind === "CORRECTION" ? "BENAR" : null;
    const filed = answered(await file(asSiti, { kind, statement: `tentang ${coordinate}`, coordinate, correction }));
    expect(filed.controller).toEqual({ code });
  });

  test("names every fault at once and repeats nothing of what was said", async () => {
    const { errors } = await file(asSiti, {
      ...{ kind: "ACCESS", statement: " ", coordinate: "Person.rahasia", correction: "RAHASIA", purpose: "RAHASIA" },
    });
    expect(errors[0]?.extensions.detail?.split("; ")).toEqual([
      "statement: must have 1 to 2000 characters",
      "coordinate: there is no such output",
      "correction: does not belong to this kind of request",
      "purpose: does not belong to this kind of request",
      "purpose: there is no such purpose",
    ]);
    expect(failed(await file(asSiti, { kind: "CORRECTION", statement: "salah" }))).toBe("BAD_USER_INPUT");
    expect(failed(await file(asSiti, { kind: "WITHDRAWAL", statement: "tarik" }))).toBe("BAD_USER_INPUT");
    expect(failed(await file(asSiti, { kind: "ACCESS", statement: "x", coordinate: "Query.glassBreaks" }))).toBe(
      "BAD_USER_INPUT",
    );
  });

  test("a wrong NIK can be said, for it may be what is wrong, and no log line tells it", async () => {
    const wish = { kind: "CORRECTION", statement: `Bukan ${siti.nik}`, coordinate: "Person.nik", correction: budi.nik };
    expect(answered(await file(asSiti, wish))).toMatchObject({ statement: `Bukan ${siti.nik}`, correction: budi.nik });
    expect(slice.log.join("\n")).not.toMatch(/RAHASIA|\d{16}/);
  });

  test("filed twice the same day is one request, also at the same instant; taken back it may be filed again", async () => {
    const wish = { kind: "DELETION", statement: "Hapus data lama" };
    const numbers = (await Promise.all([file(asSiti, wish), file(asSiti, wish)])).map((one) => answered(one).number);
    expect(numbers[1]).toBe(numbers[0]);
    expect(answered(await file(asSiti, { ...wish, statement: "Hapus data lain" })).number).not.toBe(numbers[0]);
    expect(answered(await ask(asSiti, "cancelSubjectRequest", { number: numbers[0] }))).toMatchObject({ state: "CANCELLED" });
    expect(answered(await ask(asSiti, "cancelSubjectRequest", { number: numbers[0] }))).toMatchObject({ state: "CANCELLED" });
    expect(answered(await file(asSiti, wish)).number).not.toBe(numbers[0]);
  });

  test("is filed, seen and cancelled by nobody else", async () => {
    const { number } = answered(await file(asSiti, { kind: "ACCESS", statement: "Milik Siti" }));
    const stranger = client("kemensos", "KEMENSOS", "PKS-2025-001");
    for (const who of [stranger, dpo]) expect(failed(await file(who, { kind: "ACCESS", statement: "x" }))).toBe("FORBIDDEN");
    expect(failed(await file(asBudi, { kind: "ACCESS", statement: "x", representing: siti.id }))).toBe("FORBIDDEN");
    expect(failed(await ask(asBudi, "cancelSubjectRequest", { number }))).toBe("BAD_USER_INPUT");
    expect(failed(await ask(dpo, "cancelSubjectRequest", { number }))).toBe("FORBIDDEN");
    for (const who of [asBudi, stranger]) expect(codesOf(await about(siti.id, who))).toEqual(["FORBIDDEN", "FORBIDDEN"]);
    expect(
      (await about(siti.id, asSiti)).data._entities[0].subjectRequests.map((one: { number: string }) => one.number),
    ).toContain(number);
    const one = (who: typeof dpo) => slice.ask(`{ subjectRequest(number: "${number}") { number } }`, who);
    expect((await one(asBudi)).data.subjectRequest).toBeNull();
    expect((await one(dukcapil)).data.subjectRequest).toBeNull();
    expect((await one(dpo)).data.subjectRequest).toEqual({ number });
  });
});

describe("a restriction", () => {
  beforeEach(anotherDay);
  test("stands the moment it is filed, and ends when the subject lifts it, who may restrict again the same day", async () => {
    const wish = { kind: "RESTRICTION", statement: "Data saya diperselisihkan" };
    const filed = answered(await file(asSiti, wish));
    expect(filed.restriction).toMatchObject({ liftedAt: null, purpose: null });
    expect(await restricted()).toEqual([{ person_id: siti.id, purpose_code: null }]);
    expect((await file(asSiti, { ...wish, statement: "Sekali lagi" })).errors[0]?.extensions).toMatchObject({
      ...{ code: "CONFLICT", detail: `${filed.number} restricts that already, and is in force` },
    });
    const lifted = answered(await ask(asSiti, "liftRestriction", { number: filed.number }));
    expect(lifted).toMatchObject({ state: "CANCELLED", restriction: { liftedBy: "SUBJECT" } });
    expect(await restricted()).toEqual([]);
    const again = answered(await file(asSiti, wish));
    expect(await restricted()).toHaveLength(1);
    await take(desk, again.number);
    answered(await fulfil(dpo, again.number, "Pemrosesan dibatasi"));
    expect(await restricted()).toHaveLength(1);
    expect(answered(await ask(asSiti, "liftRestriction", { number: again.number }))).toMatchObject({
      ...{ state: "FULFILLED", restriction: { liftedBy: "SUBJECT" } },
    });
    expect(await restricted()).toEqual([]);
  });

  test("ends when a data protection officer refuses it with a legal reason, and the same wish of that day stays refused", async () => {
    const wish = { kind: "RESTRICTION", statement: "Batasi lagi" };
    const { number } = answered(await file(asSiti, wish));
    await take(desk, number);
    const refusal = { number, reason: "STATE_ADMINISTRATION", citation: "UU 27/2022 Ps. 15(1)c", outcome: "Penyaluran berjalan" };
    expect(answered(await refuse(dpo, refusal))).toMatchObject({ state: "REFUSED", restriction: { liftedBy: "dpo.kemensos" } });
    expect(await restricted()).toEqual([]);
    expect(answered(await file(asSiti, wish))).toMatchObject({ number, state: "REFUSED" });
  });

  test("follows a withdrawal for the purpose that rests on consent, and for no other", async () => {
    const withdraw = (purpose: string) => file(asSiti, { kind: "WITHDRAWAL", statement: "Saya tarik", purpose });
    const { number } = answered(await withdraw("PROGRAM_ADMINISTRATION"));
    expect(await restricted()).toEqual([]);
    await take(desk, number);
    expect((await fulfil(dpo, number, "Ditarik")).errors[0]?.extensions).toMatchObject({
      ...{
        code: "CONFLICT",
        detail: `PROGRAM_ADMINISTRATION rests on PUBLIC_TASK, not on consent: refuse ${number} as UNFOUNDED, with that basis`,
      },
    });
    const refusal = { number, reason: "UNFOUNDED", citation: "UU 13/2011 Ps. 8", outcome: "Berdasar tugas negara" };
    expect(answered(await refuse(dpo, refusal))).toMatchObject({ state: "REFUSED", refusalReason: "UNFOUNDED" });
    const consented = answered(await withdraw("SURVEY"));
    expect(consented.restriction).toMatchObject({ purpose: { code: "SURVEY" }, liftedAt: null });
    expect(await restricted()).toEqual([{ person_id: siti.id, purpose_code: "SURVEY" }]);
    await take(desk, consented.number);
    expect(answered(await fulfil(dpo, consented.number, "Ditarik"))).toMatchObject({ state: "FULFILLED" });
  });
});

describe("an answer", () => {
  beforeEach(anotherDay);
  test("is given by the data protection officer of the agency that must answer, to what a steward took in, once", async () => {
    const { number } = answered(await file(asSiti, { kind: "ACCESS", statement: "Salinan data" }));
    expect(failed(await fulfil(dpo, number, "Terkirim"))).toBe("CONFLICT");
    expect(failed(await take(dukcapil, number))).toBe("FORBIDDEN");
    expect(failed(await take(asSiti, number))).toBe("FORBIDDEN");
    for (let times = 0; times < 2; times++)
      expect(answered(await take(desk, number))).toMatchObject({ state: "IN_REVIEW", handler: "steward.kemensos" });
    expect(failed(await take(dpo, number))).toBe("CONFLICT");
    for (const who of [desk, dukcapil, asSiti]) expect(failed(await fulfil(who, number, "Terkirim"))).toBe("FORBIDDEN");
    expect(failed(await fulfil(dpo, number, "Untuk 3510015204889001"))).toBe("BAD_USER_INPUT");
    for (let times = 0; times < 2; times++)
      expect(answered(await fulfil(dpo, number, "Terkirim"))).toMatchObject({
        ...{ state: "FULFILLED", outcome: "Terkirim", closedBy: "dpo.kemensos", clock: "ON_TIME" },
        events: [
          { actor: "SUBJECT" },
          { actor: "steward.kemensos", step: "IN_REVIEW" },
          { actor: "dpo.kemensos", step: "FULFILLED" },
        ],
      });
    expect(failed(await fulfil(dpo, number, "Lain"))).toBe("CONFLICT");
    expect(failed(await ask(asSiti, "cancelSubjectRequest", { number }))).toBe("CONFLICT");
  });

  test("to an objection comes from another person than who took it in, who says whether the ranking stands", async () => {
    const { number } = answered(
      await file(asSiti, { kind: "OBJECTION", statement: "Desil saya salah", coordinate: "Household.deciles" }),
    );
    await take(dpo, number);
    expect((await fulfil(dpo, number, "Tetap", "UPHELD")).errors[0]?.extensions).toMatchObject({
      ...{
        code: "FORBIDDEN",
        detail: `${number} objects to an automated ranking: another person than who took it in reviews it`,
      },
    });
    const second = answered(await file(asSiti, { kind: "OBJECTION", statement: "Desil saya masih salah" }));
    await take(desk, second.number);
    expect(failed(await fulfil(dpo, second.number, "Diubah"))).toBe("BAD_USER_INPUT");
    expect(answered(await fulfil(dpo, second.number, "Diubah", "CHANGED"))).toMatchObject({
      review: "CHANGED",
      handler: "dpo.kemensos",
    });
  });

  test("refuses only for a reason the law admits: deletion while a law says keep, never access for statistics", async () => {
    const deletion = answered(await file(asSiti, { kind: "DELETION", statement: "Hapus semua" }));
    const access = answered(await file(asSiti, { kind: "ACCESS", statement: "Semua data" }));
    for (const { number } of [deletion, access]) await take(desk, number);
    const words = { citation: "UU 14/2008 Ps. 17", outcome: "Masih wajib disimpan" };
    for (const reason of ["STATISTICS_AND_RESEARCH", "LEGAL_RETENTION"])
      expect(failed(await refuse(dpo, { number: access.number, reason, ...words }))).toBe("BAD_USER_INPUT");
    expect(failed(await refuse(dpo, { number: deletion.number, reason: "LEGAL_RETENTION", ...words, citation: " " }))).toBe(
      "BAD_USER_INPUT",
    );
    expect(answered(await refuse(dpo, { number: deletion.number, reason: "LEGAL_RETENTION", ...words }))).toMatchObject({
      ...{ state: "REFUSED", refusalReason: "LEGAL_RETENTION", citation: words.citation, outcome: words.outcome },
    });
  });

  test("is asked for in order of the clock, by the desk of the agency alone", async () => {
    const asked = "{ subjectRequests(state: RECEIVED, first: 100) { number dueAt controller { code } } }";
    const { data } = await slice.ask(asked, dpo);
    const due = data.subjectRequests.map((one: { dueAt: string }) => one.dueAt);
    expect(due.length).toBeGreaterThan(2);
    expect(due).toEqual([...due].sort());
    expect(new Set(data.subjectRequests.map((one: any) => one.controller.code))).toEqual(new Set(["KEMENSOS"]));
    expect(codesOf(await slice.ask(asked, steward("auditor.bpk")))).toEqual(["FORBIDDEN"]);
    expect(codesOf(await slice.ask(asked, asSiti))).toEqual(["FORBIDDEN"]);
    expect((await slice.ask("{ subjectRequests { number } }", steward("dpo.bps"))).data.subjectRequests).toEqual([]);
  });
});

describe("a parent", () => {
  beforeAll(() => {
    now = Date.now(); // who represents whom is judged by the database's clock too
  });
  const until = new Date(Date.parse(`${ani.birthDate}T00:00:00+07:00`));
  until.setUTCFullYear(until.getUTCFullYear() + 18);
  const ofAni = {
    person: ani.id,
    representative: siti.id,
    basis: "PARENT",
    evidence: "Akta lahir 3510-LU-9001",
    until: until.toISOString(),
  };

  test("is registered by a data protection officer of an agency that controls data, up to the child's 18th birthday", async () => {
    for (const who of [desk, steward("dpo.bpk"), asSiti]) expect(failed(await registered(who, ofAni))).toBe("FORBIDDEN");
    const late = new Date(now + 19 * 366 * 24 * HOUR).toISOString();
    expect((await registered(dukcapil, { ...ofAni, until: late })).errors[0]?.extensions).toMatchObject({
      ...{ code: "BAD_USER_INPUT", detail: "until: a child is represented to its 18th birthday, at most 18 years from now" },
    });
    const wrong = { person: "x", representative: "x", basis: "PROXY", evidence: siti.nik, until: "2020-01-01T00:00:00Z" };
    expect((await registered(dukcapil, wrong)).errors[0]?.extensions.detail?.split("; ")).toEqual([
      "person: is no id",
      "representative: is no id",
      "representative: must be another person",
      "evidence: must hold no NIK",
      "until: must lie in the future",
    ]);
    const [one, again] = [answered(await registered(dukcapil, ofAni)), answered(await registered(dukcapil, ofAni))];
    expect(again.id).toBe(one.id);
    expect((await slice.ask("{ represented { id } }", asSiti)).data.represented).toEqual([]);
    expect(failed(await file(asSiti, { kind: "ACCESS", statement: "Data anak", representing: ani.id }))).toBe("FORBIDDEN");
    for (const who of [steward("dpo.dukcapil"), desk, asSiti]) expect(failed(await confirmed(who, one.id))).toBe("FORBIDDEN");
    expect(failed(await confirmed(dpo, "x"))).toBe("BAD_USER_INPUT");
    for (let times = 0; times < 2; times++)
      expect(answered(await confirmed(dpo, one.id))).toEqual({ id: one.id, confirmedBy: "dpo.kemensos" });
  });

  test("files, reads and cancels for the child, and nobody else does", async () => {
    expect((await slice.ask("{ represented { id } }", asSiti)).data.represented).toEqual([{ id: ani.id }]);
    expect((await slice.ask("{ represented { id } }", asBudi)).data.represented).toEqual([]);
    const filed = answered(await file(asSiti, { kind: "RESTRICTION", statement: "Untuk anak saya", representing: ani.id }));
    expect(filed).toMatchObject({ subject: ani.id, isByRepresentative: true, events: [{ actor: "REPRESENTATIVE" }] });
    expect(await restricted()).toContainEqual({ person_id: ani.id, purpose_code: null });
    expect((await about(ani.id, asSiti)).data._entities[0]).toMatchObject({
      ...{ subjectRequests: [{ number: filed.number }], representatives: [{ representative: { id: siti.id }, basis: "PARENT" }] },
    });
    expect((await about(ani.id, citizen(ani))).data._entities[0].subjectRequests).toHaveLength(1);
    expect(codesOf(await about(ani.id, citizen(rina)))).toEqual(["FORBIDDEN", "FORBIDDEN"]);
    expect(answered(await ask(asSiti, "liftRestriction", { number: filed.number })).restriction.liftedBy).toBe("REPRESENTATIVE");
  });

  test("hands over on the birthday, and at once when a data protection officer ends it", async () => {
    const wish = { kind: "ACCESS", statement: "Data anak", representing: ani.id };
    const today = now;
    now = until.getTime() - 1;
    expect((await slice.ask("{ represented { id } }", asSiti)).data.represented).toEqual([{ id: ani.id }]);
    now = until.getTime();
    expect((await slice.ask("{ represented { id } }", asSiti)).data.represented).toEqual([]);
    expect(failed(await file(asSiti, wish))).toBe("FORBIDDEN");
    now = today;
    const { id } = answered(await registered(dukcapil, ofAni));
    const END = "mutation ($id: ID!) { endRepresentation(id: $id) { endedBy } }";
    const end = (who: typeof dpo) => slice.ask(END, { ...who, variables: { id } });
    expect(codesOf(await end(desk))).toEqual(["FORBIDDEN"]);
    for (const who of [dukcapil, dpo]) expect((await end(who)).data.endRepresentation).toEqual({ endedBy: "dpo.dukcapil" });
    expect(failed(await file(asSiti, wish))).toBe("FORBIDDEN");
  });
});
