import { sql } from "drizzle-orm";
import {
  bigint,
  check,
  foreignKey,
  index,
  integer,
  jsonb,
  pgPolicy,
  primaryKey,
  smallint,
  text,
  unique,
} from "drizzle-orm/pg-core";
import type { QuestionLimits } from "../../../schema/policy/questionLimits.ts";
import type { WrittenScope } from "../../../schema/policy/rowScope.ts";
import {
  AGREEMENT_STATES,
  DATA_TOPICS,
  DOCUMENT_RULES,
  EFFECTS,
  SUSPENSION_REASONS,
  USES,
} from "../../../schema/policy/words.ts";
import { bytewise } from "../columns.ts";
import {
  agency,
  governanceSchema,
  instant,
  MINE,
  OF_MINE,
  policies,
  purpose,
  STEWARDS_ONLY,
  steward,
  supergraph,
  word,
  writtenByStewards,
} from "./governance.ts";

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
    /** SHA-256 of the signed paper, hex. */
    documentSha256: text("document_sha256"),
    /** Number of the data protection impact assessment (UU 27/2022 art. 34). */
    dpiaId: text("dpia_id"),
    /** By when the next semester report is due (Permendagri 102/2019); null: none is owed. Three months later the agreement is suspended by the clock. */
    reportDue: instant("report_due"),
  },
  (t) => [index("agreement_consumer").on(t.consumerAgency), ...policies(MINE), writtenByStewards()],
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
    /** Networks and addresses requests may come from; empty: any. */
    ipAllow: text("ip_allow").array().notNull().default(sql`'{}'`),
    documents: text("documents", { enum: DOCUMENT_RULES }).notNull().default("open"),
    /** An armed version opens nothing until two officers break the glass: longest time and most persons of one opening; null: not armed. */
    armedMinutes: integer("armed_minutes"),
    armedPersons: integer("armed_persons"),
    /** Limits of one question, by name; null: the hub's. */
    limits: jsonb("limits").$type<QuestionLimits>(),
    author: bytewise("author").references(() => steward.id),
    /** SHA-256 of governance.content_of(number, version), hex; set on submission, by the database. */
    contentSha256: text("content_sha256"),
    suspensionReason: text("suspension_reason", { enum: SUSPENSION_REASONS }),
    /** Who asked to resume it while suspended: a second steward must do it. */
    resumeAskedBy: bytewise("resume_asked_by").references(() => steward.id),
    createdAt: instant("created_at").notNull().default(sql`clock_timestamp()`),
  },
  (t) => [
    primaryKey({ columns: [t.agreementNumber, t.version] }),
    check("agreement_version_bounds", sql`valid_from < valid_to`),
    check("agreement_version_floor", sql`similarity_floor between 1 and 100`),
    check("agreement_version_limits", sql`quota >= 0 and attempts_on_subject >= 0 and attempts_of_client >= 0`),
    word("state", AGREEMENT_STATES),
    check(
      "agreement_version_armed",
      sql`(armed_minutes is null) = (armed_persons is null) and armed_minutes between 1 and 60 and armed_persons between 1 and 100000`,
    ),
    check("agreement_version_question_limits", sql`governance.are_question_limits(limits)`),
    word("on_denied", ["null", "reject"]),
    word("documents", DOCUMENT_RULES),
    word("suspension_reason", SUSPENSION_REASONS),
    ...policies(OF_MINE),
    writtenByStewards(),
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
    /** Region codes inside which the effect holds, and the mask that holds for rows elsewhere; null: it holds everywhere. */
    home: text("home").array(),
    elsewhere: text("elsewhere"),
    /** Name of a reviewed predicate in code, evaluated once a request; null: none. */
    condition: text("condition"),
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
    check("grant_row_home", sql`(home is null) = (elsewhere is null) and cardinality(home) between 1 and 4`),
    ...policies(OF_MINE),
    writtenByStewards(),
  ],
);

const version = () => ({ agreementNumber: bytewise("agreement_number").notNull(), version: integer("version").notNull() });
const ofVersion = (t: { agreementNumber: never; version: never }) =>
  foreignKey({
    columns: [t.agreementNumber, t.version],
    foreignColumns: [agreementVersion.agreementNumber, agreementVersion.version],
  });

/** Fields that the class rows of a version opened when it was submitted: a class selector never opens a later one. */
export const resolvedCoordinate = governanceSchema.table(
  "resolved_coordinate",
  { ...version(), coordinate: bytewise("coordinate").notNull() },
  (t) => [
    primaryKey({ columns: [t.agreementNumber, t.version, t.coordinate] }),
    ofVersion(t as never),
    ...policies(OF_MINE),
    writtenByStewards(),
  ],
);

/** Fields that appeared after a version was submitted and that its class rows would have opened: granted to nobody, listed for their owner. */
export const pendingCoordinate = governanceSchema.table(
  "pending_coordinate",
  {
    ...version(),
    coordinate: bytewise("coordinate").notNull(),
    since: instant("since").notNull().default(sql`clock_timestamp()`),
  },
  (t) => [primaryKey({ columns: [t.agreementNumber, t.version, t.coordinate] }), ofVersion(t as never), ...policies(OF_MINE)],
);

/** What a steward of a data owner (or the consumer's data protection officer) decided about one content of a version. Never changed. */
export const approval = governanceSchema.table(
  "approval",
  {
    ...version(),
    ownerAgency: bytewise("owner_agency")
      .notNull()
      .references(() => agency.code),
    stewardId: bytewise("steward_id")
      .notNull()
      .references(() => steward.id),
    /** OWNER: for the data that `ownerAgency` controls. DPO: the consumer's data protection officer accepts the duties. */
    capacity: text("capacity", { enum: ["OWNER", "DPO"] }).notNull(),
    decision: text("decision", { enum: ["APPROVED", "REJECTED"] }).notNull(),
    /** Of which content, hex. */
    contentSha256: text("content_sha256").notNull(),
    keyId: bytewise("key_id").notNull(),
    /** By the steward's key, over schema/policy/approval.ts's text; JSON for WebAuthn, base64url else. */
    signature: text("signature").notNull(),
    reason: text("reason"),
    /** Which previews the steward had seen: DIFF, SIMULATION, EXPLAIN. */
    opened: text("opened").array().notNull().default(sql`'{}'`),
    at: instant("at").notNull().default(sql`clock_timestamp()`),
  },
  (t) => [
    primaryKey({ columns: [t.agreementNumber, t.version, t.ownerAgency, t.capacity, t.contentSha256] }),
    ofVersion(t as never),
    word("capacity", ["OWNER", "DPO"]),
    word("decision", ["APPROVED", "REJECTED"]),
    ...policies(OF_MINE),
    pgPolicy("hub_governance_inserts", { for: "insert", to: "hub_governance", withCheck: STEWARDS_ONLY }),
  ],
);

/** A compiled and signed decision table: all a gateway judges by. `body` is text, never jsonb: the signature is over its bytes. */
export const decisionTable = governanceSchema.table(
  "decision_table",
  {
    ...version(),
    supergraphHash: bytewise("supergraph_hash")
      .notNull()
      .references(() => supergraph.hash),
    body: text("body").notNull(),
    /** Of `body`, hex. */
    sha256: text("sha256").notNull(),
    keyId: text("key_id").notNull(),
    signature: text("signature").notNull(),
    compiledAt: instant("compiled_at").notNull().default(sql`clock_timestamp()`),
  },
  (t) => [
    primaryKey({ columns: [t.agreementNumber, t.version, t.supergraphHash] }),
    ofVersion(t as never),
    ...policies(OF_MINE),
    writtenByStewards(),
  ],
);
