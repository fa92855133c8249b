interface Named {
  readonly number: string;
  readonly title: string;
}

export interface Waiting {
  readonly number: number;
  readonly createdAt: string;
  readonly author: { readonly name: string } | null;
  readonly agreement: Named & { readonly consumer: { readonly name: string } };
  readonly missingApprovals: readonly { readonly agency: { readonly code: string }; readonly capacity: string }[];
}

export interface Expiring {
  readonly withinDays: number;
  readonly version: { readonly number: number; readonly validTo: string; readonly agreement: Named };
}

export interface PendingField {
  readonly coordinate: string;
  readonly since: string;
  readonly version: { readonly number: number; readonly agreement: { readonly number: string } };
}

export interface PolicyAlert {
  readonly at: string;
  readonly kind: string;
  readonly actor: string;
  readonly detail: string;
  readonly version: number | null;
  readonly agreement: { readonly number: string } | null;
}

export interface Wish {
  readonly id: string;
  readonly state: string;
  readonly createdAt: string;
  readonly justification: string;
  readonly agency: { readonly name: string };
  readonly purpose: { readonly name: string };
}

/** An agreement of the asker's own agency. */
export interface Own extends Named {
  readonly version: number;
  readonly state: string;
  readonly validTo: string;
  readonly reportDue: string | null;
  readonly suspendsOn: string | null;
  readonly quotaToday: { readonly used: number; readonly limit: number | null } | null;
}

/** What waits for a steward, as the hub answers; a part that failed is null. */
export interface Desk {
  readonly stewardship: {
    readonly inbox: readonly Waiting[];
    readonly expiring: readonly Expiring[];
    readonly pendingFields: readonly PendingField[];
  } | null;
  readonly alerts: readonly PolicyAlert[] | null;
  readonly accessRequests: readonly Wish[] | null;
  readonly agreements: readonly Own[] | null;
}
