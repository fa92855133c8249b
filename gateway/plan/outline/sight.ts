import {
  type FieldNode,
  type GraphQLSchema,
  type InlineFragmentNode,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  Kind,
  type SelectionNode,
} from "graphql";
import { selectionsOf } from "../federation/fieldSet.ts";
import { typeBelow } from "./sent.ts";

/** What of the supergraph the reader of an outline may hear of: a schema they see anyway. */
export interface Sight {
  isType(name: string): boolean;
  /** `Person.nik`, `Query.person(id:)`, `PersonWhere.name`, `PersonOrder.DECILE`. */
  isCoordinate(coordinate: string): boolean;
  /** A field set of a type, as far as it is seen; empty: nothing of it is. */
  fieldSet(text: string, type: string): string;
}

export function sightOf(seen: GraphQLSchema, full: GraphQLSchema): Sight {
  const isCoordinate = (coordinate: string): boolean => {
    const [, typeName = "", member = "", argument] = /^(\w+)\.(\w+)(?:\((\w+):\))?$/.exec(coordinate) ?? [];
    const type = seen.getType(typeName);
    if (isEnumType(type)) return type.getValue(member) !== undefined;
    if (isInputObjectType(type)) return member in type.getFields();
    if (!isObjectType(type) && !isInterfaceType(type)) return false;
    const field = type.getFields()[member];
    return field !== undefined && (argument === undefined || field.args.some(({ name }) => name === argument));
  };
  const field = ({ name: { value: name }, selectionSet }: FieldNode, type: string): string => {
    if (!isCoordinate(`${type}.${name}`)) return "";
    if (!selectionSet) return name;
    const inner = written(selectionSet.selections, typeBelow(full, type, name) ?? "");
    return inner && `${name} { ${inner} }`;
  };
  const fragment = ({ typeCondition, selectionSet }: InlineFragmentNode, type: string): string => {
    const on = typeCondition?.name.value ?? type;
    const inner = seen.getType(on) ? written(selectionSet.selections, on) : "";
    return inner && `... on ${on} { ${inner} }`;
  };
  const written = (selections: readonly SelectionNode[], type: string): string =>
    selections
      .map((node) =>
        node.kind === Kind.FIELD ? field(node, type) : node.kind === Kind.INLINE_FRAGMENT ? fragment(node, type) : "",
      )
      .filter(Boolean)
      .join(" ");
  return {
    isCoordinate,
    isType: (name) => seen.getType(name) !== undefined,
    fieldSet: (text, type) => written(selectionsOf(text), type),
  };
}
