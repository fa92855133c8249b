import type { Loader } from "../../../drizzle/copy.ts";
import { resultsOf } from "../../../drizzle/tables/population/matching.ts";
import type { Predicted } from "../matching/decide/rehearsal.ts";
import { REASONS, type Reason, reasonsOf } from "./engine/reasons.ts";

/** Rows of one status whose main reason is the same; null: nothing is odd about them. */
export interface Counted {
  readonly status: string;
  readonly reason: Reason | null;
  readonly rows: number;
  readonly firstLine: number;
}

/** What came of a file. Rows of `counted` and of `rejected` together are the rows of the file. */
export interface Report {
  readonly rows: number;
  readonly counted: readonly Counted[];
  /** Lines that are no rows, by reason. */
  readonly rejected: readonly { readonly reason: string; readonly rows: number; readonly firstLine: number }[];
  /** Rows to which a reason applies, whether or not it is the main one. */
  readonly reasons: Readonly<Partial<Record<Reason, number>>>;
  /** Odd about the file as a whole: keys of WARNINGS. */
  readonly warnings: readonly Warning[];
  readonly rehearsal: RehearsalReport;
}

export interface RehearsalReport {
  readonly people: number;
  readonly matchRate: number;
  readonly threshold: number;
  /** Of the threshold; null where nothing could be rehearsed. */
  readonly predicted: Predicted | null;
  readonly thresholds: readonly Predicted[];
}

export const WARNINGS = {
  NO_LAST_LINE_BREAK: "the last line has no line break: the file may have been cut off",
  SPREADSHEET_NIKS: "many NIKs have lost their last digit: the file has been through a spreadsheet; take the NIK column as text",
} as const;
export type Warning = keyof typeof WARNINGS;

/** Share of rows with a cut NIK from which a spreadsheet did it. */
const MANY = 0.05;

interface Asked {
  readonly id: string;
  readonly number: number;
  readonly rows: number;
}

/** Counts what is stored; throws when it does not add up to the rows of the file. */
export async function reportOn(loader: Loader, { id, number, rows }: Asked, rehearsal: RehearsalReport): Promise<Report> {
  const counted = (
    await loader.query<{ status: string; main: number; rows: number; firstLine: number }>(
      `select status, reasons & -reasons as main, count(*)::int as rows, min(line) as "firstLine" from ${resultsOf(number)}
       group by status, main order by status, main`,
    )
  ).map(({ main, ...rest }) => ({ ...rest, reason: reasonsOf(main)[0] ?? null }));
  const rejected = await loader.query<{ reason: string; rows: number; firstLine: number }>(
    `select reason, count(*)::int as rows, min(line) as "firstLine" from match.reject where job = $1 group by reason order by reason`,
    [id],
  );
  const sum = [...counted, ...rejected].reduce((total, group) => total + group.rows, 0);
  if (sum !== rows) throw new Error(`rows do not add up, so the job is not finished: ${sum} of ${rows}`);
  const reasons = await countReasons(loader, number);
  return { rows, counted, rejected, reasons, warnings: await warningsOf(loader, id, { reasons, rows }), rehearsal };
}

async function countReasons(loader: Loader, number: number): Promise<Partial<Record<Reason, number>>> {
  const sets = await loader.query<{ reasons: number; n: number }>(
    `select reasons, count(*)::int as n from ${resultsOf(number)} group by reasons`,
  );
  const count = (reason: Reason) => sets.reduce((sum, set) => sum + (reasonsOf(set.reasons).includes(reason) ? set.n : 0), 0);
  return Object.fromEntries(REASONS.map((reason) => [reason, count(reason)] as const).filter(([, n]) => n > 0));
}

async function warningsOf(
  loader: Loader,
  id: string,
  { reasons, rows }: { reasons: Partial<Record<Reason, number>>; rows: number },
): Promise<Warning[]> {
  const [last] = await loader.query<{ byte: number }>(
    "select get_byte(content, bytes - 1) as byte from match.chunk where job = $1 and bytes > 0 order by ordinal desc limit 1",
    [id],
  );
  const isCut = last !== undefined && last.byte !== LF && last.byte !== CR;
  const isSpreadsheet = (reasons.NIK_TRUNCATED ?? 0) > MANY * rows;
  return [...(isCut ? (["NO_LAST_LINE_BREAK"] as const) : []), ...(isSpreadsheet ? (["SPREADSHEET_NIKS"] as const) : [])];
}
const LF = 10;
const CR = 13;

const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;

/** The sentence every report owes: how far its automatic matches can be trusted. */
export function trustSentence({ rehearsal: { predicted, threshold } }: Report): string {
  if (predicted === null)
    return `Too few rows have a NIK that proves itself to predict errors: automatic from ${threshold.toFixed(1)} bits, uncalibrated.`;
  const { precision, low, high, falseMatches } = predicted;
  return (
    `Of the automatic matches without an exact NIK ${percent(precision)} are predicted to be right (95 % interval ${percent(low)} to ` +
    `${percent(high)}), from ${threshold.toFixed(1)} bits; of rows about absent people ${percent(falseMatches)} are matched to somebody.`
  );
}
