import { max, sql } from "drizzle-orm";
import type { Db } from "../../../drizzle/client.ts";
import { populationEvent } from "../../../drizzle/tables/welfare/exchange.ts";
import { isOneOf, uuids } from "../../kit/data.ts";

/** Place of the last event that came in; null: none has. */
export async function lastPosition(db: Db): Promise<bigint | null> {
  const [row] = await db.select({ position: max(populationEvent.position) }).from(populationEvent);
  return row?.position == null ? null : BigInt(row.position);
}

/** Makes deliveries follow one another until the transaction ends. */
export const oneAtATime = (db: Db) => db.execute(sql`select pg_advisory_xact_lock(hashtext('welfare.population_event'))`);

/** Of these events those that came in before. */
export async function eventsKnown(db: Db, ids: readonly string[]): Promise<Set<string>> {
  const rows = await db
    .select({ id: populationEvent.id })
    .from(populationEvent)
    .where(isOneOf(populationEvent.id, uuids(ids), "uuid"));
  return new Set(rows.map(({ id }) => id));
}

/** Takes events in; the rules of the database do what follows from them. */
export async function insertEvents(db: Db, events: readonly (typeof populationEvent.$inferInsert)[]): Promise<void> {
  if (events.length > 0) await db.insert(populationEvent).values([...events]);
}
