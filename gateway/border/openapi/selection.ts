import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isUnionType,
  Kind,
  type SelectionNode,
} from "graphql";
import type { Supergraph } from "../../types/supergraph.ts";
import { keyOf } from "../rest/fields.ts";
import type { Part } from "./parts.ts";
import { describedBy, leafOf, wrapped } from "./types.ts";

interface Reading {
  readonly supergraph: Supergraph;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
}

/** One response key of a selection: all its fields, with what is asked below them. */
interface Place {
  readonly parent: GraphQLCompositeType;
  readonly nodes: FieldNode[];
  /** It stands in every answer: on whatever type, and under no condition. */
  isSure: boolean;
}

/** Responses deeper than that are not told. */
const DEEPEST = 14;

/** The data of a selection on a type of the API, by response key. Governed fields are null where they are denied; masked texts stay texts. */
export function shapeOf(
  type: GraphQLCompositeType,
  selections: readonly SelectionNode[],
  reading: Reading & { readonly depth?: number },
): Part {
  const places = new Map<string, Place>();
  const { depth = 0 } = reading;
  if (depth >= DEEPEST) return { type: "object" };
  collect({ type, selections, isSure: true, spread: new Map() }, places, reading);
  const properties = [...places].map(([key, place]) => [key, propertyOf(place, { ...reading, depth: depth + 1 })] as const);
  const required = [...places].filter(([, { isSure }]) => isSure).map(([key]) => key);
  return {
    type: "object",
    properties: Object.fromEntries(properties),
    ...(required.length > 0 && { required }),
    additionalProperties: false,
  };
}

function propertyOf({ parent, nodes }: Place, reading: Reading & { readonly depth: number }): Part {
  const [node] = nodes;
  const field = node && fieldOf(parent, node);
  if (!field) return { type: "string" }; // __typename
  const { entries } = reading.supergraph;
  const classes = [...new Set(entries.get(`${parent.name}.${field.name}`)?.classes.map((one) => one.class) ?? [])];
  const below = nodes.flatMap(({ selectionSet }) => selectionSet?.selections ?? []);
  const named = getNamedType(field.type);
  const shape = wrapped(field.type, () => (isCompositeType(named) ? shapeOf(named, below, reading) : (leafOf(named) ?? {})));
  return { ...shape, ...describedBy(field.description), ...(classes.length > 0 && { "x-classification": classes.sort() }) };
}

const fieldOf = (parent: GraphQLCompositeType, { name }: FieldNode): GraphQLField<unknown, unknown> | undefined =>
  isUnionType(parent) ? undefined : parent.getFields()[name.value];

interface Level {
  readonly type: GraphQLCompositeType;
  readonly selections: readonly SelectionNode[];
  readonly isSure: boolean;
  /** Fragments that were followed here, and whether for sure. */
  readonly spread: Map<string, boolean>;
}

function collect(level: Level, places: Map<string, Place>, reading: Reading): void {
  for (const node of level.selections) {
    const isSure = level.isSure && (node.directives ?? []).length === 0;
    if (node.kind !== Kind.FIELD) collectFragment(node, { ...level, isSure }, { places, reading });
    else add(node, { parent: level.type, nodes: [node], isSure }, places);
  }
}

function add(node: FieldNode, place: Place, places: Map<string, Place>): void {
  const known = places.get(keyOf(node));
  if (!known) return void places.set(keyOf(node), place);
  known.nodes.push(node);
  known.isSure ||= place.isSure;
}

function collectFragment(
  node: Exclude<SelectionNode, FieldNode>,
  { type, isSure, spread }: Level,
  { places, reading }: { readonly places: Map<string, Place>; readonly reading: Reading },
): void {
  const name = node.kind === Kind.FRAGMENT_SPREAD ? node.name.value : null;
  const fragment = node.kind === Kind.FRAGMENT_SPREAD ? reading.fragments.get(node.name.value) : node;
  if (!fragment) return;
  const { api } = reading.supergraph;
  const condition = fragment.typeCondition ? api.getType(fragment.typeCondition.name.value) : type;
  if (!isCompositeType(condition)) return;
  const { selections } = fragment.selectionSet;
  const isHere = isSure && covers(condition, type, api);
  if (name !== null) {
    const followed = spread.get(name);
    if (followed !== undefined && (followed || !isHere)) return; // once more only to say that it is sure
    spread.set(name, isHere);
  }
  collect({ selections, isSure: isHere, spread, type: condition }, places, reading);
}

/** Is whatever stands at a place of `type` of the condition's type, too? */
const covers = (condition: GraphQLCompositeType, type: GraphQLCompositeType, api: GraphQLSchema): boolean =>
  condition.name === type.name || (isAbstractType(condition) && !isAbstractType(type) && api.isSubType(condition, type));
