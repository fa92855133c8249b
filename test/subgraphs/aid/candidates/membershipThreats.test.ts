import { beforeAll, describe, expect, test } from "vitest";
import { codesOf, WHOLE_COUNTRY } from "../../../kit/slice.ts";
import { bpjs, citizen, district, id, steward, steward2, useAid } from "../school/kit.ts";

const TODAY = "2026-10-05T03:00:00Z";
const CONFIRM_BY = "2026-10-08T03:00:00Z";
const aid = useAid(TODAY);
// regencies that do not exist, so that seats and order of need are the test's own
const [VILLAGE, ELSEWHERE, THIRD] = ["9801011001", "9704011001", "9802011001"];
const person = (n: number) => id(1, n);
const enrolment = (n: number) => id(4, n);

/** Somebody of the data in force, suspended in PBI-JK as an import of old lists leaves it: without history. */
async function member(n: number, { state = "SUSPENDED", region = VILLAGE, decile = 1, ...told }: Record<string, any> = {}) {
  const whose = { person_id: person(n), region };
  await aid.owner(async (sql) => {
    const [{ delivery } = { delivery: null }] = await sql`select programs.delivery_in_force() as delivery`;
    const listed = { delivery, member_id: id(2, n), family_id: id(3, n), suffix: "01", match_status: "MATCHED", state: "ACTIVE" };
    const ranked = { components: [], barred: [], decile, rank: 1_000_000 * decile + n, first_on: "2020-01-01" };
    await sql`insert into candidate_member ${sql({ ...whose, ...listed, ...ranked })}`;
    if (state !== "NONE")
      await sql`insert into enrolment ${sql({ id: enrolment(n), ...whose, unit_id: id(2, n), program: "PBI_JK", state, started_on: "2024-01-01", ...told })}`;
  });
}
const quota = (n: number, kind: string, seats: number) =>
  aid.owner((sql) => {
    const made = { reason: "test", made_by: "test", made_at: TODAY, approved_by: "other", approved_at: TODAY };
    return sql`insert into quota ${sql({ id: id(5, n), program: "PBI_JK", period: "2026", region: "9801", kind, seats, state: "IN_FORCE", ...made })}`;
  });
const propose = (n: number, told: object, who = bpjs) =>
  aid.act(
    "proposePbi(ProposePbiInput) { id version state history { act } }",
    {
      ...{ kind: "REACTIVATION", person: person(n), village: VILLAGE, isEmergency: false, identityPaper: "KTP-1" },
      ...{ familyPaper: "KK-1", inabilityPaper: "SKTM-1", words: "dirawat tanpa jaminan", ...told },
    },
    who,
  );
const WORDS = "cuci darah dua kali seminggu";
const decide = async (n: number, decision: string) => {
  const [seen] = await aid.owner(
    (sql) =>
      sql`select id, version from pbi_request where person_id = ${person(n)} and state in ('PROPOSED', 'PROVISIONAL', 'LAPSED')`,
  );
  const input = { ...seen, decision, reason: WORDS };
  expect((await aid.act("decidePbiRequest(DecidePbiRequestInput) { state }", input, steward)).errors).toEqual([]);
};
/** What an officer of the ministry reads of somebody's enrolments and proposals. */
async function read(n: number): Promise<{ enrolments: any[]; requests: any[] }> {
  const LINES = "history { actor act from to reason }";
  const query = `{ pbiRequests(first: 100) { nodes { version kind state person { id } ${LINES} } }
    enrolments(filter: { program: PBI_JK, region: "9801" }, first: 100) { nodes { state ending person { id } ${LINES} } } }`;
  const { data } = await aid.slice.ask(query, { caller: steward });
  const about = (rows: any[]) => rows.flatMap(({ person: whose, ...row }) => (whose.id === person(n) ? [row] : []));
  return { enrolments: about(data.enrolments.nodes), requests: about(data.pbiRequests.nodes) };
}

beforeAll(async () => {
  await quota(1, "REGULAR", 20);
  await quota(2, "EMERGENCY", 5);
});

test("a refusal tells in which village a stranger lives", async () => {
  await member(1, { region: ELSEWHERE });
  const here = { ...district, rows: { ...district.rows, regions: WHOLE_COUNTRY.regions } };
  for (const village of ["3510161001", ELSEWHERE]) {
    const asked = await propose(1, { village }, here);
    expect(codesOf(asked)).toEqual(["FORBIDDEN"]);
    expect(JSON.stringify(asked.errors)).not.toMatch(/[0-9]{4,}/);
  }
});

