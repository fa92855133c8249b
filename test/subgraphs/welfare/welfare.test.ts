import { type GraphQLEnumType, isEnumType } from "graphql";
import { beforeAll, describe, expect, test } from "vitest";
import { rawClient } from "../../../drizzle/client.ts";
import { ppksKind } from "../../../drizzle/tables/welfare/welfare.ts";
import { ANSWERED_PPKS_KINDS } from "../../../subgraphs/welfare/data.ts";
import { welfare } from "../../../subgraphs/welfare/index.ts";
import { useDatabases } from "../../kit/database.ts";
import { callerWith, codesOf, useSlice } from "../../kit/slice.ts";

// Fifty-two households in a province that does not exist; only two of them lie outside its first regency.
const [HERE, THERE] = ["9901011001", "9902011001"];
const OURS = { regions: [["9901", "9902"]] as const, programs: null, decileMax: 100 };
const ours = { caller: callerWith({ rows: OURS }) };
const scoped = (rows: object) => ({ caller: callerWith({ rows: { ...OURS, ...rows } }) });

const id = (kind: number, n: number) => `0000000${kind}-0000-4000-8000-${String(n).padStart(12, "0")}`;
const [HOUSEHOLD, FAMILY, MEMBER, PERSON, INSTITUTION] = [1, 2, 3, 4, 5];
/** Deciles 1 to 10 in turn; every eleventh household was never ranked. */
const decileOf = (n: number) => (n % 11 === 10 ? null : (n % 11) + 1);
const regionOf = (n: number) => (n < 50 ? HERE : THERE);
const SIZE = 52;
const numbers = Array.from({ length: SIZE }, (_, n) => n);
const [OLD, NEW, DTKS] = ["DTSEN-2098-Q4", "DTSEN-2099-Q1", "DTKS-2097-01"];

/** The head, the spouse and the child of a household. The child is not matched, the first household's spouse has died. */
function member(n: number, suffix: number) {
  const isChild = suffix === 3;
  const state = isChild ? "DORMANT" : "ACTIVE";
  return {
    id: id(MEMBER, n * 10 + suffix),
    household_id: id(HOUSEHOLD, n),
    family_id: id(FAMILY, n),
    suffix: `0${suffix}`,
    relation: ["HEAD", "SPOUSE", "CHILD"][suffix - 1] as string,
    match_status: isChild ? "NOT_FOUND" : "MATCHED",
    person_id: isChild ? null : id(PERSON, n * 10 + suffix),
    claimed_name: `ANGGOTA ${n}-${suffix}`,
    claimed_nik: isChild ? "tidak tahu" : "9901010101909001",
    state: n === 0 && suffix === 2 ? "DECEASED" : state,
    region: regionOf(n),
    household_decile: decileOf(n),
  };
}

const databases = useDatabases();
const slice = useSlice(welfare, { databaseUrl: () => databases.urls.welfare.runtime });

