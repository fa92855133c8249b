import type { OpensAid } from "./opens.ts";

/** Partners follow which enrolment changed to which state, not whose it is: that they ask as they may. */
export const events: OpensAid = {
  subscriber: [
    "Query.aidEvents",
    ...["nodes", "until", "hasMore"].map((field) => `AidEventFeed.${field}`),
    ...["place", "kind", "program", "code", "period", "at", "enrolment"].map((field) => `AidEvent.${field}`),
  ],
};
