import { sql } from "drizzle-orm";
import { bigint, check, date, index, integer, pgPolicy, smallint, text, timestamp, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { bigintText, bytewise, ownedBy } from "../columns.ts";
import { beneficiaryUnit, program, programsSchema } from "./programs.ts";

export const COMBINATION_VERDICTS = ["LEGAL", "EXCLUSIVE", "REVIEW"] as const;
export const CATALOGUE_CHANGE_KINDS = ["TERM", "COMPONENT", "COMPONENT_END", "COMBINATION", "PROGRAM_END"] as const;
export const CATALOGUE_CHANGE_STATES = ["DRAFT", "APPROVED", "REJECTED", "WITHDRAWN"] as const;

const instant = (name: string) => timestamp(name, { withTimezone: true, mode: "string" });
const day = (name: string) => date(name, { mode: "string" });
const oneOf = (column: string, values: readonly string[]) => sql.raw(`${column} in ('${values.join("', '")}')`);
const ofProgram = () =>
  bytewise("program")
    .notNull()
    .references(() => program.code);
/** First and last day. A row that was replaced before it began ends the day before its first: it never was. */
const inForce = () => ({ validFrom: day("valid_from").notNull(), validTo: day("valid_to") });
const PERIOD = sql`valid_to >= valid_from - 1`;
/** Why it is so, and where we have it from. `change_id`: the approved change that made the row; null: it came with the reference data. */
const founded = () => ({
  legalBasis: text("legal_basis").notNull(),
  source: text("source").notNull(),
  changeId: uuid("change_id"),
});

const termValues = () => ({
  /** Highest eligible decile; null: none is asked. */
  decileLimit: smallint("decile_limit"),
  /** Months one payment covers, 1 to 12. */
  monthsAPayment: smallint("months_a_payment"),
  /** Whole rupiah a month, the same for all; null: the components say. */
  monthly: bigintText("monthly"),
  /** How many components of a family count; null: all. */
  mostCounted: smallint("most_counted"),
  /** Full months after an end before the same unit may enter again; null: none. */
  reentryMonths: smallint("reentry_months"),
  /** Units the program is planned for; null: not said. */
  planned: bigint("planned", { mode: "number" }),
});
const rateValues = () => ({
  /** Whole rupiah a year, the ceiling that instalments never exceed. */
  yearly: bigintText("yearly"),
  /** Place in the decree's table, which decides between components of one amount. */
  rank: smallint("rank"),
  /** How many of them count in a family; null: no limit of its own. */
  atMost: smallint("at_most"),
  /** Whom it is for, in words. */
  target: text("target"),
});

/** What holds for a program in a period: one row a day at most. Public; of a row only the last day is ever changed. */
export const programTerm = programsSchema.table(
  "program_term",
  {
    id: uuid("id").primaryKey(),
    program: ofProgram(),
    ...inForce(),
    ...termValues(),
    monthsAPayment: smallint("months_a_payment").notNull(),
    ...founded(),
  },
  (t) => [
    index("program_term_since").on(t.program, t.validFrom),
    check("program_term_period", PERIOD),
    check("program_term_decile", sql`decile_limit between 1 and 10`),
    check("program_term_months", sql`months_a_payment in (1, 2, 3, 4, 6, 12)`),
    check("program_term_positive", sql`monthly > 0 and most_counted > 0 and reentry_months >= 0 and planned > 0`),
  ],
);

/** What a component is worth in a period. Public; of a row only the last day is ever changed. */
export const componentRate = programsSchema.table(
  "component_rate",
  {
    id: uuid("id").primaryKey(),
    program: ofProgram(),
    component: bytewise("component").notNull(),
    ...inForce(),
    ...rateValues(),
    yearly: bigintText("yearly").notNull(),
    rank: smallint("rank").notNull(),
    target: text("target").notNull(),
    ...founded(),
  },
  (t) => [
    index("component_rate_since").on(t.program, t.component, t.validFrom),
    check("component_rate_period", PERIOD),
    check("component_rate_component", sql`component ~ '^[A-Z][A-Z0-9_]{1,39}$'`),
    check("component_rate_positive", sql`yearly > 0 and rank > 0 and at_most > 0`),
  ],
);

/**
 * Whether two programs go together: for one person, or (`unit` FAMILY) for two persons of one family. `program` is the smaller code, byte by byte. A pair
 * without a row is for review. Codes of local programs may stand here, too.
 */
export const combinationRule = programsSchema.table(
  "combination_rule",
  {
    id: uuid("id").primaryKey(),
    program: bytewise("program").notNull(),
    otherProgram: bytewise("other_program").notNull(),
    unit: beneficiaryUnit("unit").notNull(),
    verdict: text("verdict", { enum: COMBINATION_VERDICTS }).notNull(),
    ...inForce(),
    ...founded(),
  },
  (t) => [
    index("combination_rule_since").on(t.program, t.otherProgram, t.unit, t.validFrom),
    check("combination_rule_period", PERIOD),
    check("combination_rule_order", sql`program <= other_program`),
    check("combination_rule_verdict", oneOf("verdict", COMBINATION_VERDICTS)),
  ],
);

/** A change of the catalogue: drafted by one steward, decided by another or the head. Approved, it closes what ran and opens what it says. */
export const catalogueChange = programsSchema.table(
  "catalogue_change",
  {
    id: uuid("id").primaryKey(),
    kind: text("kind", { enum: CATALOGUE_CHANGE_KINDS }).notNull(),
    program: bytewise("program").notNull(),
    otherProgram: bytewise("other_program"),
    unit: beneficiaryUnit("unit"),
    verdict: text("verdict", { enum: COMBINATION_VERDICTS }),
    component: bytewise("component"),
    /** First day of what is new; what ended ran until the day before. */
    effectiveOn: day("effective_on").notNull(),
    ...termValues(),
    ...rateValues(),
    legalBasis: text("legal_basis").notNull(),
    source: text("source").notNull(),
    reason: text("reason").notNull(),
    state: text("state", { enum: CATALOGUE_CHANGE_STATES }).notNull().default("DRAFT"),
    madeBy: bytewise("made_by").notNull(),
    madeAt: instant("made_at").notNull(),
    decidedBy: bytewise("decided_by"),
    decidedAt: instant("decided_at"),
    /** Why it was decided so. */
    decision: text("decision"),
    version: integer("version").notNull().default(1),
  },
  (t) => [
    index("catalogue_change_made").on(t.madeAt, t.id),
    uniqueIndex("catalogue_change_open")
      .on(t.kind, t.program, sql`coalesce(other_program, '')`, sql`coalesce(component, '')`, sql`coalesce(unit, 'PERSON')`)
      .where(sql`state = 'DRAFT'`),
    check("catalogue_change_kind", oneOf("kind", CATALOGUE_CHANGE_KINDS)),
    check("catalogue_change_state", oneOf("state", CATALOGUE_CHANGE_STATES)),
    check(
      "catalogue_change_term",
      sql`(kind = 'TERM') = (months_a_payment is not null) and (kind = 'TERM' or num_nonnulls(decile_limit, monthly, most_counted, reentry_months, planned) = 0)`,
    ),
    check(
      "catalogue_change_component",
      sql`(kind in ('COMPONENT', 'COMPONENT_END')) = (component is not null) and num_nonnulls(yearly, rank, target) = case kind when 'COMPONENT' then 3 else 0 end
      and (kind = 'COMPONENT' or at_most is null)`,
    ),
    check(
      "catalogue_change_combination",
      sql`num_nonnulls(other_program, unit, verdict) = case kind when 'COMBINATION' then 3 else 0 end and program <= other_program`,
    ),
    check(
      "catalogue_change_values",
      sql`(decile_limit between 1 and 10) is not false and (months_a_payment in (1, 2, 3, 4, 6, 12)) is not false
      and (monthly > 0 and most_counted > 0 and reentry_months >= 0 and planned > 0 and yearly > 0 and rank > 0 and at_most > 0) is not false`,
    ),
    check("catalogue_change_words", sql`length(trim(legal_basis)) > 2 and length(trim(source)) > 2 and length(trim(reason)) > 2`),
    check(
      "catalogue_change_decided",
      sql`(state = 'DRAFT') = (decided_by is null) and (state = 'DRAFT') = (decided_at is null) and (state = 'DRAFT') = (decision is null)`,
    ),
    check("catalogue_change_four_eyes", sql`state not in ('APPROVED', 'REJECTED') or decided_by <> made_by`),
    pgPolicy("hub_programs_reads", {
      for: "select",
      to: "hub_programs",
      using: sql`state = 'APPROVED' or programs.on_duty(array['PROGRAM_STEWARD', 'PROGRAM_HEAD'], '', program)`,
    }),
    pgPolicy("hub_programs_drafts", { for: "insert", to: "hub_programs", withCheck: sql`programs.officer() is not null` }),
    pgPolicy("hub_programs_decides", {
      for: "update",
      to: "hub_programs",
      using: sql`programs.officer() is not null`,
      withCheck: sql`programs.officer() is not null`,
    }),
    ownedBy("hub_programs_owner"),
  ],
);
