import { Refusal } from "../../schema/errors.ts";

/** A document that is never executed: it stands where the request names one by its id, so that the rest is read as ever. */
const STAND_IN = "{__typename}";
const ID = /^(?:sha256:)?([0-9a-f]{64})$/;

/** Id of a trusted document in a URL: `/graphql/<id>`, `?documentId=`, `?extensions={"persistedQuery":…}`. Null: it names none. */
export function documentIdIn(url: string): string | null {
  const [path = "", query = ""] = url.split("?", 2);
  const search = new URLSearchParams(query);
  const named = /^\/graphql\/([^/]+)$/.exec(path)?.[1] ?? search.get("documentId");
  if (named !== null && named !== undefined) return idOf(named, search.has("query"));
  const extensions = search.get("extensions");
  if (!extensions?.includes("persistedQuery")) return null;
  return hashOf(safely(extensions), search.has("query"));
}

/** The same in a body: `documentId` (GraphQL over HTTP, appendix A), or Apollo's `extensions.persistedQuery.sha256Hash`. */
export function documentIdOf(body: unknown): string | null {
  if (typeof body !== "object" || body === null || Array.isArray(body)) return null;
  const { documentId, extensions, query } = body as Record<string, unknown>;
  const isOwn = query !== undefined && query !== null;
  if (documentId !== undefined && documentId !== null) return idOf(documentId, isOwn);
  return hashOf(extensions, isOwn);
}

/** Apollo's clients send hash and document together to have it registered: that is no protection, so it is not done. */
function hashOf(extensions: unknown, isOwn: boolean): string | null {
  const { persistedQuery } = (typeof extensions === "object" && extensions !== null ? extensions : {}) as {
    persistedQuery?: unknown;
  };
  if (persistedQuery === undefined || persistedQuery === null) return null;
  const { sha256Hash } = persistedQuery as { sha256Hash?: unknown };
  if (isOwn) throw new Refusal({ code: "PERSISTED_QUERY_NOT_SUPPORTED" });
  return idOf(sha256Hash, false);
}

function idOf(given: unknown, isOwn: boolean): string {
  if (isOwn) throw new Refusal({ code: "BAD_REQUEST", detail: "a document or the id of one, not both" });
  const id = typeof given === "string" ? ID.exec(given)?.[1] : undefined;
  if (id === undefined) throw new Refusal({ code: "PERSISTED_QUERY_NOT_FOUND" });
  return id;
}

/** The body with a document in it, for a reader that needs one. */
export const standingIn = (body: unknown, documentId: string | null): Record<string, unknown> =>
  documentId === null ? (body as Record<string, unknown>) : { ...(body as object), query: STAND_IN, extensions: undefined };

export function withStandIn(url: string): string {
  const search = new URLSearchParams(url.split("?", 2)[1] ?? "");
  search.set("query", STAND_IN);
  search.delete("extensions");
  return `/graphql?${search}`;
}

function safely(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal({ code: "BAD_REQUEST", detail: "extensions are not JSON" });
  }
}
