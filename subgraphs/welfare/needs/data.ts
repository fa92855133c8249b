import { and, asc, count, desc, eq, isNull, or, type SQL, sql } from "drizzle-orm";
import type { Db } from "../../../drizzle/client.ts";
import { need, needGroup, psksKind, serviceGiven } from "../../../drizzle/tables/welfare/needs.ts";
import { ppksStatus, psksInstitution, psksRole } from "../../../drizzle/tables/welfare/welfare.ts";
import type { RegionRange } from "../../../schema/values/regionCode.ts";
import { isBehind, isInRegions, isOneOf, uuids } from "../../kit/data.ts";
import type { Count } from "../../kit/figures/release.ts";
import type { Window } from "../../kit/page.ts";
import type { PsksInstitutionRow, PsksRoleRow } from "../data.ts";
import type { NeedKind } from "../generated.ts";

export type NeedRow = typeof need.$inferSelect;
export type NeedGroupRow = typeof needGroup.$inferSelect;
export type ServiceRow = typeof serviceGiven.$inferSelect;
export type PsksKindRow = typeof psksKind.$inferSelect;

/** Needs by id. Any order. */
export const needsById = (db: Db, ids: readonly string[]): Promise<NeedRow[]> =>
  db
    .select()
    .from(need)
    .where(isOneOf(need.id, uuids(ids), "uuid"));

/** Needs of members that the asker's office handles, newest first within each. */
export const needsOfMembers = (db: Db, memberIds: readonly string[]): Promise<NeedRow[]> =>
  db
    .select()
    .from(need)
    .where(isOneOf(need.memberId, uuids(memberIds), "uuid"))
    .orderBy(need.memberId, desc(need.since), need.id);

const isEnded = sql<number>`(${need.until} is not null)::int`;

/** Needs that an office handles in regions. No region, no need: answered without SQL. */
export interface NeedList {
  readonly unit: string;
  readonly regions: readonly RegionRange[];
}

/** One window of a list, open needs first, then by id. */
export async function listNeeds(db: Db, { unit, regions }: NeedList, { limit, after }: Window): Promise<NeedRow[]> {
  if (regions.length === 0) return [];
  return db
    .select()
    .from(need)
    .where(and(eq(need.unit, unit), isInRegions(need.region, regions), isBehind([isEnded, need.id], after)))
    .orderBy(isEnded, asc(need.id))
    .limit(limit);
}

/** Length of a list. */
export async function countNeeds(db: Db, { unit, regions }: NeedList): Promise<number> {
  if (regions.length === 0) return 0;
  const [row] = await db
    .select({ n: count() })
    .from(need)
    .where(and(eq(need.unit, unit), isInRegions(need.region, regions)));
  return row?.n ?? 0;
}

/** Groups by id. Any order. */
export const groupsById = (db: Db, ids: readonly string[]): Promise<NeedGroupRow[]> =>
  db
    .select()
    .from(needGroup)
    .where(isOneOf(needGroup.id, uuids(ids), "uuid"));

/** Services given for needs, newest first within each. */
export const servicesOfNeeds = (db: Db, ids: readonly string[]): Promise<ServiceRow[]> =>
  db
    .select()
    .from(serviceGiven)
    .where(isOneOf(serviceGiven.needId, uuids(ids), "uuid"))
    .orderBy(serviceGiven.needId, desc(serviceGiven.on), serviceGiven.id);

/** Persons on record with each kind in regions, exact: MUST go through releaseNeeds() before anybody sees them. In order of the kinds. */
export async function countPersonsByKind(db: Db, regions: readonly RegionRange[]): Promise<Count<NeedKind>[]> {
  if (regions.length === 0) return [];
  return db
    .select({ of: ppksStatus.kind, n: count() })
    .from(ppksStatus)
    .where(isInRegions(ppksStatus.region, regions))
    .groupBy(ppksStatus.kind)
    .orderBy(asc(ppksStatus.kind));
}

export const insertGroup = (db: Db, row: typeof needGroup.$inferInsert) => db.insert(needGroup).values(row);

