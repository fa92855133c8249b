import { and, asc, count, desc, eq, exists, inArray, isNull, lte, ne, type SQL, sql } from "drizzle-orm";
import { type Db, NO_DECILE_LIMIT } from "../../drizzle/client.ts";
import {
  decileCount,
  family,
  household,
  member,
  ppksStatus,
  psksInstitution,
  psksRole,
  ranking,
  registryVersion,
} from "../../drizzle/tables/welfare/welfare.ts";
import type { RegionRange } from "../../schema/values/regionCode.ts";
import { isBehind, isInRegions, isOneOf, uuids } from "../kit/data.ts";
import type { Position, Window } from "../kit/page.ts";
import type { Clocks } from "./registry/clocks.ts";
import type { Cell } from "./release.ts";

/** An entry of the registry. `at`: the two clocks it was read at, which what hangs on it follows; absent: today as known now. */
type Entry<Row> = Row & { readonly at?: Clocks };
export type HouseholdRow = Entry<typeof household.$inferSelect>;
export type FamilyRow = Entry<typeof family.$inferSelect>;
export type MemberRow = Entry<typeof member.$inferSelect>;
export type RegistryVersionRow = typeof registryVersion.$inferSelect;
export type PsksRoleRow = typeof psksRole.$inferSelect;
export type PsksInstitutionRow = typeof psksInstitution.$inferSelect;
/** Somebody or something whose row another slice owns. */
export interface Ref {
  readonly id: string;
}

/** Households by id. Any order; what is unknown or out of scope is absent. */
export const householdsById = (db: Db, ids: readonly string[]): Promise<HouseholdRow[]> =>
  db
    .select()
    .from(household)
    .where(isOneOf(household.id, uuids(ids), "uuid"));

/** A list of households. No region, no household: answered without SQL. */
export interface HouseholdList {
  readonly regions: readonly RegionRange[];
  /** Decile ceiling of the agreement; NO_DECILE_LIMIT opens the never ranked too. */
  readonly decileMax: number;
  readonly filter: HouseholdFilter;
  readonly order: HouseholdOrder;
}
export interface HouseholdFilter {
  readonly decileAtMost?: number | null;
  readonly matchStatus?: MemberRow["matchStatus"] | null;
  readonly incomeAtMost?: string | null;
}

const SORTED_BY = { DECILE: household.decile, INCOME: household.monthlyIncome } as const;
export type HouseholdOrder = "ID" | keyof typeof SORTED_BY;

/** Where a household stands in an ordering. */
export function householdPosition(order: HouseholdOrder, { id, decile, monthlyIncome }: HouseholdRow): Position {
  if (order === "ID") return [id];
  return [order === "DECILE" ? decile : monthlyIncome, id];
}

/** One window of a list, in its order: unknown values last, then by id. */
export async function listHouseholds(db: Db, list: HouseholdList, { limit, after }: Window): Promise<HouseholdRow[]> {
  if (list.regions.length === 0) return [];
  const column = list.order === "ID" ? null : SORTED_BY[list.order];
  const rows = (isNext: SQL | undefined, most: number) =>
    db
      .select()
      .from(household)
      .where(and(isListed(list), isNext))
      .orderBy(...(column === null ? [] : [asc(column)]), asc(household.id))
      .limit(most);
  if (column === null || after === null) return rows(isBehind([household.id], after), limit);
  const [value = null, id = null] = after;
  // an index finds its place by one comparison of rows, and not where "or unknown" stands beside it: a deep page would read all pages before it
  const known = value === null ? [] : await rows(isBehind([column, household.id], after), limit);
  if (known.length === limit) return known;
  const unknown = await rows(
    and(isNull(column), value === null ? isBehind([household.id], [id]) : undefined),
    limit - known.length,
  );
  return [...known, ...unknown];
}

/** Length of a list. */
export async function countHouseholds(db: Db, list: HouseholdList): Promise<number> {
  if (list.regions.length === 0) return 0;
  const [row] = await db.select({ n: count() }).from(household).where(isListed(list));
  return row?.n ?? 0;
}

function isListed({ regions, decileMax, filter: { decileAtMost, matchStatus, incomeAtMost } }: HouseholdList): SQL | undefined {
  return and(
    isInRegions(household.region, regions),
    decileMax < NO_DECILE_LIMIT ? lte(household.decile, decileMax) : undefined,
    decileAtMost == null ? undefined : lte(household.decile, decileAtMost),
    incomeAtMost == null ? undefined : lte(household.monthlyIncome, incomeAtMost),
    matchStatus == null ? undefined : exists(sql`(select from ${member} where ${withStatus(matchStatus)})`),
  );
}

