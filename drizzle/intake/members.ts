import type { Loader } from "../copy.ts";
import { hashOf, type SiksMember } from "./siks.ts";

export interface StagedRow {
  readonly line: number;
  readonly member: SiksMember;
  /** The row as it stood in the file, to give it back if it is refused here. */
  readonly original: readonly string[];
}

export interface RefusedRow {
  readonly line: number;
  readonly field: string;
  readonly reason: string;
  readonly original: readonly string[];
}

export interface Outcome {
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly refused: readonly RefusedRow[];
  /** Rows taken but for their state: whom the registry knows as asleep, dead or merged no import wakes. */
  readonly kept: readonly RefusedRow[];
  /** Members whose NIK other members carry too. They are stored: finding out who is right is work, not a reason to lose a row. */
  readonly sharedNik: number;
}

const COLUMNS = [
  "place",
  "line",
  "idsemesta",
  "nik",
  "card",
  "name",
  "address",
  "region",
  "relation",
  "state",
  "hash",
  "original",
] as const;

/** Stages valid rows while they arrive. MUST run first, in the transaction of `merge`. */
export async function stage(loader: Loader, rows: AsyncIterable<StagedRow>): Promise<void> {
  await loader.query("select pg_advisory_xact_lock(7305)"); // one import at a time: two would give the same suffix twice
  await loader.query(`create temporary table staged (place int, line int, idsemesta text, nik text, card text, name text, address text, region text,
    relation welfare.family_relation, state welfare.member_state, hash text, original text, outcome text,
    kept welfare.member_state, family_id uuid, household_id uuid, member_id uuid) on commit drop`);
  await loader.copy("pg_temp.staged", COLUMNS, valuesOf(rows));
  await loader.query("create index on staged (idsemesta); create index on staged (card); analyze staged");
}

async function* valuesOf(rows: AsyncIterable<StagedRow>) {
  let place = 0; // in the file: several JSON records may stand on one line
  for await (const { line, member: m, original } of rows) {
    place += 1;
    yield [
      place,
      line,
      m.idsemesta,
      m.nik,
      m.cardNumber,
      m.name,
      m.address,
      m.region,
      m.relation,
      m.state,
      hashOf(m),
      JSON.stringify(original),
    ];
  }
}

/** Moves staged rows into the registry, by `idsemesta`. Each row ends as created, updated, unchanged or refused. */
export async function merge(loader: Loader): Promise<Outcome> {
  for (const statement of STEPS) await loader.query(statement);
  const counts = await loader.query<{ outcome: string; n: number }>(
    "select outcome, count(*)::int as n from staged group by outcome",
  );
  const count = (outcome: string) => counts.find((row) => row.outcome === outcome)?.n ?? 0;
  const refused = await loader.query<{ line: number; outcome: string; original: string }>(
    "select line, outcome, original from staged where outcome = any($1) order by place",
    [Object.keys(REFUSED)],
  );
  const kept = await loader.query<{ line: number; kept: string; original: string }>(
    "select line, kept, original from staged where outcome = 'updated' and kept is not null order by place",
  );
  const [shared] = await loader.query<{
    n: number;
  }>(`select count(*)::int as n from staged s where outcome in ('created', 'updated')
    and exists (select from welfare.member m where m.claimed_nik = s.nik and m.idsemesta is distinct from s.idsemesta)`);
  return {
    created: count("created"),
    updated: count("updated"),
    unchanged: count("unchanged"),
    sharedNik: shared?.n ?? 0,
    refused: refused.map((row) => toldRow(row, REFUSED[row.outcome] ?? "", row.outcome)),
    kept: kept.map((row) => toldRow(row, KEPT[row.kept] ?? "", "STATE_KEPT")),
  };
}

/** Columns that outcomes and kept states are about. */
const REFUSED: Readonly<Record<string, string>> = {
  OTHER_ROW_SAME_ID: "idsemesta",
  FAMILY_FULL: "NOKK",
  MERGED_ELSEWHERE: "NOKK",
};
const KEPT: Readonly<Record<string, string>> = { DECEASED: "masih_hidup_label", DORMANT: "is_nonaktif", MERGED: "idsemesta" };

/** A staged row as it is told to whoever sent the file. */
export const toldRow = (
  { line, original }: { readonly line: number; readonly original: string },
  field: string,
  reason: string,
): RefusedRow => ({ line, field, reason, original: JSON.parse(original) as string[] });

