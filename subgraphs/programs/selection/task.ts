import type { Loader } from "../../../drizzle/copy.ts";
import type { Work } from "../../kit/worker.ts";

/** Parts at a time: a transaction each. */
const LANES = 2;
/** Who waits, looked at in one transaction of a promotion. */
const LOOKED_AT = 10_000;

type Pooled = Pick<Work, "pool" | "now">;

/** Tells the rules of the database when it happens, and the history who did it. */
const SAY = "select set_config('hub.now', $1, true), set_config('hub.actor', $2, true)";

type Call = <T>(text: string, values: readonly unknown[]) => Promise<T | undefined>;

/** Calls functions of the database, each in a transaction of its own, and answers what they answer. */
const callsOf =
  ({ pool, now }: Pooled, actor: string): Call =>
  <T>(text: string, values: readonly unknown[]) =>
    pool.load(async (loader) => {
      await loader.query(SAY, [now().toISOString(), actor]);
      const [row] = await loader.query<{ answer: T }>(`select programs.${text} as answer`, [...values]);
      return row?.answer;
    });

/**
 * Makes the list of a run, or goes on with one that was broken off: every province is judged, then every decile put in its place, each in a transaction of
 * its own; the list is there at the end, whole. Of a discarded run it clears away what was made. What it does is in the database: 0008_selection.sql.
 */
export async function selectTask(work: Pooled & Pick<Work, "note">, run: string): Promise<void> {
  const call = callsOf(work, "aid_select");
  await call("drop_selection($1)", [run]);
  if (!(await call<boolean>("lay_out_selection($1)", [run]))) return;
  do await forEachPart(work, { run, step: "JUDGE", does: "judge_province($1, $2)" });
  while (!(await call<boolean>("lay_out_places($1)", [run])));
  work.note(`selection ${run}: judged`);
  await forEachPart(work, { run, step: "PLACE", does: "place_decile($1, $2)" });
  await call("finish_selection($1)", [run]);
}

/** Writes a signed list as enrolments, province by province; what was written stays, a second run goes on behind it. */
export async function publishTask(work: Pooled, run: string): Promise<void> {
  const call = callsOf(work, "aid_publish");
  if (!(await call<boolean>("lay_out_publication($1)", [run]))) return;
  await forEachPart(work, { run, step: "PUBLISH", does: "publish_province($1, $2)" });
  await call("finish_publication($1)", [run]);
}

/** Gives free seats of a program to those who wait, in order. `job`: program and reason, such as `PKH QUOTA_ADDED`. */
export async function promoteTask(work: Pooled, job: string): Promise<void> {
  const [program, reason] = job.split(" ");
  const call = callsOf(work, "aid_promote");
  let after: string | null | undefined = "0";
  while (after != null) after = await call<string | null>("promote($1, $2, $3, $4)", [program, after, LOOKED_AT, reason]);
}

/** Counts what another policy would change. */
export async function simulateTask(work: Pooled, simulation: string): Promise<void> {
  await callsOf(work, "aid_simulate")("simulate($1)", [simulation]);
}

interface Step {
  readonly run: string;
  readonly step: "JUDGE" | "PLACE" | "PUBLISH";
  /** What is done with a part ($2) of a run ($1); answers how many rows it made. */
  readonly does: string;
}

async function forEachPart({ pool, now }: Pooled, step: Step): Promise<void> {
  const lane = async () => {
    while (await pool.load((loader) => workOnPart(loader, step, now())));
  };
  const lanes = await Promise.allSettled(Array.from({ length: LANES }, lane));
  for (const ended of lanes) if (ended.status === "rejected") throw ended.reason;
}

/** The next part that nobody works on, if there is one. In whatever order they are done, the list is the same. */
async function workOnPart(loader: Loader, { run, step, does }: Step, now: Date): Promise<boolean> {
  const [chunk] = await loader.query<{ part: string }>(
    `select part from programs.selection_chunk where run = $1 and step = $2 and done_at is null order by part limit 1 for update skip locked`,
    [run, step],
  );
  if (!chunk) return false;
  await loader.query(SAY, [now.toISOString(), `aid_${step.toLowerCase()}`]);
  await loader.query("select set_config('work_mem', '256MB', true), set_config('jit', 'off', true)");
  await loader.query(
    `update programs.selection_chunk set rows = programs.${does}, done_at = clock_timestamp() where run = $1 and part = $2 and step = $3`,
    [run, chunk.part, step],
  );
  return true;
}
