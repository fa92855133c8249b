import { EFFECTS } from "../../../../../schema/policy/words.ts";
import type { Grant } from "../draft.ts";

const ORDER: readonly string[] = EFFECTS.map((effect) => effect.toUpperCase());
const rank = (effect: string): number => ORDER.indexOf(effect);

const keyOf = ({ selector, topic, use }: Grant): string => [selector, topic ?? "", use].join(" ");

export type Loosening = "NEW" | "WEAKER" | "EVERYWHERE";

/**
 * How a grant opens more than the version in force: it was not there, its effect was stricter, or it held in some regions only. Null: it does not, or
 * none is in force. What a draft opens as a whole, with classes and ceilings, the hub says (versionDiff).
 */
export function looseningOf(grant: Grant, inForce: readonly Grant[] | null): Loosening | null {
  if (inForce === null || grant.effect === "DENY") return null;
  const before = inForce.find((one) => keyOf(one) === keyOf(grant));
  if (!before) return "NEW";
  if (rank(grant.effect) < rank(before.effect)) return "WEAKER";
  return grant.effect === before.effect && before.home !== null && grant.home === null ? "EVERYWHERE" : null;
}

/** Whoever approves a loosening, of a field or of a class, reads why. */
export const needsReason = (grant: Grant, inForce: readonly Grant[] | null): boolean =>
  grant.selector !== "" && looseningOf(grant, inForce) !== null;
