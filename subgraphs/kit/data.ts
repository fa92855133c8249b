import { type SQL, type SQLWrapper, sql } from "drizzle-orm";
import type { Db } from "../../drizzle/client.ts";
import type { RowScope } from "../../schema/caller.ts";
import { intersectRanges, type RegionRange, regionRange } from "../../schema/values/regionCode.ts";
import type { Position } from "./page.ts";

/** Words of SQL that every slice's data.ts needs; they know no table. */

type KeyType = "uuid" | "bigint" | "text" | "smallint";

/** `column` is one of `keys`: one parameter whatever their number, so one statement text. */
export const isOneOf = (column: SQLWrapper, keys: readonly (string | number)[], type: KeyType): SQL =>
  sql`${column} = any(${sql.param([...keys])}::${sql.raw(type)}[])`;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The keys that can be ids at all. Whatever else a client sends is unknown, not an error: the two must look the same. */
export const uuids = (keys: readonly string[]): string[] => keys.filter((key) => UUID.test(key));

/** Regions a list may read: the agreement's, narrowed to the one asked for. None: the list is empty and needs no SQL. */
export const regionsAsked = ({ regions }: RowScope, asked: string | null | undefined): readonly RegionRange[] =>
  asked == null ? regions : intersectRanges(regions, [regionRange(asked)]);

/**
 * `column` lies in one of the ranges. Lists say it themselves although row-level security does too: the planner makes an index
 * range of it, a list of 50 takes 3 ms instead of 63 (policy.md §10). Of the whole country nothing is said: a plan that is kept for all
 * values takes any range for a narrow one, and would sort 60,000 households for a page of 50 (71 ms instead of 0.3, bench scale, 2026-11-23).
 */
export const isInRegions = (column: SQLWrapper, ranges: readonly RegionRange[]): SQL =>
  ranges.some(isWholeCountry)
    ? sql`${column} is not null`
    : sql`(${sql.join(
        ranges.map(([from, before]) => sql`(${column} >= ${from} and ${column} < ${before})`),
        sql` or `,
      )})`;

const [WHOLE_FROM, WHOLE_BEFORE] = regionRange("0");
const isWholeCountry = ([from, before]: RegionRange): boolean => from <= WHOLE_FROM && before >= WHOLE_BEFORE;

/** Rows behind a position in the ordering by `columns`, all ascending and never null; undefined: from the start. */
export const isBehind = (columns: readonly SQLWrapper[], after: Position | null): SQL | undefined =>
  after === null
    ? undefined
    : sql`(${sql.join([...columns], sql`, `)}) > (${sql.join(
        after.map((value) => sql`${value}`),
        sql`, `,
      )})`;

/** Says to the rules of the database what instant it is, and from which day (WIB, `YYYY-MM-DD`) on what is written holds; null: from today. */
export const tellMoment = (db: Db, now: Date, effectiveOn: string | null) =>
  db.execute(
    sql`select set_config('hub.now', ${now.toISOString()}, true), set_config('hub.effective_on', ${effectiveOn ?? ""}, true)`,
  );
