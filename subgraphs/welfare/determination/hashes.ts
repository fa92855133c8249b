import type { Loader } from "../../../drizzle/copy.ts";
import { rowHash } from "./difference.ts";

/** Rows of a determination: those that were open in its month. $1: determination. */
const IN_FORCE = `from welfare.determination d join welfare.determined o
  on o.basis = d.basis and o.from_month <= d.month and (o.to_month is null or o.to_month > d.month) where d.id = $1`;

/** Villages of a regency ($2) as rows of determination_village: SHA-256 over the row hashes, in order of member. */
const villages = (
  hash: string,
): string => `select o.region, count(*)::int as members, count(distinct o.household_id)::int as households,
  sha256(string_agg(${hash}, ''::bytea order by o.member_id)) as hash
  ${IN_FORCE} and o.region >= $2 and o.region < $2::text || ':' group by o.region`;

export const WRITE_VILLAGES = `insert into welfare.determination_village (determination_id, region, members, households, hash)
  select $1, v.* from (${villages("o.row_hash")}) v`;

/** Villages of a regency whose rows, hashed again from their values, are not what the determination says of them. */
export const VILLAGES_THAT_DIFFER = `select coalesce(v.region, w.region) as region
  from (${villages(rowHash("o"))}) v
  full join (select * from welfare.determination_village where determination_id = $1 and region >= $2 and region < $2::text || ':') w using (region)
  where (v.members, v.households, v.hash) is distinct from (w.members, w.households, w.hash) order by 1`;

/** Rows in force in a village ($2) whose values do not give their own hash. */
export const ROWS_THAT_DIFFER = `select o.member_id ${IN_FORCE} and o.region = $2 and o.row_hash <> ${rowHash("o")} order by 1`;

/** What the determination is of, line by line, then its villages: the text whose SHA-256 is the determination's hash. */
const ROOT = `select encode(sha256(convert_to(concat_ws(E'\\n',
    'determination ' || d.basis || ' ' || to_char(d.month, 'YYYY-MM'), 'version ' || d.registry_version,
    'known at ' || to_char(d.known_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'threshold ' || coalesce(d.poverty_threshold::text, 'none'),
    'decree ' || d.decree_number || ' ' || d.decree_hash,
    (select string_agg(v.region || ' ' || v.members || ' ' || v.households || ' ' || encode(v.hash, 'hex'), E'\\n' order by v.region)
      from welfare.determination_village v where v.determination_id = d.id)), 'UTF8')), 'hex') as hash,
  (select coalesce(sum(v.members), 0)::int from welfare.determination_village v where v.determination_id = d.id) as members,
  (select coalesce(sum(v.households), 0)::int from welfare.determination_village v where v.determination_id = d.id) as households
  from welfare.determination d where d.id = $1`;

interface Root {
  readonly hash: string;
  readonly members: number;
  readonly households: number;
}

/** Hash and size of a whole determination, from its villages. */
export async function rootOf(loader: Loader, id: string): Promise<Root> {
  const [root] = await loader.query<Root & Record<string, unknown>>(ROOT, [id]);
  if (!root) throw new Error("there is no such determination");
  return root;
}
