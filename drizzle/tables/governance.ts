import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  check,
  customType,
  foreignKey,
  index,
  integer,
  jsonb,
  pgPolicy,
  pgSchema,
  primaryKey,
  smallint,
  text,
  timestamp,
  unique,
} from "drizzle-orm/pg-core";
import type { WrittenScope } from "../../schema/policy/rowScope.ts";
import { AGREEMENT_STATES, DATA_CLASSES, DATA_TOPICS, EFFECTS, LEGAL_BASES, USES } from "../../schema/policy/words.ts";
import { bytewise, ownedBy, readableBy } from "./columns.ts";

export const governanceSchema = pgSchema("governance");

const DISCLOSURES = ["IMMEDIATE", "DELAYED", "SEALED"] as const;

/** Closed list of words as text, not as a PostgreSQL enum: stewards' lists grow, and a word can be retired. */
const word = (column: string, words: readonly string[]) =>
  check(`${column}_word`, sql.raw(`${column} in ('${words.join("', '")}')`));

const bytea = customType<{ data: Buffer; driverData: Buffer }>({ dataType: () => "bytea" });
const instant = (name: string) => timestamp(name, { withTimezone: true, mode: "string" });

// An array cast raises where a plain text setting, once forgotten, would only be empty and hide every row.
const MINE = sql.raw("consumer_agency = (current_setting('hub.agency')::text[])[1]");
const OF_MINE = sql.raw(
  "agreement_number in (select number from governance.agreement where consumer_agency = (current_setting('hub.agency')::text[])[1])",
);
const MY_CLIENT = sql.raw("agency_code = (current_setting('hub.agency')::text[])[1]");
/** The gateway judges everybody, so it reads the policy of all; the slice answers an agency about itself. */
const policies = (mine: typeof MINE) => [
  readableBy("hub_governance", mine),
  readableBy("hub_gateway", sql`true`),
  ownedBy("hub_governance_owner"),
];

/** Public. */
export const agency = governanceSchema.table("agency", {
  code: bytewise("code").primaryKey(),
  name: text("name").notNull(),
  dpoContact: text("dpo_contact").notNull(),
});

export const client = governanceSchema.table(
  "client",
  {
    id: bytewise("id").primaryKey(),
    agencyCode: bytewise("agency_code")
      .notNull()
      .references(() => agency.code),
    status: text("status", { enum: ["ACTIVE", "SUSPENDED"] })
      .notNull()
      .default("ACTIVE"),
    note: text("note"),
  },
  () => [word("status", ["ACTIVE", "SUSPENDED"]), ...policies(MY_CLIENT)],
);

/** Purpose of processing with its legal basis. Public. */
export const purpose = governanceSchema.table(
  "purpose",
  {
    code: bytewise("code").primaryKey(),
    name: text("name").notNull(),
    legalBasis: text("legal_basis", { enum: LEGAL_BASES }).notNull(),
    citation: text("citation").notNull(),
    needsCase: boolean("needs_case").notNull().default(false),
    disclosure: text("disclosure", { enum: DISCLOSURES }).notNull().default("IMMEDIATE"),
  },
  () => [word("legal_basis", LEGAL_BASES), word("disclosure", DISCLOSURES)],
);

/** The most any agreement can open of a class; a row with a topic is the narrower rule. Public. */
export const classCeiling = governanceSchema.table(
  "class_ceiling",
  {
    class: text("class", { enum: DATA_CLASSES }).notNull(),
    topic: text("topic", { enum: DATA_TOPICS }),
    ceiling: text("ceiling", { enum: EFFECTS }).notNull(),
  },
  (t) => [
    unique("class_ceiling_key").on(t.class, t.topic).nullsNotDistinct(),
    word("class", DATA_CLASSES),
    word("topic", DATA_TOPICS),
    word("ceiling", EFFECTS),
  ],
);

export const agreement = governanceSchema.table(
  "agreement",
  {
    number: bytewise("number").primaryKey(),
    title: text("title").notNull(),
    consumerAgency: bytewise("consumer_agency")
      .notNull()
      .references(() => agency.code),
    purposeCode: bytewise("purpose_code")
      .notNull()
      .references(() => purpose.code),
    ipAllow: text("ip_allow").array().notNull().default(sql`'{}'`),
  },
  (t) => [index("agreement_consumer").on(t.consumerAgency), ...policies(MINE)],
);

