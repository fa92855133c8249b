import { resolve } from "node:path";
import { TAKES } from "../../compare/kinds.ts";
import {
  COMPARISON_KINDS,
  type Column,
  type Comparison,
  type ComparisonKind,
  type Decision,
  type ExactRule,
  type Key,
  type Training,
} from "../../spec.ts";
import { expressionAt, type Names } from "./expression.ts";
import { type At, choiceAt, entriesAt, fault, fieldsAt, flagAt, isGiven, itemsAt, numberAt, textAt } from "./shape.ts";

const INFINITE = Number.POSITIVE_INFINITY;
const MOST_LEVELS = 20;

/** Thresholds where a comparison names none, strictest first. */
export const DEFAULT_LEVELS: Readonly<Partial<Record<ComparisonKind, readonly number[]>>> = {
  jaroWinkler: [0.92, 0.8],
  tokens: [0.7, 0.4],
  prefix: [10, 6, 4],
  digits: [15, 14, 8],
  numeric: [1, 5],
};
const DEFAULT_EDITS = 2;
const DEFAULT_GROUP = 400;

export function comparisonAt(at: At, columns: ReadonlyMap<string, Column>): Comparison {
  const fields = fieldsAt(at, ["on", "kind", "levels", "max", "swapWith", "termFrequency"]);
  const on = columnNameAt(fields.on, columns);
  const kind = kindAt(fields.kind);
  const as = columns.get(on)?.as;
  if (as && !TAKES[kind].includes(as)) fault(fields.kind, `compares ${TAKES[kind].join(" or ")}, and ${on} is read as ${as}`);
  const swapWith = isGiven(fields.swapWith) ? columnNameAt(fields.swapWith, columns) : null;
  if (swapWith !== null && swapWith === on) fault(fields.swapWith, "is the column itself");
  const other = swapWith === null ? undefined : columns.get(swapWith)?.as;
  if (as && other && other !== as) fault(fields.swapWith, `is read as ${other}, and ${on} as ${as}`);
  if (isGiven(fields.max) && kind !== "edit") fault(fields.max, "is for edit only");
  const max = numberAt(fields.max, { from: 1, to: 5, isWhole: true, or: DEFAULT_EDITS });
  return {
    on,
    kind,
    levels: levelsAt(fields.levels, kind),
    max,
    swapWith,
    termFrequency: flagAt(fields.termFrequency, false),
    repeats: null,
  };
}

export const kindAt = (at: At): ComparisonKind => choiceAt(at, COMPARISON_KINDS);

function columnNameAt(at: At, columns: ReadonlyMap<string, Column>): string {
  const name = textAt(at);
  if (name !== "" && !columns.has(name)) fault(at, `names “${name}”, which is no column`);
  return name;
}

function levelsAt(at: At, kind: ComparisonKind): number[] {
  const defaults = DEFAULT_LEVELS[kind] ?? [];
  if (!isGiven(at)) return [...defaults];
  if (defaults.length === 0) fault(at, `is not for ${kind}`);
  const isShare = kind === "jaroWinkler" || kind === "tokens";
  const isCount = kind === "prefix" || kind === "digits";
  const rule = isShare ? { from: 0.01, to: 1 } : { from: isCount ? 1 : 0, to: INFINITE, isWhole: isCount };
  const levels = itemsAt(at).map((item) => numberAt(item, rule));
  if (levels.length > MOST_LEVELS || (levels.length === 0 && kind === "prefix"))
    fault(at, `must have 1 to ${MOST_LEVELS} thresholds`);
  if (new Set(levels).size < levels.length) fault(at, "has a threshold twice");
  return levels.sort((a, b) => (kind === "numeric" ? a - b : b - a));
}

/** `topLevels`: comparison → its highest level. */
export function exactAt(at: At, columns: ReadonlyMap<string, Column>, topLevels: ReadonlyMap<string, number>): ExactRule | null {
  if (!isGiven(at)) return null;
  const fields = fieldsAt(at, ["on", "acceptWhen"]);
  const on = columnNameAt(fields.on, columns);
  const alternatives = itemsAt(fields.acceptWhen);
  if (isGiven(fields.acceptWhen) && alternatives.length === 0) fault(fields.acceptWhen, "must have an alternative");
  const acceptWhen = isGiven(fields.acceptWhen) ? alternatives.map((item) => neededAt(item, topLevels)) : [{}];
  return { on, acceptWhen };
}

function neededAt(at: At, topLevels: ReadonlyMap<string, number>): Record<string, number> {
  const needed = entriesAt(at).map(([name, place]) => {
    const top = topLevels.get(name);
    if (top === undefined) fault(place, `is no comparison; there are ${[...topLevels.keys()].join(", ")}`);
    return [name, numberAt(place, { from: 1, to: top ?? INFINITE, isWhole: true })] as const;
  });
  return Object.fromEntries(needed);
}

