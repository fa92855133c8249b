import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { account } from "../../../../drizzle/watch/accounting.ts";
import { markRequestClocks } from "../../../../drizzle/watch/clocks.ts";
import { governance } from "../../../../subgraphs/governance/index.ts";
import { accountabilityCsv } from "../../../../subgraphs/governance/oversight/accountability.ts";
import { csvOf } from "../../../../subgraphs/governance/oversight/csv.ts";
import { asRole, useDatabases } from "../../../kit/database.ts";
import { callerWith, useSlice } from "../../../kit/slice.ts";
import { asLog, recorded } from "../../../policy/watch/kit.ts";
import { asSteward, outcomeOf } from "../lifecycle/kit.ts";

const THIS_YEAR = Number(new Date(Date.now() + 7 * 3_600_000).toISOString().slice(0, 4));
/** The year the fixtures lie in. */
const YEAR = THIS_YEAR - 1;
const databases = useDatabases();
const slice = useSlice(governance, { databaseUrl: () => databases.urls.governance.runtime });
type Json = Record<string, any>;

const REPORT = `from to requests refused sealed refusals { code requests } partners { code } subjectRequests clockBreaches lapsedObjections breaches breachesToldInTime
  agreements { number consumer { code } purpose { code } requests refused fields { coordinate shown masked denied } } sanctions { kind agency { code } } csv`;
const report = async (year: number, month: number | null = null): Promise<Json> => {
  const asked = await slice.ask(
    `query ($year: Int!, $month: Int) { accountabilityReport(year: $year, month: $month) { ${REPORT} } }`,
    {
      variables: { year, month },
      caller: callerWith(),
    },
  );
  return outcomeOf(asked);
};

beforeAll(async () => {
  const { urls } = databases;
  await asRole(urls.governance.owner, async (sql) => {
    await sql`insert into governance.purpose (code, name, legal_basis, citation, disclosure) values ('COURT', 'Peradilan', 'LEGAL_OBLIGATION', 'KUHAP', 'SEALED')`;
    await sql`insert into governance.sanction (id, agency_code, kind, reason, decision, imposed_by, imposed_at)
      values (${randomUUID()}, 'BPK', 'WARNING', 'x', 'SK-9', 'operator.hub', ${`${YEAR}-01-15T00:00:00Z`})`;
    for (const [detected, isDrill] of [
      [`${YEAR}-01-10T00:00:00Z`, false],
      [`${YEAR}-01-11T00:00:00Z`, true],
    ] as const)
      await sql`insert into governance.breach_case (id, title, is_drill, window_from, window_to, coordinates, detected_at, description, handling, opened_by, entries)
        values (${randomUUID()}, 'Uji', ${isDrill}, '2026-01-01Z', '2026-01-02Z', '{}', ${detected}, 'x', 'x', 'dpo.hub', 0)`;
  });
  await asRole(urls.governance.owner, async (sql) => {
    for (const kind of ["OBJECTION", "ACCESS"]) {
      const [id, person, received] = [randomUUID(), randomUUID(), `${YEAR}-01-05T00:00:00Z`];
      await sql`insert into governance.subject_request (id, number, person_id, filed_by, kind, statement, controller, received_at, due_at)
        values (${id}, ${`HSD-${kind}`}, ${person}, ${person}, ${kind}, 'x', 'KEMENSOS', ${received}, ${received}::timestamptz + interval '72 hours')`;
    }
  });
  await asLog(urls, markRequestClocks);
  const at = `${YEAR}-01-20T03:00:00Z`;
  await recorded(urls, [
    {
      at,
      about: { Person: [randomUUID(), randomUUID()] },
      more: { shown: ["Person.fullName"], masked: ["Person.nik"], denied: ["Person.motherName"] },
    },
    { at, more: { shown: ["Person.fullName"] } },
    { at, more: { status: "QUOTA_EXCEEDED" } },
    { at, more: { status: "INTENDED", asked: ["Person.nik"] } },
    { at, more: { client: null, agency: null, agreement: null, purpose: null, status: "UNAUTHENTICATED" } },
    { at, more: { purpose: "COURT", shown: ["Person.nik"] } },
    { at: `${YEAR}-01-31T16:59:59Z`, more: { shown: ["Person.fullName"] } },
    { at: `${YEAR}-01-31T17:00:00Z`, more: { shown: ["Person.fullName"] } },
    { at: new Date().toISOString(), more: { shown: ["Person.fullName"] } },
    { at: new Date().toISOString(), more: { purpose: "COURT", shown: ["Person.nik"] } },
  ]);
  await asLog(urls, account);
});

