import { and, count, desc, eq, type SQL, sql } from "drizzle-orm";
import type { Db } from "../../../drizzle/client.ts";
import {
  eligibilityRule,
  exclusion,
  exclusionClaim,
  registryEvent,
  targetDelivery,
} from "../../../drizzle/tables/programs/candidates.ts";
import type { RegionRange } from "../../../schema/values/regionCode.ts";
import { isInRegions, isOneOf, uuids } from "../../kit/data.ts";
import type { Window } from "../../kit/page.ts";

export type DeliveryRow = typeof targetDelivery.$inferSelect;
export type ClaimRow = typeof exclusionClaim.$inferSelect;
export type ExclusionRow = typeof exclusion.$inferSelect;
export type RuleRow = typeof eligibilityRule.$inferSelect;

/** What is asked: by which program's rules, on which day (WIB), and as what is known at which instant. */
export interface Judging {
  readonly program: string;
  readonly on: string;
  readonly known: Date;
}

/** One verdict. `asked`: the person or family it answers. `barred`: what the delivery itself brings against the unit. */
export interface VerdictRow {
  readonly asked: string;
  readonly unitId: string | null;
  readonly familyId: string | null;
  readonly personId: string | null;
  readonly region: string | null;
  readonly decile: number | null;
  readonly rank: string | null;
  readonly firstOn: string | null;
  readonly isEligible: boolean;
  readonly reasons: readonly string[];
  readonly components: readonly string[];
  readonly counted: readonly string[];
  readonly yearly: string | null;
  readonly barred: readonly string[];
  readonly staleSince: string | null;
}

/** Verdicts of units that `page` finds under the asker's own scope: columns asked, unit_id, family_id. The rule itself sees everything. */
const verdicts = ({ program, on, known }: Judging, page: SQL): SQL => sql`with page as (${page})
  select p.asked, j.unit_id as "unitId", p.family_id as "familyId", j.person_id as "personId", j.region, j.decile, j.rank::text as rank, j.first_on::text as "firstOn",
    j.is_eligible as "isEligible", j.reasons, j.components, programs.counted(${program}, j.components, ${on}::date) as counted, j.yearly::text as yearly,
    coalesce(m.barred, '{}') || coalesce(f.barred, '{}') as barred, f.stale_since::text as "staleSince"
  from programs.judge_seen(${program}, ${on}::date, ${known.toISOString()}::timestamptz, (select array_agg(distinct unit_id) from page)) j
  join page p using (unit_id)
  left join programs.candidate_family f on f.delivery = programs.delivery_in_force() and f.family_id = p.family_id
  left join programs.candidate_member m on m.delivery = programs.delivery_in_force() and m.member_id = p.unit_id`;

const NEED = sql.raw("coalesce(decile, 99), coalesce(rank, 9223372036854775807), coalesce(first_on, '9999-12-31'), unit_id");
const rowsOf = async (db: Db, query: SQL): Promise<VerdictRow[]> => [...(await db.execute(query))] as unknown as VerdictRow[];

/** Verdicts on persons who stand in the delivery in force, on each of their entries; who is entitled first, then by need, within each person. */
export const verdictsOnPersons = (db: Db, judging: Judging, persons: readonly string[]): Promise<VerdictRow[]> => {
  const page = sql`select m.person_id as asked, case p.unit when 'FAMILY' then m.family_id else m.member_id end as unit_id, m.family_id
    from programs.candidate_member m join programs.program p on p.code = ${judging.program}
    where m.delivery = programs.delivery_in_force() and ${isOneOf(sql.raw("m.person_id"), uuids(persons), "uuid")}`;
  return rowsOf(
    db,
    sql`select v.* from (${verdicts(judging, page)}) v
    order by v.asked, v."isEligible" desc, v.decile, v.rank::bigint, v."firstOn", v."unitId"`,
  );
};

/** Verdicts on families by a program that serves families. Any order; others have none. */
export const verdictsOnFamilies = (db: Db, judging: Judging, families: readonly string[]): Promise<VerdictRow[]> => {
  const page = sql`select f.family_id as asked, f.family_id as unit_id, f.family_id from programs.candidate_family f
    join programs.program p on p.code = ${judging.program} and p.unit = 'FAMILY'
    where f.delivery = programs.delivery_in_force() and ${isOneOf(sql.raw("f.family_id"), uuids(families), "uuid")}`;
  return rowsOf(db, verdicts(judging, page));
};

