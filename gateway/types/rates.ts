import type { Limits } from "./supergraph.ts";

/** How often an agreement may ask one gateway. */
export interface RateLimits {
  /** Requests at once after a rest, and how long it takes until as many may come again. */
  readonly burst: number;
  readonly windowSeconds: number;
  /** Requests under way at one time. */
  readonly concurrent: number;
}

/** Goes with a request from its first line to the head of its answer: whoever counts it says here what the answer tells of rates. */
export interface Tally {
  headers?: () => Readonly<Record<string, string>>;
}

/** What is told of all limits at /limits.json. */
export interface PublishedLimits {
  readonly limits: Limits;
  readonly rates: RateLimits;
  /** Of the agreements that the public asks under. */
  readonly publicRates: RateLimits;
  /** Of whoever asks under which agreements they may ask. */
  readonly choices: RateLimits;
  /** Rows of subjects of one question, by purpose, where that is less than `limits.subjects`. */
  readonly subjectsByPurpose: Readonly<Record<string, number>>;
  /** Which documents an agreement without a rule of its own takes. */
  readonly documents: "agreed" | "trusted";
}
