import { Kind, type SelectionSetNode } from "graphql";
import type { Data } from "./data.ts";
import { fieldSet, named, type Piece, type World } from "./world.ts";

/**
 * What each field needs, also through others: its inputs by @requires, and the field of the interface that some subgraph knows as an object. Whoever may
 * not see one of these may not see the field.
 */
export function requirementsIn({ parts }: World, { below, fields }: Data): Map<string, Set<string>> {
  const all = parts.flatMap(({ pieces }) => pieces.flatMap((piece) => piece.fields.map((field) => ({ piece, field }))));
  const ownersOf = ({ kind, name }: Piece) => [name, ...(kind === "interfaceObject" ? (below.get(name) ?? []) : [])];
  const types = new Map(
    all.flatMap(({ piece, field }) => ownersOf(piece).map((owner) => [`${owner}.${field.name}`, named(field.type)] as const)),
  );
  const needs = new Map<string, Set<string>>();
  for (const [coordinate, { requires }] of fields) {
    if (requires !== undefined)
      needs.set(coordinate, new Set(namedIn(coordinate.split(".")[0] as string, fieldSet(requires), { types, below })));
  }
  for (const [coordinate, stands] of standsIn(parts, below))
    needs.set(coordinate, new Set([...(needs.get(coordinate) ?? []), ...stands]));
  for (const into of needs.values()) for (const needed of into) for (const further of needs.get(needed) ?? []) into.add(further);
  return needs;
}

/** Of each field the fields of interfaces known as objects through which a subgraph answers it, such as `Pet.label` of `Cat.label`. */
export function standsIn(parts: World["parts"], below: Data["below"]): Map<string, string[]> {
  const stands = new Map<string, string[]>();
  for (const { pieces } of parts) {
    const isProviding = pieces.some(({ fields }) => fields.some(({ provides }) => provides));
    for (const piece of pieces.filter(({ kind }) => kind === "interfaceObject"))
      for (const { name } of piece.fields.filter(({ external }) => !external || isProviding))
        for (const type of below.get(piece.name) ?? [])
          stands.set(`${type}.${name}`, [...(stands.get(`${type}.${name}`) ?? []), `${piece.name}.${name}`]);
  }
  return stands;
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
