import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openPool, type Pool, type Scope, SLICES } from "../../../drizzle/client.ts";
import { person } from "../../../drizzle/tables/population/population.ts";
import { household } from "../../../drizzle/tables/welfare/welfare.ts";
import { leafHash } from "../../../schema/record/leaf.ts";
import { regionRange } from "../../../schema/values/regionCode.ts";
import { asRole, failing, useDatabases } from "../../kit/database.ts";
import { budi, joko, maria, rina, siti, sitisHome, tonosHome } from "../../kit/people.ts";
import { ACTED, AID_ACTED, AID_MOVED, AID_OPEN, MOVED, REGISTRY_OPEN, ROLLUPS } from "./acts.ts";

const databases = useDatabases();
const WHOLE: Scope = {
  regions: [["0", "A"]],
  programs: null,
  decileMax: 100,
  agency: "KEMENSOS",
  officer: null,
  citizen: null,
  agreement: "PKS-2025-001",
  purpose: "PROGRAM_ADMINISTRATION",
};
const BANYUWANGI: Scope = { ...WHOLE, regions: [regionRange("3510")] };

let population: Pool;
let welfare: Pool;
let programs: Pool;
let governance: Pool;
beforeAll(() => {
  population = openPool(databases.urls.population.runtime, { max: 8 });
  welfare = openPool(databases.urls.welfare.runtime, { max: 2 });
  programs = openPool(databases.urls.programs.runtime, { max: 2 });
  governance = openPool(databases.urls.governance.runtime, { max: 2 });
});
afterAll(() => Promise.all([population, welfare, programs, governance].map((pool) => pool.end())));

