import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  check,
  date,
  foreignKey,
  index,
  integer,
  pgPolicy,
  pgSchema,
  primaryKey,
  smallint,
  text,
  timestamp,
  unique,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { bigintText, bytewise, householdRows, ownedBy, readableBy, regionInScope, seedMarker } from "../columns.ts";

export const welfareSchema = pgSchema("welfare");

export const registryBasis = welfareSchema.enum("registry_basis", ["DTKS", "DTSEN"]);
export const familyRelation = welfareSchema.enum("family_relation", [
  "HEAD",
  "SPOUSE",
  "CHILD",
  "CHILD_IN_LAW",
  "GRANDCHILD",
  "PARENT_OR_IN_LAW",
  "DOMESTIC_WORKER",
  "OTHER",
]);
export const matchStatus = welfareSchema.enum("match_status", [
  "MATCHED",
  "MISMATCHED",
  "NOT_FOUND",
  "DUPLICATE",
  "DECEASED",
  "INACTIVE",
  "ANOMALY",
  "NOT_YET_MATCHED",
]);
export const memberState = welfareSchema.enum("member_state", ["ACTIVE", "DORMANT", "DECEASED", "MERGED"]);
/** All 26 kinds of Permensos 8/2012, in its order. Nine stigmatise and two tell a disability: stored, never answered by the API. */
export const ppksKind = welfareSchema.enum("ppks_kind", [
  "NEGLECTED_TODDLER",
  "NEGLECTED_CHILD",
  "CHILD_IN_CONFLICT_WITH_LAW",
  "STREET_CHILD",
  "CHILD_WITH_DISABILITY",
  "CHILD_VICTIM_OF_VIOLENCE",
  "CHILD_NEEDING_PROTECTION",
  "NEGLECTED_ELDER",
  "PERSON_WITH_DISABILITY",
  "SEX_WORKER",
  "HOMELESS",
  "BEGGAR",
  "SCAVENGER",
  "MINORITY_GROUP",
  "FORMER_PRISONER",
  "PERSON_WITH_HIV",
  "DRUG_VICTIM",
  "TRAFFICKING_VICTIM",
  "VIOLENCE_VICTIM",
  "TROUBLED_MIGRANT_WORKER",
  "NATURAL_DISASTER_VICTIM",
  "SOCIAL_DISASTER_VICTIM",
  "VULNERABLE_WOMAN",
  "POOR",
  "TROUBLED_FAMILY",
  "REMOTE_COMMUNITY",
]);
/** The 12 national kinds of Permensos 8/2012; regions add kinds of their own (psks_kind). */
export const PSKS_KINDS = [
  "PROFESSIONAL_SOCIAL_WORKER",
  "PSM",
  "TAGANA",
  "LKS",
  "KARANG_TARUNA",
  "LK3",
  "PIONEER_FAMILY",
  "WKSBM",
  "WOMAN_WELFARE_LEADER",
  "SOCIAL_EXTENSION_WORKER",
  "TKSK",
  "BUSINESS",
] as const;

const byRegion = () => [readableBy("hub_welfare", regionInScope()), ownedBy("hub_welfare_owner")];
/**
 * Everything below a household repeats its region and decile, so that the scope is plain columns on every table. Of those an officer of the registry
 * sees where a duty is held, and a data subject the households they live in.
 */
const byRegionAndDecile = (column = "household_decile", household = "household_id") => [
  readableBy("hub_welfare", householdRows(column, household)),
  ownedBy("hub_welfare_owner"),
];
/** Every entry: how often it changed, and since when it holds (day, WIB) and is known. What was before is in registry_history. */
const entry = {
  version: integer("version").notNull().default(1),
  validFrom: date("valid_from", { mode: "string" }).notNull().default(sql`(now() at time zone 'Asia/Jakarta')::date`),
  knownFrom: timestamp("known_from", { withTimezone: true, mode: "string" }).notNull().defaultNow(),
};
/** Of which members an officer may change the state; who may is the rules'. */
const STEPPED = sql`welfare.officer() is not null and (${regionInScope()})`;
const householdScope = { region: bytewise("region").notNull(), householdDecile: smallint("household_decile") };