export function blockingAt(at: At, names: Names) {
  const fields = fieldsAt(at, ["keys", "maxGroup", "refineBy"]);
  const maxGroup = numberAt(fields.maxGroup, { from: 2, to: 1_000_000, isWhole: true, or: DEFAULT_GROUP });
  const keys = keysAt(fields.keys, { names, maxGroup });
  if (!isGiven(fields.keys) || (Array.isArray(fields.keys.value) && keys.length === 0))
    fault(fields.keys, "must have a key: rows are compared only where one is equal");
  return { keys, refineBy: itemsAt(fields.refineBy).flatMap((item) => expressionAt(item, names) ?? []) };
}

/** A key is a list of expressions; one alone may stand without its list. */
export function keysAt(at: At, { names, maxGroup }: { names: Names; maxGroup: number }): Key[] {
  return itemsAt(at).map((item) => {
    const places = typeof item.value === "string" ? [item] : itemsAt(item);
    if (places.length === 0) fault(item, "must name columns or derivations");
    return { parts: places.flatMap((place) => expressionAt(place, names) ?? []), maxGroup };
  });
}

type Mode = "link" | "dedupe";

/** Also the path of a frozen model, null: learn one. */
export function trainingAt(
  at: At,
  mode: Mode,
  keys: { names: Names; maxGroup: number },
): { training: Training; model: string | null } {
  const fields = fieldsAt(at, ["method", "keys", "matchRate", "model"]);
  const method = choiceAt(fields.method, ["row", "pairs"], mode === "link" ? "row" : "pairs");
  if (mode === "dedupe" && method === "row")
    fault(fields.method, "must be pairs to de-duplicate: a row may have several matches");
  const matchRate = isGiven(fields.matchRate) ? numberAt(fields.matchRate, { from: 1e-12, to: 0.999999 }) : null;
  const model = isGiven(fields.model) ? textAt(fields.model) : null;
  return { training: { method, keys: keysAt(fields.keys, keys), matchRate }, model };
}

/** `isExact`: there is an exact rule, whose rows a threshold can be rehearsed with. */
export function decisionAt(at: At, { mode, isExact }: { mode: Mode; isExact: boolean }): Decision {
  const fields = fieldsAt(at, ["cardinality", "link", "linkWeight", "review", "margin", "calibrate"]);
  const calibrate = flagAt(fields.calibrate, false);
  if (calibrate && mode === "dedupe") fault(fields.calibrate, "is for mode link");
  else if (calibrate && !isExact) fault(fields.calibrate, "needs exact, whose rows it rehearses with");
  if (calibrate && isGiven(fields.linkWeight)) fault(fields.linkWeight, "must not be given: calibrate finds it");
  const cardinality = choiceAt(
    fields.cardinality,
    ["one-to-one", "many-to-one", "many-to-many"],
    mode === "link" ? "many-to-one" : "many-to-many",
  );
  return {
    cardinality,
    link: numberAt(fields.link, { from: 0, to: 1, or: mode === "link" ? 0.999 : 0.9 }),
    linkWeight: isGiven(fields.linkWeight) ? numberAt(fields.linkWeight, { from: -1000, to: 1000 }) : null,
    review: numberAt(fields.review, { from: 0, to: 1, or: 0.5 }),
    margin: numberAt(fields.margin, { from: 0, to: 1000, or: cardinality === "many-to-many" ? 0 : 4 }),
    calibrate,
  };
}

export const CLUSTER_METHODS = ["star", "components", "complete"] as const;
export interface Clustering {
  readonly method: (typeof CLUSTER_METHODS)[number];
  /** Least posterior of a pair that may bring two rows together. */
  readonly link: number;
}

export function clustersAt(at: At, mode: Mode): Clustering {
  const fields = fieldsAt(at, ["method", "link"]);
  const method = choiceAt(fields.method, CLUSTER_METHODS, mode === "link" ? "star" : "components");
  return { method, link: numberAt(fields.link, { from: 0, to: 1, or: 0.99 }) };
}

/** Paths as written; null: not wanted. */
export interface OutputSpec {
  readonly pairs: string | null;
  readonly clusters: string | null;
  readonly model: string | null;
  readonly report: string | null;
  /** Least weight in bits of a pair that is written. */
  readonly minWeight: number;
}

/** `folder`: what paths are relative to; `inputs`: resolved paths of what is read. */
export function outputAt(at: At, { folder, inputs }: { folder: string; inputs: readonly string[] }): OutputSpec {
  const { minWeight, ...paths } = fieldsAt(at, ["pairs", "clusters", "minWeight", "model", "report"]);
  const given = Object.values(paths).filter(isGiven);
  const locations = given.map(({ value }) => resolve(folder, String(value)));
  if (new Set(locations).size < given.length) fault(at, "names a file twice");
  for (const [index, place] of given.entries())
    if (inputs.includes(locations[index] ?? "")) fault(place, `would overwrite ${place.value}, which is read`);
  const path = (place: At) => (isGiven(place) ? textAt(place) : null);
  return {
    pairs: path(paths.pairs),
    clusters: path(paths.clusters),
    model: path(paths.model),
    report: path(paths.report),
    minWeight: numberAt(minWeight, { from: -1000, to: 1000, or: -10 }),
  };
}