beforeAll(async () => {
  const sql = rawClient(databases.urls.welfare.owner, { max: 1 });
  const scope = (n: number) => ({ region: regionOf(n), household_decile: decileOf(n) });
  await sql`insert into registry_version ${sql([
    { id: OLD, basis: "DTSEN", published_on: "2098-10-01", legal_basis: "Inpres 4/2025" },
    { id: NEW, basis: "DTSEN", published_on: "2099-01-01", legal_basis: "Inpres 4/2025" },
    { id: DTKS, basis: "DTKS", published_on: "2097-01-15", legal_basis: "Permensos 3/2021" },
  ])}`;
  await sql`insert into household ${sql(
    numbers.map((n) => ({
      id: id(HOUSEHOLD, n),
      region: regionOf(n),
      address: `DUSUN ${n}`,
      decile: decileOf(n),
      monthly_income: n % 5 === 4 ? null : n * 100_000,
      floor_area: 36,
      surveyed_on: n === 0 ? null : "2025-06-01",
    })),
  )}`;
  await sql`insert into family ${sql(
    numbers.map((n) => ({
      id: id(FAMILY, n),
      household_id: id(HOUSEHOLD, n),
      registry_number: `TEST-${n}`,
      number_in_household: 1,
      family_card_id: n === 0 ? null : id(6, n),
      ...scope(n),
    })),
  )}`;
  // Suffixes out of order on purpose.
  await sql`insert into member ${sql(numbers.flatMap((n) => [3, 1, 2].map((suffix) => member(n, suffix))))}`;
  const rank = (n: number, version_id: string, decile: number | null) => ({
    household_id: id(HOUSEHOLD, n),
    version_id,
    percentile: 50,
    decile,
    ...scope(n),
  });
  await sql`insert into ranking ${sql(
    numbers.filter((n) => decileOf(n) !== null).flatMap((n) => [rank(n, OLD, 9), rank(n, NEW, decileOf(n)), rank(n, DTKS, null)]),
  )}`;
  const need = (n: number, kind: string) => ({
    member_id: id(MEMBER, n * 10 + 1),
    household_id: id(HOUSEHOLD, n),
    kind,
    since: "2024-05-01",
    ...scope(n),
  });
  await sql`insert into ppks_status ${sql(ppksKind.enumValues.map((kind) => need(0, kind)))}`;
  await sql`insert into ppks_status ${sql([need(1, "POOR")])}`;
  await sql`insert into psks_role ${sql([{ person_id: id(PERSON, 1), kind: "PSM", since: "2020-01-01", region: HERE }])}`;
  await sql`insert into psks_institution ${sql([
    { id: id(INSTITUTION, 1), name: "LKS SATU", kind: "LKS", region: HERE },
    { id: id(INSTITUTION, 2), name: "LKS DUA", kind: "LK3", region: THERE },
  ])}`;
  const counted = [
    [1, 1003],
    [2, 998],
    [3, 7],
    [4, 41],
    [5, 5000],
  ] as const;
  await sql`insert into decile_count ${sql(counted.map(([decile, households]) => ({ version_id: NEW, decile, households })))}`;
  await sql.end();
});

test("fifty households with members, persons, families, deciles and needs cost one statement an access path", async () => {
  const query = `{ households(first: 50) { nodes {
    id region { code } memberCount deciles { version { id } decile }
    members { suffix relation matchStatus state person { id } family { registryNumber familyCard { id } } ppks { kind since } }
  } } }`;
  const { data, errors } = await slice.ask(query, ours);
  expect(errors).toEqual([]);
  expect(slice.statements).toBe(5); // households, members, deciles, families, needs
  const { nodes } = data.households;
  expect(nodes).toHaveLength(50);
  expect(nodes[1]).toMatchObject({
    id: id(HOUSEHOLD, 1),
    region: { code: HERE },
    memberCount: 3,
    deciles: [
      { version: { id: NEW }, decile: 2 },
      { version: { id: OLD }, decile: 9 },
      { version: { id: DTKS }, decile: null },
    ],
  });
  expect(nodes[1].members.map((member: { suffix: string }) => member.suffix)).toEqual(["01", "02", "03"]);
  expect(nodes[1].members[0]).toEqual({
    suffix: "01",
    relation: "HEAD",
    matchStatus: "MATCHED",
    state: "ACTIVE",
    person: { id: id(PERSON, 11) },
    family: { registryNumber: "TEST-1", familyCard: { id: id(6, 1) } },
    ppks: [{ kind: "POOR", since: "2024-05-01" }],
  });
  expect(nodes[1].members[2]).toMatchObject({ matchStatus: "NOT_FOUND", person: null, state: "DORMANT", ppks: [] });
  expect(nodes[0].memberCount).toBe(2); // the deceased does not count
  expect(nodes[0].members).toHaveLength(3); // and is shown, saying so
  expect(nodes[10].deciles).toEqual([]); // never ranked
});

