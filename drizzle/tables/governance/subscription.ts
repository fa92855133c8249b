import { sql } from "drizzle-orm";
import { bigint, check, date, index, integer, jsonb, pgPolicy, text, unique, uuid } from "drizzle-orm/pg-core";
import { bytewise, readableBy } from "../columns.ts";
import { agreement } from "./agreement.ts";
import {
  bytea,
  client,
  governanceSchema,
  instant,
  OF_MINE,
  policies,
  STEWARDS_ONLY,
  steward,
  word,
  writtenByStewards,
} from "./governance.ts";

// What partners receive without asking by GraphQL: webhooks of the events of the aid programs, released figures by a key, and word of what changes.

export const SUBSCRIPTION_STATES = ["PROPOSED", "ACTIVE", "PAUSED", "REVOKED"] as const;
/** How messages are dressed: by Standard Webhooks, or by the DCI standard, whose callbacks go to the same address. */
export const EVENT_FORMATS = ["WEBHOOK", "DCI"] as const;
/** How a change meets who is told of it; in order, the worst first. */
export const NOTICE_SEVERITIES = ["BREAKING", "DANGEROUS", "SAFE"] as const;
export const DEAD_STATES = ["DEAD", "QUEUED", "DELIVERED"] as const;

const ofSteward = (name: string) => bytewise(name).references(() => steward.id);
const ofSubscription = () =>
  uuid("subscription_id")
    .notNull()
    .references(() => eventSubscription.id);
const place = (name: string) => bigint(name, { mode: "bigint" });

/** A partner's webhook: asked for by a steward of the agreement's consumer, approved by one of who controls the events. Its address never changes. */
export const eventSubscription = governanceSchema.table(
  "event_subscription",
  {
    id: uuid("id").primaryKey(),
    agreementNumber: bytewise("agreement_number")
      .notNull()
      .references(() => agreement.number),
    /** In whose name the hub asks. */
    clientId: bytewise("client_id")
      .notNull()
      .references(() => client.id),
    url: text("url").notNull(),
    format: text("format", { enum: EVENT_FORMATS }).notNull().default("WEBHOOK"),
    /** Empty: all the agreement opens. */
    programs: text("programs").array().notNull(),
    kinds: text("kinds").array().notNull(),
    state: text("state", { enum: SUBSCRIPTION_STATES }).notNull(),
    /** Of the last pause or the end: a steward's words, or the code deliveries failed with. */
    reason: text("reason"),
    madeBy: ofSteward("made_by").notNull(),
    madeAt: instant("made_at").notNull(),
    approvedBy: ofSteward("approved_by"),
    /** Whose side resumes it; null: it is not paused, or a gateway gave up. */
    pausedBy: ofSteward("paused_by"),
    version: integer("version").notNull().default(1),
  },
  (t) => [
    index("event_subscription_agreement").on(t.agreementNumber),
    word("state", SUBSCRIPTION_STATES),
    word("format", EVENT_FORMATS),
    check("event_subscription_url", sql`length(url) <= 500 and url ~ '^(https://|http://127\\.0\\.0\\.1(:|/|$))[^\\s#@?]+$'`),
    check("event_subscription_four_eyes", sql`approved_by <> made_by`),
    check("event_subscription_approved", sql`state in ('PROPOSED', 'REVOKED') or approved_by is not null`),
    ...policies(OF_MINE),
    writtenByStewards(),
  ],
);

const writtenByGateway = () =>
  pgPolicy("hub_gateway_writes", { for: "all", to: "hub_gateway", using: sql`true`, withCheck: sql`true` });
const readByStewards = () => pgPolicy("hub_governance_reads", { for: "select", to: "hub_governance", using: STEWARDS_ONLY });
const ownedByOwner = () =>
  pgPolicy("hub_governance_owner_all", { for: "all", to: "hub_governance_owner", using: sql`true`, withCheck: sql`true` });

/** How far a subscription is delivered, and which gateway is at it. Written by gateways. */
export const eventProgress = governanceSchema.table(
  "event_progress",
  {
    subscriptionId: ofSubscription().primaryKey(),
    /** Everything up to here was delivered or is among the dead; null: nothing was asked yet. */
    position: place("position"),
    /** Where the message under way ends: tried again, it is the same. */
    pendingUntil: place("pending_until"),
    attempts: integer("attempts").notNull().default(0),
    failingSince: instant("failing_since"),
    /** Messages given up in a row. */
    givenUp: integer("given_up").notNull().default(0),
    /** What the last message, or the last question, came to. */
    code: text("code"),
    deliveredAt: instant("delivered_at"),
    nextAt: instant("next_at").notNull().default(sql`clock_timestamp()`),
    /** Which gateway … */
    leasedBy: uuid("leased_by"),
    /** … and which of its deliveries: each has a lease of its own. */
    lease: uuid("lease"),
    leasedUntil: instant("leased_until"),
  },
  () => [readByStewards(), writtenByGateway(), ownedByOwner()],
);

