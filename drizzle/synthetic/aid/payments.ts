import type { Channel, MadePayment, PaymentState } from "../model.ts";
import { REFERENCE_DATE } from "../people/compose.ts";
import { type Random, uuidFrom } from "../random.ts";

interface Period {
  readonly period: string;
  readonly startsOn: string;
  readonly endsOn: string;
}

const isoDay = (year: number, month: number, day: number) => new Date(Date.UTC(year, month, day)).toISOString().slice(0, 10);
/** Period of `months` months beginning `month` (0 is January). */
const spanning = (period: string, [year, month]: readonly [number, number], months: number): Period => ({
  period,
  startsOn: isoDay(year, month, 1),
  endsOn: isoDay(year, month + months, 0),
});

/** The latest periods of each rhythm up to the third quarter of 2026, newest first; `month` of `lastMonths` counts on from January 2026. */
export const quarters = (count: number): Period[] =>
  lastMonths(count, 3, 6).map(([year, month]) => spanning(`${year}-Q${month / 3 + 1}`, [year, month], 3));
export const months = (count: number, last = 8): Period[] =>
  lastMonths(count, 1, last).map(([year, month]) => spanning(`${year}-${String(month + 1).padStart(2, "0")}`, [year, month], 1));
export const semesters = (count: number): Period[] =>
  lastMonths(count, 6, 6).map(([year, month]) => spanning(`${year}-S${month / 6 + 1}`, [year, month], 6));
export const years = (count: number): Period[] => lastMonths(count, 12, 0).map(([year]) => spanning(String(year), [year, 0], 12));

const THIS_YEAR = 2026;

function lastMonths(count: number, step: number, last: number): (readonly [number, number])[] {
  return Array.from({ length: count }, (_, back) => {
    const month = last - back * step;
    return [THIS_YEAR + Math.floor(month / 12), ((month % 12) + 12) % 12] as const;
  });
}

const RUNNING: readonly (readonly [PaymentState, number])[] = [
  ["CREDITED", 38],
  ["TRANSACTED", 24],
  ["STANDING_INSTRUCTION", 4],
  ["FUNDS_RELEASED", 8],
  ["ORDER_ISSUED", 8],
  ["ORDER_PENDING", 5],
  ["TREASURY_CHECK", 2],
  ["TREASURY_CHECK_FAILED", 1],
  ["ACCOUNT_OPENING", 2],
  ["ACCOUNT_CHECK", 4],
  ["ACCOUNT_CHECK_FAILED", 3],
  ["EXCLUDED", 1],
];
const PAST: readonly (readonly [PaymentState, number])[] = [
  ["TRANSACTED", 93],
  ["NOT_TRANSACTED", 3],
  ["RETURNED", 2],
  ["EXCLUDED", 2],
];
const REACHED_THE_ACCOUNT: ReadonlySet<PaymentState> = new Set(["CREDITED", "TRANSACTED", "NOT_TRANSACTED", "RETURNED"]);
/** Why a payment stands where it does: codes of `payment_failure` that explain the state. */
const FAILURES: Readonly<Partial<Record<PaymentState, readonly string[]>>> = {
  ACCOUNT_CHECK_FAILED: ["ACCOUNT_NOT_FOUND", "ACCOUNT_NAME_DIFFERS", "ACCOUNT_CLOSED"],
  TREASURY_CHECK_FAILED: ["IDENTITY_DIFFERS", "TREASURY_ACCOUNT_INVALID"],
  NOT_TRANSACTED: ["NOT_COLLECTED", "CARD_NOT_DISTRIBUTED"],
  RETURNED: ["NOT_COLLECTED"],
  EXCLUDED: ["NOT_ELIGIBLE", "DUPLICATE_BENEFIT"],
};

/** Payments of one enrolment for these periods. Contributions paid for the member are simply credited. */
export function paymentsOf(
  random: Random,
  enrolmentId: string,
  what: { periods: readonly Period[]; amount: number; channel: Channel },
): MadePayment[] {
  return what.periods.map((period, position) => {
    const isRunning = position === 0 && period.endsOn >= "2026-09";
    const id = uuidFrom(enrolmentId, period.period);
    const state = what.channel === "BPJS_KESEHATAN" ? "CREDITED" : random.weighted(isRunning ? RUNNING : PAST);
    return {
      ...period,
      id,
      amount: what.amount,
      state,
      creditedOn: REACHED_THE_ACCOUNT.has(state) ? creditedIn(random, period) : null,
      channel: what.channel,
      ...failureOf(state, id),
    };
  });
}

/** Drawn from the id: the random source goes on as if nothing had been asked. */
function failureOf(state: PaymentState, id: string): Pick<MadePayment, "failure"> {
  const codes = FAILURES[state] ?? [];
  const failure = codes[Number.parseInt(id.slice(0, 4), 16) % codes.length];
  return failure === undefined ? {} : { failure };
}

function creditedIn(random: Random, { startsOn, endsOn }: Period): string {
  const last = endsOn < REFERENCE_DATE ? endsOn : REFERENCE_DATE;
  const days = Math.floor((Date.parse(last) - Date.parse(startsOn)) / 86_400_000);
  return new Date(Date.parse(startsOn) + random.between(0, Math.min(days, 60)) * 86_400_000).toISOString().slice(0, 10);
}
