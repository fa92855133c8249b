import { and, asc, desc, eq, type SQL, sql } from "drizzle-orm";
import type { Db } from "../../../drizzle/client.ts";
import { commitmentCase, commitmentCheck, commitmentRule, ending, endingRule } from "../../../drizzle/tables/programs/history.ts";
import { enrolment } from "../../../drizzle/tables/programs/programs.ts";
import type { RegionRange } from "../../../schema/values/regionCode.ts";
import { isBehind, isInRegions, isOneOf, uuids } from "../../kit/data.ts";
import type { Window } from "../../kit/page.ts";
import type { EnrolmentRow } from "../data.ts";
import type { EnrolmentReviewReason } from "../generated.ts";

export type EndingRow = typeof ending.$inferSelect;
export type EndingRuleRow = typeof endingRule.$inferSelect;
export type CheckRow = typeof commitmentCheck.$inferSelect;
export type CaseRow = typeof commitmentCase.$inferSelect;
export type CommitmentRuleRow = typeof commitmentRule.$inferSelect;
/** An enrolment that must be looked at, for every reason that holds. */
export interface ReviewRow extends Record<string, unknown> {
  readonly id: string;
  readonly personId: string;
  readonly region: string;
  readonly reasons: EnrolmentReviewReason[];
  /** Day of the earliest reason. */
  readonly since: string;
}

const MAX_OF_A_PERSON = 100;

/** Which row, in the version that was seen. */
export interface Seen {
  readonly id: string;
  readonly version: number;
}

/** Says to the rules why: what the transaction changes from now on stands in the history with it. */
export const tellReason = (db: Db, reason: string) => db.execute(sql`select set_config('hub.reason', ${reason}, true)`);

/** Moves an enrolment that is still as it was seen; undefined: it is not, or is not the asker's to see. */
export const moveEnrolment = async (
  db: Db,
  { id, version }: Seen,
  state: EnrolmentRow["state"],
): Promise<EnrolmentRow | undefined> =>
  (
    await db
      .update(enrolment)
      .set({ state })
      .where(and(isOneOf(enrolment.id, uuids([id]), "uuid"), eq(enrolment.version, version)))
      .returning()
  )[0];

/** Proposes an end; by whom, until when it may be taken back, and whether it may be at all is the database's to say. */
export async function insertEnding(
  db: Db,
  row: Pick<EndingRow, "id" | "enrolmentId" | "enrolmentVersion" | "reason" | "words" | "endsOn"> &
    Pick<EnrolmentRow, "personId" | "program" | "region">,
  now: Date,
): Promise<EndingRow | undefined> {
  const filled = { state: "PROPOSED", proposedBy: "", proposedAt: now.toISOString() } as const;
  return (
    await db
      .insert(ending)
      .values({ ...row, ...filled })
      .returning()
  )[0];
}

/** Decides an end that is still as it was seen; undefined: it is not, or is not the asker's to see. */
export const moveEnding = async (
  db: Db,
  { id, version }: Seen,
  step: Partial<Pick<EndingRow, "state" | "decisionWords">>,
): Promise<EndingRow | undefined> =>
  (
    await db
      .update(ending)
      .set(step)
      .where(and(isOneOf(ending.id, uuids([id]), "uuid"), eq(ending.version, version)))
      .returning()
  )[0];

/** Ends proposed for enrolments, oldest first within each. */
export const endingsOf = (db: Db, enrolmentIds: readonly string[]): Promise<EndingRow[]> =>
  db
    .select()
    .from(ending)
    .where(isOneOf(ending.enrolmentId, uuids(enrolmentIds), "uuid"))
    .orderBy(ending.enrolmentId, asc(ending.proposedAt), ending.id);

/** Reasons to end, in order of code. */
export const listEndingRules = (db: Db): Promise<EndingRuleRow[]> => db.select().from(endingRule).orderBy(asc(endingRule.code));

/** Commitments of all programs, in order of program and kind, newest first. */
export const listCommitmentRules = (db: Db): Promise<CommitmentRuleRow[]> =>
  db.select().from(commitmentRule).orderBy(commitmentRule.program, commitmentRule.kind, desc(commitmentRule.validFrom));

/** What was verified of members of enrolments, newest period first within each. */
export const checksOf = (db: Db, enrolmentIds: readonly string[]): Promise<CheckRow[]> =>
  db
    .select()
    .from(commitmentCheck)
    .where(isOneOf(commitmentCheck.enrolmentId, uuids(enrolmentIds), "uuid"))
    .orderBy(commitmentCheck.enrolmentId, desc(commitmentCheck.period), commitmentCheck.personId, commitmentCheck.kind);

