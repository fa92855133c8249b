import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  check,
  date,
  foreignKey,
  index,
  pgPolicy,
  pgSchema,
  primaryKey,
  smallint,
  text,
  timestamp,
  uuid,
} from "drizzle-orm/pg-core";
import { bigintText, bytewise, ownedBy, readableBy, regionAndProgramInScope, seedMarker } from "./columns.ts";

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
]);
export const paymentState = programsSchema.enum("payment_state", [
  "ACCOUNT_CHECK",
  "ACCOUNT_CHECK_FAILED",
  "ORDER_PENDING",
  "ORDER_ISSUED",
  "FUNDS_RELEASED",
  "CREDITED",
  "TRANSACTED",
  "NOT_TRANSACTED",
  "RETURNED",
]);
export const paymentChannel = programsSchema.enum("payment_channel", ["BRI", "BNI", "MANDIRI", "BSI", "POS", "BPJS_KESEHATAN"]);

const FLAGS = ["DECEASED"] as const;

const policies = () => [readableBy("hub_programs", regionAndProgramInScope()), ownedBy("hub_programs_owner")];

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
  },
  (t) => [
    primaryKey({ columns: [t.id, t.personId] }),
    check("enrolment_flag", sql`flag in ('DECEASED') and flagged_since is not null or flag is null and flagged_since is null`),
    index("enrolment_person").on(t.personId, t.startedOn.desc()),
    index("enrolment_region").on(t.region),
    check("enrolment_days", sql`ended_on >= started_on`),
    ...policies(),
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
    state: paymentState("state").notNull(),
    creditedOn: date("credited_on", { mode: "string" }),
    channel: paymentChannel("channel").notNull(),
    /** Why it must not go on; null: it may. */
    heldFor: text("held_for", { enum: FLAGS }),
  },
  (t) => [
    primaryKey({ columns: [t.id, t.personId] }),
    foreignKey({ columns: [t.enrolmentId, t.personId], foreignColumns: [enrolment.id, enrolment.personId] }),
    index("payment_period_enrolment").on(t.enrolmentId, t.startsOn.desc()),
    check("payment_period_amount", sql`amount >= 0`),
    check("payment_period_held", sql`held_for in ('DECEASED')`),
    ...policies(),
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
  () => [
    pgPolicy("hub_programs_knows", { for: "select", to: "hub_programs", using: BY_THE_EXCHANGE }),
    pgPolicy("hub_programs_receives", { for: "insert", to: "hub_programs", withCheck: BY_THE_EXCHANGE }),
    check("population_event_death", sql`num_nonnulls(person_id, died_on, is_alive, attestation) in (0, 4)`),
    ownedBy("hub_programs_owner"),
  ],
);

export const syntheticSeed = programsSchema.table("synthetic_seed", seedMarker());
