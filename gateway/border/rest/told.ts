import { hash } from "node:crypto";
import { type Code, type Language, labels, type Receipt, Refusal } from "../../../schema/errors.ts";
import { isHeld } from "../../receive/negotiate.ts";
import { refuse } from "../../receive/respond.ts";
import type { HttpAnswer, Incoming } from "../../types/chain.ts";
import { pageIn } from "./connection.ts";
import type { RestDocument } from "./document.ts";

/** An error as GraphQL tells it. */
export interface ErrorEntry {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: { readonly code: Code; readonly coordinate?: string; readonly receipt?: Receipt };
}

/** The answer of a question, read. */
export interface Reply {
  readonly http: HttpAnswer;
  readonly data: Readonly<Record<string, unknown>> | null;
  readonly errors: readonly ErrorEntry[];
  readonly receipt: string | undefined;
}

type Body = Partial<Pick<Reply, "data" | "errors">> & {
  readonly extensions?: { readonly governance?: { readonly receipt?: { readonly id: string } | null } };
};

/** A document that is hidden from who asks is forbidden: the document itself is good. */
export function replyOf(http: HttpAnswer, asked: Incoming): Reply {
  const { data = null, errors = [], extensions } = JSON.parse(http.body) as Body;
  if (errors[0]?.extensions.code === "GRAPHQL_VALIDATION_FAILED")
    return replyOf(refuse(new Refusal({ code: "FORBIDDEN" }), asGraphql(asked)), asked);
  return { http, data, errors, receipt: (extensions?.governance?.receipt ?? errors[0]?.extensions.receipt)?.id };
}

/** GraphQL's own media type: of it alone every refusal has a status of its own. */
export const asGraphql = (asked: Incoming): Incoming => ({
  ...asked,
  headers: { ...asked.headers, accept: "application/graphql-response+json" },
});

interface Telling {
  readonly asked: Incoming;
  /** Where the hub stands for its clients. */
  readonly publicUrl: string;
}

/** A refusal of the address itself: nothing was asked. */
export const refused = (failure: ConstructorParameters<typeof Refusal>[0], { asked, publicUrl }: Telling): HttpAnswer =>
  problem(replyOf(refuse(new Refusal(failure), asGraphql(asked)), asked), publicUrl);

/** Nothing was found, or nothing came: all roots are null. */
export const isEmpty = ({ data }: Pick<Reply, "data">): boolean =>
  data === null || Object.values(data).every((value) => value === null);

/** RFC 9457, with the code and all errors as GraphQL tells them. */
export function problem({ http, errors, receipt }: Reply, publicUrl: string): HttpAnswer {
  const [error] = errors;
  const code = error?.extensions.code ?? "NOT_FOUND";
  const language: Language = http.headers["content-language"] === "en" ? "en" : "id";
  const status = http.status === 200 ? new Refusal({ code }).status : http.status;
  const title = labels[language]["codes"]?.[code]?.split(/[:(]?\s*\{/)[0];
  const told = {
    type: `${publicUrl}/labels/${language}.json#/codes/${code}`,
    ...{ title: title || code, status, detail: error?.message ?? labels[language]["codes"]?.[code], code },
    ...(error?.extensions.coordinate && { coordinate: error.extensions.coordinate }),
    ...{ requestId: http.headers["x-request-id"], receipt },
    ...(errors.length > 0 && { errors }),
  };
  const headers = { ...withReceipt(http, receipt), "content-type": "application/problem+json; charset=utf-8" };
  return { status, headers, body: JSON.stringify(told) };
}

export const withReceipt = ({ headers }: HttpAnswer, receipt: string | undefined): HttpAnswer["headers"] => ({
  ...headers,
  ...(receipt !== undefined && { "hub-receipt": receipt }),
});

interface Addressed extends Telling {
  readonly document: RestDocument;
  readonly query: URLSearchParams;
}

/**
 * The data as GraphQL tells them, to the byte. Where a part is missing `errors` stands beside them and `Hub-Partial` counts it; where nothing came
 * it is a problem with the status of its first error, where nothing was found 404.
 */
export function restAnswer(reply: Reply, addressed: Addressed): HttpAnswer {
  const { http, data, errors, receipt } = reply;
  if (http.status !== 200 || isEmpty(reply)) return problem(reply, addressed.publicUrl);
  const isPartial = errors.length > 0;
  const body = JSON.stringify(isPartial ? { ...data, errors } : data);
  const next = nextOf(data, addressed);
  const headers = {
    ...withReceipt(http, receipt),
    "content-type": "application/json; charset=utf-8",
    ...(isPartial && { "hub-partial": String(errors.length) }),
    ...(next && { link: `<${next}>; rel="next"` }),
  };
  const isPublic = addressed.document.classes.every((one) => one === "PUBLIC");
  return isPublic && !isPartial && addressed.asked.method === "GET"
    ? kept({ status: 200, headers, body }, addressed.asked)
    : { status: 200, headers, body };
}

/** The address of the next page: of a question by POST none, its place stands in `pageInfo`. */
function nextOf(data: unknown, { asked, document: { name, connection }, query }: Addressed): string | null {
  if (asked.method !== "GET" || !connection) return null;
  const place = pageIn(data, connection, query.get(connection.after))?.next ?? null;
  if (place === null) return null;
  const after = new URLSearchParams(query);
  after.set(connection.after, place);
  return `/rest/${name}?${after}`;
}

/** What is public may be kept by whoever asked, and asked for again: each time it is on record. */
function kept(answer: HttpAnswer, { headers }: Incoming): HttpAnswer {
  const etag = `"${hash("sha256", answer.body, "base64url")}"`;
  const told: HttpAnswer["headers"] = { ...answer.headers, etag, "cache-control": "private, no-cache" };
  const { "content-type": _, ...bare } = told;
  return isHeld(headers["if-none-match"], etag) ? { status: 304, headers: bare, body: "" } : { ...answer, headers: told };
}
