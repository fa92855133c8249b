import { type SQL, sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgPolicy,
  pgSchema,
  primaryKey,
  smallint,
  text,
  timestamp,
  uniqueIndex,
} from "drizzle-orm/pg-core";
import type { Dimension } from "../../schema/statistics/cubes.ts";
import { bytewise, ownedBy, readableBy, regionInScope } from "./columns.ts";

export const statisticsSchema = pgSchema("statistics");

const JOBS = "hub_statistics_jobs";
const instant = (name: string) => timestamp(name, { withTimezone: true, mode: "string" });
const MONTH = sql`period ~ '^20[0-9]{2}-(0[1-9]|1[0-2])$'`;
const publishedBy = () => pgPolicy(`${JOBS}_all`, { for: "all", to: JOBS, using: sql`true`, withCheck: sql`true` });
/** Open figures for everybody, a partner's within its regions. A missing scope raises, whatever is asked and were there no row at all. */
const IN_SCOPE: SQL = sql`current_setting('hub.regions')::text[] is not null and (is_public or (${regionInScope()}))`;

/** The registered cubes, as schema/statistics/cubes.ts has them. Public. */
export const cube = statisticsSchema.table(
  "cube",
  {
    code: bytewise("code").primaryKey(),
    slice: bytewise("slice").notNull(),
    owner: bytewise("owner").notNull(),
    universe: bytewise("universe").notNull(),
    unit: text("unit").notNull(),
    depth: text("depth").notNull(),
    dimensions: jsonb("dimensions").$type<readonly Dimension[]>().notNull(),
    hasTotal: boolean("has_total").notNull(),
    isPublic: boolean("is_public").notNull(),
    isOfficial: boolean("is_official").notNull(),
    refresh: text("refresh").notNull(),
  },
  () => [check("cube_depth", sql`depth in ('PROVINCE', 'REGENCY', 'DISTRICT', 'VILLAGE')`)],
);

/** What a slice released. One of a cube and month is in force; its cells are kept, those of earlier ones are not. Names nobody. */
export const release = statisticsSchema.table(
  "release",
  {
    cube: bytewise("cube")
      .notNull()
      .references(() => cube.code),
    period: bytewise("period").notNull(),
    number: smallint("number").notNull(),
    asOf: instant("as_of").notNull(),
    isFinal: boolean("is_final").notNull(),
    cells: integer("cells").notNull(),
    sha256: bytewise("sha256").notNull(),
    /** As it came, signature and all: the slice cannot deny it. */
    attestation: text("attestation").notNull(),
    receivedAt: instant("received_at").notNull(),
    isInForce: boolean("is_in_force").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.cube, t.period, t.number] }),
    uniqueIndex("release_in_force").on(t.cube, t.period).where(sql`is_in_force`),
    check("release_month", MONTH),
    check("release_number", sql`number between 1 and 6`),
  ],
);

/**
 * A released cell: suppressed and rounded by the slice it is of, so nobody who reads all of them learns of a person. `key`: a code of each dimension, `*` for
 * all. `parent`: code of the region above, `0` the country; null for the country itself. Persons and units null: withheld.
 */
export const cell = statisticsSchema.table(
  "cell",
  {
    cube: bytewise("cube").notNull(),
    period: bytewise("period").notNull(),
    region: bytewise("region").notNull(),
    parent: bytewise("parent"),
    key: text("key").array().notNull(),
    /** The key as one text, which an index is asked by: equality of arrays is not leakproof, so under row-level security no index serves it. */
    keyText: bytewise("key_text")
      .notNull()
      .generatedAlwaysAs(sql`key[1] || coalesce('|' || key[2], '') || coalesce('|' || key[3], '')`),
    /** Of the region: its level. */
    digits: smallint("digits").notNull().generatedAlwaysAs(sql`length(region)`),
    persons: integer("persons"),
    units: integer("units"),
    total: bigint("total", { mode: "bigint" }),
    isPublic: boolean("is_public").notNull(),
  },
  (t) => [
    // one figure on the map of one month lies together, by region
    primaryKey({ columns: [t.cube, t.period, t.digits, t.keyText, t.region] }),
    index("cell_below").on(t.cube, t.period, t.parent),
    check("cell_month", MONTH),
    check("cell_key", sql`cardinality(key) between 1 and 3`),
    check(
      "cell_region",
      sql`region = '0' and parent is null or region ~ '^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{10})$' and parent is not null`,
    ),
    readableBy("hub_statistics", IN_SCOPE),
    publishedBy(),
    ownedBy("hub_statistics_owner"),
  ],
);

/** Regions a cube has or had cells of, in whatever month: the rows of every answer, released or withheld. Kept by a trigger of `cell`. */
export const figuredRegion = statisticsSchema.table(
  "figured_region",
  {
    cube: bytewise("cube").notNull(),
    digits: smallint("digits").notNull(),
    region: bytewise("region").notNull(),
    isPublic: boolean("is_public").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.cube, t.digits, t.region] }),
    readableBy("hub_statistics", IN_SCOPE),
    publishedBy(),
    ownedBy("hub_statistics_owner"),
  ],
);

/** What others published of the same things: national figures with day and source. Public. */
export const publishedFigure = statisticsSchema.table(
  "published_figure",
  {
    code: bytewise("code").primaryKey(),
    cube: bytewise("cube")
      .notNull()
      .references(() => cube.code),
    region: bytewise("region").notNull(),
    key: text("key").array().notNull(),
    measure: text("measure", { enum: ["PERSONS", "UNITS", "TOTAL"] }).notNull(),
    value: bigint("value", { mode: "bigint" }).notNull(),
    asOf: text("as_of").notNull(),
    source: text("source").notNull(),
  },
  () => [check("published_figure_measure", sql`measure in ('PERSONS', 'UNITS', 'TOTAL')`)],
);

/**
 * Who may read the reporting views by a login of PostgreSQL, of which cubes and regions, and until when: renewed while the agreement is in force, so that it
 * ends by itself when nobody renews it.
 */
export const reader = statisticsSchema.table(
  "reader",
  {
    login: bytewise("login").primaryKey(),
    agency: bytewise("agency").notNull(),
    agreement: bytewise("agreement").notNull(),
    cubes: bytewise("cubes").array().notNull(),
    /** Half-open ranges of region codes in byte order, as many bounds as two a range. */
    regions: bytewise("regions").array().notNull(),
    openUntil: instant("open_until").notNull(),
  },
  (t) => [
    index("reader_agreement").on(t.agreement),
    check("reader_login", sql`login ~ '^hub_bi_[a-z0-9_]{1,50}$'`),
    publishedBy(),
    ownedBy("hub_statistics_owner"),
  ],
);
