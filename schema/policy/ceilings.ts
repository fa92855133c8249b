import type { Ceiling } from "./decisionTable.ts";
import { strictestEffect } from "./policy.ts";
import type { DataClass, DataTopic, Effect } from "./words.ts";

/**
 * The most the law lets any agreement open: UU 27/2022 art. 4 and 34 (health and the like only as aggregates), UU 24/2013 art. 84 (claims
 * only). Rules of stewards narrow it; nobody who can only write to the database widens it.
 */
export const STATUTORY: readonly (Ceiling & { readonly class: DataClass; readonly topic: DataTopic | null })[] = [
  { class: "PUBLIC", topic: null, ceiling: "allow" },
  { class: "GENERAL", topic: null, ceiling: "allow" },
  { class: "SPECIFIC", topic: null, ceiling: "allow" },
  { class: "DERIVED", topic: null, ceiling: "allow" },
  { class: "ADMINISTRATION", topic: null, ceiling: "allow" },
  { class: "ADMINDUK_84", topic: null, ceiling: "claim" },
  { class: "SPECIFIC", topic: "HEALTH", ceiling: "aggregate" },
  { class: "SPECIFIC", topic: "BIOMETRIC", ceiling: "aggregate" },
  { class: "SPECIFIC", topic: "GENETIC", ceiling: "aggregate" },
  { class: "SPECIFIC", topic: "CRIME", ceiling: "aggregate" },
];

/** A steward's rule about a class; for a prohibited purpose the class is closed. */
export interface CeilingRule extends Ceiling {
  readonly prohibitedPurposes: readonly string[];
}

/** Ceilings for one purpose: of law and rule the stricter, and what they contradict each other about is closed, as is a class that either leaves out. */
export function ceilingsFor(purpose: string, rules: readonly CeilingRule[]): Ceiling[] {
  const ruled = rules.map(
    (rule) => ({ ...rule, ceiling: rule.prohibitedPurposes.includes(purpose) ? "deny" : rule.ceiling }) as const,
  );
  const keys = new Map([...STATUTORY, ...ruled].map((rule) => [`${rule.class} ${rule.topic ?? ""}`, rule]));
  return [...keys.values()]
    .map(({ class: name, topic }) => {
      const effects = [STATUTORY, ruled].flatMap((rules) => effectsOf(rules, name, topic));
      return { class: name, topic, ceiling: strictestEffect(effects) };
    })
    .sort((a, b) => (`${a.class} ${a.topic}` < `${b.class} ${b.topic}` ? -1 : 1));
}

/** What is said of a topic and of its whole class: a topic narrows its class, never widens it. */
function effectsOf(rules: readonly Ceiling[], name: string, topic: string | null): Effect[] {
  const ofClass = rules.filter((rule) => rule.class === name);
  const whole = ofClass.find((rule) => rule.topic === null);
  const own = ofClass.find((rule) => rule.topic === topic);
  return [(own ?? whole)?.ceiling ?? "deny", whole?.ceiling ?? "deny"];
}
