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

/**
 * Rows in scope that also meet `conditions`, told as one. Of what compares a column with settings PostgreSQL can only guess how many rows it leaves, and
 * guesses few of each: together one of 190,000 enrolments, so that for a page of 20 it read and sorted them all. Of a whole coalesce it guesses half.
 */
const inScopeAnd = (conditions: string): SQL => sql.raw(`(${inRegions}) and coalesce(${conditions}, false)`);

/**
 * Rows of a household in scope, its decile (`decile`: column) within hub.decile_max, never ranked counting as 100; of those an officer of the registry sees
 * where a duty is held, and a data subject the households they live in (`household`: column with its id).
 */
export const householdRows = (decile: string, household: string): SQL =>
  inScopeAnd(
    `coalesce(${decile}, 100) <= current_setting('hub.decile_max')::int and region ^@ any ((select welfare.seen_regions())::text[]) and coalesce(${household} = any ((select welfare.own_households())::uuid[]), true)`,
  );

/**
 * Rows of workflows in the registry: in scope; of those an officer sees where a duty is held, and a data subject those about themself
 * (`person`: column with the subject's id).
 */
export const registryRows = (person: string): SQL =>
  inScopeAnd(
    `(welfare.officer() is null or region ^@ any ((select welfare.duty_regions())::text[])) and (welfare.citizen() is null or ${person} = welfare.citizen())`,
  );

/**
 * Rows of the aid programs: in scope of regions and programs; of those an officer of programs sees where a duty is held, and a data subject those
 * about themself (`person`: column with the subject's id). The table has columns `region` and `program`.
 */
export const aidRows = (person: string): SQL =>
  inScopeAnd(
    `(current_setting('hub.programs')::text[] && array['*', program]) and (('*|' || region) ^@ any ((select programs.seen_scopes())::text[]) or (program || '|' || region) ^@ any ((select programs.seen_scopes())::text[])) and (programs.citizen() is null or ${person} = programs.citizen())`,
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
