import { expect, test } from "vitest";
import { openLoadPool } from "../../../../drizzle/copy.ts";
import { promoteTask, publishTask, selectTask, simulateTask } from "../../../../subgraphs/programs/selection/task.ts";
import { useHub } from "../../../kit/hub.ts";
import { siti } from "../../../kit/people.ts";

// The whole hub: who may do and read what of quotas, lists and simulations by the ready-made agreements.

const hub = useHub();
const [STEWARD, SECOND, HEAD] = ["program.kemensos", "program2.kemensos", "direktur.kemensos"] as const;
const YEAR = String(new Date().getUTCFullYear());

async function asWorker<T>(
  work: (parts: { pool: ReturnType<typeof openLoadPool>; note: () => void; now: () => Date }) => Promise<T>,
) {
  const pool = openLoadPool(hub.urls.allocation ?? "", { max: 3 });
  try {
    return await work({ pool, note: () => {}, now: () => new Date() });
  } finally {
    await pool.end();
  }
}

test("seats are drafted, approved, listed, signed and written through the gateway; a regency reads its own part", async () => {
  const draft = await hub
    .as(STEWARD)
    .ask(`mutation ($input: DraftQuotaInput!) { draftQuota(input: $input) { id version state proposed } }`, {
      input: { program: "PKH", period: YEAR, seats: 5000, reason: "Keputusan uji" },
    });
  expect(draft.errors).toEqual([]);
  const { id, version } = draft.data["draftQuota"];
  const approved = await hub
    .as(SECOND)
    .ask(
      `mutation ($id: ID!, $version: Int!) { approveQuota(id: $id, version: $version) { state seats used history { act actor reason } } }`,
      { id, version },
    );
  expect(approved.errors).toEqual([]);
  expect(approved.data["approveQuota"]).toMatchObject({
    state: "IN_FORCE",
    seats: 5000,
    history: [{ act: "PROPOSE" }, { act: "APPROVE" }],
  });

  const prepared = await hub
    .as(STEWARD)
    .ask(`mutation ($input: PrepareSelectionInput!) { prepareSelection(input: $input) { id version delivery } }`, {
      input: { program: "PKH", period: YEAR, reason: "Seleksi uji" },
    });
  expect(prepared.errors).toEqual([]);
  const run = prepared.data["prepareSelection"];
  await hub.as(STEWARD).ask(`mutation ($id: ID!, $version: Int!) { startSelection(id: $id, version: $version) { state } }`, run);
  await asWorker((work) => selectTask(work, run.id));
  const ready = await hub
    .as(HEAD)
    .ask(`query ($id: ID!) { selection(id: $id) { state version selected waiting hash } }`, { id: run.id });
  expect(ready.data["selection"]).toMatchObject({ state: "READY", waiting: 0 });
  expect(ready.data["selection"].selected).toBeGreaterThan(0);
  const signed = await hub.as(HEAD).ask(`mutation ($input: SignSelectionInput!) { signSelection(input: $input) { state } }`, {
    input: { id: run.id, version: ready.data["selection"].version, decree: `77/HUK/${YEAR}` },
  });
  expect([signed.errors, signed.data["signSelection"]]).toEqual([[], { state: "SIGNED" }]);
  await asWorker(async (work) => {
    await publishTask(work, run.id);
    await promoteTask(work, "PKH SEAT_FREED");
  });
  const LIST = `query ($id: ID!) { selection(id: $id) { state decree entries(first: 5) { nodes { place verdict decile region { code } } } } }`;
  const regency = await hub.as("bansos.dinsos_banyuwangi").ask(LIST, { id: run.id });
  expect(regency.errors).toEqual([]);
  expect(regency.data["selection"]).toMatchObject({ state: "PUBLISHED", decree: `77/HUK/${YEAR}` });
  for (const { region } of regency.data["selection"].entries.nodes) expect(region.code).toMatch(/^3510/);
});

test("a planner asks for a simulation and reads released counts, nobody's row", async () => {
  const asked = await hub.as("bappenas").ask(`mutation ($input: SimulatePolicyInput!) { simulatePolicy(input: $input) { id } }`, {
    input: { program: "PKH", decileLimit: 6 },
  });
  expect(asked.errors).toEqual([]);
  const { id } = asked.data["simulatePolicy"];
  await asWorker((work) => simulateTask(work, id));
  const { data, errors } = await hub
    .as("bappenas")
    .ask(`query ($id: ID!) { policySimulation(id: $id) { isDone entering { region decile units isSuppressed } } }`, { id });
  expect(errors).toEqual([]);
  expect(data["policySimulation"].isDone).toBe(true);
  expect(data["policySimulation"].entering.length).toBeGreaterThan(10);
  const { denied } = await hub.as("bappenas").ask(`{ selections(program: PKH) { entries { nodes { place } } } }`);
  expect(denied).toEqual(["Selection.entries"]);
});

test("the machine of the programs neither drafts nor signs nor reads places; a person reads a band, no place", async () => {
  const machine = await hub
    .as("kemensos")
    .ask(`mutation ($id: ID!, $version: Int!) { approveQuota(id: $id, version: $version) { state } }`, {
      id: siti.id,
      version: 1,
    });
  expect(machine.errors.map(({ extensions }) => extensions["coordinate"])).toContain("Mutation.approveQuota");
  const own = await hub
    .as("portal-warga", { person: siti.id })
    .ask(`{ dataSubject { enrolments { waitingBand waitingPosition selectionEntry { verdict place } } } }`);
  expect(own.denied).toEqual(expect.arrayContaining(["Enrolment.waitingPosition", "SelectionEntry.place"]));
  expect(own.denied).not.toContain("Enrolment.waitingBand");
  expect(own.denied).not.toContain("Enrolment.selectionEntry");
});
