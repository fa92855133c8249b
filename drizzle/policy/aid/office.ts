import type { OpensAid } from "./opens.ts";

const DUTIES = [
  "Query.myAidDuties",
  ...["id", "officer", "role", "region", "program", "validFrom", "validTo"].map((field) => `AidOfficerDuty.${field}`),
];
const HISTORY = ["at", "actor", "act", "from", "to", "reason"].map((field) => `AidTransition.${field}`);
const THEIRS = [...DUTIES, ...HISTORY];

/** A person reads what happened and why, not which officer did it. */
export const office: OpensAid = {
  ministry: ["AidTransition.reason"],
  district: ["AidTransition.reason"],
  treasury: THEIRS,
  bank: THEIRS,
  education: THEIRS,
  health: THEIRS,
  citizen: HISTORY.filter((coordinate) => coordinate !== "AidTransition.actor"),
  notForPrograms: ["AidTransition.reason"],
};
