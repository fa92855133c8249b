import { type FieldNode, Kind, print, type SelectionNode } from "graphql";

/** What the response keys of one object stand for, whatever its type, and of the objects below it. */
export interface Bound {
  readonly keys: Map<string, { readonly texts: Set<string>; readonly isAsked: boolean; readonly below: Bound }>;
}

export const keyOf = ({ alias, name }: FieldNode): string => (alias ?? name).value;
export const newBound = (): Bound => ({ keys: new Map() });

/** The keys that a question itself asks for. */
export function boundBy(selections: readonly SelectionNode[], into: Bound = newBound()): Bound {
  for (const node of selections)
    if (node.kind === Kind.FIELD) boundBy(node.selectionSet?.selections ?? [], bind(into, node, true));
    else if (node.kind === Kind.INLINE_FRAGMENT) boundBy(node.selectionSet.selections, into);
  return into;
}

/** What is below a key once it stands for this field, too. */
export function bind({ keys }: Bound, node: FieldNode, isAsked = false): Bound {
  const key = keyOf(node);
  const entry = keys.get(key) ?? { texts: new Set(), isAsked, below: newBound() };
  entry.texts.add(textOf(node));
  keys.set(key, entry);
  return entry.below;
}

/**
 * A field that the plan needs itself, and those below it, under keys that stand for nothing else on the same object: a question may ask for the same
 * field with other arguments.
 */
export function unshared(node: SelectionNode, bound: Bound, prefix: string): SelectionNode {
  if (node.kind === Kind.FRAGMENT_SPREAD) throw new Error("a field set spreads no fragment");
  if (node.kind === Kind.INLINE_FRAGMENT) return withSelections(node, bound, prefix);
  const free = { ...node, alias: { kind: Kind.NAME, value: freeKey(node, bound, prefix) } } as const;
  return withSelections(free, bind(bound, free), prefix);
}

function withSelections<N extends SelectionNode & { readonly selectionSet?: FieldNode["selectionSet"] }>(
  node: N,
  bound: Bound,
  prefix: string,
): N {
  if (!node.selectionSet) return node;
  const selections = node.selectionSet.selections.map((one) => unshared(one, bound, prefix));
  return { ...node, selectionSet: { ...node.selectionSet, selections } };
}

function freeKey(node: FieldNode, { keys }: Bound, prefix: string): string {
  const text = textOf(node);
  for (let tried = 0, key = node.name.value; ; key = `${prefix}in${tried++}`) {
    const entry = keys.get(key);
    if (!entry || (entry.texts.size === 1 && entry.texts.has(text))) return key;
  }
}

const textOf = ({ name, arguments: args = [] }: FieldNode): string => [name.value, ...args.map(print).sort()].join();
