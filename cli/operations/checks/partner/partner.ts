import type { Asked } from "../../../remote/hub.ts";
import type { Said } from "../finding.ts";

/** A hub as a partner sees it, and what was learnt on the way. */
export interface Partner {
  readonly url: string;
  readonly asked: Asked;
  /** Verifier key of the log, by which receipts are believed. */
  readonly logKey: string | undefined;
  readonly now: () => number;
  /** Token of who asks; undefined: none was got. */
  token?: string;
  /** Answer to the first question. */
  answer?: FirstAnswer;
}

export interface FirstAnswer {
  readonly headers: Headers;
  readonly status: number;
  readonly agreement: string | null;
  readonly validTo: string | null;
  readonly errors: readonly string[];
  readonly receipt: { readonly id: string; readonly leaf: string } | null;
}

/** Looks at one thing and says what it sees; what it throws is said as bad. */
export type PartnerCheck = (partner: Partner, said: Said) => Promise<void>;

export const TIMEOUT_MS = 5000;

/** With whom a partner's request is asked, under which agreement. */
export const headersOf = ({ token, asked }: Partner) => ({
  ...{ authorization: `Bearer ${token}`, "content-type": "application/json", "accept-language": "en" },
  ...(asked.agreement !== undefined && { "hub-agreement": asked.agreement }),
});
