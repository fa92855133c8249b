import { describe, expect, test } from "vitest";
import { JUDGED, rollUp, SEEN } from "../../../../subgraphs/welfare/proposals/rollUp.ts";
import { asRole } from "../../../kit/database.ts";
import { HASH, PONIMAN, type Seen, seen, useProposals } from "./kit.ts";

const { urls, ask, move, draft, minutes, endorse, answer, validate, proposal, at } = useProposals();
const now = async (id: string): Promise<Seen> => ({ id, version: (await proposal(id)).version });
const CARD = PONIMAN.claimedCardNumber;
const SON = {
  ...PONIMAN,
  relation: "CHILD",
  claimedName: "BAYU",
  claimedNik: "3510160101109001",
  claimedBirthDate: "2010-01-01",
};
const DAUGHTER = {
  ...SON,
  claimedName: "CITRA",
  claimedNik: "3510164101089001",
  claimedSex: "FEMALE",
  claimedBirthDate: "2008-01-01",
};
const WIFE = {
  ...PONIMAN,
  relation: "SPOUSE",
  claimedName: "SULASTRI",
  claimedNik: "3510165203729001",
  claimedSex: "FEMALE",
  claimedBirthDate: "1972-03-12",
};
const UNCLE = {
  ...PONIMAN,
  relation: "OTHER",
  claimedName: "PAIMIN",
  claimedNik: "3510161203459001",
  claimedBirthDate: "1945-03-12",
};
const FAMILY = [PONIMAN, SON, UNCLE, WIFE, DAUGHTER];

let numbers = 0;
async function inVerification(candidates: readonly (typeof PONIMAN)[]) {
  at("2026-11-05T03:00:00Z");
  const { id, candidates: made } = (await draft("operator", { candidates })).data.did;
  await move("operator", "submitProposals", [await now(id)]);
  await move("operator", "scheduleDeliberation", [await now(id)]);
  await minutes("operator", [{ proposal: seen(await now(id)), decision: "ACCEPTED" }], { minutesNumber: `FV/${++numbers}` });
  const ids = made.map((one: Seen) => one.id) as string[];
  return {
    id: id as string,
    ids,
    answers: (...says: Record<string, unknown>[]) =>
      validate(
        "exchange",
        ids.map((one, i) => answer(one, says[i], { claim: candidates[i] ?? {} })),
      ),
  };
}
const VISIT = "id version code result approvedBy presences { code presence candidate { id } } history { act from to }";
const record = (who: string, proposalId: string, presences: readonly (readonly [string, string])[], more: object = {}) =>
  ask(who, `mutation ($i: FieldVerificationInput!) { did: recordFieldVerification(input: $i) { ${VISIT} } }`, {
    i: {
      proposal: proposalId,
      visitedOn: "2026-11-05",
      result: "COMPLETED",
      method: "OBSERVATION",
      latitude: "-8.219233",
      longitude: "114.369227",
      photoSha256: [HASH],
      presences: presences.map(([candidate, presence]) => ({ candidate, presence })),
      ...more,
    },
  });
const approve = (who: string, visit: Seen) =>
  ask(who, `mutation ($v: FieldVerificationAt!) { did: approveFieldVerification(visit: $v) { ${VISIT} } }`, { v: seen(visit) });
const settle = (who: string, visit: Seen, repaired: string[], invalid: string[]) =>
  ask(who, `mutation ($i: SettlementInput!) { did: settleFieldVerification(input: $i) { ${VISIT} } }`, {
    i: { visit: seen(visit), repaired, invalid },
  });
const codes = (visit: { presences: { code: string }[] }) => visit.presences.map(({ code }) => code);

