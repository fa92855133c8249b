import type { Caller } from "../../schema/caller.ts";
import type { Failure, Language, Receipt } from "../../schema/errors.ts";
import type { QuestionLimits } from "../../schema/policy/questionLimits.ts";
import type { DocumentRule } from "../../schema/policy/words.ts";
import type { Reading, Rewrite } from "./document.ts";
import type { Plan } from "./plan.ts";
import type { Decisions } from "./policy.ts";
import type { Tally } from "./rates.ts";
import type { SourceFact } from "./sources.ts";
import type { Limits } from "./supergraph.ts";
import type { Trail } from "./trail.ts";

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
  /** Where operators follow it; undefined: nobody does. */
  readonly trail?: Trail | undefined;
  /** Where it is told what of it was counted; undefined: no answer of its own tells it. */
  readonly tally?: Tally | undefined;
  /** What came in, where the body is the hub's own text: an agreement is measured by what it sends. */
  readonly bodyBytes?: number;
  /** The document is the hub's own: it stands for an address that is no GraphQL. */
  readonly isErrand?: true;
  /** Asked at a pace of the hub's own, for somebody who was let in before: a page of a job, a batch of events. */
  readonly isPaced?: true;
}

/** An answer as a value: any stage may end a request with one. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An answer of which the body comes piece by piece; when a piece throws the connection is cut, so that nobody takes half for all. */
export interface StreamedAnswer extends Omit<HttpAnswer, "body"> {
  readonly pieces: AsyncIterable<string | Uint8Array>;
}

