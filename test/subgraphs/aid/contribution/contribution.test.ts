import { beforeAll, describe, expect, test } from "vitest";
import { asRole } from "../../../kit/database.ts";
import { codesOf, WHOLE_COUNTRY } from "../../../kit/slice.ts";
import { bank, bpjs, citizen, district, id, machine, puslapdik, steward, steward2, useAid } from "../school/kit.ts";

const TODAY = "2026-10-05T03:00:00Z";
const HOUR = 60 * 60 * 1000;
const aid = useAid(TODAY);
// a regency that does not exist, so that its seats and its order of need are the test's own
const VILLAGE = "9801011001";
const [PERSON, MEMBER, FAMILY, ENROLMENT, QUOTA] = [1, 2, 3, 4, 5];
const person = (n: number) => id(PERSON, n);

/** Ten members in deciles 1 to 10 by number, poorest first; of them who holds a seat says the test. */
async function candidates(numbers: readonly number[], decileOf: (n: number) => number) {
  await aid.owner(async (sql) => {
    const [delivery] = await sql`select programs.delivery_in_force() as number`;
    for (const n of numbers) {
      const ranked = { decile: decileOf(n), rank: 1_000_000 * decileOf(n) + n, first_on: "2020-01-01" };
      const row = {
        delivery: delivery?.["number"],
        member_id: id(MEMBER, n),
        family_id: id(FAMILY, n),
        suffix: "01",
        person_id: person(n),
      };
      await sql`insert into candidate_member ${sql({ ...row, match_status: "MATCHED", state: "ACTIVE", region: VILLAGE, components: [], barred: [], ...ranked })}`;
    }
  });
}
const enrolled = (n: number, state: string, told: object = {}) =>
  aid.owner((sql) => {
    const row = {
      id: id(ENROLMENT, n),
      person_id: person(n),
      unit_id: id(MEMBER, n),
      program: "PBI_JK",
      region: VILLAGE,
      started_on: "2024-01-01",
    };
    return sql`insert into enrolment ${sql({ ...row, state, ...told })}`;
  });
const states = (numbers: readonly number[]): Promise<string[]> =>
  aid.owner(async (sql) => {
    const rows =
      await sql`select person_id, state from enrolment where program = 'PBI_JK' and person_id in ${sql(numbers.map(person))}
      order by person_id, started_on, state`;
    return numbers.map((n) =>
      rows
        .filter((row) => row["person_id"] === person(n))
        .map((row) => String(row["state"]))
        .join(" "),
    );
  });
const seats = (region: string, kind: string): Promise<{ seats: number; used: number }> =>
  aid.owner(async (sql) => {
    const [row] =
      await sql`select seats, used from quota where program = 'PBI_JK' and region = ${region} and kind = ${kind} and state = 'IN_FORCE'`;
    return row as unknown as { seats: number; used: number };
  });
const quota = (n: number, kind: string, count: number) =>
  aid.owner((sql) => {
    const made = { reason: "test", made_by: "test", made_at: TODAY, approved_by: "other", approved_at: TODAY };
    return sql`insert into quota ${sql({ id: id(QUOTA, n), program: "PBI_JK", period: "2026", region: "9801", kind, seats: count, state: "IN_FORCE", ...made })}`;
  });

const REQUEST = "{ id version kind basis state isEmergency confirmBy proposedAgency history { act to actor reason } }";
const propose = (n: number, told: object, who = district) =>
  aid.act(
    `proposePbi(ProposePbiInput) ${REQUEST}`,
    {
      ...{
        kind: "REACTIVATION",
        person: person(n),
        village: VILLAGE,
        isEmergency: false,
        identityPaper: "KTP-1",
        familyPaper: "KK-1",
      },
      ...{ inabilityPaper: "SKTM-1", words: "dirawat tanpa jaminan", ...told },
    },
    who,
  );
const decide = ({ id: of, version }: { id: string; version: number }, decision: string, who = steward) =>
  aid.act(`decidePbiRequest(DecidePbiRequestInput) ${REQUEST}`, { id: of, version, decision, reason: "berkas lengkap" }, who);
const BATCH = "{ id version state size region decree history { act actor reason } }";
const batchOf = (told: object = {}, who = steward) =>
  aid.act(
    `requestPbiReplacement(RequestPbiReplacementInput) ${BATCH}`,
    { region: "9801", most: 100, reason: "pemutakhiran", ...told },
    who,
  );
