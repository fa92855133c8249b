import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  check,
  customType,
  index,
  integer,
  jsonb,
  pgPolicy,
  pgSchema,
  primaryKey,
  text,
  timestamp,
  unique,
} from "drizzle-orm/pg-core";
import { DATA_CLASSES, DATA_TOPICS, EFFECTS, LEGAL_BASES, STEWARD_ROLES } from "../../../schema/policy/words.ts";
import { bytewise, ownedBy, readableBy } from "../columns.ts";

export const governanceSchema = pgSchema("governance");

const DISCLOSURES = ["IMMEDIATE", "DELAYED", "SEALED"] as const;

/** Closed list of words as text, not as a PostgreSQL enum: stewards' lists grow, and a word can be retired. */
export const word = (column: string, words: readonly string[]) =>
  check(`${column}_word`, sql.raw(`${column} in ('${words.join("', '")}')`));

export const bytea = customType<{ data: Buffer; driverData: Buffer }>({ dataType: () => "bytea" });
export const instant = (name: string) => timestamp(name, { withTimezone: true, mode: "string" });

// An array cast raises where a plain text setting, once forgotten, would only be empty and hide every row.
const AGENCY = "(current_setting('hub.agency')::text[])[1]";
/** The steward who asks; null: none does. */
const OFFICER = "(current_setting('hub.officer')::text[])[1]";
/** Of the agency that asks; of all where a steward does. */
export const OF_MY_AGENCY = sql.raw(`agency_code = ${AGENCY} or ${OFFICER} is not null`);
/** An agency knows its own agreements, a steward all: who may know what is no secret among those who govern it. */
export const MINE = sql.raw(`consumer_agency = ${AGENCY} or ${OFFICER} is not null`);
export const OF_MINE = sql.raw(
  `${OFFICER} is not null or agreement_number in (select number from governance.agreement where consumer_agency = ${AGENCY})`,
);
export const STEWARDS_ONLY = sql.raw(`${OFFICER} is not null`);
/** The gateway judges everybody, so it reads the policy of all; the slice answers an agency about itself. */
export const policies = (mine: typeof MINE) => [
  readableBy("hub_governance", mine),
  readableBy("hub_gateway", sql`true`),
  ownedBy("hub_governance_owner"),
];
/** What an agency's clients and stewards may write of their own. */
export const writtenBy = (mine: typeof MINE) =>
  pgPolicy("hub_governance_writes", { for: "all", to: "hub_governance", using: mine, withCheck: mine });
/** What a steward may write; who of them may write what is said by triggers, which know the rows beside. */
export const writtenByStewards = () => writtenBy(STEWARDS_ONLY);

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
  () => [word("status", ["ACTIVE", "SUSPENDED"]), ...policies(OF_MY_AGENCY)],
);

/** Purpose of processing with its legal basis. Public. */
export const purpose = governanceSchema.table(
  "purpose",
  {
    code: bytewise("code").primaryKey(),
    name: text("name").notNull(),
    legalBasis: text("legal_basis", { enum: LEGAL_BASES }).notNull(),
    citation: text("citation").notNull(),
    /** The broader purpose it is part of; null: none. */
    parentCode: bytewise("parent_code"),
    /** Term of the Data Privacy Vocabulary (W3C DPV), for data spaces. */
    dpvIri: text("dpv_iri"),
    /** How long what was received may be kept; null: as the agreement says. */
    retentionDays: integer("retention_days"),
    needsCase: boolean("needs_case").notNull().default(false),
    /** Only persons (stewards) may ask under it. */
    needsOfficer: boolean("needs_officer").notNull().default(false),
    disclosure: text("disclosure", { enum: DISCLOSURES }).notNull().default("IMMEDIATE"),
    /** For how long an access is kept from the persons concerned where the disclosure is DELAYED. */
    disclosureDays: integer("disclosure_days").notNull().default(90),
  },
  () => [
    word("legal_basis", LEGAL_BASES),
    word("disclosure", DISCLOSURES),
    check("purpose_disclosure_days", sql`disclosure_days between 1 and 3650`),
  ],
);

