import { sql } from "drizzle-orm";
import {
  boolean,
  check,
  customType,
  date,
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
import { bytewise, ownedBy, readableBy, registryRows } from "../columns.ts";
import { registryBasis, registryVersion, welfareSchema } from "./welfare.ts";

const instant = (name: string) => timestamp(name, { withTimezone: true, mode: "string" });
const month = (name: string) => date(name, { mode: "string" });
const digest = customType<{ data: Buffer; driverData: Buffer }>({ dataType: () => "bytea" });
const JOBS = "hub_welfare_jobs";
const jobsRead = pgPolicy("hub_welfare_jobs_reads", { for: "select", to: JOBS, using: sql`true` });

export const DETERMINATION_STATES = ["DRAFT", "WITHDRAWN", "QUEUED", "DETERMINED"] as const;
/** By 262/HUK/2022. */
const POVERTY_CATEGORIES = ["POOR", "UNABLE_TO_CONTRIBUTE", "NEITHER", "UNDETERMINED"] as const;
export const CHANGE_KINDS = ["IN", "OUT", "CHANGED"] as const;
/** Why somebody came into a determination, left it, or stands in it otherwise than before. */
export const CHANGE_REASONS = [
  "FIRST_DETERMINATION",
  "NEW_MEMBER",
  "NEW_PROPOSAL",
  "REVIVED",
  "MATCHED",
  "RETURNED",
  "DORMANT",
  "DECEASED",
  "MERGED",
  "MATCH_LOST",
  "DUPLICATE",
  "DECILE_CHANGED",
  "OBJECTION_UPHELD",
  "WITHDRAWN",
  "MOVED_REGION",
  "FAMILY_CHANGED",
  "PERSON_CHANGED",
  "CATEGORY_CHANGED",
] as const;
const words = (list: readonly string[]) => sql.raw(`('${list.join("', '")}')`);

/**
 * Monthly determination of a basis. `month`: its first day. `known_at`: what was known of the registry at this instant is what it stands on.
 * `hash`: SHA-256, hex, over inputs and villages; see docs/registry/determination.md. Public once DETERMINED.
 */
export const determination = welfareSchema.table(
  "determination",
  {
    id: uuid("id").primaryKey(),
    basis: registryBasis("basis").notNull(),
    month: month("month").notNull(),
    state: text("state", { enum: DETERMINATION_STATES }).notNull(),
    version: integer("version").notNull().default(1),
    preparedBy: bytewise("prepared_by").notNull(),
    preparedAt: instant("prepared_at").notNull(),
    note: text("note"),
    registryVersion: bytewise("registry_version")
      .notNull()
      .references(() => registryVersion.id),
    knownAt: instant("known_at").notNull(),
    povertyThreshold: smallint("poverty_threshold"),
    decreeNumber: bytewise("decree_number"),
    decreeHash: bytewise("decree_hash"),
    signedBy: bytewise("signed_by"),
    signedAt: instant("signed_at"),
    determinedAt: instant("determined_at"),
    members: integer("members"),
    households: integer("households"),
    hash: bytewise("hash"),
  },
  (t) => [
    uniqueIndex("determination_month").on(t.basis, t.month).where(sql`state <> 'WITHDRAWN'`),
    uniqueIndex("determination_decree").on(t.decreeNumber),
    check("determination_state", sql`state in ${words(DETERMINATION_STATES)}`),
    check("determination_month_begins", sql`extract(day from month) = 1`),
    check("determination_threshold", sql`poverty_threshold between 1 and 8`),
    check("determination_decree_form", sql`decree_number ~ '^[1-9][0-9]{0,4}/HUK/20[0-9]{2}$'`),
    check("determination_decree_hash", sql`decree_hash ~ '^[0-9a-f]{64}$'`),
    check("determination_signed", sql`(state in ('QUEUED', 'DETERMINED')) = (decree_number is not null)`),
    check("determination_done", sql`(state = 'DETERMINED') = (hash is not null)`),
    readableBy("hub_welfare", sql`state = 'DETERMINED' or welfare.on_duty(array['MINISTRY', 'MINISTER'], '0')`),
    pgPolicy("hub_welfare_prepares", { for: "insert", to: "hub_welfare", withCheck: sql`state = 'DRAFT'` }),
    pgPolicy("hub_welfare_decides", {
      for: "update",
      to: "hub_welfare",
      using: sql`state in ('DRAFT', 'QUEUED')`,
      withCheck: sql`state in ('WITHDRAWN', 'QUEUED')`,
    }),
    jobsRead,
    pgPolicy("hub_welfare_jobs_ends", {
      for: "update",
      to: JOBS,
      using: sql`state = 'QUEUED'`,
      withCheck: sql`state = 'DETERMINED'`,
    }),
    ownedBy("hub_welfare_owner"),
  ],
);

const OF_QUEUED = (column: string) =>
  sql.raw(`(basis, ${column}) in (select q.basis, q.month from welfare.determination q where q.state = 'QUEUED')`);

/**
 * Who stood in which months, how: a row opens at `from_month` and closes before `to_month`, when the member leaves or stands otherwise; null: it still
 * holds. `row_hash`: SHA-256 of the row's own values.
 */
export const determined = welfareSchema.table(
  "determined",
  {
    basis: registryBasis("basis").notNull(),
    memberId: uuid("member_id").notNull(),
    fromMonth: month("from_month").notNull(),
    toMonth: month("to_month"),
    householdId: uuid("household_id").notNull(),
    region: bytewise("region").notNull(),
    personId: uuid("person_id").notNull(),
    decile: smallint("decile"),
    category: text("category", { enum: POVERTY_CATEGORIES }),
    suffix: bytewise("suffix").notNull(),
    familyNumber: bytewise("family_number").notNull(),
    rowHash: digest("row_hash").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.memberId, t.basis, t.fromMonth] }),
    index("determined_region").on(t.region, t.memberId),
    index("determined_household").on(t.householdId),
    check("determined_months", sql`to_month > from_month`),
    readableBy(
      "hub_welfare",
      sql`(${registryRows("person_id")}) and coalesce(decile, 100) <= current_setting('hub.decile_max')::int`,
    ),
    jobsRead,
    pgPolicy("hub_welfare_jobs_opens", { for: "insert", to: JOBS, withCheck: OF_QUEUED("from_month") }),
    pgPolicy("hub_welfare_jobs_closes", {
      for: "update",
      to: JOBS,
      using: sql`to_month is null`,
      withCheck: OF_QUEUED("to_month"),
    }),
    ownedBy("hub_welfare_owner"),
  ],
);

