import { and, asc, desc, eq, getTableColumns, gte, isNotNull, lte, sql } from "drizzle-orm";
import type { Db } from "../../drizzle/client.ts";
import { mealAid, mealMonth, mealStep } from "../../drizzle/tables/banyuwangi.ts";
import type { RegionRange } from "../../schema/values/regionCode.ts";
import { isBehind, isInRegions, isOneOf, uuids } from "../kit/data.ts";
import type { Window } from "../kit/page.ts";

export type AidRow = typeof mealAid.$inferSelect;
export type MonthRow = typeof mealMonth.$inferSelect;
export type StepRow = typeof mealStep.$inferSelect;
/** Somebody whose row another slice owns. */
export interface Ref {
  readonly id: string;
}
/** A family as the gateway hands it over: with its members. */
export interface FamilyRef extends Ref {
  readonly members?: readonly { readonly person: Ref | null }[] | null;
}

/** Aids by id. Any order. */
export const aidsById = (db: Db, ids: readonly string[]): Promise<AidRow[]> =>
  db
    .select()
    .from(mealAid)
    .where(isOneOf(mealAid.id, uuids(ids), "uuid"));

/** The latest aid of each person. */
export const latestAids = (db: Db, persons: readonly string[]): Promise<AidRow[]> =>
  db
    .selectDistinctOn([mealAid.personId])
    .from(mealAid)
    .where(isOneOf(mealAid.personId, uuids(persons), "uuid"))
    .orderBy(mealAid.personId, desc(mealAid.startedOn), mealAid.id);

/** One window of a list, in order of id. No region, no aid: answered without SQL. */
export async function listAids(db: Db, regions: readonly RegionRange[], { limit, after }: Window): Promise<AidRow[]> {
  if (regions.length === 0) return [];
  return db
    .select()
    .from(mealAid)
    .where(and(isInRegions(mealAid.region, regions), isBehind([mealAid.id], after)))
    .orderBy(asc(mealAid.id))
    .limit(limit);
}

/** How many the list has. */
export const countAids = async (db: Db, regions: readonly RegionRange[]): Promise<number> =>
  regions.length === 0 ? 0 : db.$count(mealAid, isInRegions(mealAid.region, regions));

/** The latest `n` months of each aid, newest first within each. */
export async function latestMonths(db: Db, aids: readonly string[], n: number): Promise<MonthRow[]> {
  const newestFirst = sql`row_number() over (partition by ${mealMonth.aidId} order by ${mealMonth.month} desc)`;
  const numbered = db
    .select({ ...getTableColumns(mealMonth), place: newestFirst.as("place") })
    .from(mealMonth)
    .where(isOneOf(mealMonth.aidId, uuids(aids), "uuid"))
    .as("numbered");
  return db.select().from(numbered).where(lte(numbered.place, n)).orderBy(numbered.aidId, numbered.place);
}

/** The latest `n` acts of each aid, newest first within each. */
export async function latestSteps(db: Db, aids: readonly string[], n: number): Promise<StepRow[]> {
  const newestFirst = sql`row_number() over (partition by ${mealStep.aidId} order by ${mealStep.id} desc)`;
  const numbered = db
    .select({ ...getTableColumns(mealStep), place: newestFirst.as("place") })
    .from(mealStep)
    .where(isOneOf(mealStep.aidId, uuids(aids), "uuid"))
    .as("numbered");
  return db.select().from(numbered).where(lte(numbered.place, n)).orderBy(numbered.aidId, numbered.place);
}

/** A period, whole days. */
export interface Period {
  readonly from: string;
  readonly to: string;
}
export interface PersonSum {
  readonly personId: string;
  /** Whole rupiah. */
  readonly value: string;
}

/** Of each person who ever got meals what those of the confirmed months that begin in the period were worth. */
export const sumsOf = (db: Db, persons: readonly string[], { from, to }: Period): Promise<PersonSum[]> =>
  db
    .select({
      personId: mealAid.personId,
      value: sql<string>`coalesce(sum(${mealMonth.value}), 0)::text`,
    })
    .from(mealAid)
    .leftJoin(
      mealMonth,
      and(
        eq(mealMonth.aidId, mealAid.id),
        gte(mealMonth.month, from),
        lte(mealMonth.month, to),
        isNotNull(mealMonth.confirmedBy),
      ),
    )
    .where(isOneOf(mealAid.personId, uuids(persons), "uuid"))
    .groupBy(mealAid.personId);

/** Begins an aid; the rules of the database hold who may. */
export const insertAid = async (db: Db, row: typeof mealAid.$inferInsert): Promise<AidRow | undefined> =>
  (await db.insert(mealAid).values(row).returning())[0];

/** Ends an aid of that version; undefined: it is another by now, or unknown. */
export const endAid = async (
  db: Db,
  { id, version }: Pick<AidRow, "id" | "version">,
  end: Pick<AidRow, "endedOn" | "reason" | "endedBy">,
): Promise<AidRow | undefined> =>
  (
    await db
      .update(mealAid)
      .set(end)
      .where(and(isOneOf(mealAid.id, uuids([id]), "uuid"), eq(mealAid.version, version)))
      .returning()
  )[0];

/** Records a month; its value is the database's to say. */
export const insertMonth = async (db: Db, row: Omit<typeof mealMonth.$inferInsert, "value">): Promise<MonthRow | undefined> =>
  (
    await db
      .insert(mealMonth)
      .values({ ...row, value: "0" })
      .returning()
  )[0];

/** Corrects or confirms a month of that version; undefined: it is another by now, or unknown. */
export const changeMonth = async (
  db: Db,
  { aidId, month, version }: Pick<MonthRow, "aidId" | "month" | "version">,
  change: Pick<MonthRow, "reason"> & Partial<Pick<MonthRow, "meals" | "recordedBy" | "confirmedBy">>,
): Promise<MonthRow | undefined> =>
  (
    await db
      .update(mealMonth)
      .set(change)
      .where(and(isOneOf(mealMonth.aidId, uuids([aidId]), "uuid"), eq(mealMonth.month, month), eq(mealMonth.version, version)))
      .returning()
  )[0];
