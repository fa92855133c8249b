import {
  type ASTNode,
  buildASTSchema,
  type DocumentNode,
  type FieldDefinitionNode,
  type GraphQLSchema,
  type InputValueDefinitionNode,
  isInterfaceType,
  Kind,
  parse,
  printSchema,
  type TypeDefinitionNode,
  visit,
} from "graphql";
import { withScalars } from "../../schema/values/scalars.ts";
import { createCache } from "./cache.ts";

/**
 * The API schema as a caller sees it, without the hidden coordinates; one schema for each set of them.
 * A field goes with its required argument, an interface's field with that of any implementer, a type with its last field.
 */
export function createViews(api: GraphQLSchema): (hidden: ReadonlySet<string>) => GraphQLSchema {
  const document = parse(printSchema(api), { noLocation: true });
  const bySet = new WeakMap<ReadonlySet<string>, GraphQLSchema>();
  const byNames = createCache<GraphQLSchema>({ entries: 50, bytes: Infinity });
  return (hidden) => {
    if (hidden.size === 0) return api;
    const known = bySet.get(hidden);
    if (known) return known;
    const names = [...hidden].sort().join();
    const view =
      byNames.get(names) ??
      withScalars(buildASTSchema(without(document, hidden, api), { assumeValid: true, assumeValidSDL: true }));
    byNames.set(names, view, 0);
    bySet.set(hidden, view);
    return view;
  };
}

function without(document: DocumentNode, hidden: ReadonlySet<string>, api: GraphQLSchema): DocumentNode {
  const pruned = {
    ...document,
    definitions: document.definitions.map((node) => (isType(node) ? thin(node, hidden, api) : node)),
  };
  return unreachableDropped(withoutEmpty(pruned));
}

const isType = (node: ASTNode): node is TypeDefinitionNode => node.kind.endsWith("TypeDefinition");

function thin(type: TypeDefinitionNode, hidden: ReadonlySet<string>, api: GraphQLSchema): TypeDefinitionNode {
  const name = type.name.value;
  if (hidden.has(name)) return { kind: Kind.OBJECT_TYPE_DEFINITION, name: type.name, fields: [] };
  switch (type.kind) {
    case Kind.OBJECT_TYPE_DEFINITION:
      return { ...type, fields: outputs([name], type.fields ?? [], hidden) };
    case Kind.INTERFACE_TYPE_DEFINITION: {
      const self = api.getType(name);
      const implementers = isInterfaceType(self) ? api.getPossibleTypes(self) : [];
      const names = [name, ...implementers.map((object) => object.name)];
      return { ...type, fields: outputs(names, type.fields ?? [], hidden) };
    }
    case Kind.INPUT_OBJECT_TYPE_DEFINITION: {
      const fields = (type.fields ?? []).filter((field) => !hidden.has(`${name}.${field.name.value}`));
      const isUsable = !(type.fields ?? []).some((field) => isRequired(field) && hidden.has(`${name}.${field.name.value}`));
      return { ...type, fields: isUsable ? fields : [] };
    }
    case Kind.ENUM_TYPE_DEFINITION:
      return { ...type, values: (type.values ?? []).filter((value) => !hidden.has(`${name}.${value.name.value}`)) };
    default:
      return type;
  }
}

function outputs(
  types: readonly string[],
  fields: readonly FieldDefinitionNode[],
  hidden: ReadonlySet<string>,
): FieldDefinitionNode[] {
  const isHidden = (member: string) => types.some((type) => hidden.has(`${type}.${member}`));
  return fields.flatMap((field) => {
    const shut = (field.arguments ?? []).filter((argument) => isHidden(`${field.name.value}(${argument.name.value}:)`));
    if (isHidden(field.name.value) || shut.some(isRequired)) return [];
    return [{ ...field, arguments: (field.arguments ?? []).filter((argument) => !shut.includes(argument)) }];
  });
}

const isRequired = (input: InputValueDefinitionNode) => input.type.kind === Kind.NON_NULL_TYPE && !input.defaultValue;

/** Drops types with nothing in them, with all that mentions them, until none is left. */
function withoutEmpty(document: DocumentNode): DocumentNode {
  const roots = new Set(["Query"]);
  const empty = new Set(
    document.definitions.filter((node) => isType(node) && isEmpty(node) && !roots.has(node.name.value)).map(nameOf),
  );
  if (empty.size === 0) return document;
  const mentions = (node: ASTNode): boolean => {
    const named: string[] = [];
    visit(node, { NamedType: ({ name }) => void named.push(name.value) });
    return named.some((name) => empty.has(name));
  };
  const member = (node: InputValueDefinitionNode) => (mentions(node.type) ? null : undefined);
  return withoutEmpty(
    visit(document, {
      enter: (node) => (isType(node) && empty.has(nameOf(node)) ? null : undefined),
      FieldDefinition: (node) =>
        mentions(node.type) || node.arguments?.some((argument) => isRequired(argument) && mentions(argument.type))
          ? null
          : undefined,
      InputValueDefinition: member,
      NamedType: ({ name }) => (empty.has(name.value) ? null : undefined),
    }),
  );
}

const nameOf = (node: ASTNode): string => ("name" in node && node.name && "value" in node.name ? node.name.value : "");

function isEmpty(type: TypeDefinitionNode): boolean {
  if (type.kind === Kind.SCALAR_TYPE_DEFINITION) return false;
  if (type.kind === Kind.UNION_TYPE_DEFINITION) return (type.types ?? []).length === 0;
  if (type.kind === Kind.ENUM_TYPE_DEFINITION) return (type.values ?? []).length === 0;
  return (type.fields ?? []).length === 0;
}

/** Drops types that no root type leads to: what is hidden must not be told by what only it used. */
function unreachableDropped(document: DocumentNode): DocumentNode {
  const types = new Map(document.definitions.filter(isType).map((node) => [node.name.value, node]));
  const reached = new Set(["Query", "Mutation", "Subscription"]);
  for (const name of reached) {
    const node = types.get(name);
    if (node) visit(node, { NamedType: (inner) => void reached.add(inner.name.value) });
    if (node?.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue;
    for (const type of types.values())
      if ("interfaces" in type && type.interfaces?.some((implemented) => implemented.name.value === name))
        reached.add(type.name.value);
  }
  return { ...document, definitions: document.definitions.filter((node) => !isType(node) || reached.has(node.name.value)) };
}