/** What changed against the month before. The first determination of a basis changes nobody: it has no rows here. */
export const determinationChange = welfareSchema.table(
  "determination_change",
  {
    determinationId: uuid("determination_id")
      .notNull()
      .references(() => determination.id),
    memberId: uuid("member_id").notNull(),
    region: bytewise("region").notNull(),
    personId: uuid("person_id").notNull(),
    kind: text("kind", { enum: CHANGE_KINDS }).notNull(),
    reasons: text("reasons", { enum: CHANGE_REASONS }).array().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.memberId, t.determinationId] }),
    index("determination_change_region").on(t.determinationId, t.region, t.memberId),
    check("determination_change_kind", sql`kind in ${words(CHANGE_KINDS)}`),
    jobsRead,
    pgPolicy("hub_welfare_jobs_writes", { for: "insert", to: JOBS, withCheck: sql`true` }),
    readableBy("hub_welfare", registryRows("person_id")),
    ownedBy("hub_welfare_owner"),
  ],
);

/** A regency of a determination under way: done whole or not at all. */
export const determinationPart = welfareSchema.table(
  "determination_part",
  {
    determinationId: uuid("determination_id")
      .notNull()
      .references(() => determination.id),
    region: bytewise("region").notNull(),
    isPreview: boolean("is_preview").notNull(),
    comparedAt: instant("compared_at"),
    hashedAt: instant("hashed_at"),
  },
  (t) => [primaryKey({ columns: [t.determinationId, t.isPreview, t.region] })],
);

/** Members of a regency who came, left or changed, by reason; a change with two reasons counts in both. Of a draft: what would happen. */
export const determinationTally = welfareSchema.table(
  "determination_tally",
  {
    determinationId: uuid("determination_id")
      .notNull()
      .references(() => determination.id),
    region: bytewise("region").notNull(),
    isPreview: boolean("is_preview").notNull(),
    kind: text("kind", { enum: CHANGE_KINDS }).notNull(),
    reason: text("reason", { enum: CHANGE_REASONS }).notNull(),
    members: integer("members").notNull(),
  },
  (t) => [primaryKey({ columns: [t.determinationId, t.isPreview, t.region, t.kind, t.reason] })],
);

/** Who stands in a village: how many, and SHA-256 over their row hashes in order of member. */
export const determinationVillage = welfareSchema.table(
  "determination_village",
  {
    determinationId: uuid("determination_id")
      .notNull()
      .references(() => determination.id),
    region: bytewise("region").notNull(),
    members: integer("members").notNull(),
    households: integer("households").notNull(),
    hash: digest("hash").notNull(),
  },
  (t) => [primaryKey({ columns: [t.determinationId, t.region] })],
);
