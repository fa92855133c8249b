import {
  type FieldNode,
  type GraphQLField,
  type GraphQLSchema,
  getArgumentValues,
  getVariableValues,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  visit,
} from "graphql";

/** Variables of an operation, as far as they are known. */
export interface Values {
  readonly coerced: Readonly<Record<string, unknown>>;
  /** Needed, and not said: what hangs on them stands for any value. */
  readonly missing: ReadonlySet<string>;
}

/** Coerces what is given; `given` null: nothing is said, so whatever is needed is missing. Sentences name variables, never values. */
export function coerced(
  { variableDefinitions = [] }: OperationDefinitionNode,
  schema: GraphQLSchema,
  given: Readonly<Record<string, unknown>> | null,
): Values | { readonly faults: readonly string[] } {
  const needed = variableDefinitions.filter(({ type, defaultValue }) => type.kind === Kind.NON_NULL_TYPE && !defaultValue);
  const missing = given === null ? needed : [];
  const known = variableDefinitions.filter((node) => !missing.includes(node));
  const found = getVariableValues(schema, known, given ?? {}, { maxErrors: 5, hideSuggestions: true });
  if (found.coerced) return { coerced: found.coerced, missing: new Set(missing.map(({ variable }) => variable.name.value)) };
  const names = found.errors.flatMap(({ nodes }) => {
    const node = nodes?.[0];
    return node?.kind === Kind.VARIABLE_DEFINITION ? [node.variable.name.value] : [];
  });
  return { faults: [...new Set(names)].map((name) => `Variable "$${name}" has no value of its type.`) };
}

/** Coerced arguments of a field; one whose value is not known is there with the value undefined. Throws as graphql-js does. */
export function argumentsOf(
  field: GraphQLField<unknown, unknown>,
  node: FieldNode,
  values: Values,
): Readonly<Record<string, unknown>> {
  const open = (node.arguments ?? []).filter((argument) => hangsOn(argument, values.missing)).map(({ name }) => name.value);
  if (open.length === 0) return getArgumentValues(field, node, values.coerced);
  const rest = { ...field, args: field.args.filter(({ name }) => !open.includes(name)) };
  const known = { ...node, arguments: (node.arguments ?? []).filter(({ name }) => !open.includes(name.value)) };
  return { ...getArgumentValues(rest, known, values.coerced), ...Object.fromEntries(open.map((name) => [name, undefined])) };
}

function hangsOn(node: NonNullable<FieldNode["arguments"]>[number], missing: ReadonlySet<string>): boolean {
  let found = false;
  visit(node, {
    Variable({ name }) {
      found ||= missing.has(name.value);
    },
  });
  return found;
}

/** Whether @skip and @include let a selection stand; a condition nobody has said yet does. */
export function isAsked({ directives = [] }: SelectionNode, { coerced: said, missing }: Values): boolean {
  return directives.every(({ name, arguments: [condition] = [] }) => {
    if (name.value !== "skip" && name.value !== "include") return true;
    const value = condition?.value;
    if (value?.kind !== Kind.VARIABLE) return (value?.kind === Kind.BOOLEAN && value.value) === (name.value === "include");
    return missing.has(value.name.value) || Boolean(said[value.name.value]) === (name.value === "include");
  });
}
