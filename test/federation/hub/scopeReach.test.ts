import { describe, expect, test } from "vitest";
import { stewardOf } from "../../../drizzle/policy/readyMade.ts";
import { printScope } from "../../../schema/policy/scopeText.ts";
import { welfare } from "../../../subgraphs/welfare/index.ts";
import { asRole } from "../../kit/database.ts";
import { useHub } from "../../kit/hub.ts";
import { callerWith, useSlice, WHOLE_COUNTRY } from "../../kit/slice.ts";

interface Counts {
  readonly households: number | null;
  readonly persons: number | null;
  readonly enrolments: number | null;
}
type Reached = Counts & { readonly scope: string };
interface Scope {
  readonly regions: readonly string[];
  readonly programs: readonly string[] | null;
  readonly decileMax: number | null;
}

const hub = useHub();
const slice = useSlice(welfare, { databaseUrl: () => hub.urls.welfare.runtime });
const AGREEMENT = "PKS-2025-006";
const OPEN: Scope = { regions: ["0"], programs: null, decileMax: null };
const REACH = "{ scope households persons enrolments }";
const SIMULATE = `query ($version: Int!) {
  simulateVersion(agreement: "${AGREEMENT}", version: $version) { reachBefore ${REACH} reachAfter ${REACH} }
}`;
const DRAFT = "mutation ($input: DraftVersionInput!) { draftVersion(input: $input) { number } }";

/** What simulating a further version of the agreement with this scope says: the reach of the one in force, and of the new one. */
async function simulated(scope: Partial<Scope>): Promise<{ reachBefore: Reached; reachAfter: Reached }> {
  const steward = hub.as(stewardOf("BPK"));
  const validity = { validFrom: "2030-01-01T00:00:00Z", validTo: "2030-12-31T00:00:00Z" };
  const drafted = await steward.ask(DRAFT, { input: { agreement: AGREEMENT, basedOn: 1, ...validity, ...OPEN, ...scope } });
  expect(drafted.errors).toEqual([]);
  const { data, errors } = await steward.ask(SIMULATE, { version: drafted.data["draftVersion"].number });
  expect(errors).toEqual([]);
  return data["simulateVersion"];
}

/** Rows as the owner of the tables counts them, for whom none is hidden. */
async function rowsOf(name: "welfare" | "population" | "programs", where: string): Promise<number> {
  const table = { welfare: "household", population: "person", programs: "enrolment" }[name];
  const [row] = await asRole(hub.urls[name].owner, (owner) =>
    owner.unsafe(`select count(*)::int as n from ${name}.${table} where ${where}`),
  );
  return Number(row?.["n"]);
}

/** To the nearest five, and fewer than ten withheld. */
const told = (n: number) => (n < 10 ? null : 5 * Math.round(n / 5));

/** Counts written by hand, as they are told. */
async function counted({ region = "true", decile = "true", program = "true" }): Promise<Counts> {
  return {
    households: told(await rowsOf("welfare", `${region} and ${decile}`)),
    persons: told(await rowsOf("population", region)),
    enrolments: told(await rowsOf("programs", `${region} and ${program}`)),
  };
}

