import { sql } from "drizzle-orm";
import type { Db } from "../../../drizzle/client.ts";
import type { TraceStep } from "../../../schema/aid/trace.ts";
import { uuids } from "../../kit/data.ts";
import type { Words } from "./explain.ts";
import type { Days } from "./period.ts";
import type { Facts } from "./walk.ts";

/** What is said of a step; `reason`: a code, or empty for all others. */
export interface WordsRow extends Words {
  readonly step: TraceStep;
  readonly reason: string;
}
export interface FactsRow extends Facts {
  readonly person: string;
}
/** Of whom, but for the person. */
export interface AskedFor {
  readonly program: string;
  readonly period: string;
}

/** What the programs know of the aid of persons for a period: one statement whatever their number. Any order; who is not the asker's to know is absent. */
export const factsOf = async (
  db: Db,
  { program, period, begins, ends, now }: AskedFor & Days & { readonly now: Date },
  personIds: readonly string[],
): Promise<FactsRow[]> => [
  ...(await db.execute<Record<string, unknown> & FactsRow>(
    sql`select person, drawn_by_another as "drawnByAnother", is_judged as "isJudged", is_eligible as "isEligible", reasons, enrolment_state as "enrolmentState",
      started_on::text as "startedOn", ended_on::text as "endedOn", is_flagged as "isFlagged", place::text, school_state as "schoolState", payment_state as "paymentState", failure, held_for as "heldFor",
      credited_on::text as "creditedOn"
      from programs.trace_facts(${program}, ${period}, ${begins}::date, ${ends}::date, ${sql.param(uuids(personIds))}::uuid[], ${now.toISOString()}::timestamptz)`,
  )),
];

/** All that is said of steps and reasons. Any order. */
export const traceWords = async (db: Db): Promise<WordsRow[]> => [
  ...(await db.execute<Record<string, unknown> & WordsRow>(
    sql`select step, reason, office, text_id as "textId", text_en as "textEn", remedy_id as "remedyId", remedy_en as "remedyEn", bring_id as "bringId",
      bring_en as "bringEn", usual_days as "usualDays", source from programs.trace_words`,
  )),
];
