import { and, asc, count, eq, gte, isNull, lte, type SQL, sql } from "drizzle-orm";
import type { Db } from "../../drizzle/client.ts";
import {
  familyCard,
  familyCardMember,
  person,
  region,
  verificationAttempt,
  verificationCount,
} from "../../drizzle/tables/population/population.ts";
import type { RegionRange } from "../../schema/values/regionCode.ts";
import { isBehind, isInRegions, isOneOf, uuids } from "../kit/data.ts";
import type { Position, Window } from "../kit/page.ts";
import type { Identity } from "./matching/verify/verify.ts";

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

/**
 * Living persons in service of a village, born on a day. Any order; a pair may have several, mostly it has none. By an index over both: no other row is
 * read. The days are cast before they are compared, for what can fail in a condition is looked at only behind row-level security, row by row.
 */
export const personsBornIn = (
  db: Db,
  asked: readonly { readonly village: string; readonly birthDate: string }[],
): Promise<PersonRow[]> =>
  db
    .select()
    .from(person)
    .where(
      and(
        sql`(${person.region}, ${person.birthDate}) in (select * from unnest(
          ${sql.param(asked.map(({ village }) => village))}::text[], ${sql.param(asked.map(({ birthDate }) => birthDate))}::text[]::date[]))`,
        person.isAlive,
        isNull(person.outOfService),
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

/** What can be verified of persons, by NIK. Any order; who is unknown or out of scope is absent. */
export const identitiesByNik = (db: Db, niks: readonly string[]): Promise<Identity[]> =>
  db
    .select({
      nik: person.nik,
      fullName: person.fullName,
      birthPlace: person.birthPlace,
      birthDate: person.birthDate,
      sex: person.sex,
      motherName: person.motherName,
      address: person.address,
      region: person.region,
      familyCardNumber: familyCard.number,
      isAlive: person.isAlive,
      outOfService: person.outOfService,
    })
    .from(person)
    .leftJoin(familyCard, eq(familyCard.id, person.familyCardId))
    .where(isOneOf(person.nik, niks, "bigint"));

/** A day of one agreement: what its verifications are counted under. */
export interface CountedDay {
  readonly agreement: string;
  readonly day: string;
}
export interface Attempts {
  readonly subject: string;
  readonly attempts: number;
}

/**
 * Adds attempts on subjects, each subject wholly or not at all, so that none has more than `most` that day. Returns the subjects taken,
 * with all their attempts so far. Locks their rows until the transaction ends: ask in order of subject, or two requests may wait for
 * each other.
 */
export const addAttempts = async (
  db: Db,
  { agreement, day }: CountedDay,
  { asked, most }: { readonly asked: readonly Attempts[]; readonly most: number },
): Promise<Attempts[]> => [
  ...(await db.execute<Attempts & Record<string, unknown>>(sql`
    insert into ${verificationAttempt} as known (agreement, day, subject, attempts)
    select ${agreement}, ${day}::date, subject, attempts
    from unnest(${sql.param(asked.map(({ subject }) => subject))}::text[], ${sql.param(asked.map(({ attempts }) => attempts))}::int[])
      as asked (subject, attempts)
    where attempts <= ${most}::int
    on conflict (agreement, day, subject) do update set attempts = known.attempts + excluded.attempts
      where known.attempts + excluded.attempts <= ${most}::int
    returning subject, attempts`)),
];

export interface Use {
  readonly counted: string;
  readonly more: number;
  readonly most: number;
}

/** Adds to counts of the day, each wholly or not at all up to its `most`. Returns those taken. Ask in one order, as with attempts. */
export async function addUse(db: Db, { agreement, day }: CountedDay, uses: readonly Use[]): Promise<string[]> {
  const column = (name: keyof Use) => sql.param(uses.map((use) => use[name]));
  const rows = await db.execute<{ counted: string }>(sql`
    with asked (counted, more, most) as (
      select * from unnest(${column("counted")}::text[], ${column("more")}::int[], ${column("most")}::int[]))
    insert into ${verificationCount} as known (agreement, day, counted, used)
    select ${agreement}, ${day}::date, counted, more from asked where more <= most
    on conflict (agreement, day, counted) do update set used = known.used + excluded.used
      where known.used + excluded.used <= (select most from asked where asked.counted = excluded.counted)
    returning counted`);
  return [...rows].map(({ counted }) => counted);
}
