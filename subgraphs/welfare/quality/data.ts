import { and, asc, count, eq, type SQL, sql } from "drizzle-orm";
import type { Db } from "../../../drizzle/client.ts";
import { integrityBreach, integrityRule, type RULES } from "../../../drizzle/tables/welfare/quality.ts";
import type { RegionRange } from "../../../schema/values/regionCode.ts";
import { isBehind, isInRegions } from "../../kit/data.ts";
import type { Window } from "../../kit/page.ts";

export type IntegrityRuleRow = typeof integrityRule.$inferSelect;
export type IntegrityBreachRow = typeof integrityBreach.$inferSelect;
type Rule = (typeof RULES)[number];

/** The rules, in their order. */
export const integrityRules = (db: Db): Promise<IntegrityRuleRow[]> =>
  db.select().from(integrityRule).orderBy(asc(integrityRule.position));

/** Score of a region, summed over its villages. */
export interface Score {
  /** The region asked about: itself, or the one it lies in. */
  readonly asked: string;
  readonly region: string;
  readonly households: number;
  readonly members: number;
  readonly matched: number;
  readonly scoredAt: string;
}

/** Characters of the codes below a region's: provinces have two, regencies four, districts six, villages ten. */
const BELOW = sql`case length(a.asked) when 0 then 2 when 2 then 4 when 4 then 6 else 10 end`;
/** Villages (aliased v, with a region) in the regions asked about. A list in parameters, so one text whatever its length. */
const asked = (regions: readonly string[]): SQL => sql`unnest(${sql.param([...regions])}::text[]) a (asked)`;
const LIES_IN = sql`v.region collate "C" >= a.asked collate "C" and v.region collate "C" < a.asked || ':'`;

const scores = async (db: Db, regions: readonly string[], region: SQL): Promise<Score[]> => [
  ...(await db.execute<Record<string, unknown> & Score>(
    sql`select a.asked, ${region} as region, sum(v.households)::int as households, sum(v.members)::int as members, sum(v.matched)::int as matched, min(v.scored_at)::text as "scoredAt"
      from ${asked(regions)} join welfare.village_score v on ${LIES_IN} group by 1, 2 having sum(v.households) > 0 order by 1, 2`,
  )),
];

/** Scores of regions. Any order; one without households is absent. */
export const scoresOf = (db: Db, regions: readonly string[]): Promise<Score[]> => scores(db, regions, sql`a.asked`);

/** Scores of the parts of regions, by code within each. A village has none. */
export const scoresBelow = (db: Db, regions: readonly string[]): Promise<Score[]> =>
  scores(
    db,
    regions.filter((region) => region.length < VILLAGE),
    sql`left(v.region, ${BELOW})`,
  );
const VILLAGE = 10;

export interface RuleScoreRow {
  readonly asked: string;
  readonly rule: Rule;
  readonly members: number;
}

/** Members who break each rule in regions, 0 included, in the rules' order within each. */
export const breachesOf = async (db: Db, regions: readonly string[]): Promise<RuleScoreRow[]> => [
  ...(await db.execute<Record<string, unknown> & RuleScoreRow>(
    sql`select a.asked, r.code as rule, coalesce(sum(v.members), 0)::int as members
      from ${asked(regions)} cross join welfare.integrity_rule r left join welfare.village_breaches v on v.rule = r.code and ${LIES_IN}
      group by a.asked, r.code, r.position order by a.asked, r.position`,
  )),
];

export interface MatchRateRow {
  readonly asked: string;
  readonly month: string;
  readonly members: number;
  readonly matched: number;
}

/** Active and matched members of regions in each of the twelve months up to a day's, oldest first; months without a score are absent. */
export const trendOf = async (db: Db, regions: readonly string[], day: string): Promise<MatchRateRow[]> => [
  ...(await db.execute<Record<string, unknown> & MatchRateRow>(
    sql`select a.asked, m.month::date::text as month, sum(v.members)::int as members, sum(v.matched)::int as matched
      from ${asked(regions)}
      cross join generate_series(date_trunc('month', ${day}::timestamp) - interval '11 months', date_trunc('month', ${day}::timestamp), interval '1 month') m (month)
      join welfare.village_match v on ${LIES_IN} and v.from_month <= m.month and (v.to_month is null or v.to_month > m.month)
      group by 1, 2 order by 1, 2`,
  )),
];

/** Which breaches: of a rule, in these regions. None: the list is empty and needs no SQL. */
export interface Queue {
  readonly rule: Rule;
  readonly regions: readonly RegionRange[];
}

const isQueued = ({ rule, regions }: Queue): SQL | undefined =>
  and(eq(integrityBreach.rule, rule), isInRegions(integrityBreach.region, regions));

/** One window of a queue, by region and member. */
export async function listBreaches(db: Db, queue: Queue, { limit, after }: Window): Promise<IntegrityBreachRow[]> {
  if (queue.regions.length === 0) return [];
  return db
    .select()
    .from(integrityBreach)
    .where(and(isQueued(queue), isBehind([integrityBreach.region, integrityBreach.memberId], after)))
    .orderBy(asc(integrityBreach.region), asc(integrityBreach.memberId))
    .limit(limit);
}

/** How long a queue is. */
export async function countBreaches(db: Db, queue: Queue): Promise<number> {
  if (queue.regions.length === 0) return 0;
  const [row] = await db.select({ n: count() }).from(integrityBreach).where(isQueued(queue));
  return row?.n ?? 0;
}
