import type { Caller } from "../schema/caller.ts";
import type { Failure, Language, Text } from "../schema/errors.ts";

// ---- what came in ---------------------------------------------------------------------------------------------------

/** A request as HTTP brought it: shape checked, nothing believed. */
export interface Asked {
  readonly requestId: string;
  readonly language: Language;
  /** Media type of the answer; it decides the status of request errors (GraphQL over HTTP). */
  readonly mediaType: "application/graphql-response+json" | "application/json";
  readonly method: "GET" | "POST";
  readonly document: string;
  readonly operationName: string | null;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly authorization: string | null;
  /** Header Hub-Agreement: selects among what the credential holds. */
  readonly agreementNumber: string | null;
  /** Header Hub-Case. */
  readonly caseNumber: string | null;
  readonly address: string;
  /** Milliseconds on performance.now()'s clock: nothing may be waited for after it. */
  readonly deadline: number;
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal;
}

// ---- decisions ------------------------------------------------------------------------------------------------------

export type Verdict =
  | { readonly effect: "allow"; readonly values?: readonly (string | number)[] } // values: the only ones an argument may take
  | { readonly effect: "transform"; readonly kind: string }
  | { readonly effect: "deny"; readonly code: DenialCode; readonly reason?: Text; readonly clause?: string; readonly owner?: string; readonly instead?: readonly string[] };
export type DenialCode = "FIELD_NOT_GRANTED" | "FIELD_PROHIBITED" | "USE_NOT_GRANTED";

/** The policy of one caller, as the runtime sees it. Equal key ⇒ equal hidden set and equal verdicts. */
export interface Decisions {
  readonly key: string;
  /** Coordinates this caller's view of the schema does not contain. */
  readonly hidden: ReadonlySet<string>;
  /** "Person.nik" "Query.people(nik:)" "PersonWhere.name" "PersonOrder.DECILE": object, input and enum coordinates, never interface ones. */
  verdict(coordinate: string): Verdict;
  /** Holds the caller's secrets: called per request, never captured in anything cached. Null stays null and never gets here. */
  transform(kind: string, value: unknown, coordinate: string): unknown;
}

// ---- sources --------------------------------------------------------------------------------------------------------

/** Coordinates one fetch touches, by verb. Sorted, without duplicates. */
export interface FetchCoordinates {
  readonly output: readonly string[];
  /** Fetched for the plan (keys, subjects), never shown. */
  readonly internal: readonly string[];
  /** Arguments, input fields and enum values used. */
  readonly arguments: readonly string[];
}

export type SourceFailure = "SUBGRAPH_TIMEOUT" | "SUBGRAPH_UNAVAILABLE" | "SUBGRAPH_INVALID_RESPONSE";

export interface SourceCall {
  readonly service: string;
  readonly url: string;
  readonly body: string;
  /** False for mutations: never repeated, never aborted when the client leaves. */
  readonly idempotent: boolean;
  readonly coordinates: FetchCoordinates;
  readonly deadline: number;
  readonly context: unknown;
  readonly signal: AbortSignal;
}
export type SourceAnswer =
  | { readonly data?: unknown; readonly errors?: readonly unknown[] }
  | { readonly failed: SourceFailure; readonly detail: string };

/** The way to the sources. `send` never rejects: a failure is a value. */
export interface Transport {
  send(call: SourceCall): Promise<SourceAnswer>;
  close(): Promise<void>;
}

/** What one fetch was and how it ended, for record, metrics and explain. */
export interface FetchFact {
  readonly service: string;
  readonly coordinates: FetchCoordinates;
  readonly outcome: "ok" | "errors" | SourceFailure;
  readonly ms: number;
}

export type Outcome =
  | { readonly kind: "refused"; readonly errors: readonly Failure[] }
  | {
      readonly kind: "answered";
      readonly data: object | null;
      readonly errors: readonly Failure[];
      /** Coordinates asked for and denied; asked for and masked. Sorted, without duplicates. */
      readonly denied: readonly string[];
      readonly transformed: readonly string[];
      /** Coordinates whose values stand in the answer. */
      readonly shown: readonly string[];
      /** Opaque ids of every subject (types marked @subject) whose row stands in the answer. */
      readonly subjects: readonly string[];
      readonly fetches: readonly FetchFact[];
    };

/** What the stages authorize → plan → execute → mask need of a question. `Known` is one. */
export interface Question {
  readonly document: string;
  readonly operationName?: string | null;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly decisions: Decisions;
  readonly deadline: number;
  /** Handed to the transport untouched. */
  readonly context?: unknown;
  readonly signal?: AbortSignal;
  /** GET: a mutation is refused with METHOD_NOT_ALLOWED. */
  readonly method?: "GET" | "POST";
}

export interface Known extends Asked, Omit<Question, "operationName" | "variables" | "signal" | "method"> {
  readonly caller: Caller;
  readonly context: Caller;
}