describe("an emergency is told", () => {
  test("by the history: who was verified after one reads like who was verified without", async () => {
    await member(10);
    await member(11);
    await propose(10, {});
    await propose(11, { isEmergency: true });
    for (const n of [10, 11]) await decide(n, "VERIFIED");
    expect(await read(11)).toEqual(await read(10));
    expect((await read(11)).enrolments).toEqual([
      {
        ...{ state: "ACTIVE", ending: null },
        history: [{ actor: "PBI_JK", act: "RESUME", from: "SUSPENDED", to: "ACTIVE", reason: "REACTIVATION" }],
      },
    ]);
  });

  test("by its lapse: neither the proposal nor the enrolment gains a line or a version", async () => {
    await member(12);
    await propose(12, { isEmergency: true });
    const before = await read(12);
    await aid.tick("lapse_pbi_requests", CONFIRM_BY);
    const { enrolments, requests } = await read(12);
    expect(requests).toEqual(before.requests);
    expect(requests).toMatchObject([{ state: "PROPOSED", history: [{ act: "PROPOSE", reason: "REACTIVATION" }] }]);
    expect(enrolments).toEqual([{ ...before.enrolments[0], state: "SUSPENDED" }]);
    await decide(12, "VERIFIED");
    expect((await read(12)).enrolments).toEqual(before.enrolments);
  });

  test("by its end: who is refused ends like others who are not eligible", async () => {
    await member(13, { state: "EXITED", ended_on: "2026-01-31", ending: "REPLACED" });
    await propose(13, { isEmergency: true });
    await decide(13, "REJECTED");
    const ended = (await read(13)).enrolments.find(({ ending }) => ending !== "REPLACED");
    expect(ended).toMatchObject({ state: "EXITED", ending: "NOT_ELIGIBLE" });
    expect(ended.history.at(-1)).toMatchObject({ actor: "program.kemensos", act: "EXIT", reason: "NOT_ELIGIBLE" });
  });

  test("to nobody, yet every step of it is on file, with actor and reason", async () => {
    const rows = await aid.owner(
      (sql) => sql`select subject_kind || ' ' || act || ' ' || to_state || ' ' || actor || ' ' || reason as line
        from transition where person_id = ${person(12)} and subject_kind in ('PBI_EMERGENCY', 'ENROLMENT_HEALTH') order by id`,
    );
    expect(rows.map((row) => row["line"])).toEqual([
      "PBI_EMERGENCY PROPOSE PROVISIONAL kepesertaan.bpjs_kesehatan REACTIVATION",
      "ENROLMENT_HEALTH SUSPEND SUSPENDED SYSTEM NOT_CONFIRMED",
      "PBI_EMERGENCY LAPSE LAPSED SYSTEM REACTIVATION",
      "ENROLMENT_HEALTH RESUME ACTIVE program.kemensos REACTIVATION",
      "PBI_EMERGENCY DECIDE VERIFIED program.kemensos REACTIVATION",
    ]);
  });
});

test("the words of a decision, which may tell an illness, are read in a history or as evidence of an exclusion", async () => {
  await member(20, { state: "ACTIVE" });
  await propose(20, { kind: "DEPARTURE", inabilityPaper: null });
  await decide(20, "VERIFIED");
  const told = await aid.owner(
    (sql) =>
      sql`select reason as words from transition where reason ~ 'cuci' union all select evidence from exclusion where evidence ~ 'cuci'`,
  );
  expect(told).toEqual([]);
  const [kept] = await aid.owner((sql) => sql`select decision_reason as words from pbi_request where person_id = ${person(20)}`);
  expect(kept).toEqual({ words: WORDS });
});

