import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { stewardOf } from "../../../../drizzle/policy/readyMade.ts";
import { leafHash } from "../../../../schema/record/leaf.ts";
import { governance } from "../../../../subgraphs/governance/index.ts";
import { asRole, asServer, useDatabases } from "../../../kit/database.ts";
import { ani, siti } from "../../../kit/people.ts";
import { callerWith, useSlice } from "../../../kit/slice.ts";
import { integrateAll, recordAll } from "../tracker/kit.ts";

type Json = Record<string, any>;

const NOW = new Date("2026-11-20T05:00:00Z");
const databases = useDatabases();
const slice = useSlice(governance, { databaseUrl: () => databases.urls.governance.runtime, now: () => NOW.getTime() });

const USES = {
  "PKS-2025-001": { agency: "KEMENSOS", purpose: "PROGRAM_ADMINISTRATION" },
  "PKS-2025-002": { agency: "BPJS_KESEHATAN", purpose: "PBI_MEMBERSHIP" },
  "PKS-2025-004": { agency: "DINSOS_BANYUWANGI", purpose: "REGIONAL_WELFARE" },
  "PKS-2025-006": { agency: "BPK", purpose: "FINANCIAL_AUDIT" },
} as const;
const NUMBERS = Object.keys(USES) as (keyof typeof USES)[];
const SEALED = "FINANCIAL_AUDIT";
const under = (agreement: keyof typeof USES, more: Json = {}) => ({ ...USES[agreement], agreement, ...more });

interface Asked {
  readonly numbers?: readonly string[] | null;
  readonly wanted?: Json;
  readonly since?: string | null;
  readonly until?: string | null;
  readonly before?: string | null;
}
const AUDITOR = ["auditor.bpk", "BPK"] as const;

/** The rows the database answers to who asks as `officer`; the last says where the page ends. */
const searched = ([officer, agency]: readonly [string, string], asked: Asked): Promise<Json[]> =>
  asRole(databases.urls.governance.runtime, (sql) =>
    sql.begin(async (tx) => {
      const { numbers = null, wanted = {}, since = null, until = null, before = null } = asked;
      await tx`select set_config('hub.officer', ${`{${officer}}`}, true), set_config('hub.agency', ${`{${agency}}`}, true)`;
      return tx<Json[]>`select id, at, body, more from governance.record_search(
        null, null, ${numbers as string[] | null}::text[], ${JSON.stringify(wanted)}::text::json, ${since}, ${until}, ${NOW}, ${before}, 1000)`;
    }),
  );

/** Copies an entry so many times, a millisecond apart from an instant on. */
const copy = (receipt: string, { from, times }: { from: string; times: number }) =>
  asServer(
    databases.urls.record,
    (sql) => sql`insert into governance.entry (at, leaf, body, request_id, client, agreement, subjects)
      select ${from}::timestamptz + n * interval '1 millisecond', e.leaf, e.body, ${`${from} `} || n, e.client, e.agreement, ''::bytea
      from governance.entry e, generate_series(1, ${times}::integer) n where e.request_id = ${receipt}`,
  );

let receipts: readonly string[] = [];
beforeAll(async () => {
  const told = await recordAll(databases.urls, [
    { at: "2026-11-10T03:00:00.000Z", subjects: { Person: [siti.id] }, body: under("PKS-2025-002", { shown: ["Person.nik"] }) },
    { at: "2026-11-10T04:00:00.000Z", subjects: { Person: [ani.id] }, body: under("PKS-2025-002", { shown: ["Person.nik"] }) },
    { at: "2026-11-10T05:00:00.000Z", body: under("PKS-2025-006", { masked: ["Person.nik"] }) },
  ]);
  receipts = told.map(({ receipt }) => receipt);
  await integrateAll(databases.urls);
  await asServer(
    databases.urls.governance.owner,
    (sql) => sql`update governance.purpose set disclosure = 'SEALED' where code = ${SEALED}`,
  );
});
const [ORDINARY, OTHER, HIDDEN] = [0, 1, 2].map((at) => () => receipts[at] ?? "") as [() => string, () => string, () => string];

