/** The way of a payment, in order: from the registry to the recipient's hand. */
export const TRACE_STEPS = [
  "REGISTRY",
  "MATCH",
  "RANK",
  "EXCLUSION",
  "COMPONENT",
  "QUOTA",
  "DECREE",
  "ACCOUNT",
  "TREASURY",
  "ORDER",
  "RELEASE",
  "CREDIT",
  "TRANSACTION",
] as const;
export type TraceStep = (typeof TRACE_STEPS)[number];
