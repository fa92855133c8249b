import { type AttestationKeys, type Attested, readAttestation } from "../../../schema/attestation.ts";
import { type Claim, claimHash } from "../../../schema/claimHash.ts";
import type { MatchStatus, ValidationRefusal } from "../generated.ts";

/** What population says of a claim: no name, no number. */
export interface Says {
  readonly claimHash: string;
  readonly status: MatchStatus;
  readonly personId: string | null;
  readonly reasons: readonly string[];
}
export type Answer = Attested<Says>;

/**
 * A claim as it stands. `since`: instant before which an answer is too old for it; `answeredAt`: of the answer on
 * record, null: none; `waits`: whether it may be answered now.
 */
export interface Claimed {
  readonly claim: Claim;
  readonly status: MatchStatus;
  readonly personId: string | null;
  readonly since: string | null;
  readonly answeredAt: string | null;
  readonly waits: boolean;
}

const HOUR_MS = 60 * 60 * 1000;
const MAX_AGE_MS = 24 * HOUR_MS;
/** Clocks of two machines differ. */
const AHEAD_MS = 60 * 1000;

/** What population answered; null: unreadable, not signed by it, or no answer. */
export function answerOf(text: string, keys: AttestationKeys): Answer | null {
  const answer = readAttestation<Says>(text, { by: "population", kind: "VALIDATION", keys });
  return answer && answer.says.status !== "NOT_YET_MATCHED" ? answer : null;
}

/** What stands against recording an answer; "STANDS": it is on record already; null: record it. */
export function judge(answer: Answer, claimed: Claimed | undefined, now: Date): ValidationRefusal | "STANDS" | null {
  if (!claimed) return "UNKNOWN";
  const { at, says } = answer;
  const age = now.getTime() - Date.parse(at);
  if (!(age <= MAX_AGE_MS && age >= -AHEAD_MS)) return "OUT_OF_DATE";
  if (says.claimHash !== claimHash(claimed.claim)) return "CLAIM_CHANGED";
  if (says.status === claimed.status && says.personId === claimed.personId) return "STANDS";
  if (!claimed.waits) return "UNKNOWN";
  if (claimed.answeredAt !== null && Date.parse(at) <= Date.parse(claimed.answeredAt)) return "OUT_OF_DATE";
  return claimed.since !== null && Date.parse(at) < Date.parse(claimed.since) - AHEAD_MS ? "OUT_OF_DATE" : null;
}
