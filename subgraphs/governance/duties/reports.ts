import { randomUUID } from "node:crypto";
import { Refusal } from "../../../schema/errors.ts";
import { dayInWib } from "../../../schema/values/wib.ts";
import { badInput } from "../../kit/errors.ts";
import type { Asking } from "../../kit/serve/context.ts";
import { ruled } from "../faults.ts";
import { stewardFor } from "../lifecycle/needs.ts";
import { insertReport, moveDue, type Owed, type ReportRow, reportOwed, usageText } from "./data.ts";
import { conflict, told } from "./words.ts";

interface Days {
  readonly from: string;
  readonly to: string;
}
interface Count {
  readonly requests: number;
}
/** What the record says of an agreement's use, as governance.usage_of counts it. */
export interface Usage extends Days, Count {
  readonly refused: number;
  readonly persons: number;
  readonly coordinates: readonly (Count & { readonly coordinate: string })[];
  readonly denials: readonly (Count & { readonly coordinate: string })[];
  readonly refusals: readonly (Count & { readonly code: string })[];
  readonly months: readonly (Count & {
    readonly month: string;
    readonly refused: number;
    readonly denied: number;
    readonly persons: number;
  })[];
}

const usageIn = (text: string, { from, to }: Days): Usage => ({ ...(JSON.parse(text) as Usage), from, to });
/** A report's figures as they were when it was submitted. */
export const usageOf = ({ body, fromDay, toDay }: ReportRow): Usage => usageIn(body, { from: fromDay, to: toDay });

const DAY_MS = 24 * 60 * 60 * 1000;
const MAX_DAYS = 366;

export const reports = ({ db, write, caller, now }: Asking) => ({
  /** Null: no agreement of the asker's. */
  async preview(number: string, days: Days): Promise<Usage | null> {
    const length = (Date.parse(days.to) - Date.parse(days.from)) / DAY_MS + 1;
    if (length < 1 || length > MAX_DAYS) throw badInput(`from, to: must span 1 to ${MAX_DAYS} days`);
    const text = await usageText(db, number, days);
    return text === null ? null : usageIn(text, days);
  },
  /** Submits the report that is due and moves the due day; both or neither. */
  submit: (number: string, note: string | null): Promise<ReportRow | null> =>
    ruled(
      write(async (to) => {
        const steward = await stewardFor(to, caller, "submitSemesterReport");
        const today = dayInWib(now);
        const days = mayBeSubmitted(await reportOwed(to, number, today), { number, agency: steward.agencyCode, today });
        if (!(await moveDue(to, number, days.due))) throw conflict(`the report of ${number} has just been submitted`);
        const body = await usageText(to, number, days);
        if (body === null) throw new Error(`governance.usage_of knows no ${number}`);
        const made = { id: randomUUID(), agreementNumber: number, fromDay: days.from, toDay: days.to, body };
        const [row] = await insertReport(to, {
          ...made,
          note: note === null ? null : told("note", note),
          submittedBy: steward.id,
          submittedAt: now.toISOString(),
        });
        return row ?? null;
      }),
    ),
});

function mayBeSubmitted(
  owed: Owed | undefined,
  { number, agency, today }: { readonly number: string; readonly agency: string; readonly today: string },
): Days & { readonly due: string } {
  if (owed?.consumer !== agency)
    throw new Refusal({
      code: "FORBIDDEN",
      detail: `a report of ${number} is submitted by a steward of the agency that uses it`,
    });
  const { due, opens, from, to } = owed;
  if (due === null) throw conflict(`${number} owes no semester report`);
  if (today < opens) throw conflict(`the next report of ${number} may be submitted from ${opens}`);
  if (to < from) throw conflict(`${number} has nothing to report yet: all days before today are reported`);
  return { due, from, to };
}