const STEPS = [
  // the first row of an id speaks for it; a later one that says the same changes nothing, one that differs is a conflict
  `update staged s set outcome = case when s.hash = f.hash then 'unchanged' else 'OTHER_ROW_SAME_ID' end
   from (select distinct on (idsemesta) idsemesta, place, hash from staged order by idsemesta, place) f
   where f.idsemesta = s.idsemesta and s.place > f.place`,
  `update staged s set outcome = 'unchanged' from welfare.member m
   where s.outcome is null and m.idsemesta = s.idsemesta and m.source_hash = s.hash`,

  // the family of a card: the oldest known one, else a new family in a new household where its first row says
  `update staged s set family_id = f.id, household_id = f.household_id
   from (select distinct on (claimed_card_number) claimed_card_number, id, household_id from welfare.family
         where claimed_card_number in (select card from staged where outcome is null) order by claimed_card_number, registry_number) f
   where s.outcome is null and f.claimed_card_number = s.card`,

  // an old extract wakes nobody: who sleeps, died or was merged stays so, and who was merged moves nowhere
  `update staged s set outcome = 'MERGED_ELSEWHERE' from welfare.member m
   where s.outcome is null and m.idsemesta = s.idsemesta and m.state = 'MERGED' and s.family_id is distinct from m.family_id`,
  `update staged s set kept = m.state from welfare.member m
   where s.outcome is null and m.idsemesta = s.idsemesta and m.state in ('DECEASED', 'DORMANT', 'MERGED') and m.state <> s.state`,

  `create temporary table opened on commit drop as
   select distinct on (card) card, gen_random_uuid() as family_id, gen_random_uuid() as household_id, region, address
   from staged where outcome is null and family_id is null order by card, address in ('', '-'), place`,
  "insert into welfare.household (id, region, address) select household_id, region, address from opened",
  `insert into welfare.family (id, household_id, registry_number, number_in_household, claimed_card_number, region)
   select family_id, household_id, 'SIKS-' || replace(gen_random_uuid()::text, '-', ''), 1, card, region from opened`,
  `update staged s set family_id = o.family_id, household_id = o.household_id from opened o
   where s.outcome is null and s.family_id is null and o.card = s.card`,

  // a household that only imports know moves with them; what surveys and rankings know stays theirs
  `create temporary table moved on commit drop as
   select distinct on (s.household_id) s.household_id, s.region, s.address from staged s
   join welfare.family f on f.household_id = s.household_id and f.registry_number like 'SIKS-%'
   where s.outcome is null order by s.household_id, s.address in ('', '-'), s.place`,
  "update welfare.household h set region = m.region, address = m.address from moved m where h.id = m.household_id",
  ...["family", "member", "ranking", "ppks_status"].map(
    (table) =>
      `update welfare.${table} t set region = m.region from moved m where t.household_id = m.household_id and t.region <> m.region`,
  ),

  // same family: the member is corrected, and matched anew where name or NIK differ
  `update welfare.member m set claimed_name = s.name, claimed_nik = s.nik, state = coalesce(s.kept, s.state), relation = s.relation, source_hash = s.hash,
     match_status = case when (m.claimed_name, m.claimed_nik) is distinct from (s.name, s.nik) then 'NOT_YET_MATCHED' else m.match_status end,
     person_id = case when (m.claimed_name, m.claimed_nik) is distinct from (s.name, s.nik) then null else m.person_id end
   from staged s where s.outcome is null and m.idsemesta = s.idsemesta and m.family_id = s.family_id`,
  `update staged s set outcome = 'updated', member_id = m.id from welfare.member m
   where s.outcome is null and m.idsemesta = s.idsemesta and m.family_id = s.family_id`,

  // another family: a new member there; the old record stays as merged, for its number is never given again
  `create temporary table newcomer on commit drop as
   select s.place, s.idsemesta in (select idsemesta from welfare.member) as is_known,
     case when s.relation in ('HEAD', 'SPOUSE') and is_free then lpad(role::text, 2, '0')
          else (greatest(2, last) + row_number() over (partition by s.family_id, s.relation in ('HEAD', 'SPOUSE') and is_free order by s.place))::text end as suffix
   from (select s.*, case s.relation when 'HEAD' then 1 when 'SPOUSE' then 2 end as role,
           row_number() over (partition by s.family_id, s.relation order by s.place) = 1
             and not exists (select from welfare.member m where m.family_id = s.family_id
               and m.suffix = case s.relation when 'HEAD' then '01' when 'SPOUSE' then '02' end) as is_free,
           coalesce((select max(m.suffix::int) from welfare.member m where m.family_id = s.family_id), 0) as last
         from staged s where s.outcome is null) s`,
  "update staged s set outcome = 'FAMILY_FULL' from newcomer n where n.place = s.place and n.suffix::int > 99",
  `update welfare.member m set idsemesta = null, source_hash = null, state = 'MERGED' from staged s
   where s.outcome is null and m.idsemesta = s.idsemesta`,
  `insert into welfare.member (id, household_id, family_id, suffix, relation, match_status, claimed_name, claimed_nik, state, idsemesta,
     source_hash, region, household_decile)
   select gen_random_uuid(), s.household_id, s.family_id, lpad(n.suffix, 2, '0'), s.relation, 'NOT_YET_MATCHED', s.name, s.nik,
     coalesce(s.kept, s.state), s.idsemesta, s.hash, h.region, h.decile
   from staged s join newcomer n on n.place = s.place join welfare.household h on h.id = s.household_id where s.outcome is null`,
  "update staged s set outcome = case when n.is_known then 'updated' else 'created' end from newcomer n where n.place = s.place and s.outcome is null",
] as const;

/** Remembers what came of a file. */
export async function recordRun(
  loader: Loader,
  run: { fileName: string; total: number; loaded: number; unchanged: number; rejected: number },
): Promise<void> {
  const values = [run.fileName, run.total, run.loaded, run.unchanged, run.rejected];
  await loader.query(
    "insert into welfare.import_run (file_name, total, loaded, unchanged, rejected) values ($1, $2, $3, $4, $5)",
    values,
  );
}
