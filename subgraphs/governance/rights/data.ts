import { and, asc, desc, eq, isNull, sql } from "drizzle-orm";
import type { Db } from "../../../drizzle/client.ts";
import { representation, restriction, subjectRequest, subjectRequestEvent } from "../../../drizzle/tables/governance/rights.ts";
import { isOneOf } from "../../kit/data.ts";
import type { Wish } from "./wish.ts";

export type SubjectRequestRow = typeof subjectRequest.$inferSelect;
export type SubjectRequestEventRow = typeof subjectRequestEvent.$inferSelect;
export type RestrictionRow = typeof restriction.$inferSelect;
export type RepresentationRow = typeof representation.$inferSelect;

const at = (now: Date) => sql`${now.toISOString()}::timestamptz`;
/** Not ended, and its time runs; it may wait for who confirms it. */
const isCurrent = (now: Date) =>
  sql`${representation.endedAt} is null and ${at(now)} >= ${representation.validFrom} and ${at(now)} < ${representation.validTo}`;

const isInForce = (now: Date) => sql`${representation.confirmedAt} is not null and ${isCurrent(now)}`;

/** Ids of the persons somebody may act for at an instant. */
export async function representedBy(db: Db, citizen: string, now: Date): Promise<string[]> {
  const rows = await db
    .selectDistinct({ id: representation.personId })
    .from(representation)
    .where(and(eq(representation.representativeId, citizen), isInForce(now)))
    .orderBy(representation.personId);
  return rows.map(({ id }) => id);
}

/** Who may act for persons at an instant, the newest first; for stewards with those that nobody has confirmed yet. */
export const representativesOf = (db: Db, persons: readonly string[], now: Date): Promise<RepresentationRow[]> =>
  db
    .select()
    .from(representation)
    .where(and(isOneOf(representation.personId, persons, "uuid"), isCurrent(now)))
    .orderBy(desc(representation.validFrom), representation.id);

type NewRepresentation = typeof representation.$inferInsert;

/** The same representation, registered already. */
export async function sameRepresentation(db: Db, row: NewRepresentation, now: Date): Promise<RepresentationRow | undefined> {
  const isSame = and(
    eq(representation.personId, row.personId),
    eq(representation.representativeId, row.representativeId),
    eq(representation.basis, row.basis),
    eq(representation.evidence, row.evidence),
    eq(representation.validTo, row.validTo),
  );
  return (
    await db
      .select()
      .from(representation)
      .where(and(isSame, isCurrent(now)))
  )[0];
}

export const insertRepresentation = async (db: Db, row: NewRepresentation): Promise<RepresentationRow | undefined> =>
  (await db.insert(representation).values(row).returning())[0];

export const representationById = async (db: Db, id: string): Promise<RepresentationRow | undefined> =>
  (await db.select().from(representation).where(eq(representation.id, id)))[0];

type RepresentationStep = Partial<Pick<RepresentationRow, "confirmedAt" | "confirmedBy" | "endedAt" | "endedBy">>;

export const moveRepresentation = async (db: Db, id: string, set: RepresentationStep): Promise<RepresentationRow | undefined> =>
  (await db.update(representation).set(set).where(eq(representation.id, id)).returning())[0];

const MAX_OF_A_PERSON = 100;

/** Requests about persons, the newest 100 of each, newest first; of one controller only where it is named. */
export const requestsAbout = (db: Db, persons: readonly string[], controller: string | null): Promise<SubjectRequestRow[]> =>
  db
    .select()
    .from(subjectRequest)
    .where(
      sql`${subjectRequest.id} in (select newest.id from unnest(${sql.param([...persons])}::uuid[]) person, lateral (
        select q.id from ${subjectRequest} q where q.person_id = person and (${controller}::text is null or q.controller = ${controller})
        order by q.received_at desc limit ${MAX_OF_A_PERSON}) newest)`,
    )
    .orderBy(desc(subjectRequest.receivedAt), desc(subjectRequest.number));

interface Desk {
  readonly controller: string;
  readonly state: SubjectRequestRow["state"] | null;
  readonly first: number;
}
/** Requests an agency must answer, the soonest due first; of those that are closed, the newest first. `state` null: all that are open. */
export const requestsOfDesk = (db: Db, { controller, state, first }: Desk): Promise<SubjectRequestRow[]> => {
  const { dueAt, closedAt, number } = subjectRequest;
  const isOpen = state === null || state === "RECEIVED" || state === "IN_REVIEW";
  return db
    .select()
    .from(subjectRequest)
    .where(and(eq(subjectRequest.controller, controller), state === null ? isNull(closedAt) : eq(subjectRequest.state, state)))
    .orderBy(isOpen ? asc(dueAt) : desc(dueAt), number)
    .limit(first);
};

