import { and, asc, desc, eq, inArray, isNull } from "drizzle-orm";
import type { Db } from "../../../drizzle/client.ts";
import { agreement } from "../../../drizzle/tables/governance/agreement.ts";
import { schemaNotice } from "../../../drizzle/tables/governance/subscription.ts";
import { isOneOf } from "../../kit/data.ts";

export type NoticeRow = typeof schemaNotice.$inferSelect;
export type NewNotice = typeof schemaNotice.$inferInsert;

const columns = { notice: schemaNotice };
const rows = (found: readonly { readonly notice: NoticeRow }[]): NoticeRow[] => found.map(({ notice }) => notice);

interface Wanted {
  /** Of whose agreements; null: of everybody's. */
  readonly consumer: string | null;
  readonly isUnread: boolean;
  readonly first: number;
}

/** Notices, newest first; those of one moment by number. */
export const noticesOf = async (db: Db, { consumer, isUnread, first }: Wanted): Promise<NoticeRow[]> =>
  rows(
    await db
      .select(columns)
      .from(schemaNotice)
      .innerJoin(agreement, eq(agreement.number, schemaNotice.agreementNumber))
      .where(
        and(
          consumer === null ? undefined : eq(agreement.consumerAgency, consumer),
          isUnread ? isNull(schemaNotice.acknowledgedAt) : undefined,
        ),
      )
      .orderBy(desc(schemaNotice.sentAt), asc(schemaNotice.agreementNumber), asc(schemaNotice.id))
      .limit(first),
  );

/** Writes what was not told before; the rules of the database say who may. */
export const insertNotices = (db: Db, notices: readonly NewNotice[]) =>
  db
    .insert(schemaNotice)
    .values([...notices])
    .onConflictDoNothing({ target: [schemaNotice.agreementNumber, schemaNotice.digest] });

/** Those of these agreements with one of these digests. Any order. */
export const noticesByDigest = (db: Db, numbers: readonly string[], digests: readonly Buffer[]): Promise<NoticeRow[]> =>
  db
    .select()
    .from(schemaNotice)
    .where(and(isOneOf(schemaNotice.agreementNumber, numbers, "text"), inArray(schemaNotice.digest, [...digests])));

export async function noticeById(db: Db, id: string): Promise<NoticeRow | undefined> {
  const [row] = await db.select().from(schemaNotice).where(eq(schemaNotice.id, id));
  return row;
}

/** Undefined: there is none that nobody has acknowledged. The rules of the database say who may. */
export async function acknowledge(
  db: Db,
  id: string,
  { by, at }: { readonly by: string; readonly at: string },
): Promise<NoticeRow | undefined> {
  const [row] = await db
    .update(schemaNotice)
    .set({ acknowledgedBy: by, acknowledgedAt: at })
    .where(and(eq(schemaNotice.id, id), isNull(schemaNotice.acknowledgedAt)))
    .returning();
  return row;
}
