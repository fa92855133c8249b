import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { alertCounts } from "../../../drizzle/watch/alerts.ts";
import { watchCanaries } from "../../../drizzle/watch/canaries.ts";
import { watchBreaches, watchQuotas } from "../../../drizzle/watch/clocks.ts";
import { watchHours } from "../../../drizzle/watch/hours.ts";
import { type LogTransaction, readOn, type Told } from "../../../drizzle/watch/read.ts";
import { sameSubject } from "../../../drizzle/watch/sameSubject.ts";
import { watchTasks } from "../../../drizzle/watch/watch.ts";
import { leafHash } from "../../../schema/record/leaf.ts";
import { subjectKey, tagOf } from "../../../schema/record/tags.ts";
import { devYearKeys } from "../../../schema/record/yearKeys.ts";
import { asRole, asServer, useDatabases } from "../../kit/database.ts";
import { alertsOf, asLog, recorded } from "./kit.ts";

const { urls } = useDatabases();

const KEYS = devYearKeys();
const watchSameSubject = sameSubject();
const watch = async (tx: LogTransaction, told: readonly Told[]) => {
  await watchHours(tx, told);
  await watchCanaries(tx, told, KEYS);
  await watchSameSubject(tx, told);
};
const watched = () => asLog(urls, (sql) => readOn(sql, "watch", watch));

let day = 1;
/** An hour of a working day nobody has asked on yet: 10 o'clock WIB. */
const freshHour = () => {
  for (;;) {
    day += 1;
    const at = new Date(Date.UTC(2026, 2, day, 3));
    if (at.getUTCDay() >= 1 && at.getUTCDay() <= 5) return at.toISOString().slice(0, 13);
  }
};
const of = (client: string, kind: string) =>
  alertsOf(urls, kind).then((all) => all.filter((alert) => alert["client"] === client));

test("a client of whose lookups in an hour more than a fifth are nobody's is noticed once", async () => {
  const hour = freshHour();
  const asked = (minute: string, tried: number, missed: number) => ({
    at: `${hour}:${minute}:00Z`,
    client: "guesser",
    more: { lookups: { tried, missed, sequential: 0 } },
  });
  await recorded(urls, [asked("01", 49, 49)]);
  await watched();
  expect(await of("guesser", "LOOKUP_MISSES")).toEqual([]);
  await recorded(urls, [asked("02", 1, 1), asked("03", 10, 10)]);
  await watched();
  await recorded(urls, [asked("04", 10, 10)]);
  await watched();
  const detail = { hour: `${hour}:00:00.000Z`, tried: 60, missed: 60 };
  expect(await of("guesser", "LOOKUP_MISSES")).toEqual([
    { kind: "LOOKUP_MISSES", agency: "KEMENSOS", client: "guesser", agreement: null, detail, attempts: 0, isDelivered: false },
  ]);
});

test("a fifth of misses is what registers differ by, and one hour's do not add to the next's", async () => {
  const asked = (hour: string, tried: number, missed: number) => ({
    at: `${hour}:30:00Z`,
    client: "honest",
    more: { lookups: { tried, missed, sequential: 0 } },
  });
  await recorded(urls, [asked(freshHour(), 100, 20), asked(freshHour(), 30, 30), asked(freshHour(), 30, 30)]);
  await watched();
  expect(await of("honest", "LOOKUP_MISSES")).toEqual([]);
});

