import { sql } from "drizzle-orm";
import { check, index, integer, json, pgPolicy, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { DCI_ACTIONS, DCI_STATES } from "../../../schema/values/dci.ts";
import { bytewise } from "../columns.ts";
import { agreement } from "./agreement.ts";
import { bytea, client, governanceSchema, instant, word } from "./governance.ts";
import { eventSubscription } from "./subscription.ts";

// What is asked now and answered later by the DCI standard, and what of the events a partner wants to be told by it. Written by gateways.

const DCI_REGISTRIES = ["sr", "ibr"] as const;

const byGateways = () => [
  pgPolicy("hub_gateway_writes", { for: "all", to: "hub_gateway", using: sql`true`, withCheck: sql`true` }),
  pgPolicy("hub_governance_owner_all", { for: "all", to: "hub_governance_owner", using: sql`true`, withCheck: sql`true` }),
];

/** One message of a partner that is answered later. Its id is the standard's correlation id. No answer is ever kept: each attempt asks anew. */
export const dciTransaction = governanceSchema.table(
  "dci_transaction",
  {
    id: uuid("id").primaryKey(),
    clientId: bytewise("client_id")
      .notNull()
      .references(() => client.id),
    agreementNumber: bytewise("agreement_number")
      .notNull()
      .references(() => agreement.number),
    /** Under which it was asked: under another it is not answered. */
    version: integer("version").notNull(),
    caseNumber: text("case_number"),
    /** Where the answer is sent; null: it is fetched. */
    channelId: uuid("channel_id").references(() => eventSubscription.id),
    registry: text("registry", { enum: DCI_REGISTRIES }).notNull(),
    action: text("action", { enum: DCI_ACTIONS }).notNull(),
    /** The partner's own number. */
    transactionId: bytewise("transaction_id").notNull(),
    /** What was asked, sealed by gateways; gone when it has ended. */
    sealed: bytea("sealed"),
    state: text("state", { enum: DCI_STATES }).notNull(),
    /** Why the last attempt failed, or all of it. */
    code: text("code"),
    /** Of each item of a search its number and what became of it, once it was told. */
    outcome: json("outcome"),
    attempts: integer("attempts").notNull().default(0),
    nextAt: instant("next_at").notNull().default(sql`clock_timestamp()`),
    lease: uuid("lease"),
    leasedUntil: instant("leased_until"),
    askedAt: instant("asked_at").notNull().default(sql`clock_timestamp()`),
    expiresAt: instant("expires_at").notNull(),
    endedAt: instant("ended_at"),
  },
  (t) => [
    index("dci_transaction_due").on(t.nextAt).where(sql`state in ('queued', 'running')`),
    index("dci_transaction_asker").on(t.clientId, t.transactionId),
    uniqueIndex("dci_transaction_search")
      .on(t.clientId, t.agreementNumber, t.registry, t.transactionId)
      .where(sql`action = 'search'`),
    word("action", DCI_ACTIONS),
    word("state", DCI_STATES),
    word("registry", DCI_REGISTRIES),
    check("dci_transaction_number", sql`length(transaction_id) between 1 and 99`),
    check("dci_transaction_sealed", sql`(state in ('waiting', 'queued', 'running')) = (sealed is not null)`),
    check("dci_transaction_leased", sql`(state = 'running') = (lease is not null) and (lease is null) = (leased_until is null)`),
    check("dci_transaction_ended", sql`(state in ('delivered', 'expired', 'failed')) = (ended_at is not null)`),
    check("dci_transaction_sent", sql`channel_id is not null or state not in ('queued', 'running')`),
    check("dci_transaction_term", sql`expires_at <= asked_at + interval '25 hours'`),
    ...byGateways(),
  ],
);

/** Which of a channel's events a partner is told by the standard. Nothing of it changes but that it ends. */
export const dciSubscription = governanceSchema.table(
  "dci_subscription",
  {
    /** The standard's subscription code. */
    id: uuid("id").primaryKey(),
    channelId: uuid("channel_id")
      .notNull()
      .references(() => eventSubscription.id),
    registry: text("registry", { enum: DCI_REGISTRIES }).notNull(),
    /** As who made it calls themselves; null, of old ones: as the client's id. */
    sender: text("sender"),
    /** In the partner's words. */
    eventType: text("event_type").notNull(),
    recordType: text("record_type").notNull(),
    /** Empty: all the channel opens. */
    programs: text("programs").array().notNull(),
    kinds: text("kinds").array().notNull(),
    /** States after the change; empty: all. */
    codes: text("codes").array().notNull(),
    madeAt: instant("made_at").notNull().default(sql`clock_timestamp()`),
    endedAt: instant("ended_at"),
  },
  (t) => [
    uniqueIndex("dci_subscription_once")
      .on(t.channelId, t.registry, t.eventType, t.recordType, t.programs, t.kinds, t.codes)
      .where(sql`ended_at is null`),
    word("registry", DCI_REGISTRIES),
    check("dci_subscription_words", sql`length(event_type) <= 99 and length(record_type) <= 99`),
    check("dci_subscription_sender", sql`length(sender) between 1 and 99`),
    ...byGateways(),
  ],
);

/** Messages that came, as marks: none is taken twice. Forgotten after half an hour, when their time has long run out. */
export const dciMessage = governanceSchema.table(
  "dci_message",
  {
    mark: bytea("mark").primaryKey(),
    seenAt: instant("seen_at").notNull().default(sql`clock_timestamp()`),
  },
  (t) => [
    index("dci_message_seen").on(t.seenAt),
    check("dci_message_mark", sql`octet_length(mark) = 32`),
    pgPolicy("hub_gateway_takes", { for: "insert", to: "hub_gateway", withCheck: sql`true` }),
    pgPolicy("hub_gateway_reads", { for: "select", to: "hub_gateway", using: sql`true` }),
    pgPolicy("hub_gateway_forgets", {
      for: "delete",
      to: "hub_gateway",
      using: sql`seen_at < clock_timestamp() - interval '30 minutes'`,
    }),
    pgPolicy("hub_governance_owner_all", { for: "all", to: "hub_governance_owner", using: sql`true`, withCheck: sql`true` }),
  ],
);
