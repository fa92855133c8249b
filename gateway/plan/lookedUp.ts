import {
  type FieldNode,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  getNamedType,
  isInputObjectType,
  valueFromAST,
} from "graphql";
import { inputUses } from "../../schema/sdl/inputUses.ts";
import type { Supergraph } from "../types/supergraph.ts";

type Coerced = Readonly<Record<string, unknown>>;
type Entries = Supergraph["entries"];

/**
 * How many identifiers a field looks somebody up by, each of a list counted, in whatever argument or input field it stands. Null: none can. Reads values
 * without judging them: what does not fit its type counts nothing here and is refused elsewhere.
 */
export function lookupsOfField(
  field: GraphQLField<unknown, unknown>,
  { node, coordinate, entries }: { readonly node: FieldNode; readonly coordinate: string; readonly entries: Entries },
): ((coerced: Coerced) => number) | null {
  const isLookup = (input: string) => entries.get(input)?.guards.some(({ use }) => use === "LOOKUP") ?? false;
  const looking = field.args.filter((argument) => leadsTo(argument, `${coordinate}(${argument.name}:)`, isLookup));
  if (looking.length === 0) return null;
  return (coerced) =>
    inputUses(field, coordinate, valuesOf(looking, node, coerced))
      .filter(([input]) => isLookup(input))
      .reduce((count, [, value]) => count + identifiersIn(value), 0);
}

function leadsTo(argument: GraphQLArgument, coordinate: string, isLookup: (input: string) => boolean): boolean {
  const seen = new Set<string>();
  const within = (type: GraphQLInputType): boolean => {
    const named = getNamedType(type);
    if (!isInputObjectType(named) || seen.has(named.name)) return false;
    seen.add(named.name);
    return Object.values(named.getFields()).some((one) => isLookup(`${named.name}.${one.name}`) || within(one.type));
  };
  return isLookup(coordinate) || within(argument.type);
}

function valuesOf(looking: readonly GraphQLArgument[], node: FieldNode, coerced: Coerced): Record<string, unknown> {
  const values = looking.map((argument): [string, unknown] => {
    const given = node.arguments?.find(({ name }) => name.value === argument.name)?.value;
    return [argument.name, given ? valueFromAST(given, argument.type, coerced) : argument.defaultValue];
  });
  return Object.fromEntries(values.filter(([, value]) => value !== undefined));
}

const identifiersIn = (value: unknown): number => {
  if (Array.isArray(value)) return value.reduce((count: number, one) => count + identifiersIn(one), 0);
  return value === null || value === undefined ? 0 : 1;
};