test("people who come through one client are watched each by themselves, and alerts name their agency", async () => {
  const hour = freshHour();
  const asked = (officer: string, agency: string, minute: string, missed: number) => ({
    at: `${hour}:${minute}:00Z`,
    client: "konsol-1",
    agency,
    more: { officer, lookups: { tried: 60, missed, sequential: 6 }, denied: [1, 2, 3].map((n) => `Person.${officer}${n}`) },
  });
  await recorded(urls, [
    asked("analis.bappenas", "BAPPENAS", "01", 0),
    asked("analis.kemensos", "KEMENSOS", "02", 60),
    asked("lain.kemensos", "KEMENSOS", "03", 60),
    asked("analis.bps", "BPS", "04", 0),
  ]);
  await watched();
  const misses = await of("konsol-1", "LOOKUP_MISSES");
  expect(misses.map(({ agency, detail }) => ({ agency, detail }))).toEqual(
    Array(2).fill({ agency: "KEMENSOS", detail: { hour: `${hour}:00:00.000Z`, tried: 60, missed: 60 } }),
  );
  expect(await of("konsol-1", "SEQUENTIAL_NIKS"), "twenty-four of four people").toEqual([]);
  expect(await of("konsol-1", "DENIED_PROBING"), "twelve of four people").toEqual([]);
  await recorded(urls, [asked("analis.bappenas", "BAPPENAS", "05", 0)]);
  await watched();
  expect(await of("konsol-1", "SEQUENTIAL_NIKS")).toMatchObject([{ agency: "BAPPENAS", detail: { sequential: 12 } }]);
});

test("who asks by night as usual makes nobody else's night usual", async () => {
  const nights = ["2026-05-04T16:30:00Z", "2026-05-05T16:30:00Z"];
  const people = ["analis.bps", "analis.bappenas"];
  for (const [n, at] of nights.entries()) {
    const more = { officer: people[n], subjects: 1_001 };
    await recorded(urls, [{ at, client: "konsol-2", agency: n === 0 ? "BPS" : "BAPPENAS", more }]);
  }
  await watched();
  expect((await of("konsol-2", "OFF_HOURS_BULK")).map(({ agency }) => agency)).toEqual(["BPS", "BAPPENAS"]);
});

test("ten numbers in sequence within an hour are noticed, nine are not", async () => {
  const hour = freshHour();
  const asked = (client: string, sequential: number) => ({
    at: `${hour}:30:00Z`,
    client,
    more: { lookups: { tried: 12, missed: 0, sequential } },
  });
  await recorded(urls, [asked("walker", 5), asked("walker", 5), asked("stroller", 9)]);
  await watched();
  expect(await of("walker", "SEQUENTIAL_NIKS")).toMatchObject([{ detail: { sequential: 10 } }]);
  expect(await of("stroller", "SEQUENTIAL_NIKS")).toEqual([]);
});

test("five coordinates a client was never denied before are noticed; the old ones again are not", async () => {
  const fields = ["Person.nik", "Person.motherName", "Household.income", "Person.birthDate", "Family.cardNumber"];
  const asked = (hour: string, denied: readonly string[]) => ({ at: `${hour}:30:00Z`, client: "prober", more: { denied } });
  const [first, second, third] = [freshHour(), freshHour(), freshHour()];
  await recorded(urls, [asked(first, fields.slice(0, 4)), asked(second, fields.slice(0, 4))]);
  await watched();
  expect(await of("prober", "DENIED_PROBING")).toEqual([]);
  await recorded(urls, [
    asked(
      third,
      fields.map((field) => `${field}Again`),
    ),
  ]);
  await watched();
  expect(await of("prober", "DENIED_PROBING")).toMatchObject([
    { agreement: "PKS-2025-001", detail: { hour: `${third}:00:00.000Z` } },
  ]);
});

test("more than a thousand subjects at night are noticed, by day not, nor where it is usual", async () => {
  const asked = (client: string, at: string) => ({ at, client, more: { subjects: 1_001 } });
  const night = "2026-03-10T15:30:00Z"; // 22:30 WIB on a Tuesday
  await recorded(urls, [asked("night", night), asked("day", "2026-03-10T03:30:00Z"), asked("weekend", "2026-03-14T03:30:00Z")]);
  await recorded(urls, [asked("night", "2026-03-12T15:30:00Z")]);
  await watched();
  expect(await of("night", "OFF_HOURS_BULK")).toMatchObject([{ detail: { hour: "2026-03-10T15:00:00.000Z", subjects: 1_001 } }]);
  expect(await of("day", "OFF_HOURS_BULK")).toEqual([]);
  expect(await of("weekend", "OFF_HOURS_BULK")).toHaveLength(1);
});