/** One window of the candidates of a program in some regions, in the order of need; who was never ranked last. */
export async function listVerdicts(
  db: Db,
  judging: Judging,
  { regions, limit, after }: Window & { readonly regions: readonly RegionRange[] },
): Promise<VerdictRow[]> {
  if (regions.length === 0) return [];
  const [decile, rank, firstOn, id] = after ?? [];
  const behind =
    after === null ? sql`true` : sql`(${NEED}) > (${decile}::smallint, ${rank}::bigint, ${firstOn}::date, ${id}::uuid)`;
  const page = sql`select unit_id as asked, unit_id, family_id from (${candidates(judging.program, regions)}) c
    where ${behind} order by ${NEED} limit ${limit}`;
  return rowsOf(
    db,
    sql`select v.* from (${verdicts(judging, page)}) v order by coalesce(v.decile, 99), coalesce(v.rank::bigint, 9223372036854775807),
      coalesce(v."firstOn"::date, '9999-12-31'), v."unitId"`,
  );
}

/** How many candidates of a program stand there. */
export async function countCandidates(db: Db, program: string, regions: readonly RegionRange[]): Promise<number> {
  if (regions.length === 0) return 0;
  const [row] = await db.execute(sql`select count(*)::int as n from (${candidates(program, regions)}) c`);
  return Number(row?.["n"] ?? 0);
}

const candidates = (program: string, regions: readonly RegionRange[]): SQL => {
  const isOpen = sql`region ^@ any ((select programs.seen_regions(${program}))::text[])`;
  const here = sql`delivery = programs.delivery_in_force() and ${isInRegions(sql.raw("region"), regions)} and ${isOpen}`;
  const serves = (unit: string) => sql`(select p.unit::text from programs.program p where p.code = ${program}) = ${unit}`;
  return sql`select family_id as unit_id, family_id, decile, rank, first_on from programs.candidate_family where ${here} and ${serves("FAMILY")}
    union all select member_id, family_id, decile, rank, first_on from programs.candidate_member where ${here} and ${serves("PERSON")}`;
};

/** Of these persons those whom no entry of the delivery in force carries. Nobody where the program has no term, or is the asker's to know in a part of the country alone. */
export const unregistered = async (
  db: Db,
  { program, on }: Judging,
  persons: readonly string[],
): Promise<{ asked: string }[]> => {
  const rows = await db.execute(sql`select x as asked from unnest(${sql.param(uuids(persons))}::uuid[]) x
    where '' = any (programs.seen_regions(${program})) and (select t.program from programs.term(${program}, ${on}::date) t) is not null
      and programs.delivery_in_force() is not null
      and not exists (select from programs.candidate_member m where m.person_id = x and m.delivery = programs.delivery_in_force())`);
  return [...rows] as unknown as { asked: string }[];
};

/** The delivery in force; undefined: none yet. */
export async function deliveryInForce(db: Db): Promise<DeliveryRow | undefined> {
  const [row] = await db.select().from(targetDelivery).where(eq(targetDelivery.state, "IN_FORCE"));
  return row;
}

/** Which reason bars in a program on a day, and by which law. */
export const rulesOn = (db: Db, { program, on }: Judging): Promise<RuleRow[]> =>
  db
    .select()
    .from(eligibilityRule)
    .where(
      and(
        eq(eligibilityRule.program, program),
        sql`${eligibilityRule.validFrom} <= ${on}`,
        sql`coalesce(${eligibilityRule.validTo} >= ${on}, true)`,
      ),
    );

/** Something outside the delivery that bars somebody of a family. `personId` null: the whole family. */
export interface Barring extends Pick<ExclusionRow, "personId" | "reason" | "source" | "evidence"> {
  readonly familyId: string;
  readonly since: string;
  /** Null: no exclusion but an enrolment. */
  readonly exclusion: string | null;
}

