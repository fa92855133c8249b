import { and, desc, eq, gte, lte, sql } from "drizzle-orm";
import type { Db } from "../../drizzle/client.ts";
import { cell, cube, figuredRegion, publishedFigure, release } from "../../drizzle/tables/statistics.ts";
import type { RegionRange } from "../../schema/values/regionCode.ts";
import { isInRegions, isOneOf } from "../kit/data.ts";
import type { Place } from "./places.ts";

export type CubeRow = typeof cube.$inferSelect;
export type ReleaseRow = typeof release.$inferSelect;
export interface CellRow extends Place, Pick<typeof cell.$inferSelect, "persons" | "units"> {
  readonly total: string | null;
  /** Null: the month is no longer released. */
  readonly asOf: string | null;
}
export type FigureRow = typeof publishedFigure.$inferSelect;

export const listCubes = (db: Db): Promise<CubeRow[]> => db.select().from(cube).orderBy(cube.code);

/** In force, the newest `n` of each cube, newest month first. */
export async function newestReleases(db: Db, cubes: readonly string[], n: number): Promise<ReleaseRow[]> {
  const place = sql<number>`row_number() over (partition by ${release.cube} order by ${release.period} desc)`.as("place");
  const numbered = db
    .select({ id: release.cube, month: release.period, place })
    .from(release)
    .where(and(isOneOf(release.cube, cubes, "text"), release.isInForce))
    .as("numbered");
  const rows = await db
    .select({ release })
    .from(numbered)
    .innerJoin(release, and(eq(release.cube, numbered.id), eq(release.period, numbered.month), release.isInForce))
    .where(lte(numbered.place, n))
    .orderBy(release.cube, numbered.place);
  return rows.map((row) => row.release);
}

/** Months of a cube that have a release in force, in order, and the instant each is of. */
export async function releasedMonths(db: Db, code: string): Promise<ReadonlyMap<string, string>> {
  const rows = await db
    .select({ period: release.period, asOf: release.asOf })
    .from(release)
    .where(and(eq(release.cube, code), release.isInForce))
    .orderBy(release.period);
  return new Map(rows.map(({ period, asOf }) => [period, asOf]));
}

export interface RegionsAsked {
  readonly cube: string;
  readonly ranges: readonly RegionRange[];
  /** Of their codes. */
  readonly digits: number;
}

const isAsked = ({ cube: code, digits, ranges }: RegionsAsked) =>
  and(eq(figuredRegion.cube, code), eq(figuredRegion.digits, digits), isInRegions(figuredRegion.region, ranges));

/** The first `most` regions of one level that have or had cells of the cube, by code. */
export async function figuredRegions(db: Db, asked: RegionsAsked, most: number): Promise<string[]> {
  if (asked.ranges.length === 0) return [];
  const { region } = figuredRegion;
  const rows = await db.select({ region }).from(figuredRegion).where(isAsked(asked)).orderBy(region).limit(most);
  return rows.map((row) => row.region);
}

/** How many `figuredRegions` has in all. */
export const countRegions = async (db: Db, asked: RegionsAsked): Promise<number> =>
  asked.ranges.length === 0 ? 0 : db.$count(figuredRegion, isAsked(asked));

export interface CellsAsked {
  readonly cube: string;
  readonly digits: number;
  /** First and last. */
  readonly regions: readonly [from: string, to: string];
  /** As `writtenKey` writes them. */
  readonly keys: readonly string[];
  readonly periods: readonly string[];
}
export type StoredCell = Omit<CellRow, "key" | "asOf"> & { readonly key: string };

const ASKED = {
  ...{ region: cell.region, key: cell.keyText, period: cell.period, persons: cell.persons, units: cell.units },
  total: sql<string | null>`${cell.total}::text`,
};

/** What was released of these places; any order. */
export const cellsAt = (db: Db, { cube: code, digits, regions: [from, to], keys, periods }: CellsAsked): Promise<StoredCell[]> =>
  db
    .select(ASKED)
    .from(cell)
    .where(
      and(
        ...[eq(cell.cube, code), isOneOf(cell.period, periods, "text"), eq(cell.digits, digits)],
        ...[isOneOf(cell.keyText, keys, "text"), gte(cell.region, from), lte(cell.region, to)],
      ),
    );

/** Published figures, each with our newest open cell of the same place; null where none is released, or is a partner's. Looks at each released month, newest first. */
export async function listFigures(db: Db): Promise<{ figure: FigureRow; cell: StoredCell | null }[]> {
  const { region, key } = publishedFigure;
  const isThere = and(
    cell.isPublic,
    ...[eq(cell.cube, release.cube), eq(cell.period, release.period), eq(cell.digits, sql`length(${region})`)],
    ...[eq(cell.keyText, sql`array_to_string(${key}, '|')`), eq(cell.region, region)],
  );
  const newest = db
    .select({ ...ASKED, total: ASKED.total.as("total") })
    .from(release)
    .innerJoin(cell, isThere)
    .where(and(eq(release.cube, publishedFigure.cube), release.isInForce))
    .orderBy(desc(release.period))
    .limit(1)
    .as("newest");
  const { period, persons, units, total } = newest;
  return db
    .select({ figure: publishedFigure, cell: { region: newest.region, key: newest.key, period, persons, units, total } })
    .from(publishedFigure)
    .leftJoinLateral(newest, sql`true`)
    .orderBy(publishedFigure.code);
}
