import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type LoadPool, openLoadPool } from "../../../../drizzle/copy.ts";
import { uuidFrom } from "../../../../drizzle/synthetic/random.ts";
import { welfare } from "../../../../subgraphs/welfare/index.ts";
import { freshenScores, qualityTask } from "../../../../subgraphs/welfare/quality/task.ts";
import { tick } from "../../../../subgraphs/welfare/worker.ts";
import { asRole, useDatabases } from "../../../kit/database.ts";
import { ani, budi, joko, maria, rina, siti, tono } from "../../../kit/people.ts";
import { callerWith, useSlice } from "../../../kit/slice.ts";
import { pusdatin, verifier } from "../determination/kit.ts";

const databases = useDatabases();
let at = Date.parse("2027-01-10T03:00:00Z");
const slice = useSlice(welfare, { databaseUrl: () => databases.urls.welfare.runtime, now: () => at });
let pool: LoadPool;
beforeAll(async () => {
  pool = openLoadPool(databases.urls.registry ?? "", { max: 2 });
  await qualityTask(pool, "", new Date(at));
});
afterAll(() => pool?.end());

const scoreAll = async () => {
  while ((await pool.load((loader) => freshenScores(loader, new Date(at)))) > 0);
};
const owner = (text: string) => asRole(databases.urls.welfare.owner, async (client) => [...(await client.unsafe(text))]);
const memberOf = ({ id }: { readonly id: string }, suffix = "01") => uuidFrom("story", "member", id, suffix);

const QUEUE = `query ($rule: IntegrityRuleCode!, $region: RegionCode!) { qualityQueue(rule: $rule, region: $region, first: 100) { totalCount nodes { id rule foundAt region { code } } } }`;
const queue = async (rule: string, region = "3510", caller = pusdatin) => {
  const { data, errors } = await slice.ask(QUEUE, { caller, variables: { rule, region } });
  expect(errors).toEqual([]);
  return data.qualityQueue.nodes as { id: string; foundAt: string; region: { code: string } }[];
};
const idsOf = async (rule: string, region = "3510") => (await queue(rule, region)).map(({ id }) => id);

const CARD = `query ($region: RegionCode!) { scorecard(region: $region) { households members matched matchRate breaches { rule members } trend { month matchRate members }
  children { region { code } households members breaches { rule members } children { region { code } households } } } }`;
const card = async (region: string, caller = pusdatin) => {
  const { data, errors } = await slice.ask(CARD, { caller, variables: { region } });
  expect(errors).toEqual([]);
  return data.scorecard;
};
const broken = (breaches: { rule: string; members: number }[], rule: string) =>
  breaches.find((row) => row.rule === rule)?.members;

