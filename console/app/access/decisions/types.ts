export interface Sentence {
  readonly indonesian: string;
  readonly english: string;
}

export interface Change {
  readonly kind: "WIDENED" | "NARROWED" | "CHANGED";
  readonly coordinate: string | null;
  readonly uses: readonly string[] | null;
  readonly term: string | null;
  readonly before: Sentence | null;
  readonly after: Sentence | null;
  readonly sentence: Sentence;
}

export interface VersionDiff {
  readonly from: number | null;
  readonly to: number;
  readonly widens: boolean;
  readonly changes: readonly Change[];
}

interface Named {
  readonly code: string;
  readonly name: string;
}

export interface Approval {
  readonly owner: Named;
  readonly steward: { readonly id: string; readonly name: string };
  readonly capacity: string;
  readonly decision: string;
  readonly contentSha256: string;
  readonly reason: string | null;
  readonly opened: readonly string[];
  readonly at: string;
}

export interface Missing {
  readonly agency: Named & { readonly dpoContact: string | null };
  readonly capacity: string;
}

/** A version as it is reviewed. */
export interface Reviewed {
  readonly number: number;
  readonly state: string;
  readonly validFrom: string;
  readonly validTo: string;
  readonly createdAt: string;
  readonly contentSha256: string | null;
  readonly author: { readonly id: string; readonly name: string } | null;
  readonly agreement: {
    readonly number: string;
    readonly title: string;
    readonly dpiaId: string | null;
    readonly consumer: Named;
    readonly purpose: { readonly name: string; readonly citation: string };
    readonly versions: readonly { readonly number: number; readonly state: string }[];
  };
  readonly grants: readonly {
    readonly selector: string;
    readonly topic: string | null;
    readonly use: string;
    readonly effect: string;
    readonly clause: string;
    readonly widenReason: string | null;
  }[];
  readonly coordinatesOpened: readonly { readonly owner: Named; readonly coordinates: number }[];
  readonly unboundSlices: readonly { readonly slice: string; readonly dimension: string; readonly fields: readonly string[] }[];
  readonly approvals: readonly Approval[];
  readonly missingApprovals: readonly Missing[];
}

export interface StewardKey {
  readonly keyId: string;
  readonly kind: string;
  readonly roles: readonly string[];
}