const sign = (batch: { id: string; version: number }, who = steward2, decree = "SK-3/HUK/2026") =>
  aid.act(`signPbiReplacement(SignPbiReplacementInput) ${BATCH}`, { id: batch.id, version: batch.version, decree }, who);
/** Signed, and applied by the job; what came of it. */
async function apply(batch: { id: string; version: number }) {
  expect((await sign(batch)).errors).toEqual([]);
  await aid.exchange(batch.id, TODAY);
  return read(batch.id);
}
const read = async (of: string) =>
  (
    await aid.slice.ask(
      `query ($id: ID!) { pbiReplacement(id: $id) { id version state size decree outcome history { act actor reason }
        leaving: lines(side: LEAVING) { nodes { place person { id } reason } } entering: lines(side: ENTERING) { nodes { place person { id } reason } } } }`,
      { caller: steward, variables: { id: of } },
    )
  ).data.pbiReplacement;
/** Asks for a replacement and lets the job draft it. */
async function drafted() {
  const { data, errors } = await batchOf();
  expect(errors).toEqual([]);
  await aid.draft(data.done.id, TODAY);
  return read(data.done.id);
}

// the district of the stories holds its duties in Banyuwangi: here it gets one where the test lives
beforeAll(async () => {
  await aid.owner(
    (sql) => sql`insert into officer_duty (id, officer_id, agency, role, region, program, valid_from, assigned_by)
      values (gen_random_uuid(), ${district.officer}, ${district.agency}, 'DISTRICT', '9801', '*', '2020-01-01', 'test')`,
  );
  await candidates([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], (n) => n);
});
const here = { ...district, rows: { ...district.rows, regions: [["9801", "9802"]] as const } };

