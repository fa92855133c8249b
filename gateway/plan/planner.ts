import { Kind, type OperationDefinitionNode, parse } from "graphql";
import type { Subgraph } from "./federation/subgraphs.ts";
import { boundBy } from "./route/bound.ts";
import { Draft, type Entry } from "./route/draft.ts";
import { Place } from "./route/place.ts";
import { MOST_ROUNDS, Router, type Searched } from "./route/router.ts";

/** What to ask of whom for one document. */
export interface Route {
  readonly entries: readonly Entry[];
  readonly operation: OperationDefinitionNode;
  /** How much was looked at to find it: what planning costs, whatever the machine. */
  readonly steps: number;
}

export interface Planner {
  /**
   * The fewest fetches one after the other for the document's only operation, and then few fetches. The document holds neither fragment spreads nor
   * conditions nor aliases of a client's. Synchronous. Throws a plain error that names what cannot be planned.
   */
  plan(document: string): Route;
  /** Names of the subgraphs that resolve a field, by the coordinate of an object or interface type. */
  answering(coordinate: string): readonly string[];
}

export function createPlanner(searched: Searched): Planner {
  return {
    plan(document) {
      const operation = operationIn(document);
      if (operation.operation !== "mutation") return routeOf(operation, searched, searched.subgraphs);
      // An act is done by one subgraph, however many could do it: by the one from which the least is left to fetch.
      const routes = searched.subgraphs.flatMap((subgraph) => routeFrom(operation, searched, subgraph) ?? []);
      const [best] = routes.sort((a, b) => roundsOf(a) - roundsOf(b) || a.entries.length - b.entries.length);
      return best ?? routeOf(operation, searched, searched.subgraphs);
    },
    answering(coordinate) {
      const [type = "", field = ""] = coordinate.split(".");
      return searched.subgraphs.filter(({ types }) => types.get(type)?.fields.get(field)?.isResolvable).map(({ name }) => name);
    },
  };
}

const roundsOf = ({ entries }: Route): number => Math.max(...entries.map(({ round }) => round));

/** Null: what is asked cannot all be fetched when this subgraph begins. */
function routeFrom(operation: OperationDefinitionNode, searched: Searched, subgraph: Subgraph): Route | null {
  const { place, router } = searchOf(operation, searched, [subgraph]);
  const rounds = roundsFor(place, operation, router);
  return rounds === null ? null : taken(place, operation, { router, rounds });
}

function routeOf(operation: OperationDefinitionNode, searched: Searched, starts: readonly Subgraph[]): Route {
  const { place, router } = searchOf(operation, searched, starts);
  const rounds = roundsFor(place, operation, router);
  if (rounds === null)
    throw new Error(`no subgraph answers ${router.missing(place, operation.selectionSet.selections).join(", ")}`);
  return taken(place, operation, { router, rounds });
}

function searchOf({ operation, selectionSet }: OperationDefinitionNode, searched: Searched, starts: readonly Subgraph[]) {
  const root = searched.full.getRootType(operation);
  if (!root) throw new Error(`there is no ${operation}`);
  return { place: new Place(root, boundBy(selectionSet.selections)), router: new Router(searched, starts) };
}

function roundsFor(place: Place, { selectionSet }: OperationDefinitionNode, router: Router): number | null {
  for (let round = 1; round <= MOST_ROUNDS; round += 1) if (router.reaches(place, selectionSet.selections, round)) return round;
  return null;
}

interface Found {
  readonly router: Router;
  readonly rounds: number;
}

function taken(place: Place, operation: OperationDefinitionNode, { router, rounds }: Found): Route {
  const draft = new Draft(router);
  draft.take(place, operation.selectionSet.selections, rounds);
  return { entries: draft.entries, operation, steps: router.steps };
}

function operationIn(document: string): OperationDefinitionNode {
  const [operation] = parse(document, { noLocation: true }).definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error("no operation to plan");
  return operation;
}
