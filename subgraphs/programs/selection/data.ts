import { and, asc, count, desc, eq, inArray, type SQL, sql } from "drizzle-orm";
import type { Db } from "../../../drizzle/client.ts";
import { enrolment } from "../../../drizzle/tables/programs/programs.ts";
import {
  quota,
  selectionEntry,
  selectionRun,
  selectionSeat,
  simulation,
  simulationCell,
} from "../../../drizzle/tables/programs/selection.ts";
import type { RegionRange } from "../../../schema/values/regionCode.ts";
import { isBehind, isInRegions, isOneOf, uuids } from "../../kit/data.ts";
import type { Window } from "../../kit/page.ts";

export type QuotaRow = typeof quota.$inferSelect;
export type RunRow = typeof selectionRun.$inferSelect;
export type SeatsRow = typeof selectionSeat.$inferSelect;
export type SimulationRow = typeof simulation.$inferSelect;
export type SimulationCellRow = Omit<typeof simulationCell.$inferSelect, "simulation">;
/** One unit on a list, with what put it there. */
export type EntryRow = typeof selectionEntry.$inferSelect & {
  readonly decile: number | null;
  readonly rank: string | null;
  readonly firstOn: string | null;
};
/** A row of a workflow as it was read before. */
export type Read = Pick<QuotaRow, "id" | "version">;

/** Quotas of a program in regions that begin with a prefix. */
interface QuotaList {
  readonly program: string;
  readonly prefix: string;
}

const isListed = ({ program, prefix }: QuotaList): SQL | undefined =>
  and(eq(quota.program, program), sql`starts_with(${quota.region}, ${prefix})`);

/** One window of quotas, by region, period, kind and id. */
export const listQuotas = (db: Db, list: QuotaList, { limit, after }: Window): Promise<QuotaRow[]> =>
  db
    .select()
    .from(quota)
    .where(and(isListed(list), isBehind([quota.region, quota.period, quota.kind, quota.id], after)))
    .orderBy(asc(quota.region), asc(quota.period), asc(quota.kind), asc(quota.id))
    .limit(limit);

export async function countQuotas(db: Db, list: QuotaList): Promise<number> {
  const [row] = await db.select({ n: count() }).from(quota).where(isListed(list));
  return row?.n ?? 0;
}

/** Quotas by id. Any order. */
export const quotasById = (db: Db, ids: readonly string[]): Promise<QuotaRow[]> =>
  db
    .select()
    .from(quota)
    .where(isOneOf(quota.id, uuids(ids), "uuid"));

/** Keeps all others from the seats of a program until the transaction ends: before a quota is touched, as whoever enrols does it. */
export const lockSeats = (db: Db, program: string) => db.execute(sql`select programs.lock_seats(${program})`);

export async function insertQuota(db: Db, row: typeof quota.$inferInsert): Promise<QuotaRow | undefined> {
  await db.insert(quota).values(row);
  return (await quotasById(db, [row.id]))[0];
}

type QuotaStep = Partial<
  Pick<QuotaRow, "seats" | "state" | "proposed" | "reason" | "madeBy" | "madeAt" | "approvedBy" | "approvedAt">
>;

/** Moves a quota as it was read; undefined: it is none of this version any more. */
export async function moveQuota(db: Db, { id, version }: Read, step: QuotaStep): Promise<QuotaRow | undefined> {
  const isAsRead = and(isOneOf(quota.id, uuids([id]), "uuid"), eq(quota.version, version));
  const [row] = await db.update(quota).set(step).where(isAsRead).returning();
  return row;
}

const MOST_RUNS = 50;

/** The newest selections of a program. */
export const listRuns = (db: Db, program: string): Promise<RunRow[]> =>
  db.select().from(selectionRun).where(eq(selectionRun.program, program)).orderBy(desc(selectionRun.madeAt)).limit(MOST_RUNS);

/** Selections by id. Any order. */
export const runsById = (db: Db, ids: readonly string[]): Promise<RunRow[]> =>
  db
    .select()
    .from(selectionRun)
    .where(isOneOf(selectionRun.id, uuids(ids), "uuid"));

export async function insertRun(db: Db, row: typeof selectionRun.$inferInsert): Promise<RunRow | undefined> {
  await db.insert(selectionRun).values(row);
  return (await runsById(db, [row.id]))[0];
}

type RunStep = Partial<Pick<RunRow, "state" | "reason" | "decree" | "signedBy" | "signedAt">>;

/** Moves a selection as it was read, in one of `states`; undefined: it is none of this version any more. */
export async function moveRun(
  db: Db,
  { id, version, states }: Read & { readonly states: readonly RunRow["state"][] },
  step: RunStep,
): Promise<RunRow | undefined> {
  const isAsRead = and(isOneOf(selectionRun.id, uuids([id]), "uuid"), eq(selectionRun.version, version));
  const [row] = await db
    .update(selectionRun)
    .set(step)
    .where(and(isAsRead, inArray(selectionRun.state, [...states])))
    .returning();
  return row;
}

