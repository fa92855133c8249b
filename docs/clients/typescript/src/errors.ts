/** Codes of this hub when this kit was made; the list may grow. */
export const CODES = [
  ...["BAD_REQUEST", "GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED", "BAD_USER_INPUT", "OPERATION_RESOLUTION_FAILURE"],
  ...["PERSISTED_QUERY_NOT_FOUND", "PERSISTED_QUERY_NOT_SUPPORTED", "DOCUMENT_NOT_TRUSTED", "TOO_COSTLY"],
  ...["AGREEMENT_REQUIRED", "CASE_REQUIRED", "UNAUTHENTICATED", "FORBIDDEN", "AGREEMENT_SUSPENDED", "AGREEMENT_EXPIRED"],
  ...["METHOD_NOT_ALLOWED", "NOT_ACCEPTABLE", "REQUEST_TIMEOUT", "CONFLICT", "PAYLOAD_TOO_LARGE", "UNSUPPORTED_MEDIA_TYPE"],
  ...["NOT_FOUND", "QUOTA_EXCEEDED", "REQUEST_RATE_LIMITED", "INTERNAL_SERVER_ERROR", "OUTCOME_UNCONFIRMED", "OVERLOADED"],
  ...["AUDIT_UNAVAILABLE", "POLICY_UNAVAILABLE", "GATEWAY_TIMEOUT", "FIELD_NOT_GRANTED", "FIELD_PROHIBITED", "USE_NOT_GRANTED"],
  ...["SUBGRAPH_TIMEOUT", "SUBGRAPH_UNAVAILABLE", "SUBGRAPH_INVALID_RESPONSE", "SUBGRAPH_ERROR"],
] as const;
export type HubCode = (typeof CODES)[number] | (string & {});

/** Proof that an answer is on record: keep it with what you were told. */
export interface Receipt {
  readonly id: string;
  /** Hash of the entry, hex. */
  readonly leaf: string;
}

/** One thing that went wrong, as the hub tells it. */
export interface HubFailure {
  /** In the language that was asked for. */
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: {
    readonly code: HubCode;
    /** The field it is about, `Type.field`. */
    readonly coordinate?: string;
    readonly reason?: { readonly id: string; readonly en: string };
    readonly clause?: string;
    /** Agency that decides about the field. */
    readonly owner?: string;
    /** Coordinates that tell something like it, and are open. */
    readonly instead?: readonly string[];
    readonly service?: string;
    readonly limit?: string;
    readonly receipt?: Receipt;
    readonly requestId?: string;
  };
}

interface Circumstances {
  /** Of HTTP; 0: no answer came. */
  readonly status: number;
  readonly requestId?: string | null;
  /** When it may be asked again. */
  readonly retryAfterMs?: number | null;
  readonly cause?: unknown;
}

/** A question that was refused, or one whose answer lacks what was needed. */
export class HubError extends Error {
  readonly status: number;
  readonly code: HubCode;
  readonly failures: readonly HubFailure[];
  /** Quote it when you ask about this. */
  readonly requestId: string | null;
  readonly retryAfterMs: number | null;

  constructor(failures: readonly HubFailure[], { status, requestId = null, retryAfterMs = null, cause }: Circumstances) {
    const [first] = failures;
    super(first?.message ?? "the hub did not answer", { cause });
    this.name = "HubError";
    this.status = status;
    this.code = first?.extensions.code ?? "NO_ANSWER";
    this.failures = failures;
    this.requestId = first?.extensions.requestId ?? requestId;
    this.retryAfterMs = retryAfterMs;
  }

  get clause(): string | null {
    return this.failures[0]?.extensions.clause ?? null;
  }

  /** What is on record of an act whose outcome the hub could not confirm: look it up before you act again. */
  get receipt(): Receipt | null {
    return this.failures[0]?.extensions.receipt ?? null;
  }

  /** Every failure in a line: what, by which clause, who decides, what could be asked instead. */
  get explain(): string {
    const lines = this.failures.map(({ message, extensions: { code, clause, owner, instead } }) =>
      [
        `${code}: ${message}`,
        clause && `clause ${clause}`,
        owner && `ask ${owner}`,
        instead?.length && `instead ${instead.join(", ")}`,
      ]
        .filter(Boolean)
        .join(" · "),
    );
    return [...lines, ...(this.requestId === null ? [] : [`request ${this.requestId}`])].join("\n");
  }
}
