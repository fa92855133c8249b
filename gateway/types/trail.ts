/** Stages a trace shows. */
export const STAGES = ["authorize", "plan", "execute", "record"] as const;
export type Stage = (typeof STAGES)[number];

/** A call to a source, as a part of a trail. */
export interface Leg {
  /** W3C trace context that goes with the call; undefined: none does. */
  readonly traceparent: string | undefined;
  /** `ok`, or how it failed. */
  end(outcome: string): void;
}

/**
 * One request on its way, as operators may follow it: by its id, client and agreement, how far it came and how long that took. It is never told a value, a
 * document, a variable or an address. MUST NOT throw and MUST NOT wait.
 */
export interface Trail {
  readonly requestId: string;
  /** Answered to the client and passed on to sources; undefined: nobody traces. */
  readonly traceparent: string | undefined;
  /** Who asks, under which agreement. */
  knows(who: { readonly client: string; readonly agreement: string }): void;
  /** What kind of operation it is; its name only where it is not the client's own to choose. */
  reads(operation: { readonly type: string; readonly name: string | null }): void;
  /** This stage begins, and the one before it is over. */
  enters(stage: Stage): void;
  leg(service: string): Leg;
}

/** Begins and ends trails: one a request. */
export interface Observer {
  begin(request: { readonly requestId: string; readonly traceparent: unknown; readonly method: string }): Trail;
  /** `route` is a pattern of ours, never the address asked for. */
  end(trail: Trail, answer: { readonly route: string; readonly status: number; readonly ms: number }): void;
}
