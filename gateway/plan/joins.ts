import {
  type DocumentNode,
  type FieldDefinitionNode,
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  isUnionType,
  Kind,
  type SelectionNode,
} from "graphql";
import { coordinatesInSupergraph } from "../../schema/sdl/coordinates.ts";
import type { Source } from "../types/sources.ts";
import { directivesOf, typesOf } from "./federation/directives.ts";
import { selectionsOf } from "./federation/fieldSet.ts";

/** Names of the subgraphs by the values of `enum join__Graph`. */
export const graphsIn = (document: DocumentNode): Map<string, string> =>
  new Map(joinedGraphs(document).map(({ graph, service }) => [graph, service]));

/** Subgraphs by name. `urls` overrides the addresses written in the supergraph. */
export const sourcesOf = (document: DocumentNode, urls: Readonly<Record<string, string>>): Map<string, Source> =>
  new Map(
    joinedGraphs(document).map(({ graph, service, url }) => [
      service,
      { service, url: urls[service] ?? url, coordinates: coordinatesInSupergraph(document, graph) },
    ]),
  );

function joinedGraphs(document: DocumentNode): { graph: string; service: string; url: string }[] {
  const graphs = typesOf(document).find(({ name }) => name.value === "join__Graph");
  return ((graphs?.kind === Kind.ENUM_TYPE_DEFINITION && graphs.values) || []).map((value) => {
    const [join] = directivesOf(value, "join__graph");
    const graph = value.name.value;
    return { graph, service: String(join?.["name"] ?? graph.toLowerCase()), url: String(join?.["url"] ?? "") };
  });
}

/**
 * What each field needs by @requires: object coordinates and those of arguments, transitively, the field itself left out. Of an interface that some
 * subgraph knows as an object (@interfaceObject) the field of each of its types needs it of that type.
 */
export function requirementsOf(document: DocumentNode, full: GraphQLSchema): Map<string, string[]> {
  const direct = new Map<string, Set<string>>();
  for (const [type, field] of fieldsIn(document, full)) {
    for (const owner of isInterfaceType(type) ? [type, ...full.getPossibleTypes(type)] : [type]) {
      const needed = requiredBy(owner, field, full);
      if (needed.size === 0) continue;
      const coordinate = `${owner.name}.${field.name.value}`;
      direct.set(coordinate, new Set([...(direct.get(coordinate) ?? []), ...needed]));
    }
  }
  return new Map([...direct.keys()].map((coordinate) => [coordinate, closure(coordinate, direct)]));
}

const fieldsIn = (document: DocumentNode, full: GraphQLSchema): (readonly [GraphQLCompositeType, FieldDefinitionNode])[] =>
  typesOf(document).flatMap((node) => {
    const type = full.getType(node.name.value);
    if (!isObjectType(type) && !isInterfaceType(type)) return [];
    const fields = "fields" in node ? ((node.fields ?? []) as readonly FieldDefinitionNode[]) : [];
    return fields.map((field) => [type, field] as const);
  });

export const isJoined = (document: DocumentNode): boolean =>
  typesOf(document).some((type) => directivesOf(type, "join__type").length > 0);

/** Fields of which an argument comes from a @context: nothing here would fill it. */
export const contextual = (document: DocumentNode): string[] =>
  typesOf(document).flatMap((type) =>
    ("fields" in type ? (type.fields ?? []) : [])
      .filter((field) => directivesOf(field, "join__field").some((join) => join["contextArguments"]))
      .map((field) => `${type.name.value}.${field.name.value}`),
  );

function requiredBy(type: GraphQLCompositeType, field: FieldDefinitionNode, full: GraphQLSchema): Set<string> {
  const found = new Set<string>();
  for (const join of directivesOf(field, "join__field"))
    if (typeof join["requires"] === "string") walk(type, selectionsOf(join["requires"]), { full, found });
  return found;
}

interface Collecting {
  readonly full: GraphQLSchema;
  readonly found: Set<string>;
}

function walk(parent: GraphQLCompositeType, selections: readonly SelectionNode[], into: Collecting): void {
  for (const node of selections) {
    if (node.kind === Kind.FIELD) walkField(parent, node, into);
    if (node.kind !== Kind.INLINE_FRAGMENT) continue;
    const type = into.full.getType(node.typeCondition?.name.value ?? parent.name);
    if (isCompositeType(type)) walk(type, node.selectionSet.selections, into);
  }
}

function walkField(
  parent: GraphQLCompositeType,
  { name, arguments: args = [], selectionSet }: FieldNode,
  into: Collecting,
): void {
  const field = isUnionType(parent) ? undefined : parent.getFields()[name.value];
  if (!field) return;
  const objects = isAbstractType(parent) ? into.full.getPossibleTypes(parent) : [parent];
  for (const object of objects) {
    into.found.add(`${object.name}.${field.name}`);
    for (const argument of args) into.found.add(`${object.name}.${field.name}(${argument.name.value}:)`);
  }
  const below = getNamedType(field.type);
  if (selectionSet && isCompositeType(below)) walk(below, selectionSet.selections, into);
}

function closure(coordinate: string, direct: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const reached = new Set<string>(direct.get(coordinate));
  for (const needed of reached) for (const further of direct.get(needed) ?? []) reached.add(further);
  reached.delete(coordinate);
  return [...reached];
}
