import type { LoadPool } from "../../../drizzle/copy.ts";

interface TaskContext {
  /** Of the registry's workers. */
  readonly pool: LoadPool;
  readonly note: (text: string) => void;
}

/** Households in a transaction: about 10 s of work, and no more memory than their answers take. */
const HOUSEHOLDS_A_CHUNK = 50_000;

/**
 * Carries a ranking out, or goes on with one that was broken off: every household is weighed, all of them are put in order, then their ranks are written,
 * each step chunk by chunk in transactions of their own. Done twice it does nothing. What it does is in the database: 0008_ranking.sql.
 */
export async function rankTask({ pool, note }: TaskContext, job: string, householdsAChunk = HOUSEHOLDS_A_CHUNK): Promise<void> {
  const call = (step: string, ...values: readonly unknown[]) =>
    pool.load((loader) => loader.query(`select welfare.${step}(${values.map((_, at) => `$${at + 1}`).join()})`, [...values]));
  const forAll = async (step: string, open: string) => {
    const chunks = await pool.load((loader) =>
      loader.query<{ number: number }>(
        `select number from welfare.ranking_chunk where run_id = $1 and ${open} is null order by number`,
        [job],
      ),
    );
    for (const { number } of chunks) await call(step, job, number);
    if (chunks.length > 0) note(`ranking ${job}: ${step} ${chunks.length} chunks`);
  };
  const stateOf = async () => {
    const [run] = await pool.load((loader) =>
      loader.query<{ state: string }>("select state from welfare.ranking_run where id = $1", [job]),
    );
    return run?.state;
  };
  if ((await stateOf()) === "SCORING") {
    await call("prepare_ranking", job, householdsAChunk);
    await forAll("score_chunk", "scored_at");
    await call("cut_ranking", job);
    note(`ranking ${job}: cut_ranking`);
  }
  if ((await stateOf()) === "WRITING") {
    await forAll("write_ranks", "written_at");
    await call("publish_ranking", job);
  }
}
