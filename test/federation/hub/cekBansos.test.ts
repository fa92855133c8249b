import { describe, expect, test } from "vitest";
import { ACCOUNTABILITY, ACCOUNTABILITY_FILE } from "../../../console/citizen/public/accountability.ts";
import { dayInWib } from "../../../schema/values/wib.ts";
import { asRole } from "../../kit/database.ts";
import { useHub } from "../../kit/hub.ts";
import { budi, maria, rina, siti } from "../../kit/people.ts";

// Cek Bansos: whether somebody receives aid, asked by whoever knows name, village and day of birth. Nobody has signed in.

const hub = useHub();
const AGREEMENT = "PKS-2025-032";
const PAKIS = "3510161001";
const portal = hub.as("portal-warga", { agreement: AGREEMENT });
const QUESTION = `query ($input: RecipientFactsInput!) { recipientByFacts(input: $input) {
  enrolments { program { code name } state startedOn endedOn payments(latest: 1) { period startsOn endsOn state } } } }`;
const knowing = (differences: object = {}) => ({
  input: { village: PAKIS, fullName: "Hj. Siti Aminah", birthDate: siti.birthDate, visitor: crypto.randomUUID(), ...differences },
});

/** What stands in an answer but for what differs each time. */
const looks = ({ status, data, errors, denied, masked, governance }: Awaited<ReturnType<typeof portal.ask>>) => ({
  ...{ status, data, errors, denied, masked },
  governance: Object.keys(governance).sort(),
});

describe("whoever comes by, signed in nowhere,", () => {
  test("reads how the hub was used, as a page and as a file, asked under the portal's own agreement", async () => {
    const page = await fetch(`${hub.gatewayUrl}/akuntabilitas`);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain("Laporan akuntabilitas");
    const file = await fetch(`${hub.gatewayUrl}/akuntabilitas/laporan.csv`);
    expect([file.status, file.headers.get("content-type")]).toEqual([200, "text/csv; charset=utf-8"]);
    expect(await file.text()).toMatch(/^section,agency,agreement,item,outcome,count\r?\n/);
    for (const document of [ACCOUNTABILITY, ACCOUNTABILITY_FILE]) {
      const { errors, denied } = await portal.ask(document, { year: 2026 });
      expect({ errors, denied }).toEqual({ errors: [], denied: [] });
    }
  });
});

describe("who knows the three facts", () => {
  test("is told which programs the person is in, since when, and how the last payment stands", async () => {
    const { data, errors, denied } = await portal.ask(QUESTION, knowing());
    expect(errors).toEqual([]);
    expect(denied).toEqual([]);
    expect(data["recipientByFacts"].enrolments).toHaveLength(2);
    expect(data["recipientByFacts"].enrolments).toContainEqual({
      program: { code: "PKH", name: expect.any(String) },
      state: "ACTIVE",
      startedOn: "2021-04-01",
      endedOn: null,
      payments: [{ period: "2026-Q3", startsOn: "2026-07-01", endsOn: "2026-09-30", state: "TRANSACTED" }],
    });
  });

  test("T46 is told so however many were found today: a quota of persons would refuse who is found and nobody else", async () => {
    await asRole(
      hub.urls.governance.owner,
      (owner) => owner`insert into governance.quota_counter (agreement_number, day, used)
        values (${AGREEMENT}, ${dayInWib(new Date())}, 2000000000)
        on conflict (agreement_number, day) do update set used = excluded.used`,
    );
    const found = await portal.ask(
      QUESTION,
      knowing({ village: "3510161002", fullName: rina.fullName, birthDate: rina.birthDate }),
    );
    const missed = await portal.ask(QUESTION, knowing({ birthDate: "1988-04-15" }));
    expect([found.status, found.errors, missed.status, missed.errors]).toEqual([200, [], 200, []]);
    expect(found.data["recipientByFacts"]).not.toBeNull();
  });

  test("of somebody who is in no program is told that, and no other member's aid", async () => {
    const { data } = await portal.ask(QUESTION, knowing({ fullName: budi.fullName, birthDate: budi.birthDate }));
    expect(data).toEqual({ recipientByFacts: { enrolments: [] } });
  });

  test("reads nothing else of the person, whatever is asked: no id, no number, no birthday, no address, no family, no amount", async () => {
    const { text, denied, data } = await portal.ask(
      `query ($input: RecipientFactsInput!) { recipientByFacts(input: $input) { nik fullName sex birthDate birthYear birthPlace motherName address isAlive
        region { code } familyCard { id } registryMembers { id } enrolments { component region { code } person { fullName } payments { amount channel creditedOn } } } }`,
      knowing(),
    );
    for (const field of [
      "nik",
      "fullName",
      "sex",
      "birthDate",
      "birthYear",
      "birthPlace",
      "motherName",
      "address",
      "isAlive",
      "region",
    ])
      expect(denied).toContain(`Person.${field}`);
    for (const field of ["familyCard", "registryMembers"]) expect(denied).toContain(`Person.${field}`);
    for (const field of ["Enrolment.component", "Enrolment.region", "Enrolment.person", "PaymentPeriod.amount"])
      expect(denied).toContain(field);
    const { enrolments, ...person } = data["recipientByFacts"];
    expect(new Set(Object.values(person))).toEqual(new Set([null]));
    expect(enrolments).toHaveLength(2);
    const withId = await portal.ask(
      "query ($input: RecipientFactsInput!) { recipientByFacts(input: $input) { id enrolments { id } } }",
      knowing(),
    );
    expect(withId).toMatchObject({ data: { recipientByFacts: null }, denied: ["Enrolment.id", "Person.id"] });
    for (const value of [siti.id, siti.nik, "AMINAH", siti.birthDate, "1988", siti.motherName]) expect(text).not.toContain(value);
  });
});

