import type { Code } from "../../../../schema/errors.ts";
import type { HttpAnswer, Incoming } from "../../../types/chain.ts";
import type { MessageFault } from "../types.ts";

const JSON_TYPE = { "content-type": "application/json; charset=utf-8", "cache-control": "no-store" };

/** A body of ours; receipts stand in the order of what was asked, `-` where nothing was. */
export const told = (body: string, { requestId }: Incoming, receipts: readonly (string | undefined)[] = []): HttpAnswer => ({
  status: 200,
  headers: {
    ...JSON_TYPE,
    "x-request-id": requestId,
    ...(receipts.length > 0 && { "hub-receipt": receipts.map((receipt) => receipt ?? "-").join(", ") }),
  },
  body,
});

/** A refusal of a whole message. */
export const refused = ({ status, code, text }: MessageFault, { requestId, receiptId }: Incoming): HttpAnswer => ({
  status,
  headers: { ...JSON_TYPE, "x-request-id": requestId, ...(status === 503 && { "retry-after": "1" }) },
  body: refusalOf([{ code, message: text }], receiptId),
});

/** What the hub refused, in the standard's words; the hub's own code stays in the message. */
export function refusedBy({ status, headers, body }: HttpAnswer): HttpAnswer {
  const { errors = [] } = JSON.parse(body) as { readonly errors?: readonly HubError[] };
  const told = errors.map(({ message, extensions: { code } }) => ({ code: codeOf(status), message: `${code}: ${message}` }));
  const { "content-language": _, ...kept } = headers;
  return { status, headers: { ...kept, ...JSON_TYPE }, body: refusalOf(told, kept["x-request-id"] ?? "") };
}

interface HubError {
  readonly message: string;
  readonly extensions: { readonly code: Code };
}
interface Told {
  readonly code: string;
  readonly message: string;
}

/**
 * Both shapes the standard has for it: `errors` of its HttpErrorResponse, and an acknowledgement ERR, by which its compliance suite knows a refusal.
 * The latter knows no `rjct.…`.
 */
function refusalOf(errors: readonly Told[], correlationId: string): string {
  const [first = { code: "err.request.bad", message: "" }] = errors;
  const error = first.code.startsWith("err.") ? first : { ...first, code: "err.request.bad" };
  const message = { ack_status: "ERR", timestamp: new Date().toISOString(), correlation_id: correlationId, error };
  return JSON.stringify({ errors, message });
}

const CODES: Readonly<Record<number, string>> = {
  401: "err.request.unauthorized",
  403: "err.request.forbidden",
  404: "err.request.not_found",
  408: "err.request.timeout",
  429: "err.request.too_many_requests",
  504: "err.request.timeout",
};
const codeOf = (status: number): string => CODES[status] ?? (status >= 500 ? "err.service.unavailable" : "err.request.bad");
