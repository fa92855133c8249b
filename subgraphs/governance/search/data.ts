import { sql } from "drizzle-orm";
import type { Db } from "../../../drizzle/client.ts";

export interface Wanted {
  /** Keyed tags of a person, 16 bytes each; null: anybody. */
  readonly tags: readonly Buffer[] | null;
  readonly receipt: string | null;
  readonly agreement: string | null;
  /** Of the text of an entry; what is not given is not looked at. */
  readonly told: { readonly [Part in "agency" | "purpose" | "status" | "coordinate"]?: string };
  readonly since: string | null;
  readonly until: string | null;
  readonly now: Date;
  /** Number of the entry read last. */
  readonly before: number | null;
  readonly lines: number;
}

/** An entry the asker may see. */
export interface EntryRow {
  readonly id: number;
  readonly body: string;
  readonly leaf: Buffer;
  /** Null: not integrated yet. */
  readonly index: number | null;
  readonly disclosure: "IMMEDIATE" | "DELAYED" | "SEALED";
  /** Who asked, the case and the text are the asker's to know. */
  readonly isWhole: boolean;
}

/** Where a page ends: the number of the last entry shown, or a round one where none was among many; null: nothing is there to see. */
export interface SearchEnd {
  readonly id: number | null;
  /** Its instant, or the end of that day (WIB); null: all was searched. */
  readonly at: string | null;
  readonly body: null;
  /** Older ones are left to see, or to be read. */
  readonly more: boolean;
}

/**
 * Entries the asking steward may see, newest first, then where the page ends (governance.record_search). At most 5,000 are read of all agreements, of a person 10,000, hidden ones beside:
 * of 300,000 a page took 9–30 ms where it was soon full, 0.5 s where nothing matched (2 busy cores, PostgreSQL 18, 22 November 2026).
 */
export const searchRecord = (
  db: Db,
  { tags, receipt, agreement, told, since, until, now, before, lines }: Wanted,
): Promise<readonly (EntryRow | SearchEnd)[]> =>
  db.execute<(EntryRow | SearchEnd) & Record<string, unknown>>(sql`
    select id::float8, at, body, leaf, index::float8, disclosure, is_whole as "isWhole", more from governance.record_search(
      ${tags === null ? sql`null` : sql`array(select decode(t, 'hex') from unnest(${sql.param(tags.map((tag) => tag.toString("hex")))}::text[]) as given (t))`},
      ${receipt}::text, ${agreement === null ? null : sql.param([agreement])}::text[], ${JSON.stringify(told)}::json,
      ${since}::timestamptz, ${until}::timestamptz, ${now.toISOString()}::timestamptz, ${before}::bigint, ${lines}::integer)`);
