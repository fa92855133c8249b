import { and, asc, count, desc, eq, isNull, type SQL, type SQLWrapper, sql } from "drizzle-orm";
import type { Db } from "../../../drizzle/client.ts";
import { eligibilityDecision, objection, objectionTerm, rankingObjection } from "../../../drizzle/tables/welfare/objections.ts";
import { member } from "../../../drizzle/tables/welfare/welfare.ts";
import type { RegionRange } from "../../../schema/values/regionCode.ts";
import { isBehind, isInRegions, isOneOf, uuids } from "../../kit/data.ts";
import type { Window } from "../../kit/page.ts";

export type ObjectionRow = typeof objection.$inferSelect;
export type ObjectionTermRow = typeof objectionTerm.$inferSelect;
export type EligibilityDecisionRow = typeof eligibilityDecision.$inferSelect;
export type RankingObjectionRow = typeof rankingObjection.$inferSelect;

const MAX_OF_A_PERSON = 100;
/** Members one question may withdraw or object for: more than any person has. */
const MAX_ENTRIES = 20;

/** Objections by id. Any order; what is unknown, or the asker's to know nothing of, is absent. */
export const objectionsById = (db: Db, ids: readonly string[]): Promise<ObjectionRow[]> =>
  db
    .select()
    .from(objection)
    .where(isOneOf(objection.id, uuids(ids), "uuid"));

/** What a person filed, newest first. */
export const objectionsOf = (db: Db, citizen: string): Promise<ObjectionRow[]> =>
  db
    .select()
    .from(objection)
    .where(eq(objection.citizenId, citizen))
    .orderBy(desc(objection.filedAt), objection.id)
    .limit(MAX_OF_A_PERSON);

export interface ObjectionList {
  readonly regions: readonly RegionRange[];
  readonly state: ObjectionRow["state"] | null;
  readonly isOverdue: boolean | null;
  readonly now: Date;
}

function isListed({ regions, state, isOverdue, now }: ObjectionList): SQL | undefined {
  const overdue = sql`(${objection.state} in ('FILED', 'UNDER_REVIEW') and ${objection.lapsesAt} <= ${now.toISOString()})`;
  return and(
    isInRegions(objection.region, regions),
    state === null ? undefined : eq(objection.state, state),
    isOverdue === null ? undefined : sql`${overdue} = ${isOverdue}`,
  );
}

/** One window of a list, the longest waiting first. No region, no objection: answered without SQL. */
export async function listObjections(db: Db, list: ObjectionList, { limit, after }: Window): Promise<ObjectionRow[]> {
  if (list.regions.length === 0) return [];
  return db
    .select()
    .from(objection)
    .where(and(isListed(list), isBehind([objection.filedAt, objection.id], after)))
    .orderBy(asc(objection.filedAt), asc(objection.id))
    .limit(limit);
}

/** Length of a list. */
export async function countObjections(db: Db, list: ObjectionList): Promise<number> {
  if (list.regions.length === 0) return 0;
  const [row] = await db.select({ n: count() }).from(objection).where(isListed(list));
  return row?.n ?? 0;
}

/** Terms of all modes. */
export const listTerms = (db: Db): Promise<ObjectionTermRow[]> => db.select().from(objectionTerm).orderBy(objectionTerm.mode);

/** Files an objection; mode, village, filing and clock are the database's to fill in, and it refuses whom it does not concern. */
type New = Pick<
  typeof objection.$inferInsert,
  "id" | "citizenId" | "memberId" | "claimedName" | "program" | "reason" | "photoId" | "latitude" | "longitude"
>;
export const insertObjection = async (db: Db, row: New, now: Date): Promise<ObjectionRow | undefined> => {
  const at = now.toISOString();
  return (
    await db
      .insert(objection)
      .values({ ...row, mode: "DEFAULT", region: "", filedAt: at, lapsesAt: at })
      .returning()
  )[0];
};

type Step = Partial<Pick<ObjectionRow, "state" | "decisionReason" | "appealReason" | "closingReason">>;
export interface Seen {
  readonly id: string;
  readonly version: number;
}

/** Moves an objection that is still as it was seen; undefined: it is not, or is not the asker's to see. */
export const moveObjection = async (db: Db, { id, version }: Seen, step: Step): Promise<ObjectionRow | undefined> =>
  (
    await db
      .update(objection)
      .set(step)
      .where(and(isOneOf(objection.id, uuids([id]), "uuid"), eq(objection.version, version)))
      .returning()
  )[0];

/** Says whom an objection by name is about; undefined: it is not the asker's to see. */
export const identifyObjection = async (db: Db, id: string, memberId: string): Promise<ObjectionRow | undefined> =>
  (
    await db
      .update(objection)
      .set({ memberId })
      .where(isOneOf(objection.id, uuids([id]), "uuid"))
      .returning()
  )[0];

/** A name in a village, as an objector wrote it. */
export interface Named {
  readonly region: string;
  readonly name: string;
}
/** Words of a name that tell people apart: letters alone, in capitals. */
const WORDS_OF = (name: SQLWrapper) =>
  sql`array_remove(string_to_array(upper(regexp_replace(${name}, '[^[:alpha:]]+', ' ', 'g')), ' '), '')`;

/** Active members of the village with words of their names in common with it, most words in common first; at most 20. */
export const membersNamed = (db: Db, { region, name }: Named): Promise<(typeof member.$inferSelect)[]> => {
  const [theirs, told] = [WORDS_OF(sql`${member.claimedName}`), WORDS_OF(sql`${name}::text`)];
  const common = sql`(select count(*) from unnest(${theirs}) as word where word = any(${told}))`;
  return db
    .select()
    .from(member)
    .where(and(eq(member.region, region), eq(member.state, "ACTIVE"), sql`${theirs} && ${told}`))
    .orderBy(sql`${common} desc`, member.claimedName, member.id)
    .limit(MAX_CANDIDATES);
};
const MAX_CANDIDATES = 20;

