import { describe, expect, test } from "vitest";
import { asRole } from "../../kit/database.ts";
import { useHub } from "../../kit/hub.ts";
import { joko, jokosHome, sitisHome } from "../../kit/people.ts";
import { renewWith } from "../../kit/policy.ts";

// Quota in distinct persons over the whole hub: what questions cost, and that the record tags every subject none the less.

describe("over the whole hub, what a question costs the ministry of its quota", () => {
  const hub = useHub();
  const AGREEMENT = "PKS-2025-001";
  const MEMBERS = "query ($id: ID!) { household(id: $id) { members { id claimedName } } }";
  const WITH_PERSONS = `query ($id: ID!) { household(id: $id) { id members { id claimedName person {
    id fullName enrolments { id } registryMembers { id household { id } } } } } }`;
  const counter = async (): Promise<number> => {
    const [row] = await asRole(
      hub.urls.governance.owner,
      (sql) => sql`select used from governance.quota_counter where agreement_number = ${AGREEMENT}`,
    );
    return Number(row?.["used"] ?? 0);
  };
  /** Persons a question adds to the counter, and how many subjects its entry tags. */
  const costOf = async (document: string, variables: object) => {
    const before = await counter();
    const { status, data, errors, governance } = await hub.as("kemensos").ask(document, variables);
    expect([status, errors]).toEqual([200, []]);
    const [entry] = await asRole(
      hub.urls.governance.owner,
      (sql) => sql`select body from governance.entry where request_id = ${governance["receipt"].id}`,
    );
    return { data, persons: (await counter()) - before, tags: JSON.parse(String(entry?.["body"])).subjects as number };
  };
  /** Synthetic households of so many members, of whom so many are matched, in order of id; none shares a person with another. */
  const homesOf = async (members: number, matched = members): Promise<string[]> => {
    const rows = await asRole(
      hub.urls.welfare.owner,
      (sql) => sql`select household_id as id from welfare.member m group by household_id
        having count(*) = ${members} and count(person_id) = ${matched} and bool_and(person_id is null or
          (select count(*) from welfare.member o where o.person_id = m.person_id) = 1) order by household_id`,
    );
    return rows.map(({ id }) => String(id));
  };

  test("a household of four costs four, once a day, whatever else of theirs is told; the record tags every subject", async () => {
    const [home = ""] = await homesOf(4);
    const { data, persons, tags } = await costOf(WITH_PERSONS, { id: home });
    const enrolments = data["household"].members.flatMap(({ person }: any) => person.enrolments);
    expect([data["household"].members.length, persons, tags]).toEqual([4, 4, 9 + enrolments.length]);
    expect((await costOf(WITH_PERSONS, { id: home })).persons).toBe(0);
  });
  test("four members cost four, too, when nobody asks who they are", async () => {
    const [, home = ""] = await homesOf(4);
    const { persons, tags } = await costOf(MEMBERS, { id: home });
    expect([persons, tags]).toEqual([4, 9]);
  });
  test("an unmatched member counts as one", async () => {
    const { data, persons, tags } = await costOf(WITH_PERSONS, { id: jokosHome.id });
    expect(data["household"].members).toMatchObject([{ claimedName: joko.fullName, person: null }]);
    expect([persons, tags]).toEqual([1, 2]);
    const [mixed = ""] = await homesOf(4, 3);
    expect((await costOf(WITH_PERSONS, { id: mixed })).persons).toBe(4);
  });
  test("a household without its members costs one", async () => {
    const { persons, tags } = await costOf("query ($id: ID!) { household(id: $id) { region { code } } }", { id: sitisHome.id });
    expect([persons, tags]).toEqual([1, 1]);
  });
  test("one person with three enrolments costs one, looked up by NIK or by id", async () => {
    const [drawn] = await asRole(
      hub.urls.programs.owner,
      (sql) =>
        sql`select person_id as id from programs.enrolment group by person_id having count(*) = 3 order by person_id limit 1`,
    );
    const [someone] = await asRole(
      hub.urls.population.owner,
      (sql) => sql`select nik::text as nik from population.person where id = ${String(drawn?.["id"])}`,
    );
    const nik = String(someone?.["nik"]).padStart(16, "0");
    const byNik = await costOf("query ($nik: String!) { personByNik(nik: $nik) { id enrolments { id } } }", { nik });
    expect(byNik.data["personByNik"].enrolments).toHaveLength(3);
    expect([byNik.persons, byNik.tags]).toEqual([1, 5]); // the NIK that was tried is tagged beside them
    const again = "query ($id: ID!) { person(id: $id) { enrolments { id person { id } } } }";
    expect((await costOf(again, { id: drawn?.["id"] })).persons).toBe(0);
  });
  test("a NIK that nobody has costs one, and found or not the last of the quota is the last", async () => {
    const query = "query ($nik: String!) { personByNik(nik: $nik) { id } }";
    expect((await costOf(query, { nik: "3510160101019009" })).persons).toBe(1);
    const version = async () => (await hub.as("kemensos").ask("{ me { client } }")).governance["version"] as number;
    const before = await version();
    await renewWith(hub.urls.governance.owner, AGREEMENT, { quota: (await counter()) + 3 });
    await expect.poll(version).toBe(before + 1); // who is counted under the old quota would be free under the new
    const [, , full = ""] = await homesOf(4);
    const refused = await hub.as("kemensos").ask(WITH_PERSONS, { id: full });
    expect(refused.errors[0]?.extensions["code"]).toBe("QUOTA_EXCEEDED");
    const [three = ""] = await homesOf(3);
    expect((await costOf(WITH_PERSONS, { id: three })).persons).toBe(3);
  });
});
