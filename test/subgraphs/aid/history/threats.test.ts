import { expect, test } from "vitest";
import { asRole, failing } from "../../../kit/database.ts";
import { codesOf } from "../../../kit/slice.ts";
import { DISTRICT, type Enrolled, OTHER, useHistory } from "./kit.ts";

const aid = useHistory();
const says = (person: string, isAlive: boolean) =>
  aid.owner(
    (sql) => sql`insert into population_event (id, position, person_id, died_on, is_alive, attestation, received_at)
      values (gen_random_uuid(), (select coalesce(max(position), 0) + 1 from population_event), ${person}, '2026-07-20', ${isAlive}, 'x', now())`,
  );
const endingOf = async ({ id }: Enrolled) =>
  (await aid.owner((sql) => sql`select state, version from ending where enrolment_id = ${id}`))[0];

test("nobody is ended as dead whose death was taken back: the proposal falls with it", async () => {
  const of = await aid.enrol();
  await says(of.person, false);
  const { version } = await aid.read(of);
  const proposed = await aid.exit(of, { version, reason: "DECEASED", words: "meninggal" });
  expect(proposed.errors).toEqual([]);
  await says(of.person, true);
  expect(await endingOf(of)).toMatchObject({ state: "REVOKED" });
  const { id } = proposed.data.exitEnrolment;
  expect(codesOf(await aid.confirm({ id, version: 2 }))).toEqual(["CONFLICT"]);
  expect(await aid.read(of)).toMatchObject({ state: "ACTIVE", ending: null });
});

test("an end is confirmed of the enrolment as it was read, not of one that changed since", async () => {
  const of = await aid.enrol();
  const proposed = (await aid.exit(of, {})).data.exitEnrolment;
  expect((await aid.suspend(of, 1)).errors).toEqual([]);
  expect(codesOf(await aid.confirm(proposed))).toEqual(["CONFLICT"]);
  expect((await aid.reject(proposed)).errors).toEqual([]);
  const again = (await aid.exit(of, { version: 2 }, DISTRICT)).data.exitEnrolment;
  expect((await aid.confirm(again, OTHER)).errors).toEqual([]);
  expect(await aid.read(of)).toMatchObject({ state: "EXITED", ending: "MOVED_ABROAD" });
});

test("who is enrolled after their death is enrolled with the flag of it, by imports too", async () => {
  const of = await aid.enrol({ state: "ACTIVE" });
  await says(of.person, false);
  await aid.owner(async (sql) => {
    await sql`insert into enrolment ${sql({ id: crypto.randomUUID(), person_id: of.person, program: "BPNT", state: "WAITING", region: "9801011001", started_on: "2026-08-01" })}`;
  });
  const rows = await aid.owner((sql) => sql`select flag, flagged_since::text from enrolment where person_id = ${of.person}`);
  expect([...rows]).toEqual(Array(2).fill({ flag: "DECEASED", flagged_since: "2026-07-20" }));
});

test("a job acts at no instant that has not come", async () => {
  const of = await aid.enrol();
  expect((await aid.withdraw(of)).errors).toEqual([]);
  await aid.owner((sql) => sql`delete from clock_rule`);
  const clock = asRole(aid.urls.allocation ?? "", (client) =>
    failing(client.unsafe("select programs.end_withdrawals('2099-01-01')")),
  );
  expect(await clock.finally(() => aid.owner((sql) => sql`insert into clock_rule default values`))).toBe("HB003");
  expect(await aid.read(of)).toMatchObject({ state: "SUSPENDED" });
});