export interface MonthCounts extends Record<string, unknown> {
  readonly region: string;
  readonly filed: number;
  readonly decided: number;
  readonly lapsed: number;
}

/** Exact counts of the regions `length` digits long below a region, in a month (`YYYY-MM-01`, WIB). MUST be released before anybody sees them. */
export const objectionCounts = async (
  db: Db,
  { parent, length, month }: { readonly parent: string; readonly length: number; readonly month: string },
): Promise<MonthCounts[]> => [
  ...(await db.execute<MonthCounts>(sql`select * from welfare.objection_counts(${parent}, ${length},
    ${month}::timestamp at time zone 'Asia/Jakarta', (${month}::timestamp + interval '1 month') at time zone 'Asia/Jakarta') order by region`)),
];

/** Why members are not eligible, newest first within each. */
export const decisionsOfMembers = (db: Db, memberIds: readonly string[]): Promise<EligibilityDecisionRow[]> =>
  db
    .select()
    .from(eligibilityDecision)
    .where(isOneOf(eligibilityDecision.memberId, uuids(memberIds), "uuid"))
    .orderBy(eligibilityDecision.memberId, desc(eligibilityDecision.decidedAt), eligibilityDecision.id);

/** Ids of a person's entries in these states. */
export async function entriesOf(db: Db, person: string, states: readonly ("ACTIVE" | "DORMANT")[]): Promise<string[]> {
  const rows = await db
    .select({ id: member.id })
    .from(member)
    .where(and(eq(member.personId, person), isOneOf(sql`${member.state}::text`, states, "text")))
    .orderBy(member.id)
    .limit(MAX_ENTRIES);
  return rows.map(({ id }) => id);
}

/** Withdraws entries; the database puts them to sleep. */
export const insertWithdrawals = (
  db: Db,
  rows: readonly Pick<EligibilityDecisionRow, "id" | "memberId" | "personId">[],
  now: Date,
): Promise<EligibilityDecisionRow[]> => {
  const at = now.toISOString();
  const filled = {
    region: "",
    decision: "NOT_ELIGIBLE",
    reason: "WITHDRAWN",
    effectiveOn: at.slice(0, 10),
    decidedAt: at,
  } as const;
  return db
    .insert(eligibilityDecision)
    .values(rows.map((row) => ({ ...row, ...filled, decidedBy: "" })))
    .returning();
};

/** Takes a person's withdrawals back that may still be; the database wakes the entries. */
export const revokeWithdrawals = (db: Db, person: string, now: Date): Promise<EligibilityDecisionRow[]> => {
  const at = now.toISOString();
  return db
    .update(eligibilityDecision)
    .set({ revokedAt: at })
    .where(
      and(
        eq(eligibilityDecision.personId, person),
        eq(eligibilityDecision.reason, "WITHDRAWN"),
        isNull(eligibilityDecision.revokedAt),
        sql`${eligibilityDecision.revocableUntil} > ${at}`,
      ),
    )
    .returning();
};

/** What a person objected to in their own ranking, newest first. */
export const rankingObjectionsOf = (db: Db, person: string): Promise<RankingObjectionRow[]> =>
  db
    .select()
    .from(rankingObjection)
    .where(eq(rankingObjection.personId, person))
    .orderBy(desc(rankingObjection.filedAt), rankingObjection.id)
    .limit(MAX_OF_A_PERSON);

type RankingState = RankingObjectionRow["state"] | null;
const isIn = (state: RankingState) => (state === null ? undefined : eq(rankingObjection.state, state));

/** One window of the objections to rankings, the longest waiting first. */
export const listRankingObjections = (db: Db, state: RankingState, { limit, after }: Window): Promise<RankingObjectionRow[]> =>
  db
    .select()
    .from(rankingObjection)
    .where(and(isIn(state), isBehind([rankingObjection.filedAt, rankingObjection.id], after)))
    .orderBy(asc(rankingObjection.filedAt), asc(rankingObjection.id))
    .limit(limit);

/** How many there are. */
export async function countRankingObjections(db: Db, state: RankingState): Promise<number> {
  const [row] = await db.select({ n: count() }).from(rankingObjection).where(isIn(state));
  return row?.n ?? 0;
}

/** Files one objection for each entry of a person. */
export const insertRankingObjections = (
  db: Db,
  rows: readonly Pick<RankingObjectionRow, "id" | "memberId" | "personId" | "about" | "reason">[],
  now: Date,
): Promise<RankingObjectionRow[]> => {
  const at = now.toISOString();
  return db
    .insert(rankingObjection)
    .values(rows.map((row) => ({ ...row, region: "", filedAt: at, dueAt: at })))
    .returning();
};

type Answer = Partial<Pick<RankingObjectionRow, "state" | "outcome" | "answer">>;

/** Moves an objection to a ranking that is still as it was seen; undefined: it is not, or is not the asker's to see. */
export const moveRankingObjection = async (
  db: Db,
  { id, version }: Seen,
  step: Answer,
): Promise<RankingObjectionRow | undefined> =>
  (
    await db
      .update(rankingObjection)
      .set(step)
      .where(and(isOneOf(rankingObjection.id, uuids([id]), "uuid"), eq(rankingObjection.version, version)))
      .returning()
  )[0];