describe("a field visit", () => {
  test("the database rolls codes up as the rule does, over all 255 sets", async () => {
    const all = [...SEEN, ...JUDGED];
    const sets = Array.from({ length: 2 ** all.length - 1 }, (_, n) => all.filter((_, i) => (n + 1) & (1 << i)));
    const rows = await asRole(
      urls.welfare.owner,
      (owner) =>
        owner`select welfare.roll_up(string_to_array(s, ',')) as code from unnest(${sets.map((set) => set.join())}::text[]) with ordinality u(s, n) order by n`,
    );
    expect(rows.map(({ code }) => code)).toEqual(sets.map((set) => rollUp(set)));
    expect(rows).toHaveLength(255);
  });

  test("is recorded by an enumerator, passed by a verifier, and lets a matched household through", async () => {
    const { id, ids, answers } = await inVerification([PONIMAN]);
    const [head = ""] = ids;
    expect((await record("verifikator", id, [[head, "CONFIRMED"]])).code).toBe("FORBIDDEN");
    const visit = (await record("petugas", id, [[head, "CONFIRMED"]])).data.did;
    expect(visit).toMatchObject({ code: "M1", presences: [{ code: "MKa" }] });
    const waiting = (await approve("verifikator", visit)).data.did;
    expect(waiting).toMatchObject({ code: "M2", presences: [{ code: "MKa" }] }); // population has not answered yet
    await answers();
    expect((await move("verifikator", "finaliseProposals", [await now(id)])).detail).toBe("the last field visit has not passed");
    const passed = (await approve("verifikator", waiting)).data.did;
    expect(passed).toMatchObject({ code: "C2", approvedBy: "verifikator.dinsos_banyuwangi", presences: [{ code: "Q2" }] });
    expect(passed.history.map((step: { act: string; to: string }) => `${step.act} ${step.to}`)).toEqual([
      "SAVE M1",
      "APPROVE M2",
      "APPROVE C2",
    ]);
    expect((await move("verifikator", "finaliseProposals", [await now(id)])).data.did[0].state).toBe("FINALISED");
  });

  test("names every candidate once, and all its faults at once", async () => {
    const { id, ids } = await inVerification([PONIMAN, WIFE]);
    expect((await record("petugas", id, [[ids[0] ?? "", "CONFIRMED"]])).detail).toBe(
      "presences must name every candidate of the proposal once",
    );
    const faults = { latitude: "91", longitude: "east", photoSha256: ["x"] };
    expect(
      (
        await record(
          "petugas",
          id,
          ids.map((one) => [one, "CONFIRMED"]),
          faults,
        )
      ).detail,
    ).toBe(
      "latitude must be from -90 to 90 with at most 6 decimals; longitude must be from -180 to 180 with at most 6 decimals; photoSha256[0] must be a SHA-256 in hex",
    );
    expect(
      (
        await record(
          "petugas",
          id,
          ids.map((one) => [one, "CONFIRMED"]),
          { visitedOn: "2026-11-06" },
        )
      ).code,
    ).toBe("BAD_USER_INPUT");
  });

  test("that was returned is recorded anew, and nobody passes the own visit", async () => {
    await asRole(
      urls.welfare.owner,
      (owner) => owner`insert into welfare.officer_duty (id, officer_id, agency, role, region, valid_from, assigned_by)
      values (${crypto.randomUUID()}, 'petugas.dinsos_banyuwangi', 'DINSOS_BANYUWANGI', 'VERIFIER', '3510', '2025-01-01', 'test')`,
    );
    const { id, ids } = await inVerification([PONIMAN]);
    const visit = (await record("petugas", id, [[ids[0] ?? "", "NOT_CONFIRMED"]])).data.did;
    expect((await approve("petugas", visit)).code).toBe("FORBIDDEN");
    const { data } = await ask(
      "verifikator",
      `mutation ($v: FieldVerificationAt!) { did: returnFieldVerification(visit: $v, reason: "another house") { ${VISIT} } }`,
      { v: seen(visit) },
    );
    expect(data.did.code).toBe("P3a");
    expect((await approve("verifikator", visit)).code).toBe("CONFLICT");
    const again = await record("petugas", id, [[ids[0] ?? "", "CONFIRMED"]], { returned: seen(data.did) });
    expect(again.data.did).toMatchObject({ id: visit.id, code: "M1", presences: [{ code: "MKa", presence: "CONFIRMED" }] });
  });

  test("candidates under repair are settled: repaired when population says so, invalid otherwise", async () => {
    const { id, ids, answers } = await inVerification([PONIMAN, WIFE, SON]);
    const [head = "", wife = "", son = ""] = ids;
    await answers({ status: "MISMATCHED", personId: null });
    const visit = (
      await record("petugas", id, [
        [head, "CONFIRMED"],
        [wife, "NOT_CONFIRMED"],
        [son, "CONFIRMED"],
      ])
    ).data.did;
    const judged = (await approve("verifikator", visit)).data.did;
    expect([judged.code, codes(judged)]).toEqual(["C1", ["Q1a", "Q1b", "Q2"]]);
    expect((await settle("verifikator", judged, [head], [])).code).toBe("CONFLICT"); // still not matched
    expect((await settle("verifikator", judged, [son], [])).detail).toBe(
      "repaired and invalid must name candidates under repair at this visit",
    );
    const settled = (await settle("verifikator", judged, [wife], [head])).data.did;
    expect([settled.code, codes(settled)]).toEqual(["C2", ["Q2a", "Q2b", "Q2"]]);
  });
});

