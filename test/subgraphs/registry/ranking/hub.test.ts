import { beforeAll, expect, test } from "vitest";
import { inOneLoad, openLoadPool } from "../../../../drizzle/copy.ts";
import { rankTask } from "../../../../subgraphs/welfare/ranking/task.ts";
import { useHub } from "../../../kit/hub.ts";
import { siti } from "../../../kit/people.ts";
import { householdsAlive, startByOwner, writeSurveys } from "./kit.ts";

const hub = useHub();

beforeAll(async () => {
  const { owner } = hub.urls.welfare;
  const run = await inOneLoad(owner, async (loader) => {
    const households = await householdsAlive(loader);
    const answers = { Sta_bangunan: "1", Lantai: "8", Daya: "1", Dinding: "5" };
    await writeSurveys(
      loader,
      households.map((household, n) => ({ household, answers: { ...answers, Lantai: n % 3 === 0 ? "8" : "1" } })),
    );
    return startByOwner(loader, "DTSEN-2099-Q1");
  });
  const pool = openLoadPool(hub.urls.registry ?? "", { max: 1 });
  await rankTask({ pool, note: () => {} }, run);
  await pool.end();
});

const EXPLAINED = "rankingExplanation { decile score weightFile { edition sha256 } contributions { variable band points } }";
const JUDGED = "povertyEvaluation(threshold: 3) { category met indicators { code isMet } }";

test("a person reads why their household stands where it does, in bands, and by which weights; never in points", async () => {
  const asked = `{ dataSubject { registryMembers { household { ${EXPLAINED} ${JUDGED} } } } }`;
  const { data, denied } = await hub.as("portal-warga", { person: siti.id }).ask(asked);
  const [{ household }] = data.dataSubject.registryMembers;
  expect(household.rankingExplanation.weightFile).toEqual({
    edition: "PMT-DTSEN-2099-Q1",
    sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  expect(household.rankingExplanation.decile).toBeGreaterThan(0);
  expect(household.rankingExplanation.score).toBeNull();
  const told: Record<string, string | null>[] = household.rankingExplanation.contributions;
  expect(told.map(({ variable }) => variable)).toContain("Lantai");
  expect(told.every(({ band, points }) => band !== null && points === null)).toBe(true);
  expect(household.povertyEvaluation.indicators).toHaveLength(8);
  expect(denied).toEqual(expect.arrayContaining(["RankingContribution.points", "RankingExplanation.score"]));
});

test("the regency reads bands and the decree's judgement, whoever ranks the points, and no officer the other's", async () => {
  const asked = `{ households(filter: { region: "3510" }, first: 5) { nodes { ${EXPLAINED} ${JUDGED} } } }`;
  const regency = await hub.as("verifikator.dinsos_banyuwangi").ask(asked);
  const [seen] = regency.data.households.nodes;
  expect(seen.rankingExplanation.contributions[0]).toMatchObject({ band: expect.any(String), points: null });
  expect(seen.povertyEvaluation.category).toMatch(/^(POOR|NEITHER|UNDETERMINED)$/);
  const ranking = await hub.as("peringkat.bps").ask(asked);
  const [known] = ranking.data.households.nodes;
  expect(known.rankingExplanation.contributions[0]).toMatchObject({
    band: expect.any(String),
    points: expect.stringMatching(/^-?[0-9]+[.][0-9]{6}$/),
  });
  expect(known.povertyEvaluation).toBeNull();
});

test("anybody with an agreement reads the published weights, and the version they made", async () => {
  const { data } = await hub
    .as("bappenas")
    .ask('{ weightFiles { edition text weights(area: "35") { variable weight } } registryVersions { id } }');
  expect(data.weightFiles).toHaveLength(1);
  expect(data.weightFiles[0].weights).toContainEqual({ variable: "CONSTANT", weight: "9.500000" });
  expect(data.registryVersions[0].id).toBe("DTSEN-2099-Q1");
});
