import { Kind, type SelectionSetNode } from "graphql";
import type { Data } from "./data.ts";
import { fieldSet, named, type World } from "./world.ts";

/** What each field needs by @requires, also through others: whoever may not see one of these may not see the field. */
export function requirementsIn({ parts }: World, { below, fields }: Data): Map<string, Set<string>> {
  const all = parts.flatMap(({ pieces }) => pieces.flatMap((piece) => piece.fields.map((field) => ({ piece, field }))));
  const types = new Map(all.map(({ piece, field }) => [`${piece.name}.${field.name}`, named(field.type)]));
  const needs = new Map<string, Set<string>>();
  for (const [coordinate, { requires }] of fields) {
    if (requires !== undefined)
      needs.set(coordinate, new Set(namedIn(coordinate.split(".")[0] as string, fieldSet(requires), { types, below })));
  }
  for (const into of needs.values()) for (const needed of into) for (const further of needs.get(needed) ?? []) into.add(further);
  return needs;
}

interface Shape {
  readonly types: ReadonlyMap<string, string>;
  readonly below: Data["below"];
}

/** Coordinates of object types that a field set on this type names. */
function namedIn(type: string, set: SelectionSetNode, shape: Shape): string[] {
  return set.selections.flatMap((node) => {
    if (node.kind === Kind.INLINE_FRAGMENT) return namedIn(node.typeCondition?.name.value ?? type, node.selectionSet, shape);
    if (node.kind !== Kind.FIELD || node.name.value === "__typename") return [];
    const own = [...(shape.below.get(type) ?? [type])].map((object) => `${object}.${node.name.value}`);
    const inner = shape.types.get(`${type}.${node.name.value}`) ?? "";
    return node.selectionSet ? [...own, ...namedIn(inner, node.selectionSet, shape)] : own;
  });
}
