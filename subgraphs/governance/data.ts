import { and, asc, desc, eq, sql } from "drizzle-orm";
import type { Db } from "../../drizzle/client.ts";
import { agency, agreement, agreementVersion, classCeiling, grantRow, purpose } from "../../drizzle/tables/governance.ts";
import { isInForce } from "../../schema/policy/inForce.ts";
import { isOneOf } from "../kit/data.ts";

export type AgencyRow = typeof agency.$inferSelect;
export type PurposeRow = typeof purpose.$inferSelect;
export type GrantRow = typeof grantRow.$inferSelect;
export type CeilingRow = typeof classCeiling.$inferSelect;
type VersionRow = typeof agreementVersion.$inferSelect;
/** An agreement with the one version that speaks for it now. */
export type AgreementRow = typeof agreement.$inferSelect & { readonly current: VersionRow };
/** Who asks, under what. */
export interface Access {
  readonly client: string;
  readonly agencyCode: string;
  readonly agreementNumber: string;
}

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

/** Agreements of the asking agency (row-level security shows no other), each with its version at `now`, newest first. */
export async function listAgreements(db: Db, now: Date): Promise<AgreementRow[]> {
  const rows = await withCurrentVersion(db, now);
  return rows.sort((a, b) => Date.parse(b.current.validFrom) - Date.parse(a.current.validFrom) || (a.number < b.number ? 1 : -1));
}

/** Agreements by number, each with its version at `now`. Any order; another agency's is absent. */
export const agreementsByNumber = (db: Db, numbers: readonly string[], now: Date): Promise<AgreementRow[]> =>
  withCurrentVersion(db, now, numbers);

async function withCurrentVersion(db: Db, now: Date, numbers?: readonly string[]): Promise<AgreementRow[]> {
  const rows = await db
    .select()
    .from(agreement)
    .innerJoin(agreementVersion, eq(agreementVersion.agreementNumber, agreement.number))
    .where(numbers && isOneOf(agreement.number, numbers, "text"))
    .orderBy(agreement.number, desc(agreementVersion.version));
  const current = new Map<string, AgreementRow>();
  for (const { agreement: row, agreement_version: version } of rows)
    if (!current.has(row.number) || speaks(version, now)) current.set(row.number, { ...row, current: version });
  return [...current.values()];
}

/** The version in force speaks for its agreement; without one the newest does. */
const speaks = ({ state, validFrom, validTo }: VersionRow, now: Date): boolean =>
  isInForce({ state, validFrom: Date.parse(validFrom), validTo: Date.parse(validTo) }, now.getTime());

/** Grants of agreements, by agreement, version and position. */
export const grantsOfAgreements = (db: Db, numbers: readonly string[]): Promise<GrantRow[]> =>
  db
    .select()
    .from(grantRow)
    .where(and(isOneOf(grantRow.agreementNumber, numbers, "text")))
    .orderBy(grantRow.agreementNumber, grantRow.version, grantRow.position);
