import { randomUUID } from "node:crypto";
import { afterEach, describe, expect, test } from "vitest";
import type { rawClient } from "../../../../drizzle/client.ts";
import { welfare } from "../../../../subgraphs/welfare/index.ts";
import { asRole, failing, useDatabases } from "../../../kit/database.ts";
import { jokosHome, siti, sitisHome } from "../../../kit/people.ts";
import { callerWith, codesOf, useSlice } from "../../../kit/slice.ts";

const { urls } = useDatabases();
const slice = useSlice(welfare, { databaseUrl: () => urls.welfare.runtime });

type Sql = ReturnType<typeof rawClient>;
interface Who {
  readonly officer?: string;
  readonly agency?: string;
  readonly now?: string;
}
const DINSOS = "DINSOS_BANYUWANGI";
const KADIS: Who = { officer: "kadis.dinsos_banyuwangi" };
const RT: Who = { officer: "rt.dinsos_banyuwangi" };
const VERIFIER: Who = { officer: "verifikator.dinsos_banyuwangi" };
const EXCHANGE: Who = { agency: "SIKS_NG" };

/** What somebody gets who speaks SQL as the slice itself; undone afterwards. */
const bySql = <T>({ officer = "", agency = DINSOS, now = new Date().toISOString() }: Who, work: (sql: Sql) => PromiseLike<T>) =>
  asRole(urls.welfare.runtime, async (client) => {
    const undo = new Error("undo");
    let seen: T | undefined;
    await client
      .begin(async (tx) => {
        await tx.unsafe(`set local hub.regions = '{"0","A"}'; set local hub.decile_max = 100; set local hub.citizen = '{}';
          set local hub.officer = '{${officer}}'; set local hub.agency = '{${agency}}'; set local hub.now = '${now}'`);
        seen = await work(tx as unknown as Sql);
        throw undo;
      })
      .catch((error: unknown) => {
        if (error !== undo) throw error;
      });
    return seen as T;
  });
const owner = <T>(work: (sql: Sql) => Promise<T>) => asRole(urls.welfare.owner, work);
const refused = (who: Who, statement: string) => failing(bySql(who, (sql) => sql.unsafe(statement)));

const duty = (role: string, { officer = "baru.dinsos_banyuwangi", agency = DINSOS, region = "3510161001", by = KADIS } = {}) =>
  `insert into welfare.officer_duty (id, officer_id, agency, role, region, valid_from, valid_to, assigned_by)
   values ('${randomUUID()}', '${officer}', '${agency}', '${role}', '${region}', '2020-01-01', '2021-01-01', '${by.officer}') returning *`;
const asOfficer = (id: string, agency = DINSOS) =>
  callerWith({ client: id, officer: id, agency, agreement: "PKS-2025-021", purpose: "REGISTRY_MANAGEMENT" });
const householdsOf = async (caller: ReturnType<typeof callerWith>): Promise<number> => {
  const { data } = await slice.ask("{ households(first: 5) { nodes { id } } }", { caller });
  return data.households.nodes.length;
};

describe("an officer sees where a duty is held", () => {
  test("without any duty no household is seen, by an officer of the registry or of another register", async () => {
    expect(await householdsOf(asOfficer("baru.dinsos_banyuwangi"))).toBe(0);
    expect(await householdsOf(asOfficer("pencatat.dukcapil", "DUKCAPIL"))).toBe(0);
    expect(await householdsOf(asOfficer("verifikator.dinsos_banyuwangi"))).toBeGreaterThan(0);
  });

  test("a duty for one agency says nothing where another agency asks", async () => {
    expect(await householdsOf(asOfficer("verifikator.dinsos_banyuwangi", "BPS"))).toBe(0);
    const { data } = await slice.ask("{ myDuties { role } }", { caller: asOfficer("verifikator.dinsos_banyuwangi", "BPS") });
    expect(data.myDuties).toEqual([]);
  });

  test("a machine reads by its agreement, and a steward of governance counts what a scope reaches", async () => {
    expect(await householdsOf(callerWith())).toBeGreaterThan(0);
    const steward = callerWith({ officer: "dpo.kemensos", agreement: "PKS-X", purpose: "ACCESS_GOVERNANCE" });
    expect(await householdsOf(steward)).toBeGreaterThan(0);
  });
});

