import {
  type DocumentNode,
  type FieldNode,
  Kind,
  print,
  type SelectionNode,
  type SelectionSetNode,
  type VariableNode,
  visit,
} from "graphql";
import type { RowRule } from "../../schema/policy/masks.ts";
import type { RowFact } from "../../schema/sdl/catalogue.ts";
import type { Reading } from "../types/document.ts";
import type { Supergraph } from "../types/supergraph.ts";
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

export const fieldNamed = (value: string): FieldNode => ({ kind: Kind.FIELD, name: { kind: Kind.NAME, value } });
export const TYPENAME = fieldNamed("__typename");
export const setOf = (selections: readonly SelectionNode[]): SelectionSetNode => ({ kind: Kind.SELECTION_SET, selections });
const namedType = (value: string) => ({ kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value } }) as const;
export const only = (type: string, selections: readonly SelectionNode[]): SelectionNode => ({
  kind: Kind.INLINE_FRAGMENT,
  typeCondition: namedType(type),
  selectionSet: setOf(selections),
});

type Rows = Pick<Supergraph, "rowPlaces" | "fetchedPlaces">;

/** What is to be fetched with a row of a type: what these rules ask of it, and of a subject's whose it is. Under aliases of ours. */
export function rowSelections(
  type: string,
  { rules, isSubject }: { readonly rules: readonly RowRule[]; readonly isSubject: boolean },
  { rowPlaces, fetchedPlaces }: Rows,
): FieldNode[] {
  const isNeeded = {
    region: rules.some(({ home }) => home),
    flags: rules.some(({ flag }) => flag),
    person: isSubject,
  };
  const facts = Object.keys(isNeeded) as RowFact[];
  return facts.flatMap((fact) => {
    const [path, fetched] = [rowPlaces.get(type)?.[fact], fetchedPlaces.get(type)?.[fact]];
    return isNeeded[fact] && path ? [selectionOf(path, fetched?.[0])] : [];
  });
}

const selectionOf = ([name = "", ...below]: readonly string[], alias?: string): FieldNode => ({
  ...fieldNamed(name),
  ...(alias !== undefined && { alias: { kind: Kind.NAME, value: alias } }),
  ...(below.length > 0 && { selectionSet: setOf([selectionOf(below)]) }),
});
