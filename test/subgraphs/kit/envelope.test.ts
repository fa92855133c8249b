import { beforeAll, describe, expect, test } from "vitest";
import { rawClient } from "../../../drizzle/client.ts";
import type { Asking } from "../../../subgraphs/kit/serve/context.ts";
import { createSubgraph } from "../../../subgraphs/kit/serve/createSubgraph.ts";
import { useDatabases } from "../../kit/database.ts";
import { callerWith, codesOf, useSlice, WHOLE_COUNTRY } from "../../kit/slice.ts";

// What an envelope turns into behind the door: a read-only transaction under its rows, its agency and its deadline.

const SETTINGS = [
  "hub.regions",
  "hub.programs",
  "hub.decile_max",
  "hub.agency",
  "hub.agreement",
  "statement_timeout",
  "transaction_read_only",
];
type Session = Record<string, string>;

const probe = createSubgraph({
  name: "population",
  typeDefs: `
    type Query {
      "Setelan."
      settings: String
      "Wilayah yang terlihat."
      regionsSeen: [String!]
      "Gagal."
      broken: String
      "Tidur."
      sleep: String
      "Menulis."
      write: String
      "Tanpa tanya."
      idle: String
    }`,
  resolvers: {
    Query: {
      settings: (_: unknown, _args: unknown, { load }: { load: Probe }) => load.settings(),
      regionsSeen: (_: unknown, _args: unknown, { load }: { load: Probe }) => load.regionsSeen(),
      broken: (_: unknown, _args: unknown, { load }: { load: Probe }) => load.run("select 1/0"),
      sleep: (_: unknown, _args: unknown, { load }: { load: Probe }) => load.run("select pg_sleep(5)"),
      write: (_: unknown, _args: unknown, { load }: { load: Probe }) => load.run("create temp table t (n int)"),
      idle: () => "nothing asked",
    },
  },
  loaders: ({ db }: Asking) => ({
    settings: async () =>
      JSON.stringify((await db.execute(`select ${SETTINGS.map((name) => `current_setting('${name}') as "${name}"`)}`))[0]),
    // No condition at all: what row-level security lets through is what a forgetful slice would answer.
    regionsSeen: async () => (await db.execute("select distinct region from person order by region")).map((row) => row["region"]),
    run: async (text: string) => String(await db.execute(text)),
  }),
});
type Probe = { settings(): Promise<string>; regionsSeen(): Promise<unknown[]>; run(text: string): Promise<string> };

const databases = useDatabases();
const slice = useSlice(probe, { databaseUrl: () => databases.urls.population.runtime });
const under = (regions: readonly (readonly [string, string])[]) => ({
  caller: callerWith({ rows: { ...WHOLE_COUNTRY, regions } }),
});

beforeAll(async () => {
  const sql = rawClient(databases.urls.population.owner, { max: 1 });
  const codes = ["9911", "9912", "9913", "9914"];
  await sql`insert into region ${sql(codes.map((code) => ({ code, name: code, level: "REGENCY" })))}`;
  const person = (code: string, n: number) => ({
    id: `00000000-0000-4000-8000-00000000${code}`,
    nik: `${code}010101909${n}01`,
    full_name: code,
    sex: "MALE",
    birth_date: "1990-01-01",
    birth_place: "X",
    mother_name: "X",
    address: "X",
    region: code,
  });
  await sql`insert into person ${sql(codes.map((code, n) => person(code, n)))}`;
  await sql.end();
});

const settings = async (options: Parameters<typeof slice.ask>[1]): Promise<Session> =>
  JSON.parse((await slice.ask("{ settings }", options)).data.settings);