describe("a determination", () => {
  test("makes a household of what was sent: numbered by law, without whom the field found dead, each person once", async () => {
    const { id, ids, answers } = await inVerification(FAMILY);
    const twin = await inVerification([{ ...PONIMAN, claimedCardNumber: CARD }]);
    const person = crypto.randomUUID();
    await answers({ personId: person });
    await twin.answers({ personId: person });
    const presences = ids.map((one, i) => [one, i === 2 ? "DECEASED" : "CONFIRMED"] as const);
    const visit = (await record("petugas", id, presences)).data.did;
    expect((await approve("verifikator", visit)).data.did.code).toBe("C2");
    for (const one of [id, twin.id]) {
      await move("verifikator", "finaliseProposals", [await now(one)]);
      await move("kadis", "approveProposals", [await now(one)]);
      await endorse("bupati", [await now(one)]);
    }
    at("2026-11-18T03:00:00Z");
    for (const one of [id, twin.id]) await move("kadis", "sendToCentre", [await now(one)]);
    const prepare = "mutation ($i: PrepareDeterminationInput!) { did: prepareDetermination(input: $i) { id } }";
    const determination = (await ask("pusdatin", prepare, { i: { month: "2026-12-01", basis: "DTSEN" } })).data.did.id;
    const determine = () =>
      asRole(urls.registry ?? "", (jobs) => jobs`select welfare.determine_proposals(${determination}) as n`);
    expect(await determine()).toMatchObject([{ n: 1 }]);
    expect(await determine()).toMatchObject([{ n: 0 }]);
    const { state, household, candidates, history } = await proposal(id);
    expect(state).toBe("DETERMINED");
    expect(household.members).toEqual([
      { suffix: "01", claimedName: "PONIMAN" },
      { suffix: "02", claimedName: "SULASTRI" },
      { suffix: "03", claimedName: "CITRA" },
      { suffix: "04", claimedName: "BAYU" },
    ]);
    expect(candidates.filter((one: { memberId: string | null }) => one.memberId === null)).toHaveLength(1);
    expect(history.at(-1)).toMatchObject({ act: "DETERMINE", to: "DETERMINED" });
    expect(await proposal(twin.id)).toMatchObject({
      state: "REJECTED_BY_CENTRE",
      reason: "a candidate is in the registry already, or in an earlier proposal",
    });
    const late = await inVerification([PONIMAN]);
    await late.answers({ personId: person });
    expect((await move("verifikator", "finaliseProposals", [await now(late.id)])).detail).toBe(
      "a candidate is in the registry already",
    );
    await expect(
      asRole(urls.welfare.runtime, (one) => one`select welfare.determine_proposals(${crypto.randomUUID()})`),
    ).rejects.toThrow("permission denied");
  });
});