/** The most any agreement can open of a class; a row with a topic is the narrower rule. Public. */
export const classCeiling = governanceSchema.table(
  "class_ceiling",
  {
    class: text("class", { enum: DATA_CLASSES }).notNull(),
    topic: text("topic", { enum: DATA_TOPICS }),
    ceiling: text("ceiling", { enum: EFFECTS }).notNull(),
    /** Purposes for which the class is closed whatever an agreement says. */
    prohibitedPurposes: text("prohibited_purposes").array().notNull().default(sql`'{}'`),
  },
  (t) => [
    unique("class_ceiling_key").on(t.class, t.topic).nullsNotDistinct(),
    word("class", DATA_CLASSES),
    word("topic", DATA_TOPICS),
    word("ceiling", EFFECTS),
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

/** A person who governs access for an agency. Public among stewards. */
export const steward = governanceSchema.table(
  "steward",
  {
    id: bytewise("id").primaryKey(),
    agencyCode: bytewise("agency_code")
      .notNull()
      .references(() => agency.code),
    name: text("name").notNull(),
    status: text("status", { enum: ["ACTIVE", "SUSPENDED"] })
      .notNull()
      .default("ACTIVE"),
  },
  () => [
    word("status", ["ACTIVE", "SUSPENDED"]),
    readableBy("hub_governance", STEWARDS_ONLY),
    readableBy("hub_gateway", sql`true`),
    ownedBy("hub_governance_owner"),
  ],
);

/**
 * The key a steward signs with and the roles it stands for, endorsed by governance's own key (schema/policy/endorsement.ts): whoever can only
 * write to the database makes nobody a steward. Keys are retired, never changed or removed: old approvals must still verify.
 */
export const stewardKey = governanceSchema.table(
  "steward_key",
  {
    keyId: bytewise("key_id").primaryKey(),
    stewardId: bytewise("steward_id")
      .notNull()
      .references(() => steward.id),
    agencyCode: bytewise("agency_code").notNull(),
    roles: text("roles").array().notNull(),
    /** ED25519: a plain signature. WEBAUTHN: an assertion of an authenticator, ES256 or EdDSA. */
    kind: text("kind", { enum: ["ED25519", "WEBAUTHN"] }).notNull(),
    /** SubjectPublicKeyInfo, DER as base64url. */
    publicKey: text("public_key").notNull(),
    endorsement: text("endorsement").notNull(),
    addedAt: instant("added_at").notNull().default(sql`clock_timestamp()`),
    retiredAt: instant("retired_at"),
  },
  () => [
    word("kind", ["ED25519", "WEBAUTHN"]),
    check("steward_key_roles", sql.raw(`roles <@ array['${STEWARD_ROLES.join("', '")}']`)),
    readableBy("hub_governance", STEWARDS_ONLY),
    readableBy("hub_gateway", sql`true`),
    ownedBy("hub_governance_owner"),
  ],
);

/** A composed schema as it was published, with the agency that controls each service. Public. */
export const supergraph = governanceSchema.table("supergraph", {
  /** SHA-256 of `sdl`, hex. */
  hash: bytewise("hash").primaryKey(),
  sdl: text("sdl").notNull(),
  controllers: jsonb("controllers").$type<Readonly<Record<string, string>>>().notNull(),
  /** Of governance's key over hash and controllers (drizzle/policy/ground.ts); empty: nobody signed it. */
  signature: text("signature").notNull().default(""),
  publishedAt: instant("published_at").notNull().default(sql`clock_timestamp()`),
});

/** Catalogue of a published schema: everything a grant can name. Public. */
export const coordinate = governanceSchema.table(
  "coordinate",
  {
    supergraphHash: bytewise("supergraph_hash")
      .notNull()
      .references(() => supergraph.hash),
    coordinate: bytewise("coordinate").notNull(),
    kind: text("kind", { enum: ["output", "argument", "input", "value"] }).notNull(),
    /** Agencies that control it; several resolve it, several approve it. */
    owners: text("owners").array().notNull(),
    class: text("class"),
    topic: text("topic"),
    guards: jsonb("guards").$type<readonly { readonly field: string; readonly use: string }[]>().notNull(),
  },
  (t) => [primaryKey({ columns: [t.supergraphHash, t.coordinate] })],
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
  () => [
    readableBy("hub_governance", STEWARDS_ONLY),
    readableBy("hub_gateway", sql`true`),
    pgPolicy("hub_governance_inserts", { for: "insert", to: "hub_governance", withCheck: STEWARDS_ONLY }),
    ownedBy("hub_governance_owner"),
  ],
);

/**
 * The access record. `body` is text, never jsonb: jsonb reorders keys and the leaf would no longer verify. `xid` lets a reader
 * skip rows whose neighbours may still commit; on a server the record was restored to it goes on where the old one's ended (record_move). Written once: the role the gateway writes it as may only insert, never `xid` and `at`, and a trigger refuses change to all.
 */
export const entry = governanceSchema.table(
  "entry",
  {
    id: bigint("id", { mode: "bigint" }).primaryKey().generatedAlwaysAsIdentity(),
    xid: customType<{ data: string; driverData: string }>({ dataType: () => "xid8" })("xid")
      .notNull()
      .default(sql`governance.record_xid(pg_current_xact_id())`),
    at: instant("at").notNull().default(sql`clock_timestamp()`),
    leaf: bytea("leaf").notNull(),
    body: text("body").notNull(),
    requestId: text("request_id"),
    client: text("client"),
    agreement: text("agreement"),
    subjects: bytea("subjects"),
  },
  (t) => [
    index("entry_order").on(t.xid, t.id),
    check("entry_body_fits", sql`octet_length(body) < 65536`),
    check("entry_leaf_is_of_body", sql`leaf = sha256('\\x00'::bytea || convert_to(body, 'UTF8'))`),
    pgPolicy("hub_record_inserts", { for: "insert", to: "hub_record", withCheck: sql`true` }),
    readableBy("hub_log", sql`true`),
    readableBy("hub_governance_owner", sql`true`),
  ],
);
