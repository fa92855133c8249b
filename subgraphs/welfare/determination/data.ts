import { and, asc, count, desc, eq, gt, inArray, isNull, lte, or, type SQL, sql } from "drizzle-orm";
import type { Db } from "../../../drizzle/client.ts";
import {
  determination,
  determinationChange,
  determinationPart,
  determinationTally,
  determined,
} from "../../../drizzle/tables/welfare/determination.ts";
import { registryVersion } from "../../../drizzle/tables/welfare/welfare.ts";
import type { RegionRange } from "../../../schema/values/regionCode.ts";
import { isBehind, isInRegions, isOneOf, uuids } from "../../kit/data.ts";
import type { Window } from "../../kit/page.ts";

export type DeterminationRow = typeof determination.$inferSelect;
export type DeterminedRow = typeof determined.$inferSelect;
export type DeterminationChangeRow = typeof determinationChange.$inferSelect;
export type TallyRow = Pick<typeof determinationTally.$inferSelect, "kind" | "reason" | "members">;
export type Basis = DeterminationRow["basis"];

/** The newest published version of a basis that ranks anybody. */
export async function newestVersion(db: Db, basis: Basis): Promise<string | undefined> {
  const [row] = await db
    .select({ id: registryVersion.id })
    .from(registryVersion)
    .where(eq(registryVersion.basis, basis))
    .orderBy(desc(registryVersion.publishedOn), desc(registryVersion.id))
    .limit(1);
  return row?.id;
}

type Draft = Pick<
  DeterminationRow,
  "id" | "basis" | "month" | "preparedBy" | "preparedAt" | "note" | "registryVersion" | "knownAt" | "povertyThreshold"
>;

/** Writes a draft; the rules of the database say who may, and which month. */
export async function insertDraft(db: Db, draft: Draft): Promise<DeterminationRow | undefined> {
  // the columns that the role may write, no more: drizzle would name all
  const { id, basis, month, preparedBy, preparedAt, note, registryVersion: version, knownAt, povertyThreshold } = draft;
  await db.execute(
    sql`insert into ${determination} (id, basis, month, state, prepared_by, prepared_at, note, registry_version, known_at, poverty_threshold)
      values (${id}, ${basis}, ${month}, 'DRAFT', ${preparedBy}, ${preparedAt}, ${note}, ${version}, ${knownAt}, ${povertyThreshold})`,
  );
  return (await determinationsById(db, [id]))[0];
}

type Decision = Partial<Pick<DeterminationRow, "decreeNumber" | "decreeHash" | "signedBy" | "signedAt">> & {
  readonly state: "WITHDRAWN" | "QUEUED";
};

/** Withdraws or signs a determination as it was read, in one of `states`; undefined: it is none of this version any more. */
export async function decide(
  db: Db,
  { id, version, states }: Pick<DeterminationRow, "id" | "version"> & { readonly states: readonly DeterminationRow["state"][] },
  decision: Decision,
): Promise<DeterminationRow | undefined> {
  const [row] = await db
    .update(determination)
    .set(decision)
    .where(
      and(
        isOneOf(determination.id, uuids([id]), "uuid"),
        eq(determination.version, version),
        inArray(determination.state, [...states]),
      ),
    )
    .returning();
  return row;
}

/** Wakes the job of a determination signed with this very decree; undefined: there is none that waits for its job. */
export async function wakeSigned(
  db: Db,
  { id, decreeNumber, decreeHash }: { readonly id: string; readonly decreeNumber: string; readonly decreeHash: string },
): Promise<DeterminationRow | undefined> {
  const isSigned = and(eq(determination.decreeNumber, decreeNumber), eq(determination.decreeHash, decreeHash));
  const [row] = await db
    .update(determination)
    .set({ state: "QUEUED" })
    .where(and(isOneOf(determination.id, uuids([id]), "uuid"), eq(determination.state, "QUEUED"), isSigned))
    .returning();
  return row;
}

