import type {
  DocumentNode,
  FieldNode,
  FragmentDefinitionNode,
  GraphQLSchema,
  OperationDefinitionNode,
  SelectionNode,
} from "graphql";
import type { Caller, RowScope } from "../schema/caller.ts";
import type { Failure, Language, Text } from "../schema/errors.ts";
import type { Catalogue } from "../schema/sdl/catalogue.ts";
import type { CoordinateList } from "../schema/sdl/coordinates.ts";
import type { Planner } from "./plan/planner.ts";

/** A request on the wire: nothing of it is read yet. */
export interface Incoming {
  readonly requestId: string;
  /** Made here: unlike `requestId`, which the client may choose, no two requests have the same. */
  readonly receiptId: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string | null;
  readonly address: string;
  readonly deadline: number;
  readonly signal: AbortSignal;
}

/** An answer as a value: any stage may end a request with one. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A request as HTTP brought it: shape checked, nothing believed. */
export interface Asked extends Pick<Incoming, "requestId" | "receiptId"> {
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

/** The credential is good and belongs to this client. Whether the client may ask is not decided yet. */
export interface Identified extends Asked {
  readonly client: string;
  readonly agency: string;
}

/** Everybody's policy as of one epoch, in one consistent reading. Immutable: a reload makes a new one. */
export interface Policy {
  readonly epoch: number;
  readonly clients: ReadonlyMap<string, PolicyClient>;
  /** Agreements by the agency that consumes. */
  readonly agreementsOf: ReadonlyMap<string, readonly Agreement[]>;
}

export interface PolicyClient {
  readonly agency: string;
  readonly isActive: boolean;
}

export interface Agreement {
  readonly number: string;
  readonly purpose: string;
  readonly needsCase: boolean;
  /** May a request come from this address? */
  admits(address: string): boolean;
  readonly versions: readonly AgreementVersion[];
}

/** In force while `state` is active and the clock stands in [validFrom, validTo), both in ms of the Unix epoch. */
export interface AgreementVersion {
  readonly version: number;
  readonly state: "draft" | "in_review" | "approved" | "active" | "suspended" | "revoked" | "expired" | "superseded";
  readonly validFrom: number;
  readonly validTo: number;
  /** What the version opens; null: it is not active, or could not be compiled and is closed. */
  readonly terms: Terms | null;
}

export interface Terms {
  readonly rows: RowScope;
  readonly decisions: Decisions;
  /** Refuse a question of which any part is denied. */
  readonly rejectsDenied: boolean;
}

export type Verdict =
  | { readonly effect: "allow"; readonly values?: readonly (string | number)[] } // values: the only ones an argument may take
  | { readonly effect: "transform"; readonly kind: string }
  | {
      readonly effect: "deny";
      readonly code: DenialCode;
      readonly reason?: Text;
      readonly clause?: string;
      readonly owner?: string;
      readonly instead?: readonly string[];
    };
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
      /** Whom the question looked up, found or not: `nik:3510…` by Person.nik, the bare id by an id. For the record's tags only. */
      readonly lookups: readonly string[];
      readonly fetches: readonly FetchFact[];
    };

/** What leaves the hub, and what the record must know of it. */
export type Answer = Omit<Extract<Outcome, { readonly kind: "answered" }>, "kind">;

/** Proof that an answer is on record: its receipt id, and the leaf hash of its entry in hex. */
export interface Receipt {
  readonly id: string;
  readonly leaf: string;
}

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
  readonly rejectsDenied: boolean;
}

/**
 * Ceilings of one question; Infinity switches a rule off. `cost` is response keys (fragments expanded) times the list sizes above them;
 * `repeats` are the pairs of selections of one response key, each of which validation compares.
 */
export type Limits = Readonly<
  Record<"tokens" | "depth" | "aliases" | "directives" | "rootFields" | "responseKeys" | "repeats" | "cost", number>
>;

/** Bounded, least recently used first out; `bytes` is the text an entry stands for. MUST NOT hold anything of one caller. */
export type Cache<Value> = { get(key: string): Value | undefined; set(key: string, value: Value, bytes: number): void };

export interface Source {
  readonly service: string;
  readonly url: string;
  readonly coordinates: CoordinateList;
  /** Key fields by type, one list a key: `{ Person: [["id"]] }`. */
  readonly keys: ReadonlyMap<string, readonly (readonly string[])[]>;
}

/** What is read once from the supergraph SDL and shared by all questions. */
export interface Supergraph extends Catalogue {
  /** SHA-256 of the SDL, hex. */
  readonly hash: string;
  /** Everything, join machinery and @inaccessible included. */
  readonly full: GraphQLSchema;
  readonly api: GraphQLSchema;
  readonly limits: Limits;
  readonly planner: Planner;
  readonly sources: ReadonlyMap<string, Source>;
  /** Types of released aggregates: nothing below them is a subject's row. */
  readonly statisticsTypes: ReadonlySet<string>;
  readonly hasLookups: boolean;
  /** Coordinates a field needs by @requires, transitively. */
  readonly requires: ReadonlyMap<string, readonly string[]>;
  /** Start of the aliases we send downstream; no field name begins with it. */
  readonly aliasPrefix: string;
  /** The API schema without these coordinates. */
  viewOf(hidden: ReadonlySet<string>): GraphQLSchema;
  readonly readings: Cache<Reading>;
  readonly judgements: Cache<Judgement>;
  readonly plans: Cache<Plan>;
  readonly introspections: Introspection["known"];
}

/** The part of a document about the schema itself, and what was answered before; `key` names view and document. */
export interface Introspection {
  readonly document: DocumentNode;
  readonly key: string;
  readonly known: Cache<Readonly<Record<string, unknown>>>;
}

