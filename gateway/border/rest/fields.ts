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

/** Fields of a selection on whatever type, those of fragments among them. */
export const fieldsIn = (
  selections: readonly SelectionNode[],
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  spread: ReadonlySet<string> = new Set(),
): FieldNode[] =>
  selections.flatMap((node) => {
    if (node.kind === Kind.FIELD) return [node];
    if (node.kind === Kind.INLINE_FRAGMENT) return fieldsIn(node.selectionSet.selections, fragments, spread);
    const name = node.name.value;
    const below = spread.has(name) ? [] : (fragments.get(name)?.selectionSet.selections ?? []);
    return fieldsIn(below, fragments, new Set([...spread, name]));
  });

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
