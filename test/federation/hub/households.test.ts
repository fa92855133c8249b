import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { type Answered, useHub } from "../../kit/hub.ts";

// The README's question, asked by each ready-made client, of the whole hub on real PostgreSQL.

const QUESTION = readFileSync("docs/questions/households.graphql", "utf8");
const hub = useHub();
const answers = new Map<string, Answered>();
const of = (client: string): Answered => {
  const answer = answers.get(client);
  if (!answer) throw new Error(`${client} was not asked`);
  return answer;
};

beforeAll(async () => {
  for (const client of ["kemensos", "bpjs-kesehatan", "kemendikdasmen", "dinsos-banyuwangi", "bappenas"])
    answers.set(client, await hub.as(client).ask(QUESTION, { first: 50 }));
});

type Row = Record<string, any>;
const households = (client: string): Row[] => of(client).data["households"]?.nodes ?? [];
const members = (client: string): Row[] => households(client).flatMap((household) => household["members"] ?? []);
const persons = (client: string): Row[] => members(client).flatMap((member) => member["person"] ?? []);
const enrolments = (client: string): Row[] => persons(client).flatMap((person) => person["enrolments"] ?? []);
/** Masked in some rows: those of a child, say, for whom these grants are not enough. */
const MEMBERS = ["Member.matchStatus", "Member.person", "Member.relation", "Member.suffix"];
const codes = (client: string): string[] => [...new Set(enrolments(client).map((enrolment) => enrolment["program"].code))].sort();

describe("the ministry of social affairs", () => {
  test("reads what its programs need, from four sources in one answer", () => {
    expect(households("kemensos")).toHaveLength(50);
    expect(members("kemensos").length).toBeGreaterThan(100);
    expect(persons("kemensos").every((person) => /^\d{12}(9\d{3})$/.test(person["nik"]))).toBe(true);
    expect(codes("kemensos").length).toBeGreaterThanOrEqual(4);
    expect(households("kemensos").some((household) => household["deciles"].length >= 2)).toBe(true);
    expect(households("kemensos").every((household) => household["region"].name.length > 0)).toBe(true);
    expect(of("kemensos").data["me"].agency.name).toBe("Kementerian Sosial");
    expect(of("kemensos").errors).toEqual([]);
    expect(of("kemensos").denied).toEqual([]);
  });
  test("sees no person behind a member that is not matched", () => {
    const unmatched = members("kemensos").filter((member) => member["matchStatus"] !== "MATCHED");
    expect(unmatched.length).toBeGreaterThan(0);
    expect(unmatched.filter((member) => member["matchStatus"] === "NOT_FOUND" && member["person"] !== null)).toEqual([]);
  });
});

describe("the health insurance", () => {
  test("reads birth dates and initials under pseudonyms, and PBI enrolments only", () => {
    expect(persons("bpjs-kesehatan").every((person) => person["birthDate"] !== null && person["nik"] === null)).toBe(true);
    expect(persons("bpjs-kesehatan").every((person) => /^(\p{L}\. ?)+$/u.test(person["fullName"]))).toBe(true);
    expect(codes("bpjs-kesehatan")).toEqual(["PBI_JK"]);
    expect(enrolments("bpjs-kesehatan").every((enrolment) => enrolment["payments"] === null)).toBe(true);
  });
  test("cannot join its pseudonyms with another agency's", () => {
    const [mine, theirs] = ["bpjs-kesehatan", "kemendikdasmen"].map(
      (client) => new Set(persons(client).map((person) => person["id"])),
    );
    const plain = new Set(persons("kemensos").map((person) => person["id"]));
    expect(mine?.size).toBeGreaterThan(50);
    expect([...(mine ?? [])].filter((id) => theirs?.has(id) || plain.has(id))).toEqual([]);
  });
  test("is told of every coordinate it was denied or shown masked", () => {
    expect(of("bpjs-kesehatan").denied).toEqual(
      [
        "Enrolment.payments",
        "Household.decileAtMost",
        "Household.deciles",
        "Person.birthYear",
        "Person.nik",
        "Query.registryStatistics",
      ].filter((c) => of("bpjs-kesehatan").denied.includes(c)),
    );
    expect(of("bpjs-kesehatan").denied).toContain("Person.nik");
    expect(of("bpjs-kesehatan").denied).toContain("Household.deciles");
    expect(of("bpjs-kesehatan").denied).toContain("Enrolment.payments");
    expect(of("bpjs-kesehatan").masked).toEqual(["Household.id", "Person.fullName", "Person.id"]); // granted by name: of children too
    expect(
      of("bpjs-kesehatan")
        .errors.map((error) => error.extensions["coordinate"])
        .sort(),
    ).toEqual(of("bpjs-kesehatan").denied);
  });
});

