import { expect, test } from "vitest";
import { startPress } from "../../../../cli/slices/statistics/press.ts";
import { mustBeTogether, type Taken } from "../../../../subgraphs/statistics/publication/intake.ts";
import { UNIVERSES } from "../../../../subgraphs/statistics/publication/schedule.ts";
import { useDatabases } from "../../../kit/database.ts";

const { urls } = useDatabases();

const pressThat = (dies: string) =>
  startPress({
    urls: { ...urls, dies } as typeof urls,
    env: process.env,
    note: () => {},
    thread: new URL("dyingThread.js", import.meta.url),
  });

test.each([
  ["by an error", /nothing is published any more: out of memory/],
  ["without a word", /ended with 7, nothing is published any more/],
])("threat: a publisher whose thread dies %s after its first round does not live on and publish nothing", async (dies, words) => {
  const press = await pressThat(dies);
  await expect(press.failure).rejects.toThrow(words);
  await press.stop();
});

test("a publisher that is asked to stop has not failed", async () => {
  const press = await pressThat("never");
  await press.isReady;
  await press.stop();
  const ended = await Promise.race([press.failure, Promise.resolve("no failure")]);
  expect(ended).toBe("no failure");
});

test("threat: one cube of a universe alone is not taken: it would show what another, released before, withholds", () => {
  const shared = UNIVERSES.filter(({ cubes }) => cubes.length > 1);
  expect(shared.length).toBeGreaterThan(0);
  for (const { cubes } of shared) {
    const all = cubes.map((cube): Taken => {
      const head = { cube, period: "2026-11", number: 2, asOf: "2026-11-20T00:00:00.000Z", isFinal: false };
      return { ...head, isNew: true, cells: 1 };
    });
    const [first, ...others] = all as [Taken, ...Taken[]];
    expect(() => mustBeTogether(all)).not.toThrow();
    expect(() => mustBeTogether([first])).toThrow(`${first.cube} 2026-11 comes without ${cubes.slice(1).join(", ")}`);
    expect(() => mustBeTogether([{ ...first, asOf: "2026-11-20T00:00:01.000Z" }, ...others])).toThrow("of the same release");
    expect(() => mustBeTogether([{ ...first, period: "2026-10" }, ...others])).toThrow("of the same release");
    expect(() => mustBeTogether([{ ...first, isNew: false }])).not.toThrow();
  }
});