/** A published version of a registry basis: DTKS monthly, DTSEN quarterly. Public. */
export const registryVersion = welfareSchema.table("registry_version", {
  id: bytewise("id").primaryKey(),
  basis: registryBasis("basis").notNull(),
  publishedOn: date("published_on", { mode: "string" }).notNull(),
  legalBasis: text("legal_basis").notNull(),
});

/** Household (rumah tangga), the survey's unit. `decile`: of the newest DTSEN version, null when it never ranked this one. */
export const household = welfareSchema.table(
  "household",
  {
    id: uuid("id").primaryKey(),
    region: bytewise("region").notNull(),
    address: text("address").notNull(),
    monthlyIncome: bigintText("monthly_income"),
    floorArea: integer("floor_area"),
    surveyedOn: date("surveyed_on", { mode: "string" }),
    decile: smallint("decile"),
    ...entry,
  },
  (t) => [
    index("household_region").on(t.region),
    index("household_decile").on(t.decile, t.id),
    index("household_income").on(t.monthlyIncome, t.id),
    check("household_decile_range", sql`decile between 1 and 10`),
    check("household_income_range", sql`monthly_income >= 0`),
    ...byRegionAndDecile("decile", "id"),
  ],
);

/** Family (keluarga) in a household. `claimedCardNumber`: the KK number as a source gave it; `familyCardId`: the matched card. */
export const family = welfareSchema.table(
  "family",
  {
    id: uuid("id").notNull(),
    householdId: uuid("household_id")
      .notNull()
      .references(() => household.id),
    registryNumber: bytewise("registry_number").notNull(),
    numberInHousehold: smallint("number_in_household").notNull(),
    familyCardId: uuid("family_card_id"),
    claimedCardNumber: bytewise("claimed_card_number"),
    ...householdScope,
    ...entry,
  },
  (t) => [
    primaryKey({ columns: [t.id, t.householdId] }),
    index("family_household").on(t.householdId, t.numberInHousehold),
    uniqueIndex("family_registry_number").on(t.registryNumber),
    index("family_claimed_card").on(t.claimedCardNumber),
    ...byRegionAndDecile(),
  ],
);

/** Member of a family in the registry. Has a person if and only if matched. `claimedNik` is raw text and may be malformed. */
export const member = welfareSchema.table(
  "member",
  {
    id: uuid("id").notNull(),
    householdId: uuid("household_id").notNull(),
    familyId: uuid("family_id").notNull(),
    suffix: bytewise("suffix").notNull(),
    relation: familyRelation("relation").notNull(),
    matchStatus: matchStatus("match_status").notNull(),
    personId: uuid("person_id"),
    claimedName: text("claimed_name").notNull(),
    claimedNik: text("claimed_nik"),
    state: memberState("state").notNull(),
    idsemesta: bytewise("idsemesta"),
    /** SHA-256 of the imported values: the same row a second time changes nothing. */
    sourceHash: bytewise("source_hash"),
    /** When population said what stands in matchStatus; null: never asked. An older answer changes nothing. */
    validatedAt: timestamp("validated_at", { withTimezone: true, mode: "string" }),
    ...householdScope,
    ...entry,
  },
  (t) => [
    primaryKey({ columns: [t.id, t.householdId] }),
    foreignKey({ columns: [t.familyId, t.householdId], foreignColumns: [family.id, family.householdId] }),
    unique("member_suffix").on(t.householdId, t.familyId, t.suffix),
    index("member_family").on(t.familyId),
    index("member_person").on(t.personId),
    index("member_counted").on(t.region).where(sql`state = 'ACTIVE'`),
    index("member_unmatched").on(t.matchStatus, t.householdId).where(sql`match_status <> 'MATCHED'`),
    uniqueIndex("member_idsemesta").on(t.idsemesta),
    check("member_suffix_form", sql`suffix ~ '^[0-9]{2}$' and suffix <> '00'`),
    check("member_person_matched", sql`(person_id is not null) = (match_status = 'MATCHED')`),
    ...byRegionAndDecile(),
    pgPolicy("hub_welfare_corrects", { for: "update", to: "hub_welfare", using: STEPPED, withCheck: STEPPED }),
  ],
);

