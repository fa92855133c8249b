import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  visit,
} from "graphql";
import { Refusal } from "../../schema/errors.ts";
import type { Limits } from "../types/supergraph.ts";

interface Size {
  readonly depth: number;
  readonly responseKeys: number;
  readonly rootFields: number;
}

export interface Measured {
  readonly operation: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly limits: Limits;
}

/**
 * Refuses a document that would expand to too much, before anything expands it: 775 bytes of fragments that double 18 times
 * block the planner for seconds. Each fragment is measured once, so the count itself takes milliseconds.
 */
export function refuseTooLarge(document: DocumentNode, { operation, fragments, limits }: Measured): void {
  const measure = measurer(fragments);
  // The other operations too: validation reads them all.
  const { depth, responseKeys } = operationsOf(document)
    .map(({ selectionSet }) => measure(selectionSet))
    .reduce(sum);
  const actual = { depth, responseKeys, rootFields: measure(operation.selectionSet).rootFields, ...written(document) };
  for (const name of ["depth", "rootFields", "responseKeys", "aliases", "directives"] as const)
    if (actual[name] > limits[name])
      throw new Refusal({ code: "TOO_COSTLY", limit: { name, actual: actual[name], max: limits[name] } });
}

export const operationsOf = ({ definitions }: DocumentNode): OperationDefinitionNode[] =>
  definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION);

function written(document: DocumentNode): { aliases: number; directives: number } {
  let aliases = 0;
  let directives = 0;
  visit(document, {
    Field: (node) => {
      if (node.alias) aliases += 1;
    },
    Directive: () => {
      directives += 1;
    },
  });
  return { aliases, directives };
}

/** Size with all fragments expanded. A fragment inside itself, refused by validation later, counts nothing here. */
function measurer(fragments: Measured["fragments"]): (set: SelectionSetNode) => Size {
  const known = new Map<string, Size>();
  const empty: Size = { depth: 0, responseKeys: 0, rootFields: 0 };
  const ofFragment = (name: string): Size => {
    const size = known.get(name);
    if (size) return size;
    known.set(name, empty);
    const fragment = fragments.get(name);
    if (fragment) known.set(name, ofSet(fragment.selectionSet));
    return known.get(name) ?? empty;
  };
  const ofSelection = (node: SelectionNode): Size => {
    if (node.kind === Kind.FRAGMENT_SPREAD) return ofFragment(node.name.value);
    const inner = node.selectionSet ? ofSet(node.selectionSet) : empty;
    if (node.kind === Kind.INLINE_FRAGMENT) return inner;
    // The schema's own fields have a depth rule in validation.
    const depth = node.name.value.startsWith("__") ? 1 : 1 + inner.depth;
    return { depth, responseKeys: 1 + inner.responseKeys, rootFields: 1 };
  };
  const ofSet = ({ selections }: SelectionSetNode): Size => selections.map(ofSelection).reduce(sum, empty);
  return ofSet;
}

const sum = (a: Size, b: Size): Size => ({
  depth: Math.max(a.depth, b.depth),
  responseKeys: a.responseKeys + b.responseKeys,
  rootFields: a.rootFields + b.rootFields,
});
