import type { Loader } from "../copy.ts";
import type { BdtHousehold, BdtMember } from "./bdt.ts";
import { type RefusedRow, toldRow } from "./members.ts";

interface Staged<Said> {
  readonly line: number;
  readonly original: readonly string[];
  readonly said: Said;
}

export interface Loaded {
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly refused: readonly RefusedRow[];
  /** Rows taken but for their state: whom the registry knows as asleep, dead or merged no import wakes. */
  readonly kept: readonly RefusedRow[];
}

/** Stages valid households while they arrive. MUST run first, in the transaction of `mergeBdt`. */
export async function stageHouseholds(loader: Loader, rows: AsyncIterable<Staged<BdtHousehold>>): Promise<void> {
  await loader.query("select pg_advisory_xact_lock(7305)"); // one import at a time
  await loader.query(`create temporary table home (place int, line int, idbdt text, region text, address text, answers jsonb, original text,
    outcome text, id uuid) on commit drop`);
  const columns = ["place", "line", "idbdt", "region", "address", "answers", "original", "id"];
  await loader.copy("pg_temp.home", columns.slice(0, -1), homeValues(rows));
  // who is who is in the number: the same household, family and member come out of it each time
  await loader.query("update home set id = md5('bdt/household/' || idbdt)::uuid; create index on home (idbdt); analyze home");
}

async function* homeValues(rows: AsyncIterable<Staged<BdtHousehold>>) {
  let place = 0;
  for await (const { line, original, said } of rows) {
    place += 1;
    yield [place, line, said.idbdt, said.region, said.address, JSON.stringify(said.answers), JSON.stringify(original)];
  }
}

/** Stages valid members, after the households. */
export async function stageMembers(loader: Loader, rows: AsyncIterable<Staged<BdtMember>>): Promise<void> {
  await loader.query(`create temporary table soul (place int, line int, idbdt text, idartbdt text, name text, nik text, card text, number int,
    relation welfare.family_relation, state welfare.member_state, born text, answers jsonb, original text,
    hash text, outcome text, kept welfare.member_state, id uuid, household_id uuid, family_id uuid) on commit drop`);
  const columns = [
    "place",
    "line",
    "idbdt",
    "idartbdt",
    "name",
    "nik",
    "card",
    "number",
    "relation",
    "state",
    "born",
    "answers",
    "original",
  ];
  await loader.copy("pg_temp.soul", columns, soulValues(rows));
  await loader.query(`update soul set id = md5('bdt/member/' || idartbdt)::uuid, household_id = md5('bdt/household/' || idbdt)::uuid,
    family_id = md5('bdt/family/' || idbdt || '/' || number)::uuid,
    hash = encode(sha256(convert_to(jsonb_build_array(idbdt, name, nik, card, number, relation, state, answers)::text, 'UTF8')), 'base64');
    create index on soul (id); create index on soul (household_id); analyze soul`);
}

async function* soulValues(rows: AsyncIterable<Staged<BdtMember>>) {
  let place = 0;
  for await (const { line, original, said } of rows) {
    const { idbdt, idartbdt, name, nik, cardNumber, familyNumber, relation, state, bornOn, answers } = said;
    place += 1;
    const row = [place, line, idbdt, idartbdt, name, nik, cardNumber, familyNumber, relation, state, bornOn];
    yield [...row, JSON.stringify(answers), JSON.stringify(original)];
  }
}

/** Moves what is staged into the registry, and the answers into surveys of the day of the visit (ISO). Each row ends with one outcome. */
export async function mergeBdt(loader: Loader, visitedOn: string): Promise<{ households: Loaded; members: Loaded }> {
  await loader.query("select set_config('bdt.visited', $1, true)", [visitedOn]);
  for (const statement of [...HOMES, ...SOULS, ...SURVEYS]) await loader.query(statement);
  return {
    households: await loadedOf(loader, "home"),
    members: { ...(await loadedOf(loader, "soul")), kept: await keptOf(loader) },
  };
}

async function keptOf(loader: Loader): Promise<RefusedRow[]> {
  const kept = await loader.query<{ line: number; original: string }>(
    "select line, original from soul where outcome = 'updated' and kept is not null order by place",
  );
  return kept.map((row) => toldRow(row, "Sta_keberadaan_art", "STATE_KEPT"));
}

const FIELDS: Readonly<Record<string, readonly [household: string, member: string]>> = {
  OTHER_ROW_SAME_ID: ["IDBDT", "IDARTBDT"],
  NO_HOUSEHOLD: ["IDBDT", "IDBDT"],
  MOVED_FAMILY: ["NUK", "NUK"],
  FAMILY_FULL: ["NUK", "NUK"],
};

async function loadedOf(loader: Loader, table: "home" | "soul"): Promise<Loaded> {
  const counts = await loader.query<{ outcome: string; n: number }>(
    `select outcome, count(*)::int as n from ${table} group by outcome`,
  );
  const count = (outcome: string) => counts.find((row) => row.outcome === outcome)?.n ?? 0;
  const refused = await loader.query<{ line: number; outcome: string; original: string }>(
    `select line, outcome, original from ${table} where outcome = any($1) order by place`,
    [Object.keys(FIELDS)],
  );
  return {
    ...{ created: count("created"), updated: count("updated"), unchanged: count("unchanged") },
    kept: [],
    refused: refused.map((row) => toldRow(row, FIELDS[row.outcome]?.[table === "home" ? 0 : 1] ?? "", row.outcome)),
  };
}

const VISITED = "current_setting('bdt.visited')::date";

