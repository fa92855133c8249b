import { and, desc, eq, getTableColumns, isNull, sql } from "drizzle-orm";
import type { Db } from "../../../drizzle/client.ts";
import { agreement } from "../../../drizzle/tables/governance/agreement.ts";
import { feedKey } from "../../../drizzle/tables/governance/subscription.ts";

/** Without the hash of its secret, which is nobody's to read here. */
const { secretSha256: _, ...TOLD } = getTableColumns(feedKey);
export type FeedKeyRow = Omit<typeof feedKey.$inferSelect, "secretSha256">;

/** Keys of the agreements of an agency, newest first. */
export async function keysOf(db: Db, agency: string, first: number): Promise<FeedKeyRow[]> {
  return db
    .select(TOLD)
    .from(feedKey)
    .innerJoin(agreement, eq(agreement.number, feedKey.agreementNumber))
    .where(eq(agreement.consumerAgency, agency))
    .orderBy(desc(feedKey.madeAt), feedKey.id)
    .limit(first);
}

/** The rules of the database say who may. */
export async function insertKey(db: Db, row: typeof feedKey.$inferInsert): Promise<FeedKeyRow | undefined> {
  const [made] = await db.insert(feedKey).values(row).returning(TOLD);
  return made;
}

/** Undefined: there is none that is open. The rules of the database say who may. */
export async function closeKey(db: Db, id: string, steward: string): Promise<FeedKeyRow | undefined> {
  const [closed] = await db
    .update(feedKey)
    .set({ closedBy: steward, closedAt: sql`clock_timestamp()` })
    .where(and(eq(feedKey.id, id), isNull(feedKey.closedAt)))
    .returning(TOLD);
  return closed;
}
