import { isMask } from "./masks.ts";
import { EFFECTS, type Effect, type Use } from "./words.ts";

/** One row of an agreement version: selector × use × effect. */
export interface Grant {
  readonly kind: "coordinate" | "class";
  /** A schema coordinate, or a data class. */
  readonly selector: string;
  /** Narrows a class selector to one topic. */
  readonly topic: string | null;
  readonly use: Use;
  readonly effect: Effect;
  /** Name in the mask registry; only with effect `mask`. */
  readonly maskFn: string | null;
  /** Thresholds a claim may be asked for, by argument name. */
  readonly params: Readonly<Record<string, readonly (string | number)[]>> | null;
  readonly clause: string;
  /** Why this coordinate row may be more open than its class; null: it may not. Of a class row a reason for approvers to read, which opens nothing. */
  readonly widenReason: string | null;
  /** Region codes inside which the effect holds; null: it holds everywhere. */
  readonly home: readonly string[] | null;
  /** Name of the mask for rows outside `home`; null exactly when `home` is. */
  readonly elsewhere: string | null;
  /** Name of a reviewed predicate in code, evaluated once a request; null: none. */
  readonly condition: string | null;
}

export type Why = "NOT_GRANTED" | "PROHIBITED" | "CEILING" | "GRANTED" | "WIDENED" | "MASKS_DIFFER" | "MASK_UNKNOWN";
export interface Decision {
  readonly effect: Effect;
  readonly why: Why;
  /** The row that decided; absent when none did. */
  readonly row?: Grant;
}

/**
 * Decides one output coordinate. Pure; used by gateway, "why denied?" and tests alike.
 * No row → deny. Any deny row → deny. Otherwise the strictest of rows and ceiling, where coordinate rows with a reason to
 * widen stand in for all others. What cannot be understood closes: a mask that is not in the registry, two masks of different functions, or what
 * strictestEffect cannot compare. `ceilings`: one for each class of the coordinate; none is no limit.
 */
export function decideOutput(rows: readonly Grant[], ...ceilings: readonly Effect[]): Decision {
  if (rows.length === 0) return { effect: "deny", why: "NOT_GRANTED" };
  const prohibition = rows.find((row) => row.effect === "deny");
  if (prohibition) return { effect: "deny", why: "PROHIBITED", row: prohibition };
  const judged = judgedRows(rows);
  const strictest = judged.reduce((a, b) => (rank(b.effect) > rank(a.effect) ? b : a));
  const unknown = judged.find(({ effect, maskFn }) => effect === "mask" && maskFn !== null && !isMask(maskFn));
  if (unknown) return { effect: "deny", why: "MASK_UNKNOWN", row: unknown };
  if (!areComparable(judged, ceilings)) return { effect: "deny", why: "MASKS_DIFFER", row: strictest };
  const ceiling = strictestEffect(ceilings);
  if (rank(ceiling) > rank(strictest.effect)) return { effect: ceiling, why: "CEILING", row: strictest };
  return { effect: strictest.effect, why: judged.some(isWidening) ? "WIDENED" : "GRANTED", row: strictest };
}

function areComparable(rows: readonly Grant[], ceilings: readonly Effect[]): boolean {
  const masks = new Set(rows.filter(({ effect }) => effect === "mask").map(({ maskFn }) => maskFn));
  return masks.size <= 1 && !contradict([...ceilings, ...rows.map(({ effect }) => effect)]);
}

/** A pseudonym beside a band or claim, which says that the value itself is never shown in any form. */
const contradict = (effects: readonly Effect[]): boolean =>
  effects.includes("pseudonym") && (effects.includes("band") || effects.includes("claim"));

/** The strictest of several, `allow` of none; those that contradict each other close. */
export const strictestEffect = (effects: readonly Effect[]): Effect =>
  contradict(effects) ? "deny" : effects.reduce((a, b) => (rank(b) > rank(a) ? b : a), "allow");

const isWidening = (row: Grant): boolean => row.kind === "coordinate" && row.widenReason !== null;

/** The rows that decide an output none of them prohibits: those with a reason to widen, or all. */
export function judgedRows(rows: readonly Grant[]): readonly Grant[] {
  const widened = rows.filter(isWidening);
  return widened.length > 0 ? widened : rows;
}

/** Uses that tell no value of the field: who looks up or verifies holds it already, who aggregates learns no single one. */
const TELLING_NOTHING: ReadonlySet<Use> = new Set(["LOOKUP", "VERIFY", "AGGREGATE"]);

/**
 * Decides a use (lookup, verify, filter, sort, group, aggregate) of an output coordinate. Rows for uses know only allow and deny.
 * Filter, sort and group also need the plain value: a denied or masked field must not be asked out of a condition.
 */
export function decideUse(use: Use, rows: readonly Grant[], output: Effect): boolean {
  if (rows.length === 0 || rows.some((row) => row.effect !== "allow")) return false;
  return TELLING_NOTHING.has(use) || output === "allow";
}

export const rank = (effect: Effect): number => EFFECTS.indexOf(effect);
