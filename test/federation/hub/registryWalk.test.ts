import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createRounds, type Question } from "../../../cli/slices/registry/rounds.ts";
import { startRegistrar } from "../../../subgraphs/welfare/worker.ts";
import { asRole } from "../../kit/database.ts";
import { useHub } from "../../kit/hub.ts";

// One family, from the neighbourhood's proposal to the Minister's decree, by the tokens of those who act, through the gateway.

const hub = useHub();
const PAKIS = "3510161001";
const PONIMAN = "77777777-0000-4000-8000-000000000001";
const SHA = "b".repeat(64);
let worker: Awaited<ReturnType<typeof startRegistrar>>;

beforeAll(async () => {
  await asRole(
    hub.urls.population.owner,
    (sql) => sql`insert into population.person (id, nik, full_name, sex, birth_date, birth_place, mother_name, address, region)
      values (${PONIMAN}, 3510161203709001, 'PONIMAN', 'MALE', '1970-03-12', 'BANYUWANGI', 'SUMINAH', 'JL MAWAR 1', ${PAKIS})`,
  );
  // on any day of the month the whole way can be walked: the windows are data
  await asRole(
    hub.urls.welfare.owner,
    (sql) => sql`update welfare.calendar_window set from_day = 1, to_day = 31 where valid_to is null`,
  );
  worker = await startRegistrar({ url: hub.urls.registry ?? "", note: () => {} });
});
afterAll(() => worker?.stop());

const by = async (who: string, document: string, variables: Record<string, unknown> = {}) => {
  const { data, errors } = await hub.as(who).ask(document, variables);
  expect(errors).toEqual([]);
  return Object.values(data)[0];
};
const dinsos = (name: string) => `${name}.dinsos_banyuwangi`;
const ask: Question = async (query, variables) => {
  const { data, errors } = await hub.as("siks-ng").ask(query, variables);
  expect(errors).toEqual([]);
  return data;
};

/** One act on one proposal, as it was last seen. */
let proposal = { id: "", version: 0, state: "" };
const moves = async (who: string, act: string) => {
  const { id, version } = proposal;
  [proposal] = await by(who, `mutation ($p: [ProposalAt!]!) { ${act}(proposals: $p) { id version state } }`, {
    p: [{ id, version }],
  });
  return proposal.state;
};

test("a family is proposed by its neighbourhood and stands in the decree of the Minister, each step by another who may", async () => {
  const candidate = {
    ...{ relation: "HEAD", claimedName: "PONIMAN", claimedNik: "3510161203709001", claimedBirthDate: "1970-03-12" },
    ...{ claimedSex: "MALE", claimedBirthPlace: "BANYUWANGI" },
  };
  const input = { channel: "FORMAL", village: PAKIS, address: "JL MAWAR 1", aid: ["PKH"], candidates: [candidate] };
  proposal = await by(dinsos("rt"), "mutation ($i: ProposalInput!) { draftProposal(input: $i) { id version state } }", {
    i: input,
  });
  expect(await moves(dinsos("rt"), "submitProposals")).toBe("SUBMITTED");
  expect(await moves(dinsos("operator"), "scheduleDeliberation")).toBe("IN_DELIBERATION");
  const minutes = await by(
    dinsos("operator"),
    "mutation ($i: DeliberationInput!) { recordDeliberation(input: $i) { decisions { proposal { id version state } } } }",
    {
      i: {
        ...{ kind: "MUSKEL", minutesNumber: "BA/7/2026", heldOn: "2026-11-03", village: PAKIS, quorum: 1 },
        ...{ documentSha256: SHA, listSha256: SHA, attendees: [{ name: "LURAH PAKIS", office: "lurah" }] },
        decisions: [{ proposal: { id: proposal.id, version: proposal.version }, decision: "ACCEPTED" }],
      },
    },
  );
  proposal = minutes.decisions[0].proposal;
  expect(proposal.state).toBe("IN_VERIFICATION");

  expect((await createRounds(ask)()).validations).toBeGreaterThan(0);
  const matched = await by(
    dinsos("verifikator"),
    `query ($id: ID!) { proposal(id: $id) { id version state candidates { matchStatus person { id } } } }`,
    { id: proposal.id },
  );
  expect(matched).toMatchObject({ state: "MATCHED", candidates: [{ matchStatus: "MATCHED", person: { id: PONIMAN } }] });
  proposal = matched;

  expect(await moves(dinsos("verifikator"), "finaliseProposals")).toBe("FINALISED");
  await moves(dinsos("kadis"), "approveProposals");
  [proposal] = await by(
    dinsos("bupati"),
    "mutation ($i: EndorsementInput!) { endorseProposals(input: $i) { id version state } }",
    {
      i: { letterNumber: "460/7/2026", letterSha256: SHA, proposals: [{ id: proposal.id, version: proposal.version }] },
    },
  );
  expect(proposal.state).toBe("ENDORSED");
  expect(await moves(dinsos("kadis"), "sendToCentre")).toBe("SENT_TO_CENTRE");
});

test("the decree makes the proposal's candidates members, and the next month tells them apart", async () => {
  const prepared = await by(
    "pusdatin.kemensos",
    `mutation { prepareDetermination(input: { month: "2026-11-01", basis: DTSEN, povertyThreshold: 4 }) { id version } }`,
  );
  const own = await hub.as("pusdatin.kemensos").ask(`mutation ($i: DetermineInput!) { determine(input: $i) { id } }`, {
    i: { ...prepared, decreeNumber: "79/HUK/2026", decreeHash: SHA },
  });
  expect(own.errors[0]?.extensions["code"]).toBe("FORBIDDEN");
  await by("menteri.kemensos", `mutation ($i: DetermineInput!) { determine(input: $i) { state } }`, {
    i: { ...prepared, decreeNumber: "79/HUK/2026", decreeHash: SHA },
  });
  const QUESTION = `{ determination(month: "2026-11-01", basis: DTSEN) { state hash decreeNumber statistics { members } } }`;
  let determined = await by("pusdatin.kemensos", QUESTION);
  while (determined === null) {
    await sleep(200);
    determined = await by("pusdatin.kemensos", QUESTION);
  }
  expect(determined).toMatchObject({
    state: "DETERMINED",
    decreeNumber: "79/HUK/2026",
    hash: expect.stringMatching(/^[\da-f]{64}$/),
  });

  const told = await by(
    dinsos("verifikator"),
    `query ($id: ID!) { proposal(id: $id) { state history { act actor }
      household { members { suffix claimedName firstDecree determined(month: "2026-11-01") { fromMonth } } } } }`,
    { id: proposal.id },
  );
  expect(told.state).toBe("DETERMINED");
  expect(told.household.members).toEqual([
    { suffix: "01", claimedName: "PONIMAN", firstDecree: "79/HUK/2026", determined: { fromMonth: "2026-11-01" } },
  ]);
  const actors = new Set(told.history.map(({ actor }: { actor: string }) => actor));
  for (const name of ["rt", "operator", "verifikator", "kadis", "bupati"]) expect(actors).toContain(dinsos(name));
});
