import { describe, expect, test } from "vitest";
import { population } from "../../../subgraphs/population/index.ts";
import { welfare } from "../../../subgraphs/welfare/index.ts";
import { asRole, useDatabases } from "../../kit/database.ts";
import { useHub } from "../../kit/hub.ts";
import { ani, budi, joko, jokosHome, siti, sitisHome, tonosHome } from "../../kit/people.ts";
import { useSlice } from "../../kit/slice.ts";

// Class by subject over the whole hub: a child's, a disabled or a stigmatised person's row under the ready-made agreements.

type Row = Record<string, any>;
const HOME = `query ($id: ID!) { household(id: $id) { region { code } memberCount members {
  id suffix relation claimedName state ppks { kind } person { id fullName birthDate sex familyCard { id } } } } }`;
const ENROLMENTS = "{ enrolments(first: 100) { nodes { id person { id fullName birthYear enrolments { state } } } } }";
const PSEUDONYM = /^[\w-]{22}$/;

describe("over the whole hub", () => {
  const hub = useHub();
  const homeOf = async (client: string, id: string, voice = {}) => {
    const { data, errors, masked } = await hub.as(client, voice).ask(HOME, { id });
    return { members: data["household"].members as Row[], errors, masked };
  };
  const memberOf = ({ families: [family] }: typeof sitisHome) => family?.members[0]?.id;

  /** Of these enrolments, those of persons who are children today or have a registered disability. */
  const enrolledWithFlags = async (enrolments: readonly string[]) => {
    const rows = await asRole(
      hub.urls.programs.owner,
      (sql) =>
        sql<{ id: string; personId: string }[]>`select id, person_id as "personId" from enrolment where id in ${sql(enrolments)}`,
    );
    const people = await asRole(
      hub.urls.population.owner,
      (sql) => sql<{ id: string }[]>`select id from person where disability <> 'NONE'
        or birth_date > (now() at time zone 'Asia/Jakarta')::date - interval '18 years'`,
    );
    const raised = new Set(people.map(({ id }) => id));
    return new Set(rows.filter(({ personId }) => raised.has(personId)).map(({ id }) => id));
  };

  test("the social office, whose grants are general, sees a child's row closed and the parents' open", async () => {
    const { members, errors, masked } = await homeOf("dinsos-banyuwangi", sitisHome.id);
    const [father, mother, child] = members;
    expect(members).toHaveLength(3);
    expect(father).toMatchObject({ id: memberOf(sitisHome), suffix: "01", relation: "HEAD", claimedName: "BOEDI SANTOSA" });
    expect(mother).toMatchObject({
      relation: "SPOUSE",
      person: { fullName: siti.fullName, birthDate: siti.birthDate, sex: "FEMALE" },
    });
    expect(child).toEqual({
      ...{ id: expect.stringMatching(PSEUDONYM), suffix: null, relation: null, claimedName: null, state: null, person: null },
      ppks: [], // granted by name, so of children too
    });
    expect(errors).toEqual([]);
    expect(masked).toEqual([
      ...["Member.claimedName", "Member.id", "Member.person", "Member.relation", "Member.state", "Member.suffix"],
      ...["Person.birthDate", "Person.familyCard", "Person.fullName", "Person.id", "Person.sex"],
    ]);
  });
  test("and cannot find out by another way, nor by asking for ages", async () => {
    const dinsos = hub.as("dinsos-banyuwangi");
    const { data, errors: none } = await dinsos.ask(ENROLMENTS);
    expect(none).toEqual([]);
    const nodes: Row[] = data["enrolments"].nodes;
    const raised = await enrolledWithFlags(nodes.map(({ id }) => id));
    const [closed, open] = [true, false].map((isRaised) => nodes.filter(({ id }) => raised.has(id) === isRaised)) as [
      Row[],
      Row[],
    ];
    expect([closed.length > 0, open.length > 0]).toEqual([true, true]);
    for (const { person } of open) expect(person).toMatchObject({ fullName: expect.any(String), birthYear: expect.any(Number) });
    const nobody = { fullName: null, birthYear: null, enrolments: null };
    for (const { person } of closed) expect(person).toEqual({ id: expect.stringMatching(PSEUDONYM), ...nobody });
    for (const asked of ['filter: { bornFrom: "2010-01-01" }', "filter: { sex: MALE }", "orderBy: FULL_NAME"]) {
      const { data: found, errors } = await dinsos.ask(`{ persons(${asked}) { nodes { id } } }`);
      expect([found["persons"], errors.map(({ extensions }) => extensions["code"])]).toEqual([null, ["USE_NOT_GRANTED"]]);
    }
  });
  test("the ministry, whose grants name specific data, sees the same child", async () => {
    const { members, errors } = await homeOf("kemensos", sitisHome.id);
    expect(members[2]).toMatchObject({ suffix: "03", relation: "CHILD", person: { id: ani.id, fullName: ani.fullName } });
    expect(errors).toEqual([]);
    const { data } = await hub.as("kemensos").ask('{ persons(filter: { bornFrom: "2010-01-01" }) { nodes { fullName } } }');
    expect(data["persons"].nodes.length).toBeGreaterThan(0);
  });
  test("a need that is a stigma closes the row for the auditors; the need itself is told to nobody", async () => {
    const auditors = { agreement: "PKS-2025-006", case: "LHP-1" };
    expect((await homeOf("bpk", tonosHome.id, auditors)).members).toMatchObject([
      { id: expect.stringMatching(PSEUDONYM), relation: null, claimedName: null, ppks: null, person: null },
    ]);
    expect((await homeOf("kemensos", tonosHome.id)).members).toMatchObject([
      { id: memberOf(tonosHome), relation: "HEAD", claimedName: "TONO", ppks: [{ kind: "HOMELESS" }] },
    ]);
    expect((await homeOf("bpk", jokosHome.id, auditors)).members).toMatchObject([
      { relation: "HEAD", claimedName: joko.fullName },
    ]);
  });
  test("a registered disability closes a person's row where grants are general, not where they name specific data", async () => {
    const motherFor = async (client: string) => (await homeOf(client, sitisHome.id)).members[1]?.["person"];
    expect(await motherFor("dinsos-banyuwangi")).toMatchObject({ fullName: siti.fullName });
    await asRole(hub.urls.population.owner, (sql) => sql`update person set disability = 'PHYSICAL' where id = ${siti.id}`);
    const nothing = { fullName: null, birthDate: null, sex: null, familyCard: null };
    expect(await motherFor("dinsos-banyuwangi")).toEqual({ id: expect.stringMatching(PSEUDONYM), ...nothing });
    expect(await motherFor("kemensos")).toMatchObject({ id: siti.id, fullName: siti.fullName });
  });
  test("costs as many SQL statements for fifty households as for three", async () => {
    const statementsFor = async (first: number) => {
      hub.facts.length = 0;
      const question =
        "query ($n: Int!) { households(first: $n) { nodes { members { relation person { fullName enrolments { state } } } } } }";
      const { data, errors } = await hub.as("dinsos-banyuwangi").ask(question, { n: first });
      expect(errors).toEqual([]);
      const counts = new Map<string, number>();
      for (const { service, statements } of hub.facts) counts.set(service, (counts.get(service) ?? 0) + statements);
      return { counts, households: data["households"].nodes.length };
    };
    const [few, many] = [await statementsFor(3), await statementsFor(50)];
    expect(many.households).toBeGreaterThan(few.households);
    expect(many.counts).toEqual(few.counts);
    expect(many.counts.get("welfare")).toBe(3); // households, members, what their needs tell
  });
});

