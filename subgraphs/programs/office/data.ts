import { and, asc, eq, isNull, or, sql } from "drizzle-orm";
import type { Db } from "../../../drizzle/client.ts";
import { officerDuty, transition } from "../../../drizzle/tables/programs/office.ts";
import { isOneOf, uuids } from "../../kit/data.ts";

export type DutyRow = typeof officerDuty.$inferSelect;
export type TransitionRow = typeof transition.$inferSelect;

/** Duties of an officer for the agency that asks which hold at an instant, by role, program and region. */
export const dutiesAt = (db: Db, officer: string, now: Date): Promise<DutyRow[]> => {
  const at = now.toISOString();
  return db
    .select()
    .from(officerDuty)
    .where(
      and(
        eq(officerDuty.officerId, officer),
        sql`${officerDuty.agency} = programs.agency()`,
        sql`${officerDuty.validFrom} <= ${at}`,
        or(isNull(officerDuty.validTo), sql`${officerDuty.validTo} > ${at}`),
      ),
    )
    .orderBy(asc(officerDuty.role), asc(officerDuty.program), asc(officerDuty.region));
};

/** Histories of rows of one kind, oldest first within each. */
export const transitionsOf = (db: Db, kind: string, ids: readonly string[]): Promise<TransitionRow[]> =>
  db
    .select()
    .from(transition)
    .where(and(eq(transition.subjectKind, kind), isOneOf(transition.subjectId, uuids(ids), "uuid")))
    .orderBy(asc(transition.id));