describe("who does not know them", () => {
  test("is told one thing, whether a fact is wrong, nobody there, two fit, or the person's data are restricted", async () => {
    const [wrongDay, wrongName, wrongVillage, nobody] = await Promise.all([
      portal.ask(QUESTION, knowing({ birthDate: "1988-04-13" })),
      portal.ask(QUESTION, knowing({ fullName: "SITI AISYAH" })),
      portal.ask(QUESTION, knowing({ village: "3510161002" })),
      portal.ask(QUESTION, knowing({ village: "9999999999", fullName: "TIDAK ADA", birthDate: "1950-01-01" })),
    ]);
    await asRole(
      hub.urls.population.owner,
      (
        owner,
      ) => owner`insert into population.person (id, nik, full_name, sex, birth_date, birth_place, mother_name, address, region)
        select gen_random_uuid(), 3510161708859077, full_name, sex, birth_date, birth_place, mother_name, address, region from population.person where id = ${budi.id}`,
    );
    const two = await portal.ask(QUESTION, knowing({ fullName: budi.fullName, birthDate: budi.birthDate }));
    const maria_ = { village: "9301011002", fullName: maria.fullName, birthDate: maria.birthDate };
    expect((await portal.ask(QUESTION, knowing(maria_))).data["recipientByFacts"]).not.toBeNull();
    const filed = await hub
      .as("portal-warga", { person: maria.id })
      .ask(`mutation { fileSubjectRequest(input: { kind: RESTRICTION, statement: "Mohon dibatasi" }) { state } }`);
    expect(filed.errors).toEqual([]);
    const restricted = await portal.ask(QUESTION, knowing(maria_));
    for (const one of [wrongDay, wrongName, wrongVillage, nobody, two, restricted]) expect(looks(one)).toEqual(looks(wrongDay));
    expect(looks(wrongDay)).toMatchObject({ status: 200, data: { recipientByFacts: null }, errors: [], denied: [], masked: [] });
  });

  test("asks the register for the same statements, and the programs for nothing", async () => {
    const before = hub.facts.length;
    await portal.ask(QUESTION, knowing({ birthDate: "1988-04-14" }));
    const missed = hub.facts.slice(before);
    await portal.ask(QUESTION, knowing({ village: "3510161002", fullName: rina.fullName, birthDate: rina.birthDate }));
    const found = hub.facts.slice(before + missed.length);
    const inPopulation = (facts: typeof missed) =>
      facts.filter(({ service }) => service === "population").map(({ statements }) => statements);
    expect(missed.map(({ service }) => service)).toEqual(["population"]);
    expect(inPopulation(missed)).toEqual(inPopulation(found));
  });
});

describe("the way in", () => {
  test("is the portal's alone, in nobody's name, by POST and with the facts in variables", async () => {
    const asSiti = await hub.as("portal-warga", { person: siti.id }).ask(QUESTION, knowing());
    expect(asSiti.denied).toContain("Query.recipientByFacts");
    expect((await hub.as("portal-warga", { person: siti.id, agreement: AGREEMENT }).ask(QUESTION, knowing())).status).toBe(403);
    expect((await hub.as("bpjs-kesehatan").ask(QUESTION, knowing())).denied).toContain("Query.recipientByFacts");
    const url = `${hub.url}?query=${encodeURIComponent(QUESTION)}&variables=${encodeURIComponent(JSON.stringify(knowing()))}`;
    const headers = { authorization: `Bearer ${await hub.tokenOf("portal-warga")}`, "hub-agreement": AGREEMENT };
    expect((await fetch(url, { headers })).status).toBeGreaterThanOrEqual(400);
  });

  test("a source that is down is said to be down, and is not a person without aid", async () => {
    await hub.slices.get("programs")?.close();
    const { data, errors } = await portal.ask(
      QUESTION,
      knowing({ village: "3510161002", fullName: rina.fullName, birthDate: rina.birthDate }),
    );
    expect(data).toEqual({ recipientByFacts: { enrolments: null } });
    expect(errors.map(({ extensions }) => extensions["code"])).toContain("SUBGRAPH_UNAVAILABLE");
  });
});
