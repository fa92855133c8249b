import { sql } from "drizzle-orm";
import { bigint, check, date, index, jsonb, pgPolicy, text, timestamp, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { EVENT_KINDS } from "../../../schema/civilEvent.ts";
import { bigintText, bytewise, ownedBy, readableBy, regionInScope } from "../columns.ts";
import { populationSchema } from "./population.ts";

/** Who was born, as the certificate has it. The rest of the person is the mother's: card, address, village. */
export interface Newborn {
  readonly id: string;
  readonly nik: string;
  readonly fullName: string;
  readonly sex: "MALE" | "FEMALE";
  readonly birthPlace: string;
}

const instant = (name: string) => timestamp(name, { withTimezone: true, mode: "string" });

/**
 * A civil event: recorded by one registrar, confirmed by another, never changed after. Confirming carries it out on person and family card, and gives
 * it its place in the row of events that other controllers follow.
 */
export const civilEvent = populationSchema.table(
  "civil_event",
  {
    id: uuid("id").primaryKey(),
    kind: text("kind", { enum: EVENT_KINDS }).notNull(),
    occurredOn: date("occurred_on", { mode: "string" }).notNull(),
    /** Number of the certificate or letter. */
    document: text("document").notNull(),
    /** Whom it is about, the one it begins with first: the deceased, the mother, the head of the new card. */
    persons: uuid("persons").array().notNull(),
    /** Card of the first of them, and the card they stand on afterwards; a card that does not exist yet is made. */
    cardId: uuid("card_id"),
    toCardId: uuid("to_card_id"),
    /** Number of the card they stand on afterwards, where it is new. */
    cardNumber: bigintText("card_number"),
    region: bytewise("region").notNull(),
    toRegion: bytewise("to_region"),
    address: text("address"),
    newborn: jsonb("newborn").$type<Newborn>(),
    /** Death that this one takes back. */
    corrects: uuid("corrects"),
    recordedBy: bytewise("recorded_by").notNull(),
    recordedAt: instant("recorded_at").notNull(),
    confirmedBy: bytewise("confirmed_by"),
    confirmedAt: instant("confirmed_at"),
    /** Recorded wrongly: it is neither confirmed nor carried out. */
    discardedBy: bytewise("discarded_by"),
    discardedAt: instant("discarded_at"),
    discardReason: text("discard_reason"),
    /** 1, 2, 3 … in the order in which they were confirmed, without a gap: whoever has read up to one misses none before it. */
    position: bigint("position", { mode: "bigint" }).unique(),
  },
  (t) => [
    index("civil_event_waiting").on(t.recordedAt, t.id).where(sql`position is null and discarded_at is null`),
    index("civil_event_cards").on(t.cardId, t.toCardId),
    uniqueIndex("civil_event_corrects").on(t.corrects).where(sql`position is not null`),
    check("civil_event_kind", sql.raw(`kind in ('${EVENT_KINDS.join("', '")}')`)),
    check("civil_event_four_eyes", sql`confirmed_by <> recorded_by`),
    check(
      "civil_event_confirmed",
      sql`(confirmed_by is null) = (confirmed_at is null) and (confirmed_by is null) = (position is null)`,
    ),
    check("civil_event_discarded", sql`num_nonnulls(discarded_by, discarded_at, discard_reason) in (0, 3)`),
    check("civil_event_one_end", sql`confirmed_by is null or discarded_by is null`),
    readableBy("hub_population", regionInScope()),
    pgPolicy("hub_population_records", { for: "insert", to: "hub_population", withCheck: regionInScope() }),
    pgPolicy("hub_population_confirms", {
      for: "update",
      to: "hub_population",
      using: regionInScope(),
      withCheck: regionInScope(),
    }),
    ownedBy("hub_population_owner"),
  ],
);
