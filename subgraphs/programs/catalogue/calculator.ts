import { awardFor, type Counting, countComponents, type Rate } from "../../../schema/aid/components.ts";

/** The part of a term that an amount hangs on. */
interface Term {
  readonly monthsAPayment: number;
  /** Whole rupiah; null: the components say. */
  readonly monthly: string | null;
  readonly mostCounted: number | null;
}

export interface Calculated {
  readonly program: string;
  readonly on: string;
  readonly months: number;
  readonly amount: bigint;
  readonly yearly: bigint;
  readonly paymentsAYear: number | null;
  readonly paidAYear: bigint | null;
  readonly counted: readonly { readonly component: string; readonly yearly: bigint; readonly portion: bigint }[];
  readonly dropped: Counting<{ readonly component: string }>["dropped"];
}

interface Question {
  readonly program: string;
  readonly on: string;
  readonly term: Term;
  readonly rates: readonly Rate[];
  /** In order of suffix. */
  readonly components: readonly string[];
  /** 1 to 12. */
  readonly months: number;
}

const YEAR = 12;

/** What a catalogue gives for components and months, and how it comes about. Pure. As programs.award() of the database: a test holds them together. */
export function calculate({ program, on, term, rates, components, months }: Question): Calculated {
  const brought = components.map((component) => ({ component }));
  const { counted, dropped } = countComponents(brought, { rates, most: term.mostCounted });
  const worth = (n: number) => (term.monthly === null ? awardFor(counted, n) : BigInt(term.monthly) * BigInt(n));
  const paymentsAYear = YEAR % months === 0 ? YEAR / months : null;
  return {
    ...{ program, on, months, paymentsAYear, dropped },
    amount: worth(months),
    yearly: worth(YEAR),
    paidAYear: paymentsAYear === null ? null : BigInt(paymentsAYear) * worth(months),
    counted: counted.map((one) => ({ ...one, portion: awardFor([one], months) })),
  };
}
