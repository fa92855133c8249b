import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  check,
  customType,
  date,
  index,
  jsonb,
  pgPolicy,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { bytewise, ownedBy, readableBy } from "../columns.ts";
import { household, welfareSchema } from "./welfare.ts";

const day = (name: string) => date(name, { mode: "string" });
const instant = (name: string) => timestamp(name, { withTimezone: true, mode: "string" });
const range = (type: "daterange" | "tstzrange") => customType<{ data: string }>({ dataType: () => type });

/** Seen with its household, under the policies of that. In line, not as a function: 27 ms instead of 208 for 600 rows. */
const isSeen = (table: string) => `exists (select from welfare.household h where h.id = ${table}.household_id)`;
const withHousehold = (table: string) => [
  readableBy("hub_welfare", sql.raw(isSeen(table))),
  ownedBy("hub_welfare_owner"),
  pgPolicy("hub_welfare_jobs_reads", { for: "select", to: "hub_welfare_jobs", using: sql`true` }),
];
const recorded = (table: string) =>
  pgPolicy("hub_welfare_records", {
    for: "insert",
    to: "hub_welfare",
    withCheck: sql.raw(`welfare.officer() is not null and ${isSeen(table)}`),
  });

export const REGISTRY_KINDS = ["HOUSEHOLD", "FAMILY", "MEMBER"] as const;

/**
 * Versions of entries of the registry by two clocks: `valid`, the days (WIB) it was so, and `known`, the instants the registry said so. Written by the
 * rules of the database from an entry's first change on: an entry without a version here has always been what its table says. Read by
 * welfare.households_at, families_at and members_at. @public
 */
export const registryHistory = welfareSchema.table(
  "registry_history",
  {
    seq: bigint("seq", { mode: "bigint" }).primaryKey().generatedAlwaysAsIdentity(),
    kind: text("kind", { enum: REGISTRY_KINDS }).notNull(),
    id: uuid("id").notNull(),
    row: jsonb("row").notNull(),
    valid: range("daterange")("valid").notNull(),
    known: range("tstzrange")("known").notNull(),
    householdId: uuid("household_id").notNull().generatedAlwaysAs(sql`coalesce("row" ->> 'household_id', "row" ->> 'id')::uuid`),
    familyId: uuid("family_id").generatedAlwaysAs(sql`("row" ->> 'family_id')::uuid`),
  },
  (t) => [
    index("registry_history_entry").on(t.id),
    index("registry_history_household").on(t.householdId, t.kind),
    ...withHousehold("registry_history"),
  ],
);

/** What changed in an entry: names of columns, never values. `validTo` null: for good. */
export const registryChange = welfareSchema.table(
  "registry_change",
  {
    seq: bigint("seq", { mode: "bigint" }).primaryKey().generatedAlwaysAsIdentity(),
    kind: text("kind", { enum: REGISTRY_KINDS }).notNull(),
    subjectId: uuid("subject_id").notNull(),
    householdId: uuid("household_id").notNull(),
    fields: text("fields").array().notNull(),
    validFrom: day("valid_from").notNull(),
    validTo: day("valid_to"),
    knownAt: instant("known_at").notNull(),
    actor: bytewise("actor").notNull(),
    reason: text("reason"),
  },
  (t) => [index("registry_change_subject").on(t.subjectId, t.seq), ...withHousehold("registry_change")],
);

export const LINEAGE_REASONS = ["MOVE", "SPLIT", "MERGE", "MARRIAGE", "DIVORCE", "CORRECTION"] as const;

/** Who a member was before, in another family: a number of a family is never taken along. */
export const memberLineage = welfareSchema.table(
  "member_lineage",
  {
    memberId: uuid("member_id").notNull(),
    fromMemberId: uuid("from_member_id").notNull(),
    householdId: uuid("household_id").notNull(),
    reason: text("reason", { enum: LINEAGE_REASONS }).notNull(),
    movedOn: day("moved_on").notNull(),
  },
  (t) => [primaryKey({ columns: [t.memberId, t.fromMemberId] }), ...withHousehold("member_lineage")],
);

