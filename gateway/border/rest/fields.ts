import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type SelectionNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from "graphql";
import type { DataClass } from "../../../schema/policy/words.ts";
import type { Supergraph } from "../../types/supergraph.ts";

export const keyOf = ({ alias, name }: FieldNode): string => (alias ?? name).value;

type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

/** Fields of a selection on whatever type, those of fragments among them: of each once, however often it is spread. */
export const fieldsIn = (
  selections: readonly SelectionNode[],
  fragments: Fragments,
  spread: Set<string> = new Set(),
): FieldNode[] =>
  selections.flatMap((node) =>
    node.kind === Kind.FIELD ? [node] : fieldsIn(insideOf(node, fragments, spread), fragments, spread),
  );

/** What a fragment selects; nothing, where it is spread a second time. */
function insideOf(node: Exclude<SelectionNode, FieldNode>, fragments: Fragments, spread: Set<string>): readonly SelectionNode[] {
  if (node.kind === Kind.INLINE_FRAGMENT) return node.selectionSet.selections;
  const name = node.name.value;
  if (spread.has(name)) return [];
  spread.add(name);
  return fragments.get(name)?.selectionSet.selections ?? [];
}

/** A short text may select without end, by fragments that spread others at each field. */
const MOST_SELECTED = 5_000;

/** Selections of an operation, those of fragments at each place where they stand; null: more than anybody describes. */
export function sizeOf(selections: readonly SelectionNode[], fragments: Fragments): number | null {
  let size = 0;
  const fits = (below: readonly SelectionNode[], spread: Set<string>): boolean =>
    below.every((node) => {
      size += 1;
      if (size > MOST_SELECTED) return false;
      return node.kind === Kind.FIELD
        ? fits(node.selectionSet?.selections ?? [], new Set())
        : fits(insideOf(node, fragments, spread), spread);
    });
  return fits(selections, new Set()) ? size : null;
}

/** Classes of all fields of a document that fits the schema, sorted. What says none is as good as specific. */
export function classesIn(document: DocumentNode, { api, entries }: Supergraph): DataClass[] {
  const classes = new Set<DataClass>();
  const info = new TypeInfo(api);
  const Field = (): void => {
    const [parent, field] = [info.getParentType(), info.getFieldDef()];
    if (!field || field.name.startsWith("__")) return;
    const stated = entries.get(`${parent?.name}.${field.name}`)?.classes ?? [];
    for (const one of stated) classes.add(one.class);
    if (stated.length === 0) classes.add("SPECIFIC");
  };
  visit(document, visitWithTypeInfo(info, { Field }));
  return [...classes].sort();
}
