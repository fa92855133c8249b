import { sql } from "drizzle-orm";
import type { Db } from "../../../drizzle/client.ts";
import { uuids } from "../../kit/data.ts";

/** How far a person stands in the registry. */
export interface StandingRow {
  readonly personId: string;
  readonly isRegistered: boolean;
  /** Null, as all below: not registered. */
  readonly isActive: boolean | null;
  readonly isMatched: boolean | null;
  readonly isRanked: boolean | null;
  /** First day of the month. */
  readonly determinedFor: string | null;
}

/** Standings of persons. Any order; the unregistered, and who is out of scope, are absent. */
export const standingsOf = async (db: Db, personIds: readonly string[]): Promise<StandingRow[]> => [
  ...(await db.execute<Record<string, unknown> & StandingRow>(
    sql`select person_id as "personId", true as "isRegistered", is_active as "isActive", is_matched as "isMatched", is_ranked as "isRanked",
      determined_for::text as "determinedFor" from welfare.standing_of(${sql.param(uuids(personIds))}::uuid[])`,
  )),
];