describe("a replacement", () => {
  test("lets in as many as go: the dead, who moved to another segment and the least poor go, the poorest come", async () => {
    await enrolled(6, "ACTIVE", { flag: "DECEASED", flagged_since: "2026-09-01" });
    for (const n of [5, 8, 9]) await enrolled(n, "ACTIVE");
    await enrolled(3, "WAITING");
    await quota(1, "REGULAR", 4);
    expect(await seats("9801", "REGULAR")).toEqual({ seats: 4, used: 4 });
    const { data } = await propose(5, { kind: "DEPARTURE", inabilityPaper: null, words: "pekerja penerima upah" }, bpjs);
    expect((await decide(data.done, "VERIFIED")).errors).toEqual([]);
    const batch = await drafted();
    expect(batch.leaving.nodes.map((line: { reason: string; person: { id: string } }) => [line.person.id, line.reason])).toEqual([
      [person(6), "DECEASED"],
      [person(5), "MOVED_SEGMENT"],
      [person(9), "DECILE_ABOVE_LIMIT"],
      [person(8), "DECILE_ABOVE_LIMIT"],
    ]);
    expect(batch.entering.nodes.map((line: { person: { id: string } }) => line.person.id)).toEqual([1, 2, 3, 4].map(person));
    const applied = await apply(batch);
    expect(applied).toMatchObject({ state: "APPLIED", size: 4, decree: "SK-3/HUK/2026" });
    expect(applied.history.map((line: { act: string; actor: string }) => `${line.act} ${line.actor}`)).toEqual([
      "REQUEST program.kemensos",
      "DRAFT PBI_REPLACEMENT",
      "SIGN program2.kemensos",
      "APPLY program2.kemensos",
    ]);
    expect(await states([1, 2, 3, 4, 5, 6, 8, 9])).toEqual([...Array(4).fill("ACTIVE"), ...Array(4).fill("EXITED")]);
    expect(await seats("9801", "REGULAR")).toEqual({ seats: 4, used: 4 });
  });

  test("is refused whole when somebody of the draft has left meanwhile", async () => {
    await aid.owner(async (sql) => {
      await sql`update candidate_member set decile = 10 where person_id = ${person(1)}`;
      await sql`update candidate_member set decile = 1, rank = 5 where person_id = ${person(10)}`;
    });
    const batch = await drafted();
    expect(batch.size).toBe(1);
    await aid.owner((sql) => sql`update enrolment set state = 'EXITED', ended_on = '2026-10-05' where person_id = ${person(1)}`);
    expect(await apply(batch)).toMatchObject({ state: "REFUSED", outcome: expect.stringContaining("draft it anew") });
    expect(await states([10])).toEqual([""]);
    expect((await seats("9801", "REGULAR")).used).toBe(3);
  });

  test("is refused when who was to enter is not eligible any more", async () => {
    await aid.owner((sql) => sql`update candidate_member set decile = 9 where person_id = ${person(2)}`);
    const batch = await drafted();
    expect(batch.entering.nodes.map((line: { person: { id: string } }) => line.person.id)).toEqual([person(10)]);
    await aid.owner((sql) => sql`update candidate_member set decile = 8 where person_id = ${person(10)}`);
    expect((await apply(batch)).state).toBe("REFUSED");
    await aid.owner((sql) => sql`update candidate_member set decile = 1 where person_id = ${person(10)}`);
    expect((await apply(await drafted())).state).toBe("APPLIED");
    expect(await states([2, 10])).toEqual(["EXITED", "ACTIVE"]);
  });

  test("Σ of the active never exceeds the seats at any commit, whatever else is done at once", async () => {
    const many = Array.from({ length: 40 }, (_, n) => 100 + n);
    await candidates(many, (n) => (n < 120 ? 9 : 2));
    for (const n of many.slice(0, 20)) await enrolled(n, "ACTIVE", { region: "9802011001" });
    await aid.owner(async (sql) => {
      await sql`update candidate_member set region = '9802011001' where person_id in ${sql(many.map(person))}`;
      const made = {
        reason: "test",
        made_by: "test",
        made_at: TODAY,
        approved_by: "other",
        approved_at: TODAY,
        state: "IN_FORCE",
      };
      await sql`insert into quota ${sql({ id: id(QUOTA, 9), program: "PBI_JK", period: "2026", region: "9802", kind: "REGULAR", seats: 20, ...made })}`;
    });
    const { data } = await batchOf({ region: "9802", most: 20 });
    await aid.draft(data.done.id, TODAY);
    const batch = await read(data.done.id);
    expect(batch.size).toBe(20);
    let most = 0;
    let watching = true;
    const watch = asRole(aid.urls.programs.owner, async (sql) => {
      while (watching) {
        const [row] =
          await sql`select count(*)::int as n from enrolment where program = 'PBI_JK' and region ^@ '9802' and state in ('ACTIVE', 'SUSPENDED')`;
        most = Math.max(most, Number(row?.["n"]));
      }
    });
    const signed = await Promise.all([sign(batch), sign(batch), sign(batch, steward)]);
    expect(signed.filter(({ errors }) => errors.length === 0)).toHaveLength(1);
    await Promise.all([
      ...[1, 2, 3].map(() => aid.exchange(batch.id, TODAY)),
      ...[100, 101].map((n) => propose(n, {}, { ...here, rows: { ...here.rows, regions: WHOLE_COUNTRY.regions } })),
    ]);
    watching = false;
    await watch;
    expect(most).toBe(20);
    expect(await seats("9802", "REGULAR")).toEqual({ seats: 20, used: 20 });
    expect(await states(many)).toEqual([...Array(20).fill("EXITED"), ...Array(20).fill("ACTIVE")]);
  });
});

describe("a reactivation", () => {
  test("is proposed by the regency and verified by the ministry, on a seat that must be free", async () => {
    const { data, errors } = await propose(5, {}, here);
    expect(errors).toEqual([]);
    expect(data.done).toMatchObject({ state: "PROPOSED", proposedAgency: "DINSOS_BANYUWANGI", isEmergency: false });
    expect(codesOf(await decide(data.done, "VERIFIED"))).toEqual([]);
    expect(await states([5])).toEqual(["EXITED ACTIVE"]);
    expect(await seats("9801", "REGULAR")).toEqual({ seats: 4, used: 4 });
    const next = await propose(8, {}, here);
    expect(codesOf(await decide(next.data.done, "VERIFIED"))).toEqual(["CONFLICT"]);
    expect(await states([8])).toEqual(["EXITED"]);
    expect((await decide(next.data.done, "REJECTED")).data.done.state).toBe("REJECTED");
  });

  test("a dead person is not active again", async () => {
    const { data } = await propose(6, {}, here);
    expect(codesOf(await decide(data.done, "VERIFIED"))).toEqual(["CONFLICT"]);
    await decide(data.done, "REJECTED");
  });

  test("of a person outside the data is an entry that waits its turn: PBI non-DTKS", async () => {
    const { data } = await propose(900, { kind: "ENTRY" }, here);
    expect(data.done).toMatchObject({ basis: "NON_DTKS", state: "PROPOSED" });
    await decide(data.done, "VERIFIED");
    expect(await states([900])).toEqual(["WAITING"]);
    const listed = await propose(7, { kind: "ENTRY" }, here);
    expect(listed.data.done.basis).toBe("DTKS");
  });
});

