import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { Random } from "../../../drizzle/synthetic/random.ts";
import { type LogClient, readOn, unreadBy } from "../../../drizzle/watch/read.ts";
import { sameSubject } from "../../../drizzle/watch/sameSubject.ts";
import { useDatabases } from "../../kit/database.ts";
import { alertsOf, asLog, type Entry, recorded } from "./kit.ts";

const { urls } = useDatabases({ empty: true });

type Watch = ReturnType<typeof sameSubject>;
const watching = (sql: LogClient, watch: Watch) => readOn(sql, "watch", watch);
const MINUTE = 60_000;

/** How many persons' traces were read from the tree for the watch's sake. */
async function tracesReadBy(sql: LogClient, watch: Watch): Promise<number> {
  let traces = 0;
  await readOn(sql, "watch", (tx, told) => {
    const counting = new Proxy(tx, {
      apply(ask, self, [texts, ...values]: [readonly string[], ...unknown[]]) {
        if (texts.join().includes("entry_subject")) traces += JSON.parse(String(values[0])).length;
        return Reflect.apply(ask, self, [texts, ...values]);
      },
    });
    return watch(counting, told);
  });
  return traces;
}

test("somebody who stood in every answer of this hour costs the watch no more than somebody new", async () => {
  const begun = Date.parse("2026-03-02T03:00:00Z");
  const [known, other] = [randomUUID(), randomUUID()];
  const of = (nth: number, person: string): Entry => ({
    ...{ at: new Date(begun + nth * 1000).toISOString(), about: { Person: [person] } },
  });
  await asLog(urls, async (sql) => {
    const watch = sameSubject();
    await recorded(
      urls,
      Array.from({ length: 300 }, (_, nth) => of(nth, known)),
    );
    expect(await tracesReadBy(sql, watch), "a piece that begins with it").toBe(1);
    await recorded(urls, [of(301, known), of(302, known)]);
    expect(await tracesReadBy(sql, watch)).toBe(0);
    await recorded(urls, [of(303, other), of(304, known), of(305, other)]);
    expect(await tracesReadBy(sql, watch)).toBe(1);
    await recorded(urls, [of(306, known)]);
    expect(Object.fromEntries(await unreadBy(sql))).toEqual({ accounting: 306, watch: 1 });
    expect(await tracesReadBy(sql, sameSubject()), "one that has just begun").toBe(1);
  });
});

/** What must be told of entries in their order: by person and clock hour the agencies at the first entry of which there were three within an hour. */
function expectedOf(entries: readonly { at: number; agency: string; person: string }[]): string[] {
  const found = new Map<string, string[]>();
  for (const [nth, { at, person }] of entries.entries()) {
    const before = entries.slice(0, nth + 1).filter((one) => one.person === person && one.at > at - 60 * MINUTE);
    const agencies = [...new Set(before.map(({ agency }) => agency))].sort();
    const hour = new Date(at - (at % (60 * MINUTE))).toISOString();
    if (agencies.length >= 3 && !found.has(person + hour)) found.set(person + hour, agencies);
  }
  return [...found].map(([key, agencies]) => `${key.slice(36)} ${agencies}`).sort();
}

test("processes that take turns, forget, and lose what they had read tell together what one that saw all must tell", async () => {
  const dice = new Random("turns");
  const below = (n: number) => Math.floor(dice.next() * n);
  const persons = Array.from({ length: 7 }, () => randomUUID());
  const agencies = ["BPS", "BPK", "BAPPENAS", "KEMENSOS", "DUKCAPIL"];
  let at = Date.parse("2026-03-04T01:00:00Z");
  const entries = Array.from({ length: 240 }, () => {
    at += below(9 * MINUTE);
    return { at, agency: agencies[below(5)] ?? "", person: persons[below(7)] ?? "" };
  });
  const watches = [sameSubject(), sameSubject(2), sameSubject(4)];
  await asLog(urls, async (sql) => {
    for (let from = 0; from < entries.length; ) {
      const some = entries.slice(from, from + 1 + below(12));
      from += some.length;
      const asked = some.map(({ at, agency, person }) => ({
        at: new Date(at).toISOString(),
        agency,
        about: { lookup: [person] },
      }));
      await recorded(urls, asked);
      const watch = watches[below(3)] ?? sameSubject();
      const lost: Watch = async (tx, told) => {
        await watch(tx, told);
        throw new Error("lost");
      };
      if (below(3) === 0) await expect(watching(sql, lost)).rejects.toThrow("lost");
      await watching(sql, below(4) === 0 ? (watches[below(3)] ?? watch) : watch);
    }
  });
  const told = (await alertsOf(urls, "SAME_SUBJECT")).map(({ detail }) => detail as { hour: string; agencies: string[] });
  const expected = expectedOf(entries);
  expect(expected.length).toBeGreaterThan(20);
  expect(told.map(({ hour, agencies }) => `${hour} ${agencies}`).sort()).toEqual(expected);
});
