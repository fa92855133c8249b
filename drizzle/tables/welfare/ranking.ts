import { sql } from "drizzle-orm";
import {
  bigint,
  check,
  customType,
  date,
  index,
  integer,
  pgPolicy,
  primaryKey,
  text,
  timestamp,
  unique,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { bigintText, bytewise, ownedBy, readableBy } from "../columns.ts";
import { registryBasis, registryVersion, welfareSchema } from "./welfare.ts";

const instant = (name: string) => timestamp(name, { withTimezone: true, mode: "string" });
const numericText = customType<{ data: string; driverData: string }>({ dataType: () => "numeric" });
const standings = customType<{ data: string; driverData: string }>({ dataType: () => "welfare.standing[]" });
/** Seen with its household: by whoever sees that today, and by a data subject who is in it. */
const SEEN = `exists (select from welfare.household h where h.id = ranking_score.household_id) and (welfare.citizen() is null
  or exists (select from welfare.member m where m.household_id = ranking_score.household_id and m.person_id = welfare.citizen()))`;
const BY_OFFICERS = sql.raw("welfare.officer() is not null");

/** How fine the areas of a weight file are, and how many digits of a region code each takes. */
export const AREA_LEVELS = ["NATIONAL", "PROVINCE", "REGENCY"] as const;
export const RANKING_STATES = ["PROPOSED", "SCORING", "WRITING", "DONE", "WITHDRAWN"] as const;

/** Weights of a proxy means test. Drafted by one officer, published by another, unchangeable from the first row on. */
export const weightFile = welfareSchema.table(
  "weight_file",
  {
    id: uuid("id").primaryKey(),
    basis: registryBasis("basis").notNull(),
    edition: bytewise("edition").notNull(),
    areaLevel: text("area_level", { enum: AREA_LEVELS }).notNull(),
    legalBasis: text("legal_basis").notNull(),
    state: text("state", { enum: ["DRAFT", "PUBLISHED"] })
      .notNull()
      .default("DRAFT"),
    /** Of the canonical text (welfare.weight_text), hex. */
    sha256: bytewise("sha256"),
    publishedOn: date("published_on", { mode: "string" }),
    author: bytewise("author").notNull(),
    approvedBy: bytewise("approved_by"),
    version: integer("version").notNull().default(1),
  },
  (t) => [
    uniqueIndex("weight_file_edition").on(t.basis, t.edition).where(sql`state = 'PUBLISHED'`),
    check("weight_file_basis", sql`basis = 'DTSEN'`),
    check("weight_file_edition_form", sql`edition ~ '^[A-Z0-9][A-Z0-9.-]{1,39}$'`),
    check("weight_file_area_level", sql.raw(`area_level in ('${AREA_LEVELS.join("', '")}')`)),
    check("weight_file_state", sql`state in ('DRAFT', 'PUBLISHED')`),
    check(
      "weight_file_published",
      sql`(state = 'PUBLISHED') = (published_on is not null) and (state = 'PUBLISHED') = (sha256 is not null)
      and (state = 'PUBLISHED') = (approved_by is not null)`,
    ),
    check("weight_file_four_eyes", sql`approved_by <> author`),
    pgPolicy("hub_welfare_reads", {
      for: "select",
      to: "hub_welfare",
      using: sql`state = 'PUBLISHED' or welfare.on_duty(array['RANKING'], '0')`,
    }),
    pgPolicy("hub_welfare_drafts", { for: "insert", to: "hub_welfare", withCheck: BY_OFFICERS }),
    pgPolicy("hub_welfare_publishes", { for: "update", to: "hub_welfare", using: BY_OFFICERS, withCheck: BY_OFFICERS }),
    ownedBy("hub_welfare_owner"),
  ],
);

/**
 * One weight, in millionths of a point: of an answer's code, or of each unit of a number (`code` null). `area`: region prefix; empty: where the file
 * has no rows of its own.
 */
export const weight = welfareSchema.table(
  "weight",
  {
    fileId: uuid("file_id")
      .notNull()
      .references(() => weightFile.id),
    area: bytewise("area").notNull(),
    variable: bytewise("variable").notNull(),
    code: bytewise("code"),
    millionths: bigintText("millionths").notNull(),
  },
  (t) => [
    unique("weight_once").on(t.fileId, t.area, t.variable, t.code).nullsNotDistinct(),
    check("weight_area", sql`area ~ '^([0-9]{2}|[0-9]{4})?$'`),
    check("weight_range", sql`millionths between -1000000000 and 1000000000`),
    pgPolicy("hub_welfare_reads", {
      for: "select",
      to: "hub_welfare",
      using: sql`exists (select from welfare.weight_file f where f.id = weight.file_id)`,
    }),
    pgPolicy("hub_welfare_drafts", { for: "insert", to: "hub_welfare", withCheck: BY_OFFICERS }),
    ownedBy("hub_welfare_owner"),
  ],
);

/** One ranking of all surveyed households: proposed by one officer, run by another, carried out by the registry's workers. */
export const rankingRun = welfareSchema.table(
  "ranking_run",
  {
    id: uuid("id").primaryKey(),
    versionId: bytewise("version_id").notNull(),
    weightFileId: uuid("weight_file_id")
      .notNull()
      .references(() => weightFile.id),
    /** Surveys of later days do not count. */
    asOf: date("as_of", { mode: "string" }).notNull(),
    legalBasis: text("legal_basis").notNull(),
    state: text("state", { enum: RANKING_STATES }).notNull().default("PROPOSED"),
    proposedBy: bytewise("proposed_by").notNull(),
    proposedAt: instant("proposed_at").notNull(),
    startedBy: bytewise("started_by"),
    /** Surveys that came in later do not count. */
    startedAt: instant("started_at"),
    finishedAt: instant("finished_at"),
    /** What the answers of a score stand for, in their order. */
    variables: bytewise("variables").array(),
    households: integer("households"),
    /** The first household of each percentile from 1 on. */
    cuts: standings("cuts"),
    /** Sums over all households, for the bands of explanations: of each variable's millionths, of the scores, of their squares. */
    sums: numericText("sums").array(),
    scoreSum: numericText("score_sum"),
    scoreSquares: numericText("score_squares"),
    /** Over the chunks' hashes, in order. Equal inputs, cut alike, give equal hashes. */
    sha256: bytewise("sha256"),
    version: integer("version").notNull().default(1),
  },
  (t) => [
    uniqueIndex("ranking_run_version").on(t.versionId).where(sql`state <> 'WITHDRAWN'`),
    uniqueIndex("ranking_run_one_at_a_time").on(sql`(true)`).where(sql`state in ('SCORING', 'WRITING')`),
    index("ranking_run_proposed").on(t.proposedAt, t.id),
    check("ranking_run_state", sql.raw(`state in ('${RANKING_STATES.join("', '")}')`)),
    check("ranking_run_version_form", sql`version_id ~ '^DTSEN-[0-9]{4}-Q[1-4]$'`),
    check("ranking_run_four_eyes", sql`started_by <> proposed_by`),
  ],
);

/** A range of household ids, worked on in one transaction. */
export const rankingChunk = welfareSchema.table(
  "ranking_chunk",
  {
    runId: uuid("run_id")
      .notNull()
      .references(() => rankingRun.id),
    number: integer("number").notNull(),
    fromId: uuid("from_id").notNull(),
    untilId: uuid("until_id").notNull(),
    scoredAt: instant("scored_at"),
    households: integer("households"),
    sums: numericText("sums").array(),
    scoreSum: numericText("score_sum"),
    scoreSquares: numericText("score_squares"),
    writtenAt: instant("written_at"),
    /** Households by decile, the first to the tenth. */
    deciles: integer("deciles").array(),
    sha256: bytewise("sha256"),
  },
  (t) => [primaryKey({ columns: [t.runId, t.number] })],
);

/** What a household was ranked by: its answers in the order of the run's variables (null: not answered) and the sum of their weights. */
export const rankingScore = welfareSchema.table(
  "ranking_score",
  {
    runId: uuid("run_id")
      .notNull()
      .references(() => rankingRun.id),
    householdId: uuid("household_id").notNull(),
    region: bytewise("region").notNull(),
    /** Millionths. The lower, the poorer. */
    score: bigint("score", { mode: "bigint" }).notNull(),
    answers: text("answers").array().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.runId, t.householdId] }),
    readableBy("hub_welfare", sql.raw(SEEN)),
    ownedBy("hub_welfare_owner"),
  ],
);