describe("an emergency", () => {
  const emergency = (n: number, who = bpjs) => propose(n, { isEmergency: true }, who);

  test("needs an emergency seat: without a quota there is none", async () => {
    expect(codesOf(await emergency(8))).toEqual(["CONFLICT"]);
    expect(await states([8])).toEqual(["EXITED"]);
  });

  test("of ten reactivations at once on one free emergency seat one wins", async () => {
    await quota(2, "EMERGENCY", 1);
    const ten = Array.from({ length: 10 }, (_, n) => 200 + n);
    for (const n of ten) await enrolled(n, "EXITED", { ended_on: "2026-01-31", ending: "REPLACED" });
    const outcomes = await Promise.all(ten.map((n) => emergency(n)));
    expect(outcomes.filter(({ errors }) => errors.length === 0)).toHaveLength(1);
    expect(new Set(outcomes.flatMap(codesOf))).toEqual(new Set(["CONFLICT"]));
    expect(await seats("9801", "EMERGENCY")).toEqual({ seats: 1, used: 1 });
    expect((await states(ten)).filter((state) => state.includes("ACTIVE"))).toHaveLength(1);
    expect((await seats("9801", "REGULAR")).used).toBe(4);
  });

  test("nobody confirmed within 3×24 hours is suspended by the clock, not an instant before; verified late it is active again", async () => {
    const [row] = await aid.owner((sql) => sql`select id, version, person_id from pbi_request where state = 'PROVISIONAL'`);
    const due = Date.parse(TODAY) + 72 * HOUR;
    expect(await aid.tick("lapse_pbi_requests", new Date(due - 1).toISOString())).toBe(0);
    expect(await aid.tick("lapse_pbi_requests", new Date(due).toISOString())).toBe(1);
    const held = () =>
      aid.owner(
        (sql) =>
          sql`select state, is_emergency from enrolment where person_id = ${row?.["person_id"]} and state in ('ACTIVE', 'SUSPENDED')`,
      );
    expect(await held()).toEqual([{ state: "SUSPENDED", is_emergency: true }]);
    const [step] = await aid.owner(
      (sql) =>
        sql`select subject_kind as kind, actor, reason from transition where to_state = 'SUSPENDED' and person_id = ${row?.["person_id"]}`,
    );
    expect(step).toEqual({ kind: "ENROLMENT_HEALTH", actor: "SYSTEM", reason: "NOT_CONFIRMED" });
    expect(codesOf(await decide({ id: String(row?.["id"]), version: 1 }, "VERIFIED"))).toEqual([]);
    expect(await held()).toEqual([{ state: "ACTIVE", is_emergency: true }]); // no regular seat is free
  });

  test("confirmed, takes a regular seat where one is free and leaves its own to the next; rejected, ends", async () => {
    await aid.owner((sql) => sql`update quota set seats = 5 where id = ${id(QUOTA, 1)}`);
    await aid.owner((sql) => sql`update quota set seats = 2 where id = ${id(QUOTA, 2)}`);
    const [free, other] = (await states([200, 201, 202])).flatMap((state, at) => (state === "EXITED" ? [200 + at] : []));
    const first = await emergency(Number(free));
    expect((await decide(first.data.done, "VERIFIED")).errors).toEqual([]);
    expect((await seats("9801", "REGULAR")).used).toBe(5);
    expect((await seats("9801", "EMERGENCY")).used).toBe(1);
    const second = await emergency(Number(other));
    expect((await seats("9801", "EMERGENCY")).used).toBe(2);
    await decide(second.data.done, "REJECTED");
    expect((await seats("9801", "EMERGENCY")).used).toBe(1);
  });

  test("is the health fund's alone to tell, never the regency's", async () => {
    expect(codesOf(await emergency(8, here))).toEqual(["FORBIDDEN"]);
  });
});

