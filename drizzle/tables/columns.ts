import { type SQL, sql } from "drizzle-orm";
import { customType, integer, pgPolicy, text } from "drizzle-orm/pg-core";

type AsText = { data: string; driverData: string };

/** `bigint` in the database, a string here: numbers of Papua (91–96) exceed 2^53, so a JavaScript number would change them. */
export const bigintText = customType<AsText>({ dataType: () => "bigint" });

/** Text compared byte by byte: external servers have other default collations, and row scope relies on `:` following `9`. */
export const bytewise = customType<AsText>({ dataType: () => 'text collate "C"' });

const SETTING = "(current_setting('hub.regions')::text[])";
const inRegions = [1, 3, 5, 7].map((i) => `(region >= ${SETTING}[${i}] and region < ${SETTING}[${i + 1}])`).join(" or ");

/** Rows whose `region` lies in one of the ranges of hub.regions. A missing setting raises: `''::text[]` is malformed. */
export const regionInScope = (): SQL => sql.raw(inRegions);

/** As regionInScope, and the household's decile within hub.decile_max; never ranked counts as 100. */
export const regionAndDecileInScope = (column: string): SQL =>
  sql.raw(`(${inRegions}) and coalesce(${column}, 100) <= current_setting('hub.decile_max')::int`);

/**
 * Rows of workflows in the registry: in scope; of those an officer sees where a duty is held, and a data subject those about themself
 * (`person`: column with the subject's id).
 */
export const registryRows = (person: string): SQL =>
  sql.raw(
    `(${inRegions}) and (welfare.officer() is null or region ^@ any ((select welfare.duty_regions())::text[])) and (welfare.citizen() is null or ${person} = welfare.citizen())`,
  );

/**
 * Rows of the aid programs: in scope of regions and programs; of those an officer of programs sees where a duty is held, and a data subject those
 * about themself (`person`: column with the subject's id). The table has columns `region` and `program`.
 */
export const aidRows = (person: string): SQL =>
  sql.raw(
    `(${inRegions}) and (current_setting('hub.programs')::text[] && array['*', program]) and (('*|' || region) ^@ any ((select programs.seen_scopes())::text[]) or (program || '|' || region) ^@ any ((select programs.seen_scopes())::text[])) and (programs.citizen() is null or ${person} = programs.citizen())`,
  );

/** What the role of a slice may read. */
export const readableBy = (role: string, using: SQL) => pgPolicy(`${role}_reads`, { for: "select", to: role, using });

/** Row-level security is forced, so migrations and seeds of the owner need a policy too: without it they see no row and say nothing. */
export const ownedBy = (role: string) =>
  pgPolicy(`${role}_all`, { for: "all", to: role, using: sql`true`, withCheck: sql`true` });

/** Markers of the loaded synthetic batches: each written in the transaction that loaded its rows, so present means loaded, whole. */
export const seedMarker = () => ({
  batch: integer("batch").primaryKey(),
  seed: text("seed").notNull(),
  households: integer("households").notNull(),
  persons: integer("persons").notNull(),
});
