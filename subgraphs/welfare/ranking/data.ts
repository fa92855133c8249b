import { and, asc, desc, eq, sql } from "drizzle-orm";
import type { Db } from "../../../drizzle/client.ts";
import { contributionLine, rankingRun, rankingScore, weight, weightFile } from "../../../drizzle/tables/welfare/ranking.ts";
import { surveyVariable } from "../../../drizzle/tables/welfare/registry.ts";
import { ranking, registryVersion } from "../../../drizzle/tables/welfare/welfare.ts";
import { isOneOf, uuids } from "../../kit/data.ts";
import type { AnswersInForce } from "./poverty.ts";
import type { Instrument, WeightRow } from "./weights.ts";

export type WeightFileRow = typeof weightFile.$inferSelect;
export type RankingRunRow = typeof rankingRun.$inferSelect;
export type RegistryVersionRow = typeof registryVersion.$inferSelect;

/** Files of weights that the asker may see, newest first; drafts before all. */
export const listWeightFiles = (db: Db): Promise<WeightFileRow[]> =>
  db
    .select()
    .from(weightFile)
    .orderBy(sql`${weightFile.publishedOn} desc nulls first`, desc(weightFile.edition), desc(weightFile.id));

/** Files of weights by id. Any order. */
export const weightFilesById = (db: Db, ids: readonly string[]): Promise<WeightFileRow[]> =>
  db
    .select()
    .from(weightFile)
    .where(isOneOf(weightFile.id, uuids(ids), "uuid"));

/** The whole of files as text, in its one form, and its SHA-256. */
export const weightTexts = (db: Db, ids: readonly string[]): Promise<{ id: string; text: string; sha256: string }[]> => {
  const text = sql<string>`welfare.weight_text(${weightFile.id})`;
  return db
    .select({ id: weightFile.id, text, sha256: sql<string>`encode(sha256(convert_to(${text}, 'UTF8')), 'hex')` })
    .from(weightFile)
    .where(isOneOf(weightFile.id, uuids(ids), "uuid"));
};

/** Weights of a file that count in a region, by variable and code; empty region: those of the rest of the country. */
export const weightsIn = (db: Db, file: Pick<WeightFileRow, "id" | "areaLevel">, region: string): Promise<WeightRow[]> =>
  db
    .select({ area: weight.area, variable: weight.variable, code: weight.code, millionths: weight.millionths })
    .from(weight)
    .where(and(eq(weight.fileId, file.id), eq(weight.area, sql`welfare.weight_area(${file.id}, ${file.areaLevel}, ${region})`)))
    .orderBy(asc(weight.variable), sql`${weight.code} nulls first`);

/** What may be weighed: variables that the survey answers to everybody who may read it, with their codes; null: a number. */
export async function instrumentOf(db: Db): Promise<Instrument> {
  const { code, kind, labels, opens } = surveyVariable;
  const rows = await db.select({ code, kind, labels }).from(surveyVariable).where(eq(opens, "ANSWERS"));
  const codes = {
    NUMBER: () => null,
    YESNO: () => new Set(["1", "2"]),
    CODE: (of: object) => new Set(Object.keys(of)),
    TEXT: () => new Set<string>(),
  };
  return new Map(rows.map((row) => [row.code, codes[row.kind](row.labels)]));
}

const WEIGHTS_AT_ONCE = 5000;

/** Writes a draft and its weights. MUST be one transaction: the rules of the database take weights in no other. */
export async function insertWeightFile(
  db: Db,
  file: typeof weightFile.$inferInsert,
  rows: readonly WeightRow[],
): Promise<WeightFileRow | undefined> {
  const [made] = await db.insert(weightFile).values(file).returning();
  for (let at = 0; at < rows.length; at += WEIGHTS_AT_ONCE)
    await db.insert(weight).values(rows.slice(at, at + WEIGHTS_AT_ONCE).map((row) => ({ ...row, fileId: file.id })));
  return made;
}

interface Publishing {
  readonly id: string;
  readonly version: number;
  readonly sha256: string;
}

/** Publishes a draft as it was read; undefined when it is another by now. */
export async function publishWeightFile(db: Db, { id, version, sha256 }: Publishing): Promise<WeightFileRow | undefined> {
  const [published] = await db
    .update(weightFile)
    .set({ state: "PUBLISHED", sha256 })
    .where(and(isOneOf(weightFile.id, uuids([id]), "uuid"), eq(weightFile.version, version)))
    .returning();
  return published;
}

const MOST_RUNS = 100;

/** Rankings, newest first. */
export const listRankingRuns = (db: Db): Promise<RankingRunRow[]> =>
  db.select().from(rankingRun).orderBy(desc(rankingRun.proposedAt), desc(rankingRun.id)).limit(MOST_RUNS);

/** Rankings by id. Any order. */
export const rankingRunsById = (db: Db, ids: readonly string[]): Promise<RankingRunRow[]> =>
  db
    .select()
    .from(rankingRun)
    .where(isOneOf(rankingRun.id, uuids(ids), "uuid"));

export type ContributionLineRow = typeof contributionLine.$inferSelect;

/** Lines of who cannot pay the insurance contribution, newest first. */
export const contributionLines = async (db: Db): Promise<ContributionLineRow[]> =>
  db.select().from(contributionLine).orderBy(desc(contributionLine.validFrom));