/** Valid from `validFrom` to before `validTo`. No two versions of an agreement are in force at one instant (migration 0001). */
export const agreementVersion = governanceSchema.table(
  "agreement_version",
  {
    agreementNumber: bytewise("agreement_number")
      .notNull()
      .references(() => agreement.number),
    version: integer("version").notNull(),
    state: text("state", { enum: AGREEMENT_STATES }).notNull().default("draft"),
    validFrom: instant("valid_from").notNull(),
    validTo: instant("valid_to").notNull(),
    rowScope: jsonb("row_scope").$type<WrittenScope>().notNull(),
    /** Distinct persons a day; null: no quota. */
    quota: integer("quota").default(10_000),
    /** Verification: least similarity of a text a partner may call a match; distinct claims a day about one person, and of one client. */
    similarityFloor: smallint("similarity_floor").notNull().default(80),
    attemptsOnSubject: integer("attempts_on_subject").notNull().default(5),
    attemptsOfClient: integer("attempts_of_client").notNull().default(20_000),
    onDenied: text("on_denied", { enum: ["null", "reject"] })
      .notNull()
      .default("null"),
  },
  (t) => [
    primaryKey({ columns: [t.agreementNumber, t.version] }),
    check("agreement_version_bounds", sql`valid_from < valid_to`),
    check("agreement_version_floor", sql`similarity_floor between 1 and 100`),
    check("agreement_version_limits", sql`quota >= 0 and attempts_on_subject >= 0 and attempts_of_client >= 0`),
    word("state", AGREEMENT_STATES),
    word("on_denied", ["null", "reject"]),
    ...policies(OF_MINE),
  ],
);

export const grantRow = governanceSchema.table(
  "grant_row",
  {
    id: bigint("id", { mode: "bigint" }).primaryKey().generatedAlwaysAsIdentity(),
    agreementNumber: bytewise("agreement_number").notNull(),
    version: integer("version").notNull(),
    position: smallint("position").notNull(),
    selectorKind: text("selector_kind", { enum: ["coordinate", "class"] }).notNull(),
    selector: bytewise("selector").notNull(),
    topic: text("topic", { enum: DATA_TOPICS }),
    use: text("use", { enum: USES }).notNull(),
    effect: text("effect", { enum: EFFECTS }).notNull(),
    maskFn: text("mask_fn"),
    params: jsonb("params"),
    clause: text("clause").notNull(),
    widenReason: text("widen_reason"),
  },
  (t) => [
    foreignKey({
      columns: [t.agreementNumber, t.version],
      foreignColumns: [agreementVersion.agreementNumber, agreementVersion.version],
    }),
    unique("grant_row_target").on(t.agreementNumber, t.version, t.selectorKind, t.selector, t.topic, t.use).nullsNotDistinct(),
    word("selector_kind", ["coordinate", "class"]),
    word("topic", DATA_TOPICS),
    word("use", USES),
    word("effect", EFFECTS),
    check("grant_row_mask", sql`(effect = 'mask') = (mask_fn is not null)`),
    ...policies(OF_MINE),
  ],
);

/** Counts changes of policy: one step a transaction that touched any policy table, announced on channel `policy`. */
export const epoch = governanceSchema.table(
  "epoch",
  {
    one: boolean("one").primaryKey().default(true),
    n: bigint("n", { mode: "bigint" }).notNull(),
    changedBy: text("changed_by").notNull(),
  },
  () => [check("epoch_one", sql`one`)],
);

/** What happened to policy, by whom. */
export const policyEvent = governanceSchema.table(
  "policy_event",
  {
    id: bigint("id", { mode: "bigint" }).primaryKey().generatedAlwaysAsIdentity(),
    at: instant("at").notNull().default(sql`clock_timestamp()`),
    actor: text("actor").notNull(),
    kind: text("kind").notNull(),
    agreementNumber: bytewise("agreement_number"),
    version: integer("version"),
    detail: text("detail").notNull().default(""),
  },
  () => [readableBy("hub_gateway", sql`true`), ownedBy("hub_governance_owner")],
);

/**
 * The access record. `body` is text, never jsonb: jsonb reorders keys and the leaf would no longer verify. `xid` lets a reader
 * skip rows whose neighbours may still commit. Written once: the gateway may only insert, and a trigger refuses change to all.
 */
export const entry = governanceSchema.table(
  "entry",
  {
    id: bigint("id", { mode: "bigint" }).primaryKey().generatedAlwaysAsIdentity(),
    xid: customType<{ data: string; driverData: string }>({ dataType: () => "xid8" })("xid")
      .notNull()
      .default(sql`pg_current_xact_id()`),
    at: instant("at").notNull().default(sql`clock_timestamp()`),
    leaf: bytea("leaf").notNull(),
    body: text("body").notNull(),
    requestId: text("request_id"),
    client: text("client"),
    agreement: text("agreement"),
    subjects: bytea("subjects"),
  },
  () => [
    pgPolicy("hub_gateway_inserts", { for: "insert", to: "hub_gateway", withCheck: sql`true` }),
    readableBy("hub_governance_owner", sql`true`),
  ],
);
