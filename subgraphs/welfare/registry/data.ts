import { and, asc, desc, eq, getTableColumns, lte, type SQL, sql } from "drizzle-orm";
import type { Db } from "../../../drizzle/client.ts";
import {
  externalId,
  memberLineage,
  registryChange,
  survey,
  surveyMember,
  surveyVariable,
} from "../../../drizzle/tables/welfare/registry.ts";
import { family, household, member } from "../../../drizzle/tables/welfare/welfare.ts";
import { isOneOf, uuids } from "../../kit/data.ts";
import type { FamilyRow, HouseholdRow, MemberRow } from "../data.ts";
import type { Clocks } from "./clocks.ts";

export type EntryChangeRow = typeof registryChange.$inferSelect;
export type LineageRow = typeof memberLineage.$inferSelect;
export type ExternalIdRow = typeof externalId.$inferSelect;
export type VariableRow = typeof surveyVariable.$inferSelect;
export type SurveyRow = typeof survey.$inferSelect;
export type MemberSurveyRow = typeof surveyMember.$inferSelect & Pick<SurveyRow, "visitedOn">;

type Ids = readonly string[];

type Table = typeof household | typeof family | typeof member;

/** Rows of a table as a function of the database answers them. */
const entriesAt = async (db: Db, table: Table, { asked, order }: { readonly asked: SQL; readonly order: readonly SQL[] }) => {
  const columns = Object.entries(getTableColumns(table)).map(([key, column]) => [
    key,
    sql`entry.${sql.identifier(column.name)}`.mapWith(column),
  ]);
  return db
    .select(Object.fromEntries(columns))
    .from(sql`${asked} as entry`)
    .orderBy(...order);
};

const from = (entries: "households" | "families" | "members", ids: Ids, { asOf, knownAt }: Clocks): SQL =>
  sql`${sql.raw(`welfare.${entries}_at`)}(${sql.param(uuids(ids))}::uuid[], ${asOf}::date, ${knownAt}::timestamptz)`;

/** Households as they were at two clocks. Any order; what was not registered then is absent. */
export async function householdsAt(db: Db, ids: Ids, at: Clocks): Promise<HouseholdRow[]> {
  const rows = await entriesAt(db, household, { asked: from("households", ids, at), order: [] });
  return rows.map((row) => ({ ...(row as HouseholdRow), at }));
}

/** Families of households as they were at two clocks, by number in the household. */
export async function familiesAt(db: Db, householdIds: Ids, at: Clocks): Promise<FamilyRow[]> {
  const rows = await entriesAt(db, family, {
    asked: from("families", householdIds, at),
    order: [sql`entry.number_in_household`],
  });
  return rows.map((row) => ({ ...(row as FamilyRow), at }));
}

/** Members of households as they were at two clocks, by family and suffix within each. */
export async function membersAt(db: Db, householdIds: Ids, at: Clocks): Promise<MemberRow[]> {
  const number = sql`(select f.number_in_household from ${from("families", householdIds, at)} f where f.id = entry.family_id)`;
  const rows = await entriesAt(db, member, { asked: from("members", householdIds, at), order: [number, sql`entry.suffix`] });
  return rows.map((row) => ({ ...(row as MemberRow), at }));
}

/** Changes of entries, oldest first within each. */
export const changesOf = (db: Db, ids: Ids): Promise<EntryChangeRow[]> =>
  db
    .select()
    .from(registryChange)
    .where(isOneOf(registryChange.subjectId, uuids(ids), "uuid"))
    .orderBy(asc(registryChange.seq));

/** Who members were before, oldest first within each. */
export const lineageOf = (db: Db, memberIds: Ids): Promise<LineageRow[]> =>
  db
    .select()
    .from(memberLineage)
    .where(isOneOf(memberLineage.memberId, uuids(memberIds), "uuid"))
    .orderBy(asc(memberLineage.movedOn), asc(memberLineage.fromMemberId));

/** Numbers of other registers of members, oldest first within each. */
export const externalIdsOf = (db: Db, memberIds: Ids): Promise<ExternalIdRow[]> =>
  db
    .select()
    .from(externalId)
    .where(isOneOf(externalId.memberId, uuids(memberIds), "uuid"))
    .orderBy(asc(externalId.validFrom), asc(externalId.scheme), asc(externalId.id));

/** The instrument, by scope and code. */
export const listVariables = (db: Db): Promise<VariableRow[]> =>
  db.select().from(surveyVariable).orderBy(asc(surveyVariable.scope), asc(surveyVariable.code));

