import { type Code, Refusal } from "../../../../schema/errors.ts";
import type { MessageFault } from "../types.ts";

/** A message is refused as a whole, in the standard's words to the sender and in the hub's own on record. */
export class MessageRefusal extends Refusal {
  readonly fault: MessageFault;

  constructor(fault: MessageFault, cause?: unknown) {
    super({ code: CODES[fault.status] ?? "BAD_REQUEST", detail: fault.text }, { cause });
    this.fault = fault;
  }
}

const CODES: Readonly<Record<number, Code>> = {
  401: "UNAUTHENTICATED",
  403: "FORBIDDEN",
  409: "CONFLICT",
  413: "TOO_COSTLY",
  503: "AUDIT_UNAVAILABLE",
};

/** Status by the standard's code; the others are 400. */
const STATUS: Readonly<Record<string, number>> = {
  "err.signature.missing": 401,
  "err.signature.invalid": 401,
  "err.sender_id.invalid": 403,
  "err.service.unavailable": 503,
  "rjct.message_id.duplicate": 409,
  "rjct.total_count.limit_exceeded": 413,
};

/** Why a message is refused: a code of the standard, and words without a value of the sender's. */
export const fault = (code: string, text: string, cause?: unknown): MessageRefusal =>
  new MessageRefusal({ status: STATUS[code] ?? 400, code, text }, cause);
