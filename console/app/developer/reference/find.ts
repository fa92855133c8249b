import {
  type GraphQLArgument,
  type GraphQLNamedType,
  type GraphQLSchema,
  type GraphQLType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
} from "graphql";

export interface Hit {
  readonly coordinate: string;
  readonly type: string;
  readonly description: string;
}

/** The official term: what a description says before its dash. */
export const termOf = (description: string | null | undefined): string => (description ?? "").split(" — ")[0] ?? "";

export interface Part {
  readonly name: string;
  readonly description?: string | null | undefined;
  readonly deprecationReason?: string | null | undefined;
  readonly type?: GraphQLType;
  readonly args?: readonly GraphQLArgument[];
}

/** Parts of a type: fields or values. */
export function partsOf(type: GraphQLNamedType): readonly Part[] {
  if (isObjectType(type) || isInterfaceType(type) || isInputObjectType(type)) return Object.values(type.getFields());
  return isEnumType(type) ? type.getValues() : [];
}

/** Types and parts that hold all words, in their name or in what is said of them; names that begin with the words first. */
export function found(schema: GraphQLSchema, sought: string): Hit[] {
  const words = sought.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  const hits = Object.values(schema.getTypeMap())
    .filter((type) => !isIntrospectionType(type))
    .flatMap((type) => [
      { coordinate: type.name, type: type.name, description: type.description ?? "" },
      ...partsOf(type).map(({ name, description }) => ({
        coordinate: `${type.name}.${name}`,
        type: type.name,
        description: description ?? "",
      })),
    ])
    .filter(({ coordinate, description }) => words.every((word) => `${coordinate} ${description}`.toLowerCase().includes(word)));
  const rank = ({ coordinate }: Hit) =>
    coordinate.toLowerCase().includes(words[0] ?? "") ? coordinate.length : 1000 + coordinate.length;
  return hits.sort((a, b) => rank(a) - rank(b));
}
