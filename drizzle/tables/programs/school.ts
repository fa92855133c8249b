import { sql } from "drizzle-orm";
import {
  boolean,
  check,
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
import { aidRows, bigintText, bytewise, ownedBy, readableBy } from "../columns.ts";
import { programsSchema, readByWorkers } from "./programs.ts";

export const SCHOOL_LEVELS = ["PRIMARY", "JUNIOR", "SENIOR"] as const;
export const SCHOOL_AID_STATES = ["NOMINATED", "ACCOUNT_ACTIVATED", "GRANTED", "PAID", "CANCELLED"] as const;
export const COLLEGE_AID_STATES = ["NOMINATED", "VERIFIED", "REJECTED", "GRANTED", "STOPPED", "COMPLETED"] as const;
export const COLLEGE_GROUNDS = [
  "PIP_HOLDER",
  "FAMILY_IN_PROGRAM",
  "REGISTERED",
  "P3KE_DECILE",
  "ORPHANAGE",
  "LOW_INCOME",
] as const;
export const ACCREDITATIONS = ["A", "B", "C"] as const;
export const SEMESTER_STATES = ["REPORTED", "CONTINUED", "STOPPED"] as const;

const instant = (name: string) => timestamp(name, { withTimezone: true, mode: "string" });
const day = (name: string) => date(name, { mode: "string" });
const words = (column: string, list: readonly string[]) => sql.raw(`${column} in ('${list.join("', '")}')`);
/** Of children and students, who pays them is shown nobody: a bank has its payments. */
const ROWS = sql`${aidRows("person_id")} and (select programs.bank()) is null`;
const workflow = () => [
  readableBy("hub_programs", ROWS),
  pgPolicy("hub_programs_files", { for: "insert", to: "hub_programs", withCheck: ROWS }),
  pgPolicy("hub_programs_moves", { for: "update", to: "hub_programs", using: ROWS, withCheck: ROWS }),
  readByWorkers(),
  ownedBy("hub_programs_owner"),
];
const subject = {
  id: uuid("id").primaryKey(),
  version: integer("version").notNull().default(1),
  personId: uuid("person_id").notNull(),
  /** The pupil's entry in the data of candidates when nominated; null: there was none. */
  unitId: uuid("unit_id"),
  program: bytewise("program").notNull(),
  region: bytewise("region").notNull(),
};

/** Months of aid that a class gets in a year: half in the first and the last class of a level. Public. */
export const schoolGradeRule = programsSchema.table(
  "school_grade_rule",
  {
    level: text("level", { enum: SCHOOL_LEVELS }).notNull(),
    grade: smallint("grade").notNull(),
    months: smallint("months").notNull(),
    validFrom: day("valid_from").notNull(),
    validTo: day("valid_to"),
    source: text("source").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.level, t.grade, t.validFrom] }),
    check("school_grade_rule_months", sql`months between 1 and 12`),
  ],
);

/** Decree of nomination [SK Nominasi] of a year, and the last day on which its pupils' accounts may be activated. */
export const schoolNomination = programsSchema.table(
  "school_nomination",
  {
    id: uuid("id").primaryKey(),
    version: integer("version").notNull().default(1),
    number: text("number").notNull().unique(),
    year: smallint("year").notNull(),
    activateBy: day("activate_by").notNull(),
    /** Why the deadline was moved last; null: never. */
    extensionReason: text("extension_reason"),
    madeBy: bytewise("made_by").notNull(),
    madeAt: instant("made_at").notNull(),
  },
  () => [
    check("school_nomination_year", sql`year between 2014 and 2100`),
    check("school_nomination_deadline", sql`extract(year from activate_by) in (year, year + 1)`),
  ],
);

