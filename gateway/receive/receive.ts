import { parseRequestParams, type RequestParams } from "graphql-http";
import { Refusal } from "../../schema/errors.ts";
import type { Asked, Incoming } from "../types/chain.ts";
import { languageOf, mediaTypeOf, single } from "./negotiate.ts";
import { refuseUnstorable } from "./unstorable.ts";

/**
 * Reads a GraphQL request out of HTTP. Looks at shapes only: the document is not parsed and no header is believed.
 * Throws a Refusal for what is not GraphQL over HTTP.
 */
export async function receive(request: Incoming): Promise<Asked> {
  const { requestId, receiptId, address, deadline, signal, headers } = request;
  const mediaType = mediaTypeOf(single(headers["accept"]));
  const { query, operationName, variables } = await parametersOf(request);
  refuseUnstorable(query, variables ?? {});
  if (mediaType === null) throw new Refusal({ code: "NOT_ACCEPTABLE" });
  return {
    requestId,
    receiptId,
    language: languageOf(single(headers["accept-language"])),
    mediaType,
    method: request.method === "GET" ? "GET" : "POST",
    document: query,
    operationName: operationName || null,
    variables: variables ?? {},
    authorization: single(headers["authorization"]) ?? null,
    agreementNumber: single(headers["hub-agreement"]) ?? null,
    caseNumber: single(headers["hub-case"]) ?? null,
    address,
    deadline,
    signal,
  };
}

async function parametersOf({ method, url, headers, body }: Incoming): Promise<RequestParams> {
  const encoding = single(headers["content-encoding"]) ?? "identity";
  if (encoding !== "identity") throw new Refusal({ code: "UNSUPPORTED_MEDIA_TYPE" });
  let parsed: unknown;
  const parse = () => {
    parsed = JSON.parse(body ?? "");
    return parsed as Record<string, unknown>;
  };
  const request = {
    method,
    url: oneQuestionMark(url),
    headers: headers as Record<string, string>,
    body: body ? parse : null,
    raw: null,
    context: null,
  };
  const result = await parseRequestParams(request).catch((error: unknown) => refuse(error, { url, parsed }));
  if (Array.isArray(result)) throw wrongRequest(result[1].status);
  return result as RequestParams;
}

function refuse(error: unknown, { url, parsed }: { url: string; parsed: unknown }): never {
  if (Array.isArray(parsed)) throw new Refusal({ code: "BAD_REQUEST", detail: "one operation a request, no arrays" });
  if (asksForTrustedDocument(url, parsed)) throw new Refusal({ code: "PERSISTED_QUERY_NOT_SUPPORTED" });
  // the library's messages are constants ("Missing query", "Invalid variables"): nothing of the client's is in them
  throw new Refusal({ code: "BAD_REQUEST", detail: error instanceof Error ? error.message : "" });
}

function wrongRequest(status: number): Refusal {
  if (status === 405) return new Refusal({ code: "METHOD_NOT_ALLOWED" }, { headers: { allow: "GET, POST" } });
  return new Refusal({ code: "UNSUPPORTED_MEDIA_TYPE" });
}

/** The library cuts a URL at its second "?", which is legal inside a query string. */
const oneQuestionMark = (url: string): string => {
  const [path = "", ...search] = url.split("?");
  return `${path}?${search.join("%3F")}`;
};

function asksForTrustedDocument(url: string, body: unknown): boolean {
  const search = new URLSearchParams(url.split("?")[1] ?? "");
  if (search.has("documentId") || search.get("extensions")?.includes("persistedQuery")) return true;
  if (typeof body !== "object" || body === null) return false;
  const { documentId, extensions } = body as { documentId?: unknown; extensions?: unknown };
  return documentId !== undefined || (typeof extensions === "object" && extensions !== null && "persistedQuery" in extensions);
}
