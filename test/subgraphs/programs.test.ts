import { isEnumType } from "graphql";
import { beforeAll, describe, expect, test } from "vitest";
import { rawClient } from "../../drizzle/client.ts";
import { enrolmentComponent } from "../../drizzle/tables/programs/programs.ts";
import { ANSWERED_COMPONENTS } from "../../subgraphs/programs/data.ts";
import { programs } from "../../subgraphs/programs/index.ts";
import { useDatabases } from "../kit/database.ts";
import { callerWith, codesOf, useSlice } from "../kit/slice.ts";

// Two hundred persons in a province that does not exist, each enrolled in PKH and BPNT; the last two live outside its first regency.
const [HERE, THERE] = ["9901011001", "9902011001"];
const OURS = { regions: [["9901", "9902"]] as const, programs: null, decileMax: 100 };
const ours = { caller: callerWith({ rows: OURS }) };
const scoped = (rows: object) => ({ caller: callerWith({ rows: { ...OURS, ...rows } }) });

const id = (kind: number, n: number) => `0000000${kind}-0000-4000-8000-${String(n).padStart(12, "0")}`;
const [PERSON, PKH, BPNT, PAYMENT] = [1, 2, 3, 4];
const numbers = Array.from({ length: 200 }, (_, n) => n);
const regionOf = (n: number) => (n < 198 ? HERE : THERE);
/** Eight quarters of PKH: 2024-Q1 to 2025-Q4. */
const QUARTERS = Array.from({ length: 8 }, (_, q) => `${2024 + Math.floor(q / 4)}-Q${(q % 4) + 1}`);

const databases = useDatabases();
const slice = useSlice(programs, { databaseUrl: () => databases.urls.programs.runtime });

beforeAll(async () => {
  const sql = rawClient(databases.urls.programs.owner, { max: 1 });
  const known = await sql`select code from program`;
  for (const code of ["PKH", "BPNT"])
    if (!known.some((row) => row["code"] === code))
      await sql`insert into program (code, name, unit, legal_basis, valid_from) values (${code}, ${code}, 'FAMILY', 'UU 13/2011', ${"2007-01-01"})`;
  const enrolment = (kind: number, n: number) => ({
    id: id(kind, n),
    person_id: id(PERSON, n),
    program: kind === PKH ? "PKH" : "BPNT",
    state: n % 2 ? "SUSPENDED" : "ACTIVE",
    component: kind === PKH ? "PRIMARY" : null,
    region: regionOf(n),
    started_on: kind === PKH ? "2024-01-01" : "2025-01-01",
    ended_on: null as string | null,
  });
  await sql`insert into enrolment ${sql(numbers.flatMap((n) => [enrolment(PKH, n), enrolment(BPNT, n)]))}`;
  const payment = (n: number, q: number) => {
    const [year, quarter] = [2024 + Math.floor(q / 4), q % 4];
    const month = (m: number) => `${year}-${String(quarter * 3 + m).padStart(2, "0")}`;
    return {
      id: id(PAYMENT, n * 10 + q),
      enrolment_id: id(PKH, n),
      person_id: id(PERSON, n),
      program: "PKH",
      region: regionOf(n),
      period: QUARTERS[q] as string,
      starts_on: `${month(1)}-01`,
      ends_on: `${month(3)}-28`,
      amount: "3000000000",
      state: "CREDITED",
      credited_on: `${month(1)}-20`,
      channel: "BRI",
    };
  };
  for (const q of QUARTERS.keys()) await sql`insert into payment_period ${sql(numbers.map((n) => payment(n, q)))}`;
  await sql.end();
});

const persons = (count = 200) => ({ r: numbers.slice(0, count).map((n) => ({ __typename: "Person", id: id(PERSON, n) })) });

