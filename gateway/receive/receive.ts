import { parseRequestParams, type RequestParams } from "graphql-http";
import { Refusal } from "../../schema/errors.ts";
import type { Answered, Asked, Identified, Incoming, Known } from "../types/chain.ts";
import { documentIdIn, documentIdOf, standingIn, withStandIn } from "./documentId.ts";
import { languageOf, mediaTypeOf, single } from "./negotiate.ts";
import { refuseUnstorable } from "./unstorable.ts";

/**
 * Reads a GraphQL request out of HTTP. Looks at shapes only: the document is not parsed and no header is believed.
 * Throws a Refusal for what is not GraphQL over HTTP.
 */
export async function receive(request: Incoming): Promise<Asked> {
  const { requestId, receiptId, address, deadline, signal, headers } = request;
  const mediaType = mediaTypeOf(single(headers["accept"]));
  const { query, documentId, operationName, variables } = await parametersOf(request);
  refuseUnstorable(query, variables ?? {});
  if (mediaType === null) throw new Refusal({ code: "NOT_ACCEPTABLE" });
  return {
    ...BLANK,
    requestId,
    receiptId,
    language: languageOf(single(headers["accept-language"])),
    mediaType,
    method: request.method === "GET" ? "GET" : "POST",
    document: query,
    documentId,
    operationName: operationName || null,
    variables: variables ?? {},
    bodyBytes: bytesIn(request),
    authorization: single(headers["authorization"]) ?? null,
    agreementNumber: single(headers["hub-agreement"]) ?? null,
    caseNumber: single(headers["hub-case"]) ?? null,
    tryAs: single(headers["hub-try-as"]) ?? null,
    address,
    deadline,
    signal,
    ...(request.trail && { trail: request.trail }),
    tally: request.tally,
    ...(request.isErrand && { isErrand: true }),
    ...(request.isPaced && { isPaced: true }),
  };
}

/** What came in: of GET what stands for a body. */
export const bytesIn = ({ method, url, body, bodyBytes }: Incoming): number =>
  bodyBytes ?? Buffer.byteLength(method === "GET" ? url.split("?").slice(1).join("?") : (body ?? ""));

interface Parameters extends Pick<RequestParams, "query" | "operationName" | "variables"> {
  readonly documentId: string | null;
}

async function parametersOf({ method, url, headers, body }: Incoming): Promise<Parameters> {
  const encoding = single(headers["content-encoding"]) ?? "identity";
  if (encoding !== "identity") throw new Refusal({ code: "UNSUPPORTED_MEDIA_TYPE" });
  let parsed: unknown;
  let documentId = documentIdIn(url);
  let fault: unknown; // the library tells every fault of a body's reader as unreadable JSON
  const parse = () => {
    parsed = JSON.parse(body ?? "");
    try {
      documentId = documentIdOf(parsed) ?? documentId;
    } catch (error) {
      fault = error;
    }
    return standingIn(parsed, documentId);
  };
  const request = {
    method,
    url: oneQuestionMark(method === "GET" && documentId !== null ? withStandIn(url) : url),
    headers: plain(headers) as Record<string, string>,
    body: body ? parse : null,
    raw: null,
    context: null,
  };
  const result = await parseRequestParams(request).catch((error: unknown) => refuse(fault ?? error, parsed));
  if (fault) throw fault;
  if (Array.isArray(result)) throw wrongRequest(result[1].status);
  const read = result as RequestParams;
  return { ...read, query: documentId === null ? read.query : "", documentId };
}

const CHARSET = /;\s*charset\s*=\s*"?([^";\s]+)/i;
/** JSON in UTF-8, however its content type is written (RFC 9110 §8.3.1), in the words the library knows. Others are as they are: it refuses them. */
function plain(headers: Incoming["headers"]): Incoming["headers"] {
  const type = single(headers["content-type"]) ?? "";
  const isPlain = /^application\/json\s*(?:;|$)/i.test(type) && /^utf-?8$/i.test(CHARSET.exec(type)?.[1] ?? "utf-8");
  return !isPlain || type === "application/json" ? headers : { ...headers, "content-type": "application/json" };
}

function refuse(error: unknown, parsed: unknown): never {
  if (error instanceof Refusal) throw error;
  if (Array.isArray(parsed)) throw new Refusal({ code: "BAD_REQUEST", detail: "one operation a request, no arrays" });
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

/**
 * A question as it is when no stage has added anything: with every key that one will. To set a key that is there costs next to nothing; each that is added
 * to a copy gives the copy another form, and some forty make it a slow object, for every stage after it too (docs/performance.md). No stage
 * reads what a later one sets: the types keep that.
 */
const BLANK: object = {
  requestId: undefined,
  receiptId: undefined,
  language: undefined,
  mediaType: undefined,
  method: undefined,
  document: undefined,
  documentId: undefined,
  operationName: undefined,
  variables: undefined,
  bodyBytes: undefined,
  authorization: undefined,
  agreementNumber: undefined,
  caseNumber: undefined,
  tryAs: undefined,
  address: undefined,
  deadline: undefined,
  signal: undefined,
  trail: undefined,
  tally: undefined,
  isErrand: undefined,
  isPaced: undefined,
  client: undefined,
  agency: undefined,
  officer: undefined,
  citizen: undefined,
  caller: undefined,
  context: undefined,
  decisions: undefined,
  restricted: undefined,
  rejectsDenied: undefined,
  documents: undefined,
  documentsOf: undefined,
  stamps: undefined,
  ceilings: undefined,
  reading: undefined,
  coerced: undefined,
  rewrite: undefined,
  denials: undefined,
  lookups: undefined,
  plan: undefined,
  estimate: undefined,
  tree: undefined,
  introspected: undefined,
  faults: undefined,
  fetches: undefined,
} satisfies Readonly<Record<Exclude<keyof Identified | keyof Known | keyof Answered, symbol>, undefined>>;
