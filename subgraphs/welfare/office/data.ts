import { and, asc, eq, isNull, or, sql } from "drizzle-orm";
import type { Db } from "../../../drizzle/client.ts";
import { officerDuty, transition } from "../../../drizzle/tables/welfare/office.ts";
import { isOneOf, uuids } from "../../kit/data.ts";

export type DutyRow = typeof officerDuty.$inferSelect;
export type TransitionRow = typeof transition.$inferSelect;

/** Duties of an officer for the agency that asks which hold at an instant, by role and region. */
export const dutiesAt = (db: Db, officer: string, now: Date): Promise<DutyRow[]> => {
  const at = now.toISOString();
  return db
    .select()
    .from(officerDuty)
    .where(
      and(
        eq(officerDuty.officerId, officer),
        sql`${officerDuty.agency} = welfare.agency()`,
        sql`${officerDuty.validFrom} <= ${at}`,
        or(isNull(officerDuty.validTo), sql`${officerDuty.validTo} > ${at}`),
      ),
    )
    .orderBy(asc(officerDuty.role), asc(officerDuty.region));
};

/** Histories of rows of one kind, oldest first within each. */
export const transitionsOf = (db: Db, kind: string, ids: readonly string[]): Promise<TransitionRow[]> =>
  db
    .select()
    .from(transition)
    .where(and(eq(transition.subjectKind, kind), isOneOf(transition.subjectId, uuids(ids), "uuid")))
    .orderBy(asc(transition.id));

/** Duties by id. Any order. */
export const dutiesById = (db: Db, ids: readonly string[]): Promise<DutyRow[]> =>
  db
    .select()
    .from(officerDuty)
    .where(isOneOf(officerDuty.id, uuids(ids), "uuid"));

/** Writes a duty; the rules of the database say who may. */
export async function insertDuty(db: Db, duty: typeof officerDuty.$inferInsert): Promise<DutyRow | undefined> {
  return (await db.insert(officerDuty).values(duty).returning())[0];
}

/** Ends a duty now; undefined when there is none in force of that id. */
export async function endDuty(db: Db, id: string, at: string): Promise<DutyRow | undefined> {
  return (
    await db
      .update(officerDuty)
      .set({ validTo: at })
      .where(and(eq(officerDuty.id, id), isNull(officerDuty.validTo)))
      .returning()
  )[0];
}
