import { sql } from "drizzle-orm";
import {
  boolean,
  check,
  date,
  foreignKey,
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
import { enrolment, enrolmentState, GRADUATIONS, programsSchema, readByWorkers } from "./programs.ts";

const COMMITMENTS = ["SCHOOL_ATTENDANCE", "ANTENATAL_VISITS", "IMMUNISATION", "FAMILY_MEETING"] as const;
const EXCEPTIONS = ["NO_SERVICE_IN_REACH", "ILLNESS", "DISASTER"] as const;
const STAGES = ["FULFILLED", "WARNED", "SUSPENDED", "STOP_PROPOSED"] as const;
const ENDING_STATES = ["PROPOSED", "CONFIRMED", "REJECTED", "REVOKED"] as const;

const instant = (name: string) => timestamp(name, { withTimezone: true, mode: "string" });
const day = (name: string) => date(name, { mode: "string" });
const inWords = (column: string, words: readonly string[]) => sql.raw(`${column} in ('${words.join("', '")}')`);

/** What the slice may do with workflow rows about persons: read, add and move those in scope; the rules decide the rest. */
const keptByOfficers = () => [
  readableBy("hub_programs", aidRows("person_id")),
  pgPolicy("hub_programs_adds", { for: "insert", to: "hub_programs", withCheck: aidRows("person_id") }),
  pgPolicy("hub_programs_moves", { for: "update", to: "hub_programs", using: aidRows("person_id") }),
  readByWorkers(),
  ownedBy("hub_programs_owner"),
];

/** Reasons an enrolment may end for, where each leads, and by what source. `byOfficers`: two officers may end one for it; the others end procedures of their own. */
export const endingRule = programsSchema.table(
  "ending_rule",
  {
    code: bytewise("code").primaryKey(),
    endsAs: enrolmentState("ends_as").notNull(),
    graduation: text("graduation", { enum: GRADUATIONS }),
    /** Days a person may take their own withdrawal back; null: it is not a person's to say. */
    revocableDays: smallint("revocable_days"),
    byOfficers: boolean("by_officers").notNull(),
    source: text("source").notNull(),
  },
  () => [
    check("ending_rule_ends_as", sql`ends_as in ('GRADUATED', 'EXITED')`),
    check(
      "ending_rule_graduation",
      sql`graduation in ('NATURAL', 'INDEPENDENT') and ends_as = 'GRADUATED' or graduation is null and ends_as = 'EXITED'`,
    ),
  ],
);

/** The end of an enrolment, proposed by one and decided by another; of a person's own withdrawal by the clock, at `revocableUntil`. */
export const ending = programsSchema.table(
  "ending",
  {
    id: uuid("id").primaryKey(),
    version: integer("version").notNull().default(1),
    enrolmentId: uuid("enrolment_id").notNull(),
    /** Version of the enrolment that the proposer saw. */
    enrolmentVersion: integer("enrolment_version").notNull(),
    personId: uuid("person_id").notNull(),
    program: bytewise("program").notNull(),
    region: bytewise("region").notNull(),
    reason: bytewise("reason")
      .notNull()
      .references(() => endingRule.code),
    words: text("words"),
    /** Last day of the enrolment; null when it comes in: today. */
    endsOn: day("ends_on"),
    state: text("state", { enum: ENDING_STATES }).notNull(),
    proposedBy: bytewise("proposed_by").notNull(),
    proposedAt: instant("proposed_at").notNull(),
    revocableUntil: instant("revocable_until"),
    decidedBy: bytewise("decided_by"),
    decidedAt: instant("decided_at"),
    decisionWords: text("decision_words"),
  },
  (t) => [
    foreignKey({ columns: [t.enrolmentId, t.personId], foreignColumns: [enrolment.id, enrolment.personId] }),
    uniqueIndex("ending_open").on(t.enrolmentId).where(sql`state = 'PROPOSED'`),
    index("ending_enrolment").on(t.enrolmentId, t.proposedAt),
    index("ending_revocable").on(t.revocableUntil).where(sql`state = 'PROPOSED' and revocable_until is not null`),
    check("ending_state", inWords("state", ENDING_STATES)),
    check("ending_decided", sql`(state = 'PROPOSED') = (decided_by is null) and (decided_by is null) = (decided_at is null)`),
    check("ending_by_two", sql`state not in ('CONFIRMED', 'REJECTED') or decided_by <> proposed_by`),
    ...keptByOfficers(),
  ],
);

/** What members of an enrolled family must do, by the component that obliges them (none: every family), and how much of it suffices. */
export const commitmentRule = programsSchema.table(
  "commitment_rule",
  {
    program: bytewise("program").notNull(),
    kind: text("kind", { enum: COMMITMENTS }).notNull(),
    components: text("components").array().notNull(),
    /** PERCENT: of what was held; COUNT: times. */
    measure: text("measure", { enum: ["PERCENT", "COUNT"] }).notNull(),
    threshold: smallint("threshold").notNull(),
    validFrom: day("valid_from").notNull(),
    validTo: day("valid_to"),
    source: text("source").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.program, t.kind, t.validFrom] }),
    check("commitment_rule_kind", inWords("kind", COMMITMENTS)),
    check(
      "commitment_rule_measure",
      sql`measure = 'COUNT' and threshold > 0 or measure = 'PERCENT' and threshold between 1 and 100`,
    ),
  ],
);