test("who is shown a canary, or asks for one by its id, is noticed, without a word who it is", async () => {
  const canary = randomUUID();
  await asRole(
    urls.governance.owner,
    (sql) => sql`insert into governance.canary (person_id, planted_by) values (${canary}, 'operator.hub')`,
  );
  const hour = freshHour();
  await recorded(urls, [
    { at: `${hour}:01:00Z`, client: "shown", about: { Household: [randomUUID()], Person: [randomUUID(), canary] } },
    { at: `${hour}:02:00Z`, client: "asks", about: { lookup: [canary] }, more: { status: "FORBIDDEN" } },
    { at: `${hour}:03:00Z`, client: "others", about: { Person: [randomUUID()] } },
  ]);
  await watched();
  const all = await alertsOf(urls, "CANARY_TOUCHED");
  expect(all.map(({ client }) => client)).toEqual(["shown", "asks"]);
  expect(JSON.stringify(all)).not.toContain(canary);
});

test("one person asked about by three agencies within an hour is noticed; by two, or in mass questions, not", async () => {
  const [sought, mass] = [randomUUID(), randomUUID()];
  const hour = freshHour();
  const crowd = Array.from({ length: 100 }, () => randomUUID());
  const asked = (agency: string, minute: string, ids: readonly string[]) => ({
    at: `${hour}:${minute}:00Z`,
    ...{ agency, client: agency.toLowerCase(), about: { Person: ids } },
  });
  await recorded(urls, [
    ...["KEMENSOS", "BPS"].flatMap((agency) => [asked(agency, "05", [sought]), asked(agency, "06", [mass, ...crowd])]),
    asked("BAPPENAS", "07", [mass, ...crowd]),
  ]);
  await watched();
  expect(await alertsOf(urls, "SAME_SUBJECT")).toEqual([]);
  await recorded(urls, [asked("BPK", "50", [sought])]);
  await watched();
  const all = await alertsOf(urls, "SAME_SUBJECT");
  expect(all).toMatchObject([{ client: null, detail: { agencies: ["BPK", "BPS", "KEMENSOS"] } }]);
  expect(JSON.stringify(all)).not.toContain(sought);
});

test("the hour before is looked back on, longer ago is not", async () => {
  const sought = randomUUID();
  const asked = (agency: string, at: string) => ({ at, agency, client: agency.toLowerCase(), about: { lookup: [sought] } });
  const before = (await alertsOf(urls, "SAME_SUBJECT")).length;
  const hour = freshHour();
  const next = `${hour.slice(0, 11)}${String(Number(hour.slice(11)) + 1).padStart(2, "0")}`;
  await recorded(urls, [asked("KEMENSOS", `${hour}:05:00Z`), asked("BPS", `${hour}:50:00Z`), asked("BPK", `${next}:10:00Z`)]);
  await watched();
  expect(await alertsOf(urls, "SAME_SUBJECT")).toHaveLength(before);
  await recorded(urls, [asked("BAPPENAS", `${next}:20:00Z`)]);
  await watched();
  expect(await alertsOf(urls, "SAME_SUBJECT")).toHaveLength(before + 1);
});

test("an entry somebody made unreadable blinds the watch to nothing else", async () => {
  const sought = randomUUID();
  const tag = tagOf(sought, subjectKey(KEYS.get(2026) ?? ""));
  const hour = freshHour();
  const before = (await alertsOf(urls, "SAME_SUBJECT")).length;
  await asServer(
    urls.record,
    (sql) =>
      sql`insert into governance.entry (at, leaf, body, subjects) values (${`${hour}:01:00Z`}, ${leafHash('{"v":2,')}, '{"v":2,', ${tag})`,
  );
  const asked = (agency: string) => ({ at: `${hour}:05:00Z`, agency, client: agency.toLowerCase(), about: { Person: [sought] } });
  await recorded(urls, ["KEMENSOS", "BPS", "BPK"].map(asked));
  await watched();
  expect(await alertsOf(urls, "SAME_SUBJECT")).toHaveLength(before + 1);
});

