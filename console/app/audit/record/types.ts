import type { Said } from "../kit/said.ts";

interface Named {
  readonly code: string;
  readonly name: string;
}

/** An entry of the record. Null: not there, or not the asker's to know. */
export interface Entry {
  readonly receipt: string;
  readonly at: string;
  readonly agency: Named | null;
  readonly client: string | null;
  readonly officer: string | null;
  readonly case: string | null;
  readonly agreement: string | null;
  readonly version: number | null;
  readonly purpose: Named | null;
  readonly operation: string | null;
  readonly status: string;
  readonly shown: readonly string[] | null;
  readonly masked: readonly string[] | null;
  readonly denied: readonly string[] | null;
  readonly subjects: number | null;
  readonly disclosure: string | null;
  readonly leaf: string;
  readonly index: number | null;
  readonly text: string | null;
  readonly sentence: Said | null;
}

export interface Found {
  readonly accessRecord: {
    readonly nodes: readonly Entry[] | null;
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
    readonly searchedTo: string | null;
  } | null;
}

export interface Choices {
  readonly agencies: readonly Named[] | null;
  readonly purposes: readonly Named[] | null;
}