/** What a companion verified of one member in one period. The row is the member's. Some kinds tell health. */
export const commitmentCheck = programsSchema.table(
  "commitment_check",
  {
    id: uuid("id").primaryKey(),
    version: integer("version").notNull().default(1),
    enrolmentId: uuid("enrolment_id").notNull(),
    personId: uuid("person_id").notNull(),
    program: bytewise("program").notNull(),
    region: bytewise("region").notNull(),
    /** Quarter, such as 2026-Q3. */
    period: bytewise("period").notNull(),
    kind: text("kind", { enum: COMMITMENTS }).notNull(),
    attended: smallint("attended").notNull(),
    held: smallint("held"),
    isFulfilled: boolean("is_fulfilled").notNull(),
    exception: text("exception", { enum: EXCEPTIONS }),
    words: text("words"),
    recordedBy: bytewise("recorded_by").notNull(),
    recordedAt: instant("recorded_at").notNull(),
  },
  (t) => [
    uniqueIndex("commitment_check_once").on(t.enrolmentId, t.period, t.personId, t.kind),
    index("commitment_check_person").on(t.personId, t.period),
    check("commitment_check_kind", inWords("kind", COMMITMENTS)),
    check("commitment_check_period", sql`period ~ '^[0-9]{4}-Q[1-4]$'`),
    check("commitment_check_counts", sql`attended between 0 and 400 and held between attended and 400`),
    check(
      "commitment_check_exception",
      sql.raw(`exception in ('${EXCEPTIONS.join("', '")}') and words is not null or exception is null`),
    ),
    ...keptByOfficers(),
  ],
);

/** Where the commitments of an enrolment stand after the last period that was concluded. */
export const commitmentCase = programsSchema.table(
  "commitment_case",
  {
    enrolmentId: uuid("enrolment_id").primaryKey(),
    version: integer("version").notNull().default(1),
    personId: uuid("person_id").notNull(),
    program: bytewise("program").notNull(),
    region: bytewise("region").notNull(),
    stage: text("stage", { enum: STAGES }).notNull(),
    period: bytewise("period").notNull(),
    concludedBy: bytewise("concluded_by").notNull(),
    concludedAt: instant("concluded_at").notNull(),
  },
  () => [
    check("commitment_case_stage", inWords("stage", STAGES)),
    check("commitment_case_period", sql`period ~ '^[0-9]{4}-Q[1-4]$'`),
    ...keptByOfficers(),
  ],
);
