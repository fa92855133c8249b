import { and, desc, eq, gt, isNull, lte, max, ne, sql } from "drizzle-orm";
import type { Db } from "../../../drizzle/client.ts";
import { checkpoint, cosignature, tile } from "../../../drizzle/tables/governance/record.ts";
import { caseSeal, representation } from "../../../drizzle/tables/governance/rights.ts";

export type SealRow = typeof caseSeal.$inferSelect;

/** A keyed tag, and what it is of: a type of subject, or `lookup` for an identifier. */
export interface Tagged {
  readonly tag: Buffer;
  readonly kind: string;
}

export interface AccessQuestion {
  readonly tags: readonly Tagged[];
  /** Only accesses of this agency; null: of all. */
  readonly ofAgency: string | null;
  readonly since: string;
  readonly until: string;
  readonly now: Date;
  /** Number of the last line already told. */
  readonly before: number | null;
  readonly skip: number;
  readonly lines: number;
}

/** A line as governance.accesses_of gives it. */
export type AccessRow = {
  readonly line: number;
  /** Lines there are, those not on the page too. */
  readonly total: number;
  readonly requests: number;
  readonly at: string;
  readonly mass: boolean;
  readonly disclosure: "IMMEDIATE" | "DELAYED" | "SEALED";
  readonly receipt: string;
  readonly leaf: string;
  readonly client: string | null;
  readonly agency: string | null;
  readonly agreement: string | null;
  readonly title: string | null;
  readonly purpose: string | null;
  readonly status: string;
  /** JSON of `Told`, one a different entry. */
  readonly told: readonly string[];
};

/** Lines of accesses, newest first (governance.accesses_of). One index scan a tag, and each entry found is read: about 40 µs an entry. */
export const accessesOf = (
  db: Db,
  { tags, ofAgency, since, until, now, before, skip, lines }: AccessQuestion,
): Promise<readonly AccessRow[]> =>
  db.execute<AccessRow>(sql`
    select line::float8, total::float8, requests::float8, at, mass, disclosure, receipt, leaf, client, agency, agreement, title, purpose, status, told
    from governance.accesses_of(
      (select array_agg(decode(t, 'hex') order by o) from unnest(${sql.param(tags.map(({ tag }) => tag.toString("hex")))}::text[]) with ordinality as given (t, o)),
      ${sql.param(tags.map(({ kind }) => kind))}::text[], ${ofAgency}, ${since}::timestamptz, ${until}::timestamptz, ${now.toISOString()}::timestamptz,
      ${before}::bigint, ${skip}::integer, ${lines}::integer)`);

/** Whether one person represents another at an instant. */
export async function represents(
  db: Db,
  who: { readonly citizen: string; readonly person: string; readonly now: Date },
): Promise<boolean> {
  const at = who.now.toISOString();
  const { personId, representativeId, endedAt, validFrom, validTo } = representation;
  const found = await db
    .select({ id: representation.id })
    .from(representation)
    .where(and(eq(personId, who.person), eq(representativeId, who.citizen), isNull(endedAt), lte(validFrom, at), gt(validTo, at)))
    .limit(1);
  return found.length > 0;
}

/** Instant of the oldest entry; null: the record is empty. */
export async function recordSince(db: Db): Promise<string | null> {
  const [row] = await db.execute<{ at: string | null }>(sql`select governance.record_since() as at`);
  return row?.at ?? null;
}

/** The entry of a receipt. `body` is null for whom it is not; `hash` is what its text hashes to now. */
export type EntryRow = {
  readonly body: string | null;
  readonly leaf: Buffer;
  readonly hash: Buffer;
  /** Null: not integrated yet. */
  readonly index: number | null;
};

/** The entry of a receipt (governance.receipt_of); undefined: none. */
export async function entryOfReceipt(db: Db, receipt: string): Promise<EntryRow | undefined> {
  const [row] = await db.execute<EntryRow>(sql`select body, leaf, hash, index::float8 from governance.receipt_of(${receipt})`);
  return row;
}

/** The newest checkpoint over an index, a cosigned one where there is any, as a note with all its cosignatures. Undefined: none. */
export async function checkpointOver(db: Db, index: number): Promise<string | undefined> {
  const cosigned = db
    .select({ size: max(cosignature.size) })
    .from(cosignature)
    .where(gt(cosignature.size, index));
  const [row] = await db
    .select({
      note: checkpoint.note,
      lines: sql<string>`coalesce((select string_agg(c.line || ${"\n"}, '' order by c.witness) from governance.cosignature c where c.size = ${checkpoint.size}), '')`,
    })
    .from(checkpoint)
    .where(and(gt(checkpoint.size, index), sql`${checkpoint.size} >= coalesce((${cosigned}), 0)`))
    .orderBy(sql`${checkpoint.size} = (${cosigned}) desc nulls last`, desc(checkpoint.size))
    .limit(1);
  return row && row.note + row.lines;
}

/** Name of a tile for `tilesByName`. */
export const tileName = (level: number, n: number): string => `${level}/${n}`;

/** Tiles of the record's tree by name. Any order. */
export const tilesByName = (db: Db, names: readonly string[]) =>
  db
    .select({ level: tile.level, n: tile.n, hashes: tile.hashes })
    .from(tile)
    .where(
      sql`(${tile.level}, ${tile.n}) in (select split_part(name, '/', 1)::smallint, split_part(name, '/', 2)::bigint
        from unnest(${sql.param([...names])}::text[]) name)`,
    );

/** Seals on cases of an agency, null: of all; newest first. */
export const sealsOf = (db: Db, agency: string | null, first: number): Promise<SealRow[]> =>
  db
    .select()
    .from(caseSeal)
    .where(agency === null ? undefined : eq(caseSeal.agencyCode, agency))
    .orderBy(desc(caseSeal.sealedAt), desc(caseSeal.id))
    .limit(first);

export const insertSeal = (db: Db, row: typeof caseSeal.$inferInsert): Promise<SealRow[]> =>
  db.insert(caseSeal).values(row).returning();

/** Confirms a seal of another officer that is neither confirmed nor lifted; empty: there is none such. */
export const confirmSeal = (
  db: Db,
  { id, ...confirmed }: { id: string; confirmedBy: string; confirmedAt: string },
): Promise<SealRow[]> =>
  db
    .update(caseSeal)
    .set(confirmed)
    .where(
      and(
        eq(caseSeal.id, id),
        ne(caseSeal.sealedBy, confirmed.confirmedBy),
        isNull(caseSeal.confirmedAt),
        isNull(caseSeal.liftedAt),
      ),
    )
    .returning();

/** Lifts a seal of an agency that is not lifted; empty: there is none such. */
export const liftSeal = (
  db: Db,
  { id, agency, ...lifted }: { id: string; agency: string; liftedBy: string; liftedAt: string; liftReason: string },
): Promise<SealRow[]> =>
  db
    .update(caseSeal)
    .set(lifted)
    .where(and(eq(caseSeal.id, id), eq(caseSeal.agencyCode, agency), isNull(caseSeal.liftedAt)))
    .returning();
