import { sql } from "drizzle-orm";
import { bigint, boolean, check, index, integer, jsonb, pgPolicy, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { bytewise, ownedBy, readableBy } from "../columns.ts";
import { agency, client, governanceSchema, instant, STEWARDS_ONLY, steward, word, writtenByStewards } from "./governance.ts";

// What is watched, what went wrong, and what followed.

export const SANCTIONS = ["WARNING", "SUSPENSION", "REVOCATION"] as const;
export const BREACH_STATES = ["OPEN", "NOTIFIED", "CLOSED"] as const;

const writtenByLog = () => pgPolicy("hub_log_writes", { for: "all", to: "hub_log", using: sql`true`, withCheck: sql`true` });
const ofSteward = (name: string) => bytewise(name).references(() => steward.id);

/** Sanction [sanksi administratif, UU 27/2022 art. 57] on an agency or one of its clients. SUSPENSION and REVOCATION shut it out at once, until lifted. */
export const sanction = governanceSchema.table(
  "sanction",
  {
    id: uuid("id").primaryKey(),
    agencyCode: bytewise("agency_code")
      .notNull()
      .references(() => agency.code),
    /** Null: all of the agency. */
    clientId: bytewise("client_id").references(() => client.id),
    kind: text("kind", { enum: SANCTIONS }).notNull(),
    reason: text("reason").notNull(),
    /** Number of the decision it rests on. */
    decision: text("decision").notNull(),
    imposedBy: ofSteward("imposed_by").notNull(),
    imposedAt: instant("imposed_at").notNull(),
    /** A suspension ends by itself here; null: when lifted. */
    until: instant("until"),
    liftedBy: ofSteward("lifted_by"),
    liftedAt: instant("lifted_at"),
    liftReason: text("lift_reason"),
  },
  (t) => [
    index("sanction_agency").on(t.agencyCode),
    word("kind", SANCTIONS),
    check("sanction_until", sql`until is null or (kind = 'SUSPENSION' and until > imposed_at)`),
    check("sanction_lifted", sql`(lifted_at is null) = (lifted_by is null) and (lifted_at is null) = (lift_reason is null)`),
    readableBy("hub_governance", sql`true`),
    readableBy("hub_gateway", sql`true`),
    writtenByStewards(),
    ownedBy("hub_governance_owner"),
  ],
);

/** A failure of protection [kegagalan pelindungan data pribadi], art. 46: who was affected, told within 3 × 24 hours. */
export const breachCase = governanceSchema.table(
  "breach_case",
  {
    id: uuid("id").primaryKey(),
    /** KPD-<year>-<four digits>; made by the database, as `dueAt` is. */
    number: bytewise("number").notNull().unique("breach_case_number").default(""),
    title: text("title").notNull(),
    isDrill: boolean("is_drill").notNull(),
    state: text("state", { enum: BREACH_STATES }).notNull().default("OPEN"),
    /** Entries of the record it is about: a window, and where given a client and coordinates; empty: all. */
    windowFrom: instant("window_from").notNull(),
    windowTo: instant("window_to").notNull(),
    clientId: bytewise("client_id"),
    coordinates: text("coordinates").array().notNull(),
    detectedAt: instant("detected_at").notNull(),
    dueAt: instant("due_at").notNull().default("infinity"),
    /** What happened and what is done about it, as persons and authority are told. */
    description: text("description").notNull(),
    handling: text("handling").notNull(),
    openedBy: ofSteward("opened_by").notNull(),
    entries: integer("entries").notNull().default(0),
    /** Coordinates shown or masked in them. */
    disclosed: text("disclosed").array().notNull().default(sql`'{}'`),
    /** The log's process searches the record from `windowFrom` on: how far it has come, and when it was done. Until then nobody is told. */
    searchedTo: instant("searched_to"),
    searchedAt: instant("searched_at"),
    subjectsNotifiedAt: instant("subjects_notified_at"),
    authorityNotifiedAt: instant("authority_notified_at"),
    closedBy: ofSteward("closed_by"),
    closedAt: instant("closed_at"),
  },
  () => [
    word("state", BREACH_STATES),
    check("breach_window", sql`window_from < window_to`),
    check("breach_clock", sql`due_at = detected_at + interval '72 hours'`),
    readableBy("hub_governance", STEWARDS_ONLY),
    readableBy("hub_log", sql`true`),
    pgPolicy("hub_log_writes", { for: "update", to: "hub_log", using: sql`true`, withCheck: sql`true` }),
    writtenByStewards(),
    ownedBy("hub_governance_owner"),
  ],
);

/** Whom a breach affected, out of the tags of its entries. Written by the log's process. */
export const breachSubject = governanceSchema.table(
  "breach_subject",
  {
    breachId: uuid("breach_id")
      .notNull()
      .references(() => breachCase.id),
    /** Type of the row: Person, Household, Member, Enrolment …; `lookup`: whom the case cannot or may not name. */
    type: text("type").notNull(),
    /** Id of the row; in a drill, and under `lookup`, a code that leads back to nobody. */
    subjectId: uuid("subject_id").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.breachId, t.type, t.subjectId] }),
    readableBy("hub_governance", STEWARDS_ONLY),
    writtenByLog(),
    ownedBy("hub_governance_owner"),
  ],
);