describe("one household", () => {
  test("tells its plain values, its bands and its claims", async () => {
    const query = `query ($id: ID!) { household(id: $id) {
      address monthlyIncome incomeBand floorArea surveyedOn poor: decileAtMost(n: 4) poorest: decileAtMost(n: 1)
      members { claimedName claimedNik household { id } }
    } }`;
    const { data, errors } = await slice.ask(query, { ...ours, variables: { id: id(HOUSEHOLD, 12) } });
    expect(errors).toEqual([]);
    expect(data.household).toMatchObject({
      address: "DUSUN 12",
      monthlyIncome: "1200000",
      incomeBand: "FROM_1M_TO_2_5M",
      floorArea: 36,
      surveyedOn: "2025-06-01",
      poor: true,
      poorest: false,
    });
    expect(data.household.members[2]).toEqual({
      claimedName: "ANGGOTA 12-3",
      claimedNik: "tidak tahu",
      household: { id: id(HOUSEHOLD, 12) },
    });
  });

  test("never ranked or never asked is null, not no", async () => {
    const { data } = await slice.ask(
      `{ unranked: household(id: "${id(HOUSEHOLD, 10)}") { decileAtMost(n: 10) } silent: household(id: "${id(HOUSEHOLD, 4)}") { monthlyIncome incomeBand } }`,
      ours,
    );
    expect(data).toEqual({ unranked: { decileAtMost: null }, silent: { monthlyIncome: null, incomeBand: null } });
  });

  test("unknown, malformed and out of scope look the same", async () => {
    const query = `{ a: household(id: "${id(HOUSEHOLD, 99)}") { id } b: household(id: "x") { id } c: household(id: "${id(HOUSEHOLD, 51)}") { id } }`;
    const { data, errors } = await slice.ask(query, ours);
    expect([data, errors]).toEqual([{ a: null, b: null, c: null }, []]);
  });

  test("a decile that does not exist is bad input that names n", async () => {
    for (const n of [0, 11]) {
      const answer = await slice.ask(`{ household(id: "${id(HOUSEHOLD, 1)}") { decileAtMost(n: ${n}) } }`, ours);
      expect(answer.errors[0]?.extensions).toMatchObject({ code: "BAD_USER_INPUT", detail: "n must be from 1 to 10" });
    }
  });
});

describe("needs (PPKS)", () => {
  test("the nine kinds that stigmatise and the two that tell a disability are on record and never answered", async () => {
    const { data, errors } = await slice.ask(`{ household(id: "${id(HOUSEHOLD, 0)}") { members { ppks { kind } } } }`, ours);
    expect(errors).toEqual([]);
    const kinds = data.household.members[0].ppks.map((status: { kind: string }) => status.kind);
    expect(kinds.sort()).toEqual([...ANSWERED_PPKS_KINDS].sort());
    expect(ppksKind.enumValues.length - kinds.length).toBe(11);
    expect(kinds.join()).not.toMatch(/DISABILITY|HIV|DRUG/);
  });

  test("the kinds that are answered are exactly those the SDL names", () => {
    const type = welfare.schema.getType("PpksKind");
    expect(isEnumType(type)).toBe(true);
    expect(
      (type as GraphQLEnumType)
        .getValues()
        .map(({ name }) => name)
        .sort(),
    ).toEqual([...ANSWERED_PPKS_KINDS].sort());
  });
});