describe("the ladder of duties", () => {
  test("a head of office gives duties in village and field, over regions of that office, from the instant it is", async () => {
    const [given] = await bySql(KADIS, (sql) => sql.unsafe(duty("VERIFIER")));
    expect(Math.abs(Date.parse(String(given?.["valid_from"])) - Date.now())).toBeLessThan(24 * 3600 * 1000);
    expect(given?.["valid_to"]).toBeNull();
    expect(await refused(KADIS, duty("VERIFIER", { region: "3511" }))).toBe("HB002");
    expect(await refused(VERIFIER, duty("NEIGHBOURHOOD", { by: VERIFIER }))).toBe("HB002");
  });

  test("nobody gives a duty for another agency, even by SQL", async () => {
    expect(await refused(KADIS, duty("VERIFIER", { officer: "peringkat.bps", agency: "BPS" }))).toBe("HB002");
    expect(await refused({ ...KADIS, agency: "BPS" }, duty("VERIFIER", { agency: "BPS" }))).toBe("HB002");
  });

  test("the Minister, the ministry, regents, heads of office and rankers are given by the operator of the hub alone", async () => {
    for (const role of ["HEAD_OF_OFFICE", "REGENT", "MINISTRY", "MINISTER", "RANKING"]) {
      const pusdatin = { officer: "pusdatin.kemensos", agency: "KEMENSOS" };
      expect(await refused(pusdatin, duty(role, { agency: "KEMENSOS", by: pusdatin })), role).toBe("HB002");
      expect(await refused(KADIS, duty(role)), role).toBe("HB002");
    }
    const assign = `mutation { assignDuty(input: { officer: "baru.x", role: REGENT, region: "3510" }) { id } }`;
    const asked = await slice.ask(assign, { caller: asOfficer("kadis.dinsos_banyuwangi") });
    expect(codesOf(asked)).toEqual(["FORBIDDEN"]);
    expect(asked.errors[0]?.extensions.detail).toBe("a duty as REGENT is assigned and ended by the operator of the hub alone");
  });

  test("a duty is ended now, once, and never opened again", async () => {
    const theirs = "where officer_id = 'verifikator2.dinsos_banyuwangi'";
    const end = `update welfare.officer_duty set valid_to = '2099-01-01' ${theirs}`;
    const [ended] = await bySql(KADIS, (sql) => sql.unsafe(`${end} returning valid_to <= clock_timestamp() as is_over`));
    expect(ended?.["is_over"]).toBe(true);
    expect(await refused(KADIS, `${end}; ${end}`)).toBe("HB001");
    expect(await refused(KADIS, `${end}; update welfare.officer_duty set valid_to = null ${theirs}`)).toBe("HB001");
    expect(await refused(KADIS, "update welfare.officer_duty set valid_to = now() where role = 'REGENT'")).toBe("HB002");
  });
});

describe("by SQL of the slice's own role", () => {
  const member = `household_id = '${sitisHome.id}'`;
  test.each([
    [
      "a verifier sets nobody MATCHED",
      `update welfare.member set match_status = 'MATCHED', person_id = '${siti.id}' where ${member}`,
    ],
    ["a verifier gives no number", `update welfare.member set suffix = '77' where ${member}`],
    ["a verifier moves nobody", `update welfare.member set region = '3510161002' where ${member}`],
    ["a verifier moves no household", "update welfare.household set region = '3510161002'"],
    ["a verifier moves no family", `update welfare.family set household_id = '${jokosHome.id}'`],
    [
      "nobody writes where a member came from",
      `insert into welfare.member_lineage values (gen_random_uuid(), gen_random_uuid(), '${sitisHome.id}', 'MOVE', '2026-01-01')`,
    ],
    ["nobody hands out family numbers", `select welfare.next_suffix('${sitisHome.families[0]?.id}', 'CHILD')`],
    ["nobody believes any clock", "insert into welfare.clock_rule values (true)"],
  ])("%s", async (_, statement) => {
    expect(await refused(VERIFIER, statement)).toBe("42501");
  });

  test("the past is corrected by the slice alone, of all roles", async () => {
    const [may] = await owner(
      (
        sql,
      ) => sql`select has_function_privilege('hub_welfare', f, 'execute') as slice, has_function_privilege('hub_welfare_jobs', f, 'execute') as jobs
        from (select 'welfare.correct(text, uuid, jsonb, date, date)'::regprocedure as f) f`,
    );
    expect({ ...may }).toEqual({ slice: true, jobs: false });
  });
});

describe("what population said", () => {
  const event = `insert into welfare.population_event (id, position, kind, occurred_on, says, attestation, received_at, region)
    values ('${randomUUID()}', 1, 'MOVE', '2026-01-01', '{"persons": []}', 'x', now(), '3510161001')`;

  test("comes in by the exchange alone", async () => {
    expect(await refused(KADIS, event)).toBe("42501");
    expect(await refused({}, event)).toBe("42501");
    expect(await refused({ ...RT, agency: "SIKS_NG" }, event)).toBe("42501");
    expect(await refused(EXCHANGE, event)).toBe("NO ERROR");
  });

  test("is put aside by nobody", async () => {
    for (const who of [RT, KADIS, EXCHANGE])
      expect(await refused(who, "update welfare.population_event set state = 'IGNORED'")).toBe("42501");
  });
});

describe("the clock", () => {
  afterEach(() => owner((sql) => sql`insert into welfare.clock_rule default values on conflict do nothing`));

  test("that a request tells is believed within a day of the server's, and any only in a scratch database", async () => {
    const moment = (days: number) =>
      refused({ now: new Date(Date.now() + days * 24 * 3600 * 1000).toISOString() }, "select welfare.moment()");
    expect(await moment(-700)).toBe("NO ERROR");
    await owner((sql) => sql`delete from welfare.clock_rule`);
    expect(await Promise.all([-700, -1.1, -0.9, 0, 0.9, 1.1, 700].map(moment))).toEqual([
      ...["HB003", "HB003"],
      ...["NO ERROR", "NO ERROR", "NO ERROR"],
      ...["HB003", "HB003"],
    ]);
  });
});
