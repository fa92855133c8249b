import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type LoadPool, openLoadPool } from "../../../../drizzle/copy.ts";
import { determineTask, previewTask } from "../../../../subgraphs/welfare/determination/task.ts";
import { verifyDeterminations } from "../../../../subgraphs/welfare/determination/verify.ts";
import { asRole } from "../../../kit/database.ts";
import { HASH, PAKIS, PONIMAN, seen, useProposals } from "../proposals/kit.ts";

const { urls, ask, at, move, draft, minutes, endorse, answer, validate, proposal } = useProposals();

interface Sent {
  /** Person of each candidate, the head first. */
  readonly persons: readonly string[];
  readonly basis?: string;
  readonly on?: string;
}
/** Numbers of minutes, one a deliberation. */
let held = 0;

/** A matched proposal, endorsed by the regent and sent to the centre. */
async function sent({ persons, basis = "DTKS", on = "2026-11-18T03:00:00Z" }: Sent) {
  at(`${on.slice(0, 8)}05T03:00:00Z`);
  const claims = persons.map((_, n) =>
    n === 0 ? PONIMAN : { ...PONIMAN, relation: "CHILD", claimedNik: `351016120370${9001 + n}` },
  );
  const { data } = await draft("operator", { basis, candidates: claims });
  const { id, candidates } = data.did as { id: string; candidates: { id: string }[] };
  const now = () => proposal(id);
  await move("operator", "submitProposals", [await now()]);
  await move("operator", "scheduleDeliberation", [await now()]);
  held += 1;
  await minutes("operator", [{ proposal: seen(await now()), decision: "ACCEPTED" }], { minutesNumber: `BA/${held}/2026` });
  await validate(
    "exchange",
    candidates.map((one, n) => answer(one.id, { personId: persons[n] }, { claim: claims[n] ?? {} })),
  );
  await move("verifikator", "finaliseProposals", [await now()]);
  await move("kadis", "approveProposals", [await now()]);
  await endorse("bupati", [await now()]);
  at(on);
  await move("kadis", "sendToCentre", [await now()]);
  const done = await now();
  expect(done.state).toBe("SENT_TO_CENTRE");
  return done as { readonly id: string };
}

const PREPARE = "mutation ($i: PrepareDeterminationInput!) { did: prepareDetermination(input: $i) { id version } }";
const SIGN = "mutation ($i: DetermineInput!) { did: determine(input: $i) { id } }";
const CHANGES = `query ($month: Date!, $region: RegionCode!) { determination(month: $month, basis: DTKS) { changes(region: $region) { nodes { id reasons person { id } } } } }`;

let pool: LoadPool;
beforeAll(() => {
  pool = openLoadPool(urls.registry ?? "", { max: 3 });
});
afterAll(() => pool.end());

interface Month {
  readonly month: string;
  readonly decreeNumber: string;
  readonly on: string;
  readonly basis?: string;
}
const prepare = async ({ month, on, basis = "DTKS" }: Month) => {
  at(on);
  return (await ask("pusdatin", PREPARE, { i: { month, basis } })).data.did as { id: string; version: number };
};
const work = (on: string) => ({ pool, note: () => {}, now: () => new Date(on) });
const write = async ({ decreeNumber, on }: Month, { id, version }: { id: string; version: number }) => {
  at(on);
  await ask("menteri", SIGN, { i: { id, version, decreeNumber, decreeHash: HASH } });
  await determineTask(work(on), id);
};
const determine = async (month: Month) => write(month, await prepare(month));
const stateOf = async ({ id }: { readonly id: string }) => (await proposal(id)).state;
/** As population says it, past the exchange. */
const happens = (kind: "DEATH" | "CORRECTION", person: string, position: number) =>
  asRole(urls.welfare.owner, async (client) => {
    await client`select set_config('hub.now', '2026-12-20T03:00:00Z', false)`;
    const says = { persons: [{ id: person, role: kind === "DEATH" ? "DECEASED" : "REVIVED" }] };
    await client`insert into welfare.population_event (id, position, kind, occurred_on, says, attestation, received_at, region)
      values (${randomUUID()}, ${position}, ${kind}, '2026-12-01', ${client.json(says)}, 'uji', now(), ${PAKIS})`;
  });