describe("lists of households", () => {
  const walk = async (args: string, who = ours) => {
    const found: number[] = [];
    let after: string | null = null;
    do {
      const query = `query ($after: String) { households(first: 7, ${args}, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } } }`;
      const { data, errors } = await slice.ask(query, { ...who, variables: { after } });
      expect(errors).toEqual([]);
      found.push(...data.households.nodes.map((node: { id: string }) => Number(node.id.slice(-12))));
      after = data.households.pageInfo.hasNextPage ? data.households.pageInfo.endCursor : null;
    } while (after);
    return found;
  };
  const inScope = numbers.filter((n) => n < 50);

  test("walk every order without loss or repeat, unknown values last", async () => {
    expect(await walk("filter: {}")).toEqual(inScope);
    const rank = (n: number) => decileOf(n) ?? 99;
    expect(await walk("orderBy: DECILE")).toEqual([...inScope].sort((a, b) => rank(a) - rank(b) || a - b));
    const income = (n: number) => (n % 5 === 4 ? Number.MAX_SAFE_INTEGER : n);
    expect(await walk("orderBy: INCOME")).toEqual([...inScope].sort((a, b) => income(a) - income(b) || a - b));
  });

  test("obey each filter and all of them together", async () => {
    expect(await walk("filter: { decileAtMost: 2 }")).toEqual(inScope.filter((n) => (decileOf(n) ?? 99) <= 2));
    expect(await walk('filter: { incomeAtMost: "300000" }')).toEqual([0, 1, 2, 3]);
    expect(await walk("filter: { matchStatus: NOT_FOUND }")).toEqual(inScope);
    expect(await walk("filter: { matchStatus: ANOMALY }")).toEqual([]);
    expect(await walk('filter: { region: "99.01.01", decileAtMost: 4, incomeAtMost: "1000000" }')).toEqual([0, 1, 2, 3]);
    expect(await walk('filter: { region: "9902" }')).toEqual([]);
    expect(await walk('filter: { region: "99" }', scoped({ regions: [["99", "9:"]] }))).toEqual(numbers);
  });

  test("stop at the agreement's decile, in lists, counts and single rows alike", async () => {
    const poor = scoped({ decileMax: 3 });
    const expected = inScope.filter((n) => (decileOf(n) ?? 99) <= 3);
    expect(await walk("orderBy: DECILE", poor)).toHaveLength(expected.length);
    const { data } = await slice.ask(`{ households { totalCount } household(id: "${id(HOUSEHOLD, 5)}") { id } }`, poor);
    expect(data).toEqual({ households: { totalCount: expected.length }, household: null });
    const behind = await slice.ask(`query ($r: [_Any!]!) { _entities(representations: $r) { ... on Member { suffix } } }`, {
      ...poor,
      variables: {
        r: [
          { __typename: "Member", id: id(MEMBER, 51) },
          { __typename: "Member", id: id(MEMBER, 1) },
        ],
      },
    });
    expect(behind.data._entities).toEqual([null, { suffix: "01" }]);
  });

  test("count only when asked, and cost no SQL under an empty scope", async () => {
    expect((await slice.ask("{ households { totalCount } }", ours)).data.households.totalCount).toBe(50);
    expect(slice.statements).toBe(1);
    const { data } = await slice.ask("{ households { nodes { id } totalCount } }", scoped({ regions: [] }));
    expect([data.households, slice.statements]).toEqual([{ nodes: [], totalCount: 0 }, 0]);
  });

  test("refuse what is not a filter value, by name", async () => {
    for (const [query, detail] of [
      ["{ households(filter: { decileAtMost: 11 }) { totalCount } }", "filter.decileAtMost must be from 1 to 10"],
      [
        '{ households(filter: { region: "99 01" }) { totalCount } }',
        "a RegionCode must be 2, 4, 6 or 10 digits, with or without dots",
      ],
      ['{ households(filter: { incomeAtMost: "1e9" }) { totalCount } }', "a Rupiah must be a whole number written as a string"],
      ["{ households(first: 0) { totalCount } }", "first must be from 1 to 100"],
      ['{ households(after: "x") { totalCount } }', "after must be a cursor of this list"],
    ])
      expect((await slice.ask(query as string, ours)).errors[0]?.extensions).toMatchObject({ code: "BAD_USER_INPUT", detail });
    expect(codesOf(await slice.ask("{ households(filter: { matchStatus: PADAN }) { totalCount } }", ours))).toEqual([
      "GRAPHQL_VALIDATION_FAILED",
    ]);
  });
});

