import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  check,
  date,
  index,
  integer,
  pgPolicy,
  primaryKey,
  smallint,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { aidRows, bytewise, ownedBy, readableBy } from "../columns.ts";
import { program, programsSchema, readByWorkers } from "./programs.ts";

const instant = (name: string) => timestamp(name, { withTimezone: true, mode: "string" });
const programCode = () =>
  bytewise("program")
    .notNull()
    .references(() => program.code);
const words = (list: readonly string[]) => sql.raw(`('${list.join("', '")}')`);

const QUOTA_KINDS = ["REGULAR", "EMERGENCY"] as const;
const QUOTA_STATES = ["DRAFT", "IN_FORCE", "WITHDRAWN", "CLOSED"] as const;
const RUN_STATES = ["DRAFT", "RUNNING", "READY", "SIGNED", "PUBLISHED", "DISCARDED"] as const;
const OF_THE_PROGRAM = "current_setting('hub.programs')::text[] && array['*', program]";

/**
 * Seats of a program in a region: "" the country, two digits a province, four a regency. `used`: taken by enrolments, counted by the database alone;
 * `reserved`: promised by a signed selection that is being written. `proposed`: seats that wait for a second officer; null: none do.
 */
export const quota = programsSchema.table(
  "quota",
  {
    id: uuid("id").primaryKey(),
    program: programCode(),
    /** A year, quarter or month: 2026, 2026-Q3, 2026-09. */
    period: bytewise("period").notNull(),
    region: bytewise("region").notNull(),
    kind: text("kind", { enum: QUOTA_KINDS }).notNull().default("REGULAR"),
    seats: integer("seats").notNull().default(0),
    used: integer("used").notNull().default(0),
    reserved: integer("reserved").notNull().default(0),
    state: text("state", { enum: QUOTA_STATES }).notNull().default("DRAFT"),
    version: integer("version").notNull().default(1),
    proposed: integer("proposed"),
    /** Why, such as the decree that allots the seats. */
    reason: text("reason").notNull(),
    madeBy: bytewise("made_by").notNull(),
    madeAt: instant("made_at").notNull(),
    approvedBy: bytewise("approved_by"),
    approvedAt: instant("approved_at"),
  },
  (t) => [
    uniqueIndex("quota_in_force").on(t.program, t.region, t.kind).where(sql`state = 'IN_FORCE'`),
    uniqueIndex("quota_open").on(t.program, t.period, t.region, t.kind).where(sql`state in ('DRAFT', 'IN_FORCE')`),
    check("quota_words", sql`kind in ${words(QUOTA_KINDS)} and state in ${words(QUOTA_STATES)} and reason ~ '\\S'`),
    check("quota_region", sql`region ~ '^([0-9]{2}|[0-9]{4})?$'`),
    check("quota_period", sql`period ~ '^20[0-9]{2}(-Q[1-4]|-(0[1-9]|1[0-2]))?$'`),
    check("quota_never_over", sql`used >= 0 and reserved >= 0 and (state <> 'IN_FORCE' or used + reserved <= seats)`),
    check("quota_seats", sql`seats >= 0 and proposed >= 0`),
    check("quota_four_eyes", sql`approved_by <> made_by`),
    readableBy("hub_programs", sql.raw(`(state <> 'DRAFT' or programs.on_duty(null, region, program)) and ${OF_THE_PROGRAM}`)),
    pgPolicy("hub_programs_drafts", { for: "insert", to: "hub_programs", withCheck: sql`state = 'DRAFT'` }),
    pgPolicy("hub_programs_decides", {
      for: "update",
      to: "hub_programs",
      using: sql`state in ('DRAFT', 'IN_FORCE')`,
      withCheck: sql`state <> 'CLOSED'`,
    }),
    readByWorkers(),
    ownedBy("hub_programs_owner"),
  ],
);

/**
 * One selection: who gets the free seats of a program, and who waits. It stands on a delivery of candidates, a day and what was known of exclusions at an
 * instant; the same three give the same list. `hash`: SHA-256 over the list, hex.
 */
export const selectionRun = programsSchema.table(
  "selection_run",
  {
    id: uuid("id").primaryKey(),
    program: programCode(),
    period: bytewise("period").notNull(),
    delivery: integer("delivery").notNull(),
    day: date("day", { mode: "string" }).notNull(),
    known: instant("known").notNull(),
    state: text("state", { enum: RUN_STATES }).notNull().default("DRAFT"),
    version: integer("version").notNull().default(1),
    reason: text("reason").notNull(),
    madeBy: bytewise("made_by").notNull(),
    madeAt: instant("made_at").notNull(),
    selected: bigint("selected", { mode: "number" }),
    waiting: bigint("waiting", { mode: "number" }),
    hash: bytewise("hash"),
    decree: bytewise("decree"),
    signedBy: bytewise("signed_by"),
    signedAt: instant("signed_at"),
    publishedAt: instant("published_at"),
  },
  (t) => [
    index("selection_run_program").on(t.program, t.publishedAt.desc()),
    uniqueIndex("selection_run_decree").on(t.decree),
    check("selection_run_words", sql`state in ${words(RUN_STATES)} and reason ~ '\\S'`),
    check("selection_run_decree_form", sql`decree ~ '^[1-9][0-9]{0,4}/[A-Z]{2,10}/20[0-9]{2}$'`),
    check("selection_run_signed", sql`(state in ('SIGNED', 'PUBLISHED')) = (decree is not null) and signed_by <> made_by`),
    check("selection_run_ready", sql`state not in ('READY', 'SIGNED', 'PUBLISHED') or hash is not null`),
    readableBy("hub_programs", sql.raw(`(state = 'PUBLISHED' or programs.on_duty(null, '', program)) and ${OF_THE_PROGRAM}`)),
    pgPolicy("hub_programs_drafts", { for: "insert", to: "hub_programs", withCheck: sql`state = 'DRAFT'` }),
    pgPolicy("hub_programs_decides", {
      for: "update",
      to: "hub_programs",
      using: sql`state in ('DRAFT', 'RUNNING', 'READY', 'SIGNED')`,
      withCheck: sql`state in ('RUNNING', 'SIGNED', 'DISCARDED')`,
    }),
    readByWorkers(),
    ownedBy("hub_programs_owner"),
  ],
);

