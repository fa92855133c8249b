// Written by `npx hub kit codegen` from the schema as one agreement sees it. Ask anew instead of editing.

/** A document with the shapes of its answer and its variables. */
export interface TypedDocument<Data, Variables> {
  /** SHA-256 of `text`, hex: by this the hub knows it, once it is registered. */
  readonly id: string;
  readonly name: string;
  readonly kind: "query" | "mutation";
  readonly text: string;
  /** Never there: it carries the types. */
  readonly shape?: (variables: Variables) => Data;
}

export type RegionCode = string;

/** A value of an enum that may have grown since: keep a branch for what you do not know. */
export type MayGrow<Value extends string> = Value | (string & {});

export type MatchStatus =
  | "ANOMALY"
  | "DECEASED"
  | "DUPLICATE"
  | "INACTIVE"
  | "MATCHED"
  | "MISMATCHED"
  | "NOT_FOUND"
  | "NOT_YET_MATCHED";

export interface HouseholdsData {
  readonly households: {
    readonly nodes: ReadonlyArray<{
      readonly id: string;
      readonly region: {
        readonly code: RegionCode;
        readonly name: string | null;
      } | null;
      readonly deciles: ReadonlyArray<{
        readonly decile: number | null;
      }> | null;
      readonly members: ReadonlyArray<{
        readonly suffix: string | null;
        readonly matchStatus: MayGrow<MatchStatus> | null;
      }> | null;
    }> | null;
    readonly pageInfo: {
      readonly hasNextPage: boolean;
      readonly endCursor: string | null;
    };
  } | null;
}
export interface HouseholdsVariables {
  readonly first: number;
  readonly after?: string | null | undefined;
}
export const Households: TypedDocument<HouseholdsData, HouseholdsVariables> = {
  id: "1d5f293d985ad65cad556a302842a6a8a0b69586bdbecae84ce012a0430b858b",
  name: "Households",
  kind: "query",
  text: "query Households($first: Int!, $after: String) {\n  households(first: $first, after: $after) {\n    nodes {\n      id\n      region {\n        code\n        name\n      }\n      deciles {\n        decile\n      }\n      members {\n        suffix\n        matchStatus\n      }\n    }\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n  }\n}",
};

export interface ReceiptData {
  readonly receipt: {
    readonly id: string | null;
    readonly leaf: string | null;
    readonly index: number | null;
    readonly checkpoint: string | null;
    readonly inclusionProof: ReadonlyArray<string> | null;
  } | null;
}
export interface ReceiptVariables {
  readonly id: string;
}
export const Receipt: TypedDocument<ReceiptData, ReceiptVariables> = {
  id: "2a5e7fd1c55ad473d5926712cb522cd8bcd5e7ea83afc8dcbb7734427715b698",
  name: "Receipt",
  kind: "query",
  text: "query Receipt($id: ID!) {\n  receipt(id: $id) {\n    id\n    leaf\n    index\n    checkpoint\n    inclusionProof\n  }\n}",
};
