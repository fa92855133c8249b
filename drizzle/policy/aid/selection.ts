import type { OpensAid } from "./opens.ts";

const of = (type: string, fields: readonly string[]) => fields.map((field) => `${type}.${field}`);

/** What only whoever keeps a list, or acts in its program, is told: how somebody stands in it. */
const RANKED = [
  "Enrolment.waitingPosition",
  "SelectionSeats.lastPlace",
  "SelectionEntryConnection.totalCount",
  ...of("SelectionEntry", ["place", "decile", "rank", "firstDeterminedOn"]),
];
const ACTS = of("Mutation", [
  "draftQuota",
  "proposeSeats",
  "approveQuota",
  "withdrawQuota",
  "prepareSelection",
  "startSelection",
  "discardSelection",
  "signSelection",
  "simulatePolicy",
]);
const OWN = [
  "Enrolment.waitingBand",
  "Enrolment.selectionEntry",
  ...of("SelectionEntry", ["id", "verdict", "region", "fullRegion"]),
];

/**
 * Quotas, decrees and the released counts of simulations are public; who may ask for one the rules say. Of a waiting list officers see the position, persons
 * the band of their own.
 */
export const selection: OpensAid = {
  ministry: RANKED,
  district: RANKED,
  education: ["Enrolment.waitingBand"],
  health: ["Enrolment.waitingBand"],
  citizen: OWN,
  notForPrograms: [...ACTS, ...RANKED],
};
