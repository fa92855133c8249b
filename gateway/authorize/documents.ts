import { type DocumentNode, Kind, print, type SelectionNode, type VariableNode, visit } from "graphql";
import type { Reading } from "../types/document.ts";
import { ourName } from "./variables.ts";

/**
 * The texts to plan. A mutation gives one a root field: planned together, a later field would run before the entities of an
 * earlier one are complete.
 */
export function documentsOf({ operation }: Reading, selections: readonly SelectionNode[], aliasPrefix: string): string[] {
  if (selections.length === 0) return [];
  const parts = operation.operation === "mutation" ? byKey(selections) : [selections];
  return parts.map((part) => {
    const used = variablesOf(part);
    const variableDefinitions = (operation.variableDefinitions ?? [])
      .filter((node) => used.has(node.variable.name.value))
      .map((node) => ({ ...node, directives: [] }));
    const selectionSet = { kind: Kind.SELECTION_SET, selections: part } as const;
    const definition = {
      kind: Kind.OPERATION_DEFINITION,
      operation: operation.operation,
      variableDefinitions,
      selectionSet,
    } as const;
    const document: DocumentNode = { kind: Kind.DOCUMENT, definitions: [definition] };
    const rename = (node: VariableNode) => ({ ...node, name: { ...node.name, value: ourName(node.name.value, aliasPrefix) } });
    return print(visit(document, { Variable: rename }));
  });
}

/** A root type is an object: nothing but fields is left of its selections. */
function byKey(selections: readonly SelectionNode[]): SelectionNode[][] {
  const groups = new Map<string, SelectionNode[]>();
  for (const node of selections) {
    const key = node.kind === Kind.FIELD ? (node.alias ?? node.name).value : "";
    groups.set(key, [...(groups.get(key) ?? []), node]);
  }
  return [...groups.values()];
}

function variablesOf(nodes: readonly SelectionNode[]): Set<string> {
  const names = new Set<string>();
  for (const node of nodes) visit(node, { Variable: (variable) => void names.add(variable.name.value) });
  return names;
}
