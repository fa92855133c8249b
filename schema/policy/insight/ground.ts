import type { Catalogue } from "../../sdl/catalogue.ts";
import { type CeilingRule, ceilingsFor } from "../ceilings.ts";
import type { Content } from "../content.ts";
import { compileTable, type DecisionTable } from "../decisionTable.ts";
import { HUB } from "../words.ts";

/** What a version is judged on beside its own content: the newest schema, stewards' rules, and who controls which service. */
export interface InsightGround {
  readonly catalogue: Catalogue;
  readonly ceilings: readonly CeilingRule[];
  /** Agency that controls each service. */
  readonly controllers: Readonly<Record<string, string>>;
}

/** The decisions a gateway would get for this content today. What was never submitted has pinned nothing and is judged by all its rows. */
export function tableOf({ grants, coordinates, purpose }: Content, { catalogue, ceilings }: InsightGround): DecisionTable {
  const pinned = coordinates.length > 0 ? new Set(coordinates) : undefined;
  return compileTable(grants, { ceilings: ceilingsFor(purpose, ceilings), catalogue, pinned });
}

/** A schema, and who answers for its data. */
export type Controlled = Pick<InsightGround, "catalogue" | "controllers">;

/**
 * Agencies that control a coordinate. None where its services have no controller: nobody could consent to it, so nothing opens it. The hub controls
 * only what is nobody else's: the key of another's entity, which it repeats to add fields of its own, is theirs.
 */
export function controllersOf({ catalogue, controllers }: Controlled, coordinate: string): string[] {
  const services = catalogue.entries.get(coordinate)?.owners ?? [];
  const agencies = [...new Set(services.flatMap((service) => controllers[service] ?? []))];
  const others = agencies.filter((agency) => agency !== HUB);
  return others.length > 0 ? others : agencies;
}

/** Services that no agency controls, sorted. */
export const uncontrolled = ({ catalogue, controllers }: Controlled): string[] =>
  [...new Set([...catalogue.entries.values()].flatMap(({ owners }) => owners))]
    .filter((service) => !Object.hasOwn(controllers, service))
    .sort();
