import { type DocumentNode, type FieldNode, Kind, type SelectionSetNode } from "graphql";
import { Refusal } from "../../schema/errors.ts";
import { type Measured, operationsOf } from "./size.ts";

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
