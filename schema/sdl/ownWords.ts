import {
  type DocumentNode,
  type FieldDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  type ObjectTypeExtensionNode,
  visit,
} from "graphql";

interface Slice {
  readonly name: string;
  readonly document: DocumentNode;
  /** What it has written of its data; undefined: nothing. */
  readonly metadata: { readonly elements: Readonly<Record<string, { readonly definition?: unknown }>> } | undefined;
}

/**
 * A slice's SDL without what it says of others' elements: composition takes the first description it meets, so that clients would read in place of what a
 * NIK is why another slice asks for it. A type belongs to the slice whose metadata define it; a field also to whoever resolves it. Pure.
 */
export function inOwnWords({ name, document }: Slice, slices: readonly Slice[]): DocumentNode {
  const owners = ownersOf(slices);
  const resolved = resolvedBy(slices);
  const said = <Type extends ObjectTypeDefinitionNode | ObjectTypeExtensionNode>(type: Type): Type => {
    const owner = owners.get(type.name.value);
    const isOthers = owner !== undefined && owner !== name;
    const fields = type.fields?.map((field) => {
      const by = resolved.get(`${type.name.value}.${field.name.value}`) ?? [];
      const isTold = isExternal(field) ? by.length > 0 : isOthers && by.includes(owner);
      return isTold ? silent(field) : field;
    });
    return { ...(isOthers ? silent(type) : type), ...(fields && { fields }) };
  };
  return visit(document, { ObjectTypeDefinition: said, ObjectTypeExtension: said });
}

const ownersOf = (slices: readonly Slice[]): ReadonlyMap<string, string> =>
  new Map(
    slices.flatMap(({ name, metadata }) =>
      Object.entries(metadata?.elements ?? {}).flatMap(([type, { definition }]) =>
        definition === undefined ? [] : [[type, name] as const],
      ),
    ),
  );

/** Slices that resolve a field, by coordinate. */
function resolvedBy(slices: readonly Slice[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const { name, document } of slices)
    for (const coordinate of resolvedIn(document)) found.set(coordinate, [...(found.get(coordinate) ?? []), name]);
  return found;
}

const resolvedIn = ({ definitions }: DocumentNode): string[] =>
  definitions.flatMap((type) =>
    type.kind === Kind.OBJECT_TYPE_DEFINITION || type.kind === Kind.OBJECT_TYPE_EXTENSION
      ? (type.fields ?? []).filter((field) => !isExternal(field)).map((field) => `${type.name.value}.${field.name.value}`)
      : [],
  );

const isExternal = ({ directives }: FieldDefinitionNode): boolean =>
  directives?.some((directive) => directive.name.value === "external") ?? false;

const silent = <Node extends object>(node: Node): Node => ({ ...node, description: undefined });
