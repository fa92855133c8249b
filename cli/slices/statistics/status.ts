import type { Loader } from "../../../drizzle/copy.ts";
import type { Desk } from "../../../subgraphs/statistics/publication/books.ts";

/** How a cube stands in a month. */
interface Standing {
  readonly cube: string;
  readonly period: string;
  /** Instant its slice closed it; null: it is open. */
  readonly closedAt: string | null;
  readonly rebuiltAt: string;
  /** Cells that rebuilds found otherwise than the events had left them, in all. */
  readonly differences: number;
  /** Changes nobody has counted yet. */
  readonly waiting: number;
  /** Releases the slice has given out; the number in force at statistics; instant its figures are of. */
  readonly released: number;
  readonly inForce: number | null;
  readonly asOf: string | null;
}

/** Every cube and month that is counted, newest month first. */
export async function standing(
  desks: readonly Desk[],
  statistics: Loader,
): Promise<(Standing & { readonly sentence: string })[]> {
  const published = await statistics.query<{ cube: string; period: string; number: number; asOf: Date }>(
    `select cube, period, number, as_of as "asOf" from statistics.release where is_in_force`,
  );
  const found = new Map(published.map((one) => [`${one.cube}/${one.period}`, one]));
  const all: (Standing & { sentence: string })[] = [];
  for (const { slice, pool } of desks)
    for (const row of await pool.load((loader) => loader.query<Counted>(COUNTED(slice)))) {
      const one = found.get(`${row.cube}/${row.period}`);
      const whole = { ...row, ...instantsOf(row), inForce: one?.number ?? null, asOf: one?.asOf.toISOString() ?? null };
      all.push({ ...whole, sentence: sentenceOf(whole) });
    }
  return all;
}

interface Counted extends Omit<Standing, "inForce" | "asOf" | "closedAt" | "rebuiltAt"> {
  readonly closedAt: Date | null;
  readonly rebuiltAt: Date;
  readonly [column: string]: unknown;
}

const COUNTED = (
  slice: string,
) => `select p.cube, p.period, p.closed_at as "closedAt", p.rebuilt_at as "rebuiltAt", p.differences,
    coalesce((select max(r.number)::int from ${slice}.rollup_release r where r.cube = p.cube and r.period = p.period), 0) as released,
    (select count(*)::int from ${slice}.rollup_touched t where t.cube = p.cube and p.closed_at is null and coalesce(t.period, p.period) = p.period) as waiting
  from ${slice}.rollup_period p order by p.period desc, p.cube`;

const instantsOf = ({ closedAt, rebuiltAt }: Counted) => ({
  closedAt: closedAt?.toISOString() ?? null,
  rebuiltAt: rebuiltAt.toISOString(),
});

function sentenceOf({ cube, period, closedAt, differences, waiting, released, inForce, asOf }: Standing): string {
  const counted = closedAt === null ? `open, ${waiting} changes to be counted` : `closed ${closedAt}`;
  const published = inForce === null ? "nothing in force" : `release ${inForce} in force, as of ${asOf}`;
  const lost = inForce !== null && released > inForce ? `, ${released - inForce} since lost on the way` : "";
  return `${cube} ${period}: ${counted}; ${published}${lost}${differences > 0 ? `; WRONG in ${differences} cells when counted anew` : ""}`;
}
