import type { LoadPool } from "../../../drizzle/copy.ts";

interface TaskContext {
  /** Of the programs' workers. */
  readonly pool: LoadPool;
  readonly note: (text: string) => void;
}

/** Enrolments, or payments, in a transaction: some ten seconds. */
const CHUNK = 20_000;

/**
 * Writes the list of a drafted period, or takes a signed one to its account checks, or a discarded one's payments out of the chain, chunk by chunk in transactions
 * of their own; goes on with one that was broken off. Done twice it does nothing. What it does is in the database: 0012_payments.sql.
 */
export const openPeriodTask = (context: TaskContext, run: string, chunk = CHUNK): Promise<void> =>
  inChunks(context, ["open_payments", "start_payments", "discard_payments"], [run, chunk]);

/** Fills a drafted order, or takes its payments along to the state it was decided to, as above. */
export const carryOrderTask = (context: TaskContext, order: string, chunk = CHUNK): Promise<void> =>
  inChunks(context, ["carry_payment_order"], [order, chunk]);

type Step = "open_payments" | "start_payments" | "discard_payments" | "carry_payment_order";

async function inChunks({ pool, note }: TaskContext, steps: readonly Step[], [job, chunk]: readonly [string, number]) {
  for (const step of steps) {
    const next = () =>
      pool.load(async (loader) => {
        const [row] = await loader.query<{ done: number }>(`select programs.${step}($1, $2) as done`, [job, chunk]);
        return row?.done ?? 0;
      });
    let done = 0;
    for (let more = await next(); more > 0; more = await next()) done += more;
    if (done > 0) note(`${step} ${job}: ${done}`);
  }
}
