import { expect, test } from "vitest";
import { programs } from "../../../../subgraphs/programs/index.ts";
import { asRole, failing, useDatabases } from "../../../kit/database.ts";
import { siti } from "../../../kit/people.ts";
import { callerWith, useSlice } from "../../../kit/slice.ts";
import { inPrograms, tell } from "./kit.ts";

const { urls } = useDatabases();
const slice = useSlice(programs, { databaseUrl: () => urls.programs.runtime });

const FEED = `query ($after: ID, $first: Int, $programs: [ProgramCode!]) { aidEvents(after: $after, first: $first, programs: $programs) {
  until hasMore nodes { id: place kind program code period at enrolment { id } payment { id } } } }`;
const feed = async (variables: Record<string, unknown> = {}, caller = callerWith()) => {
  const { data, errors } = await slice.ask(FEED, { variables, caller });
  return { ...data?.aidEvents, fault: errors[0]?.extensions };
};
const everything = async (after: string) => (await feed({ after, first: 500 })).nodes;
const newest = async (): Promise<string> => (await feed({ first: 500 })).until;

test("the synthetic population is no news", async () => {
  expect(await feed()).toMatchObject({ nodes: [], until: "0", hasMore: false });
});

test("a change of state is told once, an update that leaves the state alone is not", async () => {
  const before = await newest();
  const [row] = await inPrograms(urls, async (sql) => {
    const found =
      await sql`select id, program, state::text as state from programs.enrolment where person_id = ${siti.id} and state = 'ACTIVE' limit 1`;
    await sql`select set_config('hub.reason', 'VERIFICATION', false)`;
    await sql`update programs.enrolment set started_on = started_on where person_id = ${siti.id}`;
    await sql`update programs.enrolment set state = 'SUSPENDED' where id = ${found[0]?.["id"]}`;
    return found;
  });
  const told = await everything(before);
  expect(told).toEqual([
    expect.objectContaining({
      kind: "ENROLMENT_CHANGED",
      program: row?.["program"],
      code: "SUSPENDED",
      period: null,
      enrolment: { id: row?.["id"] },
      payment: null,
    }),
  ]);
});

test("places are given without a gap, and a transaction that commits late never slips in behind what was read", async () => {
  const before = BigInt(await newest());
  await inPrograms(urls, (late) =>
    late.begin(async (open) => {
      await open`insert into programs.aid_event (kind, program, region, enrolment_id, person_id, code, at)
        values ('ENROLMENT_CHANGED', 'PKH', '3510161001', gen_random_uuid(), gen_random_uuid(), 'EXITED', now())`;
      await tell(urls, 3);
      const { nodes, until } = await feed({ after: String(before) });
      expect(nodes.map(({ id }: { id: string }) => BigInt(id) - before)).toEqual([1n, 2n, 3n]);
      expect(BigInt(until)).toBe(before + 3n);
    }),
  );
  const { nodes } = await feed({ after: String(before + 3n) });
  expect(nodes.map(({ id, code }: { id: string; code: string }) => [BigInt(id) - before, code])).toEqual([[4n, "EXITED"]]);
});

test("one statement over many payments tells each of them, with its period and its payment", async () => {
  const before = await newest();
  const changed = await inPrograms(urls, async (sql) => {
    const others =
      await sql`select tgname from pg_trigger where tgrelid = 'programs.payment_period'::regclass and not tgisinternal
      and tgname not in ('payment_period_begins_told', 'payment_period_changes_told')`;
    const each = (how: string) =>
      Promise.all(others.map(({ tgname }) => sql.unsafe(`alter table programs.payment_period ${how} trigger "${tgname}"`)));
    await each("disable"); // what a payment may become is another story
    const rows =
      await sql`update programs.payment_period set state = 'RETURNED' where state = 'TRANSACTED' and program = 'PKH' returning id, period, enrolment_id`;
    await each("enable");
    return rows;
  });
  expect(changed.length).toBeGreaterThan(10);
  const told = [];
  for (let after = before, hasMore = true; hasMore; ) {
    const page = await feed({ after, first: 500 });
    told.push(...page.nodes);
    ({ until: after, hasMore } = page);
  }
  const wanted = changed.map((row) => [row["id"], row["period"], row["enrolment_id"]]).sort();
  expect(told.map(({ payment, period, enrolment }) => [payment.id, period, enrolment.id]).sort()).toEqual(wanted);
  expect(new Set(told.map(({ kind, code }) => `${kind} ${code}`))).toEqual(new Set(["PAYMENT_CHANGED RETURNED"]));
});

test("an agreement sees the events of its regions and programs alone, and moves on over all others", async () => {
  const before = await newest();
  await tell(urls, 2, { program: "PKH", region: "3510161001" });
  await tell(urls, 3, { program: "PBI_JK", region: "9301011002" });
  const papua = callerWith({ rows: { regions: [["93", "94"]], programs: ["PBI_JK"], decileMax: 100 } });
  const seen = await feed({ after: before }, papua);
  expect(seen.nodes.map(({ program }: { program: string }) => program)).toEqual(["PBI_JK", "PBI_JK", "PBI_JK"]);
  expect(BigInt(seen.until) - BigInt(before)).toBe(5n);
  expect((await feed({ after: before, programs: ["PKH"] }, papua)).nodes).toEqual([]);
});

test("events are forgotten after their time, places stay, and who comes too late is told where to begin", async () => {
  await tell(urls, 3);
  const last = await newest();
  await inPrograms(urls, async (sql) => {
    await sql`update programs.aid_event set at = now() - interval '401 days' where position < ${last}`;
    await sql`select programs.forget_events(now())`;
  });
  const late = await feed({ after: String(BigInt(last) - 2n) });
  expect(late.fault).toMatchObject({ code: "BAD_USER_INPUT" });
  expect(late.fault.detail).toContain(`begin after ${BigInt(last) - 1n}`);
  expect((await feed()).nodes.map(({ id }: { id: string }) => id)).toEqual([last]);
  await tell(urls, 1);
  expect(await newest()).toBe(String(BigInt(last) + 1n));
});

test.each([
  [
    "writes an event",
    "insert into programs.aid_event (kind, program, region, enrolment_id, person_id, code, at) values ('ENROLMENT_CHANGED', 'PKH', '3510161001', gen_random_uuid(), gen_random_uuid(), 'ACTIVE', now())",
  ],
  ["changes one", "update programs.aid_event set code = 'EXITED'"],
  ["removes one", "delete from programs.aid_event"],
  ["moves the place", "update programs.aid_event_head set position = 0"],
  ["forgets early", "select programs.forget_events(now() + interval '10 years')"],
])("threat: the slice's own role never %s", async (_, statement) => {
  expect(await asRole(urls.programs.runtime, (sql) => failing(sql.unsafe(statement)))).toBe("42501");
});