test("everybody reads how the hub was used in a month of western Indonesia, in requests", async () => {
  const { csv, agreements, ...told } = await report(YEAR, 1);
  expect(told).toEqual({
    ...{ from: `${YEAR}-01-01`, to: `${YEAR}-01-31`, requests: 5, refused: 2, sealed: 1 },
    refusals: [
      { code: "QUOTA_EXCEEDED", requests: 1 },
      { code: "UNAUTHENTICATED", requests: 1 },
    ],
    partners: [{ code: "KEMENSOS" }],
    ...{ subjectRequests: 2, clockBreaches: 2, lapsedObjections: 1, breaches: 1, breachesToldInTime: 0 },
    sanctions: [{ kind: "WARNING", agency: { code: "BPK" } }],
  });
  expect(agreements).toEqual([
    {
      ...{
        number: "PKS-2025-001",
        consumer: { code: "KEMENSOS" },
        purpose: { code: "PROGRAM_ADMINISTRATION" },
        requests: 4,
        refused: 1,
      },
      fields: [
        { coordinate: "Person.fullName", shown: 3, masked: 0, denied: 0 },
        { coordinate: "Person.motherName", shown: 0, masked: 0, denied: 1 },
        { coordinate: "Person.nik", shown: 0, masked: 1, denied: 0 },
      ],
    },
  ]);
  expect(csv).toContain("FIELD,KEMENSOS,PKS-2025-001,Person.nik,masked,1\r\n");
  expect(csv).toContain("WHOLE,,,sealed,,1\r\n");
});

test("the year holds its months, and every agreement that was in force in it", async () => {
  expect(await report(YEAR)).toMatchObject({ from: `${YEAR}-01-01`, to: `${YEAR}-12-31`, requests: 6 });
  const { agreements } = await report(THIS_YEAR);
  const numbers = agreements.map(({ number }: Json) => number);
  expect(numbers).toContain("PKS-2025-002");
  expect(numbers).toEqual([...numbers].sort());
});

test("nothing is told of what lies ahead, and no report of what never was", async () => {
  const ahead = await slice.ask(`{ accountabilityReport(year: ${THIS_YEAR + 1}) { requests } }`, { caller: callerWith() });
  expect(ahead.data).toEqual({ accountabilityReport: null });
  expect(await report(2024)).toMatchObject({ code: "BAD_USER_INPUT" });
  expect(await report(YEAR, 13)).toMatchObject({ code: "BAD_USER_INPUT", detail: "month: 1 to 12" });
  expect(await report(YEAR, 3)).toMatchObject({ requests: 0, refusals: [], agreements: [] });
});

describe("the table", () => {
  test("says the same as the report, one count a line", () => {
    const nothing = {
      refused: 0,
      sealed: 0,
      subjectRequests: 0,
      clockBreaches: 0,
      lapsedObjections: 0,
      breaches: 0,
      breachesToldInTime: 0,
    };
    const csv = accountabilityCsv({
      from: "2026-01-01",
      to: "2026-01-31",
      requests: 7,
      ...nothing,
      refusals: [],
      partners: [],
      agreements: [],
      sanctions: [],
    });
    expect(csv.split("\r\n").slice(0, 2)).toEqual(["section,agency,agreement,item,outcome,count", "WHOLE,,,requests,,7"]);
  });

  test("quotes what must be, and tells a formula as text", () => {
    expect(
      csvOf(
        ["a", "b"],
        [
          ['say "so", twice', "=1+1"],
          [null, -1],
        ],
      ),
    ).toBe('a,b\r\n"say ""so"", twice",\'=1+1\r\n,-1\r\n');
  });
});

describe("records of processing activities", () => {
  const QUERY = `{ processingRecords { csv records { number title version controllers { code } processor { code } recipient { code } purpose { legalBasis citation }
    categories { class coordinates } subjectTypes retentionDays securityMeasures { indonesian english } dpiaId needsDpia requestsOfYear } } }`;

  test("stewards have one for each agreement in force, made from the agreement and the record", async () => {
    const { records, csv } = outcomeOf(await asSteward(slice, "auditor.bpk")(QUERY)) as Json;
    const one = records.find(({ number }: Json) => number === "PKS-2025-001");
    expect(one).toMatchObject({
      ...{
        version: 1,
        processor: { code: "HUB" },
        recipient: { code: "KEMENSOS" },
        retentionDays: null,
        dpiaId: null,
        needsDpia: true,
      },
      purpose: { legalBasis: "PUBLIC_TASK", citation: "UU 13/2011 Ps. 8; Permensos 3/2021" },
    });
    expect(one.controllers).toContainEqual({ code: "DUKCAPIL" });
    expect(one.subjectTypes).toEqual(expect.arrayContaining(["Household", "Person"]));
    expect(one.categories.find((row: Json) => row.class === "SPECIFIC").coordinates).toBeGreaterThan(0);
    expect(one.securityMeasures.length).toBeGreaterThan(3);
    expect(one.requestsOfYear, "sealed ones not").toBe(1);
    expect(csv.split("\r\n")).toHaveLength(records.length + 2);
  });

  test("nobody else does", async () => {
    expect(outcomeOf(await slice.ask(QUERY, { caller: callerWith() }))).toMatchObject({ code: "FORBIDDEN" });
  });
});
