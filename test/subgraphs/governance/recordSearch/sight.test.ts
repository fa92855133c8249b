import { beforeAll, describe, expect, test } from "vitest";
import { stewardOf } from "../../../../drizzle/policy/readyMade.ts";
import { governance } from "../../../../subgraphs/governance/index.ts";
import { asRole, asServer, useDatabases } from "../../../kit/database.ts";
import { ani, siti } from "../../../kit/people.ts";
import { callerWith, useSlice } from "../../../kit/slice.ts";
import { integrateAll, recordAll } from "../tracker/kit.ts";

type Json = Record<string, any>;

const NOON = Date.parse("2026-11-20T05:00:00Z");
const databases = useDatabases();
const slice = useSlice(governance, { databaseUrl: () => databases.urls.governance.runtime, now: () => NOON });

const BPK = { agency: "BPK", client: "bpk", agreement: "PKS-2025-006", purpose: "FINANCIAL_AUDIT" };
const DINSOS = {
  ...{ agency: "DINSOS_BANYUWANGI", client: "dinsos-banyuwangi", agreement: "PKS-2025-004", purpose: "REGIONAL_WELFARE" },
};
const SIGHTS = [
  ["auditor.bpk", "BPK"],
  ["dpo.kemensos", "KEMENSOS"],
  ["dpo.kemendikdasmen", "KEMENDIKDASMEN"],
  [stewardOf("DUKCAPIL"), "DUKCAPIL"],
  [stewardOf("KEMENDIKDASMEN"), "KEMENDIKDASMEN"],
] as const;
const BY_PERSON = ["auditor.bpk", "dpo.kemensos", "dpo.kemendikdasmen"];
const PAGE = `query ($filter: RecordFilter, $first: Int!) { accessRecord(filter: $filter, first: $first) {
  searchedTo pageInfo { hasNextPage endCursor } nodes { receipt at } } }`;
let sealed: readonly string[] = [];

/** A page, and whether it ends anywhere: the cursor itself is ciphertext, never twice the same. */
async function pageOf([id, agency]: readonly [string, string], filter: Json, first = 100) {
  const { data, errors } = await slice.ask(PAGE, {
    variables: { filter, first },
    caller: callerWith({
      ...{ client: id, officer: id, agency, agreement: "PKS-2025-101", purpose: "ACCESS_GOVERNANCE", case: "LHP-7/2026" },
    }),
  });
  expect(errors).toEqual([]);
  const { nodes, searchedTo, pageInfo } = data.accessRecord as Json;
  return { nodes, searchedTo, hasNextPage: pageInfo.hasNextPage, ends: pageInfo.endCursor !== null };
}
const told = async (who: readonly [string, string], filter: Json) => JSON.stringify(await pageOf(who, filter));

beforeAll(async () => {
  const access = { subjects: { Person: [siti.id] }, body: { ...BPK, case: "RAHASIA-1", masked: ["Person.nik"] } };
  const recorded = await recordAll(databases.urls, [
    { at: "2026-11-10T03:00:00.123Z", ...access },
    { at: "2026-11-11T03:00:00.000Z", body: { shown: ["Person.nik"], subjects: 0 } },
    { at: "2026-11-12T04:00:00.456Z", ...access },
  ]);
  sealed = [0, 2].map((at) => recorded[at]?.receipt ?? "");
  await integrateAll(databases.urls);
  await asServer(
    databases.urls.governance.owner,
    (sql) => sql`update governance.purpose set disclosure = 'SEALED' where code = 'FINANCIAL_AUDIT'`,
  );
});

