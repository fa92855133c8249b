import type { QuestionLimits } from "../../kit/limits.ts";

interface Agency {
  readonly code: string;
  readonly name: string;
}

export interface Quota {
  readonly used: number;
  readonly limit: number | null;
}

/** An agreement of the list. */
export interface Listed {
  readonly number: string;
  readonly title: string;
  readonly consumer: Agency;
  readonly purpose: Agency;
  readonly versions: readonly { readonly number: number; readonly state: string }[];
  /** Null before its first version. */
  readonly agreement: {
    readonly version: number;
    readonly state: string;
    readonly validTo: string;
    readonly quotaToday: Quota | null;
  } | null;
}

export interface Report {
  readonly id: string;
  readonly note: string | null;
  readonly submittedBy: string;
  readonly submittedAt: string;
  readonly usage: {
    readonly from: string;
    readonly to: string;
    readonly requests: number;
    readonly persons: number;
    readonly refused: number;
  };
}

/** What all versions of an agreement share. */
export interface About {
  readonly number: string;
  readonly title: string;
  readonly documentSha256: string | null;
  readonly dpiaId: string | null;
  readonly consumer: Agency & { readonly dpoContact: string | null };
  readonly purpose: Agency & { readonly legalBasis: string; readonly citation: string; readonly needsCase: boolean };
  readonly agreement: {
    readonly version: number;
    readonly reportDue: string | null;
    readonly suspendsOn: string | null;
    readonly quotaToday: Quota | null;
    readonly reports: readonly Report[] | null;
  } | null;
}

export interface Approval {
  readonly capacity: string;
  readonly decision: string;
  readonly at: string;
  readonly reason: string | null;
  readonly owner: { readonly code: string };
  readonly steward: { readonly name: string } | null;
}

interface Person {
  readonly id: string;
  readonly name: string;
}

/** A version of an agreement, with the agreement it is of. */
export interface Version {
  readonly number: number;
  readonly state: string;
  readonly validFrom: string;
  readonly validTo: string;
  readonly regions: readonly string[];
  readonly programs: readonly string[] | null;
  readonly decileMax: number | null;
  readonly quota: number | null;
  readonly onDenied: string;
  readonly addresses: readonly string[];
  readonly documents: string;
  readonly createdAt: string;
  readonly contentSha256: string | null;
  readonly suspensionReason: string | null;
  readonly pendingCoordinates: readonly string[];
  readonly verification: { readonly floor: number; readonly attemptsOnSubject: number; readonly attemptsOfClient: number };
  readonly armed: { readonly minutes: number; readonly persons: number } | null;
  readonly limits: QuestionLimits | null;
  readonly author: Person | null;
  readonly resumeAskedBy: Person | null;
  readonly coordinatesOpened: readonly { readonly coordinates: number; readonly owner: Agency }[];
  readonly unboundSlices: readonly { readonly slice: string; readonly dimension: string }[];
  readonly approvals: readonly Approval[];
  readonly missingApprovals: readonly { readonly capacity: string; readonly agency: { readonly code: string } }[];
  readonly agreement: About;
}