/** A document that parsed, fits the caller's view and is within the limits, without locations. Shared by all with that view. */
export interface Reading {
  readonly view: GraphQLSchema;
  readonly operation: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** Own @skip and @include of each selection that has any; null: a literal says that it never shows. */
  readonly conditions: ReadonlyMap<SelectionNode, readonly { readonly variable: string; readonly shownWhen: boolean }[] | null>;
  readonly introspection: Introspection | null;
  readonly variablePlaces: ReadonlyMap<string, { readonly line: number; readonly column: number }>;
}

/** A field as one object type carries it, in one place of a document. */
export interface Occurrence {
  readonly type: string;
  readonly node: FieldNode;
}

/** A reading under one policy class, with a rewrite for each combination of what variables decide. Shared by callers of that class. */
export interface Judgement {
  readonly reading: Reading;
  /** Variables of @skip and @include. */
  readonly deciding: readonly string[];
  readonly rewrites: Map<string, Rewrite>;
}

/** What is left of a reading once everything denied or left out is gone, and what became of the rest. */
export interface Rewrite {
  /** Documents to plan, free of client aliases and conditions: one for a query, one a root field for a mutation; none to fetch nothing. */
  readonly documents: readonly string[];
  /** The key in the fetched tree of each client alias; other keys are the same on both sides. */
  readonly aliases: ReadonlyMap<string, string>;
  /** Selections that @skip and @include leave out. */
  readonly excluded: ReadonlySet<SelectionNode>;
  /** Output coordinates asked for and open. */
  readonly asked: ReadonlySet<string>;
  /** One a coordinate, and the same coordinates sorted. */
  readonly denials: readonly Failure[];
  readonly denied: readonly string[];
  readonly transformed: readonly string[];
  /** Object types on which a field is closed; on which it is open only through a transform, with its kind. */
  readonly closed: ReadonlyMap<FieldNode, ReadonlySet<string>>;
  readonly masked: ReadonlyMap<FieldNode, ReadonlyMap<string, string>>;
  /** Fields whose arguments hang on variables: judged again for each request. */
  readonly variable: readonly Occurrence[];
  /** Open fields with arguments by which somebody may be looked up. */
  readonly looking: readonly Occurrence[];
  readonly subjectTypes: ReadonlySet<string>;
  readonly statisticsTypes: ReadonlySet<string>;
}

export interface Permitted extends Question {
  readonly [permitted]: true;
  readonly reading: Reading;
  readonly rewrite: Rewrite;
  /** Variables, coerced, defaults applied. */
  readonly coerced: Readonly<Record<string, unknown>>;
  readonly denials: readonly Failure[];
  readonly lookups: readonly string[];
}

/** Step of a path through the fetched tree: a field, each item of a list, or only objects of these types. */
export type PathPart = { readonly field: string } | { readonly items: true } | { readonly types: ReadonlySet<string> };

/** What a representation takes from an entity: one value with what is below it, or more of the same object if it is of these types. */
export type Need =
  | { readonly name: string; readonly key: string; readonly below: readonly Need[] | null }
  | { readonly types: ReadonlySet<string>; readonly needs: readonly Need[] };

/** Change to a representation before it is sent or to an answer before it is merged: set a constant or rename a key. */
export interface Patch {
  readonly path: readonly ({ readonly key: string } | { readonly types: ReadonlySet<string> })[];
  readonly change: { readonly set: string } | { readonly rename: string };
}

export interface Fetch {
  readonly source: Source;
  /** `{"query":"…"`: the body up to its variables. */
  readonly prefix: string;
  readonly variables: readonly string[];
  readonly idempotent: boolean;
  /** The same object for the same coordinates. */
  coordinates(coerced: Readonly<Record<string, unknown>>): FetchCoordinates;
}

/** One `_entities` field of a fetch. */
export interface EntityGroup {
  readonly alias: string;
  readonly variable: string;
  readonly paths: readonly (readonly PathPart[])[];
  readonly needs: readonly Need[];
  readonly before: readonly Patch[];
  readonly after: readonly Patch[];
}

export type Step =
  | { readonly kind: "sequence" | "parallel"; readonly steps: readonly Step[] }
  | { readonly kind: "root"; readonly fetch: Fetch; readonly keys: readonly string[]; readonly after: readonly Patch[] }
  | { readonly kind: "entities"; readonly fetch: Fetch; readonly groups: readonly EntityGroup[] };

/** One step a document of the rewrite, to be run in order, and which service fetches a coordinate. Holds nothing of one caller. */
export interface Plan {
  readonly steps: readonly (Step | null)[];
  readonly services: ReadonlyMap<string, string>;
}

export interface Planned extends Permitted {
  readonly [planned]: true;
  readonly plan: Plan;
}

/** A failure and the places of the answer it explains, as paths in client keys; without list indexes they stand for `everyItem`. */
export interface Fault {
  readonly failure: Failure;
  readonly covers: readonly (readonly (string | number)[])[];
  readonly everyItem: boolean;
}

export interface Answered extends Planned {
  readonly [answered]: true;
  /** The fetched tree, keyed as fetched; unmasked. Only mask/ may read it. */
  readonly tree: Readonly<Record<string, unknown>>;
  readonly introspected: Readonly<Record<string, unknown>>;
  readonly faults: readonly Fault[];
  readonly fetches: readonly FetchFact[];
}

/** All that may leave. */
export interface Shown extends Answer {
  readonly [shown]: true;
}

declare const permitted: unique symbol;
declare const planned: unique symbol;
declare const answered: unique symbol;
declare const shown: unique symbol;