/** Determinations by id. Any order. */
export const determinationsById = (db: Db, ids: readonly string[]): Promise<DeterminationRow[]> =>
  db
    .select()
    .from(determination)
    .where(isOneOf(determination.id, uuids(ids), "uuid"));

/** One window of a basis's determinations, newest month first; of drafts withdrawn in a month, by id. */
export const listDeterminations = (db: Db, basis: Basis, { limit, after }: Window): Promise<DeterminationRow[]> =>
  db
    .select()
    .from(determination)
    .where(
      and(
        eq(determination.basis, basis),
        after === null ? undefined : sql`(${determination.month}, ${determination.id}) < (${after[0]}, ${after[1]})`,
      ),
    )
    .orderBy(desc(determination.month), desc(determination.id))
    .limit(limit);

/** How many determinations of a basis the asker may see. */
export async function countDeterminations(db: Db, basis: Basis): Promise<number> {
  const [row] = await db.select({ n: count() }).from(determination).where(eq(determination.basis, basis));
  return row?.n ?? 0;
}

/** The determination of a month, as known at an instant. */
export async function determinationOf(
  db: Db,
  { basis, month }: Pick<DeterminationRow, "basis" | "month">,
  knownAt: string,
): Promise<DeterminationRow | undefined> {
  const isKnown = and(eq(determination.state, "DETERMINED"), lte(determination.determinedAt, knownAt));
  const [row] = await db
    .select()
    .from(determination)
    .where(and(eq(determination.basis, basis), eq(determination.month, month), isKnown));
  return row;
}

/** Rows of `determined` that hold in a determination in force. */
const holdsIn = (): SQL | undefined =>
  and(
    eq(determined.basis, determination.basis),
    lte(determined.fromMonth, determination.month),
    or(isNull(determined.toMonth), gt(determined.toMonth, determination.month)),
    eq(determination.state, "DETERMINED"),
  );

/** Which rows of a determination: those of these regions. None: the list is empty and needs no SQL. */
export interface RowsOf {
  readonly determination: string;
  readonly regions: readonly RegionRange[];
  readonly kind?: DeterminationChangeRow["kind"] | null;
}

const isMember = ({ determination: id, regions }: RowsOf): SQL | undefined =>
  and(eq(determination.id, id), isInRegions(determined.region, regions));

/** One window of who stands in a determination, by region and member. */
export async function listDetermined(db: Db, list: RowsOf, { limit, after }: Window): Promise<DeterminedRow[]> {
  if (list.regions.length === 0) return [];
  const rows = await db
    .select({ row: determined })
    .from(determined)
    .innerJoin(determination, holdsIn())
    .where(and(isMember(list), isBehind([determined.region, determined.memberId], after)))
    .orderBy(asc(determined.region), asc(determined.memberId))
    .limit(limit);
  return rows.map(({ row }) => row);
}

/** How many stand in a determination. */
export async function countDetermined(db: Db, list: RowsOf): Promise<number> {
  if (list.regions.length === 0) return 0;
  const [row] = await db.select({ n: count() }).from(determined).innerJoin(determination, holdsIn()).where(isMember(list));
  return row?.n ?? 0;
}

const isChange = ({ determination: id, regions, kind }: RowsOf): SQL | undefined =>
  and(
    eq(determinationChange.determinationId, id),
    isInRegions(determinationChange.region, regions),
    kind == null ? undefined : eq(determinationChange.kind, kind),
    sql`exists (select from ${determination} d where d.id = ${determinationChange.determinationId} and d.state = 'DETERMINED')`,
  );

/** One window of a determination's changes, by region and member. */
export async function listChanges(db: Db, list: RowsOf, { limit, after }: Window): Promise<DeterminationChangeRow[]> {
  if (list.regions.length === 0) return [];
  return db
    .select()
    .from(determinationChange)
    .where(and(isChange(list), isBehind([determinationChange.region, determinationChange.memberId], after)))
    .orderBy(asc(determinationChange.region), asc(determinationChange.memberId))
    .limit(limit);
}