describe("threats to PBI-JK", () => {
  test("the agency that proposed does not verify, and whoever drafted a replacement does not apply it", async () => {
    const { data } = await propose(9, {}, here);
    await aid.owner(
      (sql) => sql`insert into officer_duty (id, officer_id, agency, role, region, program, valid_from, assigned_by)
        values (gen_random_uuid(), 'dua.x', ${district.agency}, 'PROGRAM_STEWARD', '', '*', '2020-01-01', 'test')`,
    );
    expect(codesOf(await decide(data.done, "VERIFIED", { ...here, officer: "dua.x" }))).toEqual(["FORBIDDEN"]);
    await decide(data.done, "REJECTED");
    await aid.owner((sql) => sql`update candidate_member set decile = 1, rank = 1 where person_id = ${person(2)}`);
    await aid.owner((sql) => sql`update candidate_member set decile = 10 where person_id = ${person(3)}`);
    const batch = await drafted();
    expect(codesOf(await sign(batch, steward))).toEqual(["FORBIDDEN"]);
    expect(codesOf(await sign(batch, steward2, " x "))).toEqual(["BAD_USER_INPUT"]);
    expect(codesOf(await sign({ ...batch, version: 1 }))).toEqual(["CONFLICT"]);
    const discard = `mutation { discardPbiReplacement(id: "${batch.id}", version: ${batch.version}) { state } }`;
    expect((await aid.slice.ask(discard, { caller: steward })).data.discardPbiReplacement.state).toBe("DISCARDED");
    expect(await aid.exchange(batch.id, TODAY)).toBe(0);
  });

  test("an education officer, a bank and a machine propose nothing and draft nothing", async () => {
    for (const who of [puslapdik, bank, machine]) {
      expect(codesOf(await propose(9, {}, who))).toEqual(["FORBIDDEN"]);
      expect(codesOf(await batchOf({}, who))).toEqual(["FORBIDDEN"]);
    }
    expect(codesOf(await batchOf({}, here))).toEqual(["FORBIDDEN"]);
  });

  test("a paper is told by its number or hash, never by a NIK", async () => {
    expect(codesOf(await propose(9, { identityPaper: "3510161708450000" }, here))).toEqual(["BAD_USER_INPUT"]);
    expect(codesOf(await propose(9, { words: "atas nama 3510161708450000" }, here))).toEqual(["BAD_USER_INPUT"]);
    expect((await propose(9, { identityPaper: `sha256:${"a1".repeat(32)}` }, here)).errors).toEqual([]);
  });

  test("a second open proposal about a person is a conflict", async () => {
    expect(codesOf(await propose(9, {}, here))).toEqual(["CONFLICT"]);
  });

  test("a person reads the own membership and proposals, nobody else's, and no list of who leaves", async () => {
    const query = "{ myPbiMemberships { id state } myPbiRequests { state isEmergency } pbiReplacements { id } }";
    const { data } = await aid.slice.ask(query, { caller: citizen(person(9)) });
    expect(data.myPbiMemberships).toMatchObject([{ state: "EXITED" }]);
    expect(data.myPbiRequests.map((request: { state: string }) => request.state)).toContain("PROPOSED");
    expect(data.pbiReplacements).toEqual([]);
    expect(
      (await aid.slice.ask("{ myPbiMemberships { id } }", { caller: citizen(id(PERSON, 999)) })).data.myPbiMemberships,
    ).toEqual([]);
  });
});

describe("contributions", () => {
  test("accrue by the catalogue, a month for each in which the member was active, for a page in one statement", async () => {
    await enrolled(300, "ACTIVE", { region: "9803011001", started_on: "2026-08-15" });
    await enrolled(301, "EXITED", { started_on: "2026-01-01", ended_on: "2026-08-31", ending: "REPLACED" });
    await enrolled(302, "WAITING");
    const query = `{ myPbiMemberships { contributions(from: "2026-07", to: "2026-10") { months amount } } }`;
    const due = async (n: number) =>
      (await aid.slice.ask(query, { caller: citizen(person(n)) })).data.myPbiMemberships[0].contributions;
    expect(await due(300)).toEqual({ months: 3, amount: "126000" });
    expect(await due(301)).toEqual({ months: 2, amount: "84000" });
    expect(await due(302)).toEqual({ months: 0, amount: "0" });
    const bad = query.replace("2026-10", "2029-10");
    expect(codesOf(await aid.slice.ask(bad, { caller: citizen(person(300)) }))).toEqual(["BAD_USER_INPUT"]);
    await aid.slice.ask(
      `{ pbiMemberships(first: 100) { nodes { id contributions(from: "2026-07", to: "2026-10") { months } } } }`,
      { caller: bpjs },
    );
    expect(aid.slice.statements).toBe(2);
  });
});
