import type { TileReader } from "../../schema/record/tiles.ts";
import type { rawClient } from "../client.ts";

export type Client = ReturnType<typeof rawClient>;
export type Transaction = Parameters<Parameters<Client["begin"]>[1]>[0];
/** Asks within a transaction or without. */
export type Asker = Client | Transaction;

/** Tiles as they lie in the database. */
export const tileReader =
  (sql: Asker): TileReader =>
  async (level, n) => {
    const [tile] = await sql<{ hashes: Buffer }[]>`select hashes from governance.tile where level = ${level} and n = ${n}`;
    return tile?.hashes ?? null;
  };

/** A signed state of the tree with all who signed it. */
export interface SignedState {
  readonly size: number;
  readonly note: string;
}

/** The newest checkpoint, with its cosignatures; null: nothing is in the tree yet. */
export async function newestCheckpoint(sql: Asker): Promise<SignedState | null> {
  const [row] = await sql<{ size: string; note: string }[]>`select size, ${noteOf(sql)} as note from governance.checkpoint c
    order by size desc limit 1`;
  return row ? { size: Number(row.size), note: row.note } : null;
}

const PAGE = 5000;

/** Every checkpoint with its cosignatures, smallest first. */
export async function* allCheckpoints(sql: Asker): AsyncIterable<SignedState> {
  for (let after = 0; ; ) {
    const rows = await sql<{ size: string; note: string }[]>`select size, ${noteOf(sql)} as note from governance.checkpoint c
      where size > ${after} order by size limit ${PAGE}`;
    const last = rows.at(-1);
    if (!last) return;
    for (const { size, note } of rows) yield { size: Number(size), note };
    after = Number(last.size);
  }
}

const noteOf = (sql: Asker) =>
  sql`note || coalesce((select string_agg(line || chr(10), '' order by witness) from governance.cosignature s where s.size = c.size), '')`;

/** What `governance.record_lag` answers: instants as ISO text. */
export interface RecordLag {
  readonly checkpoint: { readonly size: number; readonly at: string } | null;
  readonly cosigned: { readonly size: number; readonly at: string } | null;
  /** When the oldest entry was written that no checkpoint covers; null: all are covered. */
  readonly oldestUncovered: string | null;
}

export async function recordLag(sql: Asker, needsWitness: boolean): Promise<RecordLag> {
  const [row] = await sql<{ lag: RecordLag }[]>`select governance.record_lag(${needsWitness}) as lag`;
  return row?.lag ?? { checkpoint: null, cosigned: null, oldestUncovered: null };
}
