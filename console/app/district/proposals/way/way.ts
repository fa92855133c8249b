/** A place on the map of a proposal's life, as it is drawn. `column` from 0, `row` from the top: ends, the way, detours. */
interface Station {
  readonly state: string;
  readonly column: number;
  readonly row: 0 | 1 | 2;
}

/** The way and what branches off it (docs/registry/proposals.md). */
export const STATIONS: readonly Station[] = [
  ...[
    "DRAFT",
    "SUBMITTED",
    "IN_DELIBERATION",
    "IN_VERIFICATION",
    "MATCHED",
    "FINALISED",
    "ENDORSED",
    "SENT_TO_CENTRE",
    "DETERMINED",
  ].map((state, column) => ({ state, column, row: 1 }) as const),
  { state: "WITHDRAWN", column: 0, row: 0 },
  { state: "EXPIRED", column: 1, row: 0 },
  { state: "REJECTED_BY_DELIBERATION", column: 2, row: 0 },
  { state: "REJECTED_BY_CENTRE", column: 7, row: 0 },
  { state: "NOT_MATCHED", column: 3, row: 2 },
  { state: "IN_REPAIR", column: 2, row: 2 },
];

/** Steps between neighbours. What may be withdrawn or expire anywhere before it is endorsed has no line of its own. */
export const LINES: readonly (readonly [from: string, to: string])[] = [
  ...STATIONS.slice(0, 8).map(({ state }, at) => [state, STATIONS[at + 1]?.state ?? ""] as const),
  ["IN_DELIBERATION", "REJECTED_BY_DELIBERATION"],
  ["SENT_TO_CENTRE", "REJECTED_BY_CENTRE"],
  ["IN_VERIFICATION", "NOT_MATCHED"],
  ["NOT_MATCHED", "IN_REPAIR"],
  ["IN_REPAIR", "IN_VERIFICATION"],
];

interface Next {
  /** Duties of whoever moves it on. */
  readonly by: readonly string[];
  /** Window of the calendar in which that may be done; null: any day. */
  readonly window: string | null;
}

/** Who moves a proposal on from a state. A state that is not here is an end. */
export const NEXT: Readonly<Record<string, Next>> = {
  DRAFT: { by: ["NEIGHBOURHOOD", "VILLAGE_OPERATOR"], window: "ENTRY" },
  SUBMITTED: { by: ["VILLAGE_OPERATOR"], window: null },
  IN_DELIBERATION: { by: ["VILLAGE_OPERATOR", "VILLAGE_HEAD"], window: "DELIBERATION" },
  IN_VERIFICATION: { by: ["VERIFIER"], window: null },
  NOT_MATCHED: { by: ["VERIFIER"], window: null },
  IN_REPAIR: { by: ["NEIGHBOURHOOD", "VILLAGE_OPERATOR"], window: null },
  MATCHED: { by: ["VERIFIER"], window: null },
  FINALISED: { by: ["HEAD_OF_OFFICE", "REGENT"], window: "CUT_OFF" },
  ENDORSED: { by: ["VERIFIER", "HEAD_OF_OFFICE"], window: "PULL" },
  SENT_TO_CENTRE: { by: ["MINISTRY", "MINISTER"], window: null },
};
