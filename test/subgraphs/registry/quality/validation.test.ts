import { beforeAll, describe, expect, test } from "vitest";
import { claimHash } from "../../../../schema/claimHash.ts";
import { asRole } from "../../../kit/database.ts";
import { joko } from "../../../kit/people.ts";
import { PONIMAN, type Seen, seen, useProposals } from "../proposals/kit.ts";

const { urls, slice, ask, move, draft, minutes, answer, validate, proposal, at, later } = useProposals();
const WIFE = { relation: "SPOUSE", claimedName: "SULASTRI", claimedCardNumber: PONIMAN.claimedCardNumber };
const NEWER = { ...PONIMAN, claimedNik: "3510161203709002" };

const now = async (id: string): Promise<Seen> => ({ id, version: (await proposal(id)).version });
let numbers = 0;
async function inVerification(candidates: readonly object[] = [PONIMAN]) {
  at("2026-11-05T03:00:00Z");
  const { id, candidates: made } = (await draft("operator", { candidates })).data.did;
  await move("operator", "submitProposals", [await now(id)]);
  await move("operator", "scheduleDeliberation", [await now(id)]);
  await minutes("operator", [{ proposal: seen(await now(id)), decision: "ACCEPTED" }], { minutesNumber: `VAL/${++numbers}` });
  return { id: id as string, candidates: made.map((one: { id: string }) => one.id) as string[] };
}
const receipts = async (who: string, attestations: readonly string[]) =>
  (await validate(who, attestations)).data.did.map(({ isRecorded, refusal }: { isRecorded: boolean; refusal: string | null }) =>
    isRecorded ? "recorded" : refusal,
  );