export const requestByNumber = async (db: Db, number: string): Promise<SubjectRequestRow | undefined> =>
  (await db.select().from(subjectRequest).where(eq(subjectRequest.number, number)))[0];

/** As requestByNumber; nobody else moves it until the transaction ends. */
export const requestToMove = async (db: Db, number: string): Promise<SubjectRequestRow | undefined> =>
  (await db.select().from(subjectRequest).where(eq(subjectRequest.number, number)).for("no key update"))[0];

/** Of two who file for one person at once, one after the other. */
export const oneAtATime = async (db: Db, person: string): Promise<void> =>
  void (await db.execute(sql`select pg_advisory_xact_lock(hashtextextended(${person}, 0))`));

/** The same wish about a person, received on a day (WIB); one that was taken back, or whose restriction the subject lifted, is over. */
export async function sameRequest(
  db: Db,
  wish: Wish & { readonly personId: string },
  day: string,
): Promise<SubjectRequestRow | undefined> {
  const { personId, kind, statement, coordinate, correction, purposeCode } = wish;
  const [row] = await db
    .select()
    .from(subjectRequest)
    .where(
      sql`${subjectRequest.personId} = ${personId} and ${subjectRequest.kind} = ${kind} and ${subjectRequest.statement} = ${statement}
        and ${subjectRequest.coordinate} is not distinct from ${coordinate} and ${subjectRequest.correction} is not distinct from ${correction}
        and ${subjectRequest.purposeCode} is not distinct from ${purposeCode} and ${subjectRequest.state} <> 'CANCELLED'
        and (${subjectRequest.receivedAt} at time zone 'Asia/Jakarta')::date = ${day}::date
        and (${subjectRequest.state} = 'REFUSED'
          or not exists (select from ${restriction} x where x.request_id = ${subjectRequest.id} and x.lifted_at is not null))`,
    )
    .limit(1);
  return row;
}

/** Files a request under the next number of its year. */
export const insertRequest = async (
  db: Db,
  row: Omit<typeof subjectRequest.$inferInsert, "number">,
): Promise<SubjectRequestRow | undefined> =>
  (
    await db
      .insert(subjectRequest)
      .values({ ...row, number: sql`governance.next_request_number(${row.receivedAt}::timestamptz)` })
      .returning()
  )[0];

type Step = Pick<typeof subjectRequest.$inferInsert, "state"> &
  Partial<
    Pick<SubjectRequestRow, "handler" | "closedAt" | "closedBy" | "outcome" | "refusalReason" | "citation" | "rankingReview">
  >;

/** Moves a request; what may not be, the database refuses. */
export const moveRequest = async (db: Db, id: string, step: Step): Promise<SubjectRequestRow | undefined> =>
  (await db.update(subjectRequest).set(step).where(eq(subjectRequest.id, id)).returning())[0];

/** What happened to requests, in the order in which it was written down. */
export const eventsOf = (db: Db, requests: readonly string[]): Promise<SubjectRequestEventRow[]> =>
  db
    .select()
    .from(subjectRequestEvent)
    .where(isOneOf(subjectRequestEvent.requestId, requests, "uuid"))
    .orderBy(subjectRequestEvent.id);

/** Restrictions that requests imposed; a request imposes one at most. */
export const restrictionsOf = (db: Db, requests: readonly string[]): Promise<RestrictionRow[]> =>
  db
    .select()
    .from(restriction)
    .where(isOneOf(restriction.requestId, requests, "uuid"));

/** Lifts what a request restricts, unless it is lifted. */
export const lift = (db: Db, request: string, set: { readonly liftedAt: string; readonly liftedBy: string }) =>
  db
    .update(restriction)
    .set(set)
    .where(and(eq(restriction.requestId, request), isNull(restriction.liftedAt)));

export interface ClockCounts extends Record<string, unknown> {
  readonly open: number;
  readonly dueSoon: number;
  readonly breached: number;
}
/** How a controller, or null: all together, stand with the time limits at an instant. */
export async function clockCounts(db: Db, controller: string | null, now: Date): Promise<ClockCounts> {
  const [row] = await db.execute<ClockCounts>(sql`
    select count(*) filter (where q.closed_at is null)::int as open,
      count(*) filter (where q.closed_at is null and q.due_at between ${at(now)} and ${at(now)} + interval '24 hours')::int as "dueSoon",
      count(*) filter (where q.due_at < coalesce(q.closed_at, ${at(now)})
        and q.due_at >= date_trunc('year', ${at(now)} at time zone 'Asia/Jakarta') at time zone 'Asia/Jakarta')::int as breached
    from ${subjectRequest} q
    where (q.closed_at is null or q.closed_at > q.due_at) and (${controller}::text is null or q.controller = ${controller})`);
  return row ?? { open: 0, dueSoon: 0, breached: 0 };
}
