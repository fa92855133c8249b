import type { Opens } from "./opens.ts";

/** Scorecards and queues are the officers' work; others read only the rules, which are public. */
export const quality: Opens = {
  ministry: ["IntegrityBreachConnection.totalCount"],
  regency: ["IntegrityBreachConnection.totalCount"],
  notForPrograms: ["Query.qualityQueue"],
};
