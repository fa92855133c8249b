import type { Step } from "../kit/History.tsx";

export interface Listed {
  readonly id: string;
  readonly version: number;
  readonly number: string;
  readonly state: string;
  readonly channel: string;
  readonly address: string | null;
  readonly expiresAt: string | null;
  /** What the state takes. */
  readonly acts: readonly string[] | null;
  readonly region: { readonly code: string; readonly name: string } | null;
  readonly candidates: readonly Person[] | null;
}

interface Person {
  readonly id: string;
  readonly relation: string;
  readonly claimedName: string | null;
  readonly matchStatus: string;
}

/** A candidate as claimed, and as registered where it matched. */
export interface Candidate extends Person {
  readonly claimedNik: string | null;
  readonly claimedCardNumber: string | null;
  readonly claimedBirthDate: string | null;
  readonly claimedBirthPlace: string | null;
  readonly claimedSex: string | null;
  readonly matchReasons: readonly string[] | null;
  readonly validatedAt: string | null;
  readonly person: {
    readonly id: string;
    readonly fullName: string | null;
    readonly birthDate: string | null;
    readonly birthPlace: string | null;
    readonly sex: string | null;
    /** Its last four digits. */
    readonly nik: string | null;
  } | null;
}

export interface Visit {
  readonly id: string;
  readonly version: number;
  readonly visitedOn: string;
  readonly result: string;
  readonly method: string;
  readonly code: string;
  readonly enumerator: string;
  readonly approvedBy: string | null;
  readonly latitude: string | null;
  readonly longitude: string | null;
  readonly photoSha256: readonly string[] | null;
  readonly region: { readonly code: string } | null;
  readonly presences: readonly Presence[] | null;
}

interface Presence {
  readonly candidate: { readonly id: string; readonly claimedName: string | null };
  readonly presence: string;
  readonly code: string;
}

export interface Whole extends Omit<Listed, "candidates"> {
  readonly candidates: readonly Candidate[] | null;
  readonly aid: readonly string[] | null;
  readonly basis: string | null;
  readonly reason: string | null;
  readonly createdAt: string | null;
  readonly submittedAt: string | null;
  readonly proposedBy: string | null;
  readonly verifiedBy: string | null;
  readonly approvedBy: string | null;
  readonly endorsedBy: string | null;
  readonly letterNumber: string | null;
  readonly deliberation: {
    readonly kind: string;
    readonly minutesNumber: string;
    readonly heldOn: string;
    readonly quorum: number;
    readonly documentSha256: string | null;
    readonly attendees: readonly { readonly name: string; readonly office: string }[] | null;
  } | null;
  readonly responsibility: {
    readonly statementNumber: string;
    readonly signedOn: string;
    readonly signedBy: string;
    readonly documentSha256: string | null;
  } | null;
  readonly visits: readonly Visit[] | null;
  readonly history: readonly Step[] | null;
  readonly household: { readonly id: string } | null;
}

export interface Window {
  readonly step: string;
  readonly fromDay: number;
  readonly toDay: number;
  readonly era: string;
}

export const STATES = [
  "DRAFT",
  "SUBMITTED",
  "IN_DELIBERATION",
  "IN_VERIFICATION",
  "NOT_MATCHED",
  "IN_REPAIR",
  "MATCHED",
  "FINALISED",
  "ENDORSED",
  "SENT_TO_CENTRE",
  "DETERMINED",
  "REJECTED_BY_DELIBERATION",
  "REJECTED_BY_CENTRE",
  "WITHDRAWN",
  "EXPIRED",
];
