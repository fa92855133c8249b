import { type FieldNode, type GraphQLSchema, isAbstractType, isInterfaceType, Kind, type SelectionNode } from "graphql";
import type { Need, PathPart } from "../../types/plan.ts";
import { keyOf } from "../route/bound.ts";
import type { Place } from "../route/place.ts";
import { selectionsIn } from "../route/reach.ts";

/** Where a place's objects are found in the fetched tree. */
export function pathTo({ parent, field, type }: Place): readonly PathPart[] {
  if (!parent) return [];
  return [...pathTo(parent), field ? { field: keyOf(field) } : { type: type.name }];
}

/** What representations take from the entities of a place, for selections that the plan fetches there. */
export function needsOf(place: Place, selections: readonly SelectionNode[], full: GraphQLSchema): readonly Need[] {
  return selections.flatMap((node) =>
    node.kind === Kind.FIELD ? [fieldNeed(place, node, full)] : fragmentNeeds(place, node, full),
  );
}

function fieldNeed(place: Place, node: FieldNode, full: GraphQLSchema): Need {
  const below = node.selectionSet && place.below(node);
  const inner = below ? needsOf(below, selectionsIn(node), full) : null;
  // Who computes from an object of several types must be told which it is.
  const isTyped = below && isAbstractType(below.type);
  return { name: node.name.value, key: keyOf(node), below: isTyped ? [TYPENAME, ...(inner ?? [])] : inner };
}

function fragmentNeeds(place: Place, node: SelectionNode, full: GraphQLSchema): readonly Need[] {
  const condition = (node.kind === Kind.INLINE_FRAGMENT && node.typeCondition?.name.value) || place.type.name;
  const types = kindsOf(condition, full);
  // An object of one type says none: the fragment applies or does not.
  if (!isAbstractType(place.type)) return types.has(place.type.name) ? needsOf(place, selectionsIn(node), full) : [];
  const inner = isAbstractType(full.getType(condition)) ? place : place.on(condition, full);
  return [{ types, needs: needsOf(inner, selectionsIn(node), full) }];
}

const TYPENAME: Need = { name: "__typename", key: "__typename", below: null };

/** The type and all its subtypes, @inaccessible ones included. */
function kindsOf(name: string, full: GraphQLSchema): ReadonlySet<string> {
  const type = full.getType(name);
  if (!isAbstractType(type)) return new Set([name]);
  const inner = isInterfaceType(type) ? full.getImplementations(type).interfaces : [];
  return new Set([...full.getPossibleTypes(type), ...inner, type].map((one) => one.name));
}
