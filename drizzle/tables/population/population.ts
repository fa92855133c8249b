import { sql } from "drizzle-orm";
import {
  type AnyPgColumn,
  boolean,
  check,
  date,
  index,
  integer,
  pgPolicy,
  pgSchema,
  primaryKey,
  smallint,
  text,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { bigintText, bytewise, ownedBy, readableBy, regionInScope, seedMarker } from "../columns.ts";

export const populationSchema = pgSchema("population");

export const sex = populationSchema.enum("sex", ["MALE", "FEMALE"]);
export const disability = populationSchema.enum("disability", [
  "NONE",
  "PHYSICAL",
  "INTELLECTUAL",
  "MENTAL",
  "SENSORY",
  "MULTIPLE",
]);
/** Why a registration is out of service: one person registered twice, or none of its services used for more than ten years. */
export const outOfService = populationSchema.enum("out_of_service", ["DUPLICATE", "INACTIVE"]);
export const regionLevel = populationSchema.enum("region_level", ["PROVINCE", "REGENCY", "DISTRICT", "VILLAGE"]);

const policies = () => [readableBy("hub_population", regionInScope()), ownedBy("hub_population_owner")];
const SIXTEEN_DIGITS = "between 1000000000000000 and 9999999999999999"; // codes start at 11: a leading zero is never legal

/** Words of a region's name, as they are looked for. */
export const REGION_WORDS = sql`to_tsvector('simple', regexp_replace(name, '[^[:alnum:]]+', ' ', 'g'))`;

/** Kemendagri region tree, digits without dots. Public reference data, loaded from idn-area-data (ODbL) by the seed. */
export const region = populationSchema.table(
  "region",
  {
    code: bytewise("code").primaryKey(),
    name: text("name").notNull(),
    level: regionLevel("level").notNull(),
    parentCode: bytewise("parent_code").references((): AnyPgColumn => region.code),
  },
  (t) => [
    // not (parent_code, code): while a first load is under way its statistics say "no rows", both indexes cost the same then, and each
    // of 91,592 references was looked for in the whole of the wrong one
    index("region_parent").on(t.parentCode),
    index("region_words").using("gin", REGION_WORDS).with({ fastupdate: false }),
  ],
);

/** Civil family card (KK). `number` changes on move, split and change of status; `id` stays. */
export const familyCard = populationSchema.table(
  "family_card",
  {
    id: uuid("id").primaryKey(),
    number: bigintText("number").notNull().unique(),
    region: bytewise("region")
      .notNull()
      .references(() => region.code),
    issuedOn: date("issued_on", { mode: "string" }).notNull(),
  },
  (t) => [
    index("family_card_region").on(t.region),
    check("family_card_number", sql.raw(`number ${SIXTEEN_DIGITS}`)),
    ...policies(),
  ],
);

/** Resident (Dukcapil). `region` is the village of residence today, not the region inside the NIK. */
export const person = populationSchema.table(
  "person",
  {
    id: uuid("id").primaryKey(),
    nik: bigintText("nik").notNull().unique(),
    fullName: bytewise("full_name").notNull(),
    sex: sex("sex").notNull(),
    birthDate: date("birth_date", { mode: "string" }).notNull(),
    birthPlace: text("birth_place").notNull(),
    motherName: text("mother_name").notNull(),
    address: text("address").notNull(),
    region: bytewise("region")
      .notNull()
      .references(() => region.code),
    isAlive: boolean("is_alive").notNull().default(true),
    disability: disability("disability").notNull().default("NONE"),
    /** Null: in service. */
    outOfService: outOfService("out_of_service"),
    familyCardId: uuid("family_card_id").references(() => familyCard.id),
  },
  (t) => [
    index("person_region_birth_date").on(t.region, t.birthDate),
    index("person_family_card").on(t.familyCardId),
    index("person_full_name").on(t.fullName, t.id),
    index("person_birth_date").on(t.birthDate, t.id),
    check("person_nik", sql.raw(`nik ${SIXTEEN_DIGITS}`)),
    ...policies(),
  ],
);

/** Who stood on which card from when to before when; `position` 1 is the head. One card at a time. */
export const familyCardMember = populationSchema.table(
  "family_card_member",
  {
    personId: uuid("person_id")
      .notNull()
      .references(() => person.id),
    familyCardId: uuid("family_card_id")
      .notNull()
      .references(() => familyCard.id),
    validFrom: date("valid_from", { mode: "string" }).notNull(),
    validTo: date("valid_to", { mode: "string" }),
    position: smallint("position").notNull(),
    region: bytewise("region").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.personId, t.familyCardId, t.validFrom] }),
    uniqueIndex("family_card_member_today").on(t.personId).where(sql`valid_to is null`),
    index("family_card_member_card").on(t.familyCardId, t.position),
    ...policies(),
  ],
);

/** Rows of the agreement of the request: the only ones its verifications may count in. */
const ofTheAgreement = sql.raw("agreement = (current_setting('hub.agreement')::text[])[1]");
const counterPolicies = () => [
  pgPolicy("hub_population_counts", { for: "all", to: "hub_population", using: ofTheAgreement, withCheck: ofTheAgreement }),
  ownedBy("hub_population_owner"),
];

/**
 * Attempts on one subject under one agreement on one day (WIB). `subject` is a keyed tag of agreement, day and what is tried, a NIK or a pair of facts:
 * neither is kept.
 */
export const verificationAttempt = populationSchema.table(
  "verification_attempt",
  {
    agreement: bytewise("agreement").notNull(),
    day: date("day", { mode: "string" }).notNull(),
    subject: bytewise("subject").notNull(),
    attempts: integer("attempts").notNull(),
  },
  (t) => [primaryKey({ columns: [t.agreement, t.day, t.subject] }), ...counterPolicies()],
);

/**
 * Used of one agreement's day (WIB): `persons`, distinct ones under the agreement; `client:<id>`, attempts of one client; `village:<code>` and
 * `network:<tag>`, questions about one village and from one network.
 */
export const verificationCount = populationSchema.table(
  "verification_count",
  {
    agreement: bytewise("agreement").notNull(),
    day: date("day", { mode: "string" }).notNull(),
    counted: bytewise("counted").notNull(),
    used: integer("used").notNull(),
  },
  (t) => [primaryKey({ columns: [t.agreement, t.day, t.counted] }), ...counterPolicies()],
);

export const syntheticSeed = populationSchema.table("synthetic_seed", seedMarker());
