import type { Loader, LoadPool } from "../../../drizzle/copy.ts";
import type { Signer } from "../../../schema/policy/keys.ts";
import type { CubeDefinition } from "../../../schema/statistics/cubes.ts";
import { foldRollups } from "../../kit/figures/rollup.ts";
import { beginningOf, monthAt } from "./calendar.ts";
import type { MonthStanding, Universe } from "./schedule.ts";

/** A slice that is released here: its database as the role of its workers, and its attestation key. */
export interface Desk {
  readonly slice: CubeDefinition["slice"];
  readonly pool: LoadPool;
  readonly signer: Signer;
}

/** Acts after which a universe is released out of turn: the newest determination, delivery of candidates, decree of seats. */
const EVENTS: Readonly<Record<string, string>> = {
  household: "select max(determined_at) as at from welfare.determination",
  member: "select max(determined_at) as at from welfare.determination",
  proposal: "select max(determined_at) as at from welfare.determination",
  judged: "select max(received_at) as at from programs.target_delivery where state = 'IN_FORCE'",
  "served-family": "select max(received_at) as at from programs.target_delivery where state = 'IN_FORCE'",
  quota: "select max(approved_at) as at from programs.quota where state = 'IN_FORCE'",
};

export async function lastEvent({ pool }: Desk, { code }: Universe): Promise<Date | null> {
  const query = EVENTS[code];
  if (query === undefined) return null;
  const [row] = await pool.load((loader) => loader.query<{ at: Date | null }>(query));
  return row?.at ?? null;
}

/** Months all cubes of a universe are counted of, as its slice and the statistics have them. */
export async function standingsOf({ slice, pool }: Desk, { cubes }: Universe, statistics: Loader): Promise<MonthStanding[]> {
  const counted = await pool.load((loader) =>
    loader.query<Omit<MonthStanding, "asOf">>(
      `select p.period as month, bool_and(p.closed_at is not null) as "isClosed",
         coalesce((select max(r.number)::int from ${slice}.rollup_release r where r.cube = any($1) and r.period = p.period), 0) as number
       from ${slice}.rollup_period p where p.cube = any($1) group by p.period having count(*) = $2 order by p.period`,
      [cubes, cubes.length],
    ),
  );
  const published = await statistics.query<{ month: string; asOf: Date }>(
    `select period as month, min(as_of) as "asOf" from statistics.release where cube = any($1) and is_in_force group by period having count(*) = $2`,
    [cubes, cubes.length],
  );
  const asOf = new Map(published.map((one) => [one.month, one.asOf]));
  return counted.map((one) => ({ ...one, asOf: asOf.get(one.month) ?? null }));
}

/** Whether the month of an instant is not open yet, or payments told of a month nobody has counted. */
export const isUncounted = ({ slice, pool }: Desk, now: Date): Promise<boolean> =>
  pool.load(async (loader) => {
    const [row] = await loader.query<{ is: boolean }>(
      `select exists (select from ${slice}.cube c where not c.is_dated
         and not exists (select from ${slice}.rollup_period p where p.cube = c.code and p.period >= $1)) or exists (${untold(slice)}) as is`,
      [monthAt(now)],
    );
    return row?.is ?? false;
  });

/** Months that payments told of and nobody has counted. */
const untold = (slice: string) => `select distinct t.cube, t.period from ${slice}.rollup_touched t where t.period is not null
  and not exists (select from ${slice}.rollup_period p where p.cube = t.cube and p.period = t.period) order by 1, 2`;

const MOST_ROUNDS = 1000;

/** How a month of a cube is counted; undefined: it was not, and keeps back no other. */
export type Attempt = <T>(what: string, work: () => Promise<T>) => Promise<T | undefined>;

/**
 * Counts all that changed until now, so that a release tells it; waits for workers that are at it. What was never counted is sooner counted as a whole; until
 * it is, it has no month to be released.
 */
export async function countUp({ slice, pool }: Desk, now: Date, attempt: Attempt = (_, work) => work()): Promise<void> {
  const whole = `select ${slice}.rebuild_rollup($1, $2, $3)`;
  for (const { cube, period } of await pool.load((loader) => loader.query<{ cube: string; period: string }>(untold(slice))))
    await attempt(`first count of ${cube} ${period}`, () =>
      pool.load((loader) => loader.query(whole, [cube, period, now.toISOString()])),
    );
  const fold = foldRollups(slice);
  for (let rounds = 0; rounds < MOST_ROUNDS; rounds += 1) if ((await pool.load((loader) => fold(loader, now))) === 0) return;
}

/** A month of a cube counted anew. `found`: cells that were otherwise; null: rows changed meanwhile. */
export interface Rebuilt {
  readonly cube: string;
  readonly period: string;
  readonly found: number | null;
}

/** Months of payments that still change. */
const LIVELY = 4;

/** Counts each open month anew that was last counted before an instant, one after the other. */
export async function rebuild({ slice, pool }: Desk, { now, before, attempt }: Counting): Promise<readonly Rebuilt[]> {
  const [tried, all]: [string[], Rebuilt[]] = [[], []];
  const since = [before.toISOString(), monthAt(beginningOf(monthAt(now), -LIVELY)), monthAt(now)];
  for (;;) {
    const [next] = await pool.load((loader) =>
      loader.query<{ cube: string; period: string }>(
        `select p.cube, p.period from ${slice}.rollup_period p join ${slice}.cube c on c.code = p.cube
         where p.closed_at is null and p.rebuilt_at < $1 and case when c.is_dated then p.period >= $2 else p.period = $3 end
           and p.cube || '/' || p.period <> all($4) order by p.cube, p.period limit 1`,
        [...since, tried],
      ),
    );
    if (!next) return all;
    const { cube, period } = next;
    tried.push(`${cube}/${period}`);
    const whole = `select ${slice}.rebuild_rollup($1, $2, $3) as found`;
    const count = (loader: Loader) => loader.query<{ found: number | null }>(whole, [cube, period, now.toISOString()]);
    const counted = await attempt(`nightly count of ${cube} ${period}`, () => pool.load(count));
    if (counted) all.push({ cube, period, found: counted[0]?.found ?? null });
  }
}

interface Counting {
  readonly now: Date;
  readonly before: Date;
  readonly attempt: Attempt;
}