/** PIP of one pupil in one year. `amount`: whole rupiah, by the catalogue of the day of nomination. */
export const schoolAid = programsSchema.table(
  "school_aid",
  {
    ...subject,
    nominationId: uuid("nomination_id")
      .notNull()
      .references(() => schoolNomination.id),
    year: smallint("year").notNull(),
    level: text("level", { enum: SCHOOL_LEVELS }).notNull(),
    grade: smallint("grade").notNull(),
    /** School's national number, and the pupil's. */
    npsn: bytewise("npsn").notNull(),
    nisn: bytewise("nisn").notNull(),
    amount: bigintText("amount").notNull(),
    state: text("state", { enum: SCHOOL_AID_STATES }).notNull().default("NOMINATED"),
    nominatedBy: bytewise("nominated_by").notNull(),
    activatedOn: day("activated_on"),
    grantDecree: text("grant_decree"),
    grantedBy: bytewise("granted_by"),
    enrolmentId: uuid("enrolment_id"),
  },
  (t) => [
    uniqueIndex("school_aid_once").on(t.personId, t.year).where(sql`state <> 'CANCELLED'`),
    uniqueIndex("school_aid_nisn").on(t.nisn, t.year).where(sql`state <> 'CANCELLED'`),
    index("school_aid_nomination").on(t.nominationId).where(sql`state = 'NOMINATED'`),
    index("school_aid_list").on(t.year, t.region, t.id),
    index("school_aid_enrolment").on(t.enrolmentId),
    check("school_aid_state", words("state", SCHOOL_AID_STATES)),
    check("school_aid_program", sql`program = 'KIP'`),
    check("school_aid_numbers", sql`nisn ~ '^[0-9]{10}$' and npsn ~ '^[0-9P][0-9]{7}$'`),
    check("school_aid_amount", sql`amount > 0`),
    check("school_aid_activated", sql`(activated_on is not null) = (state in ('ACCOUNT_ACTIVATED', 'GRANTED', 'PAID'))`),
    check(
      "school_aid_granted",
      sql`num_nonnulls(grant_decree, granted_by, enrolment_id) = case when state in ('GRANTED', 'PAID') then 3 else 0 end and granted_by <> nominated_by`,
    ),
    ...workflow(),
  ],
);

/** The most that is paid for tuition in a semester, whole rupiah. Public. */
export const tuitionCap = programsSchema.table(
  "tuition_cap",
  {
    accreditation: text("accreditation", { enum: ACCREDITATIONS }).notNull(),
    isMedicine: boolean("is_medicine").notNull(),
    cap: bigintText("cap").notNull(),
    validFrom: day("valid_from").notNull(),
    validTo: day("valid_to"),
    source: text("source").notNull(),
  },
  (t) => [primaryKey({ columns: [t.accreditation, t.isMedicine, t.validFrom] }), check("tuition_cap_positive", sql`cap > 0`)],
);

/** On what ground a student may be aided. `onPaper`: a document shows it, the programs do not know by themselves. Public. */
export const collegeGround = programsSchema.table(
  "college_ground",
  {
    ground: text("ground", { enum: COLLEGE_GROUNDS }).primaryKey(),
    onPaper: boolean("on_paper").notNull(),
    /** Programs by which it holds: the student's own, or one of the family's. */
    programs: bytewise("programs").array().notNull().default([]),
    decileLimit: smallint("decile_limit"),
    /** Income of the parents together, or a head of the household, in whole rupiah a month: one of the two is enough. */
    incomeLimit: bigintText("income_limit"),
    incomeAHeadLimit: bigintText("income_a_head_limit"),
    source: text("source").notNull(),
  },
  () => [check("college_ground_words", words("ground", COLLEGE_GROUNDS))],
);