/** Programs that are given by a list; all others have procedures of their own. @public */
export const selectionRule = programsSchema.table("selection_rule", {
  program: bytewise("program").primaryKey(),
  source: text("source").notNull(),
});

/** Seats a run found, by region with a quota: all, the free ones it filled, how many it gave, and the last place that got one. */
export const selectionSeat = programsSchema.table(
  "selection_seat",
  {
    run: uuid("run")
      .notNull()
      .references(() => selectionRun.id),
    region: bytewise("region").notNull(),
    seats: integer("seats").notNull(),
    free: integer("free").notNull(),
    /** Whether the quota is of the run's period: where no level's is, nobody was given a seat. */
    allots: boolean("allots").notNull(),
    selected: integer("selected"),
    lastPlace: bigint("last_place", { mode: "number" }),
  },
  (t) => [primaryKey({ columns: [t.run, t.region] })],
);

/** A part of a run under way: done whole or not at all. `part`: a province, or a decile. `before`, `within`: how many stand, and fit, before the part. @public */
export const selectionChunk = programsSchema.table(
  "selection_chunk",
  {
    run: uuid("run")
      .notNull()
      .references(() => selectionRun.id),
    step: text("step", { enum: ["JUDGE", "PLACE", "PUBLISH"] }).notNull(),
    part: bytewise("part").notNull(),
    before: bigint("before", { mode: "number" }),
    within: bigint("within", { mode: "number" }),
    rows: bigint("rows", { mode: "number" }),
    doneAt: instant("done_at"),
  },
  (t) => [primaryKey({ columns: [t.run, t.step, t.part] })],
);

/** Who stands on the list of a run, in order of need: place 1 is the poorest. Partitioned by run; attached whole, never changed. */
export const selectionEntry = programsSchema.table(
  "selection_entry",
  {
    run: uuid("run").notNull(),
    unitId: uuid("unit_id").notNull(),
    personId: uuid("person_id").notNull(),
    place: bigint("place", { mode: "number" }).notNull(),
    program: bytewise("program").notNull(),
    region: bytewise("region").notNull(),
    verdict: text("verdict", { enum: ["SELECTED", "WAITING"] }).notNull(),
  },
  () => [
    readableBy("hub_programs", sql`${aidRows("person_id")} and run in (select r.id from programs.selection_run r)`),
    readByWorkers(),
    ownedBy("hub_programs_owner"),
  ],
);

/** What a change of rules would do, asked and answered once. `seats`: percent by region, added to what is in force. Counts are released, never shown as they are. */
export const simulation = programsSchema.table(
  "simulation",
  {
    id: uuid("id").primaryKey(),
    program: programCode(),
    delivery: integer("delivery").notNull(),
    day: date("day", { mode: "string" }).notNull(),
    known: instant("known").notNull(),
    /** Ceiling to try; null: the one in force. */
    decileLimit: smallint("decile_limit"),
    regions: text("regions").array().notNull(),
    percents: smallint("percents").array().notNull(),
    state: text("state", { enum: ["QUEUED", "DONE"] })
      .notNull()
      .default("QUEUED"),
    agency: bytewise("agency").notNull(),
    askedBy: bytewise("asked_by").notNull(),
    askedAt: instant("asked_at").notNull(),
    doneAt: instant("done_at"),
  },
  (t) => [
    index("simulation_agency").on(t.agency, t.askedAt),
    check("simulation_state", sql`state in ('QUEUED', 'DONE') and decile_limit between 1 and 10`),
    check(
      "simulation_quotas",
      sql`cardinality(regions) = cardinality(percents) and -50 <= all (percents) and 50 >= all (percents)`,
    ),
    readableBy("hub_programs", sql`agency = programs.agency()`),
    pgPolicy("hub_programs_asks", { for: "insert", to: "hub_programs", withCheck: sql`agency = programs.agency()` }),
    readByWorkers(),
    ownedBy("hub_programs_owner"),
  ],
);

/** Exact counts of a simulation by regency and decile. */
export const simulationCell = programsSchema.table(
  "simulation_cell",
  {
    simulation: uuid("simulation")
      .notNull()
      .references(() => simulation.id),
    regency: bytewise("regency").notNull(),
    decile: smallint("decile").notNull(),
    isEntering: boolean("is_entering").notNull(),
    units: integer("units").notNull(),
  },
  (t) => [primaryKey({ columns: [t.simulation, t.regency, t.decile, t.isEntering] })],
);
