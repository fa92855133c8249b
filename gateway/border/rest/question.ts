import { single } from "../../receive/negotiate.ts";
import { bytesIn } from "../../receive/receive.ts";
import { asGraphql } from "../../receive/routes/told.ts";
import type { Incoming, Known } from "../../types/chain.ts";
import type { RestDocument } from "./document.ts";

interface Questioning {
  readonly asked: Incoming;
  readonly asker: Pick<Known, "documents">;
  readonly document: RestDocument;
}

/**
 * A request for a document as the question it is: by GET what GET may ask, by POST the rest. A registered document is named by its id, so that its
 * agreement must still trust it; one that is shipped is the hub's own, for agreements that take any document: where one takes its own only, or is on
 * its way there, it is a text like any other.
 */
export function questionOf({ asked, asker, document }: Questioning, variables: Readonly<Record<string, unknown>>): Incoming {
  const { isCurated, text, id, operationName } = document;
  const named = isCurated ? { query: text } : { documentId: id };
  const { headers, ...request } = {
    ...asGraphql(asked),
    bodyBytes: bytesIn(asked),
    ...(isCurated && asker.documents === "open" && { isErrand: true as const }),
  };
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
