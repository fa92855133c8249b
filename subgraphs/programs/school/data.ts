import { and, asc, count, desc, eq, isNull, or, type SQL, sql } from "drizzle-orm";
import type { Db } from "../../../drizzle/client.ts";
import { schoolAid, schoolGradeRule, schoolNomination } from "../../../drizzle/tables/programs/school.ts";
import type { RegionRange } from "../../../schema/values/regionCode.ts";
import { isBehind, isInRegions, isOneOf, uuids } from "../../kit/data.ts";
import type { Window } from "../../kit/page.ts";

export type NominationRow = typeof schoolNomination.$inferSelect;
export type SchoolAidRow = typeof schoolAid.$inferSelect;
export type GradeRuleRow = typeof schoolGradeRule.$inferSelect;

const MAX_OF_A_LIST = 100;

/** Decrees of a year, newest first. */
export const nominationsOfYear = (db: Db, year: number): Promise<NominationRow[]> =>
  db
    .select()
    .from(schoolNomination)
    .where(eq(schoolNomination.year, year))
    .orderBy(desc(schoolNomination.madeAt), schoolNomination.id)
    .limit(MAX_OF_A_LIST);

/** Decrees by id. Any order. */
export const nominationsById = (db: Db, ids: readonly string[]): Promise<NominationRow[]> =>
  db
    .select()
    .from(schoolNomination)
    .where(isOneOf(schoolNomination.id, uuids(ids), "uuid"));

/** The decree of a number. */
export const nominationOf = async (db: Db, number: string): Promise<NominationRow | undefined> =>
  (await db.select().from(schoolNomination).where(eq(schoolNomination.number, number)))[0];

/** Makes a decree; who and when are the database's to say. */
export const insertNomination = async (
  db: Db,
  row: Pick<NominationRow, "id" | "number" | "year" | "activateBy">,
): Promise<NominationRow | undefined> =>
  (
    await db
      .insert(schoolNomination)
      .values({ ...row, madeBy: "", madeAt: new Date(0).toISOString() })
      .returning()
  )[0];

export interface Seen {
  readonly id: string;
  readonly version: number;
}

/** Moves the deadline of a decree that is still as it was seen; undefined: it is not. */
export const extendNomination = async (
  db: Db,
  { id, version }: Seen,
  step: Pick<NominationRow, "activateBy" | "extensionReason">,
): Promise<NominationRow | undefined> =>
  (
    await db
      .update(schoolNomination)
      .set(step)
      .where(and(isOneOf(schoolNomination.id, uuids([id]), "uuid"), eq(schoolNomination.version, version)))
      .returning()
  )[0];

/** School aids by id. Any order; what is unknown, or the asker's to know nothing of, is absent. */
export const aidsById = (db: Db, ids: readonly string[]): Promise<SchoolAidRow[]> =>
  db
    .select()
    .from(schoolAid)
    .where(isOneOf(schoolAid.id, uuids(ids), "uuid"));

/** Aids of a person, newest year first. */
export const aidsOf = (db: Db, person: string): Promise<SchoolAidRow[]> =>
  db
    .select()
    .from(schoolAid)
    .where(eq(schoolAid.personId, person))
    .orderBy(desc(schoolAid.year), schoolAid.id)
    .limit(MAX_OF_A_LIST);

export interface SchoolAidList {
  readonly regions: readonly RegionRange[];
  readonly year: number | null;
  readonly state: SchoolAidRow["state"] | null;
}

const isListed = ({ regions, year, state }: SchoolAidList): SQL | undefined =>
  and(
    isInRegions(schoolAid.region, regions),
    year === null ? undefined : eq(schoolAid.year, year),
    state === null ? undefined : eq(schoolAid.state, state),
  );

