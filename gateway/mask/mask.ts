import type { Failure } from "../../schema/errors.ts";
import type { Answered, Fault, Shown } from "../types/chain.ts";
import type { Supergraph } from "../types/supergraph.ts";
import { type Hole, project } from "./project.ts";
import { projectionOf } from "./shape.ts";

const MAX_ERRORS = 100;

/** What may leave: the projection of the fetched tree, with every denial, failure and unexplained null told once. */
export function mask(answered: Answered, supergraph: Pick<Supergraph, "personTypes">): Shown {
  const projection = projectionOf(answered, supergraph);
  const { data, holes, shown, subjects, persons, verdicts } = project(answered, projection);
  const { denials, faults, fetches, lookups } = answered;
  const { denied, transformed, inSomeRows } = answered.rewrite;
  const errors = [...denials, ...faults.map(({ failure }) => failure), ...unexplained(holes, answered)];
  const names = projection.coordinates.filter((_, index) => shown[index]).sort();
  const coordinates = { denied, transformed, inSomeRows, shown: names };
  const whom = { subjects, persons, lookups, verdicts };
  const found: Omit<Shown, symbol> = { data, errors: capped(errors), ...coordinates, ...whom, fetches };
  return found as Shown;
}

/** An error for each null that its type does not allow, unless a fault tells of that place, of one above or of one below it. */
function unexplained(holes: readonly Hole[], { faults, plan }: Answered): Failure[] {
  return holes
    .filter(({ path }) => !faults.some((fault) => explains(fault, path)))
    .map(({ path, coordinate }): Failure => {
      const service = plan.services.get(coordinate);
      return { code: "SUBGRAPH_INVALID_RESPONSE", path, coordinate, ...(service !== undefined && { service }) };
    });
}

function explains({ covers, everyItem }: Fault, path: Hole["path"]): boolean {
  const at = everyItem ? path.filter((part) => typeof part === "string") : path;
  return covers.some((place) => place.every((part, index) => index >= at.length || at[index] === part));
}

/** The last of too many says how many there are. */
function capped(errors: readonly Failure[]): readonly Failure[] {
  if (errors.length <= MAX_ERRORS) return errors;
  const last = errors[MAX_ERRORS - 1] as Failure;
  return [...errors.slice(0, MAX_ERRORS - 1), { ...last, limit: { name: "errors", actual: errors.length, max: MAX_ERRORS } }];
}
