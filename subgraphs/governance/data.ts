import { and, asc, desc, eq, sql } from "drizzle-orm";
import type { Db } from "../../drizzle/client.ts";
import { agreement, agreementVersion, grantRow } from "../../drizzle/tables/governance/agreement.ts";
import { agency, classCeiling, purpose, steward, stewardKey } from "../../drizzle/tables/governance/governance.ts";
import { isInForce } from "../../schema/policy/inForce.ts";
import type { StewardRole } from "../../schema/policy/words.ts";
import { isOneOf } from "../kit/data.ts";
import { validityOf } from "./state.ts";

export type AgencyRow = typeof agency.$inferSelect;
export type PurposeRow = typeof purpose.$inferSelect;
export type GrantRow = typeof grantRow.$inferSelect;
export type CeilingRow = typeof classCeiling.$inferSelect;
/** A version, with the instant at which the clock suspends its agreement. */
export type VersionRow = typeof agreementVersion.$inferSelect & { readonly suspendsAt: string | null };
/** An agreement with the one version that speaks for it now. */
export type AgreementRow = typeof agreement.$inferSelect & { readonly current: VersionRow };
/** Who asks, under what. */
export interface Access {
  readonly client: string;
  readonly agencyCode: string;
  readonly agreementNumber: string;
}

/** A person who acts for an agency. */
export type PersonRow = Pick<typeof steward.$inferSelect, "id" | "agencyCode" | "name"> & {
  readonly roles: readonly StewardRole[];
};

/** All agencies, in order of code. */
export const listAgencies = (db: Db): Promise<AgencyRow[]> => db.select().from(agency).orderBy(asc(agency.code));

/** Agencies by code. Any order. */
export const agenciesByCode = (db: Db, codes: readonly string[]): Promise<AgencyRow[]> =>
  db
    .select()
    .from(agency)
    .where(isOneOf(agency.code, codes, "text"));

/** All purposes, in order of code. */
export const listPurposes = (db: Db): Promise<PurposeRow[]> => db.select().from(purpose).orderBy(asc(purpose.code));

/** Purposes by code. Any order. */
export const purposesByCode = (db: Db, codes: readonly string[]): Promise<PurposeRow[]> =>
  db
    .select()
    .from(purpose)
    .where(isOneOf(purpose.code, codes, "text"));

/** Ceilings of the classes; the whole class before its topics. */
export const listCeilings = (db: Db): Promise<CeilingRow[]> =>
  db.select().from(classCeiling).orderBy(asc(classCeiling.class), sql`${classCeiling.topic} nulls first`);

/** Agreements of an agency, each with its version at `now`, newest first. */
export async function listAgreements(db: Db, now: Date, consumer: string): Promise<AgreementRow[]> {
  const rows = await withCurrentVersion(db, now);
  const own = rows.filter(({ consumerAgency }) => consumerAgency === consumer);
  return own.sort((a, b) => Date.parse(b.current.validFrom) - Date.parse(a.current.validFrom) || (a.number < b.number ? 1 : -1));
}

/** All agreements the asker may see, each with its version at `now`, by number. */
export const everyAgreement = (db: Db, now: Date): Promise<AgreementRow[]> => withCurrentVersion(db, now);

/** Agreements by number, each with its version at `now`. Any order; another agency's is absent, unless a steward asks. */
export const agreementsByNumber = (db: Db, numbers: readonly string[], now: Date): Promise<AgreementRow[]> =>
  withCurrentVersion(db, now, numbers);

async function withCurrentVersion(db: Db, now: Date, numbers?: readonly string[]): Promise<AgreementRow[]> {
  const rows = await db
    .select({ agreement, version: agreementVersion, suspendsAt: sql<string | null>`governance.suspends_at(${agreement.number})` })
    .from(agreement)
    .innerJoin(agreementVersion, eq(agreementVersion.agreementNumber, agreement.number))
    .where(numbers && isOneOf(agreement.number, numbers, "text"))
    .orderBy(agreement.number, desc(agreementVersion.version));
  const current = new Map<string, AgreementRow>();
  for (const { agreement: row, version, suspendsAt } of rows)
    if (!current.has(row.number) || speaks({ ...version, suspendsAt }, now))
      current.set(row.number, { ...row, current: { ...version, suspendsAt } });
  return [...current.values()];
}

/** The version in force speaks for its agreement; without one the newest does. */
const speaks = (version: VersionRow, now: Date): boolean => isInForce(validityOf(version), now.getTime());

/** Grants of agreements, by agreement, version and position. */
export const grantsOfAgreements = (db: Db, numbers: readonly string[]): Promise<GrantRow[]> =>
  db
    .select()
    .from(grantRow)
    .where(and(isOneOf(grantRow.agreementNumber, numbers, "text")))
    .orderBy(grantRow.agreementNumber, grantRow.version, grantRow.position);

/** Stewards, each with the roles of all keys that are not retired. Any order. */
export const stewardsById = (db: Db, ids: readonly string[]) => stewardRows(db).where(isOneOf(steward.id, ids, "text"));

/** All of them, by id; of one id that one or none. */
export const listStewards = (db: Db, id: string | null) =>
  stewardRows(db)
    .where(id === null ? undefined : eq(steward.id, id))
    .orderBy(asc(steward.id));

const stewardRows = (db: Db) =>
  db
    .select({
      id: steward.id,
      agencyCode: steward.agencyCode,
      name: steward.name,
      status: steward.status,
      roles: sql<StewardRole[]>`coalesce((select array_agg(distinct role order by role) from ${stewardKey} k, unnest(k.roles) role
        where k.steward_id = ${steward.id} and k.retired_at is null), '{}')`,
    })
    .from(steward);

/** Whoever acts for the asking agency, with the roles of all keys that are not retired; null: nobody does. */
export async function actingPerson(db: Db, id: string | null): Promise<PersonRow | null> {
  if (id === null) return null;
  const [person] = await db.execute<PersonRow>(
    sql`select id, agency_code as "agencyCode", name, roles from governance.acting(${id})`,
  );
  return person ?? null;
}

/** Contact of an agency's data protection officer; null when there is no such agency. */
export async function dpoContactOf(db: Db, code: string): Promise<string | null> {
  const [row] = await db.select({ contact: agency.dpoContact }).from(agency).where(eq(agency.code, code));
  return row?.contact ?? null;
}
