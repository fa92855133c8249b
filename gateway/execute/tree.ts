import type { PathPart } from "../types/plan.ts";

/** A node of the fetched tree, as JSON.parse made it. */
export type Tree = Record<string, unknown>;

export const isTree = (value: unknown): value is Tree => typeof value === "object" && value !== null && !Array.isArray(value);

/** Objects at the end of a plan's path, in order. Lists are walked item by item. */
export function collect(from: unknown, path: readonly PathPart[]): Tree[] {
  const found: Tree[] = [];
  visit(from, 0, { path, trail: null, meet: (tree) => void found.push(tree) });
  return found;
}

/** Path of `entity` through lists and fields, by identity; null when it is not there. Only for errors: it walks all entities. */
export function locate(from: unknown, path: readonly PathPart[], entity: Tree): (string | number)[] | null {
  const trail: (string | number)[] = [];
  let located: (string | number)[] | null = null;
  const meet = (tree: Tree) => {
    if (tree === entity) located ??= [...trail];
  };
  visit(from, 0, { path, trail, meet });
  return located;
}

interface Walk {
  readonly path: readonly PathPart[];
  /** Where the walk stands, when somebody wants to know. */
  readonly trail: (string | number)[] | null;
  meet(tree: Tree): void;
}

function visit(value: unknown, at: number, walk: Walk): void {
  if (Array.isArray(value)) visitItems(value, at, walk);
  else if (isTree(value)) visitTree(value, at, walk);
}

function visitTree(tree: Tree, at: number, walk: Walk): void {
  const part = walk.path[at];
  if (!part) walk.meet(tree);
  else if ("field" in part) {
    walk.trail?.push(part.field);
    visit(tree[part.field], at + 1, walk);
    walk.trail?.pop();
  } else if (part.type === tree["__typename"]) visitTree(tree, at + 1, walk); // who could tell its type may be away: then nobody guesses
}

function visitItems(items: readonly unknown[], at: number, walk: Walk): void {
  for (let index = 0; index < items.length; index += 1) {
    walk.trail?.push(index);
    visit(items[index], at, walk);
    walk.trail?.pop();
  }
}

/** Merges an answer into the tree, lists by position. `__proto__` is data nobody asked for: it would reach every object of the process. */
export function merge(target: Tree, source: Tree): void {
  for (const key of Object.keys(source)) {
    if (key === "__proto__") continue;
    const theirs = source[key];
    const ours = target[key];
    if (typeof ours !== "object" || ours === null) target[key] = theirs;
    else mergeInto(ours, theirs);
  }
}

/** A null or scalar beside an object is a source that knows less: the object stays. */
function mergeInto(ours: object, theirs: unknown): void {
  if (Array.isArray(ours) && Array.isArray(theirs)) {
    for (let index = 0; index < theirs.length; index += 1) {
      const item: unknown = ours[index];
      if (typeof item === "object" && item !== null) mergeInto(item, theirs[index]);
      else ours[index] = theirs[index];
    }
  } else if (isTree(ours) && isTree(theirs)) merge(ours, theirs);
}

/** Deep copy of JSON: entities that share a representation must not share what hangs below them. */
export function copy<Value>(value: Value): Value {
  if (Array.isArray(value)) return value.map(copy) as Value;
  if (!isTree(value)) return value;
  const made: Tree = {};
  for (const key of Object.keys(value)) if (key !== "__proto__") made[key] = copy(value[key]);
  return made as Value;
}
