import {
  type FieldNode,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLNamedInputType,
  getNamedType,
  isEnumType,
  isInputObjectType,
} from "graphql";
import type { Supergraph } from "../types/supergraph.ts";

interface Asked {
  /** Undefined: it is none of its type. */
  readonly field: GraphQLField<unknown, unknown> | undefined;
  readonly coordinate: string;
  readonly nodes: readonly FieldNode[];
}

/**
 * Whether a field, as it is asked, finds or orders rows by what they hold: a condition, a lookup or an order on anything but their key. Whatever its
 * variables say: a condition left empty counts as one.
 */
export function seeks({ field, coordinate, nodes }: Asked, { entries }: Pick<Supergraph, "entries">): boolean {
  if (!field || field.args.length === 0) return false;
  const given = new Set(nodes.flatMap((node) => (node.arguments ?? []).map(({ name }) => name.value)));
  const isGiven = ({ name, defaultValue }: GraphQLArgument) => given.has(name) || defaultValue !== undefined;
  const isAboutRows = (input: string) => entries.get(input)?.guards.some((guard) => !guard.field.endsWith(".id")) ?? false;
  return field.args.filter(isGiven).some(({ name, type }) => [`${coordinate}(${name}:)`, ...inputsOf(type)].some(isAboutRows));
}

/** Input fields and order values an argument may hold, at any depth. */
function inputsOf(argument: GraphQLInputType): string[] {
  const types = new Set<GraphQLNamedInputType>([getNamedType(argument)]);
  const found: string[] = [];
  for (const type of types) {
    if (isEnumType(type)) found.push(...type.getValues().map(({ name }) => `${type.name}.${name}`));
    if (!isInputObjectType(type)) continue;
    for (const { name, type: inner } of Object.values(type.getFields())) {
      found.push(`${type.name}.${name}`);
      types.add(getNamedType(inner));
    }
  }
  return found;
}