/** Rows of one question in a session of its own. */
async function ask(pool: Pool, scope: Scope, text: string): Promise<Record<string, unknown>[]> {
  const session = pool.session(scope);
  try {
    return [...(await session.db.execute(sql.raw(text)))];
  } finally {
    await session.close();
  }
}
describe("what the tables promise", () => {
  // tables without a person in them: reference data, roll-ups, and bookkeeping that only the owner may read
  const OPEN = new Set([
    ...["population.region", "welfare.registry_version", "welfare.psks_institution", "welfare.decile_count", "programs.program"],
    ...["governance.agency", "governance.purpose", "governance.class_ceiling", "governance.epoch"],
    ...["governance.supergraph", "governance.coordinate"],
    ...["checkpoint", "cosignature", "record_cursor", "record_move", "tile", "tree_entry", "usage_day", "usage_field"].map(
      (table) => `governance.${table}`,
    ),
    ...REGISTRY_OPEN.map((table) => `welfare.${table}`),
    ...["population.synthetic_seed", "welfare.synthetic_seed", "programs.synthetic_seed", "welfare.import_run"],
    ...AID_OPEN.map((table) => `programs.${table}`),
    ...["population", "welfare", "programs"].flatMap((slice) => ROLLUPS.map((table) => `${slice}.${table}`)),
    ...["cube", "release", "published_figure"].map((table) => `statistics.${table}`),
    ...["banyuwangi.meal_price", "banyuwangi.synthetic_seed"],
  ]);

  test("every table that can hold a person forces row-level security and has a policy", async () => {
    const found = await Promise.all(
      SLICES.map((slice) =>
        asRole(
          databases.urls[slice].owner,
          (client) =>
            client<{ name: string; forced: boolean; policies: number }[]>`
            select relnamespace::regnamespace || '.' || relname as name, relrowsecurity and relforcerowsecurity as forced,
              (select count(*)::int from pg_policy where polrelid = c.oid) as policies
            from pg_class c where relkind in ('r', 'p') and relnamespace::regnamespace::text in (${slice}, 'match')`,
        ),
      ),
    );
    const tables = found.flat().filter(({ name }) => !OPEN.has(name));
    expect(tables.filter(({ forced, policies }) => !forced || policies === 0)).toEqual([]);
    expect(tables.length).toBe(146);
    expect(found.flat().length).toBe(146 + OPEN.size);
  });

  test("no view shows rows that the table hides", async () => {
    for (const slice of SLICES) {
      const views = await asRole(
        databases.urls[slice].owner,
        (client) =>
          client`select relname from pg_class where relkind in ('v', 'm') and relnamespace::regnamespace::text in (${slice}, 'match') and not coalesce(reloptions @> '{security_invoker=true}', false)`,
      );
      expect([slice, [...views]]).toEqual([slice, []]);
    }
  });

  const DCI = ["dci_message", "dci_subscription", "dci_transaction"];
  const INSERTED = [
    ...["access_request", "agreement", "agreement_version", "approval", "breach_case", "canary", "case_seal"],
    ...["decision_table", "event_subscription", "feed_key", "glass_break", "grant_row", "policy_event", "representation"],
    ...["resolved_coordinate", "sanction", "schema_notice", "semester_report", "steward", "steward_key"],
    ...["subject_request", "trusted_document"],
  ];
  const UPDATED = [
    ...["access_request", "agreement", "agreement_version", "breach_case", "canary", "case_seal", "dead_event"],
    ...["decision_table", "event_subscription", "feed_key", "glass_break"],
    ...["representation", "restriction", "sanction", "schema_notice", "steward_key", "subject_request", "trusted_document"],
  ];
  test("a role of the hub only reads, but for what is named here; only drafts are deleted", async () => {
    const roles = [...SLICES.map((slice) => databases.urls[slice].runtime), databases.urls.gateway, databases.urls.record];
    const granted = await Promise.all(
      roles.map((url) =>
        asRole(
          url,
          (client) => client<{ grantee: string; does: string }[]>`
            select distinct grantee::text, privilege_type || ' ' || table_schema || '.' || table_name as does
            from information_schema.column_privileges where grantee = current_user
            union select grantee::text, privilege_type || ' ' || table_schema || '.' || table_name
            from information_schema.role_table_grants where grantee = current_user order by 1, 2`,
        ),
      ),
    );
    // what acting once takes: operations/scaleOutEnvelopes
    const beyondReading = granted.flat().filter(({ does }) => !/^SELECT |\.used_envelope$/.test(does));
    expect(beyondReading.map(({ grantee, does }) => `${grantee}: ${does}`)).toEqual([
      ...["chunk", "job"].map((table) => `hub_population: INSERT match.${table}`),
      ...["civil_event", "individual_event", "verification_attempt", "verification_count"].map(
        (table) => `hub_population: INSERT population.${table}`,
      ),
      "hub_population: UPDATE match.job",
      ...["civil_event", "individual", "review_case", "verification_attempt", "verification_count"].map(
        (table) => `hub_population: UPDATE population.${table}`,
      ),
      ...ACTED.map((table) => `hub_welfare: INSERT welfare.${table}`),
      ...MOVED.map((table) => `hub_welfare: UPDATE welfare.${table}`),
      ...AID_ACTED.map((table) => `hub_programs: INSERT programs.${table}`),
      ...AID_MOVED.map((table) => `hub_programs: UPDATE programs.${table}`),
      "hub_banyuwangi: INSERT banyuwangi.meal_aid",
      "hub_banyuwangi: INSERT banyuwangi.meal_month",
      "hub_banyuwangi: UPDATE banyuwangi.meal_aid",
      "hub_banyuwangi: UPDATE banyuwangi.meal_month",
      ...["grant_row", "resolved_coordinate"].map((table) => `hub_governance: DELETE governance.${table}`),
      ...INSERTED.map((table) => `hub_governance: INSERT governance.${table}`),
      ...UPDATED.map((table) => `hub_governance: UPDATE governance.${table}`),
      ...[...DCI, "export_job"].map((table) => `hub_gateway: DELETE governance.${table}`),
      ...[...DCI, "dead_event", "export_job"].map((table) => `hub_gateway: INSERT governance.${table}`),
      ...[...DCI.slice(1), "dead_event", "event_progress", "export_job"].map(
        (table) => `hub_gateway: UPDATE governance.${table}`,
      ),
      "hub_record: INSERT governance.entry",
    ]);
    expect(granted.every((rights) => rights.length > 0)).toBe(true);
  });
});

