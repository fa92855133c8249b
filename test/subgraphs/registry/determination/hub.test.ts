import { afterAll, beforeAll, expect, test } from "vitest";
import { type LoadPool, openLoadPool } from "../../../../drizzle/copy.ts";
import { determineTask } from "../../../../subgraphs/welfare/determination/task.ts";
import { qualityTask } from "../../../../subgraphs/welfare/quality/task.ts";
import { useHub } from "../../../kit/hub.ts";
import { budi, siti } from "../../../kit/people.ts";

const hub = useHub();
const month = new Date().toISOString().slice(0, 8).concat("01");
let pool: LoadPool;
beforeAll(() => {
  pool = openLoadPool(hub.urls.registry ?? "", { max: 3 });
});
afterAll(() => pool?.end());

const LISTED =
  "{ determinations(basis: DTKS) { nodes { decreeNumber state hash statistics { members changes { reason members isSuppressed } } } } }";

test("ministry and Minister determine a month through the gateway, and anybody with an agreement reads the decree and its figures", async () => {
  const ministry = hub.as("pusdatin.kemensos");
  const prepared = await ministry.ask(
    "mutation ($i: PrepareDeterminationInput!) { prepareDetermination(input: $i) { id version state } }",
    {
      i: { month, basis: "DTKS", povertyThreshold: 4 },
    },
  );
  expect(prepared.errors).toEqual([]);
  const { id, version } = prepared.data["prepareDetermination"];
  const input = { id, version, decreeNumber: "12/HUK/2026", decreeHash: "ab".repeat(32) };
  const signed = await hub
    .as("menteri.kemensos")
    .ask("mutation ($i: DetermineInput!) { determine(input: $i) { state } }", { i: input });
  expect(signed.errors).toEqual([]);
  expect(signed.data["determine"].state).toBe("QUEUED");
  await determineTask({ pool, note: () => {}, now: () => new Date() }, id);

  const partner = await hub.as("bpjs-kesehatan", { agreement: "PKS-2025-002" }).ask(LISTED);
  expect(partner.errors).toEqual([]);
  const [listed] = partner.data["determinations"].nodes;
  expect(listed).toMatchObject({
    decreeNumber: "12/HUK/2026",
    state: "DETERMINED",
    hash: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  expect(listed.statistics.members % 5).toBe(0);
});

test("a partner reads no row of a determination, a regency those of its villages", async () => {
  const ROWS = `query ($month: Date!) { determination(month: $month, basis: DTKS) { members(first: 100) { nodes { id decile category region { code } } } tally { reason members } } }`;
  const partner = await hub.as("bpjs-kesehatan", { agreement: "PKS-2025-002" }).ask(ROWS, { month });
  expect(partner.data["determination"]).toEqual({ members: null, tally: null });
  const regency = await hub.as("verifikator.dinsos_banyuwangi").ask(ROWS, { month });
  expect(regency.errors).toEqual([]);
  const { nodes } = regency.data["determination"].members;
  expect(nodes.length).toBeGreaterThan(2);
  // a child's row tells no village, as a child's entry does not
  const regions: string[] = nodes.flatMap(({ region }: { region: { code: string } | null }) => region?.code.slice(0, 4) ?? []);
  expect(new Set(regions)).toEqual(new Set(["3510"]));
});

test("a citizen reads their own standing and the decree that determined them first, nobody else's", async () => {
  const MINE = `query ($id: ID, $month: Date!) { dataSubject(representing: $id) { registryMembers { firstDecree(basis: DTKS) determined(month: $month, basis: DTKS) { decile familyNumber fromMonth } } } }`;
  const portal = hub.as("portal-warga", { person: siti.id });
  const own = await portal.ask(MINE, { month });
  expect(own.errors).toEqual([]);
  expect(own.data["dataSubject"].registryMembers).toEqual([
    { firstDecree: "12/HUK/2026", determined: { decile: 2, familyNumber: "STORY-SITI", fromMonth: month } },
  ]);
  const others = await portal.ask(MINE, { id: budi.id, month });
  expect(others.errors).not.toEqual([]);
  expect(others.text).not.toContain("HUK");
});

test("an officer sees the scorecard of their regency and works off its queues; a partner sees neither", async () => {
  await qualityTask(pool, "", new Date());
  const CARD = `{ scorecard(region: "3510") { members matchRate breaches { rule members } children { region { code name } matchRate } }
    qualityQueue(rule: NO_OVERLAP, region: "3510") { totalCount nodes { rule member { suffix } } } }`;
  const officer = await hub.as("verifikator.dinsos_banyuwangi").ask(CARD);
  expect(officer.errors).toEqual([]);
  expect(officer.data["scorecard"].children[0].region.name).toEqual(expect.any(String));
  expect(officer.data["qualityQueue"].totalCount).toBe(2);
  const partner = await hub.as("bpjs-kesehatan", { agreement: "PKS-2025-002" }).ask(CARD);
  expect(partner.data).toMatchObject({ scorecard: null, qualityQueue: null });
});