describe("entities", () => {
  test("200 persons, their registry entries and roles, cost two statements; a stranger to the registry has none", async () => {
    const r = Array.from({ length: 200 }, (_, n) => ({ __typename: "Person", id: id(PERSON, n) }));
    const query =
      "query ($r: [_Any!]!) { _entities(representations: $r) { ... on Person { registryMembers { id claimedName } psksRoles { kind since } } } }";
    const { data, errors } = await slice.ask(query, { ...ours, variables: { r } });
    expect(errors).toEqual([]);
    expect(slice.statements).toBe(2);
    expect(data._entities[1]).toEqual({
      registryMembers: [{ id: id(MEMBER, 1), claimedName: "ANGGOTA 0-1" }],
      psksRoles: [{ kind: "PSM", since: "2020-01-01" }],
    });
    expect(data._entities[9]).toEqual({ registryMembers: [], psksRoles: [] });
  });

  test("a representation without its key is nobody, and the one beside it is answered", async () => {
    const r = [
      { __typename: "Household", id: id(HOUSEHOLD, 0) },
      { __typename: "Household", id: null },
      { __typename: "Household" },
      { __typename: "RegistryVersion", id: null },
    ];
    const query = `query ($r: [_Any!]!) { _entities(representations: $r) { __typename ... on Household { address } ... on RegistryVersion { basis } } }`;
    const { data, errors } = await slice.ask(query, { ...ours, variables: { r } });
    expect([errors, data._entities]).toEqual([[], [{ __typename: "Household", address: expect.any(String) }, null, null, null]]);
  });

  test("families, versions and institutions are found by their keys", async () => {
    const r = [
      { __typename: "Family", id: id(FAMILY, 3) },
      { __typename: "RegistryVersion", id: NEW },
      { __typename: "PsksInstitution", id: id(INSTITUTION, 2) },
      { __typename: "Household", id: id(HOUSEHOLD, 51) },
    ];
    const query = `query ($r: [_Any!]!) { _entities(representations: $r) {
      ... on Family { registryNumber members { suffix } } ... on RegistryVersion { basis publishedOn legalBasis }
      ... on PsksInstitution { name kind region { code } } ... on Household { address } } }`;
    const { data } = await slice.ask(query, { ...ours, variables: { r } });
    expect(data._entities).toEqual([
      { registryNumber: "TEST-3", members: [{ suffix: "01" }, { suffix: "02" }, { suffix: "03" }] },
      { basis: "DTSEN", publishedOn: "2099-01-01", legalBasis: "Inpres 4/2025" },
      { name: "LKS DUA", kind: "LK3", region: { code: THERE } },
      null,
    ]);
  });
});

test("institutions are public: listed beyond the agreement's region, narrowed by the region asked", async () => {
  const { data } = await slice.ask(
    '{ here: psksInstitutions(region: "9901") { nodes { name } totalCount } both: psksInstitutions(region: "99") { totalCount } }',
    ours,
  );
  expect(data).toEqual({ here: { nodes: [{ name: "LKS SATU" }], totalCount: 1 }, both: { totalCount: 2 } });
});

test("versions come newest first", async () => {
  const { data } = await slice.ask("{ registryVersions { id } }", ours);
  const ids = data.registryVersions.map((version: { id: string }) => version.id);
  expect(ids.slice(0, 2)).toEqual([NEW, OLD]);
});

describe("released figures", () => {
  test("reach the caller withheld and rounded, the newest DTSEN version by default", async () => {
    const query = "{ registryStatistics { version { id } households byDecile { decile households isSuppressed } } }";
    const { data, errors } = await slice.ask(query, ours);
    expect(errors).toEqual([]);
    const { version, households, byDecile } = data.registryStatistics;
    expect(version).toEqual({ id: NEW });
    expect(households % 5).toBe(0);
    expect(Math.abs(households - 7049)).toBeLessThan(5);
    expect(byDecile.map((cell: { isSuppressed: boolean }) => cell.isSuppressed)).toEqual([false, false, true, true, false]);
    expect(byDecile[2]).toEqual({ decile: 3, households: null, isSuppressed: true });
    expect(byDecile[4]).toEqual({ decile: 5, households: 5000, isSuppressed: false });
    expect((await slice.ask(query, scoped({ regions: [] }))).data).toEqual(data); // national, the same for everybody
  });

  test("of a version nobody counted or nobody knows are empty, not zero", async () => {
    const { data } = await slice.ask(
      `{ a: registryStatistics(version: "${OLD}") { households byDecile { decile } } b: registryStatistics(version: "DTSEN-1900-Q1") { households } }`,
      ours,
    );
    expect(data).toEqual({ a: { households: null, byDecile: [] }, b: null });
  });
});
