import { and, desc, eq, sql } from "drizzle-orm";
import type { Db } from "../../../drizzle/client.ts";
import { agreement } from "../../../drizzle/tables/governance/agreement.ts";
import { deadEvent, eventProgress, eventSubscription } from "../../../drizzle/tables/governance/subscription.ts";

export type DeadRow = typeof deadEvent.$inferSelect;
type NewSubscription = typeof eventSubscription.$inferInsert;

const subscriptions = (db: Db) =>
  db
    .select({
      row: eventSubscription,
      consumer: agreement.consumerAgency,
      position: sql<string | null>`${eventProgress.position}::text`,
      attempts: sql<number>`coalesce(${eventProgress.attempts}, 0)`,
      code: eventProgress.code,
      deliveredAt: eventProgress.deliveredAt,
    })
    .from(eventSubscription)
    .innerJoin(agreement, eq(agreement.number, eventSubscription.agreementNumber))
    .leftJoin(eventProgress, eq(eventProgress.subscriptionId, eventSubscription.id));

/** A subscription with how far it is delivered. */
export type SubscriptionRow = typeof eventSubscription.$inferSelect &
  Pick<Awaited<ReturnType<typeof subscriptions>>[number], "position" | "attempts" | "code" | "deliveredAt">;
const flat = ({ row, consumer: _, ...rest }: Awaited<ReturnType<typeof subscriptions>>[number]): SubscriptionRow => ({
  ...row,
  ...rest,
});

/** Newest first: those of an agency; of every agency where the steward is one of who controls the events. */
export async function subscriptionsFor(
  db: Db,
  { agency, steward, first }: { readonly agency: string; readonly steward: string; readonly first: number },
): Promise<SubscriptionRow[]> {
  const rows = await subscriptions(db)
    .where(sql`${agreement.consumerAgency} = ${agency} or governance.controls_events(${steward})`)
    .orderBy(desc(eventSubscription.madeAt), eventSubscription.id)
    .limit(first);
  return rows.map(flat);
}

export async function subscriptionById(db: Db, id: string): Promise<SubscriptionRow | undefined> {
  const [row] = await subscriptions(db).where(eq(eventSubscription.id, id));
  return row && flat(row);
}

export const insertSubscription = (db: Db, row: NewSubscription) => db.insert(eventSubscription).values(row);

/** Empty: it is another version by now, or there is none. The rules of the database say who may. */
export const moveSubscription = (
  db: Db,
  { id, version }: { readonly id: string; readonly version: number },
  set: Pick<NewSubscription, "state"> & Partial<Pick<NewSubscription, "reason" | "approvedBy">>,
) =>
  db
    .update(eventSubscription)
    .set(set)
    .where(and(eq(eventSubscription.id, id), eq(eventSubscription.version, version)))
    .returning({ id: eventSubscription.id });

/** Messages of a subscription that were given up, newest first. */
export const deadOf = (db: Db, subscription: string, first: number): Promise<DeadRow[]> =>
  db
    .select()
    .from(deadEvent)
    .where(eq(deadEvent.subscriptionId, subscription))
    .orderBy(desc(deadEvent.at), deadEvent.id)
    .limit(first);

/** Empty: there is no such message. The rules of the database say who may. */
export const queueDead = (db: Db, id: string, steward: string): Promise<DeadRow[]> =>
  db.update(deadEvent).set({ state: "QUEUED", redeliveredBy: steward }).where(eq(deadEvent.id, id)).returning();
