import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { codesOf } from "../../../kit/slice.ts";
import { steward, steward2, useAid } from "../school/kit.ts";

const TODAY = "2026-10-05T03:00:00Z";
const VILLAGE = "9801011001";
const aid = useAid(TODAY);

const says = (person: string, isAlive: boolean) =>
  aid.owner(
    (sql) => sql`insert into population_event (id, position, person_id, died_on, is_alive, attestation, received_at)
      values (gen_random_uuid(), (select coalesce(max(position), 0) + 1 from population_event), ${person}, '2026-09-15', ${isAlive}, 'x', now())`,
  );
async function enrolled(state: string, told: object = {}, place = VILLAGE) {
  const row = { id: randomUUID(), person_id: randomUUID(), program: "PBI_JK", region: place, started_on: "2024-01-01", state };
  await aid.owner((sql) => sql`insert into enrolment ${sql({ ...row, ...told })}`);
  return { id: row.id, person: row.person_id };
}
const read = async ({ id }: { id: string }) =>
  (await aid.owner((sql) => sql`select state::text, ending, flag from enrolment where id = ${id}`))[0];
const request = (of: { id: string; person: string }, told: object) =>
  aid.owner(async (sql) => {
    const papers = { identity_paper: "x", family_paper: "y", inability_paper: "z", words: "kata" };
    const proposed = { proposed_by: "a", proposed_agency: "DINSOS", proposed_at: "2026-10-01T00:00:00Z" };
    const row = { id: randomUUID(), version: 2, person_id: of.person, program: "PBI_JK", region: VILLAGE, enrolment_id: of.id };
    await sql`insert into pbi_request ${sql({ ...row, ...papers, ...proposed, ...told })}`;
    return row.id;
  });
const VERIFIED_ENTRY = {
  ...{ kind: "ENTRY", is_emergency: false, basis: "NON_DTKS", state: "VERIFIED", decided_by: "b", decision_reason: "ok" },
};
/** Asked for, drafted by the job; its id, version and size. */
async function drafted(region: string) {
  const asked = await aid.act(
    "requestPbiReplacement(RequestPbiReplacementInput) { id version }",
    { region, most: 10, reason: "pemutakhiran" },
    steward,
  );
  expect(asked.errors).toEqual([]);
  const { id } = asked.data.done;
  const size = await aid.draft(id, TODAY);
  return { id, size };
}
const applied = async ({ id }: { id: string }) => {
  const input = { id, version: 2, decree: `SK-${id.slice(0, 4)}/2026` };
  const signed = await aid.act("signPbiReplacement(SignPbiReplacementInput) { state }", input, steward2);
  expect(signed.errors).toEqual([]);
  await aid.exchange(id, TODAY);
  return (await aid.owner((sql) => sql`select state, outcome from pbi_replacement where id = ${id}`))[0];
};

test("nobody dead comes in by a replacement: neither drafted, nor where they died after the draft", async () => {
  const dead = await enrolled("WAITING");
  await request(dead, VERIFIED_ENTRY);
  await enrolled("ACTIVE", { flag: "DECEASED", flagged_since: "2026-09-01" });
  const before = await drafted("9801");
  expect(before.size).toBe(1);
  await says(dead.person, false);
  expect(await applied(before)).toMatchObject({ state: "REFUSED" });
  expect(await read(dead)).toMatchObject({ state: "WAITING", flag: "DECEASED" });
  expect((await drafted("9801")).size).toBe(0);
});

test("who left a draft as dead and lives is not ended as dead: the replacement is refused", async () => {
  const place = "9702011001";
  const alive = await enrolled("ACTIVE", {}, place);
  const waits = await enrolled("WAITING", {}, place);
  await request(waits, VERIFIED_ENTRY);
  await says(alive.person, false);
  const batch = await drafted("9702");
  expect(batch.size).toBe(1);
  await says(alive.person, true);
  expect(await applied(batch)).toMatchObject({ state: "REFUSED" });
  expect(await read(alive)).toEqual({ state: "ACTIVE", ending: null, flag: null });
});

test("an emergency that is verified after the death resumes nobody", async () => {
  const of = await enrolled("SUSPENDED", { is_emergency: true });
  const told = { kind: "REACTIVATION", is_emergency: true, state: "LAPSED", confirm_by: "2026-10-04T00:00:00Z" };
  const id = await request(of, told);
  await says(of.person, false);
  const verified = await aid.act(
    "decidePbiRequest(DecidePbiRequestInput) { state }",
    { id, version: 2, decision: "VERIFIED", reason: "surat lengkap" },
    steward,
  );
  expect(codesOf(verified)).toEqual(["CONFLICT"]);
  expect(await read(of)).toMatchObject({ state: "SUSPENDED", flag: "DECEASED" });
});