/** Rank of a household in one version. `decile` is null above the fourth in DTKS; `percentile` 0 (poorest) to 100. */
export const ranking = welfareSchema.table(
  "ranking",
  {
    householdId: uuid("household_id")
      .notNull()
      .references(() => household.id),
    versionId: bytewise("version_id")
      .notNull()
      .references(() => registryVersion.id),
    percentile: smallint("percentile").notNull(),
    decile: smallint("decile"),
    ...householdScope,
  },
  (t) => [
    primaryKey({ columns: [t.householdId, t.versionId] }),
    index("ranking_need").on(t.versionId, t.percentile, t.householdId),
    check("ranking_decile", sql`decile between 1 and 10`),
    ...byRegionAndDecile(),
  ],
);

/** PPKS: one kind of social-welfare need of a member, since a day. */
export const ppksStatus = welfareSchema.table(
  "ppks_status",
  {
    memberId: uuid("member_id").notNull(),
    householdId: uuid("household_id").notNull(),
    kind: ppksKind("kind").notNull(),
    since: date("since", { mode: "string" }).notNull(),
    ...householdScope,
    /** Put on record by a need an office handles, and gone with the last of them; false: brought by an import. */
    isOfNeed: boolean("is_of_need").notNull().default(false),
  },
  (t) => [
    primaryKey({ columns: [t.memberId, t.kind, t.householdId] }),
    foreignKey({ columns: [t.memberId, t.householdId], foreignColumns: [member.id, member.householdId] }),
    ...byRegionAndDecile(),
  ],
);

/** PSKS: role of a person among the social-welfare potential; `region` is the person's residence. */
export const psksRole = welfareSchema.table(
  "psks_role",
  {
    personId: uuid("person_id").notNull(),
    kind: bytewise("kind").notNull(),
    since: date("since", { mode: "string" }).notNull(),
    region: bytewise("region").notNull(),
    /** Regions served, where anybody said which. */
    areas: bytewise("areas").array().notNull().default([]),
  },
  (t) => [primaryKey({ columns: [t.personId, t.kind] }), ...byRegion()],
);

/** PSKS: institution. Public. */
export const psksInstitution = welfareSchema.table(
  "psks_institution",
  {
    id: uuid("id").primaryKey(),
    name: text("name").notNull(),
    kind: bytewise("kind").notNull(),
    region: bytewise("region").notNull(),
    areas: bytewise("areas").array().notNull().default([]),
  },
  (t) => [index("psks_institution_region").on(t.region, t.id)],
);

/** Households of a version by decile, whole country, exact: kept by seed and import so that nobody counts rows at run time. */
export const decileCount = welfareSchema.table(
  "decile_count",
  {
    versionId: bytewise("version_id")
      .notNull()
      .references(() => registryVersion.id),
    decile: smallint("decile"),
    households: integer("households").notNull(),
  },
  (t) => [unique("decile_count_cell").on(t.versionId, t.decile).nullsNotDistinct()],
);

/** One finished import: what came of its rows. */
export const importRun = welfareSchema.table("import_run", {
  id: bigint("id", { mode: "bigint" }).primaryKey().generatedAlwaysAsIdentity(),
  finishedAt: timestamp("finished_at", { withTimezone: true, mode: "string" }).notNull().defaultNow(),
  fileName: text("file_name").notNull(),
  total: integer("total").notNull(),
  loaded: integer("loaded").notNull(),
  unchanged: integer("unchanged").notNull(),
  rejected: integer("rejected").notNull(),
});

/** Known truth of the synthetic rows: who each member really is, matched or not. For scoring the matcher; no runtime role reads it. */
export const syntheticTruth = welfareSchema.table(
  "synthetic_truth",
  { memberId: uuid("member_id").primaryKey(), personId: uuid("person_id").notNull() },
  () => [ownedBy("hub_welfare_owner")],
);

export const syntheticSeed = welfareSchema.table("synthetic_seed", seedMarker());
