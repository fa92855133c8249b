/**
 * Members of the registry as they were known at the instant $6, on its day in WIB: of a determination the one place that knows how the registry keeps
 * its past. An entry that never changed is its head; one that did lies in registry_history with every version.
 */

const DAY_OF = (instant: string): string => `(${instant} at time zone 'Asia/Jakarta')::date`;
/** The day (WIB) of the instant as known. */
export const DAY_KNOWN = DAY_OF("$6::timestamptz");
/** Households that the determination itself took in. */
const TAKEN_IN = "array(select p.household_id from welfare.proposal p where p.determination_id = $1)";
const ENDED = "(select d.determined_at from welfare.determination d where d.id = $1)";
// `is true` keeps the planner off the index of "one truth at a time": almost every version is found by both clocks
const HELD_AT = (instant: string): string => `(t.known @> ${instant}) is true and (t.valid @> ${DAY_OF(instant)}) is true`;
const VERSION = `(${HELD_AT("$6::timestamptz")} or (t.household_id = any (${TAKEN_IN}) and ${HELD_AT(ENDED)}))`;
/** By the household: the head's own is among those of its versions, and that index is the small one. */
const NEVER_CHANGED = (member: string): string => `(${member}.known_from <= $6 or ${member}.household_id = any (${TAKEN_IN}))
  and not exists (select from welfare.registry_history t where t.household_id = ${member}.household_id and t.kind = 'MEMBER' and t.id = ${member}.id)`;

const members = (heads: string, versions: string): string => `
  select m.id, m.household_id, m.family_id, m.suffix, m.region, m.person_id, m.state::text from ${heads} and ${NEVER_CHANGED("m")}
  union all
  select t.id, t.household_id, t.family_id, (t.row ->> 'suffix') collate "C", (t.row ->> 'region') collate "C", (t.row ->> 'person_id')::uuid, t.row ->> 'state'
  from welfare.registry_history t where ${versions} and ${VERSION}`;

/** Those of the regency $2. */
export const MEMBERS_OF_REGENCY = members(
  "welfare.household h join welfare.member m on m.household_id = h.id where h.region >= $2 and h.region < $2::text || ':'",
  `t.kind = 'MEMBER' and (t.row ->> 'region') collate "C" >= $2 and (t.row ->> 'region') collate "C" < $2::text || ':'`,
);

/** Those whose ids a query names, wherever they are: few, so each is looked up by its id (`offset 0` keeps it so). */
export const membersAmong = (ids: string): string => `select m.* from (${ids}) a (member_id) cross join lateral (
  ${members("welfare.member m where m.id = a.member_id", "t.id = a.member_id")} offset 0) m`;

/**
 * One person stands once (Kepmensos 150/HUK/2022): of several members who are one person, and for whom `counts` (a condition on an alias) holds, the one
 * with the lowest id.
 */
export const standsAlready = (counts: (entry: string) => string): string => `(exists (select from welfare.member o
    where o.person_id = m.person_id and o.id < m.id and o.state = 'ACTIVE' and ${NEVER_CHANGED("o")} and ${counts("o")})
  or exists (select from welfare.registry_history t
    where (t.row ->> 'person_id') = m.person_id::text and (t.id < m.id) is true and t.row ->> 'state' = 'ACTIVE' and ${VERSION} and ${counts("t")}))`;

/** Whether nobody else in the registry, ever, is the person of the entry. */
export const isAlone = (entry: string): string => `not exists (select from welfare.member o
    where o.person_id = ${entry}.person_id and o.id <> ${entry}.member_id)
  and not exists (select from welfare.registry_history t
    where (t.row ->> 'person_id') = ${entry}.person_id::text and (t.id <> ${entry}.member_id) is true)`;