/** An address that is no GraphQL, as the question whose coordinates it touches: by that it is judged and put on record. */
export interface Errand {
  /** Name of its operation. */
  readonly operation: string;
  readonly document: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** A stream of a source and its head. */
export interface StreamErrand extends Errand {
  readonly stream: string;
  readonly head: Readonly<Record<string, unknown>>;
}

/** A file on its way in. */
export interface Sending extends StreamErrand {
  readonly file: AsyncIterable<Uint8Array>;
  /** Field of the mutation; the source's one line tells the rows and bytes of what it took. */
  readonly field: string;
}

/** A table on its way out; a column is open when all its coordinates are, and shown as the last of them lets it. */
export interface Fetching extends StreamErrand {
  readonly columns: readonly { readonly name: string; readonly needs: readonly string[] }[];
  /** Column with the id of a subject, and its type; column with a verdict. */
  readonly subject?: { readonly column: string; readonly type: string };
  readonly verdict?: string;
}

/** A file on its way out; the source's first line says of whose type `type` it is, what it is and how long, the others are its bytes in base64. */
export interface Delivering extends StreamErrand {
  readonly type: string;
  /** Coordinate that must be open as it is. */
  readonly needs: string;
}

/** Events of which the source tells each as an object of these fields. */
export interface Following extends StreamErrand {
  readonly type: string;
}

/** A request as HTTP brought it: shape checked, nothing believed. */
export interface Asked extends Pick<Incoming, "requestId" | "receiptId" | "isErrand" | "isPaced" | "trail" | "tally"> {
  readonly language: Language;
  /** Media type of the answer; it decides the status of request errors (GraphQL over HTTP). */
  readonly mediaType: "application/graphql-response+json" | "application/json";
  readonly method: "GET" | "POST";
  /** Empty while only its id is known. */
  readonly document: string;
  /** SHA-256 of a trusted document, hex; null: the request brings its own. */
  readonly documentId: string | null;
  readonly operationName: string | null;
  readonly variables: Readonly<Record<string, unknown>>;
  /** Of the body, or of the query string that stands for one; absent: it came by no HTTP. */
  readonly bodyBytes?: number;
  readonly authorization: string | null;
  /** Header Hub-Agreement: selects among what the credential holds. */
  readonly agreementNumber: string | null;
  /** Header Hub-Case. */
  readonly caseNumber: string | null;
  /** Header Hub-Try-As: the agreement a steward tries a question under. */
  readonly tryAs: string | null;
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
  /** The steward of that agency who acts through the client; null: none does. */
  readonly officer: string | null;
  /** The data subject who acts through the client, as the id of a person; null: none does. */
  readonly citizen: string | null;
}

/** What the stages authorize → plan → execute → mask need of a question. `Known` is one. */
export interface Question {
  readonly document: string;
  readonly operationName?: string | null;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly decisions: Decisions;
  /** Persons of whose rows nothing but the keys is shown (UU 27/2022 art. 41); absent: nobody. */
  readonly restricted?: ReadonlySet<string>;
  readonly deadline: number;
  /** Handed to the transport untouched. */
  readonly context?: unknown;
  readonly trail?: Trail | undefined;
  readonly signal?: AbortSignal;
  /** GET: a mutation is refused with METHOD_NOT_ALLOWED. */
  readonly method?: "GET" | "POST";
  /** What this question may at most, where that is less than the hub's limits. */
  readonly ceilings?: Ceilings;
}

/** Limits of one agreement: narrower ones than the hub's, and the persons it may be told about in a day. One that is wider than the hub's says nothing. */
export type Ceilings = QuestionLimits & { readonly persons?: number };

/** What a question may come to at most, before it is asked. */
export interface Estimate extends Pick<Limits, "cost" | "subjects"> {
  /** The most that `cost` may be. */
  readonly limit: number;
}

export interface Known extends Asked, Omit<Question, "operationName" | "variables" | "signal" | "method"> {
  readonly caller: Caller;
  readonly context: Caller;
  readonly rejectsDenied: boolean;
  /** Which documents the agreement takes. */
  readonly documents: DocumentRule;
  /** Agreement whose documents they are. */
  readonly documentsOf: string;
  /** What the answer is stamped with. */
  readonly stamps: Stamps;
}

export interface Stamps {
  /** Two officers broke the glass for it. */
  readonly brokenGlass?: true;
  /** The agreement a steward tried it under. */
  readonly triedAs?: string;
  /** The agreement is on its way to trusted documents only, and this is none. */
  readonly untrusted?: true;
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

export interface Planned extends Permitted {
  readonly [planned]: true;
  readonly plan: Plan;
  readonly estimate: Estimate;
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
  readonly fetches: readonly SourceFact[];
}

/** What leaves the hub, and what the record must know of it. */
export type Disclosure = Omit<Extract<Outcome, { readonly kind: "answered" }>, "kind">;

export type Outcome =
  | { readonly kind: "refused"; readonly errors: readonly Failure[] }
  | {
      readonly kind: "answered";
      readonly data: object | null;
      readonly errors: readonly Failure[];
      /** Coordinates asked for and denied; asked for and masked in any row; of those the ones plain in other rows. Sorted, without duplicates. */
      readonly denied: readonly string[];
      readonly transformed: readonly string[];
      readonly inSomeRows: readonly string[];
      /** Coordinates whose values stand in the answer. */
      readonly shown: readonly string[];
      /** Every subject (types marked @subject) whose row stands in the answer; distinct by id. */
      readonly subjects: readonly Subject[];
      /** Of those whom a quota of persons counts: each person, and a row of another type that no person stands in or around. */
      readonly persons: readonly string[];
      /** How many persons a quota counts for it, with those it looked up and did not find; absent: just `persons`. */
      readonly counted?: number | undefined;
      /** Whom the question looked up, found or not: `nik:3510…` by Person.nik, the bare id by an id. For the record's tags only. */
      readonly lookups: readonly string[];
      readonly verdicts: Verdicts;
      /** What its response keys come to, at the prices of the estimate; absent: it was none of a document. */
      readonly keys?: number;
      /** Rows of which nothing but the keys is shown, their persons' data being restricted; absent: none. */
      readonly restrictedRows?: number;
      /** What went through as a stream. */
      readonly transferred?: Transferred;
      readonly fetches: readonly SourceFact[];
    };

/** A row of a type marked @subject: the opaque id of that type's object. */
export interface Subject {
  readonly type: string;
  readonly id: string;
}

/** Where an answer is on record, and how much of it: numbers only, the coordinates stand beside it. */
export interface AnswerReceipt extends Receipt {
  readonly agreement: string;
  readonly version: number;
  /** Subjects and identifiers looked up, as the entry counts them. */
  readonly subjects: number;
  readonly shown: number;
  readonly masked: number;
}

export type Transferred = Readonly<Partial<Record<"rows" | "bytes", number>>>;

/** How often each value of a verdict was given, by coordinate: `{ "IdentityVerification.status": { MATCHED: 1 } }`. */
export type Verdicts = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** All that may leave. */
export interface Shown extends Disclosure {
  readonly [shown]: true;
}

declare const permitted: unique symbol;
declare const planned: unique symbol;
declare const answered: unique symbol;
declare const shown: unique symbol;
