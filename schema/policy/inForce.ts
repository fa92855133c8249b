import type { AgreementState } from "./words.ts";

/** How far an agreement version has come and when it holds: from `validFrom` to before `validTo`, in ms of the Unix epoch. */
export interface Validity {
  readonly state: AgreementState;
  readonly validFrom: number;
  readonly validTo: number;
}

const ENDED_BY_CLOCK: ReadonlySet<AgreementState> = new Set(["approved", "active", "suspended"]);

/** State of a version at `now`: nobody writes "expired" when its last instant passes, the clock says so. Pure. */
export function stateAt({ state, validTo }: Pick<Validity, "state" | "validTo">, now: number): AgreementState {
  return ENDED_BY_CLOCK.has(state) && !(now < validTo) ? "expired" : state; // an end that is no instant has passed
}

/**
 * Does this version speak for its agreement at `now`? Active or suspended, and within its validity; of the versions of one agreement
 * at most one does (constraint agreement_version_one_in_force). In force is not open: a suspended version opens nothing. Pure.
 */
export function isInForce(version: Validity, now: number): boolean {
  const state = stateAt(version, now);
  return version.validFrom <= now && (state === "active" || state === "suspended");
}