/** What bars persons of these families or the families: exclusions and enrolments in programs that exclude this one, as the asker sees them. */
export async function barringsOf(db: Db, { program, on, known }: Judging, families: readonly string[]): Promise<Barring[]> {
  const member = sql`programs.candidate_member m where m.delivery = programs.delivery_in_force() and ${isOneOf(sql.raw("m.family_id"), families, "uuid")}`;
  const holds = sql`(e.program is null or e.program = ${program}) and e.valid_from <= ${on}::date and coalesce(e.valid_to >= ${on}::date, true)
    and e.known_from <= ${known.toISOString()}::timestamptz and coalesce(e.known_to > ${known.toISOString()}::timestamptz, true)`;
  const told = sql.raw(`e.reason, e.source, e.evidence, e.valid_from::text as since, e.id as exclusion`);
  const rows =
    await db.execute(sql`select m.family_id as "familyId", e.person_id as "personId", ${told} from programs.exclusion e, ${member} and m.person_id = e.person_id and ${holds}
    union all select e.family_id, null, ${told} from programs.exclusion e where ${isOneOf(sql.raw("e.family_id"), families, "uuid")} and ${holds}
    union all select m.family_id, e.person_id, 'DUPLICATE_BENEFIT', 'ENROLMENT', e.program, e.started_on::text, null
      from programs.enrolment e, ${member} and m.person_id = e.person_id and e.state not in ('CANDIDATE', 'WAITING') and e.started_on <= ${on}::date
        and coalesce(e.ended_on >= ${on}::date, true) and e.program <> ${program}
        and 'EXCLUSIVE' in (programs.combination(${program}, e.program, ${on}::date, 'PERSON'), programs.combination(${program}, e.program, ${on}::date, 'FAMILY'))`);
  return [...rows] as unknown as Barring[];
}

/** A list of claims. */
export interface ClaimList {
  readonly regions: readonly RegionRange[];
  readonly state: ClaimRow["state"] | null;
}

const isListed = ({ regions, state }: ClaimList): SQL | undefined =>
  and(isInRegions(exclusionClaim.region, regions), state === null ? undefined : eq(exclusionClaim.state, state));

/** One window of a list of claims, newest first. */
export async function listClaims(db: Db, list: ClaimList, { limit, after }: Window): Promise<ClaimRow[]> {
  if (list.regions.length === 0) return [];
  const behind =
    after === null
      ? undefined
      : sql`(${exclusionClaim.madeAt}, ${exclusionClaim.id}) < (${after[0]}::timestamptz, ${after[1]}::uuid)`;
  return db
    .select()
    .from(exclusionClaim)
    .where(and(isListed(list), behind))
    .orderBy(desc(exclusionClaim.madeAt), desc(exclusionClaim.id))
    .limit(limit);
}

export async function countClaims(db: Db, list: ClaimList): Promise<number> {
  if (list.regions.length === 0) return 0;
  const [row] = await db.select({ n: count() }).from(exclusionClaim).where(isListed(list));
  return row?.n ?? 0;
}

/** A claim; undefined: there is none the asker sees. */
export async function claimById(db: Db, id: string): Promise<ClaimRow | undefined> {
  const [row] = await db
    .select()
    .from(exclusionClaim)
    .where(isOneOf(exclusionClaim.id, uuids([id]), "uuid"));
  return row;
}

/** An exclusion in force; undefined: there is none the asker sees. */
export async function exclusionById(db: Db, id: string): Promise<ExclusionRow | undefined> {
  const [row] = await db
    .select()
    .from(exclusion)
    .where(and(isOneOf(exclusion.id, uuids([id]), "uuid"), sql`${exclusion.knownTo} is null`));
  return row;
}

export async function insertClaim(db: Db, claim: typeof exclusionClaim.$inferInsert): Promise<ClaimRow | undefined> {
  const [row] = await db.insert(exclusionClaim).values(claim).returning();
  return row;
}

export interface Decision extends Pick<ClaimRow, "id" | "version" | "state"> {
  readonly reason: string;
  readonly officer: string;
  readonly now: Date;
}

/** Decides a claim; undefined: it was changed meanwhile. */
export async function decideClaim(db: Db, { id, version, state, reason, officer, now }: Decision): Promise<ClaimRow | undefined> {
  const [row] = await db
    .update(exclusionClaim)
    .set({ state, decisionReason: reason, decidedBy: officer, decidedAt: now.toISOString(), version: version + 1 })
    .where(and(eq(exclusionClaim.id, id), eq(exclusionClaim.version, version), eq(exclusionClaim.state, "PROPOSED")))
    .returning();
  return row;
}

/** Makes deliveries of registry events follow one another until the transaction ends. */
export const oneAtATime = (db: Db) => db.execute(sql`select pg_advisory_xact_lock(hashtext('programs.registry_event'))`);

/** Number of the last registry event that came in; 0: none has. Whoever is not the exchange sees none. */
export async function lastRegistryEvent(db: Db): Promise<bigint> {
  const [row] = await db.select().from(registryEvent).orderBy(desc(registryEvent.id)).limit(1);
  return row?.id ?? 0n;
}

/** Takes events in; the rules of the database follow them. */
export async function insertRegistryEvents(db: Db, events: readonly (typeof registryEvent.$inferInsert)[]): Promise<void> {
  if (events.length > 0) await db.insert(registryEvent).values([...events]);
}
