import { sql } from "drizzle-orm";
import { boolean, check, index, integer, pgPolicy, smallint, text, timestamp, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { aidRows, bytewise, ownedBy, readableBy } from "../columns.ts";
import { programsSchema, readByWorkers } from "./programs.ts";

export const PBI_REQUEST_KINDS = ["ENTRY", "REACTIVATION", "DEPARTURE"] as const;
export const PBI_BASES = ["DTKS", "NON_DTKS"] as const;
export const PBI_REQUEST_STATES = ["PROPOSED", "PROVISIONAL", "VERIFIED", "REJECTED", "LAPSED"] as const;
export const PBI_REPLACEMENT_STATES = ["QUEUED", "DRAFT", "SIGNED", "APPLIED", "REFUSED", "DISCARDED"] as const;
export const PBI_SIDES = ["LEAVING", "ENTERING"] as const;

const instant = (name: string) => timestamp(name, { withTimezone: true, mode: "string" });
const words = (column: string, list: readonly string[]) => sql.raw(`${column} in ('${list.join("', '")}')`);
const NOT_OF_BANKS = sql`(select programs.bank()) is null`;
const OF_PERSONS = sql`${aidRows("person_id")} and ${NOT_OF_BANKS}`;
/** Lists of persons for officers: a person reads what became of their own enrolment. */
const OF_OFFICERS = sql`${aidRows("null::uuid")} and ${NOT_OF_BANKS}`;
const scoped = { program: bytewise("program").notNull(), region: bytewise("region").notNull() };

/** How many hours an emergency seat waits for its confirmation. The rules of the database read it. @public */
export const pbiTerm = programsSchema.table(
  "pbi_term",
  {
    program: bytewise("program").primaryKey(),
    confirmHours: smallint("confirm_hours").notNull(),
    source: text("source").notNull(),
  },
  () => [check("pbi_term_hours", sql`confirm_hours > 0`)],
);

/**
 * Proposal about one person in PBI-JK: to enter, to be active again, or that they have left for another segment. Papers by number or hash. Of an emergency
 * (`isEmergency`) only that it is one: the illness is never stored.
 */
export const pbiRequest = programsSchema.table(
  "pbi_request",
  {
    id: uuid("id").primaryKey(),
    version: integer("version").notNull().default(1),
    kind: text("kind", { enum: PBI_REQUEST_KINDS }).notNull(),
    personId: uuid("person_id").notNull(),
    unitId: uuid("unit_id"),
    ...scoped,
    /** For an entry: whether the person stands in the data of candidates. */
    basis: text("basis", { enum: PBI_BASES }),
    isEmergency: boolean("is_emergency").notNull().default(false),
    identityPaper: text("identity_paper").notNull(),
    familyPaper: text("family_paper").notNull(),
    inabilityPaper: text("inability_paper"),
    words: text("words").notNull(),
    state: text("state", { enum: PBI_REQUEST_STATES }).notNull().default("PROPOSED"),
    proposedBy: bytewise("proposed_by").notNull(),
    proposedAgency: bytewise("proposed_agency").notNull(),
    proposedAt: instant("proposed_at").notNull(),
    /** Before this instant an emergency is confirmed, or its seat is suspended. */
    confirmBy: instant("confirm_by"),
    /** The enrolment that is active, waits, or ends by it. */
    enrolmentId: uuid("enrolment_id"),
    decidedBy: bytewise("decided_by"),
    decisionReason: text("decision_reason"),
  },
  (t) => [
    uniqueIndex("pbi_request_open").on(t.personId).where(sql`state in ('PROPOSED', 'PROVISIONAL', 'LAPSED')`),
    index("pbi_request_desk").on(t.region, t.proposedAt, t.id),
    index("pbi_request_clock").on(t.confirmBy).where(sql`state = 'PROVISIONAL'`),
    index("pbi_request_departed").on(t.personId).where(sql`kind = 'DEPARTURE' and state = 'VERIFIED'`),
    check(
      "pbi_request_words",
      sql`${words("kind", PBI_REQUEST_KINDS)} and ${words("state", PBI_REQUEST_STATES)} and ${words("basis", PBI_BASES)}`,
    ),
    check("pbi_request_program", sql`program = 'PBI_JK'`),
    check("pbi_request_basis", sql`(basis is not null) = (kind = 'ENTRY')`),
    check("pbi_request_inability", sql`inability_paper is not null or kind = 'DEPARTURE'`),
    check(
      "pbi_request_papers",
      sql`identity_paper || ' ' || family_paper || ' ' || coalesce(inability_paper, '') || ' ' || words !~ '(^|[^0-9a-f])[0-9]{16}([^0-9a-f]|$)'`,
    ),
    check("pbi_request_emergency", sql`(confirm_by is not null) = is_emergency and (kind = 'REACTIVATION' or not is_emergency)`),
    check(
      "pbi_request_decided",
      sql`num_nonnulls(decided_by, decision_reason) = case when state in ('VERIFIED', 'REJECTED') then 2 else 0 end and decided_by <> proposed_by`,
    ),
    readableBy("hub_programs", OF_PERSONS),
    pgPolicy("hub_programs_files", { for: "insert", to: "hub_programs", withCheck: OF_PERSONS }),
    pgPolicy("hub_programs_moves", { for: "update", to: "hub_programs", using: OF_PERSONS, withCheck: OF_PERSONS }),
    readByWorkers(),
    ownedBy("hub_programs_owner"),
  ],
);

/** Replacement of members: as many come in as go. `region`: a code and all below it; 0: the whole country. */
export const pbiReplacement = programsSchema.table(
  "pbi_replacement",
  {
    id: uuid("id").primaryKey(),
    version: integer("version").notNull().default(1),
    ...scoped,
    /** The most pairs wanted, and those there are; null: not drafted yet. */
    most: integer("most").notNull(),
    size: integer("size"),
    delivery: integer("delivery"),
    reason: text("reason").notNull(),
    state: text("state", { enum: PBI_REPLACEMENT_STATES }).notNull().default("QUEUED"),
    madeBy: bytewise("made_by").notNull(),
    madeAt: instant("made_at").notNull(),
    decree: text("decree"),
    decidedBy: bytewise("decided_by"),
    decidedAt: instant("decided_at"),
    /** Why it could not be applied; null: it could, or is not yet. */
    outcome: text("outcome"),
  },
  (t) => [
    uniqueIndex("pbi_replacement_open").on(t.region).where(sql`state in ('QUEUED', 'DRAFT', 'SIGNED')`),
    check("pbi_replacement_state", words("state", PBI_REPLACEMENT_STATES)),
    check("pbi_replacement_most", sql`most between 1 and 10000 and size between 0 and most`),
    check(
      "pbi_replacement_decided",
      sql`(decided_by is null) = (state in ('QUEUED', 'DRAFT')) and (decided_by is null) = (decided_at is null)`,
    ),
    check(
      "pbi_replacement_applied",
      sql`(state = 'DISCARDED' or (decree is not null) = (state in ('SIGNED', 'APPLIED', 'REFUSED')) and (decree is null or decided_by <> made_by)) and (outcome is not null) = (state = 'REFUSED')`,
    ),
    readableBy("hub_programs", OF_OFFICERS),
    pgPolicy("hub_programs_files", { for: "insert", to: "hub_programs", withCheck: OF_OFFICERS }),
    pgPolicy("hub_programs_moves", { for: "update", to: "hub_programs", using: OF_OFFICERS, withCheck: OF_OFFICERS }),
    readByWorkers(),
    ownedBy("hub_programs_owner"),
  ],
);

/** One who leaves or enters by a replacement; the two of one `place` are of one regency. */
export const pbiReplacementLine = programsSchema.table(
  "pbi_replacement_line",
  {
    id: uuid("id").primaryKey(),
    replacementId: uuid("replacement_id")
      .notNull()
      .references(() => pbiReplacement.id),
    side: text("side", { enum: PBI_SIDES }).notNull(),
    place: integer("place").notNull(),
    personId: uuid("person_id").notNull(),
    unitId: uuid("unit_id"),
    /** The one that ends, or the one that waits; null: who enters is not enrolled. */
    enrolmentId: uuid("enrolment_id"),
    ...scoped,
    reason: bytewise("reason").notNull(),
  },
  (t) => [
    uniqueIndex("pbi_replacement_line_place").on(t.replacementId, t.side, t.place),
    uniqueIndex("pbi_replacement_line_person").on(t.replacementId, t.personId),
    check("pbi_replacement_line_side", sql`${words("side", PBI_SIDES)} and (side = 'ENTERING' or enrolment_id is not null)`),
    readableBy("hub_programs", OF_OFFICERS),
    readByWorkers(),
    ownedBy("hub_programs_owner"),
  ],
);
