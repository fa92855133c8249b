import { afterAll, beforeAll, expect, test } from "vitest";
import { inOneLoad, type LoadPool, openLoadPool } from "../../../../drizzle/copy.ts";
import { determineTask } from "../../../../subgraphs/welfare/determination/task.ts";
import { qualityTask } from "../../../../subgraphs/welfare/quality/task.ts";
import { asRole, failing } from "../../../kit/database.ts";
import { useHub } from "../../../kit/hub.ts";
import { rina, rinasHome, sitisHome } from "../../../kit/people.ts";
import { writeSurveys } from "../ranking/kit.ts";

const hub = useHub();
const month = new Date().toISOString().slice(0, 8).concat("01");
const VERIFIER = "verifikator.dinsos_banyuwangi";
const OPERATOR = "operator.dinsos_banyuwangi";
const owner = <T>(work: Parameters<typeof asRole<T>>[1]) => asRole(hub.urls.welfare.owner, work);
let pool: LoadPool;
beforeAll(() => {
  pool = openLoadPool(hub.urls.registry ?? "", { max: 3 });
});
afterAll(() => pool?.end());

test("a row of a determination or of a queue tells no more of whoever is stigmatised than their entry does", async () => {
  const prepared = await hub
    .as("pusdatin.kemensos")
    .ask("mutation ($i: PrepareDeterminationInput!) { prepareDetermination(input: $i) { id version } }", {
      i: { month, basis: "DTSEN", povertyThreshold: 4 },
    });
  const { id, version } = prepared.data.prepareDetermination;
  const input = { id, version, decreeNumber: "12/HUK/2026", decreeHash: "ab".repeat(32) };
  await hub.as("menteri.kemensos").ask("mutation ($i: DetermineInput!) { determine(input: $i) { state } }", { i: input });
  await determineTask({ pool, note: () => {}, now: () => new Date() }, id);
  await qualityTask(pool, "", new Date());

  const rows = async () => {
    const { data } = await hub.as(VERIFIER).ask(
      `query ($month: Date!) {
        determination(month: $month, basis: DTSEN) { members(region: "3510", first: 100) { nodes { rowHash decile category familyNumber region { code } person { fullName } } } }
        qualityQueue(rule: NO_OVERLAP, region: "3510") { nodes { rule person { fullName } region { code } } } }`,
      { month },
    );
    return { members: data.determination.members.nodes, queue: data.qualityQueue.nodes } as Record<
      "members" | "queue",
      { readonly person: { readonly fullName: string | null } | null }[]
    >;
  };
  const named = (list: Awaited<ReturnType<typeof rows>>["members"]) =>
    list.filter((row) => row.person?.fullName === rina.fullName).length;
  const before = await rows();
  expect([named(before.members), named(before.queue)]).toEqual([1, 2]);
  await owner(
    (sql) => sql`insert into welfare.ppks_status (member_id, household_id, kind, since, region)
      select id, household_id, 'PERSON_WITH_HIV', '2024-01-01', region from welfare.member where person_id = ${rina.id}`,
  );
  const after = await rows();
  expect([named(after.members), named(after.queue)], "by name").toEqual([0, 0]);
  const blank = { rowHash: null, familyNumber: null, region: null, person: null };
  const masked = after.members.filter((row) => row.person === null);
  expect(masked.length).toBeGreaterThan(0);
  for (const row of masked) expect(row, "neither who nor where").toMatchObject(blank);
  for (const row of after.queue) expect(row).toEqual({ rule: null, person: null, region: null });
});

test("the operator of one village is not told the regency's figures of it", async () => {
  const ask = (client: string, region: string) =>
    hub.as(client).ask("query ($r: RegionCode!) { needCounts(region: $r) { total byKind { kind persons } } }", { r: region });
  const narrowed = await ask(OPERATOR, "3510");
  expect(narrowed.data).toBeNull();
  expect(narrowed.errors.map(({ extensions }) => extensions["code"])).toEqual(["FORBIDDEN"]);
  const own = await ask(OPERATOR, "3510161001");
  expect(own.errors).toEqual([]);
  expect(own.data.needCounts.byKind.map(({ kind }: { kind: string }) => kind)).not.toContain("PERSON_WITH_HIV");
  expect((await ask(VERIFIER, "3510")).errors).toEqual([]);
  expect((await ask(VERIFIER, "35")).data, "beyond the agreement").toBeNull();
});

test("nobody bisects an income: its line is the public one, and the owner publishes it", async () => {
  const asked = (argument: string) =>
    hub
      .as(VERIFIER)
      .ask(
        `query ($id: ID!) { contributionLines { validFrom incomeBelow legalBasis } household(id: $id) { povertyEvaluation(${argument}) { category } } }`,
        {
          id: sitisHome.id,
        },
      );
  const bisecting = await asked('threshold: 4, incomeBelow: "750000"');
  expect(bisecting.data).toBeNull();
  await inOneLoad(hub.urls.welfare.owner, (loader) =>
    writeSurveys(loader, [
      {
        household: sitisHome.id,
        answers: {
          ...{ Sta_bangunan: "1", Kepala_bekerja: "1", Khawatir_pangan: "2", Belanja_pangan_dominan: "2", Beli_pakaian: "1" },
          ...{ Lantai: "2", Dinding: "1", Fasbab: "1", Sumber_penerangan: "1", Daya: "3" },
        },
      },
    ]),
  );
  expect((await asked("threshold: 4")).data.household.povertyEvaluation).toEqual({ category: "NEITHER" });
  await owner(
    (sql) => sql`insert into welfare.contribution_line values ('2020-01-01', 900000000, 'Uji'), ('2999-01-01', 1, 'Uji')`,
  );
  const judged = await asked("threshold: 4");
  expect(judged.data.household.povertyEvaluation).toEqual({ category: "UNABLE_TO_CONTRIBUTE" });
  expect(judged.data.contributionLines).toHaveLength(2);
  expect(await owner((sql) => failing(sql`update welfare.contribution_line set income_below = 2`))).toBe("HB001");
  const runtime = asRole(hub.urls.welfare.runtime, (sql) =>
    failing(sql`insert into welfare.contribution_line values ('2021-01-01', 1, 'x')`),
  );
  expect(await runtime).toBe("42501");
});

test("whoever may not read what a household lacks chooses no threshold either", async () => {
  const { data, denied } = await hub
    .as("kemensos", { agreement: "PKS-2025-001" })
    .ask("query ($id: ID!) { household(id: $id) { povertyEvaluation(threshold: 8) { category met } } }", { id: rinasHome.id });
  expect(data?.household?.povertyEvaluation ?? null).toBeNull();
  expect(denied.join()).toMatch(/PovertyEvaluation|povertyEvaluation/);
});
