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
import { bytewise, ownedBy, readableBy } from "./columns.ts";

export const governanceSchema = pgSchema("governance");

export const dataClass = governanceSchema.enum("data_class", ["PUBLIC", "GENERAL", "SPECIFIC", "ADMINDUK_84", "DERIVED"]);
export const dataTopic = governanceSchema.enum("data_topic", ["HEALTH", "BIOMETRIC", "GENETIC", "CRIME", "CHILD", "FINANCE"]);
export const dataUse = governanceSchema.enum("data_use", ["OUTPUT", "LOOKUP", "FILTER", "SORT", "GROUP", "AGGREGATE"]);
/** In order of restrictiveness. */
export const grantEffect = governanceSchema.enum("grant_effect", ["ALLOW", "MASK", "BAND", "CLAIM", "PSEUDONYM", "AGGREGATE", "DENY"]);
export const legalBasis = governanceSchema.enum("legal_basis", [
  "CONSENT", "CONTRACT", "LEGAL_OBLIGATION", "VITAL_INTEREST", "PUBLIC_TASK", "LEGITIMATE_INTEREST",
]);
export const agreementState = governanceSchema.enum("agreement_state", [
  "DRAFT", "IN_REVIEW", "APPROVED", "ACTIVE", "SUSPENDED", "REVOKED", "EXPIRED", "SUPERSEDED",
]);
export const clientStatus = governanceSchema.enum("client_status", ["ACTIVE", "SUSPENDED"]);
export const disclosure = governanceSchema.enum("disclosure", ["IMMEDIATE", "DELAYED", "SEALED"]);
export const onDenied = governanceSchema.enum("on_denied", ["NULL", "REJECT"]);

/** What rows an agreement opens. regions: codes, `["0"]` the whole country, `[]` none; programs: null all; decileMax: null no limit. */
export interface RowScope {
  readonly regions: readonly string[];
  readonly programs: readonly string[] | null;
  readonly decileMax: number | null;
}

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
    agencyCode: bytewise("agency_code").notNull().references(() => agency.code),
    status: clientStatus("status").notNull().default("ACTIVE"),
    note: text("note"),
  },
  () => policies(MY_CLIENT),
);

/** Purpose of processing with its legal basis. Public. */
export const purpose = governanceSchema.table("purpose", {
  code: bytewise("code").primaryKey(),
  name: text("name").notNull(),
  legalBasis: legalBasis("legal_basis").notNull(),
  citation: text("citation").notNull(),
  needsCase: boolean("needs_case").notNull().default(false),
  disclosure: disclosure("disclosure").notNull().default("IMMEDIATE"),
});

/** The most any agreement can open of a class; a row with a topic is the narrower rule. Public. */
export const classCeiling = governanceSchema.table(
  "class_ceiling",
  { class: dataClass("class").notNull(), topic: dataTopic("topic"), ceiling: grantEffect("ceiling").notNull() },
  (t) => [unique("class_ceiling_key").on(t.class, t.topic).nullsNotDistinct()],
);

export const agreement = governanceSchema.table(
  "agreement",
  {
    number: bytewise("number").primaryKey(),
    title: text("title").notNull(),
    consumerAgency: bytewise("consumer_agency").notNull().references(() => agency.code),
    purposeCode: bytewise("purpose_code").notNull().references(() => purpose.code),
    ipAllow: text("ip_allow").array().notNull().default(sql`'{}'`),
  },
  (t) => [index("agreement_consumer").on(t.consumerAgency), ...policies(MINE)],
);

/** Valid from `validFrom` to before `validTo`. No two versions of an agreement are in force at one instant (migration 0001). */
export const agreementVersion = governanceSchema.table(
  "agreement_version",
  {
    agreementNumber: bytewise("agreement_number").notNull().references(() => agreement.number),
    version: integer("version").notNull(),
    state: agreementState("state").notNull().default("DRAFT"),
    validFrom: instant("valid_from").notNull(),
    validTo: instant("valid_to").notNull(),
    rowScope: jsonb("row_scope").$type<RowScope>().notNull(),
    /** Distinct persons a day; null: no quota. */
    quota: integer("quota"),
    onDenied: onDenied("on_denied").notNull().default("NULL"),
  },
  (t) => [
    primaryKey({ columns: [t.agreementNumber, t.version] }),
    check("agreement_version_bounds", sql`valid_from < valid_to`),
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
    topic: dataTopic("topic"),
    use: dataUse("use").notNull(),
    effect: grantEffect("effect").notNull(),
    maskFn: text("mask_fn"),
    params: jsonb("params"),
    clause: text("clause").notNull(),
    widenReason: text("widen_reason"),
  },
  (t) => [
    foreignKey({ columns: [t.agreementNumber, t.version], foreignColumns: [agreementVersion.agreementNumber, agreementVersion.version] }),
    unique("grant_row_target").on(t.agreementNumber, t.version, t.selectorKind, t.selector, t.topic, t.use).nullsNotDistinct(),
    check("grant_row_kind", sql`selector_kind in ('coordinate', 'class')`),
    check("grant_row_mask", sql`(effect = 'MASK') = (mask_fn is not null)`),
    ...policies(OF_MINE),
  ],
);

/** Counts changes of policy: one step a transaction that touched any policy table, announced on channel `policy`. */
export const epoch = governanceSchema.table(
  "epoch",
  { one: boolean("one").primaryKey().default(true), n: bigint("n", { mode: "bigint" }).notNull(), changedBy: text("changed_by").notNull() },
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
    xid: customType<{ data: string; driverData: string }>({ dataType: () => "xid8" })("xid").notNull().default(sql`pg_current_xact_id()`),
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
