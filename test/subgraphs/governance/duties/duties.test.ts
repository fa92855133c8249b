import { beforeAll, describe, expect, test } from "vitest";
import { leafHash } from "../../../../schema/record/leaf.ts";
import { endOfRequest, stateOfRequest } from "../../../../subgraphs/governance/duties/requests.ts";
import { governance } from "../../../../subgraphs/governance/index.ts";
import { asServer, useDatabases } from "../../../kit/database.ts";
import { codesOf, useSlice } from "../../../kit/slice.ts";
import { asOwner, client, made, racing, steward } from "./kit.ts";

let now = Date.parse("2026-07-15T05:00:00Z");
const databases = useDatabases();
const slice = useSlice(governance, { databaseUrl: () => databases.urls.governance.runtime, now: () => now });
const kemensos = steward("steward.kemensos");
const dukcapil = steward("steward.dukcapil");

/** As the gateway writes the record, one line. */
interface Line {
  readonly at: string;
  readonly body: object;
  readonly tags?: string;
}
const tag = (name: string) => name.padEnd(32, "0");
const shown = (coordinates: string[], more: object = {}) => ({
  ...{ shown: coordinates, masked: [], denied: [], status: "ANSWERED" },
  ...more,
});

const LINES: readonly Line[] = [
  { at: "2026-01-31T16:59:59Z", body: shown(["Person.id", "Person.nik"]), tags: tag("a1") + tag("a2") },
  { at: "2026-01-31T17:00:00Z", body: shown(["Person.id"], { masked: ["Person.fullName"] }), tags: tag("a1") }, // February in Jakarta
  { at: "2026-02-10T05:00:00Z", body: shown([], { denied: ["Person.motherName"] }) },
  { at: "2026-02-11T05:00:00Z", body: { status: "INTENDED", asked: ["Mutation.startMatching"], denied: [] } },
  { at: "2026-02-11T05:00:01Z", body: shown(["Mutation.startMatching"]) },
  { at: "2026-02-12T05:00:00Z", body: shown(["MatchResult.row"], { part: 1, of: "x" }), tags: tag("a3") },
  { at: "2026-02-12T05:00:01Z", body: shown(["MatchResult.row"]), tags: tag("a3") },
  { at: "2026-03-01T05:00:00Z", body: shown([], { status: "TOO_COSTLY" }) },
  { at: "2025-12-31T16:59:59Z", body: shown(["Person.address"]), tags: tag("a9") }, // the year before in Jakarta
  { at: "2026-07-01T17:00:00Z", body: shown(["Person.address"]), tags: tag("a9") }, // 2 July in Jakarta
];

beforeAll(async () => {
  await made(databases.urls, { number: "T-USED", opens: ["Person.id"], reportDue: "2026-07-01T00:00:00+07:00" });
  await made(databases.urls, { number: "T-LATE", opens: ["Person.id"], reportDue: "2026-07-01T00:00:00+07:00" });
  await made(databases.urls, { number: "T-FREE", agency: "BPJS_KESEHATAN", opens: ["Person.id"] });
  await made(databases.urls, { number: "T-WISH", agency: "BPJS_KESEHATAN", opens: ["Person.birthDate"], isDraft: true });
  await asServer(databases.urls.record, async (server) => {
    for (const { at, body, tags = "" } of LINES) {
      const text = JSON.stringify(body);
      await server`insert into governance.entry (at, leaf, body, agreement, subjects)
      values (${at}, ${leafHash(text)}, ${text}, 'T-USED', decode(${tags}, 'hex'))`;
    }
  });
  await asOwner(databases.urls, async (sql) => {
    await sql`insert into quota_counter (agreement_number, day, used) values ('T-USED', '2026-07-15', 7), ('T-USED', '2026-07-14', 9)`;
  });
}, 60_000);

const USAGE = `from to requests refused persons coordinates { coordinate requests } denials { coordinate requests }
  refusals { code requests } months { month requests refused denied persons }`;