/** The delivery of candidates the programs go by; null: none yet. */
export async function deliveryInForce(db: Db): Promise<number | null> {
  const [row] = await db.execute<{ n: number | null }>(sql`select programs.delivery_in_force() as n`);
  return row?.n ?? null;
}

/** Seats that selections found, by region; the country first. */
export const seatsOfRuns = (db: Db, ids: readonly string[]): Promise<SeatsRow[]> =>
  db
    .select()
    .from(selectionSeat)
    .where(isOneOf(selectionSeat.run, uuids(ids), "uuid"))
    .orderBy(asc(selectionSeat.region));

/** Which entries of a selection. No region, no entry. */
export interface EntryList {
  readonly run: string;
  readonly regions: readonly RegionRange[];
  readonly verdict: EntryRow["verdict"] | null;
}

const isEntry = ({ run, regions, verdict }: EntryList): SQL | undefined =>
  and(
    eq(selectionEntry.run, run),
    isInRegions(selectionEntry.region, regions),
    verdict === null ? undefined : eq(selectionEntry.verdict, verdict),
  );

/** What put entries where they stand: of the delivery their list was made from, where the asker may see it. */
const WHY = sql.raw(`left join lateral (
    select f.decile, f.rank, f.first_on from programs.candidate_family f where f.delivery = r.delivery and f.family_id = s.unit_id
    union all
    select m.decile, m.rank, m.first_on from programs.candidate_member m where m.delivery = r.delivery and m.member_id = s.unit_id limit 1
  ) c on true`);
const ENTRY =
  sql.raw(`s.run, s.unit_id as "unitId", s.person_id as "personId", s.place::float8 as place, s.program, s.region, s.verdict,
  c.decile, c.rank, c.first_on::text as "firstOn"`);

/** One window of a selection's entries, by place. */
export async function listEntries(db: Db, list: EntryList, { limit, after }: Window): Promise<readonly EntryRow[]> {
  if (list.regions.length === 0) return [];
  const rows = db
    .select()
    .from(selectionEntry)
    .where(and(isEntry(list), isBehind([selectionEntry.place], after)))
    .orderBy(asc(selectionEntry.place))
    .limit(limit);
  return db.execute<EntryRow & Record<string, unknown>>(
    sql`select ${ENTRY} from ${rows} s join programs.selection_run r on r.id = s.run ${WHY} order by s.place`,
  );
}

export async function countEntries(db: Db, list: EntryList): Promise<number> {
  if (list.regions.length === 0) return 0;
  const [row] = await db.select({ n: count() }).from(selectionEntry).where(isEntry(list));
  return row?.n ?? 0;
}

/** How the lists in force treated enrolments. Any order; who stands on none is absent. */
export const entriesOfEnrolments = (
  db: Db,
  ids: readonly string[],
): Promise<readonly (EntryRow & { readonly enrolmentId: string })[]> =>
  db.execute<EntryRow & { enrolmentId: string } & Record<string, unknown>>(
    sql`select e.id as "enrolmentId", ${ENTRY} from ${enrolment} e
      join programs.selection_run r on r.id = programs.list_in_force(e.program)
      join programs.selection_entry s on s.run = r.id and s.unit_id = e.unit_id ${WHY} where ${isOneOf(sql`e.id`, uuids(ids), "uuid")}`,
  );

/** Positions of enrolments that the asker sees among those of their regency who wait, 1 is next. Any order; who does not wait is absent. */
export const positionsOf = (
  db: Db,
  ids: readonly string[],
): Promise<readonly { readonly enrolmentId: string; readonly position: number }[]> =>
  db.execute<{ enrolmentId: string; position: number }>(
    sql`select w.enrolment_id as "enrolmentId", w.position::float8 as position
      from programs.waiting_places(array(select e.id from ${enrolment} e where ${isOneOf(sql`e.id`, uuids(ids), "uuid")})) w`,
  );

export async function insertSimulation(db: Db, row: typeof simulation.$inferInsert): Promise<SimulationRow | undefined> {
  await db.insert(simulation).values(row);
  return (await simulationsById(db, [row.id]))[0];
}

/** Simulations of the asker's agency by id. Any order. */
export const simulationsById = (db: Db, ids: readonly string[]): Promise<SimulationRow[]> =>
  db
    .select()
    .from(simulation)
    .where(isOneOf(simulation.id, uuids(ids), "uuid"));

/** Exact counts of a simulation: to be released, never shown. */
export const cellsOf = (db: Db, id: string): Promise<SimulationCellRow[]> =>
  db
    .select()
    .from(simulationCell)
    .where(eq(simulationCell.simulation, id))
    .orderBy(asc(simulationCell.regency), asc(simulationCell.decile));

/** Provinces, or regencies of a province, in which a delivery has candidates. */
export async function regionsOf(
  db: Db,
  { delivery }: Pick<SimulationRow, "delivery">,
  province: string | null,
): Promise<string[]> {
  const rows = await db.execute<{ region: string }>(
    sql`select * from programs.regions_delivered(${delivery}, ${province ?? ""}) as region`,
  );
  return rows.map(({ region }) => region);
}
