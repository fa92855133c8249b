import { sql } from "drizzle-orm";
import {
  check,
  date,
  doublePrecision,
  index,
  integer,
  pgPolicy,
  smallint,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { bytewise, ownedBy, readableBy, registryRows } from "../columns.ts";
import { actedRows, evidence } from "./evidence.ts";
import { welfareSchema } from "./welfare.ts";

const instant = (name: string) => timestamp(name, { withTimezone: true, mode: "string" });
const isOneOf = (column: string, list: readonly string[]) => sql.raw(`${column} in ('${list.join("', '")}')`);

export const OBJECTION_STATES = ["FILED", "UNDER_REVIEW", "UPHELD", "REJECTED", "LAPSED", "APPEALED", "CLOSED"] as const;
const MODES = ["DEFAULT", "PERLINSOS"] as const;
/** Never read in the village itself: who objects might be known there. */
const BY_OBJECTOR = sql`(welfare.officer() is null or welfare.on_duty(array['VERIFIER', 'HEAD_OF_OFFICE', 'RANKING', 'MINISTRY'], region)) and ${actedRows("citizen_id")}`;
const BY_SUBJECT = actedRows("person_id");
const writable = (name: string, to: "insert" | "update", rows: typeof BY_OBJECTOR) =>
  pgPolicy(name, { for: to, to: "hub_welfare", ...(to === "update" && { using: rows }), withCheck: rows });

/** How long an objection of a mode waits for its review, who reviews it, and who decides an appeal. Public. */
export const objectionTerm = welfareSchema.table("objection_term", {
  mode: text("mode", { enum: MODES }).primaryKey(),
  days: smallint("days").notNull(),
  months: smallint("months").notNull(),
  reviewers: text("reviewers").array().notNull(),
  appeals: text("appeals").array().notNull(),
  /** Prefixes of the regions it holds in; of several the one with the newest `validFrom` does. */
  regions: bytewise("regions").array().notNull().default([]),
  validFrom: date("valid_from", { mode: "string" }).notNull(),
  source: text("source").notNull(),
});

/**
 * Objection of a person against a recipient of the same village. `citizenId`: who objects; whoever may not know is not given the column. Filed by an entry
 * or by a name; then `memberId` is null until a reviewer says whom it is about.
 */
export const objection = welfareSchema.table(
  "objection",
  {
    id: uuid("id").primaryKey(),
    version: integer("version").notNull().default(1),
    mode: text("mode", { enum: MODES })
      .notNull()
      .references(() => objectionTerm.mode),
    citizenId: uuid("citizen_id").notNull(),
    memberId: uuid("member_id"),
    /** As the objector wrote it; null: filed by the entry. */
    claimedName: text("claimed_name"),
    region: bytewise("region").notNull(),
    /** Program code; null: every program. */
    program: bytewise("program"),
    reason: text("reason").notNull(),
    photoId: uuid("photo_id")
      .notNull()
      .references(() => evidence.id),
    latitude: doublePrecision("latitude").notNull(),
    longitude: doublePrecision("longitude").notNull(),
    state: text("state", { enum: OBJECTION_STATES }).notNull().default("FILED"),
    filedAt: instant("filed_at").notNull(),
    /** From this instant nobody may decide any more. */
    lapsesAt: instant("lapses_at").notNull(),
    handler: bytewise("handler"),
    decidedAt: instant("decided_at"),
    decidedBy: bytewise("decided_by"),
    decisionReason: text("decision_reason"),
    lapsedAt: instant("lapsed_at"),
    appealedAt: instant("appealed_at"),
    appealReason: text("appeal_reason"),
    closedAt: instant("closed_at"),
    closedBy: bytewise("closed_by"),
    closingReason: text("closing_reason"),
  },
  (t) => [
    uniqueIndex("objection_open").on(t.citizenId, t.memberId).where(sql`state in ('FILED', 'UNDER_REVIEW', 'APPEALED')`),
    index("objection_member").on(t.memberId),
    index("objection_named").on(t.citizenId, t.filedAt).where(sql`claimed_name is not null`),
    index("objection_desk").on(t.region, t.filedAt, t.id),
    index("objection_filed").on(t.filedAt),
    index("objection_decided").on(t.decidedAt).where(sql`decided_at is not null`),
    index("objection_lapsed").on(t.lapsedAt).where(sql`lapsed_at is not null`),
    index("objection_clock").on(t.lapsesAt).where(sql`state in ('FILED', 'UNDER_REVIEW')`),
    check("objection_state", isOneOf("state", OBJECTION_STATES)),
    check(
      "objection_about",
      sql`(member_id is not null or claimed_name is not null) and (state <> 'UPHELD' or member_id is not null)`,
    ),
    check("objection_place", sql`latitude between -11 and 6 and longitude between 95 and 141`),
    check(
      "objection_decided",
      sql`(decided_at is null) = (decided_by is null) and (decided_at is null) = (decision_reason is null)`,
    ),
    check(
      "objection_fresh",
      sql`state <> 'FILED' or coalesce(handler, decided_by, closed_by, lapsed_at::text, appealed_at::text) is null`,
    ),
    check("objection_appealed", sql`(appealed_at is null) = (appeal_reason is null)`),
    check("objection_closed", sql`(closed_at is null) = (closed_by is null) and (closed_at is null) = (closing_reason is null)`),
    readableBy("hub_welfare", BY_OBJECTOR),
    writable("hub_welfare_files", "insert", BY_OBJECTOR),
    writable("hub_welfare_moves", "update", BY_OBJECTOR),
    ownedBy("hub_welfare_owner"),
  ],
);

/** Why a member is not eligible, from a day on: an objection upheld, or the member's own wish. Revoked, never deleted. */
export const eligibilityDecision = welfareSchema.table(
  "eligibility_decision",
  {
    id: uuid("id").primaryKey(),
    memberId: uuid("member_id").notNull(),
    personId: uuid("person_id"),
    region: bytewise("region").notNull(),
    /** Program code; null: every program. */
    program: bytewise("program"),
    decision: text("decision", { enum: ["NOT_ELIGIBLE"] }).notNull(),
    reason: text("reason", { enum: ["OBJECTION_UPHELD", "WITHDRAWN"] }).notNull(),
    objectionId: uuid("objection_id").references(() => objection.id),
    effectiveOn: date("effective_on", { mode: "string" }).notNull(),
    decidedAt: instant("decided_at").notNull(),
    decidedBy: bytewise("decided_by").notNull(),
    /** Until this instant the person may take a withdrawal back; null: never. */
    revocableUntil: instant("revocable_until"),
    /** When the person took it back, or an officer woke the member. */
    revokedAt: instant("revoked_at"),
  },
  (t) => [
    index("eligibility_decision_member").on(t.memberId),
    index("eligibility_decision_person").on(t.personId),
    uniqueIndex("eligibility_decision_withdrawn").on(t.memberId).where(sql`reason = 'WITHDRAWN' and revoked_at is null`),
    check(
      "eligibility_decision_reason",
      sql`decision = 'NOT_ELIGIBLE' and (reason = 'OBJECTION_UPHELD') = (objection_id is not null)`,
    ),
    check(
      "eligibility_decision_revocable",
      sql`(reason = 'WITHDRAWN') = (revocable_until is not null) and (revoked_at is null or reason = 'WITHDRAWN')`,
    ),
    readableBy("hub_welfare", registryRows("person_id")),
    pgPolicy("hub_welfare_withdraws", {
      for: "insert",
      to: "hub_welfare",
      withCheck: sql`reason = 'WITHDRAWN' and person_id = welfare.citizen()`,
    }),
    pgPolicy("hub_welfare_revokes", {
      for: "update",
      to: "hub_welfare",
      using: sql`person_id = welfare.citizen()`,
      withCheck: sql`person_id = welfare.citizen()`,
    }),
    ownedBy("hub_welfare_owner"),
  ],
);

/** A person's objection to their own rank or determination, which a human looks at again: any time, whatever the calendar. */
export const rankingObjection = welfareSchema.table(
  "ranking_objection",
  {
    id: uuid("id").primaryKey(),
    version: integer("version").notNull().default(1),
    personId: uuid("person_id").notNull(),
    memberId: uuid("member_id").notNull(),
    region: bytewise("region").notNull(),
    about: text("about", { enum: ["RANKING", "DETERMINATION"] }).notNull(),
    reason: text("reason").notNull(),
    state: text("state", { enum: ["FILED", "UNDER_REVIEW", "ANSWERED"] })
      .notNull()
      .default("FILED"),
    filedAt: instant("filed_at").notNull(),
    dueAt: instant("due_at").notNull(),
    reviewer: bytewise("reviewer"),
    outcome: text("outcome", { enum: ["UPHELD", "CHANGED"] }),
    answer: text("answer"),
    answeredAt: instant("answered_at"),
  },
  (t) => [
    uniqueIndex("ranking_objection_open").on(t.memberId, t.about).where(sql`state <> 'ANSWERED'`),
    index("ranking_objection_person").on(t.personId),
    index("ranking_objection_desk").on(t.filedAt, t.id),
    check(
      "ranking_objection_words",
      sql`about in ('RANKING', 'DETERMINATION') and state in ('FILED', 'UNDER_REVIEW', 'ANSWERED') and outcome in ('UPHELD', 'CHANGED')`,
    ),
    check(
      "ranking_objection_answered",
      sql`(state = 'FILED') = (reviewer is null) and (state = 'ANSWERED') = (outcome is not null) and (outcome is null) = (answer is null) and (outcome is null) = (answered_at is null)`,
    ),
    readableBy("hub_welfare", BY_SUBJECT),
    writable("hub_welfare_files", "insert", BY_SUBJECT),
    writable("hub_welfare_moves", "update", BY_SUBJECT),
    ownedBy("hub_welfare_owner"),
  ],
);
