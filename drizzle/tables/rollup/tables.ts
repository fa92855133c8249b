import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  check,
  index,
  integer,
  type PgSchema,
  primaryKey,
  smallint,
  text,
  timestamp,
} from "drizzle-orm/pg-core";
import { bytewise } from "../columns.ts";

const instant = (name: string) => timestamp(name, { withTimezone: true, mode: "string" });
const MONTH = sql`period ~ '^20[0-9]{2}-(0[1-9]|1[0-2])$'`;
const count = (name: string) => bigint(name, { mode: "bigint" });

/**
 * Roll-ups of a slice: exact counts at the leaves of its cubes, for the workers alone. No policy of rows: no role of a server may read them.
 * What is sum of them is not stored.
 */
export const rollupTables = (schema: PgSchema) => ({ ...counted(schema), ...kept(schema) });

const counted = (schema: PgSchema) => ({
  /** The slice's cubes, and the function that counts their rows: `<slice>.<source>(region, period)`, region a prefix of codes. */
  cube: schema.table(
    "cube",
    {
      code: bytewise("code").primaryKey(),
      isDated: boolean("is_dated").notNull(),
      source: bytewise("source").notNull(),
    },
    () => [check("cube_source", sql`source ~ '^count_[a-z_]+$'`)],
  ),
  /** `cellKey`: sum of the persons' record keys, which decides how the cell is rounded. `largest`, `second`: of the units that make up `total`. */
  rollupCell: schema.table(
    "rollup_cell",
    {
      cube: bytewise("cube").notNull(),
      period: bytewise("period").notNull(),
      region: bytewise("region").notNull(),
      key: text("key").array().notNull(),
      persons: integer("persons").notNull(),
      units: integer("units").notNull(),
      cellKey: count("cell_key").notNull(),
      total: count("total").notNull(),
      largest: count("largest").notNull(),
      second: count("second").notNull(),
    },
    (t) => [
      primaryKey({ columns: [t.cube, t.period, t.region, t.key] }),
      check("rollup_cell_month", MONTH),
      check(
        "rollup_cell_counts",
        sql`persons >= 0 and units > 0 and cell_key >= 0 and total >= largest + second and second >= 0`,
      ),
    ],
  ),
  /** Where rows of a cube changed: written with the change, worked off by a worker. No period: the open month. */
  rollupTouched: schema.table(
    "rollup_touched",
    {
      seq: bigint("seq", { mode: "bigint" }).primaryKey().generatedAlwaysAsIdentity(),
      cube: bytewise("cube").notNull(),
      period: bytewise("period"),
      region: bytewise("region").notNull(),
    },
    () => [check("rollup_touched_month", MONTH)],
  ),
});

const kept = (schema: PgSchema) => ({
  /** Months that are counted. `differences`: cells that rebuilds have found otherwise than the events had left them, all in all; anything but 0 is a fault of ours. */
  rollupPeriod: schema.table(
    "rollup_period",
    {
      cube: bytewise("cube").notNull(),
      period: bytewise("period").notNull(),
      openedAt: instant("opened_at").notNull(),
      closedAt: instant("closed_at"),
      rebuiltAt: instant("rebuilt_at").notNull(),
      differences: integer("differences").notNull().default(0),
    },
    (t) => [primaryKey({ columns: [t.cube, t.period] }), check("rollup_period_month", MONTH)],
  ),
  /** What was released, at most six times a month: each is one more look at the same people. */
  rollupRelease: schema.table(
    "rollup_release",
    {
      cube: bytewise("cube").notNull(),
      period: bytewise("period").notNull(),
      number: smallint("number").notNull(),
      asOf: instant("as_of").notNull(),
      isFinal: boolean("is_final").notNull(),
      sha256: bytewise("sha256").notNull(),
    },
    (t) => [
      primaryKey({ columns: [t.cube, t.period, t.number] }),
      index("rollup_release_latest").on(t.cube, t.period, t.asOf),
      check("rollup_release_budget", sql`number between 1 and 6`),
    ],
  ),
});
