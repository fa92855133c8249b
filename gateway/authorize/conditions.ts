import { type ASTNode, type DirectiveNode, type DocumentNode, Kind, type SelectionNode, visit } from "graphql";
import type { Reading } from "../types/document.ts";

type Own = { readonly variable: string; readonly shownWhen: boolean }[];

/** Own conditions of every selection of a document that has @skip or @include. */
export function conditionsOf(document: DocumentNode): Reading["conditions"] {
  const found = new Map<SelectionNode, Own | null>();
  visit(document, {
    enter(node: ASTNode) {
      if (node.kind !== Kind.FIELD && node.kind !== Kind.INLINE_FRAGMENT && node.kind !== Kind.FRAGMENT_SPREAD) return;
      const directives = (node.directives ?? []).filter(({ name }) => name.value === "skip" || name.value === "include");
      if (directives.length > 0) found.set(node, ownConditions(directives));
    },
  });
  return found;
}

function ownConditions(directives: readonly DirectiveNode[]): Own | null {
  const own: Own = [];
  for (const directive of directives) {
    const shownWhen = directive.name.value === "include";
    const value = directive.arguments?.[0]?.value;
    if (value?.kind === Kind.VARIABLE) own.push({ variable: value.name.value, shownWhen });
    else if (value?.kind === Kind.BOOLEAN && value.value !== shownWhen) return null;
  }
  return own;
}

/** The variables that decide any selection. */
export const decidingVariables = (conditions: Reading["conditions"]): string[] => [
  ...new Set([...conditions.values()].flatMap((own) => (own ?? []).map(({ variable }) => variable))),
];

/**
 * The selections that this request leaves out. They are gone before anything is judged or planned: the planner's own handling of
 * conditions fetches what nobody asked for, or gives up, where two of them meet.
 */
export function excludedBy(conditions: Reading["conditions"], coerced: Readonly<Record<string, unknown>>): Set<SelectionNode> {
  const excluded = new Set<SelectionNode>();
  for (const [node, own] of conditions)
    if (!own?.every(({ variable, shownWhen }) => Boolean(coerced[variable]) === shownWhen)) excluded.add(node);
  return excluded;
}
