/**
 * SQL of a determination, one regency at a time. Parameters of every text here: $1 determination, $2 regency (4 digits), $3 basis, $4 month, $5 registry
 * version, $6 instant as known, $7 threshold of the poor or null, $8 whether it is the basis's first, $9 whether it only looks ahead.
 */
import { ANSWERED_PPKS_KINDS } from "../data.ts";
import { DAY_KNOWN, isAlone, MEMBERS_OF_REGENCY, membersAmong, standsAlready } from "./known.ts";

/**
 * DTSEN covers everybody; DTKS the poorest four tenths and whoever is in social need (Permensos 3/2021), ranked or not, or came by a
 * proposal and is not ranked yet. Kinds of need that tell a stigma or a disability count for nothing here: a decile above 4 in DTKS would tell them.
 */
const OPEN_KINDS = ANSWERED_PPKS_KINDS.map((kind) => `'${kind}'`).join(", ");
const inBasis = (entry: string): string => `($3::text = 'DTSEN' or r.decile <= 4
  or exists (select from welfare.ppks_status p where p.member_id = ${entry}.id and p.household_id = ${entry}.household_id
    and p.kind in (${OPEN_KINDS}) and p.since <= ${DAY_KNOWN})
  or (r.household_id is null and exists (select from welfare.proposal p where p.household_id = ${entry}.household_id and p.basis::text = $3
    and p.state = 'DETERMINED')))`;

const STANDS_ALREADY = standsAlready(
  (entry) => `exists (select from (select) one left join welfare.ranking r
    on r.household_id = ${entry}.household_id and r.version_id = $5 where ${inBasis(entry)})`,
);

/** What was decided about the eligibility of a person (of an entry without one: of the entry) for the registry as a whole, in force at $6. */
const decidedAbout = (entry: string): string => `from welfare.eligibility_decision e
  where e.program is null and e.decided_at <= $6 and (e.revoked_at is null or e.revoked_at > $6)
    and (e.person_id = ${entry}.person_id or (e.person_id is null and e.member_id = ${entry}.id))`;

/** Whom the determination holds, of those members. */
const standing = (members: string): string => `
  select m.id as member_id, m.household_id, f.registry_number as family_number, m.suffix, m.region, m.person_id, r.decile
  from (${members}) m
  join welfare.family f on f.id = m.family_id
  left join welfare.ranking r on r.household_id = m.household_id and r.version_id = $5
  where m.state = 'ACTIVE' and m.person_id is not null and ${inBasis("m")} and not ${STANDS_ALREADY}
    and not exists (select ${decidedAbout("m")})`;

/** SHA-256 of a row's own values. The family's number comes last: alone of all it may hold any character. */
export const rowHash = (row: string): string =>
  `sha256(convert_to(concat_ws('|', ${[
    ...["member_id", "household_id", "region", "person_id"].map((column) => `${row}.${column}`),
    ...["decile::text", "category"].map((column) => `coalesce(${row}.${column}, '')`),
    ...["suffix", "family_number"].map((column) => `${row}.${column}`),
  ].join(", ")}), 'UTF8'))`;

const differs = (...columns: string[]): string => `(${columns.map((c) => `c.${c} is distinct from c.was_${c}`).join(" or ")})`;

/** Why somebody who left before, or never was there, comes in. */
const REASON_IN = `case
  when $8 then 'FIRST_DETERMINATION'
  else coalesce((select case e.reasons[1] when 'DORMANT' then 'REVIVED' when 'MATCH_LOST' then 'MATCHED' when 'DECILE_CHANGED' then 'DECILE_CHANGED' else 'RETURNED' end
    from welfare.determination_change e join welfare.determination d on d.id = e.determination_id
    where e.member_id = c.member_id and e.kind = 'OUT' and d.basis = $3::welfare.registry_basis order by d.month desc limit 1),
    case when exists (select from welfare.proposal p where p.household_id = c.household_id and p.determination_id = $1) then 'NEW_PROPOSAL' else 'NEW_MEMBER' end)
  end`;

const REASONS_CHANGED = `array_remove(array[
  case when ${differs("region")} then 'MOVED_REGION' end,
  case when ${differs("decile")} then 'DECILE_CHANGED' end,
  case when ${differs("household_id", "family_number", "suffix")} then 'FAMILY_CHANGED' end,
  case when ${differs("person_id")} then 'PERSON_CHANGED' end,
  case when ${differs("category")} then 'CATEGORY_CHANGED' end], null)`;

const REASON_OUT = `case
  when m.state <> 'ACTIVE' then m.state
  when m.person_id is null then 'MATCH_LOST'
  when ${STANDS_ALREADY} then 'DUPLICATE'
  when exists (select ${decidedAbout("m")}) then null
  else 'DECILE_CHANGED' end`;

/** What was decided about who left: a withdrawal of their own, an objection against them. */
const DECIDED = `array(select distinct e.reason ${decidedAbout("m")} order by 1)`;

