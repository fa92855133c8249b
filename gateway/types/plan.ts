import type { FetchCoordinates, Source } from "./sources.ts";

/** The fetches of each document of the rewrite, documents to be run in order, and which service fetches a coordinate. Holds nothing of one caller. */
export interface Plan {
  readonly steps: readonly (readonly Fetch[])[];
  readonly services: ReadonlyMap<string, string>;
}

/** One request to one source. */
export interface Fetch {
  readonly source: Source;
  /** `{"query":"…"`: the body up to its variables. */
  readonly prefix: string;
  readonly variables: readonly string[];
  readonly idempotent: boolean;
  /** The same object for the same coordinates. */
  coordinates(coerced: Readonly<Record<string, unknown>>): FetchCoordinates;
  /** How many fetches one after the other it takes, this one included. */
  readonly round: number;
  /** Positions of those, all before it in the list, that must have been answered. */
  readonly waits: readonly number[];
  readonly what: RootFields | Entities;
}

/** Fields of a root type, to be merged into every object at the path. */
export interface RootFields {
  readonly kind: "root";
  readonly path: readonly PathPart[];
  readonly keys: readonly string[];
  readonly renames: readonly Rename[];
}

export interface Entities {
  readonly kind: "entities";
  readonly groups: readonly EntityGroup[];
}

/** One `_entities` field of a fetch. */
export interface EntityGroup {
  readonly alias: string;
  readonly variable: string;
  readonly paths: readonly (readonly PathPart[])[];
  /** What the representations say they are: always this, or what the entity says of itself and this where it does not. */
  readonly typename: { readonly name: string; readonly isFixed: boolean };
  /** An entity of which a part of its key is null or missing is not asked for. */
  readonly key: readonly Need[];
  /** Inputs of @requires: null is a value, what never arrived is not. */
  readonly requires: readonly Need[];
  readonly renames: readonly Rename[];
  /** The key and the inputs as the supergraph writes them. */
  readonly by: { readonly key: string; readonly requires: string | null };
}

/** Step of a path through the fetched tree, lists left out: a field, or only objects of this type. */
export type PathPart = { readonly field: string } | { readonly type: string };

/** What a representation takes from an entity: the value of a key with what is below it, or more of the same object if it is of these types. */
export type Need =
  | { readonly name: string; readonly key: string; readonly below: readonly Need[] | null }
  | { readonly types: ReadonlySet<string>; readonly needs: readonly Need[] };

/** A key of an answer, by its path without lists, that stands for another: two types of a source may disagree about a field. */
export interface Rename {
  readonly path: readonly string[];
  readonly to: string;
}
