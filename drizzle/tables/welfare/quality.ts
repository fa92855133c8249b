import { sql } from "drizzle-orm";
import { bigint, check, date, index, integer, pgPolicy, primaryKey, smallint, text, timestamp, uuid } from "drizzle-orm/pg-core";
import { bytewise, ownedBy, readableBy, registryRows } from "../columns.ts";
import { welfareSchema } from "./welfare.ts";

const instant = (name: string) => timestamp(name, { withTimezone: true, mode: "string" });
const month = (name: string) => date(name, { mode: "string" });

export const RULES = [
  "SINGLE_IDENTITY",
  "NO_OVERLAP",
  "NIK_MATCHED",
  "COMPLETE",
  "STALE",
  "FAMILY_HAS_HEAD",
  "SUFFIX_VALID",
] as const;

/** Counts of villages are the officers' and programs', in their regions; a data subject sees none. */
const officersRows = registryRows("null::uuid");
const JOBS = "hub_welfare_jobs";
const scored = [
  readableBy("hub_welfare", officersRows),
  pgPolicy("hub_welfare_jobs_all", { for: "all", to: JOBS, using: sql`true`, withCheck: sql`true` }),
  ownedBy("hub_welfare_owner"),
];

/** Rules that every entry of the registry keeps, with their source. `months`: of STALE, how old a survey may be. */
export const integrityRule = welfareSchema.table("integrity_rule", {
  code: text("code", { enum: RULES }).primaryKey(),
  position: smallint("position").notNull(),
  description: text("description").notNull(),
  legalBasis: text("legal_basis").notNull(),
  severity: text("severity", { enum: ["ERROR", "WARNING"] }).notNull(),
  months: smallint("months"),
});

/** Villages where something changed since they were scored; a line a change. */
export const villageDirty = welfareSchema.table("village_dirty", {
  id: bigint("id", { mode: "bigint" }).primaryKey().generatedAlwaysAsIdentity(),
  region: bytewise("region").notNull(),
});

/** A member who breaks a rule, since it was found: of a rule about families or households the first of its members. */
export const integrityBreach = welfareSchema.table(
  "integrity_breach",
  {
    memberId: uuid("member_id").notNull(),
    rule: text("rule", { enum: RULES })
      .notNull()
      .references(() => integrityRule.code),
    region: bytewise("region").notNull(),
    personId: uuid("person_id"),
    foundAt: instant("found_at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.memberId, t.rule] }),
    index("integrity_breach_queue").on(t.rule, t.region, t.memberId),
    index("integrity_breach_region").on(t.region),
    ...scored,
  ],
);

/** What a village has, as last scored. `members`: active ones, `matched` of them. */
export const villageScore = welfareSchema.table(
  "village_score",
  {
    region: bytewise("region").primaryKey(),
    households: integer("households").notNull(),
    members: integer("members").notNull(),
    matched: integer("matched").notNull(),
    scoredAt: instant("scored_at").notNull(),
  },
  (t) => [index("village_score_age").on(t.scoredAt), ...scored],
);

/** Members of a village who break a rule, as last scored. */
export const villageBreaches = welfareSchema.table(
  "village_breaches",
  {
    region: bytewise("region").notNull(),
    rule: text("rule", { enum: RULES }).notNull(),
    members: integer("members").notNull(),
  },
  (t) => [primaryKey({ columns: [t.region, t.rule] }), ...scored],
);

/** How many of a village's active members were matched in which months; null: it still holds. */
export const villageMatch = welfareSchema.table(
  "village_match",
  {
    region: bytewise("region").notNull(),
    fromMonth: month("from_month").notNull(),
    toMonth: month("to_month"),
    members: integer("members").notNull(),
    matched: integer("matched").notNull(),
  },
  (t) => [primaryKey({ columns: [t.region, t.fromMonth] }), check("village_match_months", sql`to_month > from_month`), ...scored],
);
