import { createHmac } from "node:crypto";
import type { Attempts, CountedDay } from "../data.ts";

const TAG_BYTES = 16;
/** As many as a count can hold. */
export const MOST = 2_147_483_647;

/** Tags that stand for what is counted within one agreement and day: across them the same has another. */
export function createTagger(key: Buffer, { agreement, day }: CountedDay): (what: string) => string {
  return (what) =>
    createHmac("sha256", key).update(`${agreement}|${day}|${what}`).digest().subarray(0, TAG_BYTES).toString("base64url");
}

/** How often each is there, in the order in which counts are taken: two requests that lock the same rows lock them one after the other. */
export function attemptsOn(subjects: readonly string[]): Attempts[] {
  const counts = new Map<string, number>();
  for (const subject of subjects) counts.set(subject, (counts.get(subject) ?? 0) + 1);
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([subject, attempts]) => ({ subject, attempts }));
}
