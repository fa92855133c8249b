import type { FetchCoordinates, Source } from "./sources.ts";

/** One step a document of the rewrite, to be run in order, and which service fetches a coordinate. Holds nothing of one caller. */
export interface Plan {
  readonly steps: readonly (Step | null)[];
  readonly services: ReadonlyMap<string, string>;
}

export type Step =
  | { readonly kind: "sequence" | "parallel"; readonly steps: readonly Step[] }
  | { readonly kind: "root"; readonly fetch: Fetch; readonly keys: readonly string[]; readonly after: readonly Patch[] }
  | { readonly kind: "entities"; readonly fetch: Fetch; readonly groups: readonly EntityGroup[] };

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