const WAS = ["region", "decile", "household_id", "family_number", "suffix", "person_id", "category"];

/** Who stands in a regency by the registry as known, with the row's hash. */
const STANDING = `
  inputs as (select $1::uuid, $2::text, $4::date, $5::text, $6::timestamptz, $7::smallint), -- says their types
  standing as materialized (${standing(MEMBERS_OF_REGENCY)}),
  categories as materialized (
    select h.household_id, p.category from (select distinct household_id from standing where $7 is not null) h
    cross join lateral welfare.poverty_judged(h.household_id, $7, null, ${DAY_KNOWN}, $6) p),
  categorised as (select s.*, c.category from standing s left join categories c using (household_id)),
  stood as materialized (select s.*, ${rowHash("s")} as row_hash from categorised s)`;

/**
 * Members of a regency who by the registry, as it was known then, stand otherwise than they were determined. Social needs and proposals have no past
 * here: of DTKS only deciles 1 to 4 are compared, of persons with one entry.
 */
export const STOOD_OTHERWISE = `with ${STANDING},
  otherwise as materialized (
    select coalesce(s.member_id, o.member_id) as member_id, coalesce(s.person_id, o.person_id) as person_id, coalesce(s.decile, o.decile) as decile
    from stood s
    full join (select o.* from welfare.determined o where o.region >= $2 and o.region < $2::text || ':'
      and o.basis = $3::welfare.registry_basis and o.from_month <= $4 and (o.to_month is null or o.to_month > $4)) o using (member_id)
    where s.row_hash is distinct from o.row_hash)
  select c.member_id from otherwise c where $3::text = 'DTSEN' or (c.decile <= 4 and ${isAlone("c")}) order by 1`;

/** Who comes into the determination of a regency, leaves it or stands in it otherwise than the month before. A mover counts where they are now. */
const DIFFERENCE = `${STANDING},
  compared as materialized (
    select s.*, o.row_hash as was_hash, ${WAS.map((column) => `o.${column} as was_${column}`).join(", ")}
    from stood s left join welfare.determined o on o.member_id = s.member_id and o.basis = $3::welfare.registry_basis and o.to_month is null),
  arriving as materialized (select * from compared where row_hash is distinct from was_hash),
  absent as materialized (
    select o.member_id, o.region, o.person_id from welfare.determined o
    where o.region >= $2 and o.region < $2::text || ':' and o.basis = $3::welfare.registry_basis and o.to_month is null and o.member_id not in (select member_id from standing)),
  known_absent as materialized (${membersAmong("select member_id from absent")}),
  elsewhere as materialized (${standing("select * from known_absent")}),
  difference as materialized (
    select c.member_id, c.region, c.person_id, case when c.was_hash is null then 'IN' else 'CHANGED' end as kind,
      case when c.was_hash is null then array[${REASON_IN}] else ${REASONS_CHANGED} end as reasons
    from arriving c
    union all
    select a.member_id, a.region, a.person_id, 'OUT', array_remove(array[${REASON_OUT}], null) || ${DECIDED}
    from absent a join known_absent m on m.id = a.member_id
    where a.member_id not in (select member_id from elsewhere)
    union all
    select m.id, m.region, m.person_id, 'IN', array[case when $8 then 'FIRST_DETERMINATION' else 'NEW_PROPOSAL' end]
    from (select c.* from welfare.candidates_due($1, $2) c where $9) m where not exists (select ${decidedAbout("m")})),
  tallied as (
    insert into welfare.determination_tally (determination_id, region, is_preview, kind, reason, members)
    select $1, $2, $9, kind, reason, count(*) from difference, unnest(reasons) as reason group by kind, reason)`;

const PART_DONE = `update welfare.determination_part set compared_at = clock_timestamp()
  where determination_id = $1 and region = $2 and is_preview = $9`;

/** Counts what determining a regency would change. */
export const LOOK_AHEAD = `with ${DIFFERENCE} ${PART_DONE}`;

const ROW = ["member_id", "household_id", "region", "person_id", "decile", "category", "suffix", "family_number", "row_hash"];

/** Determines a regency: rows that changed close and open, all in one statement. */
export const DETERMINE = `with ${DIFFERENCE},
  closed as (
    update welfare.determined o set to_month = $4 from difference c
    where c.kind <> 'IN' and o.member_id = c.member_id and o.basis = $3::welfare.registry_basis and o.to_month is null),
  opened as (
    insert into welfare.determined (basis, from_month, ${ROW.join(", ")})
    select $3::welfare.registry_basis, $4, ${ROW.join(", ")} from arriving),
  noted as (
    insert into welfare.determination_change (determination_id, member_id, region, person_id, kind, reasons)
    select $1, member_id, region, person_id, kind, reasons from difference where not $8)
  ${PART_DONE}`;