describe("a search never tells that there is something it does not show", () => {
  test.each(SIGHTS)(
    "%s is told of a sealed access what they are told of none: by receipt, agreement, agency and time",
    async (...who) => {
      const nothing = await told(who, { receipt: "no-such-receipt" });
      expect(nothing).toBe('{"nodes":[],"searchedTo":null,"hasNextPage":false,"ends":false}');
      for (const receipt of sealed) expect(await told(who, { receipt })).toBe(nothing);
      const window = { from: "2026-11-12T00:00:00Z", to: "2026-11-13T00:00:00Z" };
      const narrowed = [
        { agreement: BPK.agreement },
        { purpose: BPK.purpose },
        { agency: "BPK" },
        { coordinate: "Person.nik" },
        {},
      ];
      for (const filter of narrowed) expect(await told(who, { ...filter, ...window })).toBe(nothing);
    },
  );

  test.each(SIGHTS.filter(([id]) => BY_PERSON.includes(id)))(
    "%s is told of a person whose accesses are sealed what they are told of one nobody asked about",
    async (...who) => {
      expect(await told(who, { person: siti.id })).toBe(await told(who, { person: ani.id }));
    },
  );

  test("an older access that is hidden makes no next page, and no page ends at it", async () => {
    const page = await pageOf(["auditor.bpk", "BPK"], {}, 1);
    expect(page).toMatchObject({ nodes: [{ at: expect.anything() }], searchedTo: null, hasNextPage: false });
    expect((await pageOf(["dpo.hub", "HUB"], { person: siti.id })).nodes).toHaveLength(2);
  });

  test("where thousands are read and none is shown, the page says a day and goes on to what there is", async () => {
    await asServer(databases.urls.record, async (sql) => {
      const [only] = await recordAll(databases.urls, [{ at: "2026-11-12T05:00:00Z", body: { shown: ["Region.name"] } }]);
      await sql`insert into governance.entry (at, leaf, body, request_id, client, agreement, subjects)
        select e.at, e.leaf, e.body, 'copy-' || n, e.client, e.agreement, ''::bytea
        from governance.entry e, generate_series(1, 5000) n where e.request_id = ${only?.receipt ?? ""}`;
    });
    const search = (before: string | null) =>
      asRole(databases.urls.governance.runtime, (sql) =>
        sql.begin(async (tx) => {
          await tx`select set_config('hub.officer', '{auditor.bpk}', true), set_config('hub.agency', '{BPK}', true)`;
          return tx`select id, at, body is null as ends, more
            from governance.record_search(null, null, null, '{"coordinate": "Person.nik"}', null, null, ${new Date(NOON)}, ${before}, 100)`;
        }),
      );
    const [end, ...none] = await search(null);
    expect([end, none]).toEqual([{ id: "1000", at: new Date("2026-11-12T17:00:00Z"), ends: true, more: true }, []]);
    const seen = { id: "2", at: new Date("2026-11-11T03:00:00Z"), ends: false };
    expect(await search(end?.["id"])).toMatchObject([seen, { id: "2", at: null, ends: true, more: false }]);
  });
});

describe("what a slice could ask of the database beside it", () => {
  const actingAs = ({ officer, agency }: { readonly officer?: string; readonly agency: string }, person: string) =>
    asRole(databases.urls.governance.runtime, (sql) =>
      sql.begin(async (tx) => {
        await tx`select set_config('hub.officer', ${officer ? `{${officer}}` : "{}"}, true), set_config('hub.agency', ${`{${agency}}`}, true)`;
        return (await tx`select id from governance.acting(${person})`).map(({ id }) => id);
      }),
    );

  test("whoever acts is told their own name and roles: no other steward's, not even of their agency", async () => {
    expect(await actingAs({ officer: "dpo.kemensos", agency: "KEMENSOS" }, "dpo.kemensos")).toEqual(["dpo.kemensos"]);
    expect(await actingAs({ officer: "dpo.kemensos", agency: "KEMENSOS" }, "steward.kemensos")).toEqual([]);
    expect(await actingAs({ officer: "dpo.kemensos", agency: "KEMENSOS" }, "analis.kemensos")).toEqual([]);
    expect(await actingAs({ officer: "auditor.bpk", agency: "KEMENSOS" }, "auditor.bpk")).toEqual([]);
  });

  test("an analyst, for whom no officer acts, is told theirs under the agency they ask for", async () => {
    expect(await actingAs({ agency: "KEMENSOS" }, "analis.kemensos")).toEqual(["analis.kemensos"]);
    expect(await actingAs({ agency: "BPK" }, "analis.kemensos")).toEqual([]);
    expect(await actingAs({ agency: "KEMENSOS" }, "steward.kemensos")).toEqual([]);
    expect(
      await asRole(databases.urls.governance.runtime, (sql) => sql`select from governance.acting('analis.kemensos')`),
    ).toEqual([]);
  });
});

describe("entries of gateways whose clocks differ", () => {
  test("are found from and until an instant, whatever order they were written in", async () => {
    await recordAll(databases.urls, [
      { at: "2026-11-15T03:00:10.000Z", body: DINSOS },
      { at: "2026-11-15T03:00:00.000Z", body: DINSOS },
    ]);
    const found = async (filter: Json) =>
      (await pageOf(["auditor.bpk", "BPK"], { agency: DINSOS.agency, ...filter })).nodes.map(({ at }: Json) => at);
    expect(await found({ from: "2026-11-15T03:00:05Z" })).toEqual(["2026-11-15T03:00:10.000Z"]);
    expect(await found({ from: "2026-11-15T02:59:00Z", to: "2026-11-15T03:00:05Z" })).toEqual(["2026-11-15T03:00:00.000Z"]);
  });
});
