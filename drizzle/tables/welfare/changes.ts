import { sql } from "drizzle-orm";
import { bigint, check, date, index, integer, jsonb, pgPolicy, text, timestamp, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { bytewise, ownedBy, readableBy, regionInScope, registryRows } from "../columns.ts";
import { welfareSchema } from "./welfare.ts";

/** What happens to a family card (KK); the kinds of population's civil events. */
export const CHANGE_KINDS = ["BIRTH", "DEATH", "MOVE", "MARRIAGE", "DIVORCE", "SPLIT", "MERGE", "CORRECTION"] as const;
/** POPULATION_EVENT: a civil event that population attests; NEW_CARD: a new family card that was brought; PACKET: entered without signal. */
export const CHANGE_SOURCES = ["POPULATION_EVENT", "NEW_CARD", "PACKET"] as const;
export const CHANGE_STATES = ["DRAFT", "SUBMITTED", "APPROVED", "APPLIED", "REJECTED", "WITHDRAWN"] as const;
export const REGISTRY_EVENTS = ["FAMILY_CHANGED", "MEMBER_DIED", "MEMBER_REVIVED", "NOT_ELIGIBLE", "ELIGIBLE_AGAIN"] as const;

const instant = (name: string) => timestamp(name, { withTimezone: true, mode: "string" });
const oneOf = (column: string, words: readonly string[]) => sql.raw(`${column} in ('${words.join("', '")}')`);

const readByJobs = () => pgPolicy("hub_welfare_jobs_reads", { for: "select", to: "hub_welfare_jobs", using: sql`true` });

/** A change of a family card on its way into the registry. Approved and applied by the rules of the database alone. */
export const changeRequest = welfareSchema.table(
  "change_request",
  {
    id: uuid("id").primaryKey(),
    kind: text("kind", { enum: CHANGE_KINDS }).notNull(),
    source: text("source", { enum: CHANGE_SOURCES }).notNull(),
    /** The civil event it follows; null: none. */
    eventId: uuid("event_id"),
    /** Data subject who may see it. */
    personId: uuid("person_id"),
    householdId: uuid("household_id").notNull(),
    region: bytewise("region").notNull(),
    effectiveOn: date("effective_on", { mode: "string" }).notNull(),
    /** Number of the new card, as it was shown; null: none was. */
    cardNumber: bytewise("card_number"),
    /** The change as the registry plans it (changes/preview/shape.ts); of a draft perhaps a part of it. */
    input: jsonb("input").notNull(),
    state: text("state", { enum: CHANGE_STATES }).notNull(),
    reason: text("reason"),
    madeBy: bytewise("made_by").notNull(),
    madeAt: instant("made_at").notNull(),
    submittedBy: bytewise("submitted_by"),
    decidedBy: bytewise("decided_by"),
    version: integer("version").notNull().default(1),
  },
  (t) => [
    index("change_request_region").on(t.region, t.id),
    index("change_request_person").on(t.personId, t.id),
    uniqueIndex("change_request_event").on(t.eventId).where(sql`state not in ('REJECTED', 'WITHDRAWN')`),
    check("change_request_kind", oneOf("kind", CHANGE_KINDS)),
    check("change_request_source", oneOf("source", CHANGE_SOURCES)),
    check("change_request_state", oneOf("state", CHANGE_STATES)),
    check("change_request_four_eyes", sql`decided_by <> submitted_by`),
    readableBy("hub_welfare", registryRows("person_id")),
    pgPolicy("hub_welfare_proposes", { for: "insert", to: "hub_welfare", withCheck: regionInScope() }),
    pgPolicy("hub_welfare_handles", {
      for: "update",
      to: "hub_welfare",
      using: registryRows("person_id"),
      withCheck: sql`state in ('DRAFT', 'SUBMITTED', 'REJECTED', 'WITHDRAWN')`,
    }),
    readByJobs(),
    ownedBy("hub_welfare_owner"),
  ],
);

/** What programs must know of the registry, in order of `id` without gaps that fill later. Ids only, no name and no number. */
export const outbox = welfareSchema.table(
  "outbox",
  {
    id: bigint("id", { mode: "bigint" }).primaryKey(),
    kind: text("kind", { enum: REGISTRY_EVENTS }).notNull(),
    region: bytewise("region").notNull(),
    says: jsonb("says").$type<RegistryEventSaid>().notNull(),
    at: instant("at").notNull(),
  },
  () => [
    check("outbox_kind", oneOf("kind", REGISTRY_EVENTS)),
    readableBy("hub_welfare", registryRows("null::uuid")),
    readByJobs(),
    ownedBy("hub_welfare_owner"),
  ],
);

/** What a registry event says. `on`: WIB day from which it holds. `program`, `reason`: of eligibility alone; a program null: every one. */
export interface RegistryEventSaid {
  readonly on: string;
  readonly members: readonly string[];
  readonly persons: readonly string[];
  readonly families: readonly string[];
  readonly program?: string | null;
  readonly reason?: string;
}
