import { type Language, labels, Refusal } from "../../../schema/errors.ts";
import { type Told, tagged, withReceipt } from "../../receive/routes/told.ts";
import type { HttpAnswer, Incoming } from "../../types/chain.ts";
import { pageIn } from "./connection.ts";
import { isPublic, type RestDocument } from "./document.ts";

interface Telling {
  readonly asked: Incoming;
  /** Where the hub stands for its clients. */
  readonly publicUrl: string;
}

/** Nothing was found, or nothing came: all roots are null. */
export const isEmpty = ({ data }: Pick<Told, "data">): boolean =>
  data === null || Object.values(data).every((value) => value === null);

/** RFC 9457, with the code and all errors as GraphQL tells them. */
export function problem({ http, errors, receipt }: Told, publicUrl: string): HttpAnswer {
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

interface Addressed extends Telling {
  readonly document: RestDocument;
  readonly query: URLSearchParams;
}

/**
 * The data as GraphQL tells them, to the byte. Where a part is missing `errors` stands beside them and `Hub-Partial` counts it; where nothing came
 * it is a problem with the status of its first error, where nothing was found 404.
 */
export function restAnswer(reply: Told, addressed: Addressed): HttpAnswer {
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
  const answer = { status: 200, headers, body };
  if (!isPublic(addressed.document) || isPartial || addressed.asked.method !== "GET") return answer;
  // what is public may be kept by whoever asked, and asked for again: each time it is on record
  return tagged({ ...answer, headers: { ...headers, "cache-control": "private, no-cache" } }, addressed.asked);
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
