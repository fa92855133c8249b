import {
  type DocumentNode,
  type FieldDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLSchema,
  isCompositeType,
  isObjectType,
  isUnionType,
  Kind,
  print,
  type TypeDefinitionNode,
} from "graphql";
import { type DirectiveValues, directivesOf, typesOf } from "./directives.ts";
import { createFieldSets, type FieldSet, topFields } from "./fieldSet.ts";

/** What one subgraph can answer, as the join directives of the supergraph say it (join spec 0.2 to 0.5). */
export interface Subgraph {
  readonly name: string;
  readonly types: ReadonlyMap<string, KnownType>;
  /** Scalars, enums and input objects that it knows; of GraphQL's own scalars String, Boolean and those that it surely names. */
  readonly inputs: ReadonlySet<string>;
}

/** A composite type as one subgraph knows it. */
export interface KnownType {
  readonly name: string;
  /** Known as an object, although it is an interface to others: its objects' types cannot be told here. */
  readonly isInterfaceObject: boolean;
  /** Keys by which `_entities` finds it; those that are not resolvable left out. */
  readonly keys: readonly FieldSet[];
  readonly fields: ReadonlyMap<string, KnownField>;
  /** Object types that may stand for it here: itself, the members, the implementations. Empty where they cannot be told. */
  readonly objects: readonly string[];
}

export interface KnownField {
  /** As written in the subgraph, such as `[Product!]`. */
  readonly type: string;
  /** The same without lists and non-null. */
  readonly named: string;
  /** False where it is only external, or taken over by another subgraph. */
  readonly isResolvable: boolean;
  readonly requires: FieldSet | null;
  readonly provides: FieldSet | null;
}

interface Reading {
  readonly full: GraphQLSchema;
  /** `GRAPH Interface Object`, one each. */
  readonly implementations: ReadonlySet<string>;
  fieldSet(text: string): FieldSet;
  /** What the supergraph says of a field, read once for all graphs. */
  joinsOf(field: FieldDefinitionNode): { readonly joins: readonly DirectiveValues[]; readonly type: string };
}

/** Reads all subgraphs of a supergraph, by the value of `enum join__Graph`. */
export function subgraphsOf(document: DocumentNode, full: GraphQLSchema, names: ReadonlyMap<string, string>): Subgraph[] {
  const reading: Reading = {
    full,
    implementations: implementationsIn(document),
    fieldSet: createFieldSets(),
    joinsOf: createJoins(),
  };
  const newSubgraph = (name: string) => ({ name, types: new Map<string, KnownType>(), inputs: new Set(ALWAYS_KNOWN) });
  const found = new Map([...names].map(([graph, name]) => [graph, newSubgraph(name)]));
  for (const node of typesOf(document)) {
    const type = full.getType(node.name.value);
    const joins = directivesOf(node, "join__type");
    for (const [graph, { types, inputs }] of found) {
      const own = joins.filter((join) => join["graph"] === graph);
      if (own.length === 0) continue;
      for (const name of inputsIn(node, graph, reading)) inputs.add(name);
      if (isCompositeType(type)) types.set(type.name, knownType({ node, type, graph, own }, reading));
    }
  }
  return [...found.values()];
}

const ALWAYS_KNOWN: readonly string[] = ["String", "Boolean"];
const COMPOSITE: ReadonlySet<Kind> = new Set([
  Kind.OBJECT_TYPE_DEFINITION,
  Kind.INTERFACE_TYPE_DEFINITION,
  Kind.UNION_TYPE_DEFINITION,
]);
const SOMETIMES_KNOWN: ReadonlySet<string> = new Set(["Int", "Float", "ID"]);

/** A type, and scalars of GraphQL's own that it names in one subgraph by its fields and their arguments: who names one nowhere does not know it. */
function inputsIn(node: TypeDefinitionNode, graph: string, { joinsOf }: Reading): readonly string[] {
  const fields = "fields" in node ? (node.fields ?? []) : [];
  const leaves = (fields as readonly FieldDefinitionNode[]).flatMap((field) => {
    const { joins, type } = joinsOf(field);
    const own = joins.find((join) => join["graph"] === graph);
    if (joins.length > 0 && !own) return [];
    const types = [String(own?.["type"] ?? type), ...(field.arguments ?? []).map((argument) => print(argument.type))];
    return types.map(namedIn).filter((name) => SOMETIMES_KNOWN.has(name));
  });
  return COMPOSITE.has(node.kind) ? leaves : [node.name.value, ...leaves];
}

