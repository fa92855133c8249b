import { expect, test } from "vitest";
import { attestationSigner, devAttestationSecret } from "../../../../schema/attestation.ts";
import { asRole } from "../../../kit/database.ts";
import { ani, rina, rinasHome, siti, sitisHome } from "../../../kit/people.ts";
import { codesOf } from "../../../kit/slice.ts";
import {
  citizen,
  district,
  district2,
  exchange,
  familyOf,
  registryEvent,
  steward,
  steward2,
  useCandidates,
} from "../candidates/kit.ts";

const { ask, eligibility, databases } = useCandidates();
const PAKIS = sitisHome.region;
const SOBO = rinasHome.region;
const claim = (told: object) => ({
  ...{ region: PAKIS, reason: "PENSIONER", source: "TASPEN", evidence: "Daftar pensiun September 2026" },
  ...{ validFrom: "2026-09-01", words: "Menerima pensiun janda" },
  ...told,
});
const decision = ({ id, version }: any, decided: string) => ({
  input: { id, version, decision: decided, reason: "Diperiksa dengan surat sumber" },
});
const codes = (verdict: any) => verdict.reasons.map(({ code }: any) => code);
const propose = async (told: object, caller = steward) => (await ask("propose", { input: claim(told) }, caller)).data.done;

test("what one steward claims bars nobody until another approves it, and then says its source and its document", async () => {
  const made = await propose({ person: ani.id });
  expect(codes(await eligibility(siti.id, "PKH"))).toEqual([]);
  expect(codesOf(await ask("decide", decision(made, "APPROVED"), steward))).toEqual(["FORBIDDEN"]);
  const { data } = await ask("decide", decision(made, "APPROVED"), steward2);
  expect(data.done).toMatchObject({ state: "APPROVED", history: [{ act: "EXCLUDE" }, { act: "APPROVED" }] });
  const { isEligible, reasons } = await eligibility(siti.id, "PKH", citizen(siti.id));
  expect(isEligible).toBe(false);
  expect(reasons).toMatchObject([
    { code: "PENSIONER", source: null, since: null, evidence: null, exclusion: null }, // her child's: the code alone is hers to know
  ]);
  expect((await eligibility(siti.id, "PKH")).reasons).toMatchObject([
    { code: "PENSIONER", source: "TASPEN", since: "2026-09-01", evidence: "Daftar pensiun September 2026", exclusion: made.id },
  ]);
  expect(codes(await eligibility(ani.id, "KIP"))).toEqual([]); // no law bars a pupil for it
});

test("an exclusion ends the way it came, with four eyes, and was in force until then", async () => {
  const made = await propose({ person: rina.id, region: SOBO });
  await ask("decide", decision(made, "APPROVED"), steward2);
  expect(codes(await eligibility(rina.id, "PBI_JK"))).toEqual(["PENSIONER"]);
  const lifted = await ask("end", {
    input: { exclusion: made.id, from: "2026-10-01", evidence: "Surat Taspen 12/2026", words: "Salah orang" },
  });
  await ask("decide", decision(lifted.data.done, "APPROVED"), steward2);
  expect(codes(await eligibility(rina.id, "PBI_JK"))).toEqual([]);
  const { data } = await ask("person", { person: rina.id, program: "PBI_JK", on: "2026-09-15" });
  expect(codes(data.eligibility)).toEqual(["PENSIONER"]);
});

test("a regency rejects its own people with a second officer, and nobody else's", async () => {
  const rejected = { reason: "REJECTED_BY_REGION", source: "DINSOS_BANYUWANGI" };
  const made = await propose({ family: familyOf(sitisHome), program: "BPNT", ...rejected }, district);
  await ask("decide", decision(made, "APPROVED"), district2);
  expect(codes(await eligibility(siti.id, "BPNT"))).toContain("REJECTED_BY_REGION");
  expect(codes(await eligibility(siti.id, "PKH"))).not.toContain("REJECTED_BY_REGION");
  expect(
    codesOf(await ask("propose", { input: claim({ person: siti.id, ...rejected, region: "3171011001" }) }, district)),
  ).toEqual(["FORBIDDEN"]);
  expect(codesOf(await ask("propose", { input: claim({ person: siti.id }) }, district))).toEqual(["FORBIDDEN"]);
});

