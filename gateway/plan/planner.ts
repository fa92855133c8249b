import { Kind, type OperationDefinitionNode, parse } from "graphql";
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
      const root = searched.full.getRootType(operation.operation);
      if (!root) throw new Error(`there is no ${operation.operation}`);
      const { selections } = operation.selectionSet;
      const place = new Place(root, boundBy(selections));
      const router = new Router(searched);
      const draft = new Draft(router);
      draft.take(place, selections, roundsFor(place, operation, router));
      return { entries: draft.entries, operation, steps: router.steps };
    },
    answering(coordinate) {
      const [type = "", field = ""] = coordinate.split(".");
      return searched.subgraphs.filter(({ types }) => types.get(type)?.fields.get(field)?.isResolvable).map(({ name }) => name);
    },
  };
}

function roundsFor(place: Place, { selectionSet: { selections } }: OperationDefinitionNode, router: Router): number {
  for (let round = 1; round <= MOST_ROUNDS; round += 1) if (router.reaches(place, selections, round)) return round;
  throw new Error(`no subgraph answers ${router.missing(place, selections).join(", ")}`);
}

function operationIn(document: string): OperationDefinitionNode {
  const [operation] = parse(document, { noLocation: true }).definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error("no operation to plan");
  return operation;
}
