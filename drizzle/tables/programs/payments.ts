import { sql } from "drizzle-orm";
import {
  boolean,
  check,
  customType,
  date,
  index,
  integer,
  primaryKey,
  smallint,
  text,
  timestamp,
  unique,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { aidRows, bigintText, bytewise, ownedBy, readableBy } from "../columns.ts";
import { PAYMENT_STATES, paymentChannel, programsSchema, readByWorkers } from "./programs.ts";

export const RUN_STATES = ["OPENING", "READY", "SIGNED", "UNDER_WAY", "DISCARDED"] as const;
export const ORDER_STATES = ["FILLING", "PENDING", "ISSUED", "RELEASED", "INSTRUCTED"] as const;
export const FILE_KINDS = ["BANK_ACCOUNT", "TREASURY_CHECK", "TREASURY_RELEASE", "BANK_CREDIT", "BANK_RETURN"] as const;
export const DIFFERENCES = [
  "UNKNOWN_PAYMENT",
  "UNKNOWN_ORDER",
  "WRONG_CHANNEL",
  "TWICE",
  "AMOUNT_DIFFERS",
  "NO_OWN_ACCOUNT",
  "WRONG_DAY",
  "NOT_DUE",
  "MISSING",
] as const;
export const OFFICES = ["RECIPIENT", "DISTRICT", "MINISTRY", "BANK", "TREASURY", "POPULATION"] as const;
export const CARD_STATES = ["NONE", "OPENED", "DISTRIBUTED"] as const;

const instant = (name: string) => timestamp(name, { withTimezone: true, mode: "string" });
const wordOf = (column: string, words: readonly string[]) => sql.raw(`${column} in ('${words.join("', '")}')`);
const digest = customType<{ data: Uint8Array; driverData: Uint8Array }>({ dataType: () => "bytea" });
const version = () => integer("version").notNull().default(1);

/** Of a list of payments: it is of a program of the agreement, and names no person. */
const OF_PROGRAM = sql.raw(`(current_setting('hub.programs')::text[] && array['*', program]) and programs.citizen() is null`);
/** A bank's officer sees what goes through the bank. */
const OF_CHANNEL = sql.raw("((select programs.bank()) is null or channel::text = (select programs.bank()))");

/** Why a payment does not go on: whose office it is, what helps, what to bring, and how long it usually takes. Public. */
export const paymentFailure = programsSchema.table(
  "payment_failure",
  {
    code: bytewise("code").primaryKey(),
    /** States it explains. */
    states: text("states").array().notNull(),
    office: text("office", { enum: OFFICES }).notNull(),
    remedyId: text("remedy_id").notNull(),
    remedyEn: text("remedy_en").notNull(),
    bringId: text("bring_id"),
    bringEn: text("bring_en"),
    usualDays: smallint("usual_days").notNull(),
    source: text("source").notNull(),
  },
  () => [check("payment_failure_office", wordOf("office", OFFICES))],
);

/** The steps a payment may take: nothing else is. `roles`: duties that take it. `fileKind`: in which file it may be told. @public */
export const paymentStep = programsSchema.table(
  "payment_step",
  {
    fromState: text("from_state", { enum: PAYMENT_STATES }).notNull(),
    toState: text("to_state", { enum: PAYMENT_STATES }).notNull(),
    roles: text("roles").array().notNull(),
    fileKind: text("file_kind", { enum: FILE_KINDS }),
    /** An officer may take it for one payment, by hand. */
    byHand: boolean("by_hand").notNull(),
    needsFailure: boolean("needs_failure").notNull(),
  },
  (t) => [primaryKey({ columns: [t.fromState, t.toState] })],
);

/** Figures of the payment chain, by program (`*`: all) and day. The newest of the program goes before that of all. @public */
export const paymentRule = programsSchema.table(
  "payment_rule",
  {
    program: bytewise("program").notNull(),
    validFrom: date("valid_from", { mode: "string" }).notNull(),
    leastMonths: smallint("least_months").notNull(),
    mostMonths: smallint("most_months").notNull(),
    /** Paid for the months since the one the enrolment began in; else whole, whenever it began. */
    byMonth: boolean("by_month").notNull(),
    /** Days after crediting from which money counts as idle [saldo mengendap]. */
    idleDays: smallint("idle_days").notNull(),
    /** Questions about one account a day. */
    accountAttempts: smallint("account_attempts").notNull(),
    source: text("source").notNull(),
  },
  (t) => [primaryKey({ columns: [t.program, t.validFrom] })],
);

/** Through whom a program pays where nothing was paid before: the longest prefix of the village's code wins. @public */
export const channelRule = programsSchema.table(
  "channel_rule",
  {
    program: bytewise("program").notNull(),
    region: bytewise("region").notNull(),
    channel: paymentChannel("channel").notNull(),
    source: text("source").notNull(),
  },
  (t) => [primaryKey({ columns: [t.program, t.region] })],
);

/** A period of a program that is paid: who, how much, and the decree. Drafted by one officer, signed by another. */
export const paymentRun = programsSchema.table(
  "payment_run",
  {
    id: uuid("id").primaryKey(),
    version: version(),
    program: bytewise("program").notNull(),
    period: bytewise("period").notNull(),
    startsOn: date("starts_on", { mode: "string" }).notNull(),
    endsOn: date("ends_on", { mode: "string" }).notNull(),
    state: text("state", { enum: RUN_STATES }).notNull(),
    draftedBy: bytewise("drafted_by").notNull(),
    draftedAt: instant("drafted_at").notNull(),
    /** Enrolments up to this one have been looked at. */
    doneTo: uuid("done_to").notNull(),
    payments: integer("payments").notNull().default(0),
    total: bigintText("total").notNull().default("0"),
    /** Enrolments without an amount for the period, and those the annual ceiling leaves nothing for. */
    withoutAward: integer("without_award").notNull().default(0),
    overCeiling: integer("over_ceiling").notNull().default(0),
    /** Of the list as it was signed: SHA-256 over the villages' hashes in order of code. */
    sha256: text("sha256"),
    decree: text("decree"),
    signedBy: bytewise("signed_by"),
    signedAt: instant("signed_at"),
  },
  (t) => [
    uniqueIndex("payment_run_once").on(t.program, t.period).where(sql`state <> 'DISCARDED'`),
    check("payment_run_state", wordOf("state", RUN_STATES)),
    check("payment_run_days", sql`ends_on > starts_on`),
    check(
      "payment_run_signed",
      sql`(state in ('SIGNED', 'UNDER_WAY')) = (signed_by is not null) and num_nonnulls(signed_by, signed_at, decree) in (0, 3)`,
    ),
    check("payment_run_two_officers", sql`signed_by <> drafted_by`),
    readableBy("hub_programs", OF_PROGRAM),
    readByWorkers(),
    ownedBy("hub_programs_owner"),
  ],
);

/** A payment order [SPM] through one channel and its release [SP2D]. Drafted, issued and released by three officers. */
export const paymentBatch = programsSchema.table(
  "payment_batch",
  {
    id: uuid("id").primaryKey(),
    version: version(),
    runId: uuid("run_id")
      .notNull()
      .references(() => paymentRun.id),
    program: bytewise("program").notNull(),
    channel: paymentChannel("channel").notNull(),
    /** Number of the payment order. */
    number: bytewise("number").notNull().unique(),
    state: text("state", { enum: ORDER_STATES }).notNull(),
    payments: integer("payments").notNull(),
    total: bigintText("total").notNull(),
    sha256: text("sha256"),
    /** Whether all its payments have followed it to the state. */
    isCarried: boolean("is_carried").notNull().default(false),
    draftedBy: bytewise("drafted_by").notNull(),
    draftedAt: instant("drafted_at").notNull(),
    issuedBy: bytewise("issued_by"),
    issuedAt: instant("issued_at"),
    /** Number of the release of funds. */
    releaseNumber: bytewise("release_number").unique(),
    releasedBy: bytewise("released_by"),
    releasedAt: instant("released_at"),
    instructedBy: bytewise("instructed_by"),
  },
  (t) => [
    uniqueIndex("payment_batch_draft").on(t.runId, t.channel).where(sql`state in ('FILLING', 'PENDING')`),
    index("payment_batch_run").on(t.runId),
    check("payment_batch_state", wordOf("state", ORDER_STATES)),
    check(
      "payment_batch_issued",
      sql`(state in ('FILLING', 'PENDING')) = (issued_by is null) and (issued_by is null) = (issued_at is null)`,
    ),
    check(
      "payment_batch_released",
      sql`(state in ('FILLING', 'PENDING', 'ISSUED')) = (released_by is null) and num_nonnulls(released_by, released_at, release_number) in (0, 3)`,
    ),
    check(
      "payment_batch_three_officers",
      sql`issued_by <> drafted_by and released_by <> drafted_by and released_by <> issued_by`,
    ),
    check("payment_batch_sum", sql`payments >= 0 and total >= 0 and (state = 'FILLING' or sha256 is not null)`),
    readableBy("hub_programs", sql`${OF_PROGRAM} and ${OF_CHANNEL}`),
    readByWorkers(),
    ownedBy("hub_programs_owner"),
  ],
);

/** A file a bank or the treasury sent: known by its content, so none counts twice. */
export const paymentFile = programsSchema.table(
  "payment_file",
  {
    id: uuid("id").primaryKey(),
    kind: text("kind", { enum: FILE_KINDS }).notNull(),
    program: bytewise("program").notNull(),
    channel: paymentChannel("channel"),
    name: text("name").notNull(),
    sha256: text("sha256").notNull(),
    /** The sender's own, by which the same content is another report; mostly none. */
    reference: bytewise("reference").notNull().default(""),
    officer: bytewise("officer").notNull(),
    receivedAt: instant("received_at").notNull(),
    /** Null until it is reconciled. */
    lines: integer("lines"),
    taken: integer("taken"),
    differing: integer("differing"),
    /** Σ of the lines taken, rupiah. */
    total: bigintText("total"),
  },
  (t) => [
    unique("payment_file_once").on(t.kind, t.program, t.reference, t.sha256),
    check("payment_file_kind", wordOf("kind", FILE_KINDS)),
    check("payment_file_sums", sql`lines = taken + differing`),
    readableBy("hub_programs", sql`${OF_PROGRAM} and ${OF_CHANNEL}`),
    ownedBy("hub_programs_owner"),
  ],
);

/** A line as it was sent, and what became of it: nothing (taken), or how it differs. Read by the rules alone. @public */
export const paymentLine = programsSchema.table(
  "payment_line",
  {
    fileId: uuid("file_id")
      .notNull()
      .references(() => paymentFile.id),
    line: integer("line").notNull(),
    paymentId: uuid("payment_id"),
    amount: bigintText("amount"),
    state: text("state"),
    tookPlaceOn: date("took_place_on", { mode: "string" }),
    failure: bytewise("failure"),
    /** Of a release: number of the payment order, of the release, and how many payments it has. */
    orderNumber: bytewise("order_number"),
    releaseNumber: bytewise("release_number"),
    payments: integer("payments"),
    differs: text("differs", { enum: DIFFERENCES }),
  },
  (t) => [
    primaryKey({ columns: [t.fileId, t.line] }),
    check("payment_line_differs", wordOf("differs", DIFFERENCES)),
    ownedBy("hub_programs_owner"),
  ],
);

/** The queue of what does not reconcile. Nothing in it has moved a payment. Settled by an officer, or by the file that brings what was missing. */
export const paymentDifference = programsSchema.table(
  "payment_difference",
  {
    id: uuid("id").primaryKey(),
    version: version(),
    fileId: uuid("file_id")
      .notNull()
      .references(() => paymentFile.id),
    /** Line of the file; null: it is missing there. */
    line: integer("line"),
    kind: text("kind", { enum: DIFFERENCES }).notNull(),
    paymentId: uuid("payment_id"),
    batchId: uuid("batch_id"),
    personId: uuid("person_id"),
    program: bytewise("program").notNull(),
    /** Of what nobody knows `0`. */
    region: bytewise("region").notNull(),
    channel: paymentChannel("channel"),
    amountTold: bigintText("amount_told"),
    amountKnown: bigintText("amount_known"),
    settledAt: instant("settled_at"),
    settledBy: bytewise("settled_by"),
    settledBecause: text("settled_because"),
  },
  (t) => [
    uniqueIndex("payment_difference_missing").on(t.paymentId).where(sql`kind = 'MISSING' and settled_at is null`),
    index("payment_difference_open").on(t.channel, t.id).where(sql`settled_at is null`),
    index("payment_difference_file").on(t.fileId),
    index("payment_difference_batch").on(t.batchId).where(sql`batch_id is not null`),
    check("payment_difference_kind", wordOf("kind", DIFFERENCES)),
    check("payment_difference_settled", sql`num_nonnulls(settled_at, settled_by, settled_because) in (0, 3)`),
    readableBy("hub_programs", sql`${aidRows("person_id")} and ${OF_CHANNEL}`),
    ownedBy("hub_programs_owner"),
  ],
);

/** The account a person is paid into, by program and channel. Of its number a keyed digest alone is kept: it can be matched, never read. */
export const paymentAccount = programsSchema.table(
  "payment_account",
  {
    id: uuid("id").primaryKey(),
    version: version(),
    personId: uuid("person_id").notNull(),
    program: bytewise("program").notNull(),
    region: bytewise("region").notNull(),
    channel: paymentChannel("channel").notNull(),
    isHolder: boolean("is_holder").notNull(),
    /** False: another number waits for a second officer of the channel. */
    isConfirmed: boolean("is_confirmed").notNull().default(true),
    card: text("card", { enum: CARD_STATES }).notNull(),
    registeredAt: instant("registered_at").notNull(),
  },
  (t) => [
    unique("payment_account_once").on(t.personId, t.program, t.channel),
    check("payment_account_card", wordOf("card", CARD_STATES)),
    readableBy("hub_programs", sql`${aidRows("person_id")} and ${OF_CHANNEL}`),
    ownedBy("hub_programs_owner"),
  ],
);

/** The digest of an account's number, of the one that is to follow, and how often it was asked for. No role of the hub reads it, only the rules. @public */
export const accountSecret = programsSchema.table(
  "account_secret",
  {
    accountId: uuid("account_id")
      .primaryKey()
      .references(() => paymentAccount.id),
    digest: digest("digest").notNull(),
    proposed: digest("proposed"),
    proposedBy: bytewise("proposed_by"),
    askedOn: date("asked_on", { mode: "string" }),
    asked: smallint("asked").notNull().default(0),
  },
  () => [check("account_secret_proposed", sql`(proposed is null) = (proposed_by is null)`), ownedBy("hub_programs_owner")],
);
