/** SQL that scores villages ($1: their regions) at an instant ($2). Each rule is one query of the living members who break it. */

const LIVING = "state in ('ACTIVE', 'DORMANT')";

/** Of everybody else who is the same person, one that `how` names. */
const ANOTHER_ENTRY = (how: string): string =>
  `exists (select from welfare.member o where o.person_id = m.person_id and o.${LIVING} and o.id <> m.id and ${how})`;

/** No survey older than the rule's months is asked of those who have no house, or live where nobody comes by (KAT). */
const PROTECTED = `exists (select from welfare.ppks_status p where p.household_id = m.household_id and p.kind in ('HOMELESS', 'REMOTE_COMMUNITY'))`;

const HEADS = `(select count(*) from welfare.member o where o.family_id = m.family_id and o.${LIVING} and o.relation = 'HEAD')`;

/** Which members of `living` (aliased m, with first_of_family and first_of_household) break each rule. */
const BROKEN_BY: Readonly<Record<string, string>> = {
  SINGLE_IDENTITY: `m.match_status = 'DUPLICATE' or ${ANOTHER_ENTRY("true")}`,
  NO_OVERLAP: ANOTHER_ENTRY("o.family_id <> m.family_id"),
  NIK_MATCHED: "m.state = 'ACTIVE' and m.match_status <> 'MATCHED'",
  COMPLETE: "btrim(m.claimed_name) = '' or m.claimed_nik is null or m.claimed_nik !~ '^[0-9]{16}$' or btrim(m.address) = ''",
  STALE: `m.first_of_household and not ${PROTECTED} and (m.surveyed_on is null or m.surveyed_on < ($2::timestamptz at time zone 'Asia/Jakarta')::date
    - make_interval(months => (select r.months from welfare.integrity_rule r where r.code = 'STALE')))`,
  FAMILY_HAS_HEAD: `m.first_of_family and ${HEADS} <> 1`,
  SUFFIX_VALID: `(m.suffix = '01' and m.relation <> 'HEAD' and ${HEADS} = 0) or (m.suffix = '02' and m.relation not in ('SPOUSE', 'HEAD'))`,
};

const LIVING_THERE = `select m.*, h.address, h.surveyed_on,
    row_number() over (partition by m.family_id order by m.suffix, m.id) = 1 as first_of_family,
    row_number() over (partition by m.household_id order by f.number_in_household, m.suffix, m.id) = 1 as first_of_household
  from welfare.household h join welfare.member m on m.household_id = h.id join welfare.family f on f.id = m.family_id
  where h.region = any ($1) and m.${LIVING}`;

const BREACHES = Object.entries(BROKEN_BY)
  .map(([rule, isBroken]) => `select m.id as member_id, '${rule}' as rule, m.region, m.person_id from living m where ${isBroken}`)
  .join("\n  union all ");

/** Finds breaches anew: one that stays keeps the day it was found. */
export const WRITE_BREACHES = `with living as materialized (${LIVING_THERE}), broken as materialized (${BREACHES}),
  mended as (delete from welfare.integrity_breach b where b.region = any ($1) and not exists (
    select from broken n where n.member_id = b.member_id and n.rule = b.rule)),
  counted as (delete from welfare.village_breaches v where v.region = any ($1) and not exists (
    select from broken n where n.region = v.region and n.rule = v.rule)),
  rules as (insert into welfare.village_breaches (region, rule, members) select region, rule, count(*) from broken group by region, rule
    on conflict (region, rule) do update set members = excluded.members)
  insert into welfare.integrity_breach (member_id, rule, region, person_id, found_at) select member_id, rule, region, person_id, $2 from broken
  on conflict (member_id, rule) do update set region = excluded.region, person_id = excluded.person_id`;

const COUNTS = `select v.region, count(distinct h.id)::int as households, count(m.id) filter (where m.state = 'ACTIVE')::int as members,
    count(m.id) filter (where m.state = 'ACTIVE' and m.match_status = 'MATCHED')::int as matched
  from unnest($1::text[]) v (region) left join welfare.household h on h.region = v.region left join welfare.member m on m.household_id = h.id group by v.region`;

const MONTH = "date_trunc('month', $2::timestamptz at time zone 'Asia/Jakarta')::date";

/** Counts members, and opens a new stretch of the match rate where it changed: at most one a month. */
export const WRITE_COUNTS = `with counts as materialized (${COUNTS}),
  scores as (insert into welfare.village_score (region, households, members, matched, scored_at) select region, households, members, matched, $2 from counts
    on conflict (region) do update set households = excluded.households, members = excluded.members, matched = excluded.matched, scored_at = excluded.scored_at),
  changed as materialized (select c.* from counts c left join welfare.village_match o on o.region = c.region and o.to_month is null
    where (o.members, o.matched) is distinct from (c.members, c.matched)),
  closed as (update welfare.village_match o set to_month = ${MONTH} from changed c where o.region = c.region and o.to_month is null and o.from_month < ${MONTH})
  insert into welfare.village_match (region, from_month, members, matched) select region, ${MONTH}, members, matched from changed
  on conflict (region, from_month) do update set members = excluded.members, matched = excluded.matched`;
