import type { Catalogue } from "../../sdl/catalogue.ts";
import { type CeilingRule, ceilingsFor } from "../ceilings.ts";
import type { Content } from "../content.ts";
import { type Compiling, compileTable, type DecisionTable } from "../decisionTable.ts";
import { HUB } from "../words.ts";

/** What a version is judged on beside its own content: the newest schema, stewards' rules, and who controls which service. */
export interface InsightGround {
  readonly catalogue: Catalogue;
  readonly ceilings: readonly CeilingRule[];
  /** Agency that controls each service. */
  readonly controllers: Readonly<Record<string, string>>;
}

/** The decisions a gateway would get for this content today. */
export const tableOf = (content: Content, ground: InsightGround): DecisionTable =>
  compileTable(content.grants, compilingOf(content, ground));

/** What a content is compiled with today. What was never submitted has pinned nothing and is judged by all its rows. */
export const compilingOf = ({ coordinates, purpose }: Content, { catalogue, ceilings }: InsightGround): Compiling => ({
  ceilings: ceilingsFor(purpose, ceilings),
  catalogue,
  pinned: coordinates.length > 0 ? new Set(coordinates) : undefined,
});

/** A schema, and who answers for its data. */
export type Controlled = Pick<InsightGround, "catalogue" | "controllers">;

/**
 * Who adds fields to entities of others: the hub, and regions with programs of their own (agency codes DINSOS_…). What they share with the entity's
 * controller, such as its key, is not theirs, or every agreement over persons would wait for every regency.
 */
const isGuest = (agency: string): boolean => agency === HUB || agency.startsWith("DINSOS_");

/**
 * Agencies that control a coordinate. None where its services have no controller: nobody could consent to it, so nothing opens it. The hub controls
 * only what is nobody else's: the key of another's entity, which it repeats to add fields of its own, is theirs.
 */
export function controllersOf({ catalogue, controllers }: Controlled, coordinate: string): string[] {
  const services = catalogue.entries.get(coordinate)?.owners ?? [];
  const agencies = [...new Set(services.flatMap((service) => controllers[service] ?? []))];
  const others = agencies.filter((agency) => !isGuest(agency));
  return others.length > 0 ? others : agencies;
}

/** Services that no agency controls, sorted. */
export const uncontrolled = ({ catalogue, controllers }: Controlled): string[] =>
  [...new Set([...catalogue.entries.values()].flatMap(({ owners }) => owners))]
    .filter((service) => !Object.hasOwn(controllers, service))
    .sort();
