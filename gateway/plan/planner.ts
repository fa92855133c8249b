import {
  type BatchFetchNode,
  type FetchNode,
  type FetchNodePathSegment,
  type FetchRewrite,
  type FlattenNodePathSegment,
  type PlanNode,
  QueryPlanner,
  type RequiresSelection,
} from "@graphql-hive/router-query-planner";

/** The only file that knows the Rust package (0.0.x, pinned exactly). */
export interface Planner {
  /** Plan of the document's only operation; null when nothing is to be fetched. Synchronous. Throws plain errors on what it cannot plan. */
  plan(document: string): PlanNode | null;
}
export type {
  BatchFetchNode,
  FetchNode,
  FetchNodePathSegment as RewriteSegment,
  FetchRewrite,
  FlattenNodePathSegment as PathSegment,
  PlanNode,
  RequiresSelection,
};

/** Throws on an SDL that is no supergraph. Takes about a millisecond. */
export function createPlanner(supergraphSdl: string): Planner {
  const rust = new QueryPlanner(supergraphSdl);
  // The last two arguments serve progressive @override, which we do not use.
  return { plan: (document) => rust.plan(document, null, new Set(), 0).node ?? null };
}