describe("the ministry of education", () => {
  test("learns the birth year but not the birthday, and whether the decile is at most four but not the decile", () => {
    expect(
      persons("kemendikdasmen").every((person) => person["birthDate"] === null && Number.isInteger(person["birthYear"])),
    ).toBe(true);
    expect(households("kemendikdasmen").every((household) => household["deciles"] === null)).toBe(true);
    expect(households("kemendikdasmen").some((household) => household["decileAtMost"] === true)).toBe(true);
    expect(households("kemendikdasmen").some((household) => household["decileAtMost"] === false)).toBe(true);
    expect(persons("kemendikdasmen").every((person) => /^\*{12}9\d{3}$/.test(person["nik"]))).toBe(true);
  });
  test("may not ask for another threshold", async () => {
    const { data, errors } = await hub.as("kemendikdasmen").ask("{ households(first: 5) { nodes { decileAtMost(n: 3) } } }");
    expect(data["households"].nodes.every((household: Row) => household["decileAtMost"] === null)).toBe(true);
    expect(errors.map((error) => error.extensions["code"])).toEqual(["USE_NOT_GRANTED"]);
  });
  test("sees enrolments of the education programs only, with their payments", () => {
    expect(codes("kemendikdasmen").every((code) => ["KIP", "KIP_KULIAH"].includes(code))).toBe(true);
    expect(enrolments("kemendikdasmen").some((enrolment) => enrolment["payments"].length > 0)).toBe(true);
  });
});

describe("the social office of Banyuwangi", () => {
  test("sees the households of its own regency and no others", () => {
    expect(households("dinsos-banyuwangi").length).toBeGreaterThan(0);
    expect(households("dinsos-banyuwangi").every((household) => household["region"].code.startsWith("3510"))).toBe(true);
    expect(households("kemensos").some((household) => !household["region"].code.startsWith("3510"))).toBe(true);
  });
  test("sees deciles and payments, no amounts and masked NIKs", () => {
    expect(households("dinsos-banyuwangi").some((household) => household["deciles"].length > 0)).toBe(true);
    const payments = enrolments("dinsos-banyuwangi").flatMap((enrolment) => enrolment["payments"]);
    expect(payments.length).toBeGreaterThan(0);
    expect(payments.every((payment) => payment.amount === null && payment.period)).toBe(true);
    const inSomeRows = [...MEMBERS, "Person.birthDate", "Person.birthYear", "Person.enrolments", "Person.fullName"];
    expect(of("dinsos-banyuwangi").masked).toEqual([...inSomeRows, "Person.id", "Person.nik"]);
  });
  test("sees nobody of whom general data are specific: no child by its year of birth, and nothing of its place in a home", () => {
    const shown = persons("dinsos-banyuwangi").filter(({ birthYear }) => birthYear !== null);
    expect(shown.length).toBeGreaterThan(0);
    expect(shown.every(({ birthYear }) => birthYear <= new Date().getFullYear() - 18)).toBe(true);
    const closed = members("dinsos-banyuwangi").filter(({ relation }) => relation === null);
    expect(closed.length).toBeGreaterThan(0);
    expect(closed.every(({ suffix, matchStatus, person }) => suffix === null && matchStatus === null && person === null)).toBe(
      true,
    );
    expect(members("kemensos").some(({ person }) => person?.birthYear > new Date().getFullYear() - 18)).toBe(true);
  });
});

describe("the planning ministry", () => {
  test("reads released statistics and not one row", () => {
    expect(of("bappenas").data["households"]).toBeNull();
    expect(of("bappenas").data["registryStatistics"].households).toBeGreaterThan(0);
    expect(of("bappenas").denied).toContain("Query.households");
    expect(of("bappenas").errors.find((error) => error.extensions["coordinate"] === "Query.households")?.extensions["code"]).toBe(
      "FIELD_PROHIBITED",
    );
  });
});

test("the five answers are five different ones", () => {
  const texts = new Set([...answers.values()].map(({ data }) => JSON.stringify(data)));
  expect(texts.size).toBe(5);
});
