import { atOneInstant } from "../../../drizzle/transaction.ts";
import type { Sql, TransactionSql } from "./outline.ts";

/** Restrictions in force as of one reading. Immutable: the same object while nothing changed. */
export interface Restrictions {
  /** Of each in force its person, by person and purpose. */
  readonly inForce: ReadonlyMap<string, string>;
  readonly persons: ReadonlySet<string>;
  /** Transactions before this one (xid8) are in it. */
  readonly seen: string;
}

interface Standing {
  readonly key: string;
  readonly person: string;
  readonly isInForce: boolean;
}

/** All that are in force: as long as the table, so never under the lease. */
export const readRestrictions = (sql: Sql): Promise<Restrictions> =>
  atOneInstant(sql, async (tx) => {
    const rows = await tx<Standing[]>`
      select person_id || ' ' || coalesce(purpose_code, '') as key, person_id as person from governance.restriction where lifted_at is null`;
    const inForce = new Map(rows.map(({ key, person }) => [key, person]));
    return { inForce, persons: new Set(inForce.values()), seen: await seenBy(tx) };
  });

/**
 * Those known with what was written since: as many rows as changed. Null where they are not what the table holds: somebody went round its
 * rules, and all must be read again.
 */
export async function restrictionsSince(tx: TransactionSql, known: Restrictions): Promise<Restrictions | null> {
  const changes = await tx<Standing[]>`
    select r.person_id || ' ' || coalesce(r.purpose_code, '') as key, r.person_id as person, bool_or(r.lifted_at is null) as "isInForce"
    from governance.restriction r
    where r.person_id in (select c.person_id from governance.restriction c where c.changed >= ${known.seen}::xid8)
    group by r.person_id, r.purpose_code`;
  const [held] = await tx<{ n: number }[]>`select count(*)::int as n from governance.restriction where lifted_at is null`;
  const seen = await seenBy(tx);
  const news = changes.filter(({ key, isInForce }) => known.inForce.has(key) !== isInForce);
  const inForce = news.length === 0 ? known.inForce : changed(known.inForce, news);
  if (inForce.size !== held?.n) return null;
  return { inForce, persons: inForce === known.inForce ? known.persons : new Set(inForce.values()), seen };
}

async function seenBy(tx: TransactionSql): Promise<string> {
  const [row] = await tx<{ seen: string }[]>`select pg_snapshot_xmin(pg_current_snapshot())::text as seen`;
  if (!row) throw new Error("the database tells no snapshot");
  return row.seen;
}

function changed(known: ReadonlyMap<string, string>, news: readonly Standing[]): Map<string, string> {
  const inForce = new Map(known);
  for (const { key, person, isInForce } of news) isInForce ? inForce.set(key, person) : inForce.delete(key);
  return inForce;
}
