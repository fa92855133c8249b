import { and, asc, count, desc, eq, getTableColumns, lte, max, type SQL, sql } from "drizzle-orm";
import type { Db } from "../../drizzle/client.ts";
import { enrolment, paymentPeriod, populationEvent, program } from "../../drizzle/tables/programs/programs.ts";
import type { RegionRange } from "../../schema/values/regionCode.ts";
import { isBehind, isInRegions, isOneOf, uuids } from "../kit/data.ts";
import type { Window } from "../kit/page.ts";

export type ProgramRow = typeof program.$inferSelect;
export type EnrolmentRow = typeof enrolment.$inferSelect;
export type PaymentRow = typeof paymentPeriod.$inferSelect;
/** Somebody whose row another slice owns. */
export interface Ref {
  readonly id: string;
}

/** Components that tell nothing of health or of a violation suffered. The others are on record and never answered. */
export const ANSWERED_COMPONENTS = [
  "EARLY_CHILDHOOD",
  "PRIMARY",
  "JUNIOR",
  "SENIOR",
  "ELDERLY",
  "CLUSTER_1",
  "CLUSTER_2",
  "CLUSTER_3",
  "CLUSTER_4",
  "CLUSTER_5",
] as const;

/** All programs, open and closed, in order of code. */
export const listPrograms = (db: Db): Promise<ProgramRow[]> => db.select().from(program).orderBy(asc(program.code));

/** Programs by code. Any order. */
export const programsByCode = (db: Db, codes: readonly string[]): Promise<ProgramRow[]> =>
  db
    .select()
    .from(program)
    .where(isOneOf(program.code, codes, "text"));

/** Enrolments by id. Any order; what is unknown or out of scope is absent. */
export const enrolmentsById = (db: Db, ids: readonly string[]): Promise<EnrolmentRow[]> =>
  db
    .select()
    .from(enrolment)
    .where(isOneOf(enrolment.id, uuids(ids), "uuid"));

/** Enrolments of persons in the agreement's programs, newest first within each. */
export const enrolmentsOfPersons = (db: Db, personIds: readonly string[]): Promise<EnrolmentRow[]> =>
  db
    .select()
    .from(enrolment)
    .where(isOneOf(enrolment.personId, uuids(personIds), "uuid"))
    .orderBy(enrolment.personId, desc(enrolment.startedOn), enrolment.id);

/** A list of enrolments. No region or no program, no enrolment: answered without SQL. */
export interface EnrolmentList {
  readonly regions: readonly RegionRange[];
  /** Programs of the agreement; null: all. */
  readonly programs: readonly string[] | null;
  readonly filter: EnrolmentFilter;
}
export interface EnrolmentFilter {
  readonly program?: string | null;
  readonly state?: EnrolmentRow["state"] | null;
}

/** One window of a list, in order of id. */
export async function listEnrolments(db: Db, list: EnrolmentList, { limit, after }: Window): Promise<EnrolmentRow[]> {
  if (isEmpty(list)) return [];
  return db
    .select()
    .from(enrolment)
    .where(and(isListed(list), isBehind([enrolment.id], after)))
    .orderBy(asc(enrolment.id))
    .limit(limit);
}

/** Length of a list. */
export async function countEnrolments(db: Db, list: EnrolmentList): Promise<number> {
  if (isEmpty(list)) return 0;
  const [row] = await db.select({ n: count() }).from(enrolment).where(isListed(list));
  return row?.n ?? 0;
}

const isEmpty = ({ regions, programs }: EnrolmentList): boolean => regions.length === 0 || programs?.length === 0;

const isListed = ({ regions, programs, filter }: EnrolmentList): SQL | undefined =>
  and(
    isInRegions(enrolment.region, regions),
    programs === null ? undefined : isOneOf(enrolment.program, programs, "text"),
    filter.program == null ? undefined : eq(enrolment.program, filter.program),
    filter.state == null ? undefined : eq(enrolment.state, filter.state),
  );

/** The latest `n` payment periods of each enrolment, newest first within each. */
export async function latestPayments(db: Db, enrolmentIds: readonly string[], n: number): Promise<PaymentRow[]> {
  const newestFirst = sql`row_number() over (partition by ${paymentPeriod.enrolmentId} order by ${paymentPeriod.startsOn} desc, ${paymentPeriod.id})`;
  const numbered = db
    .select({ ...getTableColumns(paymentPeriod), place: newestFirst.as("place") })
    .from(paymentPeriod)
    .where(isOneOf(paymentPeriod.enrolmentId, uuids(enrolmentIds), "uuid"))
    .as("numbered");
  return db.select().from(numbered).where(lte(numbered.place, n)).orderBy(numbered.enrolmentId, numbered.place);
}

/** Payment periods by id. Any order. */
export const paymentsById = (db: Db, ids: readonly string[]): Promise<PaymentRow[]> =>
  db
    .select()
    .from(paymentPeriod)
    .where(isOneOf(paymentPeriod.id, uuids(ids), "uuid"));

/** Makes deliveries follow one another until the transaction ends. */
export const oneAtATime = (db: Db) => db.execute(sql`select pg_advisory_xact_lock(hashtext('programs.population_event'))`);

/** Place of the last event that came in; 0: none has. */
export async function lastPosition(db: Db): Promise<bigint> {
  const [row] = await db.select({ position: max(populationEvent.position) }).from(populationEvent);
  return BigInt(row?.position ?? 0);
}

/** Of these events those that came in before. */
export async function eventsKnown(db: Db, ids: readonly string[]): Promise<Set<string>> {
  const rows = await db
    .select({ id: populationEvent.id })
    .from(populationEvent)
    .where(isOneOf(populationEvent.id, uuids(ids), "uuid"));
  return new Set(rows.map(({ id }) => id));
}

/** Takes events in; the rules of the database flag enrolments by deaths. */
export async function insertEvents(db: Db, events: readonly (typeof populationEvent.$inferInsert)[]): Promise<void> {
  if (events.length > 0) await db.insert(populationEvent).values([...events]);
}
