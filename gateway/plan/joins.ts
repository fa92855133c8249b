import {
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isUnionType,
  Kind,
  parse,
  type SelectionSetNode,
  type TypeDefinitionNode,
  valueFromASTUntyped,
} from "graphql";
import { coordinatesInSupergraph } from "../../schema/sdl/coordinates.ts";
import type { Source } from "../types/sources.ts";

/** Subgraphs by name, from `enum join__Graph`. `urls` overrides the addresses written in the supergraph. */
export function sourcesOf(document: DocumentNode, urls: Readonly<Record<string, string>>): Map<string, Source> {
  const graphs = document.definitions.find(
    (node) => node.kind === Kind.ENUM_TYPE_DEFINITION && node.name.value === "join__Graph",
  );
  const sources = new Map<string, Source>();
  for (const value of (graphs?.kind === Kind.ENUM_TYPE_DEFINITION && graphs.values) || []) {
    const [join] = directives(value, "join__graph");
    const service = String(join?.["name"] ?? value.name.value.toLowerCase());
    sources.set(service, {
      service,
      url: urls[service] ?? String(join?.["url"] ?? ""),
      coordinates: coordinatesInSupergraph(document, value.name.value),
      keys: keysOf(document, value.name.value),
    });
  }
  return sources;
}

/** Top-level fields of every key that this graph knows a type by. */
function keysOf(document: DocumentNode, graph: string): Map<string, string[][]> {
  const keys = new Map<string, string[][]>();
  for (const type of typesOf(document)) {
    const own = directives(type, "join__type").filter((join) => join["graph"] === graph && typeof join["key"] === "string");
    if (own.length > 0)
      keys.set(
        type.name.value,
        own.map((join) => rootFields(String(join["key"]))),
      );
  }
  return keys;
}

const rootFields = (fieldSet: string): string[] =>
  selectionsOf(fieldSet).selections.flatMap((node) => (node.kind === Kind.FIELD ? [node.name.value] : []));

/** What each field needs by @requires: object coordinates, transitively, the field itself left out. */
export function requirementsOf(document: DocumentNode, full: GraphQLSchema): Map<string, string[]> {
  const direct = new Map<string, Set<string>>();
  for (const type of typesOf(document)) {
    if (type.kind !== Kind.OBJECT_TYPE_DEFINITION) continue;
    for (const field of type.fields ?? []) {
      const needed = requiredBy(type.name.value, field, full);
      if (needed.size > 0) direct.set(`${type.name.value}.${field.name.value}`, needed);
    }
  }
  return new Map([...direct.keys()].map((coordinate) => [coordinate, closure(coordinate, direct)]));
}

function requiredBy(typeName: string, field: FieldDefinitionNode, full: GraphQLSchema): Set<string> {
  const found = new Set<string>();
  const type = full.getType(typeName);
  for (const join of directives(field, "join__field"))
    if (typeof join["requires"] === "string" && isCompositeType(type))
      walk(type, selectionsOf(join["requires"]), { full, found });
  return found;
}

interface Collecting {
  readonly full: GraphQLSchema;
  readonly found: Set<string>;
}

function walk(parent: GraphQLCompositeType, set: SelectionSetNode, into: Collecting): void {
  for (const node of set.selections) {
    if (node.kind === Kind.FIELD) walkField(parent, node, into);
    if (node.kind !== Kind.INLINE_FRAGMENT) continue;
    const type = into.full.getType(node.typeCondition?.name.value ?? parent.name);
    if (isCompositeType(type)) walk(type, node.selectionSet, into);
  }
}

function walkField(parent: GraphQLCompositeType, { name, selectionSet }: FieldNode, into: Collecting): void {
  const field = isUnionType(parent) ? undefined : parent.getFields()[name.value];
  if (!field) return;
  const objects = isAbstractType(parent) ? into.full.getPossibleTypes(parent) : [parent];
  for (const object of objects) into.found.add(`${object.name}.${field.name}`);
  const below = getNamedType(field.type);
  if (selectionSet && isCompositeType(below)) walk(below, selectionSet, into);
}

function closure(coordinate: string, direct: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const reached = new Set<string>(direct.get(coordinate));
  for (const needed of reached) for (const further of direct.get(needed) ?? []) reached.add(further);
  reached.delete(coordinate);
  return [...reached];
}

function selectionsOf(fieldSet: string): SelectionSetNode {
  const [operation] = parse(`{${fieldSet}}`, { noLocation: true }).definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error(`not a field set: ${fieldSet}`);
  return operation.selectionSet;
}

const typesOf = (document: DocumentNode): TypeDefinitionNode[] =>
  document.definitions.filter((node): node is TypeDefinitionNode => node.kind.endsWith("TypeDefinition"));

const directives = (node: { readonly directives?: readonly ConstDirectiveNode[] }, name: string): Record<string, unknown>[] =>
  (node.directives ?? [])
    .filter((directive) => directive.name.value === name)
    .map((directive) =>
      Object.fromEntries(
        (directive.arguments ?? []).map(({ name: { value }, value: node }) => [value, valueFromASTUntyped(node)]),
      ),
    );
