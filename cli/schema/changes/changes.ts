import type { GraphQLSchema } from "graphql";
import type { Change } from "./change.ts";
import { deprecationChanges } from "./deprecations.ts";
import { type Governed, governedChanges } from "./governed.ts";
import { SEVERITIES } from "./kinds.ts";
import { shapeChanges } from "./shapes.ts";

/** A schema in both readings: what clients see, and what policy knows. */
export interface Published extends Governed {
  readonly api: GraphQLSchema;
}

/** Everything that changed from one schema to the next, the worst first. */
export function changesOf(old: Published, fresh: Published): Change[] {
  const changes = [
    ...shapeChanges(old.api, fresh.api),
    ...governedChanges(old, fresh).filter(({ coordinate }) => isSeen(coordinate, fresh.api)),
    ...deprecationChanges(old.api, fresh.api),
  ];
  const rank = ({ severity }: Change) => SEVERITIES.indexOf(severity);
  return changes.sort((one, other) => rank(one) - rank(other) || (one.coordinate < other.coordinate ? -1 : 1));
}

/** What is @inaccessible changes nothing for those who ask. */
const isSeen = (coordinate: string, api: GraphQLSchema): boolean => {
  const [type = "", member] = coordinate.split(/[.(]/);
  const found = api.getType(type);
  if (found === undefined || member === undefined || !("getFields" in found)) return found !== undefined;
  return member in found.getFields();
};
