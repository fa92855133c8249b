import type { EntityGroup, Need } from "../types/plan.ts";
import type { Source } from "../types/sources.ts";
import { applyPatches } from "./patch.ts";
import { isTree, merge, type Tree } from "./tree.ts";

/**
 * What a source is told of an entity so that it can find it: key fields and what its @requires need. Null when the source cannot
 * be asked: no key is complete, or an input of @requires never arrived and anything computed without it would be wrong.
 */
export function representationOf(entity: Tree, group: EntityGroup, { keys }: Source): Tree | null {
  const made: Tree = {};
  const missing: string[] = [];
  take({ entity, made, missing }, group.needs);
  made["__typename"] ??= entity["__typename"];
  applyPatches(made, group.before);
  // An object that a condition left out says no type: the plan asks for it all the same.
  const typeName = made["__typename"];
  return typeof typeName === "string" && isAskable(made, missing, keys.get(typeName) ?? []) ? made : null;
}

function isAskable(made: Tree, missing: readonly string[], keys: readonly (readonly string[])[]): boolean {
  if (missing.some((name) => !keys.some((fields) => fields.includes(name)))) return false;
  if (!keys.some((fields) => fields.every((name) => isWhole(made[name])))) return false;
  // A null key beside a complete one would only mislead; a null input of @requires is a value.
  for (const fields of keys) for (const name of fields) if (made[name] === null) delete made[name];
  return true;
}

interface Taking {
  readonly entity: Tree;
  readonly made: Tree;
  /** Keys that were not there. */
  readonly missing: string[];
}

function take(taking: Taking, needs: readonly Need[]): void {
  for (const need of needs) {
    if (!("types" in need)) takeField(taking, need);
    else if (need.types.has(taking.entity["__typename"] as string)) take(taking, need.needs);
  }
}

function takeField({ entity, made, missing }: Taking, { name, key, below }: Extract<Need, { name: string }>): void {
  const value = entity[name] === undefined ? entity[key] : entity[name];
  if (value === undefined) missing.push(key);
  else put(made, key, below ? within(value, below, missing) : value);
}

function within(value: unknown, needs: readonly Need[], missing: string[]): unknown {
  if (Array.isArray(value)) return value.map((item) => within(item, needs, missing));
  if (!isTree(value)) return value;
  const made: Tree = {};
  take({ entity: value, made, missing }, needs);
  return made;
}

/** Two selections of one key complete each other. */
function put(made: Tree, key: string, value: unknown): void {
  const before = made[key];
  if (isTree(before) && isTree(value)) merge(before, value);
  else made[key] = value;
}

const isWhole = (value: unknown): boolean => {
  if (Array.isArray(value)) return value.every(isWhole);
  return isTree(value) ? Object.values(value).every(isWhole) : value !== null && value !== undefined;
};