describe("answers of the population register", () => {
  test("a proposal is matched when its last candidate is, and not matched when one is not, with the reasons", async () => {
    const good = await inVerification([PONIMAN, WIFE]);
    const wife = { ...WIFE, claimedNik: null, claimedBirthDate: null, claimedSex: null, claimedBirthPlace: null };
    await validate("exchange", [answer(good.candidates[0] ?? "")]);
    expect((await proposal(good.id)).state).toBe("IN_VERIFICATION");
    await validate("exchange", [answer(good.candidates[1] ?? "", {}, { claim: wife })]);
    expect((await proposal(good.id)).state).toBe("MATCHED");

    const bad = await inVerification();
    await validate("exchange", [
      answer(bad.candidates[0] ?? "", { status: "MISMATCHED", personId: null, reasons: ["FULL_NAME", "BIRTH_DATE"] }),
    ]);
    expect(await proposal(bad.id)).toMatchObject({
      state: "NOT_MATCHED",
      candidates: [{ matchStatus: "MISMATCHED", matchReasons: ["FULL_NAME", "BIRTH_DATE"] }],
    });
  });

  test("one that is forged, foreign, old, of a time to come, or of another claim is refused, and the same again answers the same", async () => {
    const { id, candidates } = await inVerification();
    const [about = ""] = candidates;
    const good = answer(about);
    const [payload = "", signature = ""] = good.split(".");
    const altered = Buffer.from(Buffer.from(payload, "base64url").toString().replace("MATCHED", "DECEASED")).toString(
      "base64url",
    );
    expect(await receipts("exchange", ["nonsense", `${altered}.${signature}`, answer(about, {}, { by: "programs" })])).toEqual([
      "NOT_GENUINE",
      "NOT_GENUINE",
      "NOT_GENUINE",
    ]);
    expect(await receipts("exchange", [answer(about, {}, { claim: NEWER }), answer(crypto.randomUUID())])).toEqual([
      "CLAIM_CHANGED",
      "UNKNOWN",
    ]);
    const ahead = answer(about, {}, { at: Date.parse("2026-11-05T04:00:00Z") });
    expect(await receipts("exchange", [ahead])).toEqual(["OUT_OF_DATE"]);
    later({ hours: 25 });
    expect(await receipts("exchange", [good])).toEqual(["OUT_OF_DATE"]);
    expect((await proposal(id)).state).toBe("IN_VERIFICATION");
    later({ hours: -2 });
    expect(await receipts("exchange", [good])).toEqual(["recorded"]);
    expect(await receipts("exchange", [good])).toEqual(["recorded"]);
    expect((await proposal(id)).history.filter(({ act }: { act: string }) => act === "MATCH")).toHaveLength(1);
    expect(await receipts("exchange", [answer(about, { status: "DECEASED", personId: null })])).toEqual(["UNKNOWN"]);
  });

  test("a repaired claim waits for a new answer: the one from before the repair is refused", async () => {
    const { id, candidates } = await inVerification();
    const [about = ""] = candidates;
    const before = answer(about, { status: "NOT_FOUND", personId: null });
    await validate("exchange", [before]);
    await move("verifikator", "returnForRepair", [await now(id)], "the NIK is misspelt");
    later({ hours: 1 });
    const repair = (who: string, claim: object, proposalAt: Seen) =>
      ask(who, "mutation ($i: RepairInput!) { did: repairProposal(input: $i) { version state candidates { matchStatus } } }", {
        i: { proposal: proposalAt, candidates: [{ id: about, claim }] },
      });
    expect((await repair("verifikator", NEWER, await now(id))).code).toBe("FORBIDDEN");
    const { data } = await repair("operator", NEWER, await now(id));
    expect(data.did).toMatchObject({ state: "IN_REPAIR", candidates: [{ matchStatus: "NOT_YET_MATCHED" }] });
    expect((await repair("operator", PONIMAN, { id, version: 1 })).code).toBe("CONFLICT");
    expect(await receipts("exchange", [answer(about, {}, { claim: NEWER })])).toEqual(["UNKNOWN"]); // not in verification
    await move("operator", "resubmitProposals", [await now(id)]);
    expect(await receipts("exchange", [before])).toEqual(["CLAIM_CHANGED"]);
    expect(await receipts("exchange", [answer(about, {}, { claim: NEWER, at: Date.parse("2026-11-05T03:30:00Z") })])).toEqual([
      "OUT_OF_DATE",
    ]);
    expect(await receipts("exchange", [answer(about, {}, { claim: NEWER })])).toEqual(["recorded"]);
    expect((await proposal(id)).state).toBe("MATCHED");
    expect((await repair("operator", PONIMAN, await now(id))).code).toBe("CONFLICT");
  });

  test("the exchange reads what waits, a hundred at most, and records by the same few statements however many", async () => {
    const many = await inVerification([
      PONIMAN,
      ...Array.from({ length: 9 }, (_, i) => ({
        relation: "CHILD",
        claimedName: `ANAK ${i}`,
        claimedCardNumber: PONIMAN.claimedCardNumber,
      })),
    ]);
    const one = await inVerification();
    const { data } = await ask("exchange", "{ candidatesToValidate(first: 100) { id claimedName claimedNik proposal { id } } }");
    const waiting = data.candidatesToValidate.filter((row: { proposal: { id: string } }) => row.proposal.id === many.id);
    expect(waiting.map((row: { id: string }) => row.id)).toEqual(many.candidates);
    expect((await ask("exchange", "{ candidatesToValidate(first: 101) { id } }")).detail).toBe("first must be from 1 to 100");
    await validate("exchange", [answer(one.candidates[0] ?? "")]);
    const { statements } = slice;
    const child = { claimedNik: null, claimedBirthDate: null, claimedSex: null, claimedBirthPlace: null };
    const answers = many.candidates.map((id, i) =>
      answer(id, {}, { claim: i === 0 ? {} : { ...child, claimedName: `ANAK ${i - 1}` } }),
    );
    expect(await receipts("exchange", answers)).toEqual(answers.map(() => "recorded"));
    expect(slice.statements).toBe(statements);
    expect((await proposal(many.id)).state).toBe("MATCHED");
  });

  test("only the exchange and verifiers record them", async () => {
    const { id, candidates } = await inVerification();
    const good = answer(candidates[0] ?? "");
    expect((await validate(crypto.randomUUID(), [good])).code).toBe("FORBIDDEN");
    expect((await validate("operator", [good])).code).toBe("FORBIDDEN");
    expect((await proposal(id)).state).toBe("IN_VERIFICATION");
    expect(await receipts("verifikator", [good])).toEqual(["recorded"]);
    expect((await proposal(id)).history.at(-1)).toMatchObject({ act: "MATCH", actor: "verifikator.dinsos_banyuwangi" });
  });
});

describe("members of the registry", () => {
  let member: { id: string; claimedName: string; claimedNik: string | null };
  const NOBODY = { birthDate: null, sex: null, birthPlace: null, cardNumber: null };
  beforeAll(async () => {
    const [row] = await asRole(urls.welfare.owner, async (owner) => {
      await owner`update welfare.member set match_status = 'NOT_YET_MATCHED', person_id = null where claimed_name = ${joko.fullName}`;
      return owner`select id, claimed_name, claimed_nik from welfare.member where claimed_name = ${joko.fullName}`;
    });
    member = { id: row?.["id"], claimedName: row?.["claimed_name"], claimedNik: row?.["claimed_nik"] };
  });

  test("wait in line, are answered by the claim as it stands, and leave the line", async () => {
    at("2026-11-05T03:00:00Z");
    const waiting = async () =>
      (await ask("exchange", "{ membersToValidate { id } }")).data.membersToValidate.map(({ id }: Seen) => id);
    expect(await waiting()).toContain(member.id);
    const hash = claimHash({ nik: member.claimedNik, name: member.claimedName, ...NOBODY });
    expect(await receipts("exchange", [answer(member.id, { claimHash: hash, personId: joko.id })])).toEqual(["recorded"]);
    expect(await waiting()).not.toContain(member.id);
    const [row] = await asRole(
      urls.welfare.owner,
      (owner) => owner`select match_status, person_id from welfare.member where id = ${member.id}`,
    );
    expect(row).toEqual({ match_status: "MATCHED", person_id: joko.id });
  });
});