describe("the sources say it", () => {
  const databases = useDatabases();
  let now = Date.parse("2035-05-02T16:59:59Z");
  const clock = { now: () => now };
  const people = useSlice(population, { databaseUrl: () => databases.urls.population.runtime, ...clock });
  const registry = useSlice(welfare, { databaseUrl: () => databases.urls.welfare.runtime, ...clock });
  const flagsOf = async (slice: typeof people, type: string, id: string) => {
    const query = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on ${type} { subjectFlags } } }`;
    const { data, errors } = await slice.ask(query, { variables: { r: [{ __typename: type, id }] } });
    expect(errors).toEqual([]);
    return data._entities[0].subjectFlags;
  };
  const needs = (id: string, ...kinds: string[]) =>
    asRole(databases.urls.welfare.owner, async (sql) => {
      await sql`delete from ppks_status where member_id = ${id}`;
      for (const kind of kinds)
        await sql`insert into ppks_status (member_id, household_id, kind, since, region, household_decile)
          select id, household_id, ${kind}, '2024-01-01', region, household_decile from member where id = ${id}`;
    });
  const members = sitisHome.families[0]?.members ?? [];

  test("a child is one until the day it turns eighteen, in western Indonesia's time", async () => {
    const anis = members[2]?.id ?? "";
    expect([await flagsOf(people, "Person", ani.id), await flagsOf(registry, "Member", anis)]).toEqual([["CHILD"], ["CHILD"]]);
    now += 1000;
    expect([await flagsOf(people, "Person", ani.id), await flagsOf(registry, "Member", anis)]).toEqual([[], []]);
  });
  test("a registered disability is one", async () => {
    expect(await flagsOf(people, "Person", budi.id)).toEqual([]);
    await asRole(databases.urls.population.owner, (sql) => sql`update person set disability = 'SENSORY' where id = ${budi.id}`);
    expect(await flagsOf(people, "Person", budi.id)).toEqual(["DISABILITY"]);
  });
  test("needs tell disability and stigma, and childhood only of whom no NIK tells the age", async () => {
    const budis = members[0]?.id ?? "";
    const jokos = jokosHome.families[0]?.members[0]?.id ?? ""; // his claimed NIK has fifteen digits
    await needs(budis, "CHILD_WITH_DISABILITY", "PERSON_WITH_HIV", "DRUG_VICTIM", "POOR");
    expect([...(await flagsOf(registry, "Member", budis))].sort()).toEqual(["DISABILITY", "STIGMA"]);
    await needs(jokos, "STREET_CHILD");
    expect(await flagsOf(registry, "Member", jokos)).toEqual(["CHILD"]);
    await needs(jokos, "HOMELESS", "BEGGAR");
    expect(await flagsOf(registry, "Member", jokos)).toEqual([]);
  });
});
