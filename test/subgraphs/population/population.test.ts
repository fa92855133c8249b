import { beforeAll, describe, expect, test } from "vitest";
import { rawClient } from "../../../drizzle/client.ts";
import { isAtLeast } from "../../../schema/values/age.ts";
import { population } from "../../../subgraphs/population/index.ts";
import { useDatabases } from "../../kit/database.ts";
import { callerWith, codesOf, useSlice } from "../../kit/slice.ts";

// A province that does not exist, so that nothing else in the database is in scope.
const [HERE, THERE] = ["9901011001", "9902011001"];
const OURS = { regions: [["9901", "9902"]] as const, programs: null, decileMax: 100 };
const BOTH = { ...OURS, regions: [["99", "9:"]] as const };
const NOON = Date.parse("2026-03-01T05:00:00Z");

const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
const nikOf = (n: number) => `990101${String(1 + (n % 28)).padStart(2, "0")}0190${9001 + n}`;
const person = (n: number, differences: object = {}) => ({
  id: id(n),
  nik: nikOf(n),
  full_name: `PENDUDUK ${String(n).padStart(4, "0")}`,
  sex: n % 2 ? "FEMALE" : "MALE",
  birth_date: "1990-01-15",
  birth_place: "BANYUWANGI",
  mother_name: "IBU",
  address: "JL. MELATI 1",
  region: HERE,
  family_card_id: null as string | null,
  ...differences,
});

const CARD = id(9000);
const [SITI, BUDI, ANI, MARIA] = [
  person(1, { full_name: "SITI AMINAH", birth_date: "1991-03-02", family_card_id: CARD }),
  person(2, { full_name: "BUDI SANTOSO", birth_date: "1988-12-31", family_card_id: CARD }),
  person(3, { full_name: "ANI LESTARI", birth_date: "2013-02-28", family_card_id: CARD }),
  person(4, { full_name: "MARIA", nik: "9201234101909004", region: THERE, birth_date: "1960-02-29" }),
];
const CROWD = Array.from({ length: 200 }, (_, n) => person(100 + n));

const databases = useDatabases();
const slice = useSlice(population, { databaseUrl: () => databases.urls.population.runtime, now: () => NOON });
const ours = { caller: callerWith({ rows: OURS }) };
const both = { caller: callerWith({ rows: BOTH }) };

beforeAll(async () => {
  const sql = rawClient(databases.urls.population.owner, { max: 1 });
  const regions = ["99", "9901", "990101", HERE, "9902", "990201", THERE].map((code) => ({
    code,
    name: `WILAYAH ${code}`,
    level: { 2: "PROVINCE", 4: "REGENCY", 6: "DISTRICT", 10: "VILLAGE" }[code.length] as string,
    parent_code: { 2: null, 4: code.slice(0, 2), 6: code.slice(0, 4), 10: code.slice(0, 6) }[code.length] as string | null,
  }));
  await sql`insert into region ${sql(regions)}`;
  await sql`insert into family_card (id, number, region, issued_on) values (${CARD}, ${"9901010101269001"}, ${HERE}, ${"2020-01-02"})`;
  await sql`insert into person ${sql([SITI, BUDI, ANI, MARIA, ...CROWD])}`;
  const on = (row: typeof SITI, position: number, valid_to: string | null = null) => ({
    person_id: row.id,
    family_card_id: CARD,
    valid_from: "2020-01-02",
    valid_to,
    position,
    region: HERE,
  });
  await sql`insert into family_card_member ${sql([on(SITI, 2), on(BUDI, 1), on(ANI, 3), on(CROWD[0] ?? SITI, 4, "2021-01-01")])}`;
  await sql.end();
});

