import type { OpensAid } from "./opens.ts";

const AID = ["id", "region", "startedOn", "endedOn", "decision", "reason", "version", "months"].map(
  (field) => `MealAid.${field}`,
);
const MONTH = ["month", "meals", "value", "isConfirmed", "version"].map((field) => `MealMonth.${field}`);
const HISTORY = ["MealAid.history", ...["at", "actor", "act", "month", "meals", "reason"].map((field) => `MealStep.${field}`)];
const OF_FAMILY = ["Family.rantangKasih", ...["program", "recipients", "value"].map((field) => `FamilyMeals.${field}`)];

/** What the regency pays out of its own budget, of the regency's own. The acts of the ministry's machine client are none. */
export const local: OpensAid = {
  district: [
    "Person.rantangKasih",
    "MealAid.person",
    "MealAidConnection.totalCount",
    ...[...AID, ...MONTH, ...HISTORY],
    ...OF_FAMILY,
  ],
  citizen: ["Person.rantangKasih", ...AID, ...MONTH],
  notForPrograms: [
    "Mutation.startMeals",
    "Mutation.endMeals",
    "Mutation.recordMeals",
    "Mutation.confirmMeals",
    "Query.mealAids",
    "Person.rantangKasih",
  ],
};