describe("scope", () => {
  test("rows of the region are seen, others are not, and an empty scope sees none", async () => {
    const count = async (regions: Scope["regions"]) =>
      Number((await ask(population, { ...WHOLE, regions }, "select count(*) as n from population.person"))[0]?.["n"]);
    const [all, banyuwangi, papua, none] = await Promise.all([
      count([["0", "A"]]),
      count([regionRange("3510")]),
      count([regionRange("93")]),
      count([]),
    ]);
    expect(banyuwangi).toBeGreaterThan(4);
    expect(papua).toBeGreaterThanOrEqual(1);
    expect(all).toBeGreaterThan(banyuwangi + papua);
    expect(none).toBe(0);
  });

  test("four ranges are seen together; a fifth is refused", async () => {
    const codes = ["3510", "93", "3171", "52"];
    const rows = await ask(
      population,
      { ...WHOLE, regions: codes.map(regionRange) },
      "select distinct left(region, 2) as p from population.person order by 1",
    );
    expect(rows.map((row) => row["p"])).toEqual(expect.arrayContaining(["31", "35", "93"]));
    expect(() => population.session({ ...WHOLE, regions: [...codes, "51"].map(regionRange) })).toThrow(/5 region ranges/);
  });

  test.each([["3510'; reset role; --"], ["3510}"], [""], ["B"]])("a region bound of %j never reaches the database", (bound) => {
    expect(() => population.session({ ...WHOLE, regions: [[bound, "A"]] })).toThrow(/malformed/);
  });
  test.each([["A'B"], ['A"B'], ["A,B"], [""], ["A\\B"]])("an agency of %j never reaches the database", (agency) => {
    expect(() => governance.session({ ...WHOLE, agency })).toThrow(/malformed/);
  });

  test("a household above the decile of the scope is not there, nor is anything below it", async () => {
    const poorest = { ...WHOLE, decileMax: 2 };
    for (const table of ["household", "family", "member", "ranking"]) {
      const column = table === "household" ? "decile" : "household_decile";
      const [row] = await ask(
        welfare,
        poorest,
        `select max(coalesce(${column}, 100)) as highest, count(*)::int as n from welfare.${table}`,
      );
      expect([table, row?.["highest"]]).toEqual([table, 2]);
      expect(row?.["n"]).toBeGreaterThan(0);
    }
    expect(await ask(welfare, poorest, `select id from welfare.household where id = '${tonosHome.id}'`)).toEqual([]); // never ranked
    expect(await ask(welfare, WHOLE, `select id from welfare.household where id = '${tonosHome.id}'`)).toHaveLength(1);
  });

  test("enrolments and payments of other programs are not there", async () => {
    const pbi = { ...WHOLE, programs: ["PBI_JK"] };
    expect(await ask(programs, pbi, "select distinct program from programs.enrolment")).toEqual([{ program: "PBI_JK" }]);
    expect(await ask(programs, pbi, "select distinct program from programs.payment_period")).toEqual([{ program: "PBI_JK" }]);
    expect(await ask(programs, { ...WHOLE, programs: [] }, "select program from programs.enrolment")).toEqual([]);
    expect((await ask(programs, WHOLE, "select distinct program from programs.enrolment")).length).toBeGreaterThan(3);
  });

  test("an agency reads its own agreements; the gateway reads all", async () => {
    const own = await ask(governance, { ...WHOLE, agency: "BPK" }, "select distinct consumer_agency from governance.agreement");
    expect(own).toEqual([{ consumer_agency: "BPK" }]);
    const versions = await ask(
      governance,
      { ...WHOLE, agency: "NOBODY" },
      "select 1 from governance.agreement_version union all select 1 from governance.grant_row union all select 1 from governance.client",
    );
    expect(versions).toEqual([]);
    const all = await asRole(
      databases.urls.gateway,
      (client) => client`select distinct consumer_agency from governance.agreement`,
    );
    expect(all.length).toBeGreaterThan(3);
  });

  test("a question without scope raises, also on a connection that had one before", async () => {
    const tables = {
      population: "population.person",
      welfare: "welfare.household",
      programs: "programs.enrolment",
      banyuwangi: "banyuwangi.meal_aid",
      statistics: "statistics.cell",
      governance: "governance.agreement",
    } as const;
    for (const slice of SLICES)
      await asRole(databases.urls[slice].runtime, async (client) => {
        expect([slice, await failing(client`select 1 from ${client(tables[slice])} limit 1`)]).toEqual([slice, "42704"]);
        await client.begin((tx) =>
          tx.unsafe(
            `set local hub.regions = '{"0","A"}'; set local hub.programs = '{*}'; set local hub.decile_max = 100; set local hub.agency = '{KEMENSOS}'; set local hub.officer = '{}'; select 1 from ${tables[slice]}`,
          ),
        );
        expect([slice, await failing(client`select 1 from ${client(tables[slice])} limit 1`)]).toEqual([slice, "22P02"]);
      });
  });

  test("600 interleaved scopes on one pool never mix", async () => {
    const areas = ["35", "32", "33", "3510"].map((code) => ({ code, scope: { ...WHOLE, regions: [regionRange(code)] } }));
    const isRight = async (_: unknown, i: number) => {
      const { code, scope } = areas[i % areas.length] ?? { code: "", scope: WHOLE };
      const session = population.session(scope);
      const rows = await session.db.select({ region: person.region }).from(person).limit(10);
      await session.close();
      return rows.length > 0 && rows.every(({ region }) => region.startsWith(code));
    };
    const outcomes: boolean[] = [];
    while (outcomes.length < 600) outcomes.push(...(await Promise.all(Array.from({ length: 120 }, isRight)))); // as many as may wait
    expect(outcomes.filter((right) => !right)).toEqual([]);
  });
});

