import { bigint, customType, doublePrecision, text, timestamp, uuid } from "drizzle-orm/pg-core";
import { bytewise } from "../columns.ts";
import { populationSchema } from "./population.ts";

/** One individual across the programs' files; made, with policies and grants, by migration 0006 of population. Digests are for the jobs' role only. */

const bytea = customType<{ data: Buffer; driverData: Buffer }>({ dataType: () => "bytea" });
const instant = (name: string) => timestamp(name, { withTimezone: true, mode: "string" });

export const EVENT_KINDS = ["CREATED", "IDENTIFIED", "ROW_JOINED", "ROW_GONE", "MERGED", "UNMERGED"] as const;
export const REVIEW_DECISIONS = ["SAME", "DIFFERENT"] as const;
export const eventKind = populationSchema.enum("individual_event_kind", EVENT_KINDS);
export const reviewState = populationSchema.enum("review_state", ["OPEN", "DECIDED", "SUPERSEDED"]);
export const reviewDecision = populationSchema.enum("review_decision", REVIEW_DECISIONS);

/** `personId` null: a provisional group, rows of somebody the register does not name. `mergedInto`: who to ask instead. */
export const individual = populationSchema.table("individual", {
  id: uuid("id").primaryKey(),
  personId: uuid("person_id"),
  mergedInto: uuid("merged_into"),
});

/** Rows stay with the individual they came to, also when it is merged. */
export const individualRow = populationSchema.table("individual_row", {
  source: bytewise("source").notNull(),
  row: bytewise("row").notNull(),
  agency: bytewise("agency").notNull(),
  individual: uuid("individual").notNull(),
});

/** Append only. MERGED, UNMERGED: `individual` into or out of `other`; an event is undone once at most. */
export const individualEvent = populationSchema.table("individual_event", {
  id: bigint("id", { mode: "bigint" }).generatedAlwaysAsIdentity().primaryKey(),
  individual: uuid("individual").notNull(),
  kind: eventKind("kind").notNull(),
  other: uuid("other"),
  source: bytewise("source"),
  row: bytewise("row"),
  reviewCase: uuid("review_case"),
  undoes: bigint("undoes", { mode: "bigint" }),
  by: text("by").notNull(),
  reason: text("reason").notNull(),
  at: instant("at").notNull(),
});

/** A row that may be a person, for a human being to decide. */
export const reviewCase = populationSchema.table("review_case", {
  id: uuid("id").primaryKey(),
  source: bytewise("source").notNull(),
  row: bytewise("row").notNull(),
  agency: bytewise("agency").notNull(),
  personId: uuid("person_id").notNull(),
  weight: doublePrecision("weight").notNull(),
  margin: doublePrecision("margin").notNull(),
  levels: bytea("levels").notNull(),
  /** What the weight is made of, in bits: the odds before, an element each, how rare the name is, look-alikes. Empty: from before it was kept. */
  bits: doublePrecision("bits").array().notNull().default([]),
  state: reviewState("state").notNull(),
  decision: reviewDecision("decision"),
  decidedBy: text("decided_by"),
  reason: text("reason"),
  decidedAt: instant("decided_at"),
});
