import { holdsPlausibleNik } from "./scrubber.ts";

/** Place of a span in a trace (W3C Trace Context). */
export interface TraceContext {
  readonly traceId: string;
  readonly spanId: string;
  readonly isSampled: boolean;
}

const FORM = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;
const NONE = /^0+$/;

/** Header `traceparent` as it came. Null: there is none, it is of no form we know, or digits in it might be somebody's number. Pure. */
export function readTraceparent(header: unknown): TraceContext | null {
  const [, traceId = "", spanId = "", flags = ""] = (typeof header === "string" && FORM.exec(header)) || [];
  if (traceId === "" || NONE.test(traceId) || NONE.test(spanId)) return null;
  if (holdsPlausibleNik(traceId) || holdsPlausibleNik(spanId)) return null;
  return { traceId, spanId, isSampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

export const traceparentOf = ({ traceId, spanId, isSampled }: TraceContext): string =>
  `00-${traceId}-${spanId}-${isSampled ? "01" : "00"}`;
