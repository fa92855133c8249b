import { beforeAll, describe, expect, test } from "vitest";
import { rawClient } from "../../../drizzle/client.ts";
import { governance } from "../../../subgraphs/governance/index.ts";
import { stateAt } from "../../../subgraphs/governance/state.ts";
import { useDatabases, withoutTriggers } from "../../kit/database.ts";
import { callerWith, useSlice } from "../../kit/slice.ts";

// Agency T1 has three agreements of different fate, agency T2 one. Nothing else in the database is T1's.
const NOON = Date.parse("2026-03-01T05:00:00Z");
const databases = useDatabases();
const slice = useSlice(governance, { databaseUrl: () => databases.urls.governance.runtime, now: () => NOON });
const as = (agency: string, agreement: string) => ({ caller: callerWith({ agency, agreement, client: agency.toLowerCase() }) });
const t1 = as("T1", "T1-RUNNING");

beforeAll(async () => {
  const sql = rawClient(databases.urls.governance.owner, { max: 1 });
  await sql`insert into agency ${sql(["T1", "T2"].map((code) => ({ code, name: `Instansi ${code}`, dpo_contact: `dpo@${code}.example` })))}`;
  await sql`insert into purpose (code, name, legal_basis, citation, needs_case) values ('T_PURPOSE', 'Uji', 'PUBLIC_TASK', 'UU 13/2011', true)`;
  const agreements = [
    ["T1-RUNNING", "T1"],
    ["T1-ENDED", "T1"],
    ["T1-PLANNED", "T1"],
    ["T2-SECRET", "T2"],
  ] as const;
  for (const [number, agency] of agreements)
    await sql`insert into agreement (number, title, consumer_agency, purpose_code) values (${number}, ${`Judul ${number}`}, ${agency}, 'T_PURPOSE')`;
  const versions = [
    ["T1-RUNNING", 1, "superseded", "2024-01-01", "2025-01-01"],
    ["T1-RUNNING", 2, "active", "2025-01-01", "2027-01-01"],
    ["T1-RUNNING", 3, "draft", "2027-01-01", "2028-01-01"],
    ["T1-ENDED", 1, "active", "2023-01-01", "2026-02-01"],
    ["T1-PLANNED", 1, "approved", "2026-06-01", "2027-06-01"],
    ["T2-SECRET", 1, "active", "2025-01-01", "2027-01-01"],
  ] as const;
  await sql.end();
  const scope = { regions: ["3510", "0"], programs: ["PKH"], decileMax: null };
  // fates that versions come to by years of work are written down as they are
  await withoutTriggers(databases.urls.governance.owner, async (admin) => {
    for (const [number, version, state, from, to] of versions) {
      await admin`insert into governance.agreement_version (agreement_number, version, state, valid_from, valid_to, row_scope)
        values (${number}, ${version}, ${state}, ${from}, ${to}, ${admin.json(scope)})`;
      for (const [position, effect] of ["mask", "allow"].entries())
        await admin`insert into governance.grant_row (agreement_number, version, position, selector_kind, selector, use, effect, mask_fn, clause)
          values (${number}, ${version}, ${position}, 'coordinate', ${`Person.f${version}${position}`}, 'OUTPUT', ${effect}, ${effect === "mask" ? "last4" : null}, ${`Ps. ${version}`})`;
    }
  });
});

test("me is the caller, the agency and the one agreement the question is judged under", async () => {
  const query = `{ me { client agency { code name dpoContact } agreement {
    number title version state validFrom validTo regions programs verification { floor attemptsOnSubject attemptsOfClient persons } consumer { code } purpose { code name legalBasis citation needsCase }
    grants { selector use effect clause }
  } } }`;
  const { data, errors } = await slice.ask(query, t1);
  expect(errors).toEqual([]);
  expect(data.me).toEqual({
    client: "t1",
    agency: { code: "T1", name: "Instansi T1", dpoContact: "dpo@T1.example" },
    agreement: {
      number: "T1-RUNNING",
      title: "Judul T1-RUNNING",
      version: 2,
      state: "ACTIVE",
      verification: { floor: 80, attemptsOnSubject: 5, attemptsOfClient: 20_000, persons: 10_000 },
      validFrom: "2025-01-01T00:00:00.000Z",
      validTo: "2027-01-01T00:00:00.000Z",
      regions: ["3510", "0"],
      programs: ["PKH"],
      consumer: { code: "T1" },
      purpose: { code: "T_PURPOSE", name: "Uji", legalBasis: "PUBLIC_TASK", citation: "UU 13/2011", needsCase: true },
      grants: [
        { selector: "Person.f20", use: "OUTPUT", effect: "MASK", clause: "Ps. 2" },
        { selector: "Person.f21", use: "OUTPUT", effect: "ALLOW", clause: "Ps. 2" },
      ],
    },
  });
});