test("who came by a proposal stands in the month's determination, in DTKS before anybody ranked them", async () => {
  await determine({ month: "2026-11-01", decreeNumber: "1/HUK/2026", on: "2026-11-24T03:00:00Z" });
  const person = randomUUID();
  const one = await sent({ persons: [person] });
  await determine({ month: "2026-12-01", decreeNumber: "2/HUK/2026", on: "2026-12-10T03:00:00Z" });
  expect(await stateOf(one)).toBe("DETERMINED");
  const { data } = await ask("pusdatin", CHANGES, { month: "2026-12-01", region: PAKIS });
  expect(data.determination.changes.nodes).toEqual([
    { id: expect.any(String), reasons: ["NEW_PROPOSAL"], person: { id: person } },
  ]);
  await asRole(urls.welfare.owner, async (client) => {
    await client`select set_config('hub.now', '2026-12-20T03:00:00Z', false)`;
    await client`update welfare.member set state = 'DORMANT' where person_id = ${person}`;
  });
  expect((await verifyDeterminations(pool, { withInputs: true })).map(({ faults }) => faults)).toEqual([[], []]);
});

test("the Minister signs the list that was counted: what is sent later, or for another basis, waits", async () => {
  const on = "2027-01-12T03:00:00Z";
  const counted = await sent({ persons: [randomUUID(), randomUUID()], on: "2026-12-18T03:00:00Z" });
  const other = await sent({ persons: [randomUUID()], basis: "DTSEN", on: "2026-12-18T03:00:00Z" });
  const month = { month: "2027-01-01", decreeNumber: "3/HUK/2026", on };
  const prepared = await prepare(month);
  await previewTask(work(on), prepared.id);
  const tally = async () =>
    asRole(
      urls.welfare.owner,
      (client) => client`select kind, reason, members, is_preview from welfare.determination_tally
        where determination_id = ${prepared.id} and kind = 'IN' order by is_preview desc`,
    );
  expect([...(await tally())]).toEqual([{ kind: "IN", reason: "NEW_PROPOSAL", members: 2, is_preview: true }]);
  const late = await sent({ persons: [randomUUID()], on: "2027-01-18T03:00:00Z" });
  await write({ ...month, on: "2027-01-19T03:00:00Z" }, prepared);
  expect([...(await tally())].map(({ members }) => members)).toEqual([2, 2]);
  expect(await Promise.all([counted, other, late].map(stateOf))).toEqual(["DETERMINED", "SENT_TO_CENTRE", "SENT_TO_CENTRE"]);
});

test("who died after they were matched is not registered: without the head nobody is, another is left out, a death taken back is none", async () => {
  const people = Array.from({ length: 4 }, () => randomUUID());
  const [head = "", child = "", alive = "", back = ""] = people;
  const on = "2027-01-18T04:00:00Z";
  const headless = await sent({ persons: [head, alive], on });
  const parent = randomUUID();
  const bereaved = await sent({ persons: [parent, child], on });
  const revived = await sent({ persons: [back], on });
  for (const [n, person] of [head, child, back].entries()) await happens("DEATH", person, 100 + n);
  await happens("CORRECTION", back, 200);
  const month = { month: "2027-02-01", decreeNumber: "4/HUK/2026", on: "2027-02-10T03:00:00Z" };
  const prepared = await prepare(month);
  await write(month, prepared);
  expect(await proposal(headless.id)).toMatchObject({ state: "REJECTED_BY_CENTRE", reason: "DECEASED" });
  expect(await Promise.all([bereaved, revived].map(stateOf))).toEqual(["DETERMINED", "DETERMINED"]);
  const members = await asRole(
    urls.welfare.owner,
    (client) => client`select person_id from welfare.member where person_id = any(${[...people, parent]})`,
  );
  expect(new Set(members.map((row) => row["person_id"]))).toEqual(new Set([parent, back]));
});
