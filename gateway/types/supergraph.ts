import type { GraphQLSchema } from "graphql";
import type { Refusal } from "../../schema/errors.ts";
import type { Catalogue, RowPlaces } from "../../schema/sdl/catalogue.ts";
import type { Planner } from "../plan/planner.ts";
import type { Cache, Introspection, Judgement, Reading } from "./document.ts";
import type { Plan } from "./plan.ts";
import type { Source } from "./sources.ts";

/** What is read once from the supergraph SDL and shared by all questions. */
export interface Supergraph extends Catalogue {
  /** SHA-256 of the SDL, hex. */
  readonly hash: string;
  /** Everything, join machinery and @inaccessible included. */
  readonly full: GraphQLSchema;
  readonly api: GraphQLSchema;
  readonly limits: Limits;
  readonly planner: Planner;
  readonly sources: ReadonlyMap<string, Source>;
  /** Types of released aggregates: nothing below them is a subject's row. */
  readonly statisticsTypes: ReadonlySet<string>;
  readonly hasLookups: boolean;
  /** Coordinates of verdicts: how often each of their values was shown is put on record. */
  readonly verdicts: ReadonlySet<string>;
  /** Coordinates of what holds, unseen by the hub, what rows of the same answer say. */
  readonly sealed: ReadonlySet<string>;
  /** Coordinates a field needs by @requires, transitively. */
  readonly requires: ReadonlyMap<string, readonly string[]>;
  /** Coordinates by which one is judged beside its own: of an interface that a source knows as an object (@interfaceObject). */
  readonly beside: ReadonlyMap<string, readonly string[]>;
  /** `rowPlaces` as they stand in the fetched tree, under aliases of ours. */
  readonly fetchedPlaces: ReadonlyMap<string, RowPlaces>;
  /** Start of the aliases we send downstream; no field name begins with it. */
  readonly aliasPrefix: string;
  /** The API schema without these coordinates. */
  viewOf(hidden: ReadonlySet<string>): GraphQLSchema;
  readonly readings: Cache<Reading>;
  readonly judgements: Cache<Judgement>;
  readonly plans: Cache<Plan | Refusal>;
  readonly introspections: Introspection["known"];
}

/**
 * Ceilings of one question; Infinity switches a rule off. `cost` is response keys (fragments expanded) times the list sizes above them; `subjects`
 * are rows of data subjects times the same; `repeats` are the pairs of selections of one response key, each of which validation compares.
 */
export type Limits = Readonly<
  Record<"tokens" | "depth" | "aliases" | "directives" | "rootFields" | "responseKeys" | "repeats" | "cost" | "subjects", number>
>;
