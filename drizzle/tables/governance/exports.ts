import { sql } from "drizzle-orm";
import { bigint, check, index, integer, json, pgPolicy, text, uuid } from "drizzle-orm/pg-core";
import { bytewise } from "../columns.ts";
import { agreement } from "./agreement.ts";
import { bytea, client, governanceSchema, instant, steward, word } from "./governance.ts";

// Files of rows that gateways make for partners, one question after the other.

export const EXPORT_STATES = ["queued", "running", "ready", "expired", "failed"] as const;

/** A file that was asked for. Written by gateways; holds nobody's data, but the key of the file that does. */
export const exportJob = governanceSchema.table(
  "export_job",
  {
    id: uuid("id").primaryKey(),
    clientId: bytewise("client_id")
      .notNull()
      .references(() => client.id),
    /** Who acted through the client; null: nobody did, and no person may have the file. */
    officerId: bytewise("officer_id").references(() => steward.id),
    agreementNumber: bytewise("agreement_number")
      .notNull()
      .references(() => agreement.number),
    /** Under which it was asked: under another the file is not made, nor given out. */
    version: integer("version").notNull(),
    caseNumber: text("case_number"),
    note: text("note"),
    /** The asker's, as the agreement judges it. */
    address: text("address").notNull(),
    /** Dataset, columns, filter, format and how it is written. */
    wanted: json("wanted").notNull(),
    askedAt: instant("asked_at").notNull().default(sql`clock_timestamp()`),
    state: text("state", { enum: EXPORT_STATES }).notNull().default("queued"),
    /** Why it failed. */
    code: text("code"),
    /** Rows written so far. */
    rows: bigint("rows", { mode: "bigint" }).notNull().default(sql`0`),
    attempts: integer("attempts").notNull().default(0),
    /** The one under way or the one that came to its end; its file is named after it … */
    attempt: uuid("attempt"),
    /** … and sealed with this: once it is gone, nobody reads the file, wherever a copy lies. */
    key: bytea("key"),
    leasedUntil: instant("leased_until"),
    manifest: json("manifest"),
    expiresAt: instant("expires_at"),
  },
  (t) => [
    index("export_job_asker").on(t.clientId, t.askedAt),
    index("export_job_open").on(t.state).where(sql`state in ('queued', 'running', 'ready')`),
    word("state", EXPORT_STATES),
    check(
      "export_job_key",
      sql`(state in ('running', 'ready')) = (key is not null) and (key is null) = (attempt is null) and octet_length(key) = 32`,
    ),
    check("export_job_leased", sql`(state = 'running') = (leased_until is not null)`),
    check("export_job_failed", sql`(state = 'failed') = (code is not null)`),
    check(
      "export_job_made",
      sql`(state in ('ready', 'expired')) = (manifest is not null) and (manifest is null) = (expires_at is null)`,
    ),
    pgPolicy("hub_gateway_writes", { for: "all", to: "hub_gateway", using: sql`true`, withCheck: sql`true` }),
    pgPolicy("hub_governance_owner_all", { for: "all", to: "hub_governance_owner", using: sql`true`, withCheck: sql`true` }),
  ],
);
