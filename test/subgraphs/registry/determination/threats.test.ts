import { expect, test } from "vitest";
import { verifyDeterminations } from "../../../../subgraphs/welfare/determination/verify.ts";
import { asRole } from "../../../kit/database.ts";
import { codesOf } from "../../../kit/slice.ts";
import { DECREE_HASH, pusdatin, useDeterminations } from "./kit.ts";

const registry = useDeterminations("2027-03-10T03:00:00Z");
const WITHDRAW =
  "mutation ($id: ID!, $version: Int!) { withdrawDetermination(id: $id, version: $version) { state version decreeNumber } }";
const withdraw = (id: string, version: number) => registry.slice.ask(WITHDRAW, { caller: pusdatin, variables: { id, version } });
const signed = async (month: string, decreeNumber: string) => {
  const { id, version } = (await registry.prepare({ month, basis: "DTKS" })).data.prepareDetermination;
  const done = (await registry.sign({ id, version, decreeNumber })).data.determine;
  return { id, version: done.version } as { readonly id: string; readonly version: number };
};
const standing = async (where: string) =>
  (await registry.owner(`select member_id from welfare.determined where basis = 'DTKS' and to_month is null and ${where}`)).map(
    (row) => String(row["member_id"]),
  );

test("an entry that the basis does not count drives nobody out who is the same person", async () => {
  await registry.determine({ month: "2027-03-01", basis: "DTKS" }, "1/HUK/2027");
  const [pair] = await registry.owner(`select b.id as uncounted, a.id as counted, a.person_id as person
    from welfare.member a join welfare.determined d on d.member_id = a.id and d.basis = 'DTKS' and d.decile <= 4
    join welfare.member b on b.id < a.id and b.household_id <> a.household_id and b.state = 'ACTIVE' and b.person_id is not null
      and b.id not in (select member_id from welfare.determined)
    where (select count(*) from welfare.member o where o.person_id = a.person_id) = 1 order by 1, 2 limit 1`);
  const { uncounted, counted, person } = pair as Record<string, string>;
  registry.at("2027-03-20T03:00:00Z");
  await registry.owner(`update welfare.member set match_status = 'MATCHED', person_id = '${person}' where id = '${uncounted}'`);
  registry.at("2027-04-10T03:00:00Z");
  await registry.determine({ month: "2027-04-01", basis: "DTKS" }, "2/HUK/2027");
  expect(await standing(`person_id = '${person}'`)).toEqual([counted]);
});

test("a social need that was noted or ended later is no fault of a determination that was written before", async () => {
  const inputs = async () => (await verifyDeterminations(registry.pool, { withInputs: true })).flatMap(({ faults }) => faults);
  expect(await inputs()).toEqual([]);
  const byNeed = await standing("coalesce(decile, 10) > 4");
  expect(byNeed.length).toBeGreaterThan(0);
  await asRole(registry.urls.welfare.owner, async (client) => {
    await client`delete from welfare.ppks_status where member_id = any(${byNeed})`;
  });
  expect(await inputs()).toEqual([]);
});

test("a signed determination whose job gave up wakes when the Minister asks again, with the same decree alone", async () => {
  registry.at("2027-05-10T03:00:00Z");
  const one = await signed("2027-05-01", "3/HUK/2027");
  const jobs = (text: string) => asRole(registry.urls.registry ?? "", (client) => client.unsafe(text));
  const KEY = `key = 'registry_determine/${one.id}'`;
  await asRole(registry.urls.registry ?? "", async (client) => {
    const [job] = await client`select id from graphile_worker.jobs where key = ${`registry_determine/${one.id}`}`;
    await client`select graphile_worker.permanently_fail_jobs(array[${job?.["id"]}::bigint], 'gave up')`;
  });
  const attemptsLeft = async () =>
    (await jobs(`select attempts < max_attempts as left from graphile_worker.jobs where ${KEY}`))[0];
  expect(await attemptsLeft()).toMatchObject({ left: false });
  expect(codesOf(await registry.sign({ ...one, decreeNumber: "4/HUK/2027" }))).toEqual(["CONFLICT"]);
  expect(codesOf(await registry.sign({ ...one, decreeNumber: "3/HUK/2027" }, pusdatin))).toEqual(["FORBIDDEN"]);
  expect(await attemptsLeft()).toMatchObject({ left: false });
  const woken = (await registry.sign({ ...one, decreeNumber: "3/HUK/2027" })).data.determine;
  expect(woken).toMatchObject({ state: "QUEUED", decreeNumber: "3/HUK/2027" });
  expect(await attemptsLeft()).toMatchObject({ left: true });
  await registry.write(one.id);
  const [row] = await registry.owner(`select state from welfare.determination where id = '${one.id}'`);
  expect(row).toEqual({ state: "DETERMINED" });
});

test("the ministry withdraws a signed determination only as long as nothing of it is written, and its decree is free again", async () => {
  registry.at("2027-06-10T03:00:00Z");
  const one = await signed("2027-06-01", "5/HUK/2027");
  expect((await withdraw(one.id, one.version)).data.withdrawDetermination).toMatchObject({
    state: "WITHDRAWN",
    decreeNumber: null,
  });
  await registry.write(one.id);
  const [written] = await registry.owner(
    `select count(*)::int as parts from welfare.determination_part where determination_id = '${one.id}' and not is_preview`,
  );
  expect(written).toEqual({ parts: 0 });
  const [told] = await registry.owner(
    `select act, reason from welfare.transition where subject_id = '${one.id}' order by id desc limit 1`,
  );
  expect(told).toEqual({ act: "WITHDRAW", reason: "decree 5/HUK/2027" });
  const again = await signed("2027-06-01", "5/HUK/2027");
  await registry.owner(
    `insert into welfare.determination_part (determination_id, region, is_preview) values ('${again.id}', '3510', false)`,
  );
  expect(codesOf(await withdraw(again.id, again.version))).toEqual(["CONFLICT"]);
  await registry.write(again.id);
  const [row] = await registry.owner(`select state, decree_hash from welfare.determination where id = '${again.id}'`);
  expect(row).toEqual({ state: "DETERMINED", decree_hash: DECREE_HASH });
});

test("a page of determinations with all their counts takes the same statements as one", async () => {
  registry.at("2027-07-10T03:00:00Z");
  await registry.determine({ month: "2027-07-01", basis: "DTKS" }, "6/HUK/2027");
  const asked = (first: number) =>
    registry.slice.ask(
      `{ determinations(basis: DTKS, first: ${first}) { nodes { isCounted tally { members } statistics { members } history { act } } } }`,
      { caller: pusdatin },
    );
  const one = await asked(1);
  const forOne = registry.slice.statements;
  const all = await asked(6);
  expect([one, all].map(({ data }) => data.determinations.nodes.length)).toEqual([1, 6]);
  expect(registry.slice.statements).toBe(forOne);
});