describe("enrolments of persons", () => {
  test("200 persons with enrolments, programs and latest payments cost one statement an access path", async () => {
    const query = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Person { id enrolments {
      id program { code name } state startedOn payments(latest: 3) { period amount state channel creditedOn }
    } } } }`;
    const { data, errors } = await slice.ask(query, { ...ours, variables: persons() });
    expect(errors).toEqual([]);
    expect(slice.statements).toBe(3); // enrolments, programs, payments
    const [newest, older] = data._entities[0].enrolments;
    expect([newest.program.code, older.program.code]).toEqual(["BPNT", "PKH"]);
    expect(newest.payments).toEqual([]);
    expect(older.payments.map((payment: { period: string }) => payment.period)).toEqual(["2025-Q4", "2025-Q3", "2025-Q2"]);
    expect(older.payments[0]).toEqual({
      period: "2025-Q4",
      amount: "3000000000",
      state: "CREDITED",
      channel: "BRI",
      creditedOn: "2025-10-20",
    });
    expect(data._entities[199]).toEqual({ id: id(PERSON, 199), enrolments: [] }); // lives outside the scope
  });

  test("different numbers of payments for one enrolment are still one statement, each gets its own", async () => {
    const query = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Person { enrolments { one: payments(latest: 1) { period } all: payments(latest: 24) { period } usual: payments { period } } } } }`;
    const { data } = await slice.ask(query, { ...ours, variables: persons(2) });
    const pkh = data._entities[0].enrolments[1];
    expect([pkh.one.length, pkh.all.length, pkh.usual.length]).toEqual([1, 8, 6]);
    expect(slice.statements).toBe(2);
  });

  test("show only the agreement's programs, in rows, payments and lists alike", async () => {
    const pkhOnly = scoped({ programs: ["PKH"] });
    const query =
      "query ($r: [_Any!]!) { _entities(representations: $r) { ... on Person { enrolments { program { code } payments { id } } } } }";
    const { data } = await slice.ask(query, { ...pkhOnly, variables: persons(1) });
    expect(data._entities[0].enrolments.map((row: { program: { code: string } }) => row.program.code)).toEqual(["PKH"]);
    const bpntOnly = await slice.ask("query ($r: [_Any!]!) { _entities(representations: $r) { ... on PaymentPeriod { id } } }", {
      ...scoped({ programs: ["BPNT"] }),
      variables: { r: [{ __typename: "PaymentPeriod", id: id(PAYMENT, 1) }] },
    });
    expect(bpntOnly.data._entities).toEqual([null]);
    expect((await slice.ask("{ enrolments { totalCount } }", pkhOnly)).data.enrolments.totalCount).toBe(198);
  });

  test("a component that tells health or disability is on record and answered as none, with the enrolment around it", async () => {
    const told = ["PREGNANCY", "SEVERE_DISABILITY", "ELDERLY"];
    const sql = rawClient(databases.urls.programs.owner, { max: 1 });
    for (const [n, component] of told.entries())
      await sql`update enrolment set component = ${component} where id = ${id(PKH, n)}`;
    const query = `{ ${told.map((_, n) => `e${n}: enrolment(id: "${id(PKH, n)}") { component state }`).join(" ")} }`;
    const { data, errors } = await slice.ask(query, ours);
    await sql`update enrolment set component = 'PRIMARY' where id = any(${told.map((_, n) => id(PKH, n))})`;
    await sql.end();
    expect(errors).toEqual([]);
    expect(Object.values<{ component: string | null }>(data).map(({ component }) => component)).toEqual([null, null, "ELDERLY"]);
    expect(data.e0.state).toBe("ACTIVE");
  });

  test("the components that are answered are exactly those the SDL names", () => {
    const type = programs.schema.getType("EnrolmentComponent");
    if (!isEnumType(type)) throw new Error("EnrolmentComponent is no enum");
    const names = type.getValues().map(({ name }) => name);
    expect(names.sort()).toEqual([...ANSWERED_COMPONENTS].sort());
    expect(names.join()).not.toMatch(/PREGNAN|DISAB|VIOLATION/);
    expect(enrolmentComponent.enumValues.length - names.length).toBe(3);
  });

  test("a number of payments outside 1 to 24 is bad input that names latest", async () => {
    for (const latest of [0, 25, -1]) {
      const answer = await slice.ask(`{ enrolment(id: "${id(PKH, 1)}") { payments(latest: ${latest}) { id } } }`, ours);
      expect(answer.errors[0]?.extensions).toMatchObject({ code: "BAD_USER_INPUT", detail: "latest must be from 1 to 24" });
    }
  });
});

