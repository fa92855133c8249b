import type { Patch } from "../types/plan.ts";
import { isTree } from "./tree.ts";

/** Applies a plan's patches in place: to representations before they are sent, to answers before they are merged. */
export function applyPatches(value: unknown, patches: readonly Patch[]): void {
  for (const patch of patches) apply(value, patch, 0);
}

function apply(value: unknown, patch: Patch, at: number): void {
  if (Array.isArray(value)) {
    for (const item of value) apply(item, patch, at);
    return;
  }
  const step = patch.path[at];
  if (!isTree(value) || !step) return;
  if ("types" in step) {
    const name = value["__typename"];
    if (typeof name !== "string" || step.types.has(name)) apply(value, patch, at + 1);
  } else if (at < patch.path.length - 1) apply(value[step.key], patch, at + 1);
  else if ("set" in patch.change) value[step.key] = patch.change.set;
  else if (Object.hasOwn(value, step.key)) {
    value[patch.change.rename] = value[step.key];
    delete value[step.key];
  }
}
