import { type SQL, sql } from "drizzle-orm";
import {
  bigint,
  check,
  date,
  index,
  integer,
  jsonb,
  pgPolicy,
  primaryKey,
  smallint,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { REGISTRY_EVENT_KINDS, type RegistrySaid } from "../../../schema/registryEvent.ts";
import { bytewise, ownedBy, readableBy, regionInScope } from "../columns.ts";
import { programsSchema, readByWorkers } from "./programs.ts";

/** Reasons that come of somebody's claim or of the registry's word, and stand as exclusions. */
export const EXCLUSION_REASONS = [
  "CIVIL_SERVANT_OR_FORCES",
  "PENSIONER",
  "VILLAGE_OFFICIAL",
  "INCOME_ABOVE_MINIMUM_WAGE",
  "COMPANY_OWNER",
  "CERTIFIED_TEACHER",
  "SOCIAL_WORKFORCE",
  "REJECTED_BY_REGION",
  "REJECTED_BY_GIS",
  "DECEASED",
  "WITHDRAWN",
  "OBJECTION_UPHELD",
] as const;
export const CLAIM_KINDS = ["EXCLUDE", "LIFT"] as const;
export const CLAIM_STATES = ["PROPOSED", "APPROVED", "REJECTED", "WITHDRAWN"] as const;

const instant = (name: string) => timestamp(name, { withTimezone: true, mode: "string" });
const words = (list: readonly string[]) => `('${list.join("', '")}')`;
/** Of the registry's rows an officer sees those of regions where any duty is held, and a person their own family's row and their own entry. */
const BY_DUTY = sql`${regionInScope()} and region ^@ any ((select programs.seen_regions())::text[])`;
const OWN_FAMILY = sql`(programs.citizen() is null or family_id = any ((select programs.own_families())::uuid[]))`;
const OWN_ENTRY = sql`(programs.citizen() is null or person_id = programs.citizen())`;
const IN_PROGRAM = sql`(program is null or current_setting('hub.programs')::text[] && array['*', program] and (('*|' || region) ^@ any ((select programs.seen_scopes())::text[]) or (program || '|' || region) ^@ any ((select programs.seen_scopes())::text[])))`;
const writable = (name: string, of: "insert" | "update", rows: { using?: SQL; withCheck: SQL }) =>
  pgPolicy(name, { for: of, to: "hub_programs", ...rows });

/** A delivery of the registry [data sasaran] as welfare attested it. One is in force; `attestation` null: synthetic. Counts tell no person. */
export const targetDelivery = programsSchema.table(
  "target_delivery",
  {
    number: integer("number").primaryKey(),
    basis: text("basis", { enum: ["DTKS", "DTSEN"] }).notNull(),
    version: bytewise("version").notNull(),
    determinedOn: date("determined_on", { mode: "string" }).notNull(),
    receivedAt: instant("received_at").notNull(),
    families: integer("families").notNull(),
    members: integer("members").notNull(),
    sha256: bytewise("sha256").notNull(),
    attestation: text("attestation"),
    /** Instant at which welfare made it; null: synthetic, made before all others. */
    madeAt: instant("made_at"),
    state: text("state", { enum: ["LOADING", "IN_FORCE", "SUPERSEDED"] }).notNull(),
  },
  (t) => [
    uniqueIndex("target_delivery_in_force").on(t.state).where(sql`state = 'IN_FORCE'`),
    check("target_delivery_words", sql`basis in ('DTKS', 'DTSEN') and state in ('LOADING', 'IN_FORCE', 'SUPERSEDED')`),
    check("target_delivery_counts", sql`number > 0 and families >= 0 and members >= 0`),
  ],
);

/** What orders units by need. `rank`: 1 is the poorest of the country; `firstOn`: the earliest determination. Null: unknown, so never eligible. */
const standing = {
  decile: smallint("decile"),
  rank: bigint("rank", { mode: "bigint" }),
  firstOn: date("first_on", { mode: "string" }),
};

/** A family of a delivery. `components`: of its members in suffix order. `barred`: reasons that bar the family, whoever of it brings them. @public */
export const candidateFamily = programsSchema.table(
  "candidate_family",
  {
    delivery: integer("delivery").notNull(),
    familyId: uuid("family_id").notNull(),
    region: bytewise("region").notNull(),
    /** Who draws the aid; null: nobody who could is matched. */
    personId: uuid("person_id"),
    ...standing,
    components: text("components").array().notNull(),
    barred: text("barred").array().notNull(),
    /** Since when the registry knows otherwise; null: as delivered. */
    staleSince: date("stale_since", { mode: "string" }),
  },
  (t) => [
    primaryKey({ columns: [t.delivery, t.familyId] }),
    index("candidate_family_region").on(t.delivery, t.region),
    index("candidate_family_person").on(t.personId, t.delivery),
    check("candidate_family_rank", sql`decile between 1 and 10 and rank > 0`),
    readableBy("hub_programs", sql`${BY_DUTY} and ${OWN_FAMILY}`),
    readByWorkers(),
    ownedBy("hub_programs_owner"),
  ],
);

/** A member of a family of a delivery, whatever its state. Standing repeats the family's. @public */
export const candidateMember = programsSchema.table(
  "candidate_member",
  {
    delivery: integer("delivery").notNull(),
    memberId: uuid("member_id").notNull(),
    familyId: uuid("family_id").notNull(),
    suffix: bytewise("suffix").notNull(),
    personId: uuid("person_id"),
    matchStatus: text("match_status").notNull(),
    state: text("state").notNull(),
    region: bytewise("region").notNull(),
    components: text("components").array().notNull(),
    barred: text("barred").array().notNull(),
    ...standing,
  },
  (t) => [
    primaryKey({ columns: [t.delivery, t.memberId] }),
    index("candidate_member_region").on(t.delivery, t.region),
    index("candidate_member_person").on(t.personId, t.delivery),
    index("candidate_member_family").on(t.familyId, t.delivery),
    check("candidate_member_matched", sql`(person_id is not null) = (match_status = 'MATCHED')`),
    check("candidate_member_rank", sql`decile between 1 and 10 and rank > 0`),
    readableBy("hub_programs", sql`${BY_DUTY} and ${OWN_ENTRY}`),
    readByWorkers(),
    ownedBy("hub_programs_owner"),
  ],
);

/** Which reason bars which program: the recipient's own, or anybody's of the family. `unless`: who runs in one of these is not barred by it. Public. */
export const eligibilityRule = programsSchema.table(
  "eligibility_rule",
  {
    program: bytewise("program").notNull(),
    reason: bytewise("reason").notNull(),
    applies: text("applies", { enum: ["RECIPIENT", "FAMILY"] }).notNull(),
    unless: bytewise("unless").array(),
    /** Ceiling of a program whose terms set none. */
    decileLimit: smallint("decile_limit"),
    source: text("source").notNull(),
    validFrom: date("valid_from", { mode: "string" }).notNull(),
    validTo: date("valid_to", { mode: "string" }),
  },
  (t) => [
    primaryKey({ columns: [t.program, t.reason, t.validFrom] }),
    check(
      "eligibility_rule_words",
      sql`applies in ('RECIPIENT', 'FAMILY') and (num_nonnulls(unless, decile_limit) = 0 or reason = 'DECILE_ABOVE_LIMIT')`,
    ),
    check("eligibility_rule_period", sql`valid_to >= valid_from`),
  ],
);

/** What an exclusion is about; `program` null: every one. `evidence`: the document or event it rests on. Days inclusive. */
const about = {
  program: bytewise("program"),
  personId: uuid("person_id"),
  familyId: uuid("family_id"),
  region: bytewise("region").notNull(),
  reason: bytewise("reason").notNull(),
  source: bytewise("source").notNull(),
  evidence: text("evidence").notNull(),
  validFrom: date("valid_from", { mode: "string" }).notNull(),
  validTo: date("valid_to", { mode: "string" }),
};

/** What bars a person or a family, on two clocks: when it holds, and when it was known. Written by the rules alone. */
export const exclusion = programsSchema.table(
  "exclusion",
  { id: uuid("id").primaryKey(), ...about, knownFrom: instant("known_from").notNull(), knownTo: instant("known_to") },
  (t) => [
    index("exclusion_person").on(t.personId),
    index("exclusion_family").on(t.familyId),
    check("exclusion_about", sql`num_nonnulls(person_id, family_id) = 1`),
    check("exclusion_period", sql`valid_to >= valid_from`),
    check("exclusion_known", sql`known_to >= known_from`),
    check("exclusion_reason", sql.raw(`reason in ${words(EXCLUSION_REASONS)}`)),
    readableBy(
      "hub_programs",
      sql`${BY_DUTY} and ${IN_PROGRAM} and (programs.citizen() is null or person_id = programs.citizen() or family_id = any ((select programs.own_families())::uuid[]))`,
    ),
    readByWorkers(),
    ownedBy("hub_programs_owner"),
  ],
);

/** What somebody claims of a person or a family: an exclusion, or its lifting, once another officer approves it. `words`: why, by who entered it. */
export const exclusionClaim = programsSchema.table(
  "exclusion_claim",
  {
    id: uuid("id").primaryKey(),
    kind: text("kind", { enum: CLAIM_KINDS }).notNull(),
    exclusionId: uuid("exclusion_id"),
    ...about,
    words: text("words").notNull(),
    state: text("state", { enum: CLAIM_STATES }).notNull().default("PROPOSED"),
    madeBy: bytewise("made_by").notNull(),
    madeAt: instant("made_at").notNull(),
    decidedBy: bytewise("decided_by"),
    decidedAt: instant("decided_at"),
    decisionReason: text("decision_reason"),
    version: integer("version").notNull().default(1),
  },
  (t) => [
    index("exclusion_claim_desk").on(t.region, t.madeAt, t.id),
    uniqueIndex("exclusion_claim_lift").on(t.exclusionId).where(sql`state = 'PROPOSED'`),
    check(
      "exclusion_claim_words",
      sql.raw(`kind in ${words(CLAIM_KINDS)} and state in ${words(CLAIM_STATES)} and words ~ '\\S' and evidence ~ '\\S'`),
    ),
    check("exclusion_claim_about", sql`num_nonnulls(person_id, family_id) = 1 and (kind = 'LIFT') = (exclusion_id is not null)`),
    check("exclusion_claim_period", sql`valid_to >= valid_from`),
    check("exclusion_claim_four_eyes", sql`state not in ('APPROVED', 'REJECTED') or decided_by <> made_by`),
    check(
      "exclusion_claim_decided",
      sql`(state = 'PROPOSED') = (decided_by is null) and (decided_by is null) = (decided_at is null) and (decided_by is null) = (decision_reason is null)`,
    ),
    readableBy("hub_programs", sql`${BY_DUTY} and ${IN_PROGRAM} and programs.citizen() is null`),
    writable("hub_programs_claims", "insert", { withCheck: sql`programs.officer() is not null and state = 'PROPOSED'` }),
    writable("hub_programs_decides", "update", {
      using: sql`programs.officer() is not null and ${regionInScope()}`,
      withCheck: sql`programs.officer() is not null`,
    }),
    ownedBy("hub_programs_owner"),
  ],
);

const BY_THE_EXCHANGE = sql.raw("(current_setting('hub.agency')::text[])[1] = 'SIKS_NG'");

/** Inbox of registry events as welfare attested them: each once, in welfare's order, without a gap. */
export const registryEvent = programsSchema.table(
  "registry_event",
  {
    id: bigint("id", { mode: "bigint" }).primaryKey(),
    kind: text("kind", { enum: REGISTRY_EVENT_KINDS }).notNull(),
    says: jsonb("says").$type<RegistrySaid>().notNull(),
    attestation: text("attestation").notNull(),
    receivedAt: instant("received_at").notNull(),
  },
  () => [
    check("registry_event_kind", sql.raw(`kind in ${words(REGISTRY_EVENT_KINDS)}`)),
    pgPolicy("hub_programs_knows", { for: "select", to: "hub_programs", using: BY_THE_EXCHANGE }),
    pgPolicy("hub_programs_receives", { for: "insert", to: "hub_programs", withCheck: BY_THE_EXCHANGE }),
    ownedBy("hub_programs_owner"),
  ],
);
