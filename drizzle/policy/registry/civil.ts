import type { Opens } from "./opens.ts";

const FEED = ["Query.civilEvents", "CivilEvent.attestation"];
const DESK = ["Query.civilEventsToConfirm", "CivilEvent.document", "CivilEvent.discardReason"];

export const civil: Opens = {
  civil: [...FEED, ...DESK],
  exchange: [...FEED, "CivilEvent.id", "CivilEvent.kind", "CivilEvent.occurredOn", "CivilEvent.position"],
  notForPrograms: [...FEED, ...DESK, "Mutation.recordCivilEvent", "Mutation.confirmCivilEvent", "Mutation.discardCivilEvent"],
};
