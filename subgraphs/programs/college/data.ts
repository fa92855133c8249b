import { and, asc, count, desc, eq, isNull, or, type SQL, sql } from "drizzle-orm";
import type { Db } from "../../../drizzle/client.ts";
import { collegeAid, collegeGround, collegeSemester, tuitionCap } from "../../../drizzle/tables/programs/school.ts";
import type { RegionRange } from "../../../schema/values/regionCode.ts";
import { isBehind, isInRegions, isOneOf, uuids } from "../../kit/data.ts";
import type { Window } from "../../kit/page.ts";
import type { Seen } from "../school/data.ts";

export type CollegeAidRow = typeof collegeAid.$inferSelect;
export type SemesterRow = typeof collegeSemester.$inferSelect;
export type GroundRuleRow = typeof collegeGround.$inferSelect;
export type TuitionCapRow = typeof tuitionCap.$inferSelect;

const MAX_OF_A_PERSON = 100;

/** Aids of a student, newest first. */
export const collegeAidsOf = (db: Db, person: string): Promise<CollegeAidRow[]> =>
  db
    .select()
    .from(collegeAid)
    .where(eq(collegeAid.personId, person))
    .orderBy(desc(collegeAid.since), collegeAid.id)
    .limit(MAX_OF_A_PERSON);

export interface CollegeAidList {
  readonly regions: readonly RegionRange[];
  readonly state: CollegeAidRow["state"] | null;
}

const isListed = ({ regions, state }: CollegeAidList): SQL | undefined =>
  and(isInRegions(collegeAid.region, regions), state === null ? undefined : eq(collegeAid.state, state));

/** One window of a list, in order of id. No region, no aid: answered without SQL. */
export async function listCollegeAids(db: Db, list: CollegeAidList, { limit, after }: Window): Promise<CollegeAidRow[]> {
  if (list.regions.length === 0) return [];
  return db
    .select()
    .from(collegeAid)
    .where(and(isListed(list), isBehind([collegeAid.id], after)))
    .orderBy(asc(collegeAid.id))
    .limit(limit);
}

/** Length of a list. */
export async function countCollegeAids(db: Db, list: CollegeAidList): Promise<number> {
  if (list.regions.length === 0) return 0;
  const [row] = await db.select({ n: count() }).from(collegeAid).where(isListed(list));
  return row?.n ?? 0;
}

/** Reports of aids, first semester first within each. */
export const semestersOfAids = (db: Db, aids: readonly string[]): Promise<SemesterRow[]> =>
  db
    .select()
    .from(collegeSemester)
    .where(isOneOf(collegeSemester.aidId, uuids(aids), "uuid"))
    .orderBy(collegeSemester.aidId, collegeSemester.semester);

/** Every ground with its limits. */
export const groundRules = (db: Db): Promise<GroundRuleRow[]> => db.select().from(collegeGround).orderBy(collegeGround.ground);

/** Caps of tuition on a day (`YYYY-MM-DD`). */
export const tuitionCapsOn = (db: Db, day: string): Promise<TuitionCapRow[]> =>
  db
    .select()
    .from(tuitionCap)
    .where(and(sql`${tuitionCap.validFrom} <= ${day}`, or(isNull(tuitionCap.validTo), sql`${tuitionCap.validTo} >= ${day}`)))
    .orderBy(tuitionCap.accreditation, tuitionCap.isMedicine);

export interface GroundShown extends Record<string, unknown> {
  readonly ground: CollegeAidRow["ground"];
  readonly evidence: string;
}

/** Grounds of a student that the programs know of; none for who is not on duty there. */
export async function groundsOf(db: Db, person: string): Promise<GroundShown[]> {
  const [known] = uuids([person]);
  if (known === undefined) return [];
  return [
    ...(await db.execute<GroundShown>(sql`select ground, evidence from programs.college_grounds(${known}) order by ground`)),
  ];
}

type Sent =
  | "id"
  | "personId"
  | "region"
  | "university"
  | "study"
  | "accreditation"
  | "isMedicine"
  | "cluster"
  | "tuition"
  | "since"
  | "semesters"
  | "ground"
  | "evidence"
  | "familyIncome"
  | "heads"
  | "decile";

/** Nominates a student; what is paid and who did it are the database's to say. */
export const insertCollegeAid = async (db: Db, row: Pick<CollegeAidRow, Sent>): Promise<CollegeAidRow | undefined> =>
  (
    await db
      .insert(collegeAid)
      .values({ ...row, program: "KIP_KULIAH", tuitionCovered: "0", living: "1", nominatedBy: "" })
      .returning()
  )[0];

type Step = Partial<Pick<CollegeAidRow, "state" | "decree" | "reason">>;

/** Moves an aid that is still as it was seen; undefined: it is not, or is not the asker's to see. */
export const moveCollegeAid = async (db: Db, { id, version }: Seen, step: Step): Promise<CollegeAidRow | undefined> =>
  (
    await db
      .update(collegeAid)
      .set(step)
      .where(and(isOneOf(collegeAid.id, uuids([id]), "uuid"), eq(collegeAid.version, version)))
      .returning()
  )[0];

type NewSemester = Pick<SemesterRow, "id" | "aidId" | "semester" | "credits" | "gradeAverage" | "document">;

/** Reports a semester; whose it is and who did it are the database's to say. */
export const insertSemester = async (db: Db, row: NewSemester): Promise<SemesterRow | undefined> =>
  (
    await db
      .insert(collegeSemester)
      .values({ ...row, personId: row.aidId, program: "KIP_KULIAH", region: "", reportedBy: "" })
      .returning()
  )[0];

/** Decides on a report that is still as it was seen; undefined: it is not. */
export const moveSemester = async (
  db: Db,
  { id, version }: Seen,
  step: Pick<SemesterRow, "state" | "reason">,
): Promise<SemesterRow | undefined> =>
  (
    await db
      .update(collegeSemester)
      .set(step)
      .where(and(isOneOf(collegeSemester.id, uuids([id]), "uuid"), eq(collegeSemester.version, version)))
      .returning()
  )[0];
