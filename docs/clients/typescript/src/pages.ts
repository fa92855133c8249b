import type { TypedDocument } from "./document.ts";
import { HubError } from "./errors.ts";
import type { Answer, AskOptions, Hub } from "./hub.ts";

/** A list that is read page by page; every field of it may be missing where it is not granted. */
export interface Connection<Node> {
  readonly nodes?: readonly (Node | null)[] | null;
  readonly pageInfo?: { readonly hasNextPage?: boolean | null; readonly endCursor?: string | null } | null;
}

export interface Page<Data, Node> {
  readonly nodes: readonly Node[];
  /** The whole answer: its receipt, what was denied and masked. */
  readonly answer: Answer<Data>;
}

interface Reading<Data, Variables, Node> extends AskOptions {
  readonly variables: Variables;
  /** Where in the answer the list stands. */
  readonly list: (data: Data) => Connection<Node> | null | undefined;
}

/**
 * The pages of a list, one question each, asked for when they are wanted. The document takes `$after` and asks `pageInfo { hasNextPage endCursor }`.
 * Throws HubError where the list cannot be read, and an Error where it would never end.
 */
export async function* pages<Data, Variables extends { readonly after?: string | null | undefined }, Node>(
  hub: Hub,
  document: TypedDocument<Data, Variables>,
  { variables, list, ...options }: Reading<Data, Variables, Node>,
): AsyncGenerator<Page<Data, Node>> {
  const seen = new Set<string>();
  for (let after = variables.after ?? null; ; ) {
    const answer = await hub.ask(document, { ...variables, after }, options);
    const found = list(answer.data);
    if (found === null || found === undefined || found.pageInfo === null || found.pageInfo === undefined)
      throw new HubError(answer.failures, { status: 200, requestId: answer.requestId });
    yield { nodes: (found.nodes ?? []).filter((node) => node !== null), answer };
    const next = nextOf(found.pageInfo, answer);
    if (next === null) return;
    if (seen.has(next)) throw new Error(`${document.name}: the same page came twice; does the document pass $after on?`);
    seen.add(next);
    after = next;
  }
}

/** Null: this page was the last. Throws where it is not known how the list goes on: half of it is not to pass for all. */
function nextOf(
  { hasNextPage, endCursor }: NonNullable<Connection<unknown>["pageInfo"]>,
  { failures, requestId }: Answer<unknown>,
): string | null {
  if (hasNextPage === false) return null;
  if (!hasNextPage || typeof endCursor !== "string") throw new HubError(failures, { status: 200, requestId });
  return endCursor;
}