/** Nobody sees a version whose ranking is under way. */
export const versionsToBeSeen = [
  readableBy(
    "hub_welfare",
    sql`not exists (select from welfare.ranking_run r where r.version_id = registry_version.id and r.state = 'WRITING')`,
  ).link(registryVersion),
  pgPolicy("hub_welfare_jobs_reads", { for: "select", to: "hub_welfare_jobs", using: sql`true` }).link(registryVersion),
  ownedBy("hub_welfare_owner").link(registryVersion),
];

/** What meets an indicator of poverty (Kepmensos 262/HUK/2022): an answer to any of its variables. */
export const povertyRule = welfareSchema.table(
  "poverty_rule",
  {
    indicator: bytewise("indicator").notNull(),
    variable: bytewise("variable").notNull(),
    met: bytewise("met").array().notNull(),
  },
  (t) => [primaryKey({ columns: [t.indicator, t.variable] })],
);

/** Monthly rupiah a head below which a household that is not poor cannot pay the insurance contribution, from a day on. Published by the owner. */
export const contributionLine = welfareSchema.table(
  "contribution_line",
  {
    validFrom: date("valid_from").primaryKey(),
    incomeBelow: bigintText("income_below").notNull(),
    legalBasis: text("legal_basis").notNull(),
  },
  () => [check("contribution_line_positive", sql`income_below > 0`)],
);
