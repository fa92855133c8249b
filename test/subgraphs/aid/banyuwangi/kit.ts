import { callerWith } from "../../../kit/slice.ts";

/** An officer of Banyuwangi's social office, on duty in the whole regency; name what differs. */
export const officer = (differences: object = {}) =>
  callerWith({
    client: "bansos.dinsos_banyuwangi",
    officer: "bansos.dinsos_banyuwangi",
    agency: "DINSOS_BANYUWANGI",
    agreement: "PKS-2025-026",
    purpose: "PROGRAM_MANAGEMENT",
    rows: { regions: [["3510", "3510:"]], programs: null, decileMax: 100 },
    ...differences,
  });
export const second = () => officer({ officer: "bansos2.dinsos_banyuwangi" });

export const VILLAGE = "3510161001";
export const START = "mutation ($input: StartMealsInput!) { startMeals(input: $input) { id version startedOn endedOn } }";
export const END = "mutation ($input: EndMealsInput!) { endMeals(input: $input) { version endedOn reason } }";
export const RECORD =
  "mutation ($input: RecordMealsInput!) { recordMeals(input: $input) { month meals value isConfirmed version } }";
export const CONFIRM =
  "mutation ($input: ConfirmMealsInput!) { confirmMeals(input: $input) { meals value isConfirmed version } }";