export const WATCH_KINDS = [
  "LOOKUP_MISSES",
  "SEQUENTIAL_NIKS",
  "DENIED_PROBING",
  "OFF_HOURS_BULK",
  "QUOTA_NEARING",
  "CANARY_TOUCHED",
  "SAME_SUBJECT",
  "CHECKPOINT_STALE",
  "REQUEST_ESCALATED",
  "REQUEST_BREACHED",
  "BREACH_DUE",
] as const;

/** What the watch over the record saw. Never a value: counts, coordinates, agreements. */
export const watchAlert = governanceSchema.table(
  "watch_alert",
  {
    id: bigint("id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    at: instant("at").notNull().default(sql`clock_timestamp()`),
    kind: text("kind", { enum: WATCH_KINDS }).notNull(),
    agencyCode: bytewise("agency_code"),
    client: bytewise("client"),
    agreement: bytewise("agreement"),
    detail: jsonb("detail").$type<Readonly<Record<string, unknown>>>().notNull(),
    /** One alert for one thing: what was told is not told again. */
    once: text("once").notNull().unique("watch_alert_once"),
    /** When the webhook took it; null: not yet, or none is set. */
    deliveredAt: instant("delivered_at"),
    attempts: integer("attempts").notNull().default(0),
    nextAttemptAt: instant("next_attempt_at").notNull().default(sql`clock_timestamp()`),
  },
  (t) => [
    index("watch_alert_undelivered").on(t.id).where(sql`delivered_at is null`),
    word("kind", WATCH_KINDS),
    readableBy("hub_governance", STEWARDS_ONLY),
    writtenByLog(),
    ownedBy("hub_governance_owner"),
  ],
);

/** What the watch counted of a client within an hour, or of a person: then `client` is client, agency and person, by spaces; kept for 31 days. Written and read by drizzle/watch alone. @public */
export const watchHour = governanceSchema.table(
  "watch_hour",
  {
    client: bytewise("client").notNull(),
    hour: instant("hour").notNull(),
    /** Identifiers looked up, those nobody has, those next to one looked up before. */
    tried: integer("tried").notNull(),
    missed: integer("missed").notNull(),
    sequential: integer("sequential").notNull(),
    subjects: bigint("subjects", { mode: "number" }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.client, t.hour] }), writtenByLog(), ownedBy("hub_governance_owner")],
);

/** Coordinates a client, or a person as in watch_hour, was ever denied. @public */
export const watchDenied = governanceSchema.table(
  "watch_denied",
  { client: bytewise("client").notNull(), coordinate: bytewise("coordinate").notNull(), firstAt: instant("first_at").notNull() },
  (t) => [primaryKey({ columns: [t.client, t.coordinate] }), writtenByLog(), ownedBy("hub_governance_owner")],
);

/** Planted persons who belong to nobody: whoever is shown one, or looks one up, is noticed. */
export const canary = governanceSchema.table(
  "canary",
  {
    personId: uuid("person_id").primaryKey(),
    plantedBy: ofSteward("planted_by").notNull(),
    plantedAt: instant("planted_at").notNull().default(sql`clock_timestamp()`),
    retiredAt: instant("retired_at"),
  },
  () => [
    readableBy("hub_governance", STEWARDS_ONLY),
    readableBy("hub_log", sql`true`),
    writtenByStewards(),
    ownedBy("hub_governance_owner"),
  ],
);