test("who claims withdraws, a claim is decided once, and all that is wrong with one is said at once", async () => {
  const made = await propose({ person: rina.id, region: SOBO });
  expect(codesOf(await ask("decide", decision(made, "WITHDRAWN"), steward2))).toEqual(["FORBIDDEN"]);
  await ask("decide", decision(made, "WITHDRAWN"), steward);
  expect(codesOf(await ask("decide", decision(made, "APPROVED"), steward2))).toEqual(["CONFLICT"]);
  const { errors } = await ask("propose", { input: claim({ reason: "WITHDRAWN", source: "x", words: "9101011708459001" }) });
  expect(errors[0]?.extensions.detail).toMatch(/exactly one of person and family.*reason.*source.*words must hold no NIK/);
});

test("a claim about somebody who does not stand there is refused", async () => {
  expect(codesOf(await ask("propose", { input: claim({ person: siti.id, region: SOBO }) }))).toEqual(["BAD_USER_INPUT"]);
});

test("threat: an officer who goes past the API excludes nobody alone", async () => {
  const forge = asRole(databases.urls.programs.runtime, async (sql) => {
    await sql`select set_config('hub.officer', '{program.kemensos}', false), set_config('hub.agency', '{KEMENSOS}', false), set_config('hub.purpose', '{PROGRAM_MANAGEMENT}', false),
      set_config('hub.now', '2026-10-05T03:00:00Z', false), set_config('hub.regions', '{0,A,0,0,0,0,0,0}', false), set_config('hub.programs', '{*}', false)`;
    await sql`insert into programs.exclusion (id, person_id, region, reason, source, evidence, valid_from, known_from)
      values (gen_random_uuid(), ${rina.id}, ${SOBO}, 'PENSIONER', 'X', 'x', '2026-01-01', now())`;
  });
  await expect(forge).rejects.toThrow(/permission denied/);
});

const deliver = async (attestations: readonly string[], caller = exchange) =>
  (await ask("deliver", { attestations }, caller)).data?.done;

test("who withdraws in the registry is excluded at once, and who comes back is not, each event once and in order", async () => {
  const withdrawn = registryEvent(1, { kind: "NOT_ELIGIBLE", persons: [rina.id], program: null, reason: "WITHDRAWN" });
  const back = registryEvent(2, { kind: "ELIGIBLE_AGAIN", persons: [rina.id], program: null, reason: "WITHDRAWN" });
  expect(await deliver([back])).toEqual(["REFUSED"]);
  expect(await deliver([withdrawn, withdrawn])).toEqual(["DELIVERED", "KNOWN"]);
  const { reasons } = await eligibility(rina.id, "PBI_JK");
  expect(reasons).toMatchObject([{ code: "WITHDRAWN", source: "REGISTRY", evidence: "registry event 1" }]);
  expect(await deliver([back])).toEqual(["DELIVERED"]);
  expect(codes(await eligibility(rina.id, "PBI_JK"))).toEqual([]);
  expect((await ask("cursor", {}, exchange)).data.registryEventCursor).toBe("2");
});

test("a death excludes, a revival readmits, a family that changed is marked until the next delivery", async () => {
  const died = registryEvent(3, { kind: "MEMBER_DIED", persons: [rina.id], families: [familyOf(rinasHome)] });
  const revived = registryEvent(4, { kind: "MEMBER_REVIVED", persons: [rina.id], families: [familyOf(rinasHome)] });
  await deliver([died]);
  expect(await eligibility(rina.id, "PBI_JK")).toMatchObject({ isEligible: false, staleSince: "2026-10-05" });
  expect(codes(await eligibility(rina.id, "PBI_JK"))).toEqual(["DECEASED"]);
  await deliver([revived]);
  expect(codes(await eligibility(rina.id, "PBI_JK"))).toEqual([]);
});

test("threat: nobody but the exchange delivers, and nothing that welfare did not sign comes in", async () => {
  const event = { kind: "MEMBER_DIED", persons: [siti.id] } as const;
  expect(codesOf(await ask("deliver", { attestations: [registryEvent(5, event)] }, steward))).toEqual(["FORBIDDEN"]);
  const forged = registryEvent(5, event, attestationSigner(devAttestationSecret("population")));
  expect(await deliver([forged])).toEqual(["REFUSED"]);
});
