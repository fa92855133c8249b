import { holdsNik } from "../../../../schema/errors.ts";
import { type Ceiling, ceilingOf, isOfClass } from "../../../../schema/policy/decisionTable.ts";
import { isMask } from "../../../../schema/policy/masks.ts";
import { type Grant, rank } from "../../../../schema/policy/policy.ts";
import { rangeFaults } from "../../../../schema/policy/scopeFaults.ts";
import { DATA_TOPICS, type Effect, USES } from "../../../../schema/policy/words.ts";
import type { Catalogue, CatalogueEntry } from "../../../../schema/sdl/catalogue.ts";
import { claimArguments } from "./draft.ts";

export interface GrantGround {
  readonly catalogue: Catalogue;
  /** For the agreement's purpose. */
  readonly ceilings: readonly Ceiling[];
}

const MAX_GRANTS = 1000;

/** Faults of grants, each with its place. Pure. */
export function grantFaults(grants: readonly Grant[], ground: GrantGround): string[] {
  if (grants.length > MAX_GRANTS) return [`grants: at most ${MAX_GRANTS}`];
  const first = new Map<string, number>();
  return grants.flatMap((grant, i) => {
    const key = [grant.selector, grant.topic, grant.use].join(" ");
    const earlier = first.get(key);
    first.set(key, earlier ?? i);
    const repeated = earlier === undefined ? [] : [`selector: grants[${earlier}] speaks of the same selector, topic and use`];
    const faults = [
      ...repeated,
      ...wordFaults(grant),
      ...textFaults(grant),
      ...selfFaults(grant, ground),
      ...wideningFaults(grant, grants, ground),
    ];
    return faults.map((fault) => `grants[${i}].${fault}`);
  });
}

const isWord = (words: readonly string[], word: string): boolean => words.includes(word);

const wordFaults = ({ use, topic, condition }: Grant): string[] => [
  ...(isWord(USES, use) ? [] : [`use: one of ${USES.join(", ")}`]),
  ...(topic === null || isWord(DATA_TOPICS, topic) ? [] : [`topic: one of ${DATA_TOPICS.join(", ")}`]),
  ...(condition === null ? [] : ["condition: no reviewed predicate of that name"]),
];

function textFaults({ clause, widenReason }: Grant): string[] {
  const isSaid = (text: string) => text.length > 0 && text.length <= 300 && !holdsNik(text);
  return [
    ...(isSaid(clause) ? [] : ["clause: 1 to 300 characters, without a number of 16 digits"]),
    ...(widenReason === null || isSaid(widenReason) ? [] : ["widenReason: up to 300 characters, without a number of 16 digits"]),
  ];
}

/** What is wrong with a grant whatever stands beside it. */
function selfFaults(grant: Grant, ground: GrantGround): string[] {
  const { kind, selector, topic } = grant;
  if (kind === "class")
    return [
      ...effectFaults(grant, null),
      ...thresholdFaults(grant, ground),
      ...homeFaults(grant),
      ...ceilingFaults(grant, ground),
    ];
  const entry = ground.catalogue.entries.get(selector);
  if (entry?.kind !== "output") return ["selector: neither a field of the schema nor a data class"];
  return [
    ...(topic === null ? [] : ["topic: only a class has topics"]),
    ...siblingFaults(grant, entry),
    ...effectFaults(grant, entry),
    ...unansweredFaults(grant, ground.catalogue),
    ...thresholdFaults(grant, ground),
    ...homeFaults(grant),
    ...ceilingFaults(grant, ground),
  ];
}

/** A band or a claim opens with its source alone: a row of its own could only close it. */
function siblingFaults({ use, effect }: Grant, { bandOf, claimOf }: CatalogueEntry): string[] {
  const source = bandOf ?? claimOf;
  if (source === null || effect === "deny" || use !== "OUTPUT") return [];
  return [`selector: opened by the effect ${bandOf === null ? "CLAIM" : "BAND"} on ${source}, not by itself`];
}

const TEXTS = new Set(["String", "ID"]);

