import { and, asc, count, eq, isNull, type SQL, sql } from "drizzle-orm";
import type { Db } from "../../../drizzle/client.ts";
import { REGION_WORDS, region } from "../../../drizzle/tables/population/population.ts";
import { isBehind } from "../../kit/data.ts";
import type { Window } from "../../kit/page.ts";
import type { RegionRow } from "../data.ts";

/** Which regions: those directly below `parent` (null: the provinces); with words, those found by them at any depth below it. */
export interface RegionList {
  readonly parent: string | null;
  readonly words: readonly string[] | null;
}

/** One window of a list: in order of code; of what is found the higher levels first. */
export const listRegions = (db: Db, list: RegionList, { limit, after }: Window): Promise<RegionRow[]> =>
  db
    .select()
    .from(region)
    .where(and(isListed(list), isBehind(list.words === null ? [region.code] : [LEVEL, region.code], after)))
    .orderBy(...(list.words === null ? [] : [asc(LEVEL)]), asc(region.code))
    .limit(limit);

/** Length of a list. */
export async function countRegions(db: Db, list: RegionList): Promise<number> {
  const [row] = await db.select({ n: count() }).from(region).where(isListed(list));
  return row?.n ?? 0;
}

/** Longer codes are lower levels. */
const LEVEL = sql<number>`length(${region.code})`;

const isListed = ({ parent, words }: RegionList): SQL | undefined => {
  if (words !== null)
    return and(isFound(words), parent === null ? undefined : sql`${region.code} ^@ ${parent} and ${region.code} <> ${parent}`);
  return parent === null ? isNull(region.parentCode) : eq(region.parentCode, parent);
};

/** The first word by the index of names; the others are compared with what it finds, and with the at most three regions each of those lies in. */
const isFound = ([first = "", ...others]: readonly string[]): SQL | undefined =>
  and(
    sql`${REGION_WORDS} @@ ${begins(first)}`,
    ...others.map(
      (word) => sql`(${REGION_WORDS} @@ ${begins(word)} or exists (select from (select name from population.region above
        where above.code = any(array[left(${region.code}, 2), left(${region.code}, 4), left(${region.code}, 6)])) above where ${REGION_WORDS} @@ ${begins(word)}))`,
    ),
  );

/** A word that begins so; below this length it must be whole, lest two letters find half the country. */
const LEAST_TO_BEGIN = 3;
/** `word` MUST hold letters and digits alone. */
const begins = (word: string): SQL => sql`to_tsquery('simple', ${word.length < LEAST_TO_BEGIN ? word : `${word}:*`})`;
