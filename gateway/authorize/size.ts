import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  visit,
} from "graphql";
import { Refusal } from "../../schema/errors.ts";
import type { WrittenSize } from "../types/document.ts";
import type { Limits } from "../types/supergraph.ts";

interface Size {
  readonly depth: number;
  readonly responseKeys: number;
  readonly rootFields: number;
}

interface Measured {
  readonly operation: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly limits: Limits;
}

/**
 * Refuses a document that would expand to too much, before anything expands it: 775 bytes of fragments that double 18 times
 * block the planner for seconds. Each fragment is measured once, so the count itself takes milliseconds. Returns what it measured.
 */
export function refuseTooLarge(document: DocumentNode, { operation, fragments, limits }: Measured): WrittenSize {
  const measure = measurer(fragments);
  // The other operations too: validation reads them all.
  const { depth, responseKeys } = operationsOf(document)
    .map(({ selectionSet }) => measure(selectionSet))
    .reduce(sum);
  const { rootFields } = measure(operation.selectionSet);
  const size = { depth, responseKeys, rootFields, ...written(document), tokens: document.tokenCount ?? 0 };
  refuseBeyond(size, limits);
  return size;
}

/** Refuses what is larger than any of these limits. */
export function refuseBeyond(size: WrittenSize, limits: Partial<Limits>): void {
  for (const name of WRITTEN) {
    const [actual, max] = [size[name], limits[name] ?? Infinity];
    if (actual > max) throw new Refusal({ code: "TOO_COSTLY", limit: { name, actual, max } });
  }
}

const WRITTEN = ["tokens", "depth", "rootFields", "responseKeys", "aliases", "directives"] as const;

const operationsOf = ({ definitions }: DocumentNode): OperationDefinitionNode[] =>
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

/**
 * Refuses a document that writes the same response keys over and over: validation compares each pair of them, 217 ms for 6 kB of
 * `agency { code name }`. Counts what it would compare. The fragments MUST be free of circles, their expansion within its limit.
 */
export function refuseRepetitive(document: DocumentNode, { fragments, limits }: Measured): void {
  const max = limits.repeats;
  if (max === Infinity) return;
  let actual = 0;
  const merge = (sets: readonly SelectionSetNode[]): void => {
    for (const { count, below } of byKey(sets, fragments).values()) {
      actual += (count * (count - 1)) / 2;
      if (actual > max) throw new Refusal({ code: "TOO_COSTLY", limit: { name: "repeats", actual, max } });
      if (below.length > 0) merge(below);
    }
  };
  for (const { selectionSet } of operationsOf(document)) merge([selectionSet]);
}

interface Repeated {
  count: number;
  readonly below: SelectionSetNode[];
}

/** Fields of one place of the answer by response key. */
function byKey(sets: readonly SelectionSetNode[], fragments: Measured["fragments"]): Map<string, Repeated> {
  const found = new Map<string, Repeated>();
  const spread = new Set<string>();
  for (const node of sets.flatMap((set) => fieldsOf(set, fragments, spread))) {
    const key = (node.alias ?? node.name).value;
    const known = found.get(key) ?? { count: 0, below: [] };
    known.count += 1;
    if (node.selectionSet) known.below.push(node.selectionSet);
    found.set(key, known);
  }
  return found;
}

/** Whatever type they are for; a named fragment counts once, for validation takes it once. */
const fieldsOf = (set: SelectionSetNode, fragments: Measured["fragments"], spread: Set<string>): FieldNode[] =>
  set.selections.flatMap((node) => {
    if (node.kind === Kind.FIELD) return [node];
    if (node.kind === Kind.INLINE_FRAGMENT) return fieldsOf(node.selectionSet, fragments, spread);
    const fragment = spread.has(node.name.value) ? undefined : fragments.get(node.name.value);
    spread.add(node.name.value);
    return fragment ? fieldsOf(fragment.selectionSet, fragments, spread) : [];
  });
