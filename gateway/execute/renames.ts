import type { Rename } from "../types/plan.ts";
import { isTree, merge } from "./tree.ts";

/** Gives keys of an answer the names they stand for, in place, before it is merged. */
export function applyRenames(value: unknown, renames: readonly Rename[]): void {
  for (const rename of renames) apply(value, rename, 0);
}

function apply(value: unknown, rename: Rename, at: number): void {
  if (Array.isArray(value)) {
    for (const item of value) apply(item, rename, at);
    return;
  }
  const key = rename.path[at];
  if (!isTree(value) || key === undefined) return;
  if (at < rename.path.length - 1) apply(value[key], rename, at + 1);
  else if (Object.hasOwn(value, key)) {
    const moved = value[key];
    delete value[key];
    merge(value, { [rename.to]: moved }); // the other key may stand beside it, of an interface and of its type
  }
}