describe("one person", () => {
  test("is found by id and by NIK, with every field", async () => {
    const query = `query ($id: ID!, $nik: String!) {
      person(id: $id) { id nik fullName sex birthDate birthYear birthPlace motherName address isAlive disability region { code name } }
      personByNik(nik: $nik) { id }
    }`;
    const { data, errors } = await slice.ask(query, { ...ours, variables: { id: SITI.id, nik: SITI.nik } });
    expect(errors).toEqual([]);
    expect(data.person).toEqual({
      id: SITI.id,
      nik: SITI.nik,
      fullName: "SITI AMINAH",
      sex: "FEMALE",
      birthDate: "1991-03-02",
      birthYear: 1991,
      birthPlace: "BANYUWANGI",
      motherName: "IBU",
      address: "JL. MELATI 1",
      isAlive: true,
      disability: "NONE",
      region: { code: HERE, name: `WILAYAH ${HERE}` },
    });
    expect(data.personByNik).toEqual({ id: SITI.id });
  });

  test("a NIK above 2^53 keeps its last digits", async () => {
    const { data } = await slice.ask("query ($nik: String!) { personByNik(nik: $nik) { nik fullName } }", {
      ...both,
      variables: { nik: MARIA.nik },
    });
    expect(data.personByNik).toEqual({ nik: "9201234101909004", fullName: "MARIA" });
  });

  test("unknown, malformed and out of scope look the same", async () => {
    const query = `{
      unknown: personByNik(nik: "9901010101909999") { id } short: personByNik(nik: "123") { id } text: personByNik(nik: "' or true --") { id }
      zero: personByNik(nik: "0901010101909001") { id } huge: personByNik(nik: "99999999999999999999") { id } outside: personByNik(nik: "${MARIA.nik}") { id }
      noId: person(id: "${id(77)}") { id } noUuid: person(id: "Siti") { id } outsideId: person(id: "${MARIA.id}") { id }
    }`;
    const { data, errors } = await slice.ask(query, ours);
    expect(errors).toEqual([]);
    expect(Object.values(data)).toEqual(Array(9).fill(null));
    expect(slice.statements).toBe(2); // one for all NIKs, one for all ids
  });

  test("is a year older on the birthday, in western Indonesia's day", async () => {
    const query = "query ($id: ID!) { person(id: $id) { thirtyFour: isAtLeast(age: 34) thirtyFive: isAtLeast(age: 35) } }";
    const { data } = await slice.ask(query, { ...ours, variables: { id: SITI.id } });
    expect(data.person).toEqual({ thirtyFour: true, thirtyFive: false }); // born 2 March, today 1 March
  });

  test("an age nobody has is bad input that names age", async () => {
    for (const age of [-1, 151]) {
      const answer = await slice.ask(`{ person(id: "${SITI.id}") { isAtLeast(age: ${age}) } }`, ours);
      expect(answer.errors[0]?.extensions).toMatchObject({ code: "BAD_USER_INPUT", detail: "age must be from 0 to 150" });
    }
  });

  test("ages count by calendar, also from 29 February", () => {
    expect(isAtLeast("2009-03-01", 17, "2026-03-01")).toBe(true);
    expect(isAtLeast("2009-03-02", 17, "2026-03-01")).toBe(false);
    expect(isAtLeast("2008-02-29", 18, "2026-02-28")).toBe(false);
    expect(isAtLeast("2008-02-29", 18, "2026-03-01")).toBe(true);
    expect(isAtLeast("2026-03-01", 0, "2026-03-01")).toBe(true);
  });
});

describe("a family card", () => {
  test("lists who is on it today, head first", async () => {
    const query =
      "query ($id: ID!) { person(id: $id) { familyCard { id familyCardNumber issuedOn region { code } members { fullName } } } }";
    const { data } = await slice.ask(query, { ...ours, variables: { id: ANI.id } });
    expect(data.person.familyCard).toEqual({
      id: CARD,
      familyCardNumber: "9901010101269001",
      issuedOn: "2020-01-02",
      region: { code: HERE },
      members: [{ fullName: "BUDI SANTOSO" }, { fullName: "SITI AMINAH" }, { fullName: "ANI LESTARI" }],
    });
  });
});

describe("regions", () => {
  test("are found with and without dots, with their way up", async () => {
    const query =
      'query ($c: RegionCode!) { region(code: $c) { code name level parent { code level parent { parent { code name parent { code } } } } } none: region(code: "98") { code } }';
    for (const c of ["99.01.01.1001", HERE]) {
      const { data } = await slice.ask(query, { ...ours, variables: { c } });
      expect(data).toEqual({
        region: {
          code: HERE,
          name: `WILAYAH ${HERE}`,
          level: "VILLAGE",
          parent: { code: "990101", level: "DISTRICT", parent: { parent: { code: "99", name: "WILAYAH 99", parent: null } } },
        },
        none: null,
      });
    }
  });

  test("are listed page by page below their parent, counted only when asked", async () => {
    const query =
      'query ($after: String) { regions(parent: "99", first: 1, after: $after) { nodes { code name } pageInfo { hasNextPage endCursor } } }';
    const first = await slice.ask(query, ours);
    expect(first.data.regions.nodes).toEqual([{ code: "9901", name: "WILAYAH 9901" }]);
    expect(slice.statements).toBe(1);
    const second = await slice.ask(query, { ...ours, variables: { after: first.data.regions.pageInfo.endCursor } });
    expect(second.data.regions).toMatchObject({ nodes: [{ code: "9902" }], pageInfo: { hasNextPage: false } });
    expect((await slice.ask('{ regions(parent: "99") { totalCount } }', ours)).data.regions.totalCount).toBe(2);
    expect(slice.statements).toBe(1);
  });

  test("a malformed code is bad input, never all regions", async () => {
    for (const query of [
      '{ regions(parent: "99-01") { totalCount } }',
      '{ region(code: "351") { name } }',
      '{ persons(filter: { region: "x" }) { totalCount } }',
    ])
      expect(codesOf(await slice.ask(query, ours))).toEqual(["BAD_USER_INPUT"]);
  });
});

