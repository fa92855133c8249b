import { TILE_WIDTH } from "../../schema/record/tiles.ts";
import type { Filed, LogCopy, Misindexed, StoredRecord } from "../../schema/record/verify/copy.ts";
import { type Asker, allCheckpoints, tileReader } from "./reads.ts";

const BUNDLES_A_QUESTION = 16;
const MINUTE_MS = 60_000;
/** Where the tree should be at the latest: then the gateway raises its alarm. */
const LAG_MS = 15 * MINUTE_MS;

/** The log as it lies in the database, for whoever may read it (hub_log). `sql`: one transaction of one snapshot, else a growing log looks altered. */
export const databaseCopy = (sql: Asker): LogCopy => ({
  bundles: () => bundlesOf(sql),
  tile: tileReader(sql),
  async *checkpoints() {
    for await (const { note } of allCheckpoints(sql)) yield note;
  },
  async *leftOut() {
    yield* await sql<
      { receipt: string | null; at: string }[]
    >`select request_id as receipt, to_json(at)#>>'{}' as at from governance.entry e
      where at < clock_timestamp() - ${LAG_MS} * interval '1 ms' and not exists (select from governance.tree_entry t where t.entry_id = e.id)
      order by id`;
  },
  misindexed: () => misindexedIn(sql),
});

/** One pass over all tags: sorts on the server's disk where they do not fit its memory. */
async function misindexedIn(sql: Asker): Promise<Misindexed | null> {
  const [found] = await sql<{ first: string | null; last: string; count: string }[]>`
    with kept as materialized (
      select t.index, e.subjects from governance.tree_entry t join governance.entry e on e.id = t.entry_id where e.subjects is not null
    ), held as (
      select distinct substr(subjects, tag * 16 + 1, 16) as tag, index from kept, generate_series(0, length(subjects) / 16 - 1) as tag
    ), indexed as (
      select tag, index from governance.entry_subject join kept using (index)
    ), differing as (
      select distinct index from held full join indexed using (tag, index) where held.tag is null or indexed.tag is null
    )
    select min(index) as first, max(index) as last, count(*) as count from differing`;
  return found && found.first !== null
    ? { first: Number(found.first), last: Number(found.last), count: Number(found.count) }
    : null;
}

interface Row extends Filed {
  readonly index: string;
  readonly body: string;
  readonly leaf: Buffer;
  readonly tags: Buffer | null;
}

async function* bundlesOf(sql: Asker): AsyncGenerator<(StoredRecord | null)[]> {
  const [end] = await sql<{ size: string }[]>`select coalesce(max(index) + 1, 0) as size from governance.tree_entry`;
  const size = Number(end?.size ?? 0);
  for (let from = 0; from < size; from += BUNDLES_A_QUESTION * TILE_WIDTH) {
    const before = Math.min(size, from + BUNDLES_A_QUESTION * TILE_WIDTH);
    const rows = await sql<Row[]>`select t.index, e.body, e.leaf, e.subjects as tags,
        e.request_id as receipt, e.client, e.agreement, to_json(e.at)#>>'{}' as at
      from governance.tree_entry t join governance.entry e on e.id = t.entry_id where t.index >= ${from} and t.index < ${before}`;
    const records = new Array<StoredRecord | null>(before - from).fill(null);
    for (const { index, body, leaf, tags, ...filed } of rows) records[Number(index) - from] = { body, leaf, tags, filed };
    for (let at = 0; at < records.length; at += TILE_WIDTH) yield records.slice(at, at + TILE_WIDTH);
  }
}