/** KIP Kuliah of one student. Money in whole rupiah: `living` and `tuitionCovered` a semester. */
export const collegeAid = programsSchema.table(
  "college_aid",
  {
    ...subject,
    /** Number of the university in PDDikti, and the program of study. */
    university: bytewise("university").notNull(),
    study: text("study").notNull(),
    accreditation: text("accreditation", { enum: ACCREDITATIONS }).notNull(),
    isMedicine: boolean("is_medicine").notNull(),
    cluster: smallint("cluster").notNull(),
    tuition: bigintText("tuition").notNull(),
    tuitionCovered: bigintText("tuition_covered").notNull(),
    living: bigintText("living").notNull(),
    /** First semester, such as 2026-1, and how many are aided at most. */
    since: bytewise("since").notNull(),
    semesters: smallint("semesters").notNull(),
    ground: text("ground", { enum: COLLEGE_GROUNDS }).notNull(),
    /** What shows the ground: rows of the programs, or number of a document with what it says. */
    evidence: text("evidence").notNull(),
    familyIncome: bigintText("family_income"),
    heads: smallint("heads"),
    decile: smallint("decile"),
    state: text("state", { enum: COLLEGE_AID_STATES }).notNull().default("NOMINATED"),
    nominatedBy: bytewise("nominated_by").notNull(),
    verifiedBy: bytewise("verified_by"),
    decree: text("decree"),
    grantedBy: bytewise("granted_by"),
    enrolmentId: uuid("enrolment_id"),
    /** Why it was verified, rejected or stopped; null: not yet. */
    reason: text("reason"),
  },
  (t) => [
    uniqueIndex("college_aid_open").on(t.personId).where(sql`state in ('NOMINATED', 'VERIFIED', 'GRANTED')`),
    index("college_aid_list").on(t.region, t.id),
    index("college_aid_enrolment").on(t.enrolmentId),
    check("college_aid_words", sql`${words("state", COLLEGE_AID_STATES)} and ${words("accreditation", ACCREDITATIONS)}`),
    check("college_aid_program", sql`program = 'KIP_KULIAH'`),
    check(
      "college_aid_numbers",
      sql`university ~ '^[0-9]{6}$' and since ~ '^20[0-9]{2}-[12]$' and cluster between 1 and 5 and semesters between 1 and 10`,
    ),
    check("college_aid_money", sql`tuition >= 0 and tuition_covered between 0 and tuition and living > 0`),
    check("college_aid_verified", sql`(verified_by is null) = (state = 'NOMINATED') and verified_by <> nominated_by`),
    check(
      "college_aid_granted",
      sql`num_nonnulls(decree, granted_by, enrolment_id) = case when state in ('GRANTED', 'STOPPED', 'COMPLETED') then 3 else 0 end and granted_by <> nominated_by`,
    ),
    ...workflow(),
  ],
);

/** Report of achievement about one semester, by which the next is paid or not. */
export const collegeSemester = programsSchema.table(
  "college_semester",
  {
    id: uuid("id").primaryKey(),
    version: integer("version").notNull().default(1),
    aidId: uuid("aid_id")
      .notNull()
      .references(() => collegeAid.id),
    personId: uuid("person_id").notNull(),
    program: bytewise("program").notNull(),
    region: bytewise("region").notNull(),
    /** Number of the semester that was studied, from 1. */
    semester: smallint("semester").notNull(),
    credits: smallint("credits").notNull(),
    /** Grade point average in hundredths, 0 to 400. */
    gradeAverage: smallint("grade_average").notNull(),
    document: text("document").notNull(),
    state: text("state", { enum: SEMESTER_STATES }).notNull().default("REPORTED"),
    reportedBy: bytewise("reported_by").notNull(),
    decidedBy: bytewise("decided_by"),
    reason: text("reason"),
  },
  (t) => [
    uniqueIndex("college_semester_once").on(t.aidId, t.semester),
    check("college_semester_state", words("state", SEMESTER_STATES)),
    check(
      "college_semester_numbers",
      sql`semester between 1 and 10 and credits between 0 and 60 and grade_average between 0 and 400`,
    ),
    check(
      "college_semester_decided",
      sql`num_nonnulls(decided_by, reason) = case when state = 'REPORTED' then 0 else 2 end and decided_by <> reported_by`,
    ),
    ...workflow(),
  ],
);
