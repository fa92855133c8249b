import { sql } from "drizzle-orm";
import { check, index, integer, pgPolicy, text, timestamp, uuid } from "drizzle-orm/pg-core";
import { bytewise, ownedBy, readableBy, registryRows } from "../columns.ts";
import { welfareSchema } from "./welfare.ts";

const instant = (name: string) => timestamp(name, { withTimezone: true, mode: "string" });

export const EVIDENCE_KINDS = ["NUMBER", "TEXT", "IMAGE", "AUDIO", "VIDEO", "DOCUMENT"] as const;
const STATES = ["ANNOUNCED", "STORED", "REFUSED"] as const;
const words = (list: readonly string[]) => sql.raw(`'${list.join("', '")}'`);
/** As registryRows, and never without an officer or a person who acts. */
export const actedRows = (person: string) =>
  sql`(welfare.officer() is not null or welfare.citizen() is not null) and ${registryRows(person)}`;
const OWN = actedRows("person_id");

/**
 * What is known of a piece of evidence; its bytes lie in the object store under their SHA-256. Each who announces the same bytes brings them: a hash
 * alone opens nothing. `personId`: the person who announced it; null: an officer did.
 */
export const evidence = welfareSchema.table(
  "evidence",
  {
    id: uuid("id").primaryKey(),
    version: integer("version").notNull().default(1),
    kind: text("kind", { enum: EVIDENCE_KINDS }).notNull(),
    mediaType: bytewise("media_type").notNull(),
    bytes: integer("bytes").notNull(),
    /** Lower-case hexadecimal. */
    sha256: bytewise("sha256").notNull(),
    region: bytewise("region").notNull(),
    /** Opaque id of what it proves. */
    about: uuid("about"),
    personId: uuid("person_id"),
    announcedBy: bytewise("announced_by").notNull(),
    announcedAt: instant("announced_at").notNull(),
    state: text("state", { enum: STATES }).notNull().default("ANNOUNCED"),
    /** Why the bytes were refused. */
    refusal: text("refusal"),
    closedAt: instant("closed_at"),
  },
  (t) => [
    index("evidence_about").on(t.about),
    check("evidence_kind", sql`kind in (${words(EVIDENCE_KINDS)})`),
    check("evidence_state", sql`state in (${words(STATES)})`),
    check("evidence_sha256", sql`sha256 ~ '^[0-9a-f]{64}$'`),
    check("evidence_bytes", sql`bytes between 1 and 20971520`),
    check("evidence_region", sql`region ~ '^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{10})$'`),
    check("evidence_closed", sql`(closed_at is null) = (state = 'ANNOUNCED') and (refusal is not null) = (state = 'REFUSED')`),
    readableBy("hub_welfare", OWN),
    pgPolicy("hub_welfare_announces", { for: "insert", to: "hub_welfare", withCheck: OWN }),
    pgPolicy("hub_welfare_closes", { for: "update", to: "hub_welfare", using: OWN, withCheck: OWN }),
    ownedBy("hub_welfare_owner"),
  ],
);
