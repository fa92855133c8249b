import { sql } from "drizzle-orm";
import { check, index, integer, pgPolicy, primaryKey, smallint, text, timestamp, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { TRACE_STEPS } from "../../../schema/aid/trace.ts";
import { aidRows, bytewise, ownedBy, readableBy } from "../columns.ts";
import { programsSchema, readByWorkers } from "./programs.ts";

export const ERROR_KINDS = ["INCLUSION", "EXCLUSION", "OVERLAP"] as const;
export const ERROR_STATES = ["OPEN", "CONFIRMED", "DISMISSED", "RESOLVED"] as const;

const instant = (name: string) => timestamp(name, { withTimezone: true, mode: "string" });
const words = (list: readonly string[]) => sql.raw(`('${list.join("', '")}')`);

/** What is said of a step that stops an aid, in Indonesian and English; `reason`: a code, or empty for all others. Public; read by trace_words. @public */
export const traceStep = programsSchema.table(
  "trace_step",
  {
    step: text("step", { enum: TRACE_STEPS }).notNull(),
    reason: bytewise("reason").notNull(),
    office: text("office").notNull(),
    textId: text("text_id").notNull(),
    textEn: text("text_en").notNull(),
    remedyId: text("remedy_id"),
    remedyEn: text("remedy_en"),
    bringId: text("bring_id"),
    bringEn: text("bring_en"),
    usualDays: smallint("usual_days"),
    source: text("source").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.step, t.reason] }),
    check("trace_step_step", sql`step in ${words(TRACE_STEPS)}`),
    check("trace_step_days", sql`usual_days >= 0`),
  ],
);

/** Somebody a program may serve wrongly, for an officer of the region to decide. `subjectId`: the enrolment, or of the unserved the unit. */
export const errorCandidate = programsSchema.table(
  "error_candidate",
  {
    id: uuid("id").primaryKey().defaultRandom(),
    kind: text("kind", { enum: ERROR_KINDS }).notNull(),
    program: bytewise("program").notNull(),
    subjectId: uuid("subject_id").notNull(),
    personId: uuid("person_id").notNull(),
    enrolmentId: uuid("enrolment_id"),
    otherEnrolmentId: uuid("other_enrolment_id"),
    region: bytewise("region").notNull(),
    reasons: bytewise("reasons").array().notNull(),
    foundAt: instant("found_at").notNull(),
    state: text("state", { enum: ERROR_STATES }).notNull().default("OPEN"),
    decidedBy: bytewise("decided_by"),
    decidedAt: instant("decided_at"),
    reason: text("reason"),
    version: integer("version").notNull().default(1),
  },
  (t) => [
    uniqueIndex("error_candidate_once").on(t.program, t.kind, t.subjectId),
    index("error_candidate_desk").on(t.region, t.id),
    index("error_candidate_person").on(t.personId),
    check("error_candidate_words", sql`kind in ${words(ERROR_KINDS)} and state in ${words(ERROR_STATES)}`),
    check(
      "error_candidate_about",
      sql`(kind = 'EXCLUSION') = (enrolment_id is null) and (kind = 'OVERLAP') = (other_enrolment_id is not null)`,
    ),
    check(
      "error_candidate_decided",
      sql`state not in ('CONFIRMED', 'DISMISSED') or decided_by is not null and decided_at is not null and length(btrim(reason)) >= 3`,
    ),
    readableBy("hub_programs", aidRows("person_id")),
    pgPolicy("hub_programs_decides", {
      for: "update",
      to: "hub_programs",
      using: sql`programs.officer() is not null`,
      withCheck: sql`programs.officer() is not null`,
    }),
    readByWorkers(),
    ownedBy("hub_programs_owner"),
  ],
);

/** When all regencies were searched for error candidates by a delivery last. @public */
export const errorSearch = programsSchema.table("error_search", {
  delivery: integer("delivery").primaryKey(),
  searchedAt: instant("searched_at").notNull(),
});
