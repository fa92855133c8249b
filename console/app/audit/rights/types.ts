interface Named {
  readonly code: string;
  readonly name: string;
}

/** A request in the queue. */
export interface Queued {
  readonly id: string;
  readonly number: string;
  readonly kind: string;
  readonly state: string;
  readonly controller: Named | null;
  readonly receivedAt: string;
  readonly dueAt: string;
  readonly clock: string;
  readonly handler: string | null;
}

export interface Queue {
  readonly requestClock: {
    readonly open: number | null;
    readonly dueSoon: number | null;
    readonly breached: number | null;
  } | null;
  readonly subjectRequests: readonly Queued[] | null;
}

/** A request whole. */
export interface SubjectRequest extends Queued {
  readonly subject: string | null;
  readonly isByRepresentative: boolean | null;
  readonly statement: string | null;
  readonly coordinate: string | null;
  readonly correction: string | null;
  readonly purpose: { readonly name: string } | null;
  readonly closedAt: string | null;
  readonly closedBy: string | null;
  readonly outcome: string | null;
  readonly review: string | null;
  readonly refusalReason: string | null;
  readonly refusableBy: readonly string[] | null;
  readonly citation: string | null;
  readonly restriction: { readonly imposedAt: string; readonly liftedAt: string | null } | null;
  readonly events: readonly { readonly at: string; readonly actor: string | null; readonly step: string }[] | null;
}

export interface Representation {
  readonly id: string;
  readonly basis: string;
  readonly evidence: string | null;
  readonly validFrom: string;
  readonly validTo: string;
  readonly registeredBy: string | null;
  readonly confirmedBy: string | null;
  readonly confirmedAt: string | null;
  readonly endedAt: string | null;
}