const HOMES = [
  `update home h set outcome = case when (h.region, h.address, h.answers) is not distinct from (f.region, f.address, f.answers)
     then 'unchanged' else 'OTHER_ROW_SAME_ID' end
   from (select distinct on (idbdt) * from home order by idbdt, place) f where f.idbdt = h.idbdt and h.place > f.place`,
  `update home h set outcome = 'unchanged' from welfare.household k where h.outcome is null and k.id = h.id and k.region = h.region and k.address = h.address
     and exists (select from welfare.survey s where s.household_id = h.id and s.visited_on = ${VISITED} and s.answers = h.answers)`,
  "update home h set outcome = 'updated' from welfare.household k where h.outcome is null and k.id = h.id",
  "insert into welfare.household (id, region, address) select id, region, address from home where outcome is null",
  "update home set outcome = 'created' where outcome is null",
  `update welfare.household k set region = h.region, address = h.address from home h
   where h.outcome = 'updated' and k.id = h.id and (k.region, k.address) is distinct from (h.region, h.address)`,
  ...["family", "member", "ranking", "ppks_status"].map(
    (table) => `update welfare.${table} t set region = h.region from home h
      where h.outcome = 'updated' and t.household_id = h.id and t.region <> h.region`,
  ),
] as const;

const SOULS = [
  `update soul s set outcome = case when s.hash = f.hash then 'unchanged' else 'OTHER_ROW_SAME_ID' end
   from (select distinct on (idartbdt) idartbdt, place, hash from soul order by idartbdt, place) f where f.idartbdt = s.idartbdt and s.place > f.place`,
  "update soul s set outcome = 'NO_HOUSEHOLD' where s.outcome is null and not exists (select from welfare.household k where k.id = s.household_id)",
  `update soul s set outcome = case when m.family_id <> s.family_id then 'MOVED_FAMILY' when m.source_hash = s.hash then 'unchanged' else 'updated' end
   from welfare.member m where s.outcome is null and m.id = s.id`,
  `insert into welfare.family (id, household_id, registry_number, number_in_household, claimed_card_number, region, household_decile)
   select distinct on (s.family_id) s.family_id, s.household_id, 'BDT-' || s.idbdt || '-' || s.number, s.number, s.card, k.region, k.decile
   from soul s join welfare.household k on k.id = s.household_id
   where s.outcome is null and not exists (select from welfare.family f where f.id = s.family_id) order by s.family_id, s.card is null, s.place`,
  // an old extract wakes nobody: who sleeps, died or was merged stays so
  `update soul s set kept = m.state from welfare.member m
   where s.outcome = 'updated' and m.id = s.id and m.state in ('DECEASED', 'DORMANT', 'MERGED') and m.state <> s.state`,
  // another name or NIK is matched anew
  `update welfare.member m set claimed_name = s.name, claimed_nik = s.nik, state = coalesce(s.kept, s.state), relation = s.relation, source_hash = s.hash,
     match_status = case when (m.claimed_name, m.claimed_nik) is distinct from (s.name, s.nik) then 'NOT_YET_MATCHED' else m.match_status end,
     person_id = case when (m.claimed_name, m.claimed_nik) is distinct from (s.name, s.nik) then null else m.person_id end
   from soul s where s.outcome = 'updated' and m.id = s.id`,
  // one by one, as the rule of numbers takes it: head, spouse, children by birth, others as they come
  `do $$ declare s record; begin
    for s in select t.*, k.region as home_region, k.decile from soul t join welfare.household k on k.id = t.household_id where t.outcome is null
      order by t.family_id, array_position(array['HEAD', 'SPOUSE', 'CHILD']::welfare.family_relation[], t.relation), case t.relation when 'CHILD' then nullif(t.born, '') end, t.place
    loop
      begin
        insert into welfare.member (id, household_id, family_id, suffix, relation, match_status, claimed_name, claimed_nik, state, source_hash, region, household_decile)
        values (s.id, s.household_id, s.family_id, welfare.next_suffix(s.family_id, s.relation::text), s.relation, 'NOT_YET_MATCHED', s.name, s.nik, s.state,
          s.hash, s.home_region, s.decile);
        update soul set outcome = 'created' where place = s.place;
      exception when sqlstate 'HB001' then update soul set outcome = 'FAMILY_FULL' where place = s.place;
      end;
    end loop; end $$`,
  `insert into welfare.external_id (id, scheme, value, member_id, household_id, valid_from)
   select gen_random_uuid(), 'IDARTBDT', s.idartbdt, s.id, s.household_id, ${VISITED} from soul s
   where s.outcome in ('created', 'updated') and not exists (select from welfare.external_id x where x.member_id = s.id and x.scheme = 'IDARTBDT')`,
] as const;

/** A household of which anything changed has a survey more, with everybody in it. */
const SURVEYS = [
  `create temporary table visit on commit drop as select gen_random_uuid() as survey_id, h.id as household_id, h.answers from home h
   where h.outcome in ('created', 'updated') or h.outcome = 'unchanged' and h.place = (select min(place) from home f where f.idbdt = h.idbdt)
     and exists (select from soul s where s.household_id = h.id and s.outcome in ('created', 'updated'))`,
  `insert into welfare.survey (id, household_id, visited_on, method, enumerator, answers)
   select survey_id, household_id, ${VISITED}, 'INTERVIEW', null, answers from visit`,
  `insert into welfare.survey_member (survey_id, member_id, household_id, answers)
   select distinct on (s.id) v.survey_id, s.id, s.household_id, s.answers from visit v join soul s on s.household_id = v.household_id
   where s.outcome in ('created', 'updated', 'unchanged') order by s.id, s.place`,
  `update welfare.household k set surveyed_on = ${VISITED}, floor_area = coalesce((v.answers #>> '{Luas_lantai,0}')::int, k.floor_area)
   from visit v where k.id = v.household_id and (k.surveyed_on is null or k.surveyed_on <= ${VISITED})`,
] as const;
