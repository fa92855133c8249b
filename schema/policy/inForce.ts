import type { AgreementState } from "./words.ts";

/** How far an agreement version has come and when it holds: from `validFrom` to before `validTo`, in ms of the Unix epoch. */
export interface Validity {
  readonly state: AgreementState;
  readonly validFrom: number;
  readonly validTo: number;
  /** When the clock suspends it, unless a duty is done before (a report three months late, a broken glass nobody reviewed); null: never. */
  readonly suspendsAt: number | null;
}

const ENDED_BY_CLOCK: ReadonlySet<AgreementState> = new Set(["approved", "active", "suspended"]);

/** State of a version at `now`: nobody writes "expired" when its last instant passes, nor "suspended" when a duty is overdue: the clock says so. Pure. */
export function stateAt({ state, validTo, suspendsAt }: Omit<Validity, "validFrom">, now: number): AgreementState {
  if (ENDED_BY_CLOCK.has(state) && !(now < validTo)) return "expired"; // an end that is no instant has passed
  return state === "active" && suspendsAt !== null && !(now < suspendsAt) ? "suspended" : state;
}

/**
 * Does this version speak for its agreement at `now`? Active or suspended, and within its validity; of the versions of one agreement
 * at most one does (constraint agreement_version_one_in_force). In force is not open: a suspended version opens nothing. Pure.
 */
export function isInForce(version: Validity, now: number): boolean {
  const state = stateAt(version, now);
  return version.validFrom <= now && (state === "active" || state === "suspended");
}
