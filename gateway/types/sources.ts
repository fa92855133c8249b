import type { CoordinateList } from "../../schema/sdl/coordinates.ts";

export interface Source {
  readonly service: string;
  readonly url: string;
  readonly coordinates: CoordinateList;
}

/** Coordinates one fetch touches, by verb. Sorted, without duplicates. */
export interface FetchCoordinates {
  readonly output: readonly string[];
  /** Fetched for the plan (keys, subjects), never shown. */
  readonly internal: readonly string[];
  /** Arguments, input fields and enum values used. */
  readonly arguments: readonly string[];
}

export interface SourceCall {
  readonly service: string;
  readonly url: string;
  readonly body: string;
  /** False for mutations and what holds a @counted field: never repeated, never aborted when the client leaves. */
  readonly idempotent: boolean;
  /** It follows an act of the same request: a replica of a database may be behind. */
  readonly isFresh?: boolean;
  readonly coordinates: FetchCoordinates;
  readonly deadline: number;
  readonly context: unknown;
  /** W3C trace context that goes with it. */
  readonly traceparent?: string | undefined;
  readonly signal: AbortSignal;
}

export type SourceFailure = "SUBGRAPH_TIMEOUT" | "SUBGRAPH_UNAVAILABLE" | "SUBGRAPH_INVALID_RESPONSE";

export type SourceAnswer =
  | { readonly data?: unknown; readonly errors?: readonly unknown[] }
  | {
      readonly failed: SourceFailure;
      readonly detail: string;
      /** Nothing of it left this gateway: it has certainly not been done. */
      readonly isUnsent?: boolean;
    };

/** The way to the sources. `send` never rejects: a failure is a value. */
export interface Transport {
  send(call: SourceCall): Promise<SourceAnswer>;
  /** Sources of which a circuit is not closed. */
  readonly unreachable?: readonly string[];
  close(): Promise<void>;
}

/** What is asked of a source as a stream: the head is signed, the body (a file on its way in) is not known yet. */
export interface StreamCall extends Pick<SourceCall, "service" | "url" | "coordinates" | "context" | "traceparent" | "signal"> {
  readonly name: string;
  readonly head: Readonly<Record<string, unknown>>;
  readonly body: AsyncIterable<Uint8Array> | null;
  /** Longest to wait for a next line; 0: as long as it takes. */
  readonly idleMs: number;
}

/** Streams of the sources. */
export interface Streams {
  /**
   * Lines of JSON, read as they are needed. Resolves with the first there; throws a Refusal for what the source refuses or cannot do, and
   * whatever the body throws.
   */
  open(call: StreamCall): Promise<AsyncIterable<unknown>>;
  close(): Promise<void>;
}

/** What one fetch was and how it ended, for record, metrics and explain. */
export interface SourceFact {
  readonly service: string;
  readonly coordinates: FetchCoordinates;
  readonly outcome: "ok" | "errors" | SourceFailure;
  readonly ms: number;
  readonly isUnsent?: boolean;
}
