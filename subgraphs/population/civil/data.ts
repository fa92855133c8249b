import { and, asc, eq, gt, isNotNull, isNull } from "drizzle-orm";
import type { Db } from "../../../drizzle/client.ts";
import { civilEvent } from "../../../drizzle/tables/population/civil.ts";
import { familyCard, familyCardMember, person } from "../../../drizzle/tables/population/population.ts";
import { isOneOf, uuids } from "../../kit/data.ts";

export type EventRow = typeof civilEvent.$inferSelect;
export type EventKind = EventRow["kind"];

/** Where a person stands today. */
export interface Standing {
  readonly id: string;
  readonly isAlive: boolean;
  readonly region: string;
  readonly cardId: string | null;
}

/** Where persons stand today. Any order; who is unknown or out of scope is absent. */
export const standingOf = (db: Db, ids: readonly string[]): Promise<Standing[]> =>
  db
    .select({ id: person.id, isAlive: person.isAlive, region: person.region, cardId: person.familyCardId })
    .from(person)
    .where(isOneOf(person.id, uuids(ids), "uuid"));

/** Ids of all who stand on a card today. */
export async function onCard(db: Db, cardId: string): Promise<string[]> {
  const rows = await db
    .select({ id: familyCardMember.personId })
    .from(familyCardMember)
    .where(and(eq(familyCardMember.familyCardId, cardId), isNull(familyCardMember.validTo)));
  return rows.map(({ id }) => id);
}

/** Whether there is such a card. */
export async function cardExists(db: Db, id: string): Promise<boolean> {
  const rows = await db
    .select({ id: familyCard.id })
    .from(familyCard)
    .where(isOneOf(familyCard.id, uuids([id]), "uuid"));
  return rows.length > 0;
}

/** Ids of persons by NIK, 16 digits each. Any order. */
export const idsByNik = (db: Db, niks: readonly string[]): Promise<{ readonly id: string; readonly nik: string }[]> =>
  db
    .select({ id: person.id, nik: person.nik })
    .from(person)
    .where(isOneOf(person.nik, niks, "bigint"));

/** Events by id. Any order. */
export const eventsById = (db: Db, ids: readonly string[]): Promise<EventRow[]> =>
  db
    .select()
    .from(civilEvent)
    .where(isOneOf(civilEvent.id, uuids(ids), "uuid"));

/** Confirmed events behind a place, in their order. */
export const eventsBehind = (
  db: Db,
  { after, kinds, limit }: { readonly after: bigint; readonly kinds: readonly EventKind[] | null; readonly limit: number },
): Promise<EventRow[]> =>
  db
    .select()
    .from(civilEvent)
    .where(
      and(
        isNotNull(civilEvent.position),
        gt(civilEvent.position, after),
        kinds === null ? undefined : isOneOf(civilEvent.kind, kinds, "text"),
      ),
    )
    .orderBy(asc(civilEvent.position))
    .limit(limit);

/** Events nobody has confirmed or discarded yet, oldest first. */
export const eventsToConfirm = (db: Db, limit: number): Promise<EventRow[]> =>
  db
    .select()
    .from(civilEvent)
    .where(and(isNull(civilEvent.position), isNull(civilEvent.discardedAt)))
    .orderBy(asc(civilEvent.recordedAt), asc(civilEvent.id))
    .limit(limit);

/** Writes an event; the rules of the database say who may. */
export async function insertEvent(db: Db, event: typeof civilEvent.$inferInsert): Promise<EventRow | null> {
  return (await db.insert(civilEvent).values(event).returning())[0] ?? null;
}

/** How an event ends: confirmed, which carries it out, or discarded with a reason. */
export type Ending = Partial<Pick<EventRow, "confirmedBy" | "confirmedAt" | "discardedBy" | "discardedAt" | "discardReason">>;

/** Ends an event; the rules say who may. Null: there is none of that id in scope. */
export async function endEvent(db: Db, id: string, ending: Ending): Promise<EventRow | null> {
  const rows = await db
    .update(civilEvent)
    .set(ending)
    .where(isOneOf(civilEvent.id, uuids([id]), "uuid"))
    .returning();
  return rows[0] ?? null;
}