const takenAt = ({ asOf, knownAt }: Clocks): SQL | undefined =>
  and(lte(survey.visitedOn, asOf), knownAt === null ? undefined : lte(survey.knownFrom, knownAt));

/** The newest survey of each household at two clocks. Any order. */
export const newestSurveys = (db: Db, householdIds: Ids, clocks: Clocks): Promise<SurveyRow[]> =>
  db
    .selectDistinctOn([survey.householdId])
    .from(survey)
    .where(and(isOneOf(survey.householdId, uuids(householdIds), "uuid"), takenAt(clocks)))
    .orderBy(survey.householdId, desc(survey.visitedOn), desc(survey.knownFrom));

/** What the newest survey at two clocks that asked about each member says. Any order. */
export const newestMemberSurveys = (db: Db, memberIds: Ids, clocks: Clocks): Promise<MemberSurveyRow[]> =>
  db
    .selectDistinctOn([surveyMember.memberId], { ...getTableColumns(surveyMember), visitedOn: survey.visitedOn })
    .from(surveyMember)
    .innerJoin(survey, eq(survey.id, surveyMember.surveyId))
    .where(and(isOneOf(surveyMember.memberId, uuids(memberIds), "uuid"), takenAt(clocks)))
    .orderBy(surveyMember.memberId, desc(survey.visitedOn), desc(survey.knownFrom));

/** A visit to write. `members`: what was answered about each. */
export type NewSurvey = Pick<typeof survey.$inferInsert, "id" | "householdId" | "visitedOn" | "method" | "answers"> & {
  readonly members: readonly Pick<MemberSurveyRow, "memberId" | "answers">[];
};

/**
 * Writes a survey in a transaction of `acting`. The rules of the database hold it to the instrument (HB003 names every fault) and to the duty (ENUMERATOR,
 * VILLAGE_OPERATOR or VERIFIER over the household), and bring the head's `surveyedOn` and `floorArea` up to the day of the visit.
 */
export async function writeSurvey(db: Db, { members, ...visit }: NewSurvey): Promise<SurveyRow> {
  const [written] = await db.insert(survey).values(visit).returning();
  if (!written) throw new Error("the survey came back empty");
  const { id: surveyId, householdId } = written;
  if (members.length > 0)
    await db
      .insert(surveyMember)
      .values(members.map((one) => ({ surveyId, householdId, memberId: one.memberId, answers: one.answers })));
  return written;
}

/** Says to the rules why, for the history. */
export const tellReason = (db: Db, reason: string) => db.execute(sql`select set_config('hub.reason', ${reason}, true)`);

/** Keeps an entry from being changed by others until the act is done. */
export const lockEntry = async (db: Db, kind: "HOUSEHOLD" | "MEMBER", id: string): Promise<void> => {
  if (kind === "HOUSEHOLD") await db.execute(sql`select welfare.hold_households(array[${id}]::uuid[])`);
  else await db.select({ id: member.id }).from(member).where(eq(member.id, id)).for("update");
};

/** Changes the state of a member that is still the version that was read; undefined: it is not. Holds from the effective day of the transaction. */
export async function updateMember(
  db: Db,
  { id, version }: Pick<MemberRow, "id" | "version">,
  set: Pick<MemberRow, "state">,
): Promise<MemberRow | undefined> {
  return (
    await db
      .update(member)
      .set(set)
      .where(and(eq(member.id, id), eq(member.version, version)))
      .returning()
  )[0];
}

/** Days `from` … before `until` of an entry, and what was so on them: columns by their names in the database. */
export interface Correction {
  readonly kind: EntryChangeRow["kind"];
  readonly id: string;
  readonly patch: Readonly<Record<string, unknown>>;
  readonly from: string;
  /** Null: until each column changes next, which may be never; then the head changes, too. */
  readonly until: string | null;
}

/** Corrects the past of an entry, in a transaction of `acting`. Takes a VERIFIER, HEAD_OF_OFFICE or the MINISTRY over it (HB002). */
export const correctPast = (db: Db, { kind, id, patch, from, until }: Correction) =>
  db.execute(sql`select welfare.correct(${kind}, ${id}::uuid, ${JSON.stringify(patch)}::jsonb, ${from}::date, ${until}::date)`);

/** Writes a number of another register; a conflict with another member's is put on record by the rules. */
export async function insertExternalId(db: Db, row: typeof externalId.$inferInsert): Promise<ExternalIdRow | undefined> {
  return (await db.insert(externalId).values(row).returning())[0];
}