const withStatus = (status: MemberRow["matchStatus"]): SQL | undefined =>
  and(eq(member.householdId, household.id), eq(member.matchStatus, status));

/** Members of households, by family and suffix within each. */
export async function membersOfHouseholds(db: Db, householdIds: readonly string[]): Promise<MemberRow[]> {
  const rows = await db
    .select({ member })
    .from(member)
    .innerJoin(family, and(eq(family.id, member.familyId), eq(family.householdId, member.householdId)))
    .where(isOneOf(member.householdId, uuids(householdIds), "uuid"))
    .orderBy(member.householdId, family.numberInHousehold, member.suffix);
  return rows.map((row) => row.member);
}

/** Members by id. Any order. */
export const membersById = (db: Db, ids: readonly string[]): Promise<MemberRow[]> =>
  db
    .select()
    .from(member)
    .where(isOneOf(member.id, uuids(ids), "uuid"));

/** Members of families, by suffix within each. */
export const membersOfFamilies = (db: Db, familyIds: readonly string[]): Promise<MemberRow[]> =>
  db
    .select()
    .from(member)
    .where(isOneOf(member.familyId, uuids(familyIds), "uuid"))
    .orderBy(member.familyId, member.suffix);

/** Registry entries matched to persons, by id within each person. MERGED ones are of families they have left: not for a data subject, who reads their own. */
export const membersOfPersons = (
  db: Db,
  personIds: readonly string[],
  { isToldMerged }: { readonly isToldMerged: boolean },
): Promise<MemberRow[]> =>
  db
    .select()
    .from(member)
    .where(and(isOneOf(member.personId, uuids(personIds), "uuid"), isToldMerged ? undefined : ne(member.state, "MERGED")))
    .orderBy(member.personId, member.id);

/** Families by id. Any order. */
export const familiesById = (db: Db, ids: readonly string[]): Promise<FamilyRow[]> =>
  db
    .select()
    .from(family)
    .where(isOneOf(family.id, uuids(ids), "uuid"));

/** Rank of a household in one version. */
export interface DecileRow {
  readonly householdId: string;
  readonly decile: number | null;
  readonly version: RegistryVersionRow;
}

/** Ranks of households in every version that ranked them, newest first within each. */
export const decilesOfHouseholds = (db: Db, householdIds: readonly string[]): Promise<DecileRow[]> =>
  db
    .select({ householdId: ranking.householdId, decile: ranking.decile, version: registryVersion })
    .from(ranking)
    .innerJoin(registryVersion, eq(registryVersion.id, ranking.versionId))
    .where(isOneOf(ranking.householdId, uuids(householdIds), "uuid"))
    .orderBy(ranking.householdId, desc(registryVersion.publishedOn), desc(registryVersion.id));

/** What a kind of need tells of whoever has it. All 26 of Permensos 8/2012, in its order. */
const TELLS = {
  NEGLECTED_TODDLER: ["CHILD"],
  NEGLECTED_CHILD: ["CHILD"],
  CHILD_IN_CONFLICT_WITH_LAW: ["CHILD", "STIGMA"],
  STREET_CHILD: ["CHILD"],
  CHILD_WITH_DISABILITY: ["CHILD", "DISABILITY"],
  CHILD_VICTIM_OF_VIOLENCE: ["CHILD", "STIGMA"],
  CHILD_NEEDING_PROTECTION: ["CHILD"],
  NEGLECTED_ELDER: [],
  PERSON_WITH_DISABILITY: ["DISABILITY"],
  SEX_WORKER: ["STIGMA"],
  HOMELESS: [],
  BEGGAR: [],
  SCAVENGER: [],
  MINORITY_GROUP: ["STIGMA"],
  FORMER_PRISONER: ["STIGMA"],
  PERSON_WITH_HIV: ["STIGMA"],
  DRUG_VICTIM: ["STIGMA"],
  TRAFFICKING_VICTIM: ["STIGMA"],
  VIOLENCE_VICTIM: ["STIGMA"],
  TROUBLED_MIGRANT_WORKER: [],
  NATURAL_DISASTER_VICTIM: [],
  SOCIAL_DISASTER_VICTIM: [],
  VULNERABLE_WOMAN: [],
  POOR: [],
  TROUBLED_FAMILY: [],
  REMOTE_COMMUNITY: [],
} as const satisfies Readonly<Record<Kind, readonly ToldFlag[]>>;
type Kind = typeof ppksStatus.$inferSelect.kind;
type ToldFlag = "CHILD" | "DISABILITY" | "STIGMA";

