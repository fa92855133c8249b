import fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { untilTick } from "../../../../gateway/receive/tick.ts";

beforeEach(() => void vi.useFakeTimers({ toFake: ["performance", "setTimeout", "clearTimeout"] }));
afterEach(() => void vi.useRealTimers());

/** How long after its start an answer leaves whose work took so long. */
async function leaving(workMs: number, tickMs?: number): Promise<number> {
  const startedAt = performance.now();
  vi.advanceTimersByTime(workMs);
  let leftAt: number | undefined;
  void untilTick(startedAt, tickMs).then(() => {
    leftAt = performance.now() - startedAt;
  });
  await vi.advanceTimersByTimeAsync(1000);
  return leftAt ?? Number.NaN;
}

test("an answer leaves on the next tick after its start, however long its work took", async () => {
  for (const [workMs, leftMs] of [
    [0, 25],
    [1, 25],
    [24, 25],
    [25, 25],
    [26, 50],
    [49, 50],
    [60, 75],
    [240, 250],
  ] as const)
    expect([workMs, await leaving(workMs)]).toEqual([workMs, leftMs]);
  expect(await leaving(3, 10)).toBe(10);
});

test("T14 two answers that took the same number of ticks cannot be told apart by time", async () => {
  const sameTick = fc.tuple(fc.nat(3), fc.integer({ min: 1, max: 25 }), fc.integer({ min: 1, max: 25 }));
  await fc.assert(
    fc.asyncProperty(sameTick, async ([ticks, found, notFound]) => {
      expect(await leaving(ticks * 25 + found)).toBe(await leaving(ticks * 25 + notFound));
    }),
  );
});