/** Messages given up: which places they held and why they did not arrive. The events are still in the feed. */
export const deadEvent = governanceSchema.table(
  "dead_event",
  {
    id: uuid("id").primaryKey().default(sql`gen_random_uuid()`),
    subscriptionId: ofSubscription(),
    /** Behind this place … */
    after: place("after").notNull(),
    /** … up to this. */
    until: place("until").notNull(),
    code: text("code").notNull(),
    attempts: integer("attempts").notNull(),
    at: instant("at").notNull().default(sql`clock_timestamp()`),
    state: text("state", { enum: DEAD_STATES }).notNull().default("DEAD"),
    redeliveredBy: ofSteward("redelivered_by"),
  },
  (t) => [
    index("dead_event_subscription").on(t.subscriptionId, t.at),
    word("state", DEAD_STATES),
    check("dead_event_places", sql`after < until`),
    readByStewards(),
    pgPolicy("hub_governance_queues", { for: "update", to: "hub_governance", using: STEWARDS_ONLY, withCheck: STEWARDS_ONLY }),
    writtenByGateway(),
    ownedByOwner(),
  ],
);

/**
 * A key by which a spreadsheet or BI tool polls released figures and nothing else, in a client's name under one agreement: opened by a steward of the
 * consumer, good for a year at most. Of its secret only the hash is kept. Nothing of it changes but that it is closed.
 */
export const feedKey = governanceSchema.table(
  "feed_key",
  {
    id: uuid("id").primaryKey(),
    agreementNumber: bytewise("agreement_number")
      .notNull()
      .references(() => agreement.number),
    clientId: bytewise("client_id")
      .notNull()
      .references(() => client.id),
    /** Codes of cubes. */
    cubes: text("cubes").array().notNull(),
    /** Who holds it, in the steward's words. */
    label: text("label").notNull(),
    secretSha256: bytea("secret_sha256").notNull(),
    madeBy: ofSteward("made_by").notNull(),
    madeAt: instant("made_at").notNull(),
    expiresAt: instant("expires_at").notNull(),
    closedBy: ofSteward("closed_by"),
    closedAt: instant("closed_at"),
  },
  (t) => [
    index("feed_key_agreement").on(t.agreementNumber),
    check("feed_key_cubes", sql`cardinality(cubes) between 1 and 50`),
    check("feed_key_secret", sql`length(secret_sha256) = 32`),
    check("feed_key_term", sql`expires_at > made_at and expires_at <= made_at + interval '366 days'`),
    check("feed_key_closed", sql`(closed_by is null) = (closed_at is null)`),
    ...policies(STEWARDS_ONLY),
    writtenByStewards(),
  ],
);

/** One change of the schema, as an agreement is told of it: in both languages, with what to do and the agreement's documents that use it. */
export interface NoticedChange {
  readonly coordinate: string;
  readonly severity: (typeof NOTICE_SEVERITIES)[number];
  readonly sentence: Record<"id" | "en", string>;
  readonly advice: Record<"id" | "en", string>;
  readonly documents: readonly string[];
}

/**
 * What an agreement is told before the schema changes: sent by an operator of the hub, acknowledged by a steward or data protection officer of the
 * consumer. The same changes for the same day are one notice. Nothing of it changes but that it is acknowledged.
 */
export const schemaNotice = governanceSchema.table(
  "schema_notice",
  {
    id: uuid("id").primaryKey(),
    agreementNumber: bytewise("agreement_number")
      .notNull()
      .references(() => agreement.number),
    /** SHA-256 of the day and all that is told but documents: by what two are the same. */
    digest: bytea("digest").notNull(),
    /** Of its worst change. */
    severity: text("severity", { enum: NOTICE_SEVERITIES }).notNull(),
    /** Day (WIB) from which the schema is the new one. */
    effectiveOn: date("effective_on", { mode: "string" }).notNull(),
    changes: jsonb("changes").$type<readonly NoticedChange[]>().notNull(),
    sentBy: ofSteward("sent_by").notNull(),
    sentAt: instant("sent_at").notNull(),
    acknowledgedBy: ofSteward("acknowledged_by"),
    acknowledgedAt: instant("acknowledged_at"),
  },
  (t) => [
    unique("schema_notice_once").on(t.agreementNumber, t.digest),
    word("severity", NOTICE_SEVERITIES),
    check("schema_notice_digest", sql`length(digest) = 32`),
    check("schema_notice_changes", sql`jsonb_array_length(changes) between 1 and 500`),
    check("schema_notice_acknowledged", sql`(acknowledged_by is null) = (acknowledged_at is null)`),
    readableBy("hub_governance", OF_MINE),
    ownedByOwner(),
    writtenByStewards(),
  ],
);
