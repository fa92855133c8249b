import { randomBytes } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { type Html, html } from "../html/html.ts";

/** Answers leave at whole beats after the question came, so that found and not found take the same time. */
const BEAT_MS = 750;
/** Tries of one address before answers slow down: thousands of people may stand behind one address of a mobile carrier. */
const FREE_TRIES = 30;
const STEP_MS = 250;
const SLOWEST_MS = 5_000;
const WINDOW_MS = 10 * 60 * 1000;
const MOST_ADDRESSES = 50_000;
/** Of one address that wait at one time: who waits holds one of the places that all pages share. */
const MOST_WAITING = 10;

export interface Patience {
  /** Counts a try of an address, by its tag, and waits the longer the more there were of late, and `hasteMs` in any case. False, at once, where ten of it wait. */
  slowDown(tag: string, hasteMs?: number): Promise<boolean>;
}

/** Counted in this process alone, for comfort: the limits that hold are the question's own. */
export function createPatience(now: () => number = Date.now, pause: (ms: number) => Promise<unknown> = wait): Patience {
  const tries = new Map<string, { count: number; readonly since: number }>();
  const waiting = new Map<string, number>(); // apart from the tries: whoever waits is counted to the end
  return {
    async slowDown(tag, hasteMs = 0) {
      const known = tries.get(tag);
      const current = known && now() - known.since < WINDOW_MS ? known : { count: 0, since: now() };
      current.count += 1;
      if (tries.size >= MOST_ADDRESSES) tries.delete(tries.keys().next().value ?? "");
      tries.set(tag, current);
      const ms = hasteMs + Math.min(SLOWEST_MS, Math.max(0, current.count - FREE_TRIES) * STEP_MS);
      if (ms === 0) return true;
      const count = (more: number) => waiting.set(tag, (waiting.get(tag) ?? 0) + more).get(tag) ?? 0;
      if ((waiting.get(tag) ?? 0) >= MOST_WAITING) return false;
      count(1);
      await pause(ms).finally(() => count(-1) === 0 && waiting.delete(tag));
      return true;
    },
  };
}

/** Resolves at the next beat after `startedAt` (performance.now()). */
export const untilBeat = (startedAt: number): Promise<void> => {
  const taken = performance.now() - startedAt;
  return wait(Math.ceil((taken + 1) / BEAT_MS) * BEAT_MS - taken);
};

/** Bytes of a result page: one size for all outcomes, within one flight of TCP. */
const SIZE = 13_312;

/** A page, filled up to one size by what it is given, which compresses as badly as a page compresses well. */
export function padded(page: (filling: Html) => Html): Html {
  const missing = SIZE - Buffer.byteLength(page(html`<!---->`).text);
  // of base64url without "-": two of them would end the comment
  const filling = missing > 0 ? randomBytes(missing).toString("base64url").replaceAll("-", "_").slice(0, missing) : "";
  return page(html`<!--${filling}-->`);
}
