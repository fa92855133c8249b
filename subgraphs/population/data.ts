import { and, asc, count, eq, gte, isNull, lte, type SQL } from "drizzle-orm";
import type { Db } from "../../drizzle/client.ts";
import { familyCard, familyCardMember, person, region } from "../../drizzle/population.ts";
import type { RegionRange } from "../../schema/values/regionCode.ts";
import { isBehind, isInRegions, isOneOf, uuids } from "../kit/data.ts";
import type { Position, Window } from "../kit/page.ts";

export type PersonRow = typeof person.$inferSelect;
export type FamilyCardRow = typeof familyCard.$inferSelect;
export type RegionRow = typeof region.$inferSelect;
/** A region by its code alone, or with all that is known of it. */
export type RegionRef = RegionRow | Pick<RegionRow, "code">;

/** Persons by id. Any order; who is unknown or out of scope is absent. */
export const personsById = (db: Db, ids: readonly string[]): Promise<PersonRow[]> =>
  db
    .select()
    .from(person)
    .where(isOneOf(person.id, uuids(ids), "uuid"));

/** Persons by NIK, 16 digits. Any order; a text that is no NIK is as unknown as one nobody has. */
export const personsByNik = (db: Db, niks: readonly string[]): Promise<PersonRow[]> =>
  db
    .select()
    .from(person)
    .where(
      isOneOf(
        person.nik,
        niks.filter((nik) => /^[1-9][0-9]{15}$/.test(nik)),
        "bigint",
      ),
    );

export interface PersonFilter {
  readonly sex?: PersonRow["sex"] | null;
  readonly bornFrom?: string | null;
  readonly bornTo?: string | null;
}

/** Persons of some regions. No region, no person: answered without SQL. */
export interface PersonList {
  readonly regions: readonly RegionRange[];
  readonly filter: PersonFilter;
  readonly order: PersonOrder;
}

const ORDERS = { ID: [person.id], FULL_NAME: [person.fullName, person.id], BIRTH_DATE: [person.birthDate, person.id] } as const;
export type PersonOrder = keyof typeof ORDERS;

/** Where a person stands in an ordering. */
export function personPosition(order: PersonOrder, row: PersonRow): Position {
  if (order === "ID") return [row.id];
  return order === "FULL_NAME" ? [row.fullName, row.id] : [row.birthDate, row.id];
}

/** One window of a list, in its order; names in byte order. */
export async function listPersons(db: Db, list: PersonList, { limit, after }: Window): Promise<PersonRow[]> {
  if (list.regions.length === 0) return [];
  const columns = ORDERS[list.order];
  return db
    .select()
    .from(person)
    .where(and(isListed(list), isBehind(columns, after)))
    .orderBy(...columns.map((column) => asc(column)))
    .limit(limit);
}

/** Length of a list. */
export async function countPersons(db: Db, list: PersonList): Promise<number> {
  if (list.regions.length === 0) return 0;
  const [row] = await db.select({ n: count() }).from(person).where(isListed(list));
  return row?.n ?? 0;
}

const isListed = ({ regions, filter: { sex, bornFrom, bornTo } }: PersonList): SQL | undefined =>
  and(
    isInRegions(person.region, regions),
    sex == null ? undefined : eq(person.sex, sex),
    bornFrom == null ? undefined : gte(person.birthDate, bornFrom),
    bornTo == null ? undefined : lte(person.birthDate, bornTo),
  );

/** Family cards by id. Any order. */
export const familyCardsById = (db: Db, ids: readonly string[]): Promise<FamilyCardRow[]> =>
  db
    .select()
    .from(familyCard)
    .where(isOneOf(familyCard.id, uuids(ids), "uuid"));

/** Persons on the cards today, head first within each card. */
export const personsOnCards = (db: Db, cardIds: readonly string[]): Promise<{ cardId: string; person: PersonRow }[]> =>
  db
    .select({ cardId: familyCardMember.familyCardId, person })
    .from(familyCardMember)
    .innerJoin(person, eq(person.id, familyCardMember.personId))
    .where(and(isOneOf(familyCardMember.familyCardId, uuids(cardIds), "uuid"), isNull(familyCardMember.validTo)))
    .orderBy(familyCardMember.familyCardId, familyCardMember.position, familyCardMember.personId);

/** Regions by code, digits only. Any order; an unknown code is absent. */
export const regionsByCode = (db: Db, codes: readonly string[]): Promise<RegionRow[]> =>
  db
    .select()
    .from(region)
    .where(isOneOf(region.code, codes, "text"));

/** Regions directly below `parent`, in order of code; null: the provinces. */
export const listRegions = (db: Db, parent: string | null, { limit, after }: Window): Promise<RegionRow[]> =>
  db
    .select()
    .from(region)
    .where(and(isBelow(parent), isBehind([region.code], after)))
    .orderBy(asc(region.code))
    .limit(limit);

/** How many regions lie directly below `parent`. */
export async function countRegions(db: Db, parent: string | null): Promise<number> {
  const [row] = await db.select({ n: count() }).from(region).where(isBelow(parent));
  return row?.n ?? 0;
}

const isBelow = (parent: string | null): SQL => (parent === null ? isNull(region.parentCode) : eq(region.parentCode, parent));