describe("a session", () => {
  test("sends nothing before the first question, counts questions, and gives its connection back", async () => {
    const pool = openPool(databases.urls.population.runtime, { max: 1 });
    const idle = pool.session(WHOLE);
    expect(idle.statements).toBe(0);
    await idle.close();
    const session = pool.session(BANYUWANGI);
    await Promise.all([session.db.select().from(person).limit(1), session.db.select().from(person).limit(1)]);
    expect(session.statements).toBe(2);
    await session.close();
    await pool.ping();
    await expect(session.db.select().from(person).limit(1)).rejects.toThrow();
    await pool.end();
  });

  test("days come as text and NIKs keep every digit", async () => {
    const session = population.session(WHOLE);
    const rows = await session.db
      .select()
      .from(person)
      .where(sql`${person.nik} = any(${sql.param([maria.nik])}::bigint[])`);
    await session.close();
    expect(rows).toEqual([
      expect.objectContaining({ id: maria.id, nik: "9101015708759001", birthDate: "1975-08-17", region: "9301011002" }),
    ]);
  });

  test("cannot write, even where a role could", async () => {
    expect(await failing(ask(population, WHOLE, "delete from population.person"))).toBe("25006");
  });

  test("after an error the connection serves the next scope cleanly", async () => {
    const pool = openPool(databases.urls.population.runtime, { max: 1 });
    expect(await failing(ask(pool, BANYUWANGI, "select 1/0"))).toBe("22012");
    expect(await ask(pool, BANYUWANGI, `select id from population.person where id = '${siti.id}'`)).toHaveLength(1);
    await pool.end();
  });

  test("a question that takes too long is cancelled by the database", async () => {
    const session = population.session(WHOLE, { until: performance.now() + 30 });
    expect(await failing(Promise.resolve(session.db.execute(sql`select pg_sleep(5)`)))).toBe("57014");
    await session.close();
  });

  test("a connection killed between two questions fails the session, not the process, and the pool recovers", async () => {
    const pool = openPool(databases.urls.population.runtime, { max: 1 });
    const session = pool.session(WHOLE);
    const [row] = await session.db.execute(sql`select pg_backend_pid() as pid`);
    await asRole(databases.urls.population.runtime, (client) => client`select pg_terminate_backend(${Number(row?.["pid"])})`);
    await new Promise((done) => setTimeout(done, 100));
    await expect(session.db.select().from(person).limit(1)).rejects.toThrow();
    await session.close();
    expect(await ask(pool, BANYUWANGI, `select id from population.person where id = '${siti.id}'`)).toHaveLength(1);
    await pool.end();
  });
});

