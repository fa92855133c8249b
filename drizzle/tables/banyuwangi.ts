import { sql } from "drizzle-orm";
import { bigint, check, date, index, integer, pgPolicy, pgSchema, primaryKey, text, timestamp, uuid } from "drizzle-orm/pg-core";
import { bigintText, bytewise, ownedBy, readableBy, regionInScope, seedMarker } from "./columns.ts";

export const banyuwangiSchema = pgSchema("banyuwangi");

/**
 * Rows of Rantang Kasih: in scope of regions and programs; of those an officer of programs sees where a duty is held, and a data subject the own
 * ones.
 */
const mealRows = () =>
  sql`(${regionInScope()}) and current_setting('hub.programs')::text[] && array['*', 'RANTANG_KASIH'] and region ^@ any ((select banyuwangi.seen_regions())::text[]) and (banyuwangi.citizen() is null or person_id = banyuwangi.citizen())`;
/** Written by officers on duty alone; the rules say by whom and what. */
const writable = (name: string, act: "insert" | "update") =>
  pgPolicy(name, {
    for: act,
    to: "hub_banyuwangi",
    ...(act === "update" && { using: mealRows() }),
    withCheck: sql`(${regionInScope()}) and banyuwangi.officer() is not null`,
  });

const instant = (name: string) => timestamp(name, { withTimezone: true, mode: "string" });

/** Which officer of which agency runs the program where: `region` is a code of any level and all below it. Written by the owner alone. @public */
export const officerDuty = banyuwangiSchema.table(
  "officer_duty",
  {
    officerId: bytewise("officer_id").notNull(),
    agency: bytewise("agency").notNull(),
    region: bytewise("region").notNull(),
    validFrom: instant("valid_from").notNull(),
    validTo: instant("valid_to"),
  },
  (t) => [
    primaryKey({ columns: [t.officerId, t.agency, t.region, t.validFrom] }),
    check("officer_duty_region", sql`region ~ '^3510([0-9]{2}|[0-9]{6})?$'`),
    check("officer_duty_period", sql`valid_to > valid_from`),
    readableBy("hub_banyuwangi", sql`true`),
    ownedBy("hub_banyuwangi_owner"),
  ],
);

/** What one meal costs, whole rupiah, from a day on. */
export const mealPrice = banyuwangiSchema.table(
  "meal_price",
  {
    validFrom: date("valid_from", { mode: "string" }).primaryKey(),
    price: bigintText("price").notNull(),
    legalBasis: text("legal_basis").notNull(),
  },
  () => [check("meal_price_price", sql`price > 0`)],
);

/** Rantang Kasih: daily meals for an elderly person who is poor. Coming back is a new row, of other days. */
export const mealAid = banyuwangiSchema.table(
  "meal_aid",
  {
    id: uuid("id").primaryKey(),
    personId: uuid("person_id").notNull(),
    region: bytewise("region").notNull(),
    startedOn: date("started_on", { mode: "string" }).notNull(),
    endedOn: date("ended_on", { mode: "string" }),
    /** Number of the decision it rests on. */
    decision: text("decision").notNull(),
    reason: text("reason"),
    startedBy: bytewise("started_by").notNull(),
    endedBy: bytewise("ended_by"),
    version: integer("version").notNull().default(1),
  },
  (t) => [
    index("meal_aid_person").on(t.personId),
    index("meal_aid_region").on(t.region, t.id),
    check("meal_aid_days", sql`ended_on >= started_on`),
    check("meal_aid_end", sql`num_nonnulls(ended_on, reason, ended_by) in (0, 3)`),
    readableBy("hub_banyuwangi", mealRows()),
    writable("hub_banyuwangi_starts", "insert"),
    writable("hub_banyuwangi_ends", "update"),
    ownedBy("hub_banyuwangi_owner"),
  ],
);

/** Meals brought to a person in a month, and what they were worth by the price of its first day. Counts once a second officer has confirmed it. */
export const mealMonth = banyuwangiSchema.table(
  "meal_month",
  {
    aidId: uuid("aid_id")
      .notNull()
      .references(() => mealAid.id),
    personId: uuid("person_id").notNull(),
    region: bytewise("region").notNull(),
    /** First day of the month. */
    month: date("month", { mode: "string" }).notNull(),
    meals: integer("meals").notNull(),
    value: bigintText("value").notNull(),
    /** Of what was done last to it. */
    reason: text("reason").notNull(),
    recordedBy: bytewise("recorded_by").notNull(),
    confirmedBy: bytewise("confirmed_by"),
    version: integer("version").notNull().default(1),
  },
  (t) => [
    primaryKey({ columns: [t.personId, t.month] }),
    index("meal_month_aid").on(t.aidId, t.month),
    check("meal_month_first", sql`extract(day from month) = 1`),
    check("meal_month_meals", sql`meals between 0 and 62`),
    check("meal_month_four_eyes", sql`recorded_by <> confirmed_by`),
    readableBy("hub_banyuwangi", mealRows()),
    writable("hub_banyuwangi_records", "insert"),
    writable("hub_banyuwangi_changes", "update"),
    ownedBy("hub_banyuwangi_owner"),
  ],
);

/** Every act: who, when, why. Written by the rules of the database alone, never changed. */
export const mealStep = banyuwangiSchema.table(
  "meal_step",
  {
    id: bigint("id", { mode: "bigint" }).primaryKey().generatedAlwaysAsIdentity(),
    aidId: uuid("aid_id")
      .notNull()
      .references(() => mealAid.id),
    personId: uuid("person_id").notNull(),
    region: bytewise("region").notNull(),
    at: instant("at").notNull(),
    actor: bytewise("actor").notNull(),
    act: text("act", { enum: ["START", "END", "RECORD", "CORRECT", "CONFIRM"] }).notNull(),
    /** Of the acts about a month: its first day, and the meals it then had. */
    month: date("month", { mode: "string" }),
    meals: integer("meals"),
    reason: text("reason").notNull(),
  },
  (t) => [index("meal_step_aid").on(t.aidId, t.id), readableBy("hub_banyuwangi", mealRows()), ownedBy("hub_banyuwangi_owner")],
);

/** @public */
export const syntheticSeed = banyuwangiSchema.table("synthetic_seed", seedMarker());