/** How many changed. */
export async function countChanges(db: Db, list: RowsOf): Promise<number> {
  if (list.regions.length === 0) return 0;
  const [row] = await db.select({ n: count() }).from(determinationChange).where(isChange(list));
  return row?.n ?? 0;
}

/**
 * Exact counts of determinations by kind and reason, of the regencies in `regions` (null: of the whole country, to be released); of drafts what would
 * happen. Within a determination by kind and reason.
 */
export async function tallies(
  db: Db,
  ids: readonly string[],
  regions: readonly RegionRange[] | null,
): Promise<(TallyRow & { readonly determinationId: string })[]> {
  if (regions?.length === 0) return [];
  const { kind, reason, members, region, isPreview, determinationId } = determinationTally;
  return db
    .select({ determinationId, kind, reason, members: sql<number>`sum(${members})::int` })
    .from(determinationTally)
    .innerJoin(determination, eq(determination.id, determinationId))
    .where(
      and(
        isOneOf(determinationId, uuids(ids), "uuid"),
        sql`${isPreview} = (${determination.state} = 'DRAFT')`,
        regions === null ? undefined : and(isInRegions(region, regions), sql`welfare.on_duty(null, ${region})`),
      ),
    )
    .groupBy(determinationId, kind, reason)
    .orderBy(asc(kind), asc(reason));
}

/** Whether every regency of each draft has been counted; of one not laid out yet no row. */
export const counted = (
  db: Db,
  ids: readonly string[],
): Promise<{ readonly determinationId: string; readonly isCounted: boolean }[]> => {
  const { determinationId, comparedAt, isPreview } = determinationPart;
  return db
    .select({ determinationId, isCounted: sql<boolean>`bool_and(${comparedAt} is not null)` })
    .from(determinationPart)
    .where(and(isOneOf(determinationId, uuids(ids), "uuid"), eq(isPreview, true)))
    .groupBy(determinationId);
};

/** How members stood in the determination of a month. Any order. */
export async function standingOf(
  db: Db,
  { basis, month }: Pick<DeterminationRow, "basis" | "month">,
  memberIds: readonly string[],
): Promise<DeterminedRow[]> {
  const rows = await db
    .select({ row: determined })
    .from(determined)
    .innerJoin(determination, holdsIn())
    .where(
      and(isOneOf(determined.memberId, uuids(memberIds), "uuid"), eq(determination.basis, basis), eq(determination.month, month)),
    );
  return rows.map(({ row }) => row);
}

/** Number of the decree that determined each member first. Any order. */
export const firstDecrees = (
  db: Db,
  basis: Basis,
  memberIds: readonly string[],
): Promise<{ readonly memberId: string; readonly decreeNumber: string | null }[]> =>
  db
    .selectDistinctOn([determined.memberId], { memberId: determined.memberId, decreeNumber: determination.decreeNumber })
    .from(determined)
    .innerJoin(
      determination,
      and(
        eq(determination.basis, determined.basis),
        eq(determination.month, determined.fromMonth),
        eq(determination.state, "DETERMINED"),
      ),
    )
    .where(and(isOneOf(determined.memberId, uuids(memberIds), "uuid"), eq(determined.basis, basis)))
    .orderBy(determined.memberId, asc(determined.fromMonth));

/** How members of households stood, newest first within each. */
export async function stretchesOf(db: Db, householdIds: readonly string[]): Promise<DeterminedRow[]> {
  const rows = await db
    .select({ row: determined })
    .from(determined)
    .innerJoin(
      determination,
      and(
        eq(determination.basis, determined.basis),
        eq(determination.month, determined.fromMonth),
        eq(determination.state, "DETERMINED"),
      ),
    )
    .where(isOneOf(determined.householdId, uuids(householdIds), "uuid"))
    .orderBy(
      determined.householdId,
      desc(determined.fromMonth),
      asc(determined.basis),
      asc(determined.familyNumber),
      asc(determined.suffix),
    );
  return rows.map(({ row }) => row);
}
