import { single } from "../../receive/negotiate.ts";
import type { Incoming } from "../../types/chain.ts";
import type { RestDocument } from "./document.ts";
import { asGraphql } from "./told.ts";

/**
 * A request for a document as the question it is: by GET what GET may ask, by POST the rest. A registered document is named by its id, so that its
 * agreement must still trust it; one that is shipped is the hub's own.
 */
export function questionOf(asked: Incoming, document: RestDocument, variables: Readonly<Record<string, unknown>>): Incoming {
  const { isCurated, text, id, operationName } = document;
  const named = isCurated ? { query: text } : { documentId: id };
  const { headers, ...request } = { ...asGraphql(asked), ...(isCurated && { isErrand: true as const }) };
  if (asked.method !== "GET") {
    const body = JSON.stringify({ ...named, operationName, variables });
    return { ...request, url: "/graphql", headers: { ...headers, "content-type": "application/json" }, body };
  }
  const search = new URLSearchParams({ ...named, operationName, variables: JSON.stringify(variables) });
  return { ...request, headers, url: `/graphql?${search}`, body: null };
}

/** A body that is none needs no type. */
export const isJson = ({ headers, body }: Incoming): boolean =>
  !body || /^application\/json(?:\s*;|$)/i.test(single(headers["content-type"]) ?? "");