describe("agreements", () => {
  test("are the asking agency's only, newest first, each with the version that speaks for it now", async () => {
    const { data, errors } = await slice.ask(
      "{ agreements { number version state grants { selector } purpose { code } consumer { code } } }",
      t1,
    );
    expect(errors).toEqual([]);
    expect(
      data.agreements.map((one: { number: string; version: number; state: string }) => [one.number, one.version, one.state]),
    ).toEqual([
      ["T1-PLANNED", 1, "APPROVED"],
      ["T1-RUNNING", 2, "ACTIVE"],
      ["T1-ENDED", 1, "EXPIRED"],
    ]);
    expect(slice.statements).toBe(4); // agreements, grants, purposes, agencies
  });

  test("of another agency do not exist: not in a list, not by key, not as one's own", async () => {
    const query = "query ($r: [_Any!]!) { _entities(representations: $r) { ... on Agreement { title grants { selector } } } }";
    const r = ["T2-SECRET", "T1-ENDED", "NONE"].map((number) => ({ __typename: "Agreement", number }));
    const { data } = await slice.ask(query, { ...t1, variables: { r } });
    expect(data._entities.map((one: { title: string } | null) => one?.title ?? null)).toEqual([null, "Judul T1-ENDED", null]);
    expect((await slice.ask("{ me { agreement { title } } }", as("T1", "T2-SECRET"))).data.me.agreement).toBeNull();
    expect((await slice.ask("{ agreements { number } }", as("T2", "T2-SECRET"))).data.agreements).toEqual([
      { number: "T2-SECRET" },
    ]);
  });
});

describe("public reference data", () => {
  test("agencies, purposes and class ceilings are the same for everybody, in order", async () => {
    const query = `{ agencies { code } agency(code: "T2") { name } none: agency(code: "NOBODY") { name } purposes { code } dataClasses { class topic ceiling } }`;
    const { data, errors } = await slice.ask(query, t1);
    expect(errors).toEqual([]);
    const codes = (rows: { code: string }[]) => rows.map(({ code }) => code);
    expect(codes(data.agencies)).toEqual(codes(data.agencies).sort());
    expect(codes(data.agencies)).toEqual(expect.arrayContaining(["T1", "T2", "KEMENSOS"]));
    expect(codes(data.purposes)).toContain("T_PURPOSE");
    expect([data.agency, data.none]).toEqual([{ name: "Instansi T2" }, null]);
    expect(data.dataClasses).toContainEqual({ class: "ADMINDUK_84", topic: null, ceiling: "CLAIM" });
    expect((await slice.ask(query, as("T2", "T2-SECRET"))).data).toEqual(data);
  });

  test("agencies and purposes are found by their keys", async () => {
    const r = [
      { __typename: "Agency", code: "T1" },
      { __typename: "Purpose", code: "T_PURPOSE" },
    ];
    const query =
      "query ($r: [_Any!]!) { _entities(representations: $r) { ... on Agency { name } ... on Purpose { citation } } }";
    expect((await slice.ask(query, { ...t1, variables: { r } })).data._entities).toEqual([
      { name: "Instansi T1" },
      { citation: "UU 13/2011" },
    ]);
  });
});

test("a version expires by the clock, whatever its row says; what was stopped before stays stopped", () => {
  const whole = { validFrom: "2025-01-01T00:00:00Z", suspendsAt: null };
  const at = (state: Parameters<typeof stateAt>[0]["state"], validTo: string) =>
    stateAt({ ...whole, state, validTo }, new Date(NOON));
  expect(at("active", "2026-03-01T05:00:00.001Z")).toBe("ACTIVE");
  expect(at("active", "2026-03-01T05:00:00Z")).toBe("EXPIRED");
  expect(at("suspended", "2026-01-01T00:00:00Z")).toBe("EXPIRED");
  expect(at("revoked", "2026-01-01T00:00:00Z")).toBe("REVOKED");
  expect(at("superseded", "2026-01-01T00:00:00Z")).toBe("SUPERSEDED");
  expect(at("draft", "2026-01-01T00:00:00Z")).toBe("DRAFT");
});

test("a version is suspended by the clock when a duty is overdue", () => {
  const whole = { state: "active", validFrom: "2025-01-01T00:00:00Z", validTo: "2027-01-01T00:00:00Z" } as const;
  expect(stateAt({ ...whole, suspendsAt: "2026-03-01T05:00:00.001Z" }, new Date(NOON))).toBe("ACTIVE");
  expect(stateAt({ ...whole, suspendsAt: "2026-03-01T05:00:00Z" }, new Date(NOON))).toBe("SUSPENDED");
});