describe("a month of contribution", () => {
  const steps = (n: number, lines: readonly (readonly [at: string, from: string | null, to: string, kind?: string])[]) =>
    aid.owner(async (sql) => {
      for (const [at, from_state, to_state, subject_kind = "ENROLMENT"] of lines)
        await sql`insert into transition ${sql({
          ...{ subject_kind, subject_id: enrolment(n), person_id: person(n), program: "PBI_JK", region: VILLAGE },
          ...{ at, actor: "test", act: "test", from_state, to_state, reason: "test" },
        })}`;
    });
  const months = async (n: number) => {
    const query = `{ myPbiMemberships { contributions(from: "2026-01", to: "2026-04") { months } } }`;
    return (await aid.slice.ask(query, { caller: citizen(person(n)) })).data.myPbiMemberships[0].contributions.months;
  };

  test("in which a member was active again on a day is due, one that was suspended throughout is not", async () => {
    for (const n of [30, 31, 32]) await member(n, { state: "ACTIVE", region: ELSEWHERE });
    const suspended = ["2026-02-10T03:00:00Z", "ACTIVE", "SUSPENDED"] as const;
    await steps(30, [suspended, ["2026-03-15T03:00:00Z", "SUSPENDED", "ACTIVE"]]);
    await steps(31, [suspended, ["2026-04-02T03:00:00Z", "SUSPENDED", "ACTIVE"]]);
    await steps(32, [
      [...suspended, "ENROLMENT_HEALTH"],
      ["2026-04-02T03:00:00Z", "SUSPENDED", "ACTIVE", "ENROLMENT_HEALTH"],
    ]);
    expect([await months(30), await months(31), await months(32)]).toEqual([4, 3, 3]);
  });

  test("in which somebody still waited for a seat is not due", async () => {
    await member(33, { state: "ACTIVE", region: ELSEWHERE, started_on: "2026-01-10" });
    await steps(33, [
      ["2026-01-10T03:00:00Z", null, "WAITING"],
      ["2026-04-20T03:00:00Z", "WAITING", "ACTIVE"],
    ]);
    expect(await months(33)).toBe(1);
  });
});

describe("a replacement that was signed", () => {
  const READ = "{ id version state decree outcome }";
  async function signed() {
    const asked = await aid.act(
      `requestPbiReplacement(RequestPbiReplacementInput) ${READ}`,
      { region: "9802", most: 100, reason: "pemutakhiran" },
      steward,
    );
    expect(asked.errors).toEqual([]);
    expect(await aid.draft(asked.data.done.id, TODAY)).toBe(1);
    const input = { id: asked.data.done.id, version: asked.data.done.version + 1, decree: "SK-9/2026" };
    const { data, errors } = await aid.act(`signPbiReplacement(SignPbiReplacementInput) ${READ}`, input, steward2);
    expect(errors).toEqual([]);
    return data.done;
  }
  const discard = ({ id: of, version }: { id: string; version: number }) =>
    aid.slice.ask(`mutation { done: discardPbiReplacement(id: "${of}", version: ${version}) ${READ} }`, { caller: steward });

  beforeAll(async () => {
    await member(40, { state: "ACTIVE", decile: 9, region: THIRD });
    await member(41, { state: "NONE", region: THIRD });
  });

  test("and cannot be applied bars its region for ever: it is discarded, and keeps its decree", async () => {
    const { data, errors } = await discard(await signed());
    expect(errors).toEqual([]);
    expect(data.done).toMatchObject({ state: "DISCARDED", decree: "SK-9/2026" });
    expect(await aid.exchange(data.done.id, TODAY)).toBe(0);
  });

  test("and meets another rule than its own is left signed: it is refused whole and says why", async () => {
    const batch = await signed();
    // somebody else of the unit runs in the program already: a unique index, and no sentence of the replacement, says no
    await aid.owner(
      (sql) =>
        sql`insert into enrolment ${sql({
          ...{ id: enrolment(42), person_id: person(42), unit_id: id(2, 41), program: "PBI_JK" },
          ...{ state: "ACTIVE", region: ELSEWHERE, started_on: "2024-01-01" },
        })}`,
    );
    expect(await aid.exchange(batch.id, TODAY)).toBe(0);
    const { data } = await aid.slice.ask(`{ pbiReplacement(id: "${batch.id}") ${READ} }`, { caller: steward });
    expect(data.pbiReplacement).toMatchObject({ state: "REFUSED", outcome: expect.stringContaining("draft it anew") });
    const [left] = await aid.owner((sql) => sql`select state from enrolment where id = ${enrolment(40)}`);
    expect(left).toEqual({ state: "ACTIVE" });
    expect(codesOf(await discard({ ...batch, version: batch.version + 1 }))).toEqual(["CONFLICT"]);
  });
});
