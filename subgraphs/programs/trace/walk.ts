import { type TraceStep as Step, TRACE_STEPS } from "../../../schema/aid/trace.ts";

export type State = "PASSED" | "UNDER_WAY" | "BLOCKED" | "NOT_REACHED" | "UNKNOWN";

/** What the programs know of the aid of a person for a period. Null: nothing of the kind. */
export interface Facts {
  readonly drawnByAnother: boolean;
  /** Whether there was anything to judge by: a delivery of the registry, and a term of the program. */
  readonly isJudged: boolean;
  /** Null: the data judged by do not hold the person. */
  readonly isEligible: boolean | null;
  readonly reasons: readonly string[] | null;
  readonly enrolmentState: string | null;
  readonly startedOn: string | null;
  readonly endedOn: string | null;
  readonly isFlagged: boolean | null;
  /** Place in the waiting list, 1 is next. */
  readonly place: string | null;
  /** Of a pupil (PIP): how the nomination of the year stands, while nothing of it is paid. */
  readonly schoolState: string | null;
  readonly paymentState: string | null;
  /** Code of the bank or treasury that says why a check failed. */
  readonly failure: string | null;
  readonly heldFor: string | null;
  readonly creditedOn: string | null;
}

/** Where the aid stands: everything before is passed, everything behind not reached. `at` null: all of it is passed. */
export interface Halt {
  readonly at: Step | null;
  readonly state: State;
  readonly reasons: readonly string[];
}

const halt = (at: Step, state: State, reasons: readonly string[] = []): Halt => ({ at, state, reasons });
const DONE: Halt = { at: null, state: "PASSED", reasons: [] };

/** Where a payment stands by its state in the chain (domain: rantai pembayaran). */
const BY_PAYMENT: Readonly<Record<string, readonly [Step, State] | null>> = {
  CANDIDATE: ["DECREE", "UNDER_WAY"],
  EXCLUDED: ["EXCLUSION", "BLOCKED"],
  ACCOUNT_CHECK: ["ACCOUNT", "UNDER_WAY"],
  ACCOUNT_CHECK_FAILED: ["ACCOUNT", "BLOCKED"],
  ACCOUNT_OPENING: ["ACCOUNT", "UNDER_WAY"],
  TREASURY_CHECK: ["TREASURY", "UNDER_WAY"],
  TREASURY_CHECK_FAILED: ["TREASURY", "BLOCKED"],
  ORDER_PENDING: ["ORDER", "UNDER_WAY"],
  ORDER_ISSUED: ["RELEASE", "UNDER_WAY"],
  FUNDS_RELEASED: ["CREDIT", "UNDER_WAY"],
  STANDING_INSTRUCTION: ["CREDIT", "UNDER_WAY"],
  CREDITED: ["TRANSACTION", "UNDER_WAY"],
  TRANSACTED: null,
  NOT_TRANSACTED: ["TRANSACTION", "BLOCKED"],
  RETURNED: ["TRANSACTION", "BLOCKED"],
};

/** Reasons of the judge by the step whose they are; all others are exclusions. */
const STEP_OF: Readonly<Record<string, Step>> = {
  NOT_REGISTERED: "REGISTRY",
  WITHDRAWN: "REGISTRY",
  NOT_MATCHED: "MATCH",
  DECEASED: "MATCH",
  DECILE_ABOVE_LIMIT: "RANK",
  INCOMPLETE_DATA: "RANK",
  NO_COMPONENT: "COMPONENT",
};
const stepOf = (reason: string): Step => STEP_OF[reason] ?? "EXCLUSION";

/** The first step that is not passed, of the payment where there is one, else of the enrolment, else of what the judge says. Pure. */
export function haltOf(facts: Facts, { ends }: { readonly ends: string }): Halt {
  if (facts.paymentState !== null) return ofPayment(facts, facts.paymentState);
  return ofSchool(facts) ?? ofEnrolment(facts, ends) ?? ofVerdict(facts);
}

