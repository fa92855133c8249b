import type { Catalogue } from "../../sdl/catalogue.ts";
import { type CeilingRule, ceilingsFor } from "../ceilings.ts";
import type { Content } from "../content.ts";
import { compileTable, type DecisionTable } from "../decisionTable.ts";

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

/** Agencies that control a coordinate. */
export const controllersOf = ({ catalogue, controllers }: InsightGround, coordinate: string): string[] => [
  ...new Set((catalogue.entries.get(coordinate)?.owners ?? []).map((service) => controllers[service] ?? "HUB")),
];
