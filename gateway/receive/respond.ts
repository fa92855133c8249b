import { type GraphQLSchema, printSchema } from "graphql";
import type { Caller } from "../../schema/caller.ts";
import { type Code, errorEntry, type Failure, isDailyLimit, Refusal } from "../../schema/errors.ts";
import { secondsToMidnightInWib } from "../../schema/values/wib.ts";
import type { AnswerReceipt, Asked, Disclosure, Estimate, HttpAnswer, Incoming, Known, Planned } from "../types/chain.ts";
import { languageOf, mediaTypeOf, single } from "./negotiate.ts";

/** How this reader wants to be answered. */
type Manners = Pick<Asked, "requestId" | "language" | "mediaType">;

/**
 * An answer with data. With a receipt it says under which agreement, what was denied and masked, and where it is on record; null: it is not, it
 * may leave without.
 */
export function respond(
  to: Asked & Partial<Pick<Known, "caller" | "stamps"> & Pick<Planned, "estimate">>,
  answer: Disclosure,
  receipt?: AnswerReceipt | null,
): HttpAnswer {
  const extensions =
    to.caller && receipt !== undefined
      ? {
          governance: { ...governanceOf(to.caller, answer, receipt), ...to.stamps },
          cost: to.estimate && costOf(to.estimate, answer),
        }
      : undefined;
  if (nothingArrived(answer)) return failed([{ code: "GATEWAY_TIMEOUT" }, ...answer.errors], { to, status: 504, extensions });
  if (isRefusedBySources(answer)) return failed(answer.errors, { to, status: new Refusal(answer.errors).status, extensions });
  const errors = answer.errors.map((failure) => errorEntry(failure, to.language, to.requestId));
  const body = JSON.stringify({ errors: errors.length > 0 ? errors : undefined, data: answer.data, extensions });
  return { status: 200, headers: headersFor(to), body };
}

/** A schema as text. */
export const sdlAnswer = (to: Manners, schema: GraphQLSchema): HttpAnswer => ({
  status: 200,
  headers: { ...headersFor(to), "content-type": "application/graphql; charset=utf-8" },
  body: `${sdlOf(schema)}\n`,
});

/** How a question would be fetched, with what of it is denied or masked and what it may come to. */
export function outlineAnswer(
  to: Manners & Pick<Known, "caller"> & Pick<Planned, "rewrite" | "estimate">,
  outline: object,
): HttpAnswer {
  const { agreement, version } = to.caller;
  const { cost: estimated, limit } = to.estimate;
  const { denied, transformed: masked } = to.rewrite;
  const cost = { estimated, limit: Number.isFinite(limit) ? limit : null };
  return {
    status: 200,
    headers: { ...headersFor(to), "content-type": "application/json; charset=utf-8" },
    body: JSON.stringify({ agreement, version, denied, masked, cost, ...outline }),
  };
}

/** Printed once a view: 300 kB take tens of milliseconds. */
const printed = new WeakMap<GraphQLSchema, string>();
function sdlOf(schema: GraphQLSchema): string {
  const text = printed.get(schema) ?? printSchema(schema);
  printed.set(schema, text);
  return text;
}

/** The answer to a request that is refused as a whole. What is not a Refusal is our fault: the client learns no more than that. */
export function refuse(error: unknown, request: Incoming): HttpAnswer {
  const refusal = error instanceof Refusal ? error : new Refusal({ code: "INTERNAL_SERVER_ERROR" });
  const to = mannersOf(request);
  const code = refusal.failures[0]?.code ?? "INTERNAL_SERVER_ERROR";
  const status = to.mediaType === "application/json" && REQUEST_ERRORS.has(code) ? 200 : refusal.status;
  return failed(refusal.failures, { to, status, headers: { ...HEADERS_OF[code], ...refusal.headers } });
}

/** GraphQL over HTTP: of these the status tells only where the media type is GraphQL's own; in plain JSON they are 200. */
const REQUEST_ERRORS: ReadonlySet<Code> = new Set([
  "GRAPHQL_PARSE_FAILED",
  "GRAPHQL_VALIDATION_FAILED",
  "OPERATION_RESOLUTION_FAILURE",
  "BAD_USER_INPUT",
]);

const SOON = { "retry-after": "1" };
const HEADERS_OF: Partial<Record<Code, Readonly<Record<string, string>>>> = {
  METHOD_NOT_ALLOWED: { allow: "POST" }, // a mutation by GET; other methods say so themselves
  OVERLOADED: SOON,
  AUDIT_UNAVAILABLE: SOON,
  POLICY_UNAVAILABLE: SOON,
};

const nothingArrived = ({ fetches }: Disclosure): boolean =>
  fetches.length > 0 && fetches.every(({ outcome }) => outcome === "SUBGRAPH_TIMEOUT");

/** What sources refuse for the asker's own doing: an argument, asking too often, or what cannot be done as things stand. */
const BY_SOURCES: ReadonlySet<Code> = new Set(["BAD_USER_INPUT", "QUOTA_EXCEEDED", "CONFLICT", "FORBIDDEN"]);

/** Nothing but one such refusal: as good as one of the whole question, so without `data` and with its status (GraphQL over HTTP). */
const isRefusedBySources = ({ data, errors: [first, ...more] }: Disclosure): boolean =>
  first !== undefined &&
  BY_SOURCES.has(first.code) &&
  more.every(({ code }) => code === first.code) &&
  Object.values(data ?? {}).every((value) => value === null);

const governanceOf = (
  { agreement, version }: Caller,
  { denied, transformed, inSomeRows, restrictedRows }: Disclosure,
  receipt: AnswerReceipt | null,
) => ({
  agreement,
  version,
  denied,
  masked: transformed,
  maskedInSomeRows: inSomeRows,
  restrictedRows,
  receipt,
  unrecorded: receipt === null ? true : undefined,
});

/** What was to be feared and what it came to; `persons` are those a quota counts, found or not. */
const costOf = ({ cost, subjects, limit }: Estimate, { keys = 0, counted, persons }: Disclosure) => ({
  estimated: cost,
  actual: keys,
  limit: Number.isFinite(limit) ? limit : null,
  subjects,
  persons: counted ?? persons.length,
});

interface FailedOptions {
  readonly to: Manners;
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly extensions?: unknown;
}

function failed(failures: readonly Failure[], { to, status, headers, extensions }: FailedOptions): HttpAnswer {
  const errors = failures.map((failure) => errorEntry(failure, to.language, to.requestId));
  return {
    status,
    headers: { ...headersFor(to), ...(status === 429 && tomorrow(failures)), ...headers },
    body: JSON.stringify({ errors, ...(extensions ? { extensions } : {}) }),
  };
}

/** What is used up for today comes again at midnight. */
const tomorrow = ([failure]: readonly Failure[]) =>
  isDailyLimit(failure?.limit?.name) && { "retry-after": String(secondsToMidnightInWib(new Date())) };

const headersFor = ({ requestId, language, mediaType }: Manners): Record<string, string> => ({
  "content-type": `${mediaType}; charset=utf-8`,
  "content-language": language,
  "cache-control": "no-store",
  "x-request-id": requestId,
});

const mannersOf = ({ requestId, headers }: Incoming): Manners => ({
  requestId,
  language: languageOf(single(headers["accept-language"])),
  mediaType: mediaTypeOf(single(headers["accept"])) ?? "application/json",
});