export const EXTERNAL_SCHEMES = [
  "IDBDT",
  "IDARTBDT",
  "RUTA6",
  "NO_PESERTA_PBDT",
  "IDSEMESTA",
  "VERIFYID",
  "NO_PESERTA_PKH",
  "NO_PESERTA_KKS",
  "NO_PESERTA_PBI",
  "NISN",
  "NPSN",
] as const;

/** A number of another register for a member. One number on two members at a time stays on both, disputed. */
export const externalId = welfareSchema.table(
  "external_id",
  {
    id: uuid("id").primaryKey(),
    scheme: text("scheme", { enum: EXTERNAL_SCHEMES }).notNull(),
    value: bytewise("value").notNull(),
    memberId: uuid("member_id").notNull(),
    householdId: uuid("household_id").notNull(),
    validFrom: day("valid_from").notNull(),
    validTo: day("valid_to"),
    isDisputed: boolean("is_disputed").notNull().default(false),
    recordedAt: instant("recorded_at").notNull().defaultNow(),
  },
  (t) => [
    index("external_id_value_of").on(t.scheme, t.value),
    uniqueIndex("external_id_member").on(t.memberId, t.scheme, t.value, t.validFrom),
    check("external_id_period", sql`valid_to > valid_from`),
    ...withHousehold("external_id"),
    recorded("external_id"),
  ],
);

export const SCOPES = ["HOUSEHOLD", "MEMBER"] as const;
export const ANSWER_KINDS = ["NUMBER", "CODE", "TEXT", "YESNO"] as const;
/** Which field of a survey answers a variable; NEVER: none. */
export const OPENINGS = ["ANSWERS", "HEALTH", "PROTECTED", "NEVER"] as const;

/** The survey instrument: variables as data. `labels`: text of each code, closed. YESNO: 1 yes, 2 no. NUMBER: whole, in `unit`. */
export const surveyVariable = welfareSchema.table(
  "survey_variable",
  {
    code: bytewise("code").primaryKey(),
    rawName: bytewise("raw_name").notNull(),
    scope: text("scope", { enum: SCOPES }).notNull(),
    kind: text("kind", { enum: ANSWER_KINDS }).notNull(),
    unit: text("unit"),
    labels: jsonb("labels").$type<Readonly<Record<string, string>>>().notNull().default({}),
    opens: text("opens", { enum: OPENINGS }).notNull(),
    source: text("source").notNull(),
    validFrom: day("valid_from").notNull(),
    validTo: day("valid_to"),
  },
  (t) => [uniqueIndex("survey_variable_raw").on(t.scope, t.rawName)],
);

export const METHODS = ["DISCUSSION", "INTERVIEW", "OBSERVATION"] as const;
/** Original, confirmation (1 right, 2 wrong), correction; values as text. */
export type Answer =
  | readonly [original: string]
  | readonly [original: string, 1]
  | readonly [original: string, 2, correction: string];
/** Answers by code of the variable. `welfare.in_force(answer)` is the value that counts. */
export type Answers = Readonly<Record<string, Answer>>;

/** One visit to a household and what was answered about it. Never changed: a later survey corrects. */
export const survey = welfareSchema.table(
  "survey",
  {
    id: uuid("id").primaryKey(),
    householdId: uuid("household_id")
      .notNull()
      .references(() => household.id),
    visitedOn: day("visited_on").notNull(),
    method: text("method", { enum: METHODS }).notNull(),
    enumerator: bytewise("enumerator"),
    answers: jsonb("answers").$type<Answers>().notNull(),
    knownFrom: instant("known_from").notNull().defaultNow(),
  },
  (t) => [index("survey_household").on(t.householdId, t.visitedOn), ...withHousehold("survey"), recorded("survey")],
);

/** What was answered about a member in a survey. */
export const surveyMember = welfareSchema.table(
  "survey_member",
  {
    surveyId: uuid("survey_id")
      .notNull()
      .references(() => survey.id),
    memberId: uuid("member_id").notNull(),
    householdId: uuid("household_id").notNull(),
    answers: jsonb("answers").$type<Answers>().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.surveyId, t.memberId] }),
    index("survey_member_member").on(t.memberId),
    ...withHousehold("survey_member"),
    recorded("survey_member"),
  ],
);
