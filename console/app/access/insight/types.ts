import type { Sentence } from "../decisions/types.ts";

/** What became of one coordinate of a question, and how. */
export interface Explained {
  readonly coordinate: string;
  readonly term: string | null;
  readonly isInput: boolean;
  readonly isReached: boolean;
  readonly isOpen: boolean;
  readonly effect: string;
  readonly code: string | null;
  readonly decision: Sentence;
  readonly path: readonly string[];
  readonly closedBy: readonly string[];
  readonly instead: readonly string[];
  readonly clause: string | null;
  readonly approvers: readonly { readonly owner: string; readonly steward: string }[] | null;
  readonly validTo: string | null;
  readonly owners: readonly { readonly code: string; readonly name: string; readonly dpoContact: string | null }[];
}

export interface Explanation {
  readonly agreement: string;
  readonly version: number;
  readonly faults: readonly string[];
  readonly refusals: readonly string[];
  readonly denied: readonly string[];
  readonly masked: readonly string[];
  readonly coordinates: readonly Explained[];
}