describe("lists of persons", () => {
  const walk = async (args: string, who = ours) => {
    const names: string[] = [];
    let after: string | null = null;
    do {
      const query = `query ($after: String) { persons(${args}, first: 60, after: $after) { nodes { fullName } pageInfo { hasNextPage endCursor } } }`;
      const { data, errors } = await slice.ask(query, { ...who, variables: { after } });
      expect(errors).toEqual([]);
      names.push(...data.persons.nodes.map((node: { fullName: string }) => node.fullName));
      after = data.persons.pageInfo.hasNextPage ? data.persons.pageInfo.endCursor : null;
    } while (after);
    return names;
  };

  test("show each person in scope once, whatever the order, and nobody else", async () => {
    const everybody = [SITI, BUDI, ANI, ...CROWD].map((row) => row.full_name).sort();
    expect(await walk("orderBy: FULL_NAME")).toEqual(everybody);
    expect((await walk("filter: {}")).sort()).toEqual(everybody);
    const byAge = await walk("orderBy: BIRTH_DATE");
    expect([byAge[0], byAge.at(-2), byAge.at(-1), byAge.length]).toEqual(["BUDI SANTOSO", "SITI AMINAH", "ANI LESTARI", 203]);
  });

  test("are narrowed by every filter, and by the region within the scope only", async () => {
    expect(await walk('filter: { sex: FEMALE, bornFrom: "1991-01-01" }')).toEqual(["SITI AMINAH", "ANI LESTARI"]);
    expect(await walk('filter: { bornTo: "1988-12-31" }')).toEqual(["BUDI SANTOSO"]);
    expect(await walk(`filter: { region: "9902" }`, both)).toEqual(["MARIA"]);
    expect(await walk(`filter: { region: "9902" }`)).toEqual([]);
    expect(await walk(`filter: { region: "99" }`)).toHaveLength(203);
  });

  test("are counted in the scope, and only when asked", async () => {
    const { data } = await slice.ask("{ persons { totalCount } }", ours);
    expect(data.persons.totalCount).toBe(203);
    expect(slice.statements).toBe(1);
    await slice.ask("{ persons { nodes { id } pageInfo { hasNextPage } totalCount } }", ours);
    expect(slice.statements).toBe(2);
  });

  test("under an empty scope are empty and cost no SQL", async () => {
    const nobody = { caller: callerWith({ rows: { ...OURS, regions: [] } }) };
    const { data } = await slice.ask("{ persons { nodes { id } totalCount pageInfo { hasNextPage endCursor } } }", nobody);
    expect(data.persons).toEqual({ nodes: [], totalCount: 0, pageInfo: { hasNextPage: false, endCursor: null } });
    expect(slice.statements).toBe(0);
    expect((await slice.ask(`{ person(id: "${SITI.id}") { id } }`, nobody)).data.person).toBeNull();
  });

  test("refuse a page size outside 1 to 100 and a cursor of another list, each by name", async () => {
    for (const first of [0, -1, 101]) {
      const answer = await slice.ask(`{ persons(first: ${first}) { nodes { id } } }`, ours);
      expect(answer.errors[0]?.extensions).toMatchObject({ code: "BAD_USER_INPUT", detail: "first must be from 1 to 100" });
    }
    const { data } = await slice.ask("{ persons(first: 1, orderBy: FULL_NAME) { pageInfo { endCursor } } }", ours);
    const answer = await slice.ask(`{ persons(first: 1, after: "${data.persons.pageInfo.endCursor}") { nodes { id } } }`, ours);
    expect(answer.errors[0]?.extensions).toMatchObject({ code: "BAD_USER_INPUT", detail: "after must be a cursor of this list" });
  });
});

test("200 persons behind _entities, with region and card, cost one statement an access path", async () => {
  const query = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Person { id fullName region { name } familyCard { id members { id } } } } }`;
  const r = [...CROWD, MARIA, SITI].map((row) => ({ __typename: "Person", id: row.id }));
  const { data, errors } = await slice.ask(query, { ...ours, variables: { r } });
  expect(errors).toEqual([]);
  expect(data._entities).toHaveLength(202);
  expect(data._entities[200]).toBeNull(); // out of scope looks like unknown
  expect(data._entities[201]).toMatchObject({
    fullName: "SITI AMINAH",
    familyCard: { members: [{ id: BUDI.id }, { id: SITI.id }, { id: ANI.id }] },
  });
  expect(slice.statements).toBe(4); // persons, regions, cards, persons on cards
});