/** A kind is answered unless it tells a stigma or a disability: those are on record and never leave this file but as flags. */
type Answered = { [K in Kind]: (typeof TELLS)[K][number] extends "CHILD" ? K : never }[Kind];
const isAnswered = (kind: Kind): kind is Answered => TELLS[kind].every((flag) => flag === "CHILD");
export const ANSWERED_PPKS_KINDS: readonly Answered[] = (Object.keys(TELLS) as Kind[]).filter(isAnswered);

/** One kind of need of a member. */
export interface PpksRow {
  readonly memberId: string;
  readonly kind: Answered;
  readonly since: string;
}

/** Needs of members that may be told, oldest first within each. */
export async function ppksOfMembers(db: Db, memberIds: readonly string[]): Promise<PpksRow[]> {
  const rows = await db
    .select({ memberId: ppksStatus.memberId, kind: ppksStatus.kind, since: ppksStatus.since })
    .from(ppksStatus)
    .where(and(isOneOf(ppksStatus.memberId, uuids(memberIds), "uuid"), inArray(ppksStatus.kind, [...ANSWERED_PPKS_KINDS])))
    .orderBy(ppksStatus.memberId, ppksStatus.since, ppksStatus.kind);
  return rows as PpksRow[];
}

/** What all needs on record tell of members, withheld ones too. Any order; a flag comes as often as it is told. */
export async function flagsToldOfMembers(
  db: Db,
  memberIds: readonly string[],
): Promise<{ readonly memberId: string; readonly flag: ToldFlag }[]> {
  const rows = await db
    .select({ memberId: ppksStatus.memberId, kind: ppksStatus.kind })
    .from(ppksStatus)
    .where(isOneOf(ppksStatus.memberId, uuids(memberIds), "uuid"));
  return rows.flatMap(({ memberId, kind }) => TELLS[kind].map((flag) => ({ memberId, flag })));
}

/** Roles of persons among the social-welfare potential, oldest first within each. */
export const psksRolesOfPersons = (db: Db, personIds: readonly string[]): Promise<PsksRoleRow[]> =>
  db
    .select()
    .from(psksRole)
    .where(isOneOf(psksRole.personId, uuids(personIds), "uuid"))
    .orderBy(psksRole.personId, psksRole.since, psksRole.kind);

/** Institutions by id. Any order. */
export const psksInstitutionsById = (db: Db, ids: readonly string[]): Promise<PsksInstitutionRow[]> =>
  db
    .select()
    .from(psksInstitution)
    .where(isOneOf(psksInstitution.id, uuids(ids), "uuid"));

/** One window of the institutions of a region, in order of id; null: of the whole country (they are public). */
export const listPsksInstitutions = (
  db: Db,
  region: RegionRange | null,
  { limit, after }: Window,
): Promise<PsksInstitutionRow[]> =>
  db
    .select()
    .from(psksInstitution)
    .where(and(isSeatedIn(region), isBehind([psksInstitution.id], after)))
    .orderBy(asc(psksInstitution.id))
    .limit(limit);

/** How many institutions a region has. */
export async function countPsksInstitutions(db: Db, region: RegionRange | null): Promise<number> {
  const [row] = await db.select({ n: count() }).from(psksInstitution).where(isSeatedIn(region));
  return row?.n ?? 0;
}

const isSeatedIn = (region: RegionRange | null): SQL | undefined =>
  region === null ? undefined : isInRegions(psksInstitution.region, [region]);

/** All registry versions, newest first. */
export const listRegistryVersions = (db: Db): Promise<RegistryVersionRow[]> =>
  db.select().from(registryVersion).orderBy(desc(registryVersion.publishedOn), desc(registryVersion.id));

/** Registry versions by id. Any order. */
export const registryVersionsById = (db: Db, ids: readonly string[]): Promise<RegistryVersionRow[]> =>
  db
    .select()
    .from(registryVersion)
    .where(isOneOf(registryVersion.id, ids, "text"));

/** One version with its exact counts, which MUST go through release() before anybody sees them. Null when there is no such version. */
export async function versionWithCounts(
  db: Db,
  id: string | null,
): Promise<{ version: RegistryVersionRow; cells: Cell[] } | null> {
  const newest = sql`(select id from ${registryVersion} where basis = 'DTSEN' order by published_on desc, id desc limit 1)`;
  const rows = await db
    .select({ version: registryVersion, cell: { decile: decileCount.decile, households: decileCount.households } })
    .from(registryVersion)
    .leftJoin(decileCount, eq(decileCount.versionId, registryVersion.id))
    .where(id === null ? sql`${registryVersion.id} = ${newest}` : eq(registryVersion.id, id));
  const [first] = rows;
  return first
    ? { version: first.version, cells: rows.flatMap(({ cell }) => (cell?.households == null ? [] : [cell as Cell])) }
    : null;
}