const report = (from: string, to: string) => `{ semesterReport(agreement: "T-USED", from: "${from}", to: "${to}") { ${USAGE} } }`;

describe("a semester report", () => {
  test("is made from the record: requests, persons, coordinates and denials by month of Jakarta, and no value", async () => {
    const { data, errors } = await slice.ask(report("2026-01-01", "2026-07-01"), kemensos);
    expect(errors).toEqual([]);
    expect(data.semesterReport).toEqual({
      from: "2026-01-01",
      to: "2026-07-01",
      requests: 6,
      refused: 1,
      persons: 3,
      coordinates: [
        { coordinate: "MatchResult.row", requests: 2 },
        { coordinate: "Mutation.startMatching", requests: 1 },
        { coordinate: "Person.fullName", requests: 1 },
        { coordinate: "Person.id", requests: 2 },
        { coordinate: "Person.nik", requests: 1 },
      ],
      denials: [{ coordinate: "Person.motherName", requests: 1 }],
      refusals: [{ code: "TOO_COSTLY", requests: 1 }],
      months: [
        { month: "2026-01", requests: 1, refused: 0, denied: 0, persons: 2 },
        { month: "2026-02", requests: 4, refused: 0, denied: 1, persons: 2 },
        { month: "2026-03", requests: 1, refused: 1, denied: 0, persons: 0 },
      ],
    });
  });

  test("of another agency does not exist for its neighbour, but does for a steward of the owner", async () => {
    const asked = report("2026-01-01", "2026-07-01");
    const bpjs = client("bpjs-kesehatan", "BPJS_KESEHATAN", "T-FREE");
    expect((await slice.ask(asked, bpjs)).data.semesterReport).toBeNull();
    expect((await slice.ask(asked, client("kemensos", "KEMENSOS", "T-USED"))).data.semesterReport.requests).toBe(6);
    expect((await slice.ask(asked, dukcapil)).data.semesterReport.requests).toBe(6);
  });

  test("spans at most a year, and no span of no day", async () => {
    for (const [from, to] of [
      ["2026-01-02", "2026-01-01"],
      ["2025-01-01", "2026-01-02"],
    ] as const)
      expect(codesOf(await slice.ask(report(from, to), kemensos))).toEqual(["BAD_USER_INPUT"]);
  });

  const SUBMIT = `mutation { submitSemesterReport(agreement: "T-USED", note: "lengkap") { note submittedBy usage { from to persons } } }`;
  const STAND = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Agreement {
    state reportDue suspendsOn reports { usage { from to } } quotaToday { used limit } } } }`;
  const stand = async (number: string) => {
    const variables = { r: [{ __typename: "Agreement", number }] };
    return (await slice.ask(STAND, { ...kemensos, variables })).data._entities[0];
  };

  test("is submitted once by a steward of the consumer, and moves the due day one semester on", async () => {
    expect(codesOf(await slice.ask(SUBMIT, dukcapil))).toEqual(["FORBIDDEN"]);
    expect(codesOf(await slice.ask(SUBMIT, steward("dpo.kemensos")))).toEqual(["FORBIDDEN"]);
    expect(codesOf(await slice.ask(SUBMIT, client("kemensos", "KEMENSOS", "T-USED")))).toEqual(["FORBIDDEN"]);
    const [first, second] = await racing(databases.urls, "T-USED", () => [
      slice.ask(SUBMIT, kemensos),
      slice.ask(SUBMIT, steward("steward2.kemensos")),
    ]);
    const [done, late] = codesOf(first).length === 0 ? [first, second] : [second, first];
    expect(done.errors).toEqual([]);
    expect(done.data.submitSemesterReport).toMatchObject({
      note: "lengkap",
      usage: { from: "2026-01-01", to: "2026-06-30", persons: 3 },
    });
    expect(codesOf(late)).toEqual(["CONFLICT"]);
    expect(await stand("T-USED")).toEqual({
      state: "ACTIVE",
      reportDue: "2026-12-31T17:00:00.000Z",
      suspendsOn: expect.stringMatching(/^2027-03-31T17:00/),
      reports: [{ usage: { from: "2026-01-01", to: "2026-06-30" } }],
      quotaToday: { used: 7, limit: 10_000 },
    });
    const [again] = (await slice.ask(SUBMIT, kemensos)).errors;
    expect(again?.extensions).toMatchObject({
      code: "CONFLICT",
      detail: "the next report of T-USED may be submitted from 2026-12-01",
    });
  });

  test("three months late suspends the agreement by itself, and submitted late opens it again", async () => {
    const noon = now;
    try {
      now = Date.parse("2026-09-30T16:59:59Z");
      expect(await stand("T-LATE")).toMatchObject({ state: "ACTIVE" });
      now = Date.parse("2026-09-30T17:00:00Z");
      expect(await stand("T-LATE")).toMatchObject({ state: "SUSPENDED" });
      const { errors } = await slice.ask(SUBMIT.replace("T-USED", "T-LATE"), kemensos);
      expect(errors).toEqual([]);
      expect(await stand("T-LATE")).toMatchObject({ state: "ACTIVE", reportDue: "2026-12-31T17:00:00.000Z" });
    } finally {
      now = noon;
    }
  });

  test("is owed by none whose agreement names no day", async () => {
    const { errors } = await slice.ask(SUBMIT.replace("T-USED", "T-FREE"), steward("steward.bpjs_kesehatan"));
    expect(errors[0]?.extensions).toMatchObject({ code: "CONFLICT", detail: "T-FREE owes no semester report" });
  });
});

describe("a request for access", () => {
  const bpjs = client("bpjs-kesehatan", "BPJS_KESEHATAN", "T-FREE");
  const ASK = `mutation ($input: RequestAccessInput!) { requestAccess(input: $input) { id state closedBy requester agency { code } coordinates regions version } }`;
  const WISH = {
    purpose: "PBI_MEMBERSHIP",
    coordinates: ["Person.birthDate", "Person.sex", "Person.sex"],
    regions: ["35.10", "0"],
    days: 365,
    justification: "Umur peserta menentukan segmen.",
  };
  const ask = (input: object, who = bpjs) => slice.ask(ASK, { ...who, variables: { input } });
  const ANSWER = `mutation ($id: ID!, $version: Int!) { answerAccessRequest(id: $id, agreement: "T-WISH", version: $version) { state version } }`;
  const DECLINE = `mutation ($id: ID!, $reason: String!) { declineAccessRequest(id: $id, reason: $reason) { state closedBy declineReason declinedBy } }`;
  const listed = async (who: typeof bpjs, id: string) => {
    const { data } = await slice.ask("{ accessRequests { id state closedBy agreement { number } declineReason } }", who);
    return data.accessRequests.find((one: { id: string }) => one.id === id);
  };

  test("is made by any client, and the same wish of a day is one request", async () => {
    const { data, errors } = await ask(WISH);
    expect(errors).toEqual([]);
    expect(data.requestAccess).toMatchObject({
      ...{ state: "OPEN", closedBy: null, requester: "bpjs-kesehatan", agency: { code: "BPJS_KESEHATAN" }, version: null },
      ...{ coordinates: ["Person.birthDate", "Person.sex"], regions: ["0", "3510"] },
    });
    expect((await ask(WISH)).data.requestAccess.id).toBe(data.requestAccess.id);
    expect((await ask({ ...WISH, days: 30 })).data.requestAccess.id).not.toBe(data.requestAccess.id);
  });

  test("names every fault at once and repeats nothing of what was said", async () => {
    const { errors } = await ask({
      ...{ purpose: "NOSUCH", coordinates: ["Person.nik", "Person.nosuch", "Query.glassBreaks"], regions: ["3"], days: 0 },
      justification: "untuk 3510019001900001",
    });
    expect(errors[0]?.extensions.detail?.split("; ")).toEqual([
      "purpose: there is no such purpose",
      "coordinates[1]: there is no such coordinate",
      "coordinates[2]: there is no such coordinate",
      "regions[0]: must be a region code, or 0",
      "days: must be from 1 to 3660",
      "justification: must hold no NIK",
    ]);
  });

  test("is seen by the agency and by stewards of the data's owners, by nobody else", async () => {
    const { id } = (await ask(WISH)).data.requestAccess;
    expect(await listed(bpjs, id)).toMatchObject({ state: "OPEN" });
    expect(await listed(dukcapil, id)).toMatchObject({ state: "OPEN" });
    expect(await listed(steward("steward.bpk"), id)).toBeUndefined();
    expect(await listed(client("kemensos", "KEMENSOS", "T-USED"), id)).toBeUndefined();
  });

  test("is answered by a draft of the agency that asked, once", async () => {
    const { id } = (await ask(WISH)).data.requestAccess;
    const answer = (version: number, who: typeof bpjs) => slice.ask(ANSWER, { ...who, variables: { id, version } });
    const drafter = steward("steward.bpjs_kesehatan");
    expect(codesOf(await answer(1, bpjs))).toEqual(["FORBIDDEN"]);
    expect(codesOf(await answer(1, steward("steward.bpk")))).toEqual(["FORBIDDEN"]);
    expect(codesOf(await answer(9, drafter))).toEqual(["BAD_USER_INPUT"]);
    for (let times = 0; times < 2; times++)
      expect((await answer(1, drafter)).data.answerAccessRequest).toEqual({ state: "OPEN", version: 1 });
    expect(codesOf(await slice.ask(DECLINE, { ...dukcapil, variables: { id, reason: "terlambat" } }))).toEqual(["CONFLICT"]);
  });

  test.each([
    ["draft", "OPEN", null],
    ["in_review", "OPEN", null],
    ["approved", "APPROVED", null],
    ["active", "GRANTED", null],
    ["suspended", "APPROVED", null],
    ["revoked", "CLOSED", "REVOKED"],
    ["superseded", "CLOSED", "SUPERSEDED"],
  ] as const)("answered by a version that is %s is %s: approved is not granted", (state, shown, end) => {
    const stored = { state, validFrom: "2026-07-15T05:00:00Z", validTo: "2027-01-01T00:00:00Z", suspendsAt: null };
    const row = { declinedBy: null, answer: stored };
    const at = (instant: string) => [stateOfRequest(row, new Date(instant)), endOfRequest(row, new Date(instant))];
    expect(at("2026-07-15T05:00:00Z")).toEqual([shown, end]);
    if (state === "active") {
      expect(at("2026-07-15T04:59:59Z")).toEqual(["APPROVED", null]);
      expect(at("2027-01-01T00:00:00Z")).toEqual(["CLOSED", "EXPIRED"]);
    }
  });

  test("is declined by a steward of an owner, with a reason the asker reads", async () => {
    const { id } = (await ask({ ...WISH, days: 77 })).data.requestAccess;
    const decline = (who: typeof bpjs, reason: string) => slice.ask(DECLINE, { ...who, variables: { id, reason } });
    expect(codesOf(await decline(steward("steward.bpk"), "tidak"))).toEqual(["FORBIDDEN"]);
    expect(codesOf(await decline(dukcapil, "  "))).toEqual(["BAD_USER_INPUT"]);
    const declined = { state: "CLOSED", closedBy: "DECLINED", declineReason: "tanpa dasar", declinedBy: "steward.dukcapil" };
    for (let times = 0; times < 2; times++)
      expect((await decline(dukcapil, "tanpa dasar")).data.declineAccessRequest).toEqual(declined);
    expect(codesOf(await decline(dukcapil, "lain"))).toEqual(["CONFLICT"]);
    expect(await listed(bpjs, id)).toMatchObject({ state: "CLOSED", closedBy: "DECLINED", declineReason: "tanpa dasar" });
  });
});
