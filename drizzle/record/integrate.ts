import type { Signer } from "../../schema/policy/keys.ts";
import { signCheckpoint } from "../../schema/record/checkpoint.ts";
import { RightEdge, type Tile } from "../../schema/record/edge.ts";
import type { NoteKey } from "../../schema/record/note.ts";
import { HASH_BYTES } from "../../schema/record/tiles.ts";
import { inTransaction } from "../transaction.ts";
import { type Client, type Transaction, tileReader } from "./reads.ts";

/** Signs in the name of the log: the name of its key is its origin. */
export interface LogSigner {
  readonly signer: Signer;
  readonly key: NoteKey;
}

export interface Integrator {
  /**
   * Takes what has been written to the record since into the tree, in one transaction: places, subjects, tiles and a signed checkpoint. At most
   * one batch. Answers how many entries it took; null: another process is at it. Throws when the tree is not as it was left.
   */
  integrate(): Promise<number | null>;
}

export const BATCH_ROWS = 10_000;
/** Of transactions: one integrator at a time, whatever the number of processes. */
export const INTEGRATOR_LOCK = 7307;

/** An integrator as the role hub_log. Keeps the right edge of the tree between calls: 8 KiB a level. */
export function createIntegrator(sql: Client, by: LogSigner): Integrator {
  let edge: RightEdge | undefined;
  return {
    async integrate() {
      const known = edge;
      edge = undefined; // whatever fails: the next call reads it anew
      const done = await inTransaction(sql, async (tx) => {
        const [lock] = await tx<{ held: boolean }[]>`select pg_try_advisory_xact_lock(${INTEGRATOR_LOCK}) as held`;
        return lock?.held ? takeBatch(tx, known, by) : null;
      });
      edge = done?.edge;
      return done ? done.taken : null;
    },
  };
}

async function takeBatch(tx: Transaction, known: RightEdge | undefined, by: LogSigner) {
  const last = await lastPlace(tx);
  const edge = known?.size === last.size ? known : await RightEdge.of(last.size, tileReader(tx));
  const leaves = await placeNext(tx, last);
  const taken = leaves.length / HASH_BYTES;
  if (taken > 0) {
    for (let at = 0; at < leaves.length; at += HASH_BYTES) edge.append(leaves.subarray(at, at + HASH_BYTES));
    await writeTiles(tx, [...edge.takeFilled(), ...edge.partial()]);
    const checkpoint = { origin: by.key.name, size: edge.size, root: edge.root() };
    await tx`insert into governance.checkpoint (size, root, note)
      values (${edge.size}, ${checkpoint.root}, ${signCheckpoint(checkpoint, by)})`;
  }
  return { edge, taken };
}

interface Last {
  /** Entries in the tree. */
  readonly size: number;
  readonly xid: string;
  readonly id: string;
}

async function lastPlace(tx: Transaction): Promise<Last> {
  const [last] = await tx<{ size: string; xid: string | null; id: string | null; isMoved: boolean }[]>`
    select t.index + 1 as size, e.xid::text, e.id, e.xid >= governance.record_xid(pg_snapshot_xmax(pg_current_snapshot())) as "isMoved" from governance.tree_entry t left join governance.entry e on e.id = t.entry_id
    order by t.index desc limit 1`;
  if (!last) return { size: 0, xid: "0", id: "0" };
  if (last.xid === null || last.id === null)
    throw new Error(`entry ${Number(last.size) - 1} of the record is gone: npx hub verify says what else is`);
  if (last.isMoved)
    throw new Error(
      "the record was restored on a server whose transactions count from lower: npx hub record continue (docs/record.md)",
    );
  return { size: Number(last.size), xid: last.xid, id: last.id };
}

/**
 * Gives the next entries their places, and their subjects; answers their leaves, in order. An entry is only taken once no transaction older than
 * its own can still commit: a late commit with a lower id is never passed over.
 */
async function placeNext(tx: Transaction, { size, xid, id }: Last): Promise<Buffer> {
  const [placed] = await tx<{ leaves: Buffer | null }[]>`
    with next as materialized (
      select id, xid, leaf, subjects from governance.entry
      where (xid, id) > (${xid}::text::xid8, ${id}::bigint) and xid < governance.record_xid(pg_snapshot_xmin(pg_current_snapshot()))
      order by xid, id limit ${BATCH_ROWS}
    ), placed as materialized (
      select ${size}::bigint + row_number() over (order by xid, id) - 1 as index, id, leaf, subjects from next
    ), places as (
      insert into governance.tree_entry (index, entry_id) select index, id from placed
    ), tags as (
      insert into governance.entry_subject (tag, index)
      select distinct substr(subjects, tag * 16 + 1, 16), index from placed, generate_series(0, length(subjects) / 16 - 1) as tag
    )
    select string_agg(leaf, '' order by index) as leaves from placed`;
  return placed?.leaves ?? Buffer.alloc(0);
}

async function writeTiles(tx: Transaction, tiles: readonly Tile[]): Promise<void> {
  const rows = JSON.stringify(tiles.map(({ level, n, hashes }) => ({ level, n, hashes: hashes.toString("hex") })));
  await tx`insert into governance.tile (level, n, hashes)
    select level, n, decode(hashes, 'hex') from json_to_recordset(${rows}::text::json) as tile (level smallint, n bigint, hashes text)
    on conflict (level, n) do update set hashes = excluded.hashes`;
}
