import type { GraphQLFormattedError } from "graphql";
import { type Code, errorEntry, type Failure, Refusal } from "../../schema/errors.ts";
import type { Logger } from "./serve/log.ts";

/** An input a client can mend. `detail` names the argument and what it must be; it MUST NOT repeat the value. */
export const badInput = (detail: string): Refusal => new Refusal({ code: "BAD_USER_INPUT", detail });

/** What the request itself can get wrong before a resolver runs. graphql's own texts quote values and schema, so they are not sent. */
const REQUEST_FAULTS: Readonly<Record<string, Failure>> = {
  BAD_REQUEST: { code: "BAD_REQUEST", detail: "not a GraphQL request" },
  GRAPHQL_PARSE_FAILED: { code: "GRAPHQL_PARSE_FAILED", detail: "not GraphQL" },
  GRAPHQL_VALIDATION_FAILED: { code: "GRAPHQL_VALIDATION_FAILED", detail: "not in this subgraph's schema" },
  BAD_USER_INPUT: { code: "BAD_USER_INPUT", detail: "a variable does not fit its type" },
  OPERATION_RESOLUTION_FAILURE: { code: "OPERATION_RESOLUTION_FAILURE", detail: "no such operation in the document" },
  PERSISTED_QUERY_NOT_FOUND: { code: "PERSISTED_QUERY_NOT_FOUND" },
  PERSISTED_QUERY_NOT_SUPPORTED: { code: "PERSISTED_QUERY_NOT_SUPPORTED" },
};

/** The one place where a subgraph's errors get their text: refusals as they are, an outage as an outage, all else logged and generic. */
export function errorFormatter(service: string, log: Logger) {
  return (formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError => {
    const root = rootOf(error);
    const known = root instanceof Refusal ? root.failures[0] : REQUEST_FAULTS[String(formatted.extensions?.["code"])];
    const failure = known ?? { code: outageOf(root) ?? "INTERNAL_SERVER_ERROR", service };
    if (!known)
      log.error({ err: root, path: formatted.path?.filter((step) => typeof step === "string").join(".") }, "a resolver failed");
    const { message, extensions } = errorEntry(failure, "en");
    return {
      message,
      ...(formatted.path && { path: formatted.path }),
      extensions: { code: extensions.code, coordinate: extensions.coordinate, detail: failure.detail, limit: extensions.limit },
    };
  };
}

/** The database is late, or is not there: not our bug, and for the asker not the same as "no data". */
function outageOf(error: unknown): "SUBGRAPH_TIMEOUT" | "SUBGRAPH_UNAVAILABLE" | undefined {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const { code } = (cause ?? {}) as { code?: unknown };
  if (code === "57014") return "SUBGRAPH_TIMEOUT"; // query_canceled: statement_timeout
  // SQLSTATE classes 08, 53 and 57P (connection, resources, shutdown); the driver's and the system's own names.
  return /^(08|53|57P)|^CONNECT|^E(CONN|PIPE|HOST|NET|TIMEDOUT)/.test(String(code)) ? "SUBGRAPH_UNAVAILABLE" : undefined;
}

/** What was thrown: graphql wraps it once or twice, depending on where. */
function rootOf(error: unknown): unknown {
  let root = error;
  while (hasOriginal(root)) root = root.originalError;
  return root;
}

const hasOriginal = (error: unknown): error is { originalError: Error } =>
  typeof error === "object" && error !== null && "originalError" in error && error.originalError instanceof Error;

/** An HTTP answer, before it is sent. */
export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Refusal of a whole request: one code, the code's own text, nothing about why. */
export function refusal(code: Code, failure: Refusal = new Refusal({ code })): Answer {
  const { message, extensions } = errorEntry(failure.failures[0] ?? { code }, "en");
  const headers = code === "METHOD_NOT_ALLOWED" ? { allow: "POST" } : {};
  return {
    status: failure.status,
    body: JSON.stringify({ errors: [{ message, extensions: { code: extensions.code } }] }),
    headers,
  };
}