describe("integrity", () => {
  test("the rules are public, each with its law", async () => {
    const { data } = await slice.ask("{ integrityRules { code legalBasis severity months } }", {
      caller: callerWith({ agency: "UMUM" }),
    });
    expect(data.integrityRules).toHaveLength(7);
    expect(data.integrityRules.every(({ legalBasis }: { legalBasis: string }) => legalBasis !== "")).toBe(true);
  });

  test("a person with two records is found twice, once for each record", async () => {
    expect(await idsOf("SINGLE_IDENTITY")).toEqual(expect.arrayContaining([memberOf(rina), memberOf(rina, "03")]));
    expect(await idsOf("NO_OVERLAP")).toEqual(expect.arrayContaining([memberOf(rina), memberOf(rina, "03")]));
  });

  test("apart from her the seeded registry has nobody in two families", async () => {
    const rows = await owner("select count(*)::int as n from welfare.integrity_breach where rule = 'NO_OVERLAP'");
    expect(rows[0]?.["n"]).toBe(2);
  });

  test("who is not matched, has a short NIK or lives in a family without a head is in the queues; who is well is in none", async () => {
    expect(await idsOf("NIK_MATCHED")).toContain(memberOf(joko));
    expect(await idsOf("COMPLETE")).toContain(memberOf(joko));
    expect(await idsOf("FAMILY_HAS_HEAD")).toContain(memberOf(rina, "03"));
    for (const rule of ["SINGLE_IDENTITY", "NO_OVERLAP", "NIK_MATCHED", "COMPLETE", "FAMILY_HAS_HEAD", "SUFFIX_VALID", "STALE"])
      for (const well of [memberOf(budi), memberOf(siti, "02"), memberOf(ani, "03")])
        expect(await idsOf(rule), rule).not.toContain(well);
  });

  test("a homeless man is never queued for a survey of the house he has not", async () => {
    expect(await idsOf("STALE", "3171")).not.toContain(memberOf(tono));
    await owner(`delete from welfare.ppks_status where member_id = '${memberOf(tono)}'`);
    await qualityTask(pool, "317101", new Date(at));
    expect(await idsOf("STALE", "3171")).toContain(memberOf(tono));
  });

  test("what breaks a rule is stored, flagged and counted, and gone from the queue once it is mended", async () => {
    at = Date.parse("2027-01-11T03:00:00Z");
    await owner(`update welfare.member set claimed_nik = 'belum ada' where id = '${memberOf(maria)}'`);
    await scoreAll();
    const [found] = await queue("COMPLETE", "9301");
    expect(found).toMatchObject({ id: memberOf(maria), foundAt: "2027-01-11T03:00:00.000Z" });
    at = Date.parse("2027-01-12T03:00:00Z");
    await owner(
      `update welfare.household set address = 'JALAN BARU' where id = (select household_id from welfare.member where id = '${memberOf(maria)}')`,
    );
    await scoreAll();
    expect((await queue("COMPLETE", "9301"))[0]?.foundAt).toBe("2027-01-11T03:00:00.000Z");
    await owner(`update welfare.member set claimed_nik = '${maria.nik}' where id = '${memberOf(maria)}'`);
    await scoreAll();
    expect(await idsOf("COMPLETE", "9301")).toEqual([]);
  });

  test("a survey grows old by itself", async () => {
    expect(await idsOf("STALE", "3510161001")).not.toContain(memberOf(budi));
    at = Date.parse("2028-06-10T03:00:00Z");
    await tick({ pool, now: new Date(at), note: () => {} });
    expect(await idsOf("STALE", "3510161001")).toContain(memberOf(budi));
  });
});

describe("scorecards", () => {
  test("a region's counts are those of its parts, down to the village, and equal to the registry", async () => {
    const whole = await card("35");
    const sum = (rows: { households: number }[]) => rows.reduce((total, { households }) => total + households, 0);
    expect(sum(whole.children)).toBe(whole.households);
    for (const regency of whole.children) expect(sum(regency.children)).toBe(regency.households);
    const [counted] =
      await owner(`select count(distinct h.id)::int as households, count(*) filter (where m.state = 'ACTIVE')::int as members
      from welfare.household h join welfare.member m on m.household_id = h.id where h.region like '35%'`);
    expect({ households: whole.households, members: whole.members }).toEqual(counted);
    const village = await card("3510161001");
    expect(village.children).toEqual([]);
    expect(broken(village.breaches, "NIK_MATCHED")).toBe((await idsOf("NIK_MATCHED", "3510161001")).length);
  });

  test("the match rate is kept month by month", async () => {
    const before = await card("9301");
    at = Date.parse("2028-07-10T03:00:00Z");
    await owner(`update welfare.member set match_status = 'MISMATCHED', person_id = null where id = '${memberOf(maria)}'`);
    await scoreAll();
    const { matchRate, trend } = await card("9301");
    expect(matchRate).toBeLessThan(before.matchRate);
    expect(trend.slice(-2)).toEqual([
      { month: "2028-06-01", matchRate: before.matchRate, members: before.members },
      { month: "2028-07-01", matchRate, members: before.members },
    ]);
  });

  test("an officer sees their own regions, a citizen no counts and no queue", async () => {
    expect((await card("3510", verifier)).members).toBeGreaterThan(0);
    expect(await card("3171", verifier)).toBeNull();
    expect(await queue("NIK_MATCHED", "9301", verifier)).toEqual([]);
    const citizen = callerWith({ client: "portal-warga", citizen: budi.id, agreement: "PKS-2025-008" });
    expect(await card("3510", citizen)).toBeNull();
    expect(await queue("NIK_MATCHED", "3510", citizen)).toEqual([]);
  });

  test("a page of scorecards costs the same statements however many regions lie below", async () => {
    await card("3510161001");
    const few = slice.statements;
    await card("35");
    expect(slice.statements).toBeLessThanOrEqual(few + 3);
  });
});
