import { isPresent, type Kin } from "./shape.ts";

/** Kepmensos 79/HUK/2025: contribution assistance (PBI-JK) goes to deciles 1 to 5. */
const DECILE_MAX = 5;

/** Whether a member stands for a seat of PBI-JK. UNDECIDED: the household has no rank, or the person is not matched. */
export type Seat = "CANDIDATE" | "NONE" | "UNDECIDED";

/** Seats go to persons: registered, matched, alive, of a household within the ceiling. Whether there is a seat to have is the quota's. Pure. */
export function seatOf(kin: Pick<Kin, "state" | "personId">, decile: number | null): Seat {
  if (!isPresent(kin) || kin.state !== "ACTIVE") return "NONE";
  if (decile !== null && decile > DECILE_MAX) return "NONE";
  return decile === null || kin.personId === null ? "UNDECIDED" : "CANDIDATE";
}