describe("one enrolment", () => {
  test("is found by id, with person, region and component", async () => {
    const query = `{ enrolment(id: "${id(PKH, 1)}") { state component startedOn endedOn person { id } region { code } program { code unit } } }`;
    const { data, errors } = await slice.ask(query, ours);
    expect(errors).toEqual([]);
    expect(data.enrolment).toMatchObject({
      state: "SUSPENDED",
      component: "PRIMARY",
      startedOn: "2024-01-01",
      endedOn: null,
      person: { id: id(PERSON, 1) },
      region: { code: HERE },
      program: { code: "PKH", unit: "FAMILY" },
    });
  });

  test("unknown, malformed and out of scope look the same", async () => {
    const query = `{ a: enrolment(id: "${id(PKH, 999)}") { id } b: enrolment(id: "PKH") { id } c: enrolment(id: "${id(PKH, 199)}") { id } }`;
    const { data, errors } = await slice.ask(query, ours);
    expect([data, errors]).toEqual([{ a: null, b: null, c: null }, []]);
  });
});

describe("lists of enrolments", () => {
  const count = async (filter: string, who = ours) =>
    (await slice.ask(`{ enrolments(filter: ${filter}) { totalCount } }`, who)).data.enrolments.totalCount;

  test("obey each filter and all of them together", async () => {
    expect(await count("{}")).toBe(396);
    expect(await count("{ program: PKH }")).toBe(198);
    expect(await count("{ program: PKH, state: ACTIVE }")).toBe(99);
    expect(await count('{ region: "9902" }')).toBe(0);
    expect(await count('{ region: "9902" }', scoped({ regions: [["99", "9:"]] }))).toBe(4);
    expect(await count("{ program: BST }")).toBe(0);
  });

  test("walk from page to page without loss or repeat", async () => {
    const seen = new Set<string>();
    let after: string | null = null;
    let pages = 0;
    do {
      const query =
        "query ($after: String) { enrolments(first: 100, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } } }";
      const { data } = await slice.ask(query, { ...ours, variables: { after } });
      for (const node of data.enrolments.nodes) seen.add(node.id);
      after = data.enrolments.pageInfo.hasNextPage ? data.enrolments.pageInfo.endCursor : null;
      pages += 1;
    } while (after);
    expect([seen.size, pages]).toEqual([396, 4]);
  });

  test("without any program or region in scope are empty and cost no SQL", async () => {
    for (const rows of [{ programs: [] }, { regions: [] }]) {
      const { data } = await slice.ask("{ enrolments { nodes { id } totalCount } }", scoped(rows));
      expect([data.enrolments, slice.statements]).toEqual([{ nodes: [], totalCount: 0 }, 0]);
    }
  });

  test("an unknown program in a filter is an error, never no filter", async () => {
    expect(codesOf(await slice.ask("{ enrolments(filter: { program: RASKIN }) { totalCount } }", ours))).toEqual([
      "GRAPHQL_VALIDATION_FAILED",
    ]);
  });
});

test("programs are public reference data, in order of code", async () => {
  const { data, errors } = await slice.ask(
    "{ programs { code name unit decileLimit legalBasis validFrom validTo } program(code: PKH) { code } }",
    scoped({ regions: [] }),
  );
  expect(errors).toEqual([]);
  const codes = data.programs.map((program: { code: string }) => program.code);
  expect(codes).toEqual([...codes].sort());
  expect(codes).toContain("PKH");
  expect(data.program).toEqual({ code: "PKH" });
});