const namedIn = (type: string): string => type.replaceAll(/[[\]!]/g, "");

interface Known {
  readonly node: TypeDefinitionNode;
  readonly type: GraphQLCompositeType;
  readonly graph: string;
  readonly own: readonly DirectiveValues[];
}

function knownType({ node, type, graph, own }: Known, reading: Reading): KnownType {
  const keys = own.flatMap((join) => (typeof join["key"] === "string" ? [{ join, set: reading.fieldSet(join["key"]) }] : []));
  const isInterfaceObject = own.some((join) => join["isInterfaceObject"] === true);
  const keyFields = keys.flatMap(({ set }) => topFields(set.selections));
  return {
    name: type.name,
    isInterfaceObject,
    keys: keys.filter(({ join }) => join["resolvable"] !== false).map(({ set }) => set),
    fields: knownFields(node, { graph, keyFields, isExtension: own.some((join) => join["extension"] === true) }, reading),
    objects: isInterfaceObject ? [] : objectsOf({ node, type, graph }, reading),
  };
}

interface OfType {
  readonly graph: string;
  readonly keyFields: readonly string[];
  readonly isExtension: boolean;
}

function knownFields(
  node: TypeDefinitionNode,
  { graph, keyFields, isExtension }: OfType,
  reading: Reading,
): Map<string, KnownField> {
  const nodes: readonly FieldDefinitionNode[] = "fields" in node ? ((node.fields ?? []) as readonly FieldDefinitionNode[]) : [];
  const known = nodes.flatMap((field) => {
    const found = knownField(field, graph, reading);
    return found ? [[field.name.value, found] as const] : [];
  });
  // Leaves that a @requires names are external (Federation §@requires), even where a composer forgets to say so.
  const required = new Set(known.flatMap(([, { requires }]) => leavesIn(requires)));
  return new Map(
    known.map(([name, field]) => {
      if (!keyFields.includes(name)) return [name, required.has(name) ? { ...field, isResolvable: false } : field];
      // Federation 1 writes the key of a type it extends as external.
      return [name, isExtension ? { ...field, isResolvable: true } : field];
    }),
  );
}

const leavesIn = (set: FieldSet | null): string[] =>
  (set?.selections ?? []).flatMap((node) => (node.kind === Kind.FIELD && !node.selectionSet ? [node.name.value] : []));

function createJoins(): Reading["joinsOf"] {
  const known = new WeakMap<FieldDefinitionNode, ReturnType<Reading["joinsOf"]>>();
  return (field) => {
    const read = known.get(field) ?? { joins: directivesOf(field, "join__field"), type: print(field.type) };
    known.set(field, read);
    return read;
  };
}

function knownField(node: FieldDefinitionNode, graph: string, { fieldSet, joinsOf }: Reading): KnownField | null {
  const { joins, type: written } = joinsOf(node);
  const own = joins.find((join) => join["graph"] === graph);
  if (joins.length > 0 && !own) return null;
  const { type = written, external, usedOverridden, override, overrideLabel, requires, provides } = own ?? {};
  // An @override by label is not under way: nobody tells the hub of labels.
  const isByLabel = typeof overrideLabel === "string";
  const isTaken = isByLabel ? typeof override === "string" : usedOverridden === true;
  return {
    type: String(type),
    named: namedIn(String(type)),
    isResolvable: external !== true && !isTaken,
    requires: typeof requires === "string" ? fieldSet(requires) : null,
    provides: typeof provides === "string" ? fieldSet(provides) : null,
  };
}

function objectsOf({ node, type, graph }: Omit<Known, "own">, { full, implementations }: Reading): readonly string[] {
  if (isObjectType(type)) return [type.name];
  const possible = full.getPossibleTypes(type).map(({ name }) => name);
  if (!isUnionType(type)) return possible.filter((name) => implementations.has(`${graph} ${type.name} ${name}`));
  const members = directivesOf(node, "join__unionMember");
  const own = members.filter((join) => join["graph"] === graph).map((join) => join["member"]);
  return members.length === 0 ? possible : possible.filter((name) => own.includes(name));
}

/** `GRAPH Interface Object`, one each. */
const implementationsIn = (document: DocumentNode): Set<string> =>
  new Set(
    typesOf(document).flatMap((node) =>
      directivesOf(node, "join__implements").map((join) => `${join["graph"]} ${join["interface"]} ${node.name.value}`),
    ),
  );
