import { beforeAll, expect, test } from "vitest";
import { asRole, failing } from "../../../kit/database.ts";
import { callerWith } from "../../../kit/slice.ts";
import { head, idOf, steward, steward2, useSelections } from "./kit.ts";

const aid = useSelections();
const BANYUWANGI = "3510162001";
const district = callerWith({
  client: "bansos.dinsos_banyuwangi",
  officer: "bansos.dinsos_banyuwangi",
  agency: "DINSOS_BANYUWANGI",
  agreement: "PKS-2025-026",
  purpose: "PROGRAM_MANAGEMENT",
  rows: { regions: [["3510", "3511"]], programs: null, decileMax: 100 },
});
const machine = callerWith();
const citizenOf = (n: number) =>
  callerWith({
    client: "warga",
    agency: "HUB",
    agreement: "PKS-2025-008",
    purpose: "DATA_SUBJECT_RIGHTS",
    citizen: idOf("person", n),
  });
const codeOf = ({ errors }: { errors: readonly { extensions: { code: string } }[] }) =>
  errors.map(({ extensions }) => extensions.code);
const QUOTA = { program: "BPNT", period: "2026", seats: 5, reason: "Keputusan uji" };

let country: { id: string; version: number };
let run: any;
beforeAll(async () => {
  await aid.families([1, 2, 3, 4].map((n) => ({ n, region: BANYUWANGI, decile: 1, rank: n })));
  country = await aid.seats("", 2);
  run = await aid.list();
});

test("a quota is drafted by no machine, no district and nobody outside of the programs", async () => {
  for (const caller of [machine, district, citizenOf(1), { ...steward, purpose: "REGISTRY_MANAGEMENT" }])
    expect(codeOf(await aid.tell("draft", { input: QUOTA }, caller))).toEqual(["FORBIDDEN"]);
});

test("whoever proposes seats does not approve them, and nobody writes over another", async () => {
  const draft = await aid.must("draft", { input: { ...QUOTA, region: "3510" } });
  expect(codeOf(await aid.tell("approve", { id: draft.id, version: draft.version }))).toEqual(["FORBIDDEN"]);
  expect(codeOf(await aid.tell("approve", { id: draft.id, version: 9 }, steward2))).toEqual(["CONFLICT"]);
  const withdrawn = await aid.must("withdraw", { id: draft.id, version: draft.version });
  expect(withdrawn.state).toBe("WITHDRAWN");
});

test("a period that has not begun has no quota in force", async () => {
  const draft = await aid.must("draft", { input: { ...QUOTA, region: "3510", period: "2027-Q1" } });
  expect(codeOf(await aid.tell("approve", { id: draft.id, version: draft.version }, steward2))).toEqual(["CONFLICT"]);
});

test("a list is signed by a head alone, not by whoever prepared it, with a decree that is new", async () => {
  const signing = { input: { id: run.id, version: run.version, decree: "7/HUK/2026" } };
  expect(codeOf(await aid.tell("sign", signing, steward2))).toEqual(["FORBIDDEN"]);
  expect(codeOf(await aid.tell("sign", { input: { ...signing.input, decree: "tujuh" } }, head))).toEqual(["BAD_USER_INPUT"]);
  expect(codeOf(await aid.tell("sign", { input: { ...signing.input, version: 1 } }, head))).toEqual(["CONFLICT"]);
  const other = await aid.list();
  await aid.must("sign", signing, head);
  expect(codeOf(await aid.tell("sign", { input: { id: other.id, version: other.version, decree: "7/HUK/2026" } }, head))).toEqual(
    ["CONFLICT"],
  );
  await aid.publish(run.id);
  await aid.must("discard", { id: other.id, version: other.version, reason: "Kuota sudah terisi" });
  await aid.select(other.id);
  expect((await aid.owner("select count(*)::int as n from pg_tables where tablename like 'selection_entry_%'"))[0]?.["n"]).toBe(
    1,
  );
});

test("seats are never lowered below those that are held", async () => {
  const proposed = await aid.must("propose", {
    input: { id: country.id, version: country.version, seats: 1, reason: "Pengurangan" },
  });
  const refused = await aid.tell("approve", { id: country.id, version: proposed.version }, steward2);
  expect(codeOf(refused)).toEqual(["CONFLICT"]);
  expect(refused.errors[0]?.extensions.detail ?? refused.errors[0]?.message).toContain("2 seats are taken");
});

test("the slice's role says neither what is used nor that a list is ready, and writes no line of a list", async () => {
  await asRole(aid.urls.programs.runtime, async (client) => {
    for (const text of [
      "update programs.quota set used = 0",
      "update programs.quota set version = 1",
      "update programs.selection_run set state = 'READY', hash = 'x'",
      `insert into programs.selection_entry (run, unit_id, person_id, place, program, region, verdict) values ('${run.id}', gen_random_uuid(), gen_random_uuid(), 1, 'BPNT', '3510162001', 'SELECTED')`,
      "delete from programs.quota",
      "select programs.promote('BPNT', 0, 10, 'QUOTA_ADDED')",
      "select programs.judge_province(gen_random_uuid(), '35')",
      "select programs.move_seats('{}')",
    ])
      expect(await failing(client.unsafe(text))).toBe("42501");
  });
});