/** How much of rankings is done, percent; those without chunks are absent. */
export const progressOfRuns = async (db: Db, ids: readonly string[]): Promise<{ id: string; percent: number }[]> => [
  ...(await db.execute<{ id: string; percent: number }>(sql`
    select run_id as id, (100 * (count(scored_at) + count(written_at)) / (2 * count(*)))::int as percent
    from welfare.ranking_chunk where run_id = any(${sql.param(uuids(ids))}::uuid[]) group by run_id`)),
];

export const insertRankingRun = async (db: Db, run: typeof rankingRun.$inferInsert): Promise<RankingRunRow | undefined> =>
  (await db.insert(rankingRun).values(run).returning())[0];

/** Moves a ranking on as it was read; undefined when it is another by now. */
export async function moveRankingRun(
  db: Db,
  { id, version }: { readonly id: string; readonly version: number },
  state: RankingRunRow["state"],
): Promise<RankingRunRow | undefined> {
  const [moved] = await db
    .update(rankingRun)
    .set({ state })
    .where(and(eq(rankingRun.id, id), eq(rankingRun.version, version)))
    .returning();
  return moved;
}

/** Hands a ranking to the registry's workers. Once it waits, once more is nothing. */
export const enqueueRanking = (db: Db, id: string) => db.execute(sql`select welfare.enqueue('registry_rank', ${id})`);

/** What one variable did to a household's score. `millionths`, sums: whole numbers as text. */
export interface ContributionRow {
  readonly variable: string;
  readonly answer: string | null;
  readonly millionths: string;
  readonly sum: string;
}

/** One variable of a household in a ranking, and what it is held against. */
export interface Contribution {
  readonly of: ScoreRow;
  readonly row: ContributionRow;
}

/** A household in one ranking. */
export interface ScoreRow {
  readonly householdId: string;
  readonly score: string;
  readonly decile: number | null;
  readonly version: RegistryVersionRow;
  readonly weightFileId: string;
  readonly households: number;
  readonly scoreSum: string;
  readonly scoreSquares: string;
  readonly contributions: readonly ContributionRow[];
}

/** What households were ranked by in a version; null: the newest that was ranked by weights. Those it did not rank are absent. */
export const scoresOf = (db: Db, householdIds: readonly string[], version: string | null): Promise<ScoreRow[]> =>
  db
    .select({
      householdId: rankingScore.householdId,
      score: sql<string>`${rankingScore.score}::text`,
      decile: ranking.decile,
      version: registryVersion,
      weightFileId: rankingRun.weightFileId,
      households: sql<number>`${rankingRun.households}`,
      scoreSum: sql<string>`${rankingRun.scoreSum}::text`,
      scoreSquares: sql<string>`${rankingRun.scoreSquares}::text`,
      contributions: sql<ContributionRow[]>`(${CONTRIBUTIONS})`,
    })
    .from(rankingScore)
    .innerJoin(rankingRun, eq(rankingRun.id, rankingScore.runId))
    .innerJoin(weightFile, eq(weightFile.id, rankingRun.weightFileId))
    .innerJoin(registryVersion, eq(registryVersion.id, rankingRun.versionId))
    .innerJoin(ranking, and(eq(ranking.householdId, rankingScore.householdId), eq(ranking.versionId, rankingRun.versionId)))
    .where(
      and(
        isOneOf(rankingScore.householdId, uuids(householdIds), "uuid"),
        eq(rankingRun.versionId, version ?? sql`(select max(version_id) from welfare.ranking_run where state = 'DONE')`),
        eq(rankingRun.state, "DONE"),
      ),
    );

/** By the run's variables, in their order; welfare.points is what the scores were summed up from. */
const CONTRIBUTIONS = sql`select json_agg(json_build_object('variable', v.variable, 'answer', v.answer,
    'millionths', welfare.points(of_code.millionths, of_unit.millionths, v.answer)::text, 'sum', v.sum::text) order by v.position)
  from rows from (unnest(${rankingRun.variables}), unnest(${rankingScore.answers}), unnest(${rankingRun.sums}))
    with ordinality as v (variable, answer, sum, position)
  cross join lateral (select welfare.weight_area(${weightFile.id}, ${weightFile.areaLevel}, ${rankingScore.region}) as area) a
  left join welfare.weight of_code on of_code.file_id = ${weightFile.id} and of_code.area = a.area and of_code.variable = v.variable
    and of_code.code = v.answer
  left join welfare.weight of_unit on of_unit.file_id = ${weightFile.id} and of_unit.area = a.area and of_unit.variable = v.variable
    and of_unit.code is null`;

/** What the newest survey of a household, by a day and as known at an instant, answers. */
export interface SurveyedRow {
  readonly householdId: string;
  readonly surveyedOn: string;
  readonly answers: AnswersInForce;
  /** Members alive. */
  readonly heads: number;
}

/** Answers in force of households; those never surveyed are absent. */
export const surveysInForce = async (
  db: Db,
  householdIds: readonly string[],
  { day, instant }: { readonly day: string; readonly instant: Date },
): Promise<SurveyedRow[]> => [
  ...(await db.execute<SurveyedRow & Record<string, unknown>>(sql`
    select s.household_id as "householdId", s.visited_on::text as "surveyedOn",
      (select coalesce(json_object_agg(key, welfare.in_force(value)) filter (where welfare.in_force(value) is not null), '{}') from jsonb_each(s.answers)) as answers,
      (select count(*)::int from welfare.member m where m.household_id = h.id and m.state in ('ACTIVE', 'DORMANT')) as heads
    from unnest(${sql.param(uuids(householdIds))}::uuid[]) as h (id)
    cross join lateral welfare.surveys_in_force(h.id, h.id, ${day}::date, ${instant.toISOString()}::timestamptz) s`)),
];