/** One window of a list, in order of id. No region, no aid: answered without SQL. */
export async function listAids(db: Db, list: SchoolAidList, { limit, after }: Window): Promise<SchoolAidRow[]> {
  if (list.regions.length === 0) return [];
  return db
    .select()
    .from(schoolAid)
    .where(and(isListed(list), isBehind([schoolAid.id], after)))
    .orderBy(asc(schoolAid.id))
    .limit(limit);
}

/** Length of a list. */
export async function countAids(db: Db, list: SchoolAidList): Promise<number> {
  if (list.regions.length === 0) return 0;
  const [row] = await db.select({ n: count() }).from(schoolAid).where(isListed(list));
  return row?.n ?? 0;
}

/** How many aids of a year the asker sees in each state; states without any are absent. */
export const countsOfYear = (db: Db, year: number) =>
  db
    .select({ state: schoolAid.state, count: count() })
    .from(schoolAid)
    .where(eq(schoolAid.year, year))
    .groupBy(schoolAid.state)
    .orderBy(schoolAid.state);

/** Classes and the months of aid each gets, as they hold on a day (`YYYY-MM-DD`). */
export const gradeRulesOn = (db: Db, day: string): Promise<GradeRuleRow[]> =>
  db
    .select()
    .from(schoolGradeRule)
    .where(
      and(
        sql`${schoolGradeRule.validFrom} <= ${day}`,
        or(isNull(schoolGradeRule.validTo), sql`${schoolGradeRule.validTo} >= ${day}`),
      ),
    )
    .orderBy(schoolGradeRule.grade);

/** Of these persons those whom the eligibility engine refuses for KIP; what a school attests itself (class, rank) refuses nobody. */
export async function barredPupils(db: Db, persons: readonly string[]): Promise<Set<string>> {
  const rows = await db.execute<{ person_id: string }>(
    sql`select person_id from programs.judged('KIP', ${sql.param([...persons])}::uuid[], array['NO_COMPONENT', 'INCOMPLETE_DATA']) where reasons <> '{}'`,
  );
  return new Set([...rows].map((row) => row.person_id));
}

/** Of these persons and pupil numbers those aided in a year already, where the asker may see. */
export async function aidedIn(
  db: Db,
  year: number,
  { persons, nisns }: { readonly persons: readonly string[]; readonly nisns: readonly string[] },
): Promise<Set<string>> {
  const rows = await db
    .select({ personId: schoolAid.personId, nisn: schoolAid.nisn })
    .from(schoolAid)
    .where(
      and(
        eq(schoolAid.year, year),
        sql`${schoolAid.state} <> 'CANCELLED'`,
        or(isOneOf(schoolAid.personId, persons, "uuid"), isOneOf(schoolAid.nisn, nisns, "text")),
      ),
    );
  return new Set(rows.flatMap(({ personId, nisn }) => [personId, nisn]));
}

type NewAid = Pick<SchoolAidRow, "id" | "personId" | "region" | "nominationId" | "level" | "grade" | "npsn" | "nisn">;

/** Nominates pupils in one statement; year, amount and who did it are the database's to say. */
export const insertAids = (db: Db, rows: readonly NewAid[]) =>
  db.insert(schoolAid).values(rows.map((row) => ({ ...row, program: "KIP", year: 0, amount: "1", nominatedBy: "" })));

type Step = Partial<Pick<SchoolAidRow, "state" | "activatedOn" | "grantDecree">>;

/** Moves aids that are still as they were seen, in one statement; the others are absent from the answer. */
export const moveAids = (db: Db, seen: readonly Seen[], step: Step): Promise<SchoolAidRow[]> => {
  const known = seen.filter(({ id }) => uuids([id]).length > 0);
  const [ids, versions] = [known.map(({ id }) => id), known.map(({ version }) => version)];
  return db
    .update(schoolAid)
    .set(step)
    .where(
      sql`(${schoolAid.id}, ${schoolAid.version}) in (select * from unnest(${sql.param(ids)}::uuid[], ${sql.param(versions)}::int[]))`,
    )
    .returning();
};
