import { type DocumentNode, Kind, parse, print, type SelectionSetNode, visit } from "graphql";

/**
 * The text two documents share that ask the same in the same order: without comments, layout, and the `__typename` that clients add to every selection, which
 * says nothing that the question does not. Null: it is no document, or has more than `maxTokens`.
 */
export function canonicalDocument(text: string, maxTokens = 2000): string | null {
  try {
    return print(visit(parsed(text, maxTokens), { SelectionSet: withoutTypename }));
  } catch {
    return null;
  }
}

const parsed = (text: string, maxTokens: number): DocumentNode => parse(text, { noLocation: true, maxTokens });

function withoutTypename(set: SelectionSetNode): SelectionSetNode | undefined {
  const rest = set.selections.filter(
    (node) =>
      node.kind !== Kind.FIELD ||
      node.name.value !== "__typename" ||
      node.alias !== undefined ||
      (node.directives ?? []).length > 0,
  );
  return rest.length > 0 && rest.length < set.selections.length ? { ...set, selections: rest } : undefined;
}
