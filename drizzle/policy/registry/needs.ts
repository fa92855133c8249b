import type { Opens } from "./opens.ts";

const of = (type: string, ...fields: readonly string[]): string[] => fields.map((field) => `${type}.${field}`);

/**
 * What an office handles: the rows are its own, so the agreement may open them to every office. By name, also what is general: of a child, or of
 * whoever has a need that stigmatises, a class opens nothing.
 */
const HANDLED = [
  ...["Query.needs", "Member.handledNeeds", "NeedConnection.nodes", "NeedConnection.totalCount"],
  ...of("Need", "id", "kind", "criteria", "subjectKind", "member", "family", "group", "region", "handlingUnit", "since", "until"),
  ...of("Need", "endReason", "version", "services", "history"),
  ...of("NeedGroup", "name", "size"),
  ...of("ServiceGiven", "service", "on", "unit", "officer", "note"),
];
/** What a device brought back. */
const RETURNED = [
  ...of("PacketChange", "id", "member", "region", "field", "value", "reason", "state", "submittedBy"),
  ...of("PacketChange", "decidedBy", "decidedAt", "decisionReason", "version"),
  ...["PacketChangeConnection.totalCount"],
];
const COUNTED = [
  "Query.needCounts",
  ...of("NeedCounts", "total", "byKind"),
  ...of("NeedCount", "kind", "persons", "isSuppressed"),
];
const POTENTIAL = ["PsksConnection.totalCount"];

export const needs: Opens = {
  regency: [...HANDLED, ...RETURNED, ...COUNTED, ...POTENTIAL],
  ministry: [...COUNTED, ...POTENTIAL],
  citizen: of("PsksRole", "entry", "areas"),
  notForPrograms: [...HANDLED, ...RETURNED],
};