/** `entry`: null for a class. */
function effectFaults({ use, effect, maskFn }: Grant, entry: CatalogueEntry | null): string[] {
  const isOpenOrShut = effect === "allow" || effect === "deny";
  const needsText = (effect === "mask" || effect === "pseudonym") && entry !== null && !TEXTS.has(entry.type);
  return [
    ...(use === "OUTPUT" || isOpenOrShut ? [] : [`effect: uses other than OUTPUT know only ALLOW and DENY`]),
    ...(needsText ? [`effect: ${effect.toUpperCase()} needs a text, the field is ${entry.type}`] : []),
    ...maskFaults(effect, maskFn),
  ];
}

const NO_MASK = "not a mask of the registry (null, last4, initials)";

function maskFaults(effect: Effect, maskFn: string | null): string[] {
  if (effect !== "mask") return maskFn === null ? [] : ["mask: only with the effect MASK"];
  return isMask(maskFn ?? "") ? [] : [`mask: ${NO_MASK}`];
}

/** Band and claim on a field that has nothing to answer in its place. */
function unansweredFaults({ selector, effect }: Grant, { entries }: Catalogue): string[] {
  if (effect !== "band" && effect !== "claim") return [];
  const siblings = [...entries.values()].some(({ bandOf, claimOf }) => (effect === "band" ? bandOf : claimOf) === selector);
  return siblings ? [] : [`effect: no field answers in its place, so ${effect.toUpperCase()} would only close it`];
}

function thresholdFaults({ selector, effect, params }: Grant, { catalogue }: GrantGround): string[] {
  if (params === null) return [];
  if (effect !== "claim") return ["thresholds: only with the effect CLAIM"];
  const types = claimArguments(selector, catalogue);
  return Object.entries(params).flatMap(([argument, values]) => {
    const type = types.get(argument);
    if (type === undefined) return ["thresholds: names what is no argument of a claim about the field"];
    if (values.length === 0) return [`thresholds: ${argument} has no values`];
    return type === "Int" && values.some((value) => typeof value !== "number")
      ? [`thresholds: ${argument} takes whole numbers`]
      : [];
  });
}

function homeFaults({ use, effect, home, elsewhere }: Grant): string[] {
  if ((home === null) !== (elsewhere === null))
    return [home === null ? "home: together with elsewhere" : "elsewhere: together with home"];
  if (home === null) return [];
  return [
    ...(home.length === 0 ? ["home: at least one region"] : rangeFaults("home", home)),
    ...(isMask(elsewhere ?? "") ? [] : [`elsewhere: ${NO_MASK}`]),
    ...(use === "OUTPUT" && (effect === "allow" || effect === "mask")
      ? []
      : ["home: only what is read, ALLOW or MASK, can hang on a region"]),
  ];
}

function ceilingFaults({ kind, selector, topic, use, effect }: Grant, { catalogue, ceilings }: GrantGround): string[] {
  if (use !== "OUTPUT") return [];
  const entry = catalogue.entries.get(selector);
  const classes = kind === "class" ? [{ class: selector, topic }] : (entry?.classes ?? []);
  return classes.flatMap((data) => {
    const ceiling = ceilingOf(data, ceilings);
    const open = entry?.isStatistics && ceiling === "aggregate" ? "allow" : ceiling;
    const name = data.topic ? `${data.class} ${data.topic}` : data.class;
    return rank(effect) < rank(open) ? [`effect: ${effect} is more than the ceiling ${name} = ${ceiling}`] : [];
  });
}

/** A field row more open than the class rows it falls under: it needs a reason, and a denial of the class absorbs it all the same. */
function wideningFaults(grant: Grant, grants: readonly Grant[], { catalogue }: GrantGround): string[] {
  if (grant.kind === "class") return [];
  const classes = catalogue.entries.get(grant.selector)?.classes ?? [];
  return grants.flatMap((row, i) => {
    const isOverIt = row.use === grant.use && classes.some((data) => isOfClass(row, data));
    if (!isOverIt || rank(row.effect) <= rank(grant.effect)) return [];
    if (row.effect === "deny") return [`effect: grants[${i}] denies its class ${row.selector}, which nothing widens`];
    if (grant.widenReason !== null) return [];
    return [`widenReason: needed, for grants[${i}] opens its class ${row.selector} only as ${row.effect}`];
  });
}
