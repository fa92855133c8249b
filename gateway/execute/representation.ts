import type { EntityGroup, Need } from "../types/plan.ts";
import { isTree, merge, type Tree } from "./tree.ts";

/** Writes what a source is told of entities, as JSON; null for one that it cannot be asked for. Nearly always a key of one scalar: written at once. */
export function representationsOf(group: EntityGroup): (entity: Tree) => string | null {
  const [need, ...more] = [...group.key, ...group.requires];
  const isScalar = need && "name" in need && need.below === null && more.length === 0 && group.key.length === 1;
  if (!isScalar || !group.typename.isFixed) return (entity) => textOrNull(representationOf(entity, group));
  const start = `{"__typename":${JSON.stringify(group.typename.name)},${JSON.stringify(need.name)}:`;
  return (entity) => {
    const value = entity[need.key];
    return isValue(value) ? `${start}${JSON.stringify(value)}}` : null;
  };
}

/**
 * What a source is told of an entity so that it can find it: its key and what its @requires need. Null when the source cannot be asked: the key is not
 * complete, or an input of @requires never arrived and anything computed without it would be wrong.
 */
export function representationOf(entity: Tree, { typename, key, requires }: EntityGroup): Tree | null {
  const own = entity["__typename"];
  const made: Tree = { __typename: typename.isFixed || typeof own !== "string" ? typename.name : own };
  if (!key.every((need) => isWhole(entity, need)) || !take(entity, made, key)) return null;
  return take(entity, made, requires) ? made : null;
}

const textOrNull = (made: Tree | null): string | null => made && JSON.stringify(made);

/** False: something was not there. Null is. */
function take(entity: Tree, made: Tree, needs: readonly Need[]): boolean {
  return needs.every((need) => {
    if ("types" in need) return !need.types.has(entity["__typename"] as string) || take(entity, made, need.needs);
    const value = entity[need.key];
    const taken = need.below && value !== undefined ? within(value, need.below) : value;
    if (taken === undefined) return false;
    put(made, need.name, taken);
    return true;
  });
}

/** Undefined: something below was not there. */
function within(value: unknown, needs: readonly Need[]): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => within(item, needs));
    return items.includes(undefined) ? undefined : items;
  }
  if (!isTree(value)) return value;
  const made: Tree = {};
  return take(value, made, needs) ? made : undefined;
}

/** Two selections of one field complete each other. */
function put(made: Tree, name: string, value: unknown): void {
  const before = made[name];
  if (isTree(before) && isTree(value)) merge(before, value);
  else made[name] = value;
}

/** Whether no part of a key is null. Within a list of values, or a value of a scalar, a null may stand. */
function isWhole(entity: Tree, need: Need): boolean {
  if ("types" in need) return !need.types.has(entity["__typename"] as string) || need.needs.every((one) => isWhole(entity, one));
  const value = entity[need.key];
  return need.below ? areWhole(value, need.below) : isValue(value);
}

const areWhole = (value: unknown, needs: readonly Need[]): boolean =>
  Array.isArray(value)
    ? value.every((item) => areWhole(item, needs))
    : isTree(value) && needs.every((need) => isWhole(value, need));

const isValue = (value: unknown): boolean => value !== null && value !== undefined;
