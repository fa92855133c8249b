import { sql } from "drizzle-orm";
import { check, date, index, integer, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { bytewise, ownedBy, readableBy } from "../columns.ts";
import { agreement } from "./agreement.ts";
import {
  agency,
  bytea,
  governanceSchema,
  instant,
  OF_MINE,
  OF_MY_AGENCY,
  policies,
  purpose,
  STEWARDS_ONLY,
  steward,
  word,
  writtenBy,
  writtenByStewards,
} from "./governance.ts";

const ofAgreement = () =>
  bytewise("agreement_number")
    .notNull()
    .references(() => agreement.number);

/** Persons an agreement has been told about on one day (WIB), as tags of the record. Written with the record, by the gateway alone. @public */
export const quotaUse = governanceSchema.table(
  "quota_use",
  { agreementNumber: ofAgreement(), day: date("day", { mode: "string" }).notNull(), tag: bytea("tag").notNull() },
  (t) => [primaryKey({ columns: [t.agreementNumber, t.day, t.tag] }), ownedBy("hub_governance_owner")],
);

/** How many they are. */
export const quotaCounter = governanceSchema.table(
  "quota_counter",
  { agreementNumber: ofAgreement(), day: date("day", { mode: "string" }).notNull(), used: integer("used").notNull().default(0) },
  (t) => [
    primaryKey({ columns: [t.agreementNumber, t.day] }),
    check("quota_counter_used", sql`used >= 0`),
    readableBy("hub_governance", OF_MINE),
    readableBy("hub_log", sql`true`),
    ownedBy("hub_governance_owner"),
  ],
);

/** Pseudonyms an agency was given for a purpose: it can name only persons it was shown. Written with the record, by the gateway alone. */
export const issuedPseudonym = governanceSchema.table(
  "issued_pseudonym",
  {
    agencyCode: bytewise("agency_code").notNull(),
    purposeCode: bytewise("purpose_code").notNull(),
    /** 16 bytes. */
    pseudonym: bytea("pseudonym").notNull(),
    /** The opaque id behind it. */
    subject: text("subject").notNull(),
    issuedAt: instant("issued_at").notNull().default(sql`clock_timestamp()`),
  },
  (t) => [
    primaryKey({ columns: [t.agencyCode, t.purposeCode, t.pseudonym] }),
    readableBy("hub_governance", STEWARDS_ONLY),
    readableBy("hub_record", sql`true`),
    ownedBy("hub_governance_owner"),
  ],
);

/** A semester report [laporan semester] of an agreement, made from the record. */
export const semesterReport = governanceSchema.table(
  "semester_report",
  {
    id: uuid("id").primaryKey(),
    agreementNumber: ofAgreement(),
    /** First and last day it speaks about. */
    fromDay: date("from_day", { mode: "string" }).notNull(),
    toDay: date("to_day", { mode: "string" }).notNull(),
    /** JSON text: requests, persons, coordinates, refusals, by month. */
    body: text("body").notNull(),
    note: text("note"),
    submittedBy: bytewise("submitted_by")
      .notNull()
      .references(() => steward.id),
    submittedAt: instant("submitted_at").notNull().default(sql`clock_timestamp()`),
  },
  (t) => [
    index("semester_report_agreement").on(t.agreementNumber, t.toDay),
    check("semester_report_days", sql`from_day <= to_day`),
    ...policies(OF_MINE),
    writtenByStewards(),
  ],
);

/** A wish for access, before there is an agreement or a version: open until a steward has made a version of it or declined. */
export const accessRequest = governanceSchema.table(
  "access_request",
  {
    id: uuid("id").primaryKey(),
    agencyCode: bytewise("agency_code")
      .notNull()
      .references(() => agency.code),
    purposeCode: bytewise("purpose_code")
      .notNull()
      .references(() => purpose.code),
    /** The client or steward who asks. */
    requester: text("requester").notNull(),
    coordinates: text("coordinates").array().notNull(),
    regions: text("regions").array().notNull(),
    days: integer("days").notNull(),
    justification: text("justification").notNull(),
    /** Version that answers it; its state is the request's. Null: none yet. */
    agreementNumber: bytewise("agreement_number"),
    version: integer("version"),
    declinedBy: bytewise("declined_by").references(() => steward.id),
    declineReason: text("decline_reason"),
    createdAt: instant("created_at").notNull().default(sql`clock_timestamp()`),
  },
  () => [
    check("access_request_days", sql`days between 1 and 3660`),
    check("access_request_coordinates", sql`cardinality(coordinates) between 1 and 500`),
    check("access_request_one_answer", sql`agreement_number is null or declined_by is null`),
    ...policies(OF_MY_AGENCY),
    writtenBy(OF_MY_AGENCY),
  ],
);

/** One breaking of the glass: an armed version open for minutes, by two officers, with a reason, to be reviewed within 72 hours. */
export const glassBreak = governanceSchema.table(
  "glass_break",
  {
    id: uuid("id").primaryKey(),
    agreementNumber: ofAgreement(),
    version: integer("version").notNull(),
    caseNumber: text("case_number").notNull(),
    reason: text("reason").notNull(),
    requestedBy: bytewise("requested_by")
      .notNull()
      .references(() => steward.id),
    requestedAt: instant("requested_at").notNull(),
    confirmedBy: bytewise("confirmed_by").references(() => steward.id),
    /** Open from here … */
    openedAt: instant("opened_at"),
    /** … to before here. */
    closesAt: instant("closes_at"),
    reviewedBy: bytewise("reviewed_by").references(() => steward.id),
    reviewedAt: instant("reviewed_at"),
    /** JUSTIFIED or VIOLATION. */
    finding: text("finding", { enum: ["JUSTIFIED", "VIOLATION"] }),
  },
  (t) => [
    index("glass_break_agreement").on(t.agreementNumber),
    check("glass_break_two", sql`confirmed_by <> requested_by`),
    check(
      "glass_break_open",
      sql`(confirmed_by is null) = (opened_at is null) and (opened_at is null) = (closes_at is null) and opened_at < closes_at`,
    ),
    check("glass_break_review", sql`(reviewed_by is null) = (reviewed_at is null) and (reviewed_by is null) = (finding is null)`),
    check("glass_break_reviewer", sql`reviewed_by not in (requested_by, confirmed_by)`),
    word("finding", ["JUSTIFIED", "VIOLATION"]),
    ...policies(OF_MINE),
    writtenByStewards(),
  ],
);

/** A document proved to lie within the grants of a version when it was registered. Content-addressed: never changed, only retired. */
export const trustedDocument = governanceSchema.table(
  "trusted_document",
  {
    agreementNumber: ofAgreement(),
    /** SHA-256 of `document`, hex. */
    id: bytewise("id").notNull(),
    document: text("document").notNull(),
    name: text("name"),
    registeredBy: text("registered_by").notNull(),
    registeredAt: instant("registered_at").notNull().default(sql`clock_timestamp()`),
    retiredAt: instant("retired_at"),
  },
  (t) => [
    primaryKey({ columns: [t.agreementNumber, t.id] }),
    check("trusted_document_id", sql`id = encode(sha256(convert_to(document, 'UTF8')), 'hex')`),
    ...policies(OF_MINE),
    writtenBy(OF_MINE),
  ],
);
