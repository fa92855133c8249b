import type { Loader, LoadPool } from "../../../drizzle/copy.ts";
import { WRITE_BREACHES, WRITE_COUNTS } from "./score.ts";

/** Villages scored in one transaction. */
const AT_ONCE = 200;
/** Changes read in one go: a village that changed often is scored once. */
const CHANGES = 20_000;
/** A score is made anew without a change, for surveys grow old. */
const KEPT = "7 days";

const TAKE_CHANGED = `delete from welfare.village_dirty d using (
    select r.region from (select region from welfare.village_dirty order by id limit ${CHANGES}) r group by r.region limit ${AT_ONCE}) v
  where d.region = v.region returning d.region`;
const OLD = `select region from welfare.village_score where scored_at < $1::timestamptz - interval '${KEPT}' order by scored_at limit ${AT_ONCE}`;

/** Scores villages anew where something changed since, or the score is a week old: some of them. Answers how many; none: all are fresh. */
export async function freshenScores(loader: Loader, now: Date): Promise<number> {
  const changed = await loader.query<{ region: string }>(TAKE_CHANGED);
  const rows = changed.length > 0 ? changed : await loader.query<{ region: string }>(OLD, [now.toISOString()]);
  const villages = [...new Set(rows.map(({ region }) => region))];
  if (villages.length === 0) return 0;
  // asked village by village, by their indexes, whatever the planner has heard of the tables
  await loader.query("set local enable_seqscan = off");
  for (const text of [WRITE_BREACHES, WRITE_COUNTS]) await loader.query(text, [villages, now.toISOString()]);
  return villages.length;
}

const MARK = `insert into welfare.village_dirty (region) select distinct region from welfare.household where starts_with(region, $1)`;

/** Scores every village of a region anew, changed or not; empty: of the country. */
export async function qualityTask(pool: LoadPool, region: string, now: Date): Promise<void> {
  await pool.load((loader) => loader.query(MARK, [region]));
  while ((await pool.load((loader) => freshenScores(loader, now))) > 0);
}