/** Writes a need; the rules of the database say who may. */
export async function insertNeed(db: Db, row: typeof need.$inferInsert): Promise<NeedRow | undefined> {
  return (await db.insert(need).values(row).returning())[0];
}

/** Ends a need as it was read; undefined when it is another version by now. */
export async function endNeed(
  db: Db,
  { id, version }: Pick<NeedRow, "id" | "version">,
  set: { readonly until: string; readonly endReason: string },
): Promise<NeedRow | undefined> {
  return (
    await db
      .update(need)
      .set(set)
      .where(and(eq(need.id, id), eq(need.version, version)))
      .returning()
  )[0];
}

export const insertService = (db: Db, row: typeof serviceGiven.$inferInsert) => db.insert(serviceGiven).values(row);

/** Kinds of PSKS by code. Any order. */
export const psksKindsByCode = (db: Db, codes: readonly string[]): Promise<PsksKindRow[]> =>
  db
    .select()
    .from(psksKind)
    .where(isOneOf(psksKind.code, codes, "text"));

/** Kinds that count in a region (null: all), by code. */
export const listPsksKinds = (db: Db, region: string | null): Promise<PsksKindRow[]> =>
  db
    .select()
    .from(psksKind)
    .where(region === null ? undefined : or(isNull(psksKind.region), sql`starts_with(${region}, ${psksKind.region})`))
    .orderBy(asc(psksKind.code));

export async function insertPsksKind(db: Db, row: typeof psksKind.$inferInsert): Promise<PsksKindRow | undefined> {
  return (await db.insert(psksKind).values(row).returning())[0];
}

export interface PsksList {
  readonly kind: string | null;
  /** Of institutions; null: all, for they are public. */
  readonly seats: RegionRange | null;
  /** Of persons: the agreement's, narrowed. */
  readonly homes: readonly RegionRange[];
}

/** Institutions of a list in order of id. */
export const institutionsOf = (db: Db, list: PsksList, { limit, after }: Window): Promise<PsksInstitutionRow[]> =>
  db
    .select()
    .from(psksInstitution)
    .where(and(isSeat(list), isBehind([psksInstitution.id], after)))
    .orderBy(asc(psksInstitution.id))
    .limit(limit);

/** Roles of a list in order of person and kind. No region, no role: answered without SQL. */
export async function rolesOf(db: Db, list: PsksList, { limit, after }: Window): Promise<PsksRoleRow[]> {
  if (list.homes.length === 0) return [];
  return db
    .select()
    .from(psksRole)
    .where(and(isRole(list), isBehind([psksRole.personId, psksRole.kind], after)))
    .orderBy(asc(psksRole.personId), asc(psksRole.kind))
    .limit(limit);
}

/** How many institutions and roles a list has together. */
export async function countPsks(db: Db, list: PsksList): Promise<number> {
  const [seats] = await db.select({ n: count() }).from(psksInstitution).where(isSeat(list));
  if (list.homes.length === 0) return seats?.n ?? 0;
  const [roles] = await db.select({ n: count() }).from(psksRole).where(isRole(list));
  return (seats?.n ?? 0) + (roles?.n ?? 0);
}

const isSeat = ({ kind, seats }: PsksList): SQL | undefined =>
  and(
    kind === null ? undefined : eq(psksInstitution.kind, kind),
    seats === null ? undefined : isInRegions(psksInstitution.region, [seats]),
  );
const isRole = ({ kind, homes }: PsksList): SQL | undefined =>
  and(kind === null ? undefined : eq(psksRole.kind, kind), isInRegions(psksRole.region, homes));

export async function insertInstitution(
  db: Db,
  row: typeof psksInstitution.$inferInsert,
): Promise<PsksInstitutionRow | undefined> {
  return (await db.insert(psksInstitution).values(row).returning())[0];
}
export async function insertRole(db: Db, row: typeof psksRole.$inferInsert): Promise<PsksRoleRow | undefined> {
  return (await db.insert(psksRole).values(row).returning())[0];
}
