import { and, asc, count, eq, isNull, or, sql } from "drizzle-orm";
import type { Db } from "../../../drizzle/client.ts";
import {
  individual,
  individualEvent,
  individualRow,
  type REVIEW_DECISIONS,
  reviewCase,
} from "../../../drizzle/tables/population/individuals.ts";
import { Refusal } from "../../../schema/errors.ts";
import { isBehind, isOneOf, uuids } from "../../kit/data.ts";
import { badInput } from "../../kit/errors.ts";
import type { Position, Window } from "../../kit/page.ts";

export type IndividualRow = typeof individual.$inferSelect;
export type EventRow = typeof individualEvent.$inferSelect;
export type CaseRow = typeof reviewCase.$inferSelect;
export type ReviewDecision = (typeof REVIEW_DECISIONS)[number];

/** Who did something, why, and when (ISO instant). All of it stays on record. */
export interface Deed {
  readonly by: string;
  readonly reason: string;
  readonly at: string;
}

const RANK = sql`(-${reviewCase.weight})`;

/** Where a case stands in the queue. */
export const casePosition = ({ weight, id }: CaseRow): Position => [-weight, id];

/** Open cases of the asking agency, the likeliest person first. */
export const openCases = (db: Db, { limit, after }: Window): Promise<CaseRow[]> =>
  db
    .select()
    .from(reviewCase)
    .where(and(eq(reviewCase.state, "OPEN"), isBehind([RANK, reviewCase.id], after)))
    .orderBy(RANK, asc(reviewCase.id))
    .limit(limit);

export async function countOpenCases(db: Db): Promise<number> {
  const [counted] = await db.select({ n: count() }).from(reviewCase).where(eq(reviewCase.state, "OPEN"));
  return counted?.n ?? 0;
}

/** Cases by id. Any order; another agency's are absent. */
export const casesById = (db: Db, ids: readonly string[]): Promise<CaseRow[]> =>
  db
    .select()
    .from(reviewCase)
    .where(isOneOf(reviewCase.id, uuids(ids), "uuid"));

export interface Resolved {
  readonly asked: string;
  /** Itself, or who it was merged into in the end. */
  readonly survivor: string;
  /** The survivor's; null: the register names nobody. */
  readonly personId: string | null;
}

/** Who individuals are today, by any id they ever had. Any order; unknown ones, and those without a row of the agency, are absent. */
export const individualOf = async (db: Db, ids: readonly string[]): Promise<Resolved[]> => [
  ...(await db.execute<Resolved & Record<string, unknown>>(sql`
    with recursive up (asked, id, person_id, merged_into) as (
      select id, id, person_id, merged_into from ${individual} where id = any(${sql.param(uuids(ids))}::uuid[])
      union all select up.asked, i.id, i.person_id, i.merged_into from up join ${individual} i on i.id = up.merged_into)
    select asked, id as survivor, person_id as "personId" from up where merged_into is null`)),
];

/** Who a row of a source is today; null: not merged yet, or another agency's. */
export async function individualOfRow(db: Db, { source, row }: Pick<CaseRow, "source" | "row">): Promise<Resolved | null> {
  const [found] = await db
    .select()
    .from(individualRow)
    .where(and(eq(individualRow.source, source), eq(individualRow.row, row)));
  const [resolved] = found ? await individualOf(db, [found.individual]) : [];
  return resolved ?? null;
}

export type Listing = Pick<typeof individualRow.$inferSelect, "source" | "row"> & { readonly survivor: string };

/** The agency's rows of surviving individuals, with those of everybody merged into them; by source and row within each. */
export const rowsOf = async (db: Db, survivors: readonly string[]): Promise<Listing[]> => [
  ...(await db.execute<Listing & Record<string, unknown>>(sql`
    with recursive whole (survivor, id) as (
      select id, id from ${individual} where id = any(${sql.param(uuids(survivors))}::uuid[])
      union all select whole.survivor, i.id from whole join ${individual} i on i.merged_into = whole.id)
    select whole.survivor, r.source, r.row from whole join ${individualRow} r on r.individual = whole.id
    order by whole.survivor, r.source, r.row`)),
];

/** All that happened to an individual, oldest first. */
export const historyOf = (db: Db, id: string): Promise<EventRow[]> =>
  db
    .select()
    .from(individualEvent)
    .where(or(isOneOf(individualEvent.individual, uuids([id]), "uuid"), isOneOf(individualEvent.other, uuids([id]), "uuid")))
    .orderBy(asc(individualEvent.id));

/**
 * Makes `merged` a part of `into`: from now on its id resolves to the survivor's, and its rows count as the survivor's. Returns the
 * event, by which it can be undone. Refuses individuals that are unknown, already merged or one and the same, and a survivor
 * without a person for one that has one. In a write session.
 */
