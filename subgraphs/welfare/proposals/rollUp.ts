import type { Presence } from "../generated.ts";

// Field verification by the codes of SIKS-NG, which are the wire format of imports, too (domain §2.2).

/** A candidate as seen: MK confirmed and matched, MKa confirmed and not matched, MKb not confirmed. */
export const SEEN = ["MK", "MKa", "MKb"] as const;
/** As the regency judged: Q1a, Q1b under repair; Q2 matched; Q2a not matched; Q2b not confirmed but passed. */
export const JUDGED = ["Q1a", "Q1b", "Q2", "Q2a", "Q2b"] as const;
type SeenCode = (typeof SEEN)[number];
type JudgedCode = (typeof JUDGED)[number];

/** Dead or counted twice: judged Q2a whatever else was seen. */
const isGone = (presence: Presence): boolean => presence === "DUPLICATE" || presence === "DECEASED";

/** What a visitor saw of a candidate whose claim is matched or not. */
export function seenCode(presence: Presence, isMatched: boolean): SeenCode {
  if (presence === "NOT_CONFIRMED" || isGone(presence)) return "MKb";
  return isMatched ? "MK" : "MKa";
}

const PASSED = { MK: "Q2", MKa: "Q1a", MKb: "Q1b" } as const;

/** What the regency makes of it. */
export const judgedCode = (seen: SeenCode, presence: Presence): JudgedCode => (isGone(presence) ? "Q2a" : PASSED[seen]);

/** What becomes of a candidate under repair; null: the code is not under repair. */
export function settledCode(code: string, isRepaired: boolean): JudgedCode | null {
  if (code !== "Q1a" && code !== "Q1b") return null;
  if (!isRepaired) return "Q2a";
  return code === "Q1a" ? "Q2" : "Q2b";
}

/** Code of the household: M2 while a candidate waits, C1 and C1a under repair, C2 passed, C2a not passed. Total over all non-empty sets. */
export function rollUp(codes: readonly string[]): "M2" | "C1" | "C1a" | "C2" | "C2a" {
  const has = (...some: readonly string[]) => codes.some((code) => some.includes(code));
  if (has(...SEEN)) return "M2";
  if (has("Q1a")) return "C1";
  const isPassed = has("Q2", "Q2b");
  if (has("Q1b")) return isPassed ? "C1" : "C1a";
  return isPassed ? "C2" : "C2a";
}