test("what a failing reader had read, it reads again, and tells once", async () => {
  const hour = freshHour();
  await recorded(urls, [{ at: `${hour}:01:00Z`, client: "again", more: { lookups: { tried: 50, missed: 50, sequential: 0 } } }]);
  const failing = async (tx: LogTransaction, told: readonly Told[]) => {
    await watch(tx, told);
    throw new Error("the process dies");
  };
  await expect(asLog(urls, (sql) => readOn(sql, "watch", failing))).rejects.toThrow("the process dies");
  expect(await of("again", "LOOKUP_MISSES")).toEqual([]);
  await Promise.all([watched(), watched()]);
  expect(await of("again", "LOOKUP_MISSES")).toMatchObject([{ detail: { tried: 50 } }]);
});

test("an agreement at four fifths of its quota is noticed once a day", async () => {
  const now = new Date("2026-03-20T05:00:00Z");
  const use = (used: number) =>
    asRole(
      urls.governance.owner,
      (sql) => sql`insert into governance.quota_counter values ('PKS-2025-002', '2026-03-20', ${used})
        on conflict (agreement_number, day) do update set used = excluded.used`,
    );
  const check = () => asLog(urls, (sql) => watchQuotas(sql, now));
  await use(7_999);
  await check();
  expect(await alertsOf(urls, "QUOTA_NEARING")).toEqual([]);
  await use(8_000);
  await check();
  await use(9_000);
  await check();
  expect(await alertsOf(urls, "QUOTA_NEARING")).toMatchObject([
    { agency: "BPJS_KESEHATAN", agreement: "PKS-2025-002", detail: { day: "2026-03-20", used: 8_000, quota: 10_000 } },
  ]);
});

test("a breach case of which somebody is still to be told is noticed twelve hours before it is due, and when it is", async () => {
  const detected = new Date("2026-03-01T00:00:00Z");
  await asRole(
    urls.governance.owner,
    (
      sql,
    ) => sql`insert into governance.breach_case (id, number, title, is_drill, window_from, window_to, coordinates, detected_at, due_at, description, handling, opened_by)
      values (${randomUUID()}, '', 'Uji', true, '2026-02-01Z', '2026-02-02Z', '{}', ${detected}, ${detected}, 'x', 'x', 'dpo.hub')`,
  );
  for (const at of ["2026-03-03T11:59:00Z", "2026-03-03T12:00:00Z", "2026-03-03T13:00:00Z", "2026-03-04T00:00:00Z"])
    await asLog(urls, (sql) => watchBreaches(sql, new Date(at)));
  const stages = (await alertsOf(urls, "BREACH_DUE")).map(({ detail }) => (detail as { stage: string }).stage);
  expect(stages).toEqual(["SOON", "DUE"]);
  expect((await asLog(urls, alertCounts)).get("BREACH_DUE")).toBe(2);
});

test("what the log's process does after each step of the tree it may do as its own role, and it notices a stale checkpoint once an hour", async () => {
  await recorded(urls, [{ at: "2026-03-25T03:00:00Z" }]);
  const now = new Date();
  const run = (later: number) =>
    asLog(urls, async (sql) => {
      const tasks = watchTasks({ keys: KEYS, webhook: null, witnessed: false, now: () => new Date(now.getTime() + later) });
      for (const task of tasks) await task(sql);
    });
  await run(0);
  await run(0);
  const { length } = await alertsOf(urls, "CHECKPOINT_STALE");
  await run(3_600_000);
  const stale = await alertsOf(urls, "CHECKPOINT_STALE");
  expect([length, stale.length]).toEqual([1, 2]);
  expect(stale[0]).toMatchObject({ detail: { witnessed: false, oldestUncovered: expect.any(String) } });
});
