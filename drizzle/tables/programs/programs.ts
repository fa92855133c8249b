import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  check,
  date,
  foreignKey,
  index,
  integer,
  pgPolicy,
  pgSchema,
  primaryKey,
  smallint,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { aidRows, bigintText, bytewise, ownedBy, readableBy, seedMarker } from "../columns.ts";

export const programsSchema = pgSchema("programs");

export const beneficiaryUnit = programsSchema.enum("beneficiary_unit", ["FAMILY", "PERSON"]);
export const enrolmentState = programsSchema.enum("enrolment_state", [
  "CANDIDATE",
  "WAITING",
  "ACTIVE",
  "SUSPENDED",
  "GRADUATED",
  "EXITED",
]);
export const enrolmentComponent = programsSchema.enum("enrolment_component", [
  "PREGNANCY",
  "EARLY_CHILDHOOD",
  "PRIMARY",
  "JUNIOR",
  "SENIOR",
  "ELDERLY",
  "SEVERE_DISABILITY",
  "CLUSTER_1",
  "CLUSTER_2",
  "CLUSTER_3",
  "RIGHTS_VIOLATION_VICTIM",
  "CLUSTER_4",
  "CLUSTER_5",
]);
/** States of the payment chain, in its order. Which follows which is in `payment_step`. */
export const PAYMENT_STATES = [
  "CANDIDATE",
  "ACCOUNT_CHECK",
  "ACCOUNT_CHECK_FAILED",
  "ACCOUNT_OPENING",
  "TREASURY_CHECK",
  "TREASURY_CHECK_FAILED",
  "ORDER_PENDING",
  "ORDER_ISSUED",
  "FUNDS_RELEASED",
  "STANDING_INSTRUCTION",
  "CREDITED",
  "TRANSACTED",
  "NOT_TRANSACTED",
  "RETURNED",
  "EXCLUDED",
] as const;
export const paymentChannel = programsSchema.enum("payment_channel", ["BRI", "BNI", "MANDIRI", "BSI", "POS", "BPJS_KESEHATAN"]);

const FLAGS = ["DECEASED"] as const;
/** NOT_ACTIVE: the enrolment was suspended or ended. */
const HOLDS = [...FLAGS, "NOT_ACTIVE"] as const;
/** NATURAL [graduasi alami]: what entitled is gone; INDEPENDENT [graduasi mandiri]: by own strength. */
export const GRADUATIONS = ["NATURAL", "INDEPENDENT"] as const;
const RUNS = sql`ended_on is null`;

/** All a worker of the programs reads. */
export const readByWorkers = () =>
  pgPolicy("hub_programs_jobs_reads", { for: "select", to: "hub_programs_jobs", using: sql`true` });
/** Of a bank its officer sees its own payments alone. */
const OF_THE_BANK = sql`(select programs.bank()) is null or channel::text = (select programs.bank())`;

/** An aid program with its legal basis. Public. A closed program keeps its rows and has `validTo`. */
export const program = programsSchema.table("program", {
  code: bytewise("code").primaryKey(),
  name: text("name").notNull(),
  unit: beneficiaryUnit("unit").notNull(),
  decileLimit: smallint("decile_limit"),
  legalBasis: text("legal_basis").notNull(),
  validFrom: date("valid_from", { mode: "string" }).notNull(),
  validTo: date("valid_to", { mode: "string" }),
});

/** Enrolment of a person, or of a family in the name of the one who draws the aid. Re-entry is a new row. */
export const enrolment = programsSchema.table(
  "enrolment",
  {
    id: uuid("id").notNull(),
    personId: uuid("person_id").notNull(),
    program: bytewise("program")
      .notNull()
      .references(() => program.code),
    state: enrolmentState("state").notNull(),
    component: enrolmentComponent("component"),
    region: bytewise("region").notNull(),
    startedOn: date("started_on", { mode: "string" }).notNull(),
    endedOn: date("ended_on", { mode: "string" }),
    /** What another controller attested about the person that the program must look at, and the day it happened. */
    flag: text("flag", { enum: FLAGS }),
    flaggedSince: date("flagged_since", { mode: "string" }),
    /** The family or member enrolled, by its id in the registry; null: from before the registry delivered. */
    unitId: uuid("unit_id"),
    decree: text("decree"),
    version: integer("version").notNull().default(1),
    /** Why it ended: a code of ending_rule. */
    ending: bytewise("ending"),
    graduation: text("graduation", { enum: GRADUATIONS }),
    /** An emergency seat of PBI-JK: tells health. */
    isEmergency: boolean("is_emergency").notNull().default(false),
  },
  (t) => [
    primaryKey({ columns: [t.id, t.personId] }),
    check("enrolment_flag", sql`flag in ('DECEASED') and flagged_since is not null or flag is null and flagged_since is null`),
    index("enrolment_person").on(t.personId, t.startedOn.desc()),
    index("enrolment_region").on(t.region),
    uniqueIndex("enrolment_running").on(t.personId, t.program).where(RUNS),
    uniqueIndex("enrolment_unit_running").on(t.unitId, t.program).where(sql`${RUNS} and unit_id is not null`),
    index("enrolment_unit").on(t.unitId).where(sql`unit_id is not null`),
    index("enrolment_flagged").on(t.region).where(sql`flag is not null`),
    check("enrolment_ending", sql`ending is null or state in ('GRADUATED', 'EXITED') and ended_on is not null`),
    check("enrolment_graduation", sql`graduation is null or graduation in ('NATURAL', 'INDEPENDENT') and state = 'GRADUATED'`),
    check("enrolment_days", sql`ended_on >= started_on`),
    readableBy("hub_programs", aidRows("person_id")),
    readByWorkers(),
    pgPolicy("hub_programs_moves", { for: "update", to: "hub_programs", using: aidRows("person_id") }),
    pgPolicy("hub_programs_jobs_enrols", { for: "insert", to: "hub_programs_jobs", withCheck: sql`true` }),
    pgPolicy("hub_programs_jobs_moves", { for: "update", to: "hub_programs_jobs", using: sql`true`, withCheck: sql`true` }),
    ownedBy("hub_programs_owner"),
  ],
);

