import {
  type ASTVisitor,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  visit,
} from "graphql";
import type { Introspection } from "../types/document.ts";

type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

/**
 * The `__schema` and `__type` fields of an operation as a document of their own, wherever they stand: any field of type Query has them, also below an
 * act. Each under a key of ours, without its conditions, for the same key may stand for another in another place; null when there is none.
 */
export function introspectionOf(
  operation: OperationDefinitionNode,
  fragments: Fragments,
): Pick<Introspection, "document" | "keys"> | null {
  const keys = keysOf(operation, fragments);
  if (keys.size === 0) return null;
  const selections = [...keys].map(
    ([node, value]): FieldNode => ({ ...node, alias: { kind: Kind.NAME, value }, directives: [] }),
  );
  const variables = new Set<string>();
  const noteVariable = (node: { name: { value: string } }) => void variables.add(node.name.value);
  const used = new Set<FragmentDefinitionNode>();
  for (const node of selections) walk(node, { fragments, used, visitor: { Variable: noteVariable } });
  const variableDefinitions = (operation.variableDefinitions ?? []).filter((node) => variables.has(node.variable.name.value));
  const selectionSet = { kind: Kind.SELECTION_SET, selections } as const;
  const alone = { kind: Kind.OPERATION_DEFINITION, operation: "query", variableDefinitions, selectionSet } as const;
  const document: DocumentNode = { kind: Kind.DOCUMENT, definitions: [alone as OperationDefinitionNode, ...used] };
  return { document, keys };
}

function keysOf(operation: OperationDefinitionNode, fragments: Fragments): Map<FieldNode, string> {
  const keys = new Map<FieldNode, string>();
  const note = (node: FieldNode) => {
    if (node.name.value !== "__schema" && node.name.value !== "__type") return undefined;
    keys.set(node, `about${keys.size}`);
    return false;
  };
  walk(operation, { fragments, used: new Set(), visitor: { Field: note } });
  return keys;
}

interface Walk {
  readonly fragments: Fragments;
  /** Fragments that were met, each walked once. */
  readonly used: Set<FragmentDefinitionNode>;
  readonly visitor: ASTVisitor;
}

function walk(from: OperationDefinitionNode | FragmentDefinitionNode | FieldNode, into: Walk): void {
  const { fragments, used, visitor } = into;
  visit(from, {
    ...visitor,
    FragmentSpread({ name }) {
      const fragment = fragments.get(name.value);
      if (!fragment || used.has(fragment)) return;
      used.add(fragment);
      walk(fragment, into);
    },
  });
}