test("T47 a person and a receipt: both must hold, so that no receipt is told to stand under a person it does not", async () => {
  const found = async (filter: Json) => {
    const { data, errors } = await slice.ask(
      "query ($filter: RecordFilter) { accessRecord(filter: $filter) { nodes { receipt } } }",
      {
        variables: { filter },
        caller: callerWith({
          ...{ client: AUDITOR[0], officer: AUDITOR[0], agency: "BPK" },
          ...{ agreement: "PKS-2025-101", purpose: "ACCESS_GOVERNANCE", case: "LHP-7/2026" },
        }),
      },
    );
    expect(errors).toEqual([]);
    return data.accessRecord.nodes.map(({ receipt }: Json) => receipt);
  };
  expect(await found({ person: siti.id, receipt: ORDINARY() })).toEqual([ORDINARY()]);
  expect(await found({ person: siti.id, receipt: OTHER() })).toEqual([]);
  expect(await found({ person: siti.id })).toEqual([ORDINARY()]);
});

describe("T47 whoever picks a window to count what is hidden in it", () => {
  const NOTHING = { wanted: { coordinate: "Person.motherName" } };
  const EACH = [null, ["PKS-2025-002", "PKS-2025-006"]];
  const from = "2026-11-12T17:00:00Z";
  const [noon, until] = ["2026-11-13T05:00:00Z", "2026-11-13T17:00:00Z"];

  test("learns of no single one where as many as are read at one time lie beside it", async () => {
    await copy(ORDINARY(), { from, times: 4_999 });
    await copy(HIDDEN(), { from: noon, times: 1 });
    for (const numbers of EACH) {
      const without = await searched(AUDITOR, { ...NOTHING, numbers, since: from, until: noon });
      expect(without).toEqual([{ id: null, at: null, body: null, more: false }]);
      expect(await searched(AUDITOR, { ...NOTHING, numbers, since: from, until })).toEqual(without);
    }
    await copy(ORDINARY(), { from: "2026-11-13T06:00:00Z", times: 1 });
    await copy(HIDDEN(), { from: "2026-11-13T07:00:00Z", times: 3 });
    for (const numbers of EACH) {
      const [end, ...none] = await searched(AUDITOR, { ...NOTHING, numbers, since: from, until });
      expect([end, none]).toEqual([{ id: "1000", at: new Date(until), body: null, more: true }, []]);
    }
  });

  test("is led past thousands of them to what there is to see, without a next page that shows nothing", async () => {
    await copy(HIDDEN(), { from: "2026-11-14T05:00:00Z", times: 12_000 });
    const rows = await searched(AUDITOR, { since: "2026-11-13T05:59:00Z", until: "2026-11-15T17:00:00Z" });
    expect(rows.map(({ at, more }) => [at, more])).toEqual([
      [new Date("2026-11-13T06:00:00.001Z"), null],
      [null, false],
    ]);
  });
});

