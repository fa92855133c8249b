import { and, asc, count, desc, eq, lte, type SQL, sql } from "drizzle-orm";
import type { Db } from "../../../drizzle/client.ts";
import { catalogueChange, combinationRule, componentRate, programTerm } from "../../../drizzle/tables/programs/catalogue.ts";
import { isOneOf, uuids } from "../../kit/data.ts";
import type { Window } from "../../kit/page.ts";

export type TermRow = typeof programTerm.$inferSelect;
export type RateRow = typeof componentRate.$inferSelect;
export type RuleRow = typeof combinationRule.$inferSelect;
export type ChangeRow = typeof catalogueChange.$inferSelect;
type Draft = typeof catalogueChange.$inferInsert;

/** All terms of programs, newest first within each, those that were replaced before they began too. */
export const termsOf = (db: Db, programs: readonly string[]): Promise<TermRow[]> =>
  db
    .select()
    .from(programTerm)
    .where(isOneOf(programTerm.program, programs, "text"))
    .orderBy(programTerm.program, desc(programTerm.validFrom));

/** All rates of programs, in the decrees' order and newest first within each component. */
export const ratesOf = (db: Db, programs: readonly string[]): Promise<RateRow[]> =>
  db
    .select()
    .from(componentRate)
    .where(isOneOf(componentRate.program, programs, "text"))
    .orderBy(componentRate.program, asc(componentRate.rank), componentRate.component, desc(componentRate.validFrom));

/** Rules about combinations that hold on a day, by code. */
export const rulesOn = (db: Db, day: string): Promise<RuleRow[]> =>
  db
    .select()
    .from(combinationRule)
    .where(and(lte(combinationRule.validFrom, day), sql`coalesce(${combinationRule.validTo} >= ${day}, true)`))
    .orderBy(combinationRule.program, combinationRule.otherProgram, combinationRule.unit);

type State = ChangeRow["state"] | null | undefined;
const isIn = (state: State): SQL | undefined => (state == null ? undefined : eq(catalogueChange.state, state));

/** One window of the changes the asker may see, newest first. */
export const listChanges = (db: Db, state: State, { limit, after }: Window): Promise<ChangeRow[]> =>
  db
    .select()
    .from(catalogueChange)
    .where(
      and(
        isIn(state),
        after === null ? undefined : sql`(${catalogueChange.madeAt}, ${catalogueChange.id}) < (${after[0]}, ${after[1]})`,
      ),
    )
    .orderBy(desc(catalogueChange.madeAt), desc(catalogueChange.id))
    .limit(limit);

/** How many they are. */
export async function countChanges(db: Db, state: State): Promise<number> {
  const [row] = await db.select({ n: count() }).from(catalogueChange).where(isIn(state));
  return row?.n ?? 0;
}

/** Changes by id. Any order. */
export const changesById = (db: Db, ids: readonly string[]): Promise<ChangeRow[]> =>
  db
    .select()
    .from(catalogueChange)
    .where(isOneOf(catalogueChange.id, uuids(ids), "uuid"));

/** Drafts a change; the rules of the database say by whom and when. */
export async function insertChange(db: Db, draft: Draft): Promise<ChangeRow | undefined> {
  const [row] = await db.insert(catalogueChange).values(draft).returning();
  return row;
}

export interface Decision {
  readonly id: string;
  readonly version: number;
  readonly state: ChangeRow["state"];
  readonly reason: string;
}

/** Decides a draft as it was read; undefined: it is not as it was. */
export async function decideChange(db: Db, { id, version, state, reason }: Decision): Promise<ChangeRow | undefined> {
  const [row] = await db
    .update(catalogueChange)
    .set({ state, decision: reason })
    .where(and(isOneOf(catalogueChange.id, uuids([id]), "uuid"), eq(catalogueChange.version, version)))
    .returning();
  return row;
}

/** Two enrolments that ran on the same days and may not, or that no rule lets. Days: first and last both ran; last null: both still run. */
export interface OverlapRow {
  readonly enrolmentId: string;
  readonly otherEnrolmentId: string;
  readonly finding: RuleRow["verdict"];
  readonly unit: RuleRow["unit"];
  readonly personId: string;
  readonly region: string;
  readonly fromDay: string;
  readonly toDay: string | null;
}

export interface OverlapsAsked {
  /** Code of any level. */
  readonly region: string;
  readonly program: string | null;
  readonly finding: string | null;
}

const found = ({ region, program, finding }: OverlapsAsked, window: Window): SQL => {
  const after = window.after === null ? sql`null` : sql`array[${window.after[0]}, ${window.after[1]}]::uuid[]`;
  const most = Number.isFinite(window.limit) ? sql`${window.limit}` : sql`null`;
  return sql`programs.overlap(${region}, ${program}, ${finding}, ${after}, ${most})`;
};

/**
 * One window of overlaps, by the ids of the pair. One statement, which looks up the other enrolments of all persons and families of the region: about a second
 * for a district of 67,000 enrolments, 8 for ten times as many (2 cores, 2026-11-22).
 */
export async function listOverlaps(db: Db, asked: OverlapsAsked, window: Window): Promise<OverlapRow[]> {
  const rows = await db.execute(sql`select enrolment_id as "enrolmentId", other_enrolment_id as "otherEnrolmentId", finding, unit,
    person_id as "personId", region, from_day::text as "fromDay", to_day::text as "toDay" from ${found(asked, window)}`);
  return [...rows] as unknown as OverlapRow[];
}

/** How many they are. */
export async function countOverlaps(db: Db, asked: OverlapsAsked): Promise<number> {
  const every = { limit: Number.POSITIVE_INFINITY, after: null };
  const [row] = await db.execute(sql`select count(*)::int as n from ${found(asked, every)}`);
  return Number(row?.["n"] ?? 0);
}
