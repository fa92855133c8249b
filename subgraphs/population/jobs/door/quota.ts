import type { Loader } from "../../../../drizzle/copy.ts";
import type { Caller } from "../../../../schema/caller.ts";
import { limitReached, Refusal } from "../../../../schema/errors.ts";
import { dayInWib } from "../../../../schema/values/wib.ts";

/** As many as the count itself can hold. */
const NO_QUOTA = 2_147_483_647;

/**
 * Counts the rows of a file among the persons an agreement asks about today, as verification counts them, or refuses with QUOTA_EXCEEDED.
 * Locks the count until the transaction ends.
 */
export async function countPersons(loader: Loader, { agreement, verification }: Caller, rows: number): Promise<void> {
  const taken = await loader.query(
    `insert into population.verification_count as known (agreement, day, counted, used)
     select $1, $2::date, 'persons', $3::int where $3::int <= $4::int
     on conflict (agreement, day, counted) do update set used = known.used + excluded.used
       where known.used::bigint + excluded.used <= $4::int
     returning used`,
    [agreement, dayInWib(new Date()), rows, verification.persons ?? NO_QUOTA],
  );
  if (taken.length === 0) throw new Refusal(limitReached("QUOTA", { coordinate: "Mutation.startMatching" }));
}
