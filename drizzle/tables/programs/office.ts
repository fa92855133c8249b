import { sql } from "drizzle-orm";
import { bigint, boolean, check, index, pgPolicy, text, timestamp, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { aidRows, bytewise, ownedBy, readableBy } from "../columns.ts";
import { programsSchema } from "./programs.ts";

/**
 * Duties in the aid programs. PROGRAM_STEWARD keeps catalogue, quotas and lists, PROGRAM_HEAD signs decrees and payment orders, DISTRICT is the social
 * office, COMPANION [pendamping] visits families, TREASURY, BANK, EDUCATION and HEALTH report for their own house.
 */
export const AID_DUTIES = [
  "PROGRAM_STEWARD",
  "PROGRAM_HEAD",
  "DISTRICT",
  "COMPANION",
  "TREASURY",
  "BANK",
  "EDUCATION",
  "HEALTH",
] as const;

const instant = (name: string) => timestamp(name, { withTimezone: true, mode: "string" });

/** Which officer may do what in which program where. `region`: a code of any level and all below it; empty: the whole country. `program`: a code or `*`. */
export const officerDuty = programsSchema.table(
  "officer_duty",
  {
    id: uuid("id").primaryKey(),
    officerId: bytewise("officer_id").notNull(),
    agency: bytewise("agency").notNull(),
    role: text("role", { enum: AID_DUTIES }).notNull(),
    region: bytewise("region").notNull(),
    program: bytewise("program").notNull(),
    validFrom: instant("valid_from").notNull(),
    validTo: instant("valid_to"),
    assignedBy: bytewise("assigned_by").notNull(),
  },
  (t) => [
    uniqueIndex("officer_duty_once").on(t.officerId, t.agency, t.role, t.region, t.program).where(sql`valid_to is null`),
    check("officer_duty_role", sql.raw(`role in ('${AID_DUTIES.join("', '")}')`)),
    check("officer_duty_region", sql`region ~ '^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{10})?$'`),
    check("officer_duty_period", sql`valid_to > valid_from`),
    pgPolicy("hub_programs_reads", { for: "select", to: ["hub_programs", "hub_programs_jobs"], using: sql`true` }),
    ownedBy("hub_programs_owner"),
  ],
);

/** A row, which only the owner writes, makes a scratch database: there hub.now may be any instant. Elsewhere it lies within a day of the server's. @public */
export const clockRule = programsSchema.table("clock_rule", { told: boolean("told").primaryKey().default(true) }, () => [
  check("clock_rule_told", sql`told`),
]);

/** Every step of every workflow: who, when, why. Written by the rules of the database alone, never changed. `actor`: officer, CITIZEN or a job. */
export const transition = programsSchema.table(
  "transition",
  {
    id: bigint("id", { mode: "bigint" }).primaryKey().generatedAlwaysAsIdentity(),
    subjectKind: bytewise("subject_kind").notNull(),
    subjectId: uuid("subject_id").notNull(),
    /** The data subject the row is about, who may read its history. */
    personId: uuid("person_id"),
    program: bytewise("program").notNull(),
    region: bytewise("region").notNull(),
    at: instant("at").notNull(),
    actor: bytewise("actor").notNull(),
    act: bytewise("act").notNull(),
    fromState: bytewise("from_state"),
    toState: bytewise("to_state"),
    reason: text("reason"),
  },
  (t) => [
    index("transition_subject").on(t.subjectKind, t.subjectId, t.id),
    index("transition_person").on(t.personId, t.id).where(sql`person_id is not null`),
    readableBy("hub_programs", aidRows("person_id")),
    ownedBy("hub_programs_owner"),
  ],
);
