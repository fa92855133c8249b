import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { openLoadPool } from "../../../drizzle/copy.ts";
import { determineTask } from "../../../subgraphs/welfare/determination/task.ts";
import { verifyDeterminations } from "../../../subgraphs/welfare/determination/verify.ts";
import { asRole } from "../../kit/database.ts";
import { HASH, PAKIS, seen, useProposals } from "./proposalsKit.ts";

const { urls, ask, at, move, draft, minutes, endorse, answer, validate, proposal } = useProposals();

/** A matched proposal, endorsed by the regent and sent to the centre. */
async function sent(personId: string) {
  at("2026-11-05T03:00:00Z");
  const { data } = await draft("operator");
  const { id, candidates } = data.did as { id: string; candidates: { id: string }[] };
  const now = () => proposal(id);
  await move("operator", "submitProposals", [await now()]);
  await move("operator", "scheduleDeliberation", [await now()]);
  await minutes("operator", [{ proposal: seen(await now()), decision: "ACCEPTED" }]);
  await validate(
    "exchange",
    candidates.map((one) => answer(one.id, { personId })),
  );
  await move("verifikator", "finaliseProposals", [await now()]);
  await move("kadis", "approveProposals", [await now()]);
  await endorse("bupati", [await now()]);
  at("2026-11-18T03:00:00Z");
  await move("kadis", "sendToCentre", [await now()]);
  return now();
}

const PREPARE = "mutation ($i: PrepareDeterminationInput!) { did: prepareDetermination(input: $i) { id version } }";
const SIGN = "mutation ($i: DetermineInput!) { did: determine(input: $i) { id } }";
const CHANGES = `query ($month: Date!, $region: RegionCode!) { determination(month: $month, basis: DTKS) { changes(region: $region) { nodes { id reasons person { id } } } } }`;

test("who came by a proposal stands in the month's determination, in DTKS before anybody ranked them", async () => {
  const pool = openLoadPool(urls.registry ?? "", { max: 3 });
  const determine = async (month: string, decreeNumber: string, on: string) => {
    at(on);
    const { data } = await ask("pusdatin", PREPARE, { i: { month, basis: "DTKS" } });
    await ask("menteri", SIGN, { i: { id: data.did.id, version: data.did.version, decreeNumber, decreeHash: HASH } });
    await determineTask({ pool, note: () => {}, now: () => new Date(on) }, data.did.id);
  };
  try {
    await determine("2026-11-01", "1/HUK/2026", "2026-11-24T03:00:00Z");
    const person = randomUUID();
    const { id, state } = await sent(person);
    expect(state).toBe("SENT_TO_CENTRE");
    await determine("2026-12-01", "2/HUK/2026", "2026-12-10T03:00:00Z");
    expect((await proposal(id)).state).toBe("DETERMINED");
    const { data } = await ask("pusdatin", CHANGES, { month: "2026-12-01", region: PAKIS });
    expect(data.determination.changes.nodes).toEqual([
      { id: expect.any(String), reasons: ["NEW_PROPOSAL"], person: { id: person } },
    ]);
    await asRole(urls.welfare.owner, async (client) => {
      await client`select set_config('hub.now', '2026-12-20T03:00:00Z', false)`;
      await client`update welfare.member set state = 'DORMANT' where person_id = ${person}`;
    });
    expect((await verifyDeterminations(pool, { withInputs: true })).map(({ faults }) => faults)).toEqual([[], []]);
  } finally {
    await pool.end();
  }
});
