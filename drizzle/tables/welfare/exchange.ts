import { sql } from "drizzle-orm";
import { bigint, check, date, index, jsonb, pgPolicy, text, timestamp, uuid } from "drizzle-orm/pg-core";
import { EVENT_KINDS, type EventSaid } from "../../../schema/civilEvent.ts";
import { bytewise, ownedBy, readableBy, registryRows } from "../columns.ts";
import { welfareSchema } from "./welfare.ts";

/** NEW until somebody has looked; PROPOSED: a change request stands for it; APPLIED; IGNORED: it touches nobody in the registry. */
export const EVENT_STATES = ["NEW", "PROPOSED", "APPLIED", "IGNORED"] as const;

const instant = (name: string) => timestamp(name, { withTimezone: true, mode: "string" });
const BY_THE_EXCHANGE = sql.raw(
  "(current_setting('hub.agency')::text[])[1] = 'SIKS_NG' and welfare.officer() is null and welfare.citizen() is null",
);

/** Inbox of civil events, as population attested them: each once, never changed but for `state`, which the rules of changes move. */
export const populationEvent = welfareSchema.table(
  "population_event",
  {
    id: uuid("id").primaryKey(),
    position: bigint("position", { mode: "bigint" }).notNull().unique(),
    kind: text("kind", { enum: EVENT_KINDS }).notNull(),
    occurredOn: date("occurred_on", { mode: "string" }).notNull(),
    says: jsonb("says").$type<EventSaid>().notNull(),
    /** As it came, signature and all: population cannot deny it. */
    attestation: text("attestation").notNull(),
    receivedAt: instant("received_at").notNull(),
    region: bytewise("region").notNull(),
    state: text("state", { enum: EVENT_STATES }).notNull().default("NEW"),
  },
  (t) => [
    index("population_event_waiting").on(t.position).where(sql`state = 'NEW'`),
    index("population_event_region").on(t.region, t.position),
    index("population_event_deaths")
      .using("gin", sql`(says -> 'persons') jsonb_path_ops`)
      .where(sql`kind in ('DEATH', 'CORRECTION')`),
    check("population_event_kind", sql.raw(`kind in ('${EVENT_KINDS.join("', '")}')`)),
    check("population_event_state", sql.raw(`state in ('${EVENT_STATES.join("', '")}')`)),
    readableBy("hub_welfare", registryRows("null::uuid")),
    pgPolicy("hub_welfare_jobs_reads", { for: "select", to: "hub_welfare_jobs", using: sql`true` }),
    pgPolicy("hub_welfare_receives", { for: "insert", to: "hub_welfare", withCheck: BY_THE_EXCHANGE }),
    ownedBy("hub_welfare_owner"),
  ],
);