test("the worker's role gives itself no seat beside the rules", async () => {
  await asRole(aid.urls.allocation ?? "", async (client) => {
    for (const text of [
      "update programs.quota set seats = 100",
      `update programs.selection_run set state = 'PUBLISHED' where id = '${run.id}'`,
    ])
      expect(await failing(client.unsafe(text))).toBe("42501");
    expect(
      await failing(
        client.unsafe(
          `select set_config('hub.reason', 'uji', false); insert into programs.enrolment (id, person_id, program, state, region, started_on)
           values (gen_random_uuid(), gen_random_uuid(), 'BPNT', 'ACTIVE', '${BANYUWANGI}', '2026-11-02')`,
        ),
      ),
    ).toBe("HB001");
  });
});

test("what stood on a list stays, whoever asks", async () => {
  for (const text of [
    "update programs.selection_entry set verdict = 'SELECTED'",
    `delete from programs.selection_entry where run = '${run.id}'`,
    "delete from programs.quota",
    "delete from programs.selection_run",
  ])
    expect(await failing(aid.owner(text))).toBe("HB001");
});

test("a person reads where they stand themself, and nobody else's place", async () => {
  const [own, other] = [3, 4].map((n) => idOf("family", n));
  const ids = await aid.owner(`select id, unit_id from programs.enrolment where unit_id in ('${own}', '${other}')`);
  const question = `query ($id: ID!) { enrolment(id: $id) { waitingBand selectionEntry { id verdict } } }`;
  const ask = (unit: string | undefined) =>
    aid.slice.ask(question, { caller: citizenOf(3), variables: { id: ids.find((row) => row["unit_id"] === unit)?.["id"] } });
  expect((await ask(own)).data.enrolment).toEqual({ waitingBand: "FIRST_100", selectionEntry: { id: own, verdict: "WAITING" } });
  expect((await ask(other)).data.enrolment).toBeNull();
});

test("a list that is not published is for the program's own officers, and of another region's rows for nobody", async () => {
  const hidden = await aid.list();
  const question = `query ($id: ID!) { selection(id: $id) { state entries { totalCount } } }`;
  const ask = async (caller: typeof steward, id: string) =>
    (await aid.slice.ask(question, { caller, variables: { id } })).data.selection;
  expect(await ask(district, hidden.id)).toBeNull();
  expect(await ask(district, run.id)).toMatchObject({ state: "PUBLISHED", entries: { totalCount: 4 } });
  const elsewhere = { ...district, rows: { ...district.rows, regions: [["3509", "3510"]] as const } };
  expect(await ask(elsewhere, run.id)).toMatchObject({ entries: { totalCount: 0 } });
});

test("where nobody allotted a seat of the period, at no level, nobody is selected or promoted: no row is no seat, not seats without end", async () => {
  const JEMBER = "3509012001";
  await aid.clear();
  await aid.families([
    ...[1, 2, 3].map((n) => ({ n, region: BANYUWANGI, decile: 1, rank: n })),
    ...[4, 5].map((n) => ({ n, region: JEMBER, decile: 1, rank: n })),
  ]);
  expect(await aid.list()).toMatchObject({ state: "READY", selected: 0, waiting: 5 });
  await aid.seats("3510", 2);
  await aid.seats("3509", 2, "EMERGENCY");
  const draft = await aid.must("prepare", { input: { program: "BPNT", period: "2027", reason: "Kuota tahun lain" } });
  await aid.must("start", { id: draft.id, version: draft.version });
  await aid.select(draft.id);
  expect(await aid.read(draft.id)).toMatchObject({ state: "READY", selected: 0, waiting: 5 });
  const made = await aid.list();
  expect(made).toMatchObject({ selected: 2, waiting: 3 });
  expect((await aid.sign(made, "71/HUK/2026")).errors).toEqual([]);
  await aid.publish(made.id);
  await aid.promote();
  expect(await aid.inState("ACTIVE")).toEqual([1, 2]);
  await aid.seats("35", 3);
  await aid.promote();
  expect(await aid.inState("ACTIVE")).toEqual([1, 2, 4]);
});

test("a quota's period holds its quarters and months, and no other", async () => {
  const [row] =
    await aid.owner(`select array(select programs.allots(q, p) from (values ('2026', '2026-Q4'), ('2026', '2026-11'), ('2026-Q4', '2026-11'), ('2026-11', '2026-11'),
    ('2026-Q3', '2026-11'), ('2026-Q4', '2026'), ('2025', '2026-Q1'), ('2026-11', '2026-Q4'), ('2026-Q3', '2026-Q4')) v (q, p)) as told`);
  expect(row?.["told"]).toEqual([true, true, true, true, false, false, false, false, false]);
});
