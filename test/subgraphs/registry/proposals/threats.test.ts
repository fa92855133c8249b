import { describe, expect, test } from "vitest";
import { attest } from "../../../../schema/attestation.ts";
import { claimHash } from "../../../../schema/claimHash.ts";
import { devAttestationOf } from "../../../kit/attestation.ts";
import { asRole } from "../../../kit/database.ts";
import { siti, sitisHome } from "../../../kit/people.ts";
import { HASH, PAKIS, PONIMAN, type Seen, seen, useProposals } from "./kit.ts";

const { urls, ask, move, draft, minutes, endorse, answer, validate, proposal, at } = useProposals();
const NOW = "2026-11-05T03:00:00Z";
const WIFE = { ...PONIMAN, relation: "SPOUSE", claimedName: "SULASTRI", claimedNik: "3510165203729001", claimedSex: "FEMALE" };
const TWO_HEADS = "candidates: each family card needs exactly one HEAD";
const now = async (id: string): Promise<Seen> => ({ id, version: (await proposal(id)).version });
const owner = <T>(work: Parameters<typeof asRole<T>>[1]) => asRole(urls.welfare.owner, work);

let numbers = 0;
async function inVerification(candidates: readonly (typeof PONIMAN)[] = [PONIMAN]) {
  at(NOW);
  const { id, candidates: made } = (await draft("operator", { candidates })).data.did;
  await move("operator", "submitProposals", [await now(id)]);
  await move("operator", "scheduleDeliberation", [await now(id)]);
  await minutes("operator", [{ proposal: seen(await now(id)), decision: "ACCEPTED" }], { minutesNumber: `TH/${++numbers}` });
  const ids = made.map((one: Seen) => one.id) as string[];
  const answers = () =>
    validate(
      "exchange",
      ids.map((one, i) => answer(one, {}, { claim: candidates[i] ?? {} })),
    );
  return { id: id as string, ids, answers };
}
/** Sent to the centre; `before` happens while it waits there for the Minister. */
async function sent(before: (ids: readonly string[]) => Promise<unknown> = async () => {}) {
  const { id, ids, answers } = await inVerification([PONIMAN, WIFE]);
  await answers();
  await move("verifikator", "finaliseProposals", [await now(id)]);
  await move("kadis", "approveProposals", [await now(id)]);
  await endorse("bupati", [await now(id)]);
  at("2026-11-18T03:00:00Z");
  expect((await move("kadis", "sendToCentre", [await now(id)])).code).toBeNull();
  await before(ids);
  return id;
}
const secondHead = (id = "") => owner((sql) => sql`update proposal_candidate set relation = 'HEAD' where id = ${id}`);

describe("one village's proposal does not stop the month of the country", () => {
  test("no second head of a card comes in by a repair", async () => {
    const { id, ids } = await inVerification([PONIMAN, WIFE]);
    await move("verifikator", "returnForRepair", [await now(id)], "perbaiki");
    const repair = (claim: object) =>
      ask("operator", "mutation ($i: RepairInput!) { did: repairProposal(input: $i) { candidates { claimedName relation } } }", {
        i: { proposal: { id, version: 5 }, candidates: [{ id: ids[1], claim }] },
      });
    expect((await proposal(id)).version).toBe(5);
    expect(await repair({ ...WIFE, relation: "HEAD" })).toMatchObject({ code: "BAD_USER_INPUT", detail: TWO_HEADS });
    expect((await repair({ ...WIFE, claimedName: "SULASTRI NINGSIH" })).data.did.candidates[1]).toEqual({
      claimedName: "SULASTRI NINGSIH",
      relation: "SPOUSE",
    });
  });

  test("nor passes a resubmission or a verifier, however it came in", async () => {
    const repaired = await inVerification([PONIMAN, WIFE]);
    await move("verifikator", "returnForRepair", [await now(repaired.id)], "perbaiki");
    await secondHead(repaired.ids[1]);
    expect((await move("operator", "resubmitProposals", [await now(repaired.id)])).detail).toBe(TWO_HEADS);
    const matched = await inVerification([PONIMAN, WIFE]);
    await matched.answers();
    await secondHead(matched.ids[1]);
    expect((await move("verifikator", "finaliseProposals", [await now(matched.id)])).detail).toBe(TWO_HEADS);
  });

  test("what cannot be written is rejected by the centre with its reason, and all others are determined", async () => {
    const good = [await sent(), await sent()];
    const bad = await sent((ids) => secondHead(ids[1]));
    const last = await sent();
    const prepare = "mutation ($i: PrepareDeterminationInput!) { did: prepareDetermination(input: $i) { id } }";
    const determination = (await ask("pusdatin", prepare, { i: { month: "2026-12-01", basis: "DTSEN" } })).data.did.id;
    const [done] = await asRole(urls.registry ?? "", (jobs) => jobs`select welfare.determine_proposals(${determination}) as n`);
    expect(done).toEqual({ n: 3 });
    for (const id of [...good, last]) {
      const { state, household } = await proposal(id);
      expect(state).toBe("DETERMINED");
      expect(household.members.map(({ suffix }: { suffix: string }) => suffix)).toEqual(["01", "02"]);
    }
    expect(await proposal(bad)).toMatchObject({
      state: "REJECTED_BY_CENTRE",
      reason: "cannot be entered in the registry: member_suffix",
      household: null,
    });
  });
});