describe("the session of a fetch", () => {
  test("is read only, under the rows, agency and agreement of the envelope", async () => {
    const rows = {
      regions: [
        ["3510", "3511"],
        ["32", "33"],
      ] as const,
      programs: ["PKH", "KIP"],
      decileMax: 4,
    };
    const caller = callerWith({ rows, agency: "DINSOS_BANYUWANGI", agreement: "PKS-2025-004" });
    expect(await settings({ caller })).toMatchObject({
      "hub.regions": '{"3510","3511","32","33"}',
      "hub.programs": '{"PKH","KIP"}',
      "hub.decile_max": "4",
      "hub.agency": '{"DINSOS_BANYUWANGI"}',
      "hub.agreement": '{"PKS-2025-004"}',
      transaction_read_only: "on",
    });
    expect(codesOf(await slice.ask("{ write }"))).toEqual(["INTERNAL_SERVER_ERROR"]);
  });

  test.each([
    ["7500", 7_500],
    ["999999", 30_000],
    ["soon", 5_000],
    [undefined, 5_000],
  ])("lets PostgreSQL work as long as the gateway waits: of hub-deadline-ms %s what is left of %s", async (deadline, mostMs) => {
    const headers = deadline === undefined ? {} : { "hub-deadline-ms": deadline };
    const [, number = "", unit = ""] = /^(\d+)(ms|s)$/.exec((await settings({ headers }))["statement_timeout"] ?? "") ?? [];
    const leftMs = Number(number) * (unit === "s" ? 1000 : 1);
    expect(leftMs).toBeLessThanOrEqual(mostMs);
    expect(leftMs).toBeGreaterThan(mostMs - 4_000); // it counts from when the fetch came in
  });

  test("ends with the deadline, not with the statement", async () => {
    const startedAt = performance.now();
    expect(codesOf(await slice.ask("{ sleep }", { headers: { "hub-deadline-ms": "200" } }))).toEqual(["SUBGRAPH_TIMEOUT"]);
    expect(performance.now() - startedAt).toBeLessThan(3_000);
  });

  test("is not opened where nothing is asked", async () => {
    expect((await slice.ask("{ idle }")).data).toEqual({ idle: "nothing asked" });
    expect(slice.statements).toBe(0);
  });

  test("gives its connection back after an error, more often than the pool has connections", async () => {
    const answers = await Promise.all(Array.from({ length: 40 }, () => slice.ask("{ broken }")));
    expect(answers.flatMap(codesOf)).toEqual(Array(40).fill("INTERNAL_SERVER_ERROR"));
    expect((await slice.ask("{ regionsSeen }")).data.regionsSeen.length).toBeGreaterThan(0);
  });

  test("with a malformed scope is refused before any SQL", async () => {
    for (const regions of [
      [["32'; drop table person; --", "33"]],
      [
        ["1", "2"],
        ["3", "4"],
        ["5", "6"],
        ["7", "8"],
        ["9", "A"],
      ],
    ] as const) {
      const answer = await slice.ask("{ regionsSeen }", under(regions as never));
      expect([answer.status, ...codesOf(answer)]).toEqual([500, "INTERNAL_SERVER_ERROR"]);
    }
  });

  test("T26 never shows another's rows: 1,000 interleaved fetches under four scopes and none", async () => {
    const scopes = [
      { regions: [["9911", "9912"]], sees: ["9911"] },
      { regions: [["9912", "9913"]], sees: ["9912"] },
      { regions: [["9911", "9913"]], sees: ["9911", "9912"] },
      {
        regions: [
          ["9911", "9912"],
          ["9914", "9915"],
        ],
        sees: ["9911", "9914"],
      },
      { regions: [], sees: [] },
    ] as const;
    const wrong: unknown[] = [];
    const ask = async (n: number) => {
      const { regions, sees } = scopes[n % scopes.length] ?? scopes[0];
      const answer = await slice.ask(n % 7 === 0 ? "{ broken regionsSeen }" : "{ regionsSeen }", under(regions));
      // After an error PostgreSQL ignores the rest of the transaction: no rows are fine then, others' rows never.
      const seen = answer.data?.regionsSeen ?? (n % 7 === 0 ? sees : undefined);
      if (JSON.stringify(seen) !== JSON.stringify(sees)) wrong.push({ n, seen, sees });
    };
    for (let start = 0; start < 1_000; start += 50) await Promise.all(Array.from({ length: 50 }, (_, n) => ask(start + n)));
    expect(wrong).toEqual([]);
  }, 30_000);
});
