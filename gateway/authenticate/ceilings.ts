import { Refusal } from "../../schema/errors.ts";
import { HUB_LIMITS, LIMIT_NAMES, limitsUnder, type QuestionLimits } from "../../schema/policy/questionLimits.ts";
import type { Ceilings, Known } from "../types/chain.ts";

/** What an agreement may ask at most in one question, beside the hub's limits: by its purpose, its own limits and its persons a day, all of which are signed. */
export function ceilingsOf(purpose: string, persons: number | null, own: QuestionLimits | null): Ceilings {
  const least = limitsUnder(purpose, own);
  const said = LIMIT_NAMES.filter((name) => own?.[name] !== undefined || least[name] < HUB_LIMITS[name]);
  return { ...Object.fromEntries(said.map((name) => [name, least[name]])), ...(persons !== null && { persons }) };
}

/** Refuses a question that came in more bytes than its agreement may send, before its document is fetched or parsed. Returns what it was given. */
export function refuseLong<K extends Known>(known: K): K {
  const { bodyBytes: actual = 0, ceilings: { bodyBytes: max = Infinity } = {} } = known;
  if (actual > max) throw new Refusal({ code: "TOO_COSTLY", limit: { name: "bodyBytes", actual, max } });
  return known;
}
