import type { Db } from "../../../drizzle/client.ts";
import { dayInWib } from "../../../schema/values/wib.ts";
import { badInput } from "../../kit/errors.ts";
import type { Asking } from "../../kit/serve/context.ts";
import { csvOf } from "./csv.ts";
import { accountabilityText, type SanctionRow, sanctionsWithin } from "./data.ts";

export interface Reported {
  readonly number: string;
  readonly title: string;
  readonly consumerAgency: string;
  readonly purposeCode: string;
  readonly requests: number;
  readonly refused: number;
  readonly fields: readonly {
    readonly coordinate: string;
    readonly shown: number;
    readonly masked: number;
    readonly denied: number;
  }[];
}

/** As governance.accountability_of counts it, with the sanctions. */
export interface Accountability {
  readonly from: string;
  readonly to: string;
  readonly requests: number;
  readonly refused: number;
  readonly sealed: number;
  readonly refusals: readonly { readonly code: string; readonly requests: number }[];
  /** Codes of agencies. */
  readonly partners: readonly string[];
  readonly agreements: readonly Reported[];
  readonly subjectRequests: number;
  readonly clockBreaches: number;
  readonly lapsedObjections: number;
  readonly breaches: number;
  readonly breachesToldInTime: number;
  readonly sanctions: readonly SanctionRow[];
}

const FIRST_YEAR = 2025;

/** First and last day of a year or of one of its months. Refusal BAD_USER_INPUT where there is no such period. */
function daysOf(year: number, month: number | null): { readonly from: string; readonly to: string } {
  if (year < FIRST_YEAR || year > 9999) throw badInput(`year: from ${FIRST_YEAR} on`);
  if (month !== null && (month < 1 || month > 12)) throw badInput("month: 1 to 12");
  const day = (at: number) => new Date(at).toISOString().slice(0, 10);
  const [first, after] =
    month === null ? [Date.UTC(year, 0), Date.UTC(year + 1, 0)] : [Date.UTC(year, month - 1), Date.UTC(year, month)];
  return { from: day(first), to: day(after - 1) };
}

/** The public report of a period; null before it begins. */
export const accountability =
  ({ db, now }: Asking) =>
  async (year: number, month: number | null): Promise<Accountability | null> => {
    const { from, to } = daysOf(year, month);
    return from > dayInWib(now) ? null : reportOn(db, from, to);
  };

async function reportOn(db: Db, from: string, to: string): Promise<Accountability> {
  const told = JSON.parse(await accountabilityText(db, from, to)) as Omit<Accountability, "sanctions">;
  const before = new Date(Date.parse(`${to}T00:00:00+07:00`) + 24 * 60 * 60 * 1000).toISOString();
  return { ...told, sanctions: await sanctionsWithin(db, { since: `${from}T00:00:00+07:00`, before }) };
}

/** The report as one table. */
export function accountabilityCsv(report: Accountability): string {
  const whole = (
    [
      "requests",
      "refused",
      "sealed",
      "subjectRequests",
      "clockBreaches",
      "lapsedObjections",
      "breaches",
      "breachesToldInTime",
    ] as const
  ).map((item) => ["WHOLE", null, null, item, null, report[item]] as const);
  const refusals = report.refusals.map(({ code, requests }) => ["REFUSAL", null, null, code, null, requests] as const);
  const agreements = report.agreements.flatMap(({ number, title, consumerAgency, requests, refused, fields }) => [
    ["AGREEMENT", consumerAgency, number, title, "requests", requests] as const,
    ["AGREEMENT", consumerAgency, number, title, "refused", refused] as const,
    ...fields.flatMap(({ coordinate, ...counts }) =>
      Object.entries(counts).map(
        ([outcome, requests]) => ["FIELD", consumerAgency, number, coordinate, outcome, requests] as const,
      ),
    ),
  ]);
  const sanctions = report.sanctions.map(
    ({ agencyCode, decision, kind }) => ["SANCTION", agencyCode, null, decision, kind, 1] as const,
  );
  return csvOf(
    ["section", "agency", "agreement", "item", "outcome", "count"],
    [...whole, ...refusals, ...agreements, ...sanctions],
  );
}
