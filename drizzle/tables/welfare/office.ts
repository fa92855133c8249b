import { sql } from "drizzle-orm";
import { bigint, boolean, check, index, pgPolicy, text, timestamp, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { bytewise, ownedBy, readableBy, registryRows } from "../columns.ts";
import { welfareSchema } from "./welfare.ts";

/** Duties in the registry, from the neighbourhood to the Minister (Permensos 3/2021; SIKS-NG). `RANKING`: those of BPS who rank. */
export const DUTIES = [
  "NEIGHBOURHOOD",
  "VILLAGE_OPERATOR",
  "VILLAGE_HEAD",
  "ENUMERATOR",
  "VERIFIER",
  "HEAD_OF_OFFICE",
  "REGENT",
  "MINISTRY",
  "MINISTER",
  "RANKING",
] as const;

const instant = (name: string) => timestamp(name, { withTimezone: true, mode: "string" });
const BY_OFFICERS = sql.raw("welfare.officer() is not null");

/** Which officer may do what where. `region`: a code of any level and all below it; empty: the whole country. Ended, never changed. */
export const officerDuty = welfareSchema.table(
  "officer_duty",
  {
    id: uuid("id").primaryKey(),
    officerId: bytewise("officer_id").notNull(),
    agency: bytewise("agency").notNull(),
    role: text("role", { enum: DUTIES }).notNull(),
    region: bytewise("region").notNull(),
    validFrom: instant("valid_from").notNull(),
    validTo: instant("valid_to"),
    assignedBy: bytewise("assigned_by").notNull(),
  },
  (t) => [
    uniqueIndex("officer_duty_once").on(t.officerId, t.agency, t.role, t.region).where(sql`valid_to is null`),
    check("officer_duty_role", sql.raw(`role in ('${DUTIES.join("', '")}')`)),
    check("officer_duty_region", sql`region ~ '^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{10})?$'`),
    check("officer_duty_period", sql`valid_to > valid_from`),
    pgPolicy("hub_welfare_reads", { for: "select", to: ["hub_welfare", "hub_welfare_jobs"], using: sql`true` }),
    pgPolicy("hub_welfare_assigns", { for: "insert", to: "hub_welfare", withCheck: BY_OFFICERS }),
    pgPolicy("hub_welfare_ends", { for: "update", to: "hub_welfare", using: BY_OFFICERS, withCheck: BY_OFFICERS }),
    ownedBy("hub_welfare_owner"),
  ],
);

/** A row, which only the owner writes, makes a scratch database: there hub.now may be any instant. Elsewhere it lies within a day of the server's. @public */
export const clockRule = welfareSchema.table("clock_rule", { told: boolean("told").primaryKey().default(true) }, () => [
  check("clock_rule_told", sql`told`),
]);

/** Every step of every workflow: who, when, why. Written by the rules of the database alone, never changed. `actor`: officer, CITIZEN or a job. */
export const transition = welfareSchema.table(
  "transition",
  {
    id: bigint("id", { mode: "bigint" }).primaryKey().generatedAlwaysAsIdentity(),
    subjectKind: bytewise("subject_kind").notNull(),
    subjectId: uuid("subject_id").notNull(),
    /** The data subject the row is about, who may read its history. */
    personId: uuid("person_id"),
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
    readableBy("hub_welfare", registryRows("person_id")),
    ownedBy("hub_welfare_owner"),
  ],
);
