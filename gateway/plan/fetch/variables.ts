import {
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isScalarType,
  Kind,
  type OperationDefinitionNode,
  print,
  type TypeNode,
  type ValueNode,
} from "graphql";
import type { Subgraph } from "../federation/subgraphs.ts";

/** Variables that are used; of those within a literal of a scalar that scalar, else null. */
export type Uses = Map<string, string | null>;

export function noteVariables(value: ValueNode, type: GraphQLInputType | undefined, into: Uses): void {
  if (value.kind === Kind.VARIABLE) note(value.name.value, null, into);
  if (value.kind !== Kind.LIST && value.kind !== Kind.OBJECT) return;
  const named = type && getNamedType(type); // a single value may stand for a list of it
  if (isScalarType(named)) noteWithin(value, named.name, into);
  else if (value.kind === Kind.LIST) for (const item of value.values) noteVariables(item, named, into);
  else if (isInputObjectType(named))
    for (const { name, value: inner } of value.fields) noteVariables(inner, named.getFields()[name.value]?.type, into);
}

function noteWithin(value: ValueNode, scalar: string, into: Uses): void {
  if (value.kind === Kind.VARIABLE) note(value.name.value, scalar, into);
  else if (value.kind === Kind.LIST) for (const item of value.values) noteWithin(item, scalar, into);
  else if (value.kind === Kind.OBJECT) for (const field of value.fields) noteWithin(field.value, scalar, into);
}

/** Who uses a variable itself knows its type. */
const note = (name: string, scalar: string | null, into: Uses): void =>
  void into.set(name, into.get(name) === null ? null : scalar);

export function joinedUses(all: readonly Uses[]): Uses {
  const joined: Uses = new Map();
  for (const uses of all) for (const [name, scalar] of uses) note(name, scalar, joined);
  return joined;
}

/** The variables of an operation that a fetch uses, and their definitions as its subgraph can read them. */
export function declaredBy({ variableDefinitions = [] }: OperationDefinitionNode, uses: Uses, { subgraph, full }: Asked) {
  const those = variableDefinitions.filter(({ variable }) => uses.has(variable.name.value));
  const declared = those.map((definition) => {
    const { name } = definition.variable;
    const scalar = uses.get(name.value);
    const type = full.getType(namedIn(definition.type));
    if (typeof scalar !== "string" || !type || subgraph.inputs.has(type.name)) return print(definition);
    // Within a scalar's literal stands what the subgraph has no type for: the name of an enum value or an id is as good as a text, all else as one of the scalar.
    const isText = isEnumType(type) || type.name === "ID";
    return `$${name.value}:${isText ? print(definition.type).replace(type.name, "String") : scalar}`;
  });
  return { variables: those.map(({ variable }) => variable.name.value), declared };
}

interface Asked {
  readonly subgraph: Subgraph;
  readonly full: GraphQLSchema;
}

const namedIn = (type: TypeNode): string => (type.kind === Kind.NAMED_TYPE ? type.name.value : namedIn(type.type));
