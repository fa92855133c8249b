import {
  coerceInputValue,
  type GraphQLInputType,
  getNullableType,
  getVariableValues,
  isInputObjectType,
  isInputType,
  isListType,
  Kind,
  type OperationDefinitionNode,
  typeFromAST,
} from "graphql";
import { type Failure, Refusal } from "../../schema/errors.ts";
import type { Reading } from "../types/document.ts";

const MAX_ERRORS = 5;

/**
 * Variables as the operation's types read them, defaults applied. Throws a Refusal that names each place in a variable and its type
 * (`$input.birthDate`): graphql-js repeats the value, which may be somebody's NIK.
 */
export function coerceVariables(
  reading: Reading,
  given: Readonly<Record<string, unknown>>,
  aliasPrefix: string,
): Readonly<Record<string, unknown>> {
  const definitions = reading.operation.variableDefinitions ?? [];
  if (definitions.length === 0) return {};
  const options = { maxErrors: MAX_ERRORS, hideSuggestions: true };
  const { coerced, errors } = getVariableValues(reading.view, definitions, given, options);
  if (coerced) return withOurNames(coerced, aliasPrefix);
  const failures = new Map<string, Failure>();
  for (const { nodes } of errors) {
    const node = nodes?.[0];
    if (node?.kind !== Kind.VARIABLE_DEFINITION) continue;
    const { value: name } = node.variable.name;
    const place = reading.variablePlaces.get(name);
    const type = typeFromAST(reading.view, node.type);
    for (const detail of isInputType(type) ? faultsIn(`$${name}`, type, given[name]) : [])
      failures.set(detail, { code: "BAD_USER_INPUT", detail, ...(place && { locations: [place] }) });
  }
  throw new Refusal([...failures.values()].slice(0, MAX_ERRORS));
}

/** A sentence a place that does not fit, made of names of the schema only: paths hold no key that a client made up. */
function faultsIn(variable: string, type: GraphQLInputType, value: unknown): string[] {
  const faults: string[] = [];
  coerceInputValue(value, type, (path) => {
    const at = path.map((step) => (typeof step === "number" ? `[${step}]` : `.${step}`)).join("");
    faults.push(`Variable "${variable}${at}" needs a value of type ${String(typeAt(type, path))}.`);
  });
  return faults;
}

function typeAt(type: GraphQLInputType, [step, ...rest]: readonly (string | number)[]): GraphQLInputType {
  if (step === undefined) return type;
  const inner = getNullableType(type);
  if (isListType(inner)) return typeAt(inner.ofType, rest);
  const field = isInputObjectType(inner) ? inner.getFields()[step] : undefined;
  return field ? typeAt(field.type, rest) : type;
}

/** Where each variable is declared, kept apart from the tokens of its document. */
export const placesOf = ({ variableDefinitions = [] }: OperationDefinitionNode): Reading["variablePlaces"] =>
  new Map(
    variableDefinitions.flatMap(({ variable, loc }) =>
      loc ? [[variable.name.value, { line: loc.startToken.line, column: loc.startToken.column }] as const] : [],
    ),
  );

/**
 * The name a variable has downstream: its own, unless the planner could use that name itself. A client's `$representations` would be
 * declared twice in one fetch.
 */
export const ourName = (name: string, aliasPrefix: string): string =>
  name === "representations" || name.startsWith("_") ? `${aliasPrefix}${name}` : name;

function withOurNames(coerced: Record<string, unknown>, aliasPrefix: string): Readonly<Record<string, unknown>> {
  const renamed = Object.keys(coerced).filter((name) => ourName(name, aliasPrefix) !== name);
  if (renamed.length === 0) return coerced;
  return { ...coerced, ...Object.fromEntries(renamed.map((name) => [ourName(name, aliasPrefix), coerced[name]])) };
}