function ofPayment({ heldFor, failure, creditedOn }: Facts, state: string): Halt {
  const place = BY_PAYMENT[state];
  if (place === undefined) return halt("DECREE", "UNKNOWN", [state]);
  // what holds a payment holds whatever has not been credited yet, but what the bank was instructed to pay
  if (heldFor !== null && creditedOn === null && state !== "STANDING_INSTRUCTION")
    return halt(stepOf(heldFor), "BLOCKED", [heldFor]);
  if (place === null) return DONE;
  const [at, reached] = place;
  // under way and yet with a failure: the bank stalls
  return failure === null ? halt(at, reached, state === "RETURNED" ? [state] : []) : halt(at, "BLOCKED", [failure]);
}

/** A nominated pupil's account comes before the decree that grants: what is granted goes the way of all payments. */
function ofSchool({ schoolState }: Facts): Halt | null {
  switch (schoolState) {
    case "NOMINATED":
      return halt("ACCOUNT", "BLOCKED", ["ACTIVATION_DUE"]);
    case "CANCELLED":
      return halt("ACCOUNT", "BLOCKED", ["DEADLINE_MISSED"]);
    case "ACCOUNT_ACTIVATED":
      return halt("ORDER", "UNDER_WAY", ["GRANT_DUE"]);
    default:
      return null;
  }
}

/** The period lies before the enrolment: nothing of it is due, and nobody is at it. */
export const BEGAN_LATER = "BEGAN_LATER";
const isWaiting = (state: string) => state === "WAITING" || state === "CANDIDATE";

function ofEnrolment(facts: Facts, ends: string): Halt | null {
  const { enrolmentState, startedOn, isFlagged } = facts;
  if (enrolmentState === null) return null;
  if ((startedOn ?? "") > ends) return isWaiting(enrolmentState) ? null : halt("DECREE", "BLOCKED", [BEGAN_LATER]);
  switch (enrolmentState) {
    case "ACTIVE":
      return isFlagged ? halt("MATCH", "BLOCKED", ["DECEASED"]) : halt("DECREE", "UNDER_WAY");
    case "SUSPENDED":
      return halt("EXCLUSION", "BLOCKED", ["SUSPENDED"]);
    case "WAITING":
    case "CANDIDATE":
      return ofWaiting(facts);
    default:
      return (facts.endedOn ?? "") > ends ? halt("DECREE", "UNDER_WAY") : halt("EXCLUSION", "BLOCKED", [enrolmentState]);
  }
}

const ofWaiting = ({ enrolmentState, isEligible, reasons }: Facts): Halt =>
  isEligible === false ? blockedBy(reasons) : halt("QUOTA", enrolmentState === "WAITING" ? "BLOCKED" : "UNDER_WAY");

/** Unknown is never "not registered": only a judgement says that. */
function ofVerdict({ isJudged, isEligible, reasons }: Facts): Halt {
  if (!isJudged) return halt("REGISTRY", "UNKNOWN");
  if (isEligible === null) return halt("REGISTRY", "BLOCKED", ["NOT_REGISTERED"]);
  return isEligible ? halt("QUOTA", "UNDER_WAY") : blockedBy(reasons);
}

/** By the first step in order that has a reason, with its reasons alone. */
function blockedBy(reasons: readonly string[] | null): Halt {
  const at = TRACE_STEPS.find((step) => reasons?.some((reason) => stepOf(reason) === step));
  return at === undefined
    ? halt("QUOTA", "UNKNOWN")
    : halt(
        at,
        "BLOCKED",
        (reasons ?? []).filter((reason) => stepOf(reason) === at),
      );
}

/** How each step stands, in order. */
export function stepsOf({ at, state }: Halt): { readonly step: Step; readonly state: State }[] {
  const place = at === null ? TRACE_STEPS.length : TRACE_STEPS.indexOf(at);
  return TRACE_STEPS.map((step, index) => ({ step, state: index < place ? "PASSED" : index === place ? state : "NOT_REACHED" }));
}

/** Credited is paid, drawn or not; what went back is not. */
export function outcomeOf({ at, state }: Halt, { paymentState }: Pick<Facts, "paymentState">) {
  if (at === null || paymentState === "CREDITED" || paymentState === "NOT_TRANSACTED") return "PAID";
  return state === "BLOCKED" || state === "UNDER_WAY" ? state : "UNKNOWN";
}