describe("what population answered", () => {
  const member = sitisHome.families[0]?.members.find(({ person }) => person?.id === siti.id)?.id ?? "";
  const says = async (hour: number, status: string, personId: string | null) => {
    const [claimed] = await owner((sql) => sql`select claimed_name as name, claimed_nik as nik from member where id = ${member}`);
    const { name, nik } = claimed as unknown as { name: string; nik: string };
    return attest(devAttestationOf("population").attestation.signer, {
      ...{ by: "population", kind: "VALIDATION", about: member, at: new Date(Date.parse(NOW) + hour * 3_600_000).toISOString() },
      says: {
        claimHash: claimHash({ nik, name, birthDate: null, sex: null, birthPlace: null, cardNumber: null }),
        ...{ status, personId, reasons: [] },
      },
    });
  };
  const stands = async () =>
    (await owner((sql) => sql`select match_status::text as status, person_id as person from member where id = ${member}`))[0];
  const refusal = async (who: string, attestation: string) => (await validate(who, [attestation])).data.did[0].refusal;

  test("of a member is never replaced by an older answer, even if a newer one only confirmed what stood", async () => {
    at(NOW);
    const [oldest, older] = [await says(-20, "DUPLICATE", null), await says(-10, "MATCHED", siti.id)];
    expect(await refusal("exchange", older)).toBeNull();
    expect(await refusal("verifikator", oldest)).toBe("OUT_OF_DATE");
    expect(await refusal("exchange", await says(-2, "DUPLICATE", null))).toBeNull();
    expect(await refusal("verifikator", older)).toBe("OUT_OF_DATE");
    expect(await stands()).toEqual({ status: "DUPLICATE", person: null });
    expect(await refusal("exchange", await says(-1, "MATCHED", siti.id))).toBeNull();
    expect(await stands()).toEqual({ status: "MATCHED", person: siti.id });
  });

  test("changes nobody who is dead or merged", async () => {
    for (const state of ["DECEASED", "MERGED"]) {
      await owner(async (sql) => {
        await sql`select set_config('hub.now', ${NOW}, false)`;
        await sql`update member set state = ${state} where id = ${member}`;
      });
      expect(await refusal("exchange", await says(0, "ANOMALY", null)), state).toBe("UNKNOWN");
      expect(await stands(), state).toEqual({ status: "MATCHED", person: siti.id });
    }
  });
});

test("who visited a household leaves its finalisation to another, even with a verifier's duty", async () => {
  await owner(
    (sql) => sql`insert into officer_duty (id, officer_id, agency, role, region, valid_from, assigned_by)
      values (${crypto.randomUUID()}, 'petugas.dinsos_banyuwangi', 'DINSOS_BANYUWANGI', 'VERIFIER', ${PAKIS}, '2026-01-01', 'kadis.dinsos_banyuwangi')`,
  );
  const { id, ids, answers } = await inVerification();
  await answers();
  const visited = await ask(
    "petugas",
    "mutation ($i: FieldVerificationInput!) { did: recordFieldVerification(input: $i) { id version } }",
    {
      i: {
        ...{ proposal: id, visitedOn: "2026-11-05", result: "COMPLETED", method: "OBSERVATION" },
        ...{ latitude: "-8.219233", longitude: "114.369227", photoSha256: [HASH] },
        presences: ids.map((candidate) => ({ candidate, presence: "CONFIRMED" })),
      },
    },
  );
  await ask("verifikator", "mutation ($v: FieldVerificationAt!) { did: approveFieldVerification(visit: $v) { code } }", {
    v: visited.data.did,
  });
  expect(await move("petugas", "finaliseProposals", [await now(id)])).toMatchObject({
    code: "FORBIDDEN",
    detail: "who entered, decided, repaired, visited, verified or approved a proposal leaves FINALISE to another",
  });
  expect((await move("verifikator", "finaliseProposals", [await now(id)])).code).toBeNull();
});
