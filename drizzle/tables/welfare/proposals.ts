import { sql } from "drizzle-orm";
import {
  check,
  date,
  index,
  integer,
  jsonb,
  numeric,
  pgPolicy,
  primaryKey,
  smallint,
  text,
  timestamp,
  unique,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { bytewise, ownedBy, readableBy, regionInScope, registryRows } from "../columns.ts";
import { familyRelation, household, matchStatus, registryBasis, welfareSchema } from "./welfare.ts";

/** States of a proposal (Kepmensos 150/HUK/2022; domain §8.3). */
export const PROPOSAL_STATES = [
  "DRAFT",
  "SUBMITTED",
  "IN_DELIBERATION",
  "REJECTED_BY_DELIBERATION",
  "IN_VERIFICATION",
  "MATCHED",
  "NOT_MATCHED",
  "IN_REPAIR",
  "FINALISED",
  "ENDORSED",
  "SENT_TO_CENTRE",
  "DETERMINED",
  "REJECTED_BY_CENTRE",
  "EXPIRED",
  "WITHDRAWN",
] as const;
export const CHANNELS = ["FORMAL", "PARTICIPATORY", "PERLINSOS_SELF", "PERLINSOS_AGENT"] as const;
export const AID_KINDS = ["PKH", "BPNT", "PBI_JK", "PIP", "KIP_KULIAH", "OTHER"] as const;
/** Wire codes 1 to 6 [hasil_verivali], in this order. */
export const VISIT_RESULTS = [
  "COMPLETED",
  "HOUSEHOLD_NOT_FOUND",
  "MOVED_OR_NO_BUILDING",
  "PART_OF_ANOTHER_HOUSEHOLD",
  "REFUSED",
  "DUPLICATE",
] as const;
/** Wire codes 1 to 5 [keberadaan_art], in this order. */
export const PRESENCES = ["CONFIRMED", "NOT_CONFIRMED", "DUPLICATE", "DECEASED", "WITHOUT_DOCUMENT"] as const;
const SHA256 = "'^[0-9a-f]{64}$'";
const VILLAGE = "region ~ '^[0-9]{10}$'";

const instant = (name: string) => timestamp(name, { withTimezone: true, mode: "string" });
const day = (name: string) => date(name, { mode: "string" });
const oneOf = (column: string, words: readonly string[]) => sql.raw(`${column} in ('${words.join("', '")}')`);
const MINE = "proposer_citizen";
/** Rows the asker sees, and may write where the rules of the table agree. */
const workflow = () => [
  readableBy("hub_welfare", registryRows(MINE)),
  pgPolicy("hub_welfare_writes", { for: "insert", to: "hub_welfare", withCheck: regionInScope() }),
  pgPolicy("hub_welfare_moves", {
    for: "update",
    to: "hub_welfare",
    using: registryRows(MINE),
    withCheck: registryRows(MINE),
  }),
  ownedBy("hub_welfare_owner"),
];
/** Written once: no right to change it is granted. */
const writtenOnce = () => [
  readableBy("hub_welfare", registryRows("null::uuid")),
  pgPolicy("hub_welfare_writes", { for: "insert", to: "hub_welfare", withCheck: regionInScope() }),
  ownedBy("hub_welfare_owner"),
];

/** The machine of proposals: an act in a state, its duties and the state after it. Equal to subgraphs/welfare/proposals/machine.ts. */
export const proposalStep = welfareSchema.table(
  "proposal_step",
  {
    fromState: bytewise("from_state").notNull(),
    act: bytewise("act").notNull(),
    toState: bytewise("to_state").notNull(),
    /** Duties, or PROPOSER, EXCHANGE (the exchange service), JOB (a function of the database). */
    roles: text("roles").array().notNull(),
    /** Step of the calendar that must be open; null: any day. */
    window: bytewise("calendar_step"),
  },
  (t) => [primaryKey({ columns: [t.fromState, t.act] })],
);

/** Days of each month in which a step may be done, by era. Public. */
export const calendarWindow = welfareSchema.table(
  "calendar_window",
  {
    era: bytewise("era").notNull(),
    step: bytewise("step").notNull(),
    fromDay: smallint("from_day").notNull(),
    toDay: smallint("to_day").notNull(),
    source: text("source").notNull(),
    validFrom: day("valid_from").notNull(),
    validTo: day("valid_to"),
    setBy: bytewise("set_by"),
  },
  (t) => [
    primaryKey({ columns: [t.era, t.step, t.validFrom] }),
    check("calendar_window_days", sql`1 <= from_day and from_day <= to_day and to_day <= 31`),
  ],
);

/** Minutes [Berita Acara] of a village's deliberation, with the hash of its by-name list. */
export const deliberation = welfareSchema.table(
  "deliberation",
  {
    id: uuid("id").primaryKey(),
    region: bytewise("region").notNull(),
    kind: text("kind", { enum: ["MUSDES", "MUSKEL"] }).notNull(),
    minutesNumber: bytewise("minutes_number").notNull(),
    heldOn: day("held_on").notNull(),
    attendees: jsonb("attendees").$type<readonly { readonly name: string; readonly office: string }[]>().notNull(),
    quorum: smallint("quorum").notNull(),
    documentSha256: bytewise("document_sha256").notNull(),
    listSha256: bytewise("list_sha256").notNull(),
    recordedBy: bytewise("recorded_by").notNull(),
    recordedAt: instant("recorded_at").notNull(),
  },
  (t) => [
    unique("deliberation_minutes").on(t.region, t.minutesNumber),
    check("deliberation_village", sql.raw(VILLAGE)),
    check("deliberation_quorum", sql`quorum >= 1 and jsonb_array_length(attendees) >= quorum`),
    check("deliberation_documents", sql.raw(`document_sha256 ~ ${SHA256} and list_sha256 ~ ${SHA256}`)),
    ...writtenOnce(),
  ],
);

/** Statement of responsibility [SPTJM] of a village head, in place of minutes. */
export const responsibilityStatement = welfareSchema.table(
  "responsibility_statement",
  {
    id: uuid("id").primaryKey(),
    region: bytewise("region").notNull(),
    statementNumber: bytewise("statement_number").notNull(),
    signedOn: day("signed_on").notNull(),
    signedBy: bytewise("signed_by").notNull(),
    documentSha256: bytewise("document_sha256").notNull(),
  },
  (t) => [
    unique("responsibility_statement_number").on(t.region, t.statementNumber),
    check("responsibility_statement_village", sql.raw(VILLAGE)),
    check("responsibility_statement_document", sql.raw(`document_sha256 ~ ${SHA256}`)),
    ...writtenOnce(),
  ],
);

/**
 * Usulan. Moved by writing `act` alone: the rules find the step, check who, when and with which papers, and set `state` and the names of those who
 * acted, none of which anybody may write.
 */
export const proposal = welfareSchema.table(
  "proposal",
  {
    id: uuid("id").primaryKey(),
    number: bytewise("number").notNull(),
    version: integer("version").notNull().default(1),
    state: text("state", { enum: PROPOSAL_STATES }).notNull(),
    act: bytewise("act").notNull(),
    /** Of the last act, in the actor's words. */
    reason: text("reason"),
    region: bytewise("region").notNull(),
    channel: text("channel", { enum: CHANNELS }).notNull(),
    aid: text("aid", { enum: AID_KINDS }).array().notNull(),
    basis: registryBasis("basis").notNull(),
    era: bytewise("era"),
    address: text("address").notNull(),
    proposerOfficer: bytewise("proposer_officer"),
    proposerCitizen: uuid("proposer_citizen"),
    verifiedBy: bytewise("verified_by"),
    approvedBy: bytewise("approved_by"),
    endorsedBy: bytewise("endorsed_by"),
    deliberationId: uuid("deliberation_id").references(() => deliberation.id),
    statementId: uuid("statement_id").references(() => responsibilityStatement.id),
    letterNumber: bytewise("letter_number"),
    letterSha256: bytewise("letter_sha256"),
    householdId: uuid("household_id").references(() => household.id),
    determinationId: uuid("determination_id"),
    createdAt: instant("created_at").notNull(),
    submittedAt: instant("submitted_at"),
    /** Of the last act. */
    movedAt: instant("moved_at").notNull(),
    /** Null: closed, endorsed, or its calendar has no cut-off. */
    expiresAt: instant("expires_at"),
  },
  (t) => [
    uniqueIndex("proposal_number").on(t.number),
    index("proposal_region").on(t.region, t.number),
    index("proposal_state").on(t.state, t.number),
    index("proposal_expiry").on(t.expiresAt).where(sql`expires_at is not null`),
    index("proposal_citizen").on(t.proposerCitizen).where(sql`proposer_citizen is not null`),
    /** One open proposal of the own household at a time. */
    uniqueIndex("proposal_one_own")
      .on(t.proposerCitizen)
      .where(
        sql`state not in ('REJECTED_BY_DELIBERATION', 'DETERMINED', 'REJECTED_BY_CENTRE', 'EXPIRED', 'WITHDRAWN') and proposer_citizen is not null`,
      ),
    check("proposal_village", sql.raw(VILLAGE)),
    check("proposal_state_word", oneOf("state", PROPOSAL_STATES)),
    check("proposal_channel", oneOf("channel", CHANNELS)),
    check("proposal_aid", sql.raw(`cardinality(aid) > 0 and aid <@ '{${AID_KINDS.join()}}'`)),
    check("proposal_proposer", sql`num_nonnulls(proposer_officer, proposer_citizen) = 1`),
    check("proposal_self", sql`(channel = 'PERLINSOS_SELF') = (proposer_citizen is not null)`),
    check("proposal_letter", sql.raw(`letter_sha256 ~ ${SHA256}`)),
    ...workflow(),
    pgPolicy("hub_welfare_jobs_reads", { for: "select", to: "hub_welfare_jobs", using: sql`true` }),
  ],
);

/** Calon: one person of a proposal, as claimed. What population says of the claim is written by welfare.record_validation alone. */
export const proposalCandidate = welfareSchema.table(
  "proposal_candidate",
  {
    id: uuid("id").primaryKey(),
    proposalId: uuid("proposal_id")
      .notNull()
      .references(() => proposal.id),
    position: smallint("position").notNull(),
    region: bytewise("region").notNull(),
    proposerCitizen: uuid("proposer_citizen"),
    relation: familyRelation("relation").notNull(),
    claimedName: text("claimed_name").notNull(),
    claimedNik: text("claimed_nik"),
    claimedBirthDate: day("claimed_birth_date"),
    claimedSex: text("claimed_sex", { enum: ["MALE", "FEMALE"] }),
    claimedBirthPlace: text("claimed_birth_place"),
    claimedCardNumber: text("claimed_card_number"),
    matchStatus: matchStatus("match_status").notNull().default("NOT_YET_MATCHED"),
    matchReasons: text("match_reasons").array(),
    personId: uuid("person_id"),
    validatedAt: instant("validated_at"),
    memberId: uuid("member_id"),
  },
  (t) => [
    unique("proposal_candidate_position").on(t.proposalId, t.position),
    index("proposal_candidate_waiting").on(t.proposalId).where(sql`match_status = 'NOT_YET_MATCHED'`),
    index("proposal_candidate_person").on(t.personId).where(sql`person_id is not null`),
    check("proposal_candidate_person_matched", sql`(person_id is not null) = (match_status = 'MATCHED')`),
    check("proposal_candidate_few", sql`position between 1 and 30`),
    check("proposal_candidate_sex", sql`claimed_sex in ('MALE', 'FEMALE')`),
    ...workflow(),
  ],
);

/** What a deliberation decided on one proposal. */
export const deliberationDecision = welfareSchema.table(
  "deliberation_decision",
  {
    deliberationId: uuid("deliberation_id")
      .notNull()
      .references(() => deliberation.id),
    proposalId: uuid("proposal_id")
      .notNull()
      .references(() => proposal.id),
    region: bytewise("region").notNull(),
    decision: text("decision", { enum: ["ACCEPTED", "REJECTED"] }).notNull(),
    reason: text("reason"),
  },
  (t) => [
    primaryKey({ columns: [t.deliberationId, t.proposalId] }),
    check("deliberation_decision_reason", sql`decision = 'ACCEPTED' or reason is not null`),
    ...writtenOnce(),
  ],
);

/** One visit to a proposed household. `code`: of rollUp.ts, the original's wire format. */
export const fieldVerification = welfareSchema.table(
  "field_verification",
  {
    id: uuid("id").primaryKey(),
    version: integer("version").notNull().default(1),
    proposalId: uuid("proposal_id")
      .notNull()
      .references(() => proposal.id),
    region: bytewise("region").notNull(),
    proposerCitizen: uuid("proposer_citizen"),
    code: bytewise("code").notNull(),
    act: bytewise("act").notNull(),
    reason: text("reason"),
    visitedOn: day("visited_on").notNull(),
    enumerator: bytewise("enumerator").notNull(),
    approvedBy: bytewise("approved_by"),
    result: text("result", { enum: VISIT_RESULTS }).notNull(),
    method: text("method", { enum: ["DISCUSSION", "INTERVIEW", "OBSERVATION"] }).notNull(),
    latitude: numeric("latitude", { precision: 8, scale: 6 }).notNull(),
    longitude: numeric("longitude", { precision: 9, scale: 6 }).notNull(),
    photoSha256: text("photo_sha256").array().notNull(),
  },
  (t) => [
    index("field_verification_proposal").on(t.proposalId, t.visitedOn, t.id),
    check("field_verification_code", sql`code in ('P3a', 'M1', 'M2', 'C1', 'C1a', 'C2', 'C2a')`),
    check("field_verification_result", oneOf("result", VISIT_RESULTS)),
    check("field_verification_place", sql`latitude between -90 and 90 and longitude between -180 and 180`),
    ...workflow(),
  ],
);

/** Who was found at a visit. */
export const fieldPresence = welfareSchema.table(
  "field_presence",
  {
    visitId: uuid("visit_id")
      .notNull()
      .references(() => fieldVerification.id),
    candidateId: uuid("candidate_id")
      .notNull()
      .references(() => proposalCandidate.id),
    region: bytewise("region").notNull(),
    proposerCitizen: uuid("proposer_citizen"),
    presence: text("presence", { enum: PRESENCES }).notNull(),
    code: bytewise("code").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.visitId, t.candidateId] }),
    check("field_presence_word", oneOf("presence", PRESENCES)),
    check("field_presence_code", sql`code in ('MK', 'MKa', 'MKb', 'Q1a', 'Q1b', 'Q2', 'Q2a', 'Q2b')`),
    ...workflow(),
  ],
);
