import type { Errand, HttpAnswer, Incoming, StreamedAnswer } from "./chain.ts";

/** A request at an address of another standard than GraphQL; its body is text, not yet read. */
export interface BorderRequest {
  readonly asked: Incoming;
  /** Parts of the path, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
}

/** Asks the hub in the name of who asks: the same credentials, decisions, masks, quota and record as a question of their own. Never rejects. */
export type AskHub = (asked: Incoming, errand: Errand) => Promise<HttpAnswer>;

/** An operation as OpenAPI 3.1 has it; schemas by `$ref` to `#/components/schemas/…` of the route's own `schemas`. */
export interface DescribedOperation {
  /** Unique over all routes; lower camel case. */
  readonly operationId: string;
  readonly tags: readonly string[];
  /** Indonesian first, English after a slash. */
  readonly summary: string;
  readonly description?: string;
  readonly parameters?: readonly object[];
  readonly requestBody?: object;
  /** By status; the errors every address has (400, 401, 403, 429, 503 …) are added to these. */
  readonly responses: Readonly<Record<string, object>>;
  /** No credential is asked for. */
  readonly isPublic?: true;
}

/** Does a piece of work in a place of its own among the hub's questions; rejects with OVERLOADED where there is none. */
export type InRoom = <A>(work: () => Promise<A>) => Promise<A>;

/** One address beside GraphQL. */
export interface BorderRoute {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** As OpenAPI writes it: `/rest/{name}`. */
  readonly path: string;
  readonly describes: DescribedOperation;
  /** What `describes` refers to, by name. */
  readonly schemas?: Readonly<Record<string, object>>;
  /** MUST NOT reject. */
  readonly answer: (request: BorderRequest) => Promise<HttpAnswer>;
  /** Answers in its place whoever takes `application/x-ndjson`, row by row, each question of it in a place of its own; MUST NOT reject. */
  readonly rows?: (request: BorderRequest, inRoom: InRoom) => Promise<HttpAnswer | StreamedAnswer>;
}
