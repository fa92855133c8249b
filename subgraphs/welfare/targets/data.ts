import { sql } from "drizzle-orm";
import type { Db } from "../../../drizzle/client.ts";
import { isOneOf } from "../../kit/data.ts";

/** A household as the list needs it. */
export interface HomeRow {
  readonly id: string;
  readonly region: string;
  readonly percentile: number | null;
  readonly decile: number | null;
}
export interface MemberRow {
  readonly id: string;
  readonly householdId: string;
  readonly familyId: string;
  readonly suffix: string;
  readonly relation: string;
  readonly match: string;
  readonly personId: string | null;
  readonly claimedNik: string | null;
  readonly state: "ACTIVE" | "DORMANT" | "DECEASED" | "MERGED";
  /** Whether a role among the social services is on record. */
  readonly isWorkforce: boolean;
}
export interface VersionRow {
  readonly id: string;
  readonly basis: "DTKS" | "DTSEN";
  readonly determinedOn: string;
}
export interface DecisionRow {
  readonly id: string;
  readonly memberId: string;
  readonly person: string;
  readonly program: string | null;
  readonly reason: string;
  readonly on: string;
}

const all = async <Row>(db: Db, query: ReturnType<typeof sql>): Promise<Row[]> =>
  [...(await db.execute(query))] as unknown as Row[];

/** The newest version of DTSEN that ranks, and the day of the newest determination that stands on it, else of its publication. */
export async function versionInForce(db: Db): Promise<VersionRow | undefined> {
  const [row] = await all<VersionRow>(
    db,
    sql`select v.id, v.basis::text as basis, coalesce((select max((d.determined_at at time zone 'Asia/Jakarta')::date) from welfare.determination d
      where d.registry_version = v.id and d.state = 'DETERMINED'), v.published_on)::text as "determinedOn"
    from welfare.registry_version v where v.basis = 'DTSEN' and exists (select from welfare.ranking r where r.version_id = v.id)
    order by v.published_on desc limit 1`,
  );
  return row;
}

/** The next 2000 ranked households of a version behind a place, poorest first; empty: there are no more. Walks ranking_need. */
export const rankedHomes = (db: Db, version: string, behind: HomeRow | null): Promise<HomeRow[]> =>
  all(
    db,
    sql`select r.household_id as id, h.region, r.percentile, r.decile from welfare.ranking r join welfare.household h on h.id = r.household_id
    where r.version_id = ${version} and (r.percentile, r.household_id) > (${behind?.percentile ?? -1}::smallint, ${behind?.id ?? ZERO}::uuid)
    order by r.percentile, r.household_id limit ${BATCH}`,
  );

/** The next 2000 households the version does not rank, behind an id. */
export const unrankedHomes = (db: Db, version: string, behind: HomeRow | null): Promise<HomeRow[]> =>
  all(
    db,
    sql`select h.id, h.region, null::int as percentile, null::int as decile from welfare.household h
    where h.id > ${behind?.id ?? ZERO}::uuid and not exists (select from welfare.ranking r where r.household_id = h.id and r.version_id = ${version})
    order by h.id limit ${BATCH}`,
  );

const BATCH = 2000;
const ZERO = "00000000-0000-0000-0000-000000000000";
const inHomes = (column: string, homes: readonly string[]) => isOneOf(sql.raw(column), homes, "uuid");

/** First day each household was determined; of those the hub never determined, the first publication that ranked them among the poor. */
export const firstDays = (db: Db, homes: readonly string[]): Promise<{ id: string; firstOn: string }[]> =>
  all(
    db,
    sql`select x.id, min(x.first)::text as "firstOn" from (
      select d.household_id as id, min(d.from_month) as first from welfare.determined d where ${inHomes("d.household_id", homes)} group by 1
      union all select r.household_id, min(v.published_on) from welfare.ranking r join welfare.registry_version v on v.id = r.version_id
      where ${inHomes("r.household_id", homes)} and r.decile is not null group by 1
    ) x group by 1`,
  );

/** Members of households, whatever their state, by family and suffix. */
export const membersIn = (db: Db, homes: readonly string[]): Promise<MemberRow[]> =>
  all(
    db,
    sql`select m.id, m.household_id as "householdId", m.family_id as "familyId", m.suffix, m.relation::text as relation, m.match_status::text as match,
      m.person_id as "personId", m.claimed_nik as "claimedNik", m.state::text as state,
      m.person_id is not null and exists (select from welfare.psks_role p where p.person_id = m.person_id) as "isWorkforce"
    from welfare.member m where ${inHomes("m.household_id", homes)} order by m.household_id, m.family_id, m.suffix`,
  );

/** Decisions on eligibility in force. */
export const decisionsIn = (db: Db, members: readonly string[]): Promise<DecisionRow[]> =>
  all(
    db,
    sql`select e.id, e.member_id as "memberId", e.person_id as person, e.program, e.reason, e.effective_on::text as "on" from welfare.eligibility_decision e
    where ${isOneOf(sql.raw("e.member_id"), members, "uuid")} and e.revoked_at is null and e.person_id is not null order by e.id`,
  );
