import { sql } from "drizzle-orm";
import { bigint, boolean, check, index, integer, pgPolicy, text, timestamp, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { aidRows, bytewise, ownedBy } from "../columns.ts";
import { programsSchema } from "./programs.ts";

export const AID_EVENT_KINDS = ["ENROLMENT_CHANGED", "PAYMENT_CHANGED"] as const;

/**
 * What changed in enrolments and payments, for partners who follow: ids and codes. Written by triggers in the transaction of the change; the place is
 * given after its commit (programs.number_events), so no later commit slips in behind what was read, and nobody who writes waits for another.
 */
export const aidEvent = programsSchema.table(
  "aid_event",
  {
    /** Opaque, as the record tags it; partners know an event by its place. */
    id: uuid("id").primaryKey().default(sql`gen_random_uuid()`),
    seq: bigint("seq", { mode: "bigint" }).notNull().generatedAlwaysAsIdentity(),
    /** 1, 2, 3 …; null: not given yet. */
    position: bigint("position", { mode: "bigint" }),
    kind: text("kind", { enum: AID_EVENT_KINDS }).notNull(),
    program: bytewise("program").notNull(),
    region: bytewise("region").notNull(),
    enrolmentId: uuid("enrolment_id").notNull(),
    paymentId: uuid("payment_id"),
    /** Of a payment, such as 2026-Q3. */
    period: bytewise("period"),
    /** For whose row it is; never told. */
    personId: uuid("person_id").notNull(),
    /** The state after the change. */
    code: bytewise("code").notNull(),
    at: timestamp("at", { withTimezone: true, mode: "string" }).notNull(),
  },
  (t) => [
    uniqueIndex("aid_event_position").on(t.position),
    index("aid_event_unplaced").on(t.seq).where(sql`position is null`),
    check("aid_event_kind", sql.raw(`kind in ('${AID_EVENT_KINDS.join("', '")}')`)),
    check(
      "aid_event_payment",
      sql`(kind = 'PAYMENT_CHANGED') = (payment_id is not null) and (payment_id is null) = (period is null)`,
    ),
    // payments of other banks are none of a bank's business, and an event does not say whose bank it is
    pgPolicy("hub_programs_reads", {
      for: "select",
      to: "hub_programs",
      using: sql`${aidRows("person_id")} and (kind = 'ENROLMENT_CHANGED' or (select programs.bank()) is null)`,
    }),
    ownedBy("hub_programs_owner"),
  ],
);

/** How far places are given and forgotten; one row. Events are kept for `keptDays`, which the owner may change. */
export const aidEventHead = programsSchema.table(
  "aid_event_head",
  {
    one: boolean("one").primaryKey().default(true),
    position: bigint("position", { mode: "bigint" }).notNull().default(sql`0`),
    forgotten: bigint("forgotten", { mode: "bigint" }).notNull().default(sql`0`),
    keptDays: integer("kept_days").notNull().default(400),
  },
  () => [check("aid_event_head_one", sql`one`), check("aid_event_head_days", sql`kept_days >= 30`)],
);
