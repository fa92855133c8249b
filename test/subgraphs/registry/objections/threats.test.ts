import { expect, test } from "vitest";
import { readAttestation } from "../../../../schema/attestation.ts";
import { devAttestationKeys } from "../../../../subgraphs/kit/serve/config.ts";
import { welfare } from "../../../../subgraphs/welfare/index.ts";
import { asRole, useDatabases } from "../../../kit/database.ts";
import { rina, rinasHome, siti } from "../../../kit/people.ts";
import { codesOf, useSlice } from "../../../kit/slice.ts";
import { citizen, exchange, siti as sitisEntry, VERIFIER } from "../changes/kit.ts";

const databases = useDatabases();
let now = Date.parse("2026-11-20T03:00:00Z");
const slice = useSlice(welfare, { databaseUrl: () => databases.urls.welfare.runtime, now: () => now });
const owner = <T>(work: Parameters<typeof asRole<T>>[1]) => asRole(databases.urls.welfare.owner, work);
const [OBJECTION, PHOTO] = ["00000000-0000-4000-8000-0000000000a1", "00000000-0000-4000-8000-0000000000a2"];
const rinasEntry = rinasHome.families[0]?.members[0]?.id ?? "";

const asks = (who: string, text: string) => slice.ask(text, { caller: citizen(who) });
const step = async (name: string) => {
  const [row] = await owner((sql) => sql`select version from member where id = ${sitisEntry}`);
  const input = { id: sitisEntry, version: row?.["version"], reason: "verval" };
  const asked = `mutation ($input: MemberStateInput!) { ${name}(input: $input) { state } }`;
  expect((await slice.ask(asked, { caller: VERIFIER, variables: { input } })).errors).toEqual([]);
};
const state = async () => (await owner((sql) => sql`select state from member where id = ${sitisEntry}`))[0]?.["state"];
const WITHDRAW = "mutation { withdrawFromRegistry { id } }";
const REVOKE = "mutation { revokeWithdrawal { id revokedAt } }";

test("who files an objection cannot choose its procedure, and with it the reviewers and the clock", async () => {
  const asked = `mutation { fileObjection(input: { member: "${sitisEntry}", photo: "${PHOTO}", mode: PERLINSOS, reason: "x", latitude: -8, longitude: 114 }) { id } }`;
  const { errors } = await asks(rina.id, asked);
  expect(errors[0]?.message).toContain("does not fit the schema");
  const [rule] = await owner((sql) => sql`select regions from objection_term where mode = 'PERLINSOS'`);
  expect(rule?.["regions"]).toEqual([]);
});

test("taking a withdrawal back wakes whom the withdrawal put to sleep", async () => {
  expect((await asks(siti.id, WITHDRAW)).errors).toEqual([]);
  expect(await state()).toBe("DORMANT");
  now += 1000;
  expect((await asks(siti.id, REVOKE)).errors).toEqual([]);
  expect(await state()).toBe("ACTIVE");
});

test("taking a withdrawal back does not undo an officer's sleep", async () => {
  expect((await asks(siti.id, WITHDRAW)).errors).toEqual([]);
  await step("revive");
  await step("putToSleep");
  now += 1000;
  // the officer who woke her has ended the withdrawal: there is nothing left to take back
  expect(codesOf(await asks(siti.id, REVOKE))).toEqual(["CONFLICT"]);
  expect(await state()).toBe("DORMANT");
  await step("revive");
});

test("programs hear of an objection that is upheld and of withdrawals, whom and for which program, and of nothing else", async () => {
  await owner(async (sql) => {
    const [home] = await sql`select region from member where id = ${rinasEntry}`;
    const region = home?.["region"];
    const at = new Date(now).toISOString();
    await sql`insert into evidence ${sql({
      ...{ id: PHOTO, kind: "IMAGE", media_type: "image/jpeg", bytes: 3, sha256: "a".repeat(64), region, person_id: siti.id },
      ...{ announced_by: "CITIZEN", announced_at: at, state: "STORED", closed_at: at },
    })}`;
    await sql`insert into objection ${sql({
      ...{ id: OBJECTION, mode: "DEFAULT", citizen_id: siti.id, member_id: rinasEntry, region, program: "PKH", reason: "x" },
      ...{ photo_id: PHOTO, latitude: -8, longitude: 114, state: "UNDER_REVIEW", handler: VERIFIER.officer },
      ...{ filed_at: at, lapses_at: "2026-12-20T17:00:00Z" },
    })}`;
  });
  const decided = await slice.ask(`mutation ($input: DecideObjectionInput!) { decideObjection(input: $input) { state } }`, {
    caller: VERIFIER,
    variables: { input: { id: OBJECTION, version: 1, decision: "UPHELD", reason: "sudah dikunjungi" } },
  });
  expect(decided.data.decideObjection.state).toBe("UPHELD");
  const { data } = await slice.ask("{ registryEvents { kind attestation } }", { caller: exchange });
  const keys = devAttestationKeys();
  const told = data.registryEvents.map(
    ({ attestation }: { attestation: string }) =>
      readAttestation<object>(attestation, { by: "welfare", kind: "REGISTRY_EVENT", keys })?.says,
  );
  const hers = { members: [sitisEntry], persons: [siti.id], reason: "WITHDRAWN", program: null };
  expect(told).toMatchObject([
    { kind: "NOT_ELIGIBLE", ...hers },
    { kind: "ELIGIBLE_AGAIN", ...hers },
    { kind: "NOT_ELIGIBLE", ...hers },
    { kind: "ELIGIBLE_AGAIN", ...hers },
    {
      kind: "NOT_ELIGIBLE",
      members: [rinasEntry],
      persons: [rina.id],
      reason: "OBJECTION_UPHELD",
      program: "PKH",
      on: "2026-11-20",
    },
  ]);
});
