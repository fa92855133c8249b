import { sql } from "drizzle-orm";
import {
  boolean,
  check,
  date,
  index,
  integer,
  pgPolicy,
  smallint,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { bytewise, ownedBy, readableBy, regionInScope } from "../columns.ts";
import { ppksKind, welfareSchema } from "./welfare.ts";

/** Who has a need: one person, a family, or people nobody names one by one (Permensos 8/2012). */
export const NEED_SUBJECTS = ["PERSON", "FAMILY", "GROUP", "INSTITUTION", "COMMUNITY"] as const;

const instant = (name: string) => timestamp(name, { withTimezone: true, mode: "string" });
const day = (name: string) => date(name, { mode: "string" });
const agency = sql.raw("(current_setting('hub.agency')::text[])[1]");

/** Rows of the office that handles them, for those of it on duty there. To anybody else membership itself is the secret. */
const ofUnit = () =>
  sql`(${regionInScope()}) and unit = ${agency} and welfare.on_duty(array['VERIFIER', 'HEAD_OF_OFFICE'], region)`;
/** Rows of a region for whoever has a duty there. */
const ofOfficers = () => sql`(${regionInScope()}) and region ^@ any ((select welfare.duty_regions())::text[])`;
const byUnit = (table: string) => [
  readableBy("hub_welfare", ofUnit()),
  pgPolicy(`${table}_written`, { for: "insert", to: "hub_welfare", withCheck: ofUnit() }),
  ownedBy("hub_welfare_owner"),
];
const handled = { region: bytewise("region").notNull(), unit: bytewise("unit").notNull() };

/** People in need who are not named: `size` persons. `region`: their village. */
export const needGroup = welfareSchema.table(
  "need_group",
  {
    id: uuid("id").primaryKey(),
    subjectKind: text("subject_kind", { enum: NEED_SUBJECTS }).notNull(),
    name: text("name").notNull(),
    size: integer("size").notNull(),
    ...handled,
  },
  () => [
    check("need_group_subject", sql`subject_kind in ('GROUP', 'INSTITUTION', 'COMMUNITY')`),
    check("need_group_size", sql`size > 0`),
    ...byUnit("need_group"),
  ],
);

/**
 * PPKS handled by an office: whose, of what kind, from when till when. While it is open, a person's need is told in `ppks_status`, too, which says
 * what is on record without who handles it. Ended, never taken away.
 */
export const need = welfareSchema.table(
  "need",
  {
    id: uuid("id").primaryKey(),
    kind: ppksKind("kind").notNull(),
    subjectKind: text("subject_kind", { enum: NEED_SUBJECTS }).notNull(),
    memberId: uuid("member_id"),
    familyId: uuid("family_id"),
    groupId: uuid("group_id").references(() => needGroup.id),
    ...handled,
    since: day("since").notNull(),
    until: day("until"),
    endReason: text("end_reason"),
    registeredBy: bytewise("registered_by").notNull(),
    version: integer("version").notNull().default(1),
  },
  (t) => [
    // by office: an index over all offices would tell one what another handles
    uniqueIndex("need_open").on(t.unit, t.memberId, t.kind).where(sql`until is null`),
    index("need_member").on(t.memberId),
    index("need_worklist").on(t.unit, t.region, t.id),
    check("need_period", sql`until >= since`),
    check("need_ended", sql`(until is null) = (end_reason is null)`),
    check(
      "need_subject",
      sql`case subject_kind when 'PERSON' then member_id is not null and family_id is null and group_id is null
        when 'FAMILY' then family_id is not null and member_id is null and group_id is null
        else group_id is not null and member_id is null and family_id is null end`,
    ),
    ...byUnit("need"),
    pgPolicy("need_ends", { for: "update", to: "hub_welfare", using: ofUnit(), withCheck: ofUnit() }),
  ],
);

/** What the office did about a need. Never changed. */
export const serviceGiven = welfareSchema.table(
  "service_given",
  {
    id: uuid("id").primaryKey(),
    needId: uuid("need_id")
      .notNull()
      .references(() => need.id),
    service: text("service").notNull(),
    on: day("given_on").notNull(),
    note: text("note"),
    officer: bytewise("officer").notNull(),
    ...handled,
  },
  (t) => [index("service_given_need").on(t.needId, t.on), ...byUnit("service_given")],
);

/** Kinds of PSKS: the twelve of the nation and those a region added (`region`: where it counts; null: everywhere). Public. */
export const psksKind = welfareSchema.table(
  "psks_kind",
  {
    code: bytewise("code").primaryKey(),
    name: text("name").notNull(),
    subject: text("subject", { enum: ["PERSON", "INSTITUTION", "BOTH"] }).notNull(),
    /** Its persons are welfare workforce (UU 11/2009 art. 33): no recipients of aid. */
    isWorkforce: boolean("is_workforce").notNull(),
    legalBasis: text("legal_basis").notNull(),
    region: bytewise("region"),
    addedBy: bytewise("added_by"),
  },
  () => [
    check("psks_kind_code", sql`code ~ '^[A-Z][A-Z0-9_]{2,49}$' and code <> 'LOCAL'`),
    check("psks_kind_subject", sql`subject in ('PERSON', 'INSTITUTION', 'BOTH')`),
  ],
);

/** A village's registry handed to a device for work without signal: who, till when, for which keys, and what came back. No content. */
export const packet = welfareSchema.table(
  "packet",
  {
    id: uuid("id").primaryKey(),
    region: bytewise("region").notNull(),
    officer: bytewise("officer").notNull(),
    /** Public keys of the device, raw, base64url: X25519 it opens with, Ed25519 it signs with. */
    deviceKey: bytewise("device_key").notNull(),
    deviceSigner: bytewise("device_signer").notNull(),
    issuedAt: instant("issued_at").notNull(),
    expiresAt: instant("expires_at").notNull(),
    members: integer("members").notNull(),
    /** SHA-256 of what came back first; another return is refused. */
    returnHash: bytewise("return_hash"),
    returnedAt: instant("returned_at"),
  },
  (t) => [
    index("packet_officer").on(t.officer, t.issuedAt),
    check("packet_period", sql`expires_at > issued_at`),
    readableBy("hub_welfare", ofOfficers()),
    pgPolicy("packet_written", { for: "insert", to: "hub_welfare", withCheck: ofOfficers() }),
    pgPolicy("packet_returned", { for: "update", to: "hub_welfare", using: ofOfficers(), withCheck: ofOfficers() }),
    ownedBy("hub_welfare_owner"),
  ],
);

/** What may be changed away from the hub; a NOTE asks the verifier for what takes more than a value. */
export const PACKET_FIELDS = ["CLAIMED_NAME", "ADDRESS", "NOTE"] as const;

/** One change a device brought back, which a verifier accepts or rejects. */
export const packetChange = welfareSchema.table(
  "packet_change",
  {
    id: uuid("id").primaryKey(),
    packetId: uuid("packet_id")
      .notNull()
      .references(() => packet.id),
    position: smallint("position").notNull(),
    memberId: uuid("member_id").notNull(),
    personId: uuid("person_id"),
    field: text("field", { enum: PACKET_FIELDS }).notNull(),
    value: text("value").notNull(),
    reason: text("reason").notNull(),
    state: text("state", { enum: ["PENDING", "ACCEPTED", "REJECTED"] }).notNull(),
    submittedBy: bytewise("submitted_by").notNull(),
    decidedBy: bytewise("decided_by"),
    decidedAt: instant("decided_at"),
    decisionReason: text("decision_reason"),
    region: bytewise("region").notNull(),
    version: integer("version").notNull().default(1),
  },
  (t) => [
    uniqueIndex("packet_change_once").on(t.packetId, t.position),
    index("packet_change_open").on(t.region, t.id).where(sql`state = 'PENDING'`),
    readableBy("hub_welfare", ofOfficers()),
    pgPolicy("packet_change_written", { for: "insert", to: "hub_welfare", withCheck: ofOfficers() }),
    pgPolicy("packet_change_decided", { for: "update", to: "hub_welfare", using: ofOfficers(), withCheck: ofOfficers() }),
    ownedBy("hub_welfare_owner"),
  ],
);