describe("walls", () => {
  test("no slice's role can open another slice's database", async () => {
    const tried = SLICES.flatMap((mine) => SLICES.filter((other) => other !== mine).map((other) => ({ mine, other })));
    for (const { mine, other } of tried) {
      const url = new URL(databases.urls[mine].runtime);
      url.pathname = new URL(databases.urls[other].runtime).pathname;
      expect([mine, other, await failing(asRole(url.href, (client) => client`select 1`))]).toEqual([mine, other, "42501"]);
    }
    expect(tried).toHaveLength(SLICES.length * (SLICES.length - 1));
  });

  test("governance's own slice reads no record", async () => {
    expect(await failing(ask(governance, WHOLE, "select body from governance.entry"))).toBe("42501");
  });

  test("who registers people's truth for the matcher keeps it from the subgraph", async () => {
    expect(await failing(ask(welfare, WHOLE, "select * from welfare.synthetic_truth"))).toBe("42501");
  });

  test("the gateway adds to the record and can change, erase or read none of it; its owner can neither", async () => {
    await asRole(databases.urls.record, async (client) => {
      await client`insert into governance.entry (leaf, body) values (${leafHash('{"b":1.0,"a":2}')}, '{"b":1.0,"a":2}')`;
      for (const statement of [
        "update governance.entry set body = ''",
        "delete from governance.entry",
        "truncate governance.entry",
        "select body from governance.entry",
        "update governance.agreement set title = ''",
        "update governance.epoch set n = 0",
      ])
        expect([statement, await failing(client.unsafe(statement))]).toEqual([statement, "42501"]);
    });
    await asRole(databases.urls.governance.owner, async (client) => {
      for (const statement of [
        "update governance.entry set body = ''",
        "delete from governance.entry",
        "truncate governance.entry",
      ])
        expect([statement, await failing(client.unsafe(statement))]).toEqual([statement, "42501"]);
      expect([...(await client`select body, xid is not null as known from governance.entry`)]).toEqual([
        { body: '{"b":1.0,"a":2}', known: true },
      ]);
    });
  });
});

describe("story people", () => {
  test("stand where their stories say", async () => {
    const session = welfare.session(WHOLE);
    const members = await session.db.execute<{ claimed_name: string; match_status: string }>(
      sql`select claimed_name, match_status, person_id from welfare.member where person_id = ${rina.id} or claimed_name in ('JOKO PRASETYO', 'BOEDI SANTOSA') order by claimed_name`,
    );
    const [home] = await session.db.select({ decile: household.decile }).from(household).where(sql`id = ${sitisHome.id}`);
    await session.close();
    expect([...members]).toEqual([
      { claimed_name: "BOEDI SANTOSA", match_status: "MATCHED", person_id: budi.id },
      { claimed_name: "JOKO PRASETYO", match_status: "NOT_FOUND", person_id: null },
      { claimed_name: "RINA W", match_status: "MATCHED", person_id: rina.id },
      { claimed_name: "RINA WULANDARI", match_status: "MATCHED", person_id: rina.id },
    ]);
    expect(home).toEqual({ decile: 2 });
    expect(await ask(population, WHOLE, `select 1 from population.person where id = '${joko.id}'`)).toEqual([]);
  });
});