describe("T47 pages over random entries", () => {
  const SIGHTS = [
    AUDITOR,
    ["dpo.hub", "HUB"],
    ["dpo.kemensos", "KEMENSOS"],
    [stewardOf("DUKCAPIL"), "DUKCAPIL"],
    [stewardOf("BPJS_KESEHATAN"), "BPJS_KESEHATAN"],
  ] as const;
  const START = Date.parse("2026-11-16T00:00:00Z");
  const COUNT = 8_000;
  const instant = fc.integer({ min: 0, max: COUNT }).map((second) => new Date(START + second * 1000).toISOString());
  const filters = fc.record(
    {
      agreement: fc.constantFrom(...NUMBERS),
      agency: fc.constantFrom("KEMENSOS", "BPK", "BPJS_KESEHATAN"),
      status: fc.constantFrom("ANSWERED", "INTENDED", "FORBIDDEN"),
      coordinate: fc.constantFrom("Person.nik", "Household.address", "Person.motherName"),
      since: instant,
      until: instant,
    },
    { requiredKeys: [] },
  );

  /** Entries of all kinds, written nearly in the order of their instants. */
  async function written(): Promise<Json[]> {
    const pick = <T>(list: readonly T[], at: number): T => list[at % list.length] as T;
    const random = fc.sample(fc.nat(), { numRuns: COUNT * 4, seed: 7 });
    const rows = Array.from({ length: COUNT }, (_, n) => {
      const [a = 0, b = 0, c = 0, d = 0] = random.slice(n * 4, n * 4 + 4);
      const body = under(pick(NUMBERS, a), {
        status: pick(["ANSWERED", "ANSWERED", "INTENDED", "FORBIDDEN"], b),
        shown: pick([["Person.nik"], ["Region.name"], [], ["Household.address"]], c),
        denied: pick([[], ["Person.motherName"]], d),
      });
      const at = new Date(START + n * 1000 + (d % 5_000));
      const text = JSON.stringify({ ...body, n });
      return {
        at,
        leaf: leafHash(text),
        body: text,
        request_id: `r-${n}`,
        client: "x",
        agreement: body.agreement,
        subjects: Buffer.alloc(0),
      };
    });
    await asServer(databases.urls.record, async (sql) => {
      for (let at = 0; at < COUNT; at += 4_000) await sql`insert into governance.entry ${sql(rows.slice(at, at + 4_000))}`;
    });
    return rows.map(({ at, body }) => ({ at, ...JSON.parse(body) }));
  }

  /** What a steward may see at all: of which agreements, by which coordinates. */
  const sightOf = (agency: string) =>
    asRole(databases.urls.governance.owner, async (sql) => {
      const owned = (await sql<Json[]>`select governance.controlled_by(${agency}) as coordinate`).map(
        ({ coordinate }) => coordinate,
      );
      const numbers = (
        await sql<Json[]>`select number from governance.agreement where consumer_agency = ${agency} or number in
          (select agreement_number from governance.resolved_coordinate where coordinate = any (${owned}))`
      ).map(({ number }) => number);
      return (one: Json) =>
        one["purpose"] !== SEALED &&
        numbers.includes(one["agreement"]) &&
        (one["agency"] === agency || one["shown"].some((coordinate: string) => owned.includes(coordinate)));
    });

  test("hold what a plain filter of all entries holds, for everybody who may search", async () => {
    const all = (await written()).toReversed();
    const sees = new Map<string, (one: Json) => boolean>([
      ["auditor.bpk", ({ purpose }) => purpose !== SEALED],
      ["dpo.hub", () => true],
    ]);
    for (const [id, agency] of SIGHTS) if (!sees.has(id)) sees.set(id, await sightOf(agency));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...SIGHTS), filters, async (who, { agreement, since, until, ...told }) => {
        const window = { since: since ?? new Date(START).toISOString(), until: until ?? "2026-11-17T00:00:00Z" };
        const fits = (one: Json) =>
          (agreement === undefined || one["agreement"] === agreement) &&
          (told.agency === undefined || one["agency"] === told.agency) &&
          (told.status === undefined ? one["status"] !== "INTENDED" : one["status"] === told.status) &&
          (told.coordinate === undefined || [...one["shown"], ...one["denied"]].includes(told.coordinate)) &&
          one["at"] >= new Date(window.since) &&
          one["at"] < new Date(window.until);
        const expected = all.filter((one) => fits(one) && sees.get(who[0])?.(one)).map(({ n }) => n);
        const found: number[] = [];
        for (let [before, more] = [null as string | null, true]; more; ) {
          const rows = await searched(who, { numbers: agreement ? [agreement] : null, wanted: told, ...window, before });
          const end = rows.pop();
          found.push(...rows.map(({ body }) => JSON.parse(body).n));
          [before, more] = [end?.["id"], end?.["more"]];
        }
        expect(found).toEqual(expected);
      }),
      { numRuns: 25 },
    );
  }, 180_000);
});
