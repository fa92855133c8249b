import { type FieldNode, type FragmentDefinitionNode, Kind, type OperationDefinitionNode } from "graphql";
import { fieldsIn, keyOf } from "./fields.ts";

/** The one list a document pages through. */
export interface Connection {
  /** Response keys down to it. */
  readonly path: readonly string[];
  /** Response key of its rows. */
  readonly nodes: string;
  /** Variables of its place and of its page size; null: the size is none. */
  readonly after: string;
  readonly first: string | null;
}

type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

/** Lists deeper than that are not looked for. */
const DEEPEST = 6;

/** The list whose `after` is a variable, with its rows as `nodes` and where it goes on in `pageInfo`; null unless there is just one. */
export function connectionIn({ selectionSet }: OperationDefinitionNode, fragments: Fragments): Connection | null {
  const found = below(fieldsIn(selectionSet.selections, fragments), [], fragments);
  const [only] = found;
  return found.length === 1 && only ? only : null;
}

function below(fields: readonly FieldNode[], above: readonly string[], fragments: Fragments): Connection[] {
  if (above.length >= DEEPEST) return [];
  return fields.flatMap((field) => {
    const path = [...above, keyOf(field)];
    const inner = fieldsIn(field.selectionSet?.selections ?? [], fragments);
    const own = ofField(field, { path, inner, fragments });
    return own ? [own] : below(inner, path, fragments);
  });
}

interface Place {
  readonly path: readonly string[];
  readonly inner: readonly FieldNode[];
  readonly fragments: Fragments;
}

function ofField(field: FieldNode, { path, inner, fragments }: Place): Connection | null {
  const variableOf = (name: string): string | null => {
    const value = field.arguments?.find((argument) => argument.name.value === name)?.value;
    return value?.kind === Kind.VARIABLE ? value.name.value : null;
  };
  const after = variableOf("after");
  const nodes = inner.find(({ name }) => name.value === "nodes");
  const pageInfo = inner.find((one) => keyOf(one) === "pageInfo" && one.name.value === "pageInfo");
  const tells = fieldsIn(pageInfo?.selectionSet?.selections ?? [], fragments).map(keyOf);
  if (after === null || !nodes || !tells.includes("hasNextPage") || !tells.includes("endCursor")) return null;
  return { path, nodes: keyOf(nodes), after, first: variableOf("first") };
}

export interface PageOfRows {
  readonly rows: readonly unknown[];
  /** Null: it is the last. */
  readonly next: string | null;
}

/** What an answer says of the list; null: nothing, or a list that breaks off, which would pass for a whole one. */
export function pageIn(data: unknown, { path, nodes }: Connection, before: string | null): PageOfRows | null {
  let at = data;
  for (const key of path) at = (at as Readonly<Record<string, unknown>> | null | undefined)?.[key];
  if (typeof at !== "object" || at === null) return null;
  const { [nodes]: rows, pageInfo } = at as Readonly<Record<string, unknown>>;
  const { hasNextPage, endCursor } = (pageInfo ?? {}) as { readonly hasNextPage?: boolean; readonly endCursor?: string | null };
  if (!Array.isArray(rows) || hasNextPage === undefined) return null;
  if (!hasNextPage) return { rows, next: null };
  return endCursor && endCursor !== before ? { rows, next: endCursor } : null;
}
