export interface ReportedAgreement {
  readonly number: string;
  readonly title: string;
  readonly consumer: { readonly name: string } | null;
  readonly purpose: { readonly name: string } | null;
  readonly requests: number | null;
  readonly refused: number | null;
  readonly fields:
    | readonly { readonly coordinate: string; readonly shown: number; readonly masked: number; readonly denied: number }[]
    | null;
}

/** The public report of a period; numbers are requests, never persons. */
export interface Report {
  readonly from: string;
  readonly to: string;
  readonly requests: number | null;
  readonly refused: number | null;
  readonly sealed: number | null;
  readonly refusals: readonly { readonly code: string; readonly requests: number }[] | null;
  readonly agreements: readonly ReportedAgreement[] | null;
  readonly subjectRequests: number | null;
  readonly clockBreaches: number | null;
  readonly lapsedObjections: number | null;
  readonly breaches: number | null;
  readonly breachesToldInTime: number | null;
  readonly csv: string | null;
}