export async function mergeIndividuals(
  db: Db,
  { into, merged, ...deed }: Deed & { readonly into: string; readonly merged: string },
): Promise<bigint> {
  if (into === merged) throw badInput("into and merged must be two individuals");
  const [survivor, other] = await lockStanding(db, [into, merged]);
  if (!survivor || !other) throw badInput("into and merged must be individuals that are not merged into others");
  if (other.personId !== null && survivor.personId === null) throw badInput("into must be the individual the register names");
  return merge(db, { individual: merged, other: into, reviewCase: null, ...deed });
}

/**
 * Takes a merge back: both are what they were, with the rows they had. Returns who stands for itself again. Refuses what is no merge, or
 * undone already. In a write session.
 */
export async function unmergeIndividuals(db: Db, { event, ...deed }: Deed & { readonly event: bigint }): Promise<string> {
  const [found] = await db
    .select()
    .from(individualEvent)
    .where(and(eq(individualEvent.id, event), eq(individualEvent.kind, "MERGED")));
  if (!found?.other) throw badInput("event must be a merge");
  await db.select().from(individual).where(eq(individual.id, found.individual)).for("update");
  const [undone] = await db.select().from(individualEvent).where(eq(individualEvent.undoes, event));
  if (undone) throw conflict("the merge is undone already");
  // the event first: afterwards it may no longer be the asker's to see
  const { individual: merged, other } = found;
  await addEvent(db, { individual: merged, kind: "UNMERGED", other, reviewCase: null, undoes: event, ...deed });
  await db.update(individual).set({ mergedInto: null }).where(eq(individual.id, merged));
  return merged;
}

/**
 * Decides a case. SAME: the row's individual becomes part of the person's; DIFFERENT: the engine shall not link them. Either
 * outranks the engine until row or person changes. `fresh`: id for the person's individual if there is none yet. Returns the merge,
 * null where there was nothing to merge. Refuses a case that is unknown or not open: of two at once, the later. In a write session.
 */
export async function decideCase(
  db: Db,
  {
    case: id,
    decision,
    fresh,
    ...deed
  }: Deed & { readonly case: string; readonly decision: ReviewDecision; readonly fresh: string },
): Promise<bigint | null> {
  if (deed.reason.trim() === "") throw badInput("reason must say why");
  const [decided] = await db
    .update(reviewCase)
    .set({ state: "DECIDED", decision, decidedBy: deed.by, reason: deed.reason, decidedAt: deed.at })
    .where(and(isOneOf(reviewCase.id, uuids([id]), "uuid"), eq(reviewCase.state, "OPEN")))
    .returning();
  if (!decided) throw await whyNot(db, id);
  if (decision === "DIFFERENT") return null;
  const row = await individualOfRow(db, decided);
  const [made] = await db.execute<{ id: string }>(
    sql`select population.individual_for(${id}::uuid, ${fresh}::uuid, ${deed.by}, ${deed.at}::timestamptz) as id`,
  );
  if (!row || !made) throw badInput("case must be about a row that is still there");
  if (row.survivor === made.id) return null;
  const [own] = await lockStanding(db, [row.survivor]);
  if (!own || own.personId !== null) throw badInput("case must be about a row without a person");
  return merge(db, { individual: own.id, other: made.id, reviewCase: id, ...deed });
}

/** Of two who decide at once the later is told so; a case of another agency is as unknown as none. */
async function whyNot(db: Db, id: string): Promise<Refusal> {
  const [known] = await casesById(db, [id]);
  if (!known) return badInput("case must be a case of the queue");
  return conflict(known.state === "DECIDED" ? "the case is decided already" : "the case has lapsed: row or person has changed");
}

const conflict = (detail: string): Refusal => new Refusal({ code: "CONFLICT", detail });

/** Individuals that resolve to themselves, locked in order of id, answered in the order asked for. */
async function lockStanding(db: Db, ids: readonly string[]): Promise<(IndividualRow | undefined)[]> {
  const found = await db
    .select()
    .from(individual)
    .where(and(isOneOf(individual.id, uuids(ids), "uuid"), isNull(individual.mergedInto)))
    .orderBy(asc(individual.id))
    .for("update");
  return ids.map((id) => found.find((row) => row.id === id));
}

async function merge(db: Db, event: Deed & Pick<EventRow, "individual" | "other" | "reviewCase">): Promise<bigint> {
  await db.update(individual).set({ mergedInto: event.other }).where(eq(individual.id, event.individual));
  return addEvent(db, { ...event, kind: "MERGED", undoes: null });
}

type NewEvent = Pick<EventRow, "individual" | "kind" | "other" | "reviewCase" | "undoes" | "by" | "reason" | "at">;

async function addEvent(db: Db, event: NewEvent): Promise<bigint> {
  const [added] = await db.insert(individualEvent).values(event).returning({ id: individualEvent.id });
  if (!added) throw new Error("an event was not written");
  return added.id;
}
