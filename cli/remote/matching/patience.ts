import { setTimeout as wait } from "node:timers/promises";
import { Refused } from "../faults.ts";
import { HubRefused } from "./jobs.ts";

/** A hub that cannot answer now is asked so often, so long apart; longer than the longest pause nobody waits. */
const TRIES = 6;
const LONGEST_PAUSE_MS = 60_000;
const SECOND_MS = 1000;

/** Reads until the hub can answer: one that is out of breath, or gone for a moment, is asked again. For reading only. Throws Refused. */
export async function patiently<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried++) {
    try {
      return await work();
    } catch (error) {
      const pauseMs = pauseAfter(error, tried);
      if (pauseMs === null || signal.aborted || tried >= TRIES || pauseMs > LONGEST_PAUSE_MS) throw worded(error);
      await pause(signal, pauseMs);
    }
  }
}

/** Null: the same is not asked again. */
function pauseAfter(error: unknown, tried: number): number | null {
  const growing = 2 ** (tried - 1) * SECOND_MS;
  if (error instanceof HubRefused) return error.isForNow ? Math.max(error.afterMs, growing) : null;
  return error instanceof Refused || isCut(error) ? growing : null;
}

/** A body that breaks off. */
const isCut = (error: unknown): boolean => error instanceof TypeError || (error as { name?: unknown }).name === "AbortError";
const worded = (error: unknown): unknown => (isCut(error) ? new Refused("the connection to the hub broke off") : error);

export const pause = (signal: AbortSignal, ms: number): Promise<void> => wait(ms, undefined, { signal }).catch(() => {});
