import { sql } from "drizzle-orm";
import { bigint, check, customType, index, pgPolicy, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { bytewise, ownedBy, readableBy } from "../columns.ts";
import {
  agency,
  bytea,
  governanceSchema,
  instant,
  purpose,
  STEWARDS_ONLY,
  steward,
  word,
  writtenByStewards,
} from "./governance.ts";

// The rights of data subjects (UU 27/2022 art. 5–13) as tickets with clocks.

/** The data subject who asks; null: none does. */
const CITIZEN = "((current_setting('hub.citizen')::text[])[1])::uuid";
/** Rows of `table` about the data subject who asks, and about whom they represent now; a steward's all. */
const ofMyPerson = (table: string) =>
  sql.raw(
    `(current_setting('hub.officer')::text[])[1] is not null or ${table}.person_id = ${CITIZEN} or exists (select from governance.representation r
   where r.person_id = ${table}.person_id and r.representative_id = ${CITIZEN} and r.ended_at is null and clock_timestamp() >= r.valid_from and clock_timestamp() < r.valid_to)`,
  );
/** What is not confirmed is there for stewards alone: every rule that asks who represents whom asks through this one. */
const MY_REPRESENTATION = sql.raw(
  `(current_setting('hub.officer')::text[])[1] is not null or (confirmed_at is not null and ${CITIZEN} in (person_id, representative_id))`,
);

export const REPRESENTATIONS = ["PARENT", "GUARDIAN", "CARER", "HEIR", "PROXY"] as const;
export const REQUEST_KINDS = ["ACCESS", "CORRECTION", "RESTRICTION", "DELETION", "OBJECTION", "WITHDRAWAL"] as const;
export const REQUEST_STATES = ["RECEIVED", "IN_REVIEW", "FULFILLED", "REFUSED", "CANCELLED"] as const;
/** What a human review of an automated ranking came to: it stands, or it was changed. */
export const RANKING_REVIEWS = ["UPHELD", "CHANGED"] as const;
/** Why a request may be refused (UU 27/2022 art. 15, 33). */
export const REFUSAL_REASONS = [
  "NATIONAL_DEFENCE",
  "LAW_ENFORCEMENT",
  "STATE_ADMINISTRATION",
  "FINANCIAL_SUPERVISION",
  "STATISTICS_AND_RESEARCH",
  "HARM_TO_OTHERS",
  "DISCLOSES_OTHERS",
  "LEGAL_RETENTION",
  "IDENTITY_UNPROVEN",
  "UNFOUNDED",
] as const;

/** Who may act for a data subject: parents and guardians of children (art. 25), carers (art. 26), heirs, proxies. Registered by a data protection officer, in force once one of another agency has confirmed it. */
export const representation = governanceSchema.table(
  "representation",
  {
    id: uuid("id").primaryKey(),
    personId: uuid("person_id").notNull(),
    representativeId: uuid("representative_id").notNull(),
    basis: text("basis", { enum: REPRESENTATIONS }).notNull(),
    /** Document it rests on, such as the number of a decision. */
    evidence: text("evidence").notNull(),
    validFrom: instant("valid_from").notNull(),
    /** Of a child at the latest the day it turns 18. */
    validTo: instant("valid_to").notNull(),
    registeredBy: bytewise("registered_by")
      .notNull()
      .references(() => steward.id),
    registeredAt: instant("registered_at").notNull().default(sql`clock_timestamp()`),
    endedAt: instant("ended_at"),
    endedBy: bytewise("ended_by").references(() => steward.id),
    confirmedBy: bytewise("confirmed_by").references(() => steward.id),
    confirmedAt: instant("confirmed_at"),
  },
  (t) => [
    index("representation_of").on(t.representativeId),
    index("representation_for").on(t.personId),
    check("representation_two", sql`person_id <> representative_id and valid_from < valid_to`),
    check("representation_ended", sql`(ended_at is null) = (ended_by is null)`),
    check("representation_confirmed", sql`(confirmed_at is null) = (confirmed_by is null)`),
    word("basis", REPRESENTATIONS),
    readableBy("hub_governance", MY_REPRESENTATION),
    pgPolicy("hub_governance_writes", { for: "all", to: "hub_governance", using: STEWARDS_ONLY, withCheck: STEWARDS_ONLY }),
    ownedBy("hub_governance_owner"),
  ],
);

/** A request of a data subject [permintaan subjek data]: recorded (art. 14), due within 3 × 24 hours (art. 30, 32, 40, 41), weekends included. */
export const subjectRequest = governanceSchema.table(
  "subject_request",
  {
    id: uuid("id").primaryKey(),
    /** What the subject is told to quote: HSD-<year>-<six digits>. */
    number: bytewise("number").notNull().unique("subject_request_number"),
    personId: uuid("person_id").notNull(),
    /** Who filed it: the subject, or who represents them. */
    filedBy: uuid("filed_by").notNull(),
    kind: text("kind", { enum: REQUEST_KINDS }).notNull(),
    state: text("state", { enum: REQUEST_STATES }).notNull().default("RECEIVED"),
    /** The subject's own words. */
    statement: text("statement").notNull(),
    /** Coordinate it is about; null: all that is processed. */
    coordinate: bytewise("coordinate"),
    /** CORRECTION: what it should say. */
    correction: text("correction"),
    /** WITHDRAWAL: the purpose whose consent is withdrawn. */
    purposeCode: bytewise("purpose_code").references(() => purpose.code),
    /** Agency that must act: the controller of what it is about. */
    controller: bytewise("controller")
      .notNull()
      .references(() => agency.code),
    receivedAt: instant("received_at").notNull(),
    dueAt: instant("due_at").notNull(),
    /** Who looks at it; of an OBJECTION the person who reviews the ranking by hand. */
    handler: bytewise("handler").references(() => steward.id),
    closedAt: instant("closed_at"),
    closedBy: bytewise("closed_by").references(() => steward.id),
    /** What was done, as the subject reads it. */
    outcome: text("outcome"),
    refusalReason: text("refusal_reason", { enum: REFUSAL_REASONS }),
    /** Law and article of a refusal. */
    citation: text("citation"),
    /** OBJECTION that was fulfilled: what the review came to. */
    rankingReview: text("ranking_review", { enum: RANKING_REVIEWS }),
  },
  (t) => [
    index("subject_request_person").on(t.personId),
    index("subject_request_due").on(t.dueAt).where(sql`closed_at is null`),
    index("subject_request_desk").on(t.controller, t.state, t.dueAt),
    index("subject_request_late").on(t.controller, t.dueAt).where(sql`closed_at > due_at`),
    check("subject_request_correction", sql`(kind = 'CORRECTION') = (correction is not null)`),
    check(
      "subject_request_refusal",
      sql`(state = 'REFUSED') = (refusal_reason is not null) and (state = 'REFUSED') = (citation is not null)`,
    ),
    check("subject_request_purpose", sql`(kind = 'WITHDRAWAL') = (purpose_code is not null)`),
    check("subject_request_review", sql`(kind = 'OBJECTION' and state = 'FULFILLED') = (ranking_review is not null)`),
    check(
      "subject_request_told",
      sql`(state in ('FULFILLED', 'REFUSED')) = (outcome is not null) and (outcome is null) = (closed_by is null)`,
    ),
    check("subject_request_clock", sql`due_at = received_at + interval '72 hours'`),
    check("subject_request_closed", sql`(closed_at is not null) = (state in ('FULFILLED', 'REFUSED', 'CANCELLED'))`),
    word("kind", REQUEST_KINDS),
    word("state", REQUEST_STATES),
    word("refusal_reason", REFUSAL_REASONS),
    word("ranking_review", RANKING_REVIEWS),
    readableBy("hub_governance", ofMyPerson("subject_request")),
    readableBy("hub_log", sql`true`),
    pgPolicy("hub_governance_writes", {
      for: "all",
      to: "hub_governance",
      using: ofMyPerson("subject_request"),
      withCheck: ofMyPerson("subject_request"),
    }),
    ownedBy("hub_governance_owner"),
  ],
);

/** What happened to a request: written once. */
export const subjectRequestEvent = governanceSchema.table(
  "subject_request_event",
  {
    id: bigint("id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    requestId: uuid("request_id")
      .notNull()
      .references(() => subjectRequest.id),
    at: instant("at").notNull().default(sql`clock_timestamp()`),
    /** SUBJECT, REPRESENTATIVE, CLOCK, or the id of a steward. */
    actor: text("actor").notNull(),
    state: text("state", { enum: [...REQUEST_STATES, "ESCALATED", "BREACHED"] }).notNull(),
    note: text("note").notNull().default(""),
  },
  (t) => [
    index("subject_request_event_of").on(t.requestId),
    uniqueIndex("subject_request_event_once").on(t.requestId, t.state),
    readableBy("hub_governance", sql.raw("exists (select from governance.subject_request q where q.id = request_id)")),
    pgPolicy("hub_log_writes", { for: "all", to: "hub_log", using: sql`true`, withCheck: sql`true` }),
    pgPolicy("hub_governance_inserts", {
      for: "insert",
      to: "hub_governance",
      withCheck: sql.raw("exists (select from governance.subject_request q where q.id = request_id)"),
    }),
    ownedBy("hub_governance_owner"),
  ],
);

/** Processing of a person's data is restricted (art. 11, 41) while `lifted_at` is null: gateways close their rows from the very next question on. */
export const restriction = governanceSchema.table(
  "restriction",
  {
    id: uuid("id").primaryKey(),
    personId: uuid("person_id").notNull(),
    requestId: uuid("request_id")
      .notNull()
      .references(() => subjectRequest.id),
    imposedAt: instant("imposed_at").notNull(),
    liftedAt: instant("lifted_at"),
    liftedBy: text("lifted_by"),
    /** Null: for every purpose. */
    purposeCode: bytewise("purpose_code").references(() => purpose.code),
    /** Transaction that wrote the row last. */
    changed: customType<{ data: string; driverData: string }>({ dataType: () => "xid8" })("changed")
      .notNull()
      .default(sql`pg_current_xact_id()`),
  },
  (t) => [
    check("restriction_lifted", sql`(lifted_at is null) = (lifted_by is null)`),
    uniqueIndex("restriction_in_force").on(t.personId, sql`coalesce(purpose_code, '')`).where(sql`lifted_at is null`),
    index("restriction_of").on(t.personId),
    index("restriction_changes").on(t.changed),
    readableBy("hub_governance", ofMyPerson("restriction")),
    readableBy("hub_gateway", sql`true`),
    pgPolicy("hub_governance_writes", {
      for: "all",
      to: "hub_governance",
      using: ofMyPerson("restriction"),
      withCheck: ofMyPerson("restriction"),
    }),
    ownedBy("hub_governance_owner"),
  ],
);

export const SEALED_AS = ["DELAYED", "SEALED"] as const;

/** Keeps accesses made for a case of an agency from the persons concerned, on a decision that orders it. They stay on record. */
export const caseSeal = governanceSchema.table(
  "case_seal",
  {
    id: uuid("id").primaryKey(),
    agencyCode: bytewise("agency_code")
      .notNull()
      .references(() => agency.code),
    /** SHA-256 of the case number: this is no list of investigations. */
    caseHash: bytea("case_hash").notNull(),
    disclosure: text("disclosure", { enum: SEALED_AS }).notNull(),
    /** It ends by itself here, within two years. */
    until: instant("until").notNull(),
    /** Number of the decision that orders it. */
    decision: text("decision").notNull(),
    sealedBy: bytewise("sealed_by")
      .notNull()
      .references(() => steward.id),
    sealedAt: instant("sealed_at").notNull(),
    /** Data protection officer of the hub; null: not in force yet. */
    confirmedBy: bytewise("confirmed_by").references(() => steward.id),
    confirmedAt: instant("confirmed_at"),
    liftedBy: bytewise("lifted_by").references(() => steward.id),
    liftedAt: instant("lifted_at"),
    liftReason: text("lift_reason"),
  },
  (t) => [
    uniqueIndex("case_seal_one").on(t.agencyCode, t.caseHash).where(sql`lifted_at is null`),
    check("case_seal_hash", sql`length(case_hash) = 32`),
    check("case_seal_until", sql`until > sealed_at and until <= sealed_at + interval '2 years'`),
    check("case_seal_confirmed", sql`(confirmed_at is null) = (confirmed_by is null) and confirmed_by <> sealed_by`),
    check("case_seal_lifted", sql`(lifted_at is null) = (lifted_by is null) and (lifted_at is null) = (lift_reason is null)`),
    word("disclosure", SEALED_AS),
    readableBy("hub_governance", STEWARDS_ONLY),
    writtenByStewards(),
    ownedBy("hub_governance_owner"),
  ],
);
