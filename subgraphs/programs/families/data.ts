import { and, asc, count, eq, type SQL, sql } from "drizzle-orm";
import type { Db } from "../../../drizzle/client.ts";
import { errorCandidate } from "../../../drizzle/tables/programs/families.ts";
import type { RegionRange } from "../../../schema/values/regionCode.ts";
import { isBehind, isInRegions, isOneOf, uuids } from "../../kit/data.ts";
import type { Window } from "../../kit/page.ts";

export type ErrorCandidateRow = typeof errorCandidate.$inferSelect;

/** What came of one enrolment of a family in a period. */
export interface AidLineRow {
  readonly familyId: string;
  /** Active members of the family. */
  readonly members: number;
  /** Null, as all below: no enrolment ran in the period. */
  readonly enrolmentId: string | null;
  readonly program: string | null;
  readonly state: string | null;
  readonly payments: number;
  /** Whole rupiah. */
  readonly value: string;
  readonly pending: number;
  readonly isContribution: boolean;
}

/** Days (WIB), both within. */
export interface Stretch {
  readonly from: string;
  readonly to: string;
}

/**
 * Enrolments of families that ran in a period, with what was credited then and not returned; one row without an enrolment for a family that had none. By
 * family, program and first day. A family the delivery in force does not know, or the asker may not see, is absent.
 */
export const aidOfFamilies = async (db: Db, familyIds: readonly string[], { from, to }: Stretch): Promise<AidLineRow[]> => [
  ...(await db.execute<Record<string, unknown> & AidLineRow>(
    sql`with family as (
        select f.family_id, f.person_id from programs.candidate_family f
        where f.delivery = programs.delivery_in_force() and f.family_id = any(${sql.param(uuids(familyIds))}::uuid[])
      ), head as (
        select f.family_id, count(m.member_id)::int as members
        from family f left join programs.candidate_member m on m.delivery = programs.delivery_in_force() and m.family_id = f.family_id and m.state = 'ACTIVE' group by 1
      ), person as (
        select f.family_id, f.person_id from family f where f.person_id is not null
        union
        select m.family_id, m.person_id from family f join programs.candidate_member m
          on m.delivery = programs.delivery_in_force() and m.family_id = f.family_id and m.person_id is not null
      )
      select h.family_id as "familyId", h.members, e.id as "enrolmentId", e.program, e.state, coalesce(p.payments, 0) as payments, coalesce(p.value, 0)::text as value,
        coalesce(p.pending, 0) as pending, coalesce(p.is_contribution, false) as "isContribution"
      from head h left join (person x join programs.enrolment e on e.person_id = x.person_id and e.state not in ('CANDIDATE', 'WAITING')
        and e.started_on <= ${to}::date and (e.ended_on is null or e.ended_on >= ${from}::date)) on x.family_id = h.family_id
      left join lateral (
        select count(*) filter (where came.credited)::int as payments, sum(p.amount) filter (where came.credited) as value,
          count(*) filter (where p.credited_on is null and p.state not in ('EXCLUDED', 'RETURNED') and p.starts_on <= ${to}::date and p.ends_on >= ${from}::date)::int as pending,
          bool_or(p.channel = 'BPJS_KESEHATAN') as is_contribution
        from programs.payment_period p cross join lateral (select p.state <> 'RETURNED' and p.credited_on between ${from}::date and ${to}::date as credited) came
        where p.enrolment_id = e.id and p.person_id = e.person_id
      ) p on true
      order by h.family_id, e.program, e.started_on, e.id`,
  )),
];

/** Which error candidates: in these regions. None: the list is empty and needs no SQL. */
export interface ErrorList {
  readonly regions: readonly RegionRange[];
  readonly filter: ErrorFilter;
}
export interface ErrorFilter {
  readonly kind?: ErrorCandidateRow["kind"] | null;
  readonly program?: string | null;
  readonly state?: ErrorCandidateRow["state"] | null;
}

const isListed = ({ regions, filter: { kind, program, state } }: ErrorList): SQL | undefined =>
  and(
    isInRegions(errorCandidate.region, regions),
    kind == null ? undefined : eq(errorCandidate.kind, kind),
    program == null ? undefined : eq(errorCandidate.program, program),
    state == null ? undefined : eq(errorCandidate.state, state),
  );

/** One window, in order of id. */
export async function listErrors(db: Db, list: ErrorList, { limit, after }: Window): Promise<ErrorCandidateRow[]> {
  if (list.regions.length === 0) return [];
  return db
    .select()
    .from(errorCandidate)
    .where(and(isListed(list), isBehind([errorCandidate.id], after)))
    .orderBy(asc(errorCandidate.id))
    .limit(limit);
}

/** Length of a list. */
export async function countErrors(db: Db, list: ErrorList): Promise<number> {
  if (list.regions.length === 0) return 0;
  const [row] = await db.select({ n: count() }).from(errorCandidate).where(isListed(list));
  return row?.n ?? 0;
}

/** Error candidates by id. Any order. */
export const errorsById = (db: Db, ids: readonly string[]): Promise<ErrorCandidateRow[]> =>
  db
    .select()
    .from(errorCandidate)
    .where(isOneOf(errorCandidate.id, uuids(ids), "uuid"));

/** Decides one that was seen at a version; undefined: it is not at that version, or not the asker's. */
export async function decideError(
  db: Db,
  { id, version }: Pick<ErrorCandidateRow, "id" | "version">,
  decision: Pick<ErrorCandidateRow, "state" | "reason">,
): Promise<ErrorCandidateRow | undefined> {
  const [row] = await db
    .update(errorCandidate)
    .set({ ...decision, version: version + 1 })
    .where(and(isOneOf(errorCandidate.id, uuids([id]), "uuid"), eq(errorCandidate.version, version)))
    .returning();
  return row;
}

/** Hands the search of a regency to the workers. */
export const searchErrors = (db: Db, regency: string) => db.execute(sql`select programs.enqueue('aid_find_errors', ${regency})`);
