import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  visit,
} from "graphql";

/** The `__schema` and `__type` fields of a query as a document of their own, wherever its fragments hide them; null when it has none. */
export function introspectionOf(
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): DocumentNode | null {
  if (operation.operation !== "query") return null;
  const selections = about(operation.selectionSet.selections, fragments);
  if (selections.length === 0) return null;
  const used = new Map<string, FragmentDefinitionNode>();
  const variables = new Set<string>();
  const note = {
    Variable: (node: { name: { value: string } }) => void variables.add(node.name.value),
    FragmentSpread: (node: { name: { value: string } }) => {
      const fragment = fragments.get(node.name.value);
      if (fragment && !used.has(node.name.value)) {
        used.set(node.name.value, fragment);
        visit(fragment, note);
      }
    },
  };
  const alone: OperationDefinitionNode = { ...operation, selectionSet: { kind: Kind.SELECTION_SET, selections }, directives: [] };
  for (const node of selections) visit(node, note);
  const variableDefinitions = (operation.variableDefinitions ?? []).filter((node) => variables.has(node.variable.name.value));
  return { kind: Kind.DOCUMENT, definitions: [{ ...alone, variableDefinitions }, ...used.values()] };
}

function about(nodes: readonly SelectionNode[], fragments: ReadonlyMap<string, FragmentDefinitionNode>): SelectionNode[] {
  return nodes.flatMap((node): SelectionNode[] => {
    if (node.kind === Kind.FIELD) return node.name.value === "__schema" || node.name.value === "__type" ? [node] : [];
    const fragment = node.kind === Kind.FRAGMENT_SPREAD ? fragments.get(node.name.value) : node;
    const selections = about(fragment?.selectionSet.selections ?? [], fragments);
    if (selections.length === 0) return [];
    return [
      { kind: Kind.INLINE_FRAGMENT, directives: node.directives ?? [], selectionSet: { kind: Kind.SELECTION_SET, selections } },
    ];
  });
}