/** One payment period of an enrolment; person, program and region repeat the enrolment's, for the row scope. */
export const paymentPeriod = programsSchema.table(
  "payment_period",
  {
    id: uuid("id").notNull(),
    enrolmentId: uuid("enrolment_id").notNull(),
    personId: uuid("person_id").notNull(),
    program: bytewise("program").notNull(),
    region: bytewise("region").notNull(),
    period: bytewise("period").notNull(),
    startsOn: date("starts_on", { mode: "string" }).notNull(),
    endsOn: date("ends_on", { mode: "string" }).notNull(),
    amount: bigintText("amount").notNull(),
    state: text("state", { enum: PAYMENT_STATES }).notNull(),
    creditedOn: date("credited_on", { mode: "string" }),
    channel: paymentChannel("channel").notNull(),
    /** Why it must not go on; null: it may. */
    heldFor: text("held_for", { enum: HOLDS }),
    version: integer("version").notNull().default(1),
    /** Why it does not go on, or did not arrive: a code of `payment_failure`. */
    failure: bytewise("failure"),
    /** The opened period and the payment order it belongs to; null: of before. */
    runId: uuid("run_id"),
    batchId: uuid("batch_id"),
  },
  (t) => [
    primaryKey({ columns: [t.id, t.personId] }),
    foreignKey({ columns: [t.enrolmentId, t.personId], foreignColumns: [enrolment.id, enrolment.personId] }),
    index("payment_period_enrolment").on(t.enrolmentId, t.startsOn.desc()),
    // not in drizzle's words: no two payments of a person in a program cover one day (payment_period_once, an exclusion constraint)
    index("payment_period_run").on(t.runId, t.state).where(sql`run_id is not null`),
    index("payment_period_batch").on(t.batchId, t.state).where(sql`batch_id is not null`),
    index("payment_period_desk").on(t.program, t.state, t.id),
    index("payment_period_region").on(t.region, t.id),
    index("payment_period_month").on(t.startsOn, t.region),
    check("payment_period_amount", sql`amount >= 0`),
    check("payment_period_state", sql.raw(`state in ('${PAYMENT_STATES.join("', '")}')`)),
    check(
      "payment_period_failure",
      sql`failure is not null or state not in ('ACCOUNT_CHECK_FAILED', 'TREASURY_CHECK_FAILED', 'EXCLUDED')`,
    ),
    check("payment_period_held", sql`held_for in ('DECEASED', 'NOT_ACTIVE')`),
    readableBy("hub_programs", sql`${aidRows("person_id")} and (${OF_THE_BANK})`),
    readByWorkers(),
    ownedBy("hub_programs_owner"),
  ],
);

const BY_THE_EXCHANGE = sql.raw("(current_setting('hub.agency')::text[])[1] = 'SIKS_NG'");

/** Inbox of civil events as population attested them: each once. The rules flag enrolments by deaths, and deaths taken back; of others only the place is kept. */
export const populationEvent = programsSchema.table(
  "population_event",
  {
    id: uuid("id").primaryKey(),
    position: bigint("position", { mode: "bigint" }).notNull().unique(),
    personId: uuid("person_id"),
    /** Day of the death. */
    diedOn: date("died_on", { mode: "string" }),
    /** Whether the death was recorded by mistake. */
    isAlive: boolean("is_alive"),
    /** As it came, signature and all: population cannot deny it. */
    attestation: text("attestation"),
    receivedAt: timestamp("received_at", { withTimezone: true, mode: "string" }).notNull(),
  },
  (t) => [
    index("population_event_person").on(t.personId, t.position).where(sql`person_id is not null`),
    pgPolicy("hub_programs_knows", { for: "select", to: "hub_programs", using: BY_THE_EXCHANGE }),
    pgPolicy("hub_programs_receives", { for: "insert", to: "hub_programs", withCheck: BY_THE_EXCHANGE }),
    check("population_event_death", sql`num_nonnulls(person_id, died_on, is_alive, attestation) in (0, 4)`),
    ownedBy("hub_programs_owner"),
  ],
);

export const syntheticSeed = programsSchema.table("synthetic_seed", seedMarker());
