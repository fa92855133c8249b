import {
  type GraphQLInputObjectType,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  isInputType,
  isListType,
  isNonNullType,
  isRequiredInputField,
  typeFromAST,
} from "graphql";
import type { Operation } from "./operations.ts";
import { type Names, objectOf, unionOf } from "./text.ts";

/** The type of an operation's variables: what has a default or may be null may be left out. */
export function variablesType({ node, name }: Operation, schema: GraphQLSchema, names: Names): string {
  return objectOf(
    (node.variableDefinitions ?? []).map(({ variable, type: written, defaultValue }) => {
      const type = typeFromAST(schema, written as Parameters<typeof typeFromAST>[1]) as GraphQLInputType | undefined;
      if (type === undefined || !isInputType(type)) throw new Error(`${name}: $${variable.name.value} is of no input type`);
      const isOptional = !isNonNullType(type) || defaultValue !== undefined;
      return { key: variable.name.value, type: inputType(type, names), isOptional };
    }),
  );
}

/** Shape of an input object. */
export const inputShape = (type: GraphQLInputObjectType, names: Names): string =>
  objectOf(
    Object.values(type.getFields()).map((field) => ({
      key: field.name,
      type: inputType(field.type, names),
      isOptional: !isRequiredInputField(field),
    })),
  );

function inputType(type: GraphQLInputType, names: Names): string {
  if (!isNonNullType(type)) return unionOf([certain(type, names), "null", "undefined"]);
  return certain(type.ofType as GraphQLInputType, names);
}

function certain(type: GraphQLInputType, names: Names): string {
  if (!isListType(type)) return names.input(getNamedType(type));
  return `ReadonlyArray<${inputType(type.ofType as GraphQLInputType, names).replace(" | undefined", "")}>`;
}
