import { sql } from "drizzle-orm";
import { bigint, check, date, integer, pgPolicy, primaryKey, smallint, text } from "drizzle-orm/pg-core";
import { bytewise, ownedBy } from "../columns.ts";
import { bytea, governanceSchema, instant } from "./governance.ts";

// The tree over the access record (policy.md §12), and what is counted from it. Written by the integrator alone (role hub_log), append-only.

const whole = (name: string) => bigint(name, { mode: "number" });

/** Place of each entry in the tree: contiguous from 0, in the order (xid, id). */
export const treeEntry = governanceSchema.table("tree_entry", {
  index: whole("index").primaryKey(),
  entryId: whole("entry_id").notNull().unique("tree_entry_once"),
});

/**
 * How far the numbers of transactions were raised since the record was restored on a server that counts from lower: the newest row is in
 * force. Written by `npx hub record continue` as the owner.
 */
export const recordMove = governanceSchema.table(
  "record_move",
  {
    id: integer("id").primaryKey().generatedAlwaysAsIdentity(),
    shift: whole("shift").notNull(),
    at: instant("at").notNull().default(sql`clock_timestamp()`),
  },
  (t) => [check("record_move_shift", sql`${t.shift} > 0`)],
);

/** Hashes of the tree in tiles of at most 256 (C2SP tlog-tiles). Level 0 holds leaf hashes; a tile of a level above one hash for each full tile below. It only grows. */
export const tile = governanceSchema.table(
  "tile",
  { level: smallint("level").notNull(), n: whole("n").notNull(), hashes: bytea("hashes").notNull() },
  (t) => [
    primaryKey({ columns: [t.level, t.n] }),
    check("tile_hashes", sql`length(hashes) between 32 and 8192 and length(hashes) % 32 = 0`),
  ],
);

/** Signed states of the tree. */
export const checkpoint = governanceSchema.table(
  "checkpoint",
  {
    size: whole("size").primaryKey(),
    at: instant("at").notNull().default(sql`clock_timestamp()`),
    root: bytea("root").notNull(),
    /** Signed note (C2SP signed-note) with the log's own signature only. */
    note: text("note").notNull(),
  },
  () => [check("checkpoint_root", sql`length(root) = 32 and size > 0`)],
);

/** What witnesses signed: each line is added to the note of its checkpoint. */
export const cosignature = governanceSchema.table(
  "cosignature",
  {
    size: whole("size")
      .notNull()
      .references(() => checkpoint.size),
    witness: text("witness").notNull(),
    /** Signature line of the note, without its line end. */
    line: text("line").notNull(),
    at: instant("at").notNull().default(sql`clock_timestamp()`),
  },
  (t) => [primaryKey({ columns: [t.size, t.witness] })],
);

/** In which entries a subject stands: its keyed tag, 16 bytes, and the index of the entry. Without the year's key a tag is noise. */
export const entrySubject = governanceSchema.table(
  "entry_subject",
  { tag: bytea("tag").notNull(), index: whole("index").notNull() },
  (t) => [
    primaryKey({ columns: [t.tag, t.index] }),
    pgPolicy("hub_log_writes", { for: "all", to: "hub_log", using: sql`true`, withCheck: sql`true` }),
    ownedBy("hub_governance_owner"),
  ],
);

/** How far each reader of the tree has come: the first index it has not read. */
export const recordCursor = governanceSchema.table("record_cursor", {
  reader: text("reader").primaryKey(),
  next: whole("next").notNull().default(0),
});

/** Requests of a day (WIB), counted from the record. */
export const usageDay = governanceSchema.table(
  "usage_day",
  {
    day: date("day", { mode: "string" }).notNull(),
    client: bytewise("client").notNull(),
    /** Empty: refused before an agreement was known. */
    agreement: bytewise("agreement").notNull(),
    /** ANSWERED, or the code of the refusal. */
    status: text("status").notNull(),
    /** Of the purpose when it was asked: SEALED ones are counted, never listed. */
    disclosure: text("disclosure").notNull(),
    requests: integer("requests").notNull(),
    /** Rows of subjects in them: one person in two answers counts twice. */
    subjects: whole("subjects").notNull(),
  },
  (t) => [primaryKey({ columns: [t.day, t.client, t.agreement, t.status, t.disclosure] })],
);

/** Of these how often each coordinate was shown, masked or denied. */
export const usageField = governanceSchema.table(
  "usage_field",
  {
    day: date("day", { mode: "string" }).notNull(),
    agreement: bytewise("agreement").notNull(),
    coordinate: bytewise("coordinate").notNull(),
    outcome: text("outcome", { enum: ["SHOWN", "MASKED", "DENIED"] }).notNull(),
    requests: integer("requests").notNull(),
  },
  (t) => [primaryKey({ columns: [t.day, t.agreement, t.coordinate, t.outcome] })],
);