describe("the reach of a version's scope", () => {
  test("is, before and after, what counting by hand gives", async () => {
    const all = await counted({});
    expect(Object.values(all).every((n) => n !== null)).toBe(true);
    const { reachBefore, reachAfter } = await simulated({ regions: ["35", "3171011001"], programs: ["PKH"], decileMax: 4 });
    expect(reachBefore).toEqual({ scope: "r=0;p=*;d=*", ...all });
    const region = "(region like '35%' or region = '3171011001')";
    const by = await counted({ region, decile: "decile <= 4", program: "program = 'PKH'" });
    expect(by.households).not.toEqual(all.households);
    expect(reachAfter).toEqual({ scope: "r=3171011001,35;p=PKH;d=4", ...by });
  });

  test("holds the never ranked only where no decile limits it", async () => {
    const unranked = await rowsOf("welfare", "decile is null");
    expect(unranked).toBeGreaterThan(0);
    const { reachAfter } = await simulated({ decileMax: 10 });
    expect(reachAfter.households).toBe(told((await rowsOf("welfare", "true")) - unranked));
  });

  test("never grows when the scope narrows", async () => {
    const narrowing: Partial<Scope>[] = [
      { regions: ["0"] },
      { regions: ["11", "32", "35"] },
      { regions: ["35"] },
      { regions: ["35"], decileMax: 4 },
      { regions: ["35"], decileMax: 4, programs: ["BPNT", "PKH"] },
      { regions: ["3510"], decileMax: 4, programs: ["PKH"] },
      { regions: ["3510"], decileMax: 1, programs: [] },
      { regions: [] },
    ];
    const reaches: Reached[] = [];
    for (const scope of narrowing) reaches.push((await simulated(scope)).reachAfter);
    for (const what of ["households", "persons", "enrolments"] as const) {
      const counts = reaches.map((reach) => reach[what] ?? 0);
      expect(counts, what).toEqual([...counts].sort((a, b) => b - a));
      expect(new Set(counts).size, what).toBeGreaterThan(2);
      expect(counts.at(-1), what).toBe(0);
    }
  });

  test("is withheld where it would point at somebody", async () => {
    const few = await Promise.all((["welfare", "population"] as const).map((name) => rowsOf(name, "region like '9301%'")));
    for (const n of few) expect([n > 0, n < 10]).toEqual([true, true]);
    const { reachAfter } = await simulated({ regions: ["9301"] });
    expect(reachAfter).toMatchObject({ households: null, persons: null, enrolments: null });
  });
});

describe("whoever is no steward", () => {
  test("finds neither the figures nor their type, not even for the agreement's own agency", async () => {
    for (const client of ["bpk", "kemensos", "dinsos-banyuwangi"]) {
      const voice = client === "bpk" ? { agreement: AGREEMENT, case: "LHP-1" } : {};
      const asked = await hub.as(client, voice).ask(SIMULATE, { version: 1 });
      expect([asked.status, asked.errors[0]?.extensions["code"]], client).toEqual([400, "GRAPHQL_VALIDATION_FAILED"]);
      const { data, errors } = await hub.as(client, voice).ask('{ __type(name: "ScopeReach") { name } }');
      expect([data, errors], client).toEqual([{ __type: null }, []]);
    }
    const { data } = await hub.as(stewardOf("BPK")).ask('{ __type(name: "ScopeReach") { name } }');
    expect(data).toEqual({ __type: { name: "ScopeReach" } });
  });
});

describe("a slice asked for the reach of a scope", () => {
  const ask = async (scopes: readonly unknown[], rows = WHOLE_COUNTRY) => {
    const asked = "query ($of: [_Any!]!) { _entities(representations: $of) { ... on ScopeReach { households } } }";
    const of = scopes.map((scope) => ({ __typename: "ScopeReach", scope }));
    const { data } = await slice.ask(asked, { variables: { of }, caller: callerWith({ rows }) });
    return data._entities.map(({ households }: Counts) => households);
  };
  const all = String(printScope(OPEN));

  test("counts among the asker's own rows only", async () => {
    const inJava = await rowsOf("welfare", "region like '35%'");
    expect(await ask([all], { ...WHOLE_COUNTRY, regions: [["35", "36"]] })).toEqual([told(inJava)]);
    expect(await ask([all], { ...WHOLE_COUNTRY, regions: [] })).toEqual([null]);
  });

  test("asks its tables once for each scope, and not at all for what is none", async () => {
    const households = told(await rowsOf("welfare", "true"));
    expect(await ask([all, all, "r=0;p=*", "", null, "r=0' or true;p=*;d=*"])).toEqual([
      households,
      households,
      null,
      null,
      null,
      null,
    ]);
    expect(slice.statements).toBe(1);
  });
});
