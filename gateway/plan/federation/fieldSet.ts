import { Kind, parse, type SelectionNode } from "graphql";

/** Fields of a @key, @requires or @provides. One object a text: it may stand as a key of a map. */
export interface FieldSet {
  readonly text: string;
  readonly selections: readonly SelectionNode[];
}

/** Reads field sets, each text once. Throws on one that is none. */
export function createFieldSets(): (text: string) => FieldSet {
  const known = new Map<string, FieldSet>();
  return (text) => {
    const made = known.get(text) ?? { text, selections: selectionsOf(text) };
    known.set(text, made);
    return made;
  };
}

export function selectionsOf(text: string): readonly SelectionNode[] {
  const [operation] = parse(`{${text}}`, { noLocation: true }).definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error(`not a field set: ${text}`);
  return operation.selectionSet.selections;
}

/** Top-level field names of a set. */
export const topFields = (selections: readonly SelectionNode[]): string[] =>
  selections.flatMap((node) => (node.kind === Kind.FIELD ? [node.name.value] : []));
