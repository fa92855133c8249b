import {
  BREAK,
  type FieldNode,
  type GraphQLField,
  type GraphQLInputType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  visit,
} from "graphql";

/** An input coordinate and the coerced value it takes. */
export type InputUse = readonly [coordinate: string, value: unknown];

/**
 * Every argument, input field and enum value that the coerced arguments of a field touch; `coordinate` is the field's.
 * An explicit null uses its coordinate, an absent value does not. Defaults stand in `args` already and count like any value.
 */
export function inputUses(
  field: GraphQLField<unknown, unknown>,
  coordinate: string,
  args: Readonly<Record<string, unknown>>,
): InputUse[] {
  const uses: InputUse[] = [];
  for (const argument of field.args)
    if (argument.name in args) {
      uses.push([`${coordinate}(${argument.name}:)`, args[argument.name]]);
      collect(argument.type, args[argument.name], uses);
    }
  return uses;
}

function collect(type: GraphQLInputType, value: unknown, uses: InputUse[]): void {
  if (value === null || value === undefined) return;
  if (isNonNullType(type)) collect(type.ofType, value, uses);
  else if (isListType(type)) for (const item of Array.isArray(value) ? value : [value]) collect(type.ofType, item, uses);
  else if (isEnumType(type)) uses.push([`${type.name}.${type.serialize(value)}`, value]);
  else if (isInputObjectType(type))
    collectFields(type.name, Object.values(type.getFields()), { value: value as Record<string, unknown>, uses });
}

function collectFields(
  typeName: string,
  fields: readonly { readonly name: string; readonly type: GraphQLInputType }[],
  { value, uses }: { value: Readonly<Record<string, unknown>>; uses: InputUse[] },
): void {
  for (const field of fields)
    if (field.name in value) {
      uses.push([`${typeName}.${field.name}`, value[field.name]]);
      collect(field.type, value[field.name], uses);
    }
}

/** Whether an argument of the field hangs on a variable. */
export function hasVariable(node: FieldNode): boolean {
  let found = false;
  const stop = () => {
    found = true;
    return BREAK;
  };
  for (const argument of node.arguments ?? []) visit(argument, { Variable: stop });
  return found;
}