/** What was verified of a person, newest period first. */
export const checksOfPerson = (db: Db, person: string): Promise<CheckRow[]> =>
  db
    .select()
    .from(commitmentCheck)
    .where(eq(commitmentCheck.personId, person))
    .orderBy(desc(commitmentCheck.period), commitmentCheck.kind, commitmentCheck.id)
    .limit(MAX_OF_A_PERSON);

type Verified = Pick<CheckRow, "attended" | "held" | "exception" | "words">;
type Whose = Pick<CheckRow, "id" | "enrolmentId" | "personId" | "program" | "region" | "period" | "kind">;

/** Records a verification; whether it is fulfilled is the database's to say. */
export async function insertCheck(db: Db, row: Whose & Verified, now: Date): Promise<CheckRow | undefined> {
  const filled = { isFulfilled: false, recordedBy: "", recordedAt: now.toISOString() };
  return (
    await db
      .insert(commitmentCheck)
      .values({ ...row, ...filled })
      .returning()
  )[0];
}

/** Corrects a verification that is still in the version that was seen; undefined: it is not, or there is none. */
export const correctCheck = async (
  db: Db,
  { version, ...of }: Pick<CheckRow, "enrolmentId" | "personId" | "period" | "kind" | "version">,
  found: Verified,
): Promise<CheckRow | undefined> =>
  (
    await db
      .update(commitmentCheck)
      .set(found)
      .where(
        and(
          eq(commitmentCheck.enrolmentId, of.enrolmentId),
          eq(commitmentCheck.personId, of.personId),
          eq(commitmentCheck.period, of.period),
          eq(commitmentCheck.kind, of.kind),
          eq(commitmentCheck.version, version),
        ),
      )
      .returning()
  )[0];

/** Where commitments of enrolments stand. Any order; without a concluded period absent. */
export const casesOf = (db: Db, enrolmentIds: readonly string[]): Promise<CaseRow[]> =>
  db
    .select()
    .from(commitmentCase)
    .where(isOneOf(commitmentCase.enrolmentId, uuids(enrolmentIds), "uuid"));

/** Concludes the first period of an enrolment; the stage is the database's to say. */
export async function insertCase(
  db: Db,
  { id, personId, program, region }: EnrolmentRow,
  { period, now }: { readonly period: string; readonly now: Date },
): Promise<CaseRow | undefined> {
  const filled = { stage: "FULFILLED", concludedBy: "", concludedAt: now.toISOString() } as const;
  return (
    await db
      .insert(commitmentCase)
      .values({ enrolmentId: id, personId, program, region, period, ...filled })
      .returning()
  )[0];
}

/** Concludes a further period of an enrolment whose case is still as it was seen; undefined: it is not. */
export const moveCase = async (db: Db, { id, version }: Seen, period: string): Promise<CaseRow | undefined> =>
  (
    await db
      .update(commitmentCase)
      .set({ period })
      .where(and(isOneOf(commitmentCase.enrolmentId, uuids([id]), "uuid"), eq(commitmentCase.version, version)))
      .returning()
  )[0];

/** Enrolments to look at. No region, none: answered without SQL. */
export interface ReviewList {
  readonly regions: readonly RegionRange[];
  readonly now: Date;
}

const listed = ({ regions, now }: ReviewList): SQL =>
  sql`programs.enrolments_to_review((${now.toISOString()}::timestamptz at time zone 'Asia/Jakarta')::date) r
    where ${isInRegions(sql`r.region collate "C"`, regions)}`; // a function's answer forgets the order of its column, and with it the index

/** One window of the list, in order of id. */
export async function listReviews(db: Db, list: ReviewList, { limit, after }: Window): Promise<ReviewRow[]> {
  if (list.regions.length === 0) return [];
  const rows = await db.execute<ReviewRow>(sql`select r.id, r.person_id as "personId", r.region,
      array_agg(distinct r.reason order by r.reason) as reasons, min(r.since)::text as since
    from ${listed(list)} and ${isBehind([sql`r.id`], after) ?? sql`true`}
    group by r.id, r.person_id, r.region order by r.id limit ${limit}`);
  return [...rows];
}

/** Length of the list. */
export async function countReviews(db: Db, list: ReviewList): Promise<number> {
  if (list.regions.length === 0) return 0;
  const [row] = await db.execute<{ n: number }>(sql`select count(distinct r.id)::int as n from ${listed(list)}`);
  return row?.n ?? 0;
}
