import { inTransaction } from "../transaction.ts";
import type { Client } from "./reads.ts";

/**
 * Lets the record go on where it was restored on a server whose transactions count from lower, as the owner of governance: what is written from
 * now on sorts after what is there. Answers by how much numbers are raised; null: they need not be. Whoever writes waits meanwhile.
 */
export const goOn = (owner: Client): Promise<bigint | null> =>
  inTransaction(owner, async (tx) => {
    await tx`lock table governance.entry in share row exclusive mode`;
    const [needed] = await tx<{ shift: string | null }[]>`
      with last as (select xid from governance.entry order by xid desc, id desc limit 1),
      next as (select pg_snapshot_xmax(pg_current_snapshot()) as of_server)
      select (last.xid::text::numeric - next.of_server::text::numeric + 1)::text as shift from last, next
      where last.xid >= governance.record_xid(next.of_server)`;
    if (!needed?.shift) return null;
    await tx`insert into governance.record_move (shift) values (${needed.shift}::bigint)`;
    return BigInt(needed.shift);
  });
