import { TRACE_STEPS } from "../../../schema/aid/trace.ts";
import type { OpensAid } from "./opens.ts";

const of = (type: string, ...fields: string[]): string[] => fields.map((field) => `${type}.${field}`);

/** How it stands, step by step, without why. */
const NAMED = [
  ...of("Query", "paymentTrace"),
  "Person.paymentTrace",
  ...of("PaymentTrace", "id", "program", "period", "outcome", "paidOn", "isDrawnByAnother", "stoppedAt", "sentence", "steps"),
  ...of("TraceStep", "step", "state", "office"),
];
/** A person asks about themself: nobody needs to say so. */
const WHOSE = ["Person.id", "PaymentTrace.person"];
const EXPLAINED = of(
  "StepExplanation",
  ...["state", "today", "determinedFor", "reasons", "waiting", "text", "remedy", "bring", "usualDays", "source"],
);
/** Why a step stands as it does: each a coordinate of its own. */
const why = (...steps: readonly (typeof TRACE_STEPS)[number][]): string[] =>
  of("PaymentTrace", ...steps.map((step) => step.toLowerCase()));
const [ALL, BANKS, TREASURYS] = [
  why(...TRACE_STEPS),
  why("ACCOUNT", "RELEASE", "CREDIT", "TRANSACTION"),
  why("TREASURY", "ORDER", "RELEASE"),
] as const;

/** A bank and the treasury see that rank or exclusion blocks, never why. */
export const trace: OpensAid = {
  ministry: [...ALL, ...EXPLAINED],
  district: [...ALL, ...EXPLAINED],
  citizen: [...NAMED, ...ALL, ...EXPLAINED],
  bank: [...WHOSE, ...NAMED, ...BANKS, ...EXPLAINED],
  treasury: [...WHOSE, ...NAMED, ...TREASURYS, ...EXPLAINED],
  education: [
    ...WHOSE,
    ...NAMED,
    ...why("QUOTA", "DECREE", "ACCOUNT", "TREASURY", "ORDER", "RELEASE", "CREDIT", "TRANSACTION"),
    ...EXPLAINED,
  ],
  health: [...WHOSE, ...NAMED, ...why("QUOTA", "DECREE", "ORDER", "CREDIT"), ...EXPLAINED],
  notForPrograms: ["PaymentTrace.rank", "Person.registryStanding"],
};
