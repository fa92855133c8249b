import { randomUUID } from "node:crypto";
import type { Loader } from "../../../../drizzle/copy.ts";

/** Made-up weights, not those of BPS, which are not public. The better the house and the more it owns, the higher the score. */
const OF_THE_COUNTRY = `,CONSTANT,,10
,Lantai,1,1.5
,Lantai,2,1.25
,Lantai,8,-1.125
,Dinding,1,0.75
,Dinding,5,-0.5
,Sumber_penerangan,3,-0.875
,Daya,1,-0.4
,Daya,4,0.6
,Fasbab,1,0.5
,Fasbab,4,-0.7
,Ada_mobil,1,2.5
,Ada_motor,1,0.8
,Ada_lemari_es,1,0.65
,Ada_ac,1,1.1
,Ada_laptop,1,0.9
,Luas_lantai,,0.010001
,Jumlah_ART,,-0.35
,ART_Ijazah_tertinggi,6,1.2`;
export const HEAD = "area,variable,code,weight";
export const WEIGHTS = `${HEAD}\n${OF_THE_COUNTRY}\n35,CONSTANT,,9.5\n35,Ada_mobil,1,2\n35,Luas_lantai,,0.02\n35,Lantai,8,-2\n35,Fasbab,4,-1\n`;

/** Drafts, publishes and proposes as the owner of the tables, one name after the other, and starts it. Answers the ranking's id. */
export async function startByOwner(loader: Loader, version: string, weights = WEIGHTS): Promise<string> {
  const [file, run] = [randomUUID(), randomUUID()];
  const as = (actor: string) => loader.query("select set_config('hub.actor', $1, true)", [actor]);
  await as("ANI");
  await loader.query(
    `insert into welfare.weight_file (id, basis, edition, area_level, legal_basis, author) values ($1, 'DTSEN', $2, 'PROVINCE', 'Inpres 4/2025', 'ANI')`,
    [file, `PMT-${version}`],
  );
  const rows = weights.trim().split("\n").slice(1);
  await loader.query(
    `insert into welfare.weight (file_id, area, variable, code, millionths)
     select $1, r[1], r[2], nullif(r[3], ''), (r[4]::numeric * 1000000)::bigint from unnest($2::text[]) line, string_to_array(line, ',') r`,
    [file, rows],
  );
  await as("BUDI");
  await loader.query(
    `update welfare.weight_file set state = 'PUBLISHED', sha256 = encode(sha256(convert_to(welfare.weight_text(id), 'UTF8')), 'hex') where id = $1`,
    [file],
  );
  await loader.query(
    `insert into welfare.ranking_run (id, version_id, weight_file_id, as_of, legal_basis, proposed_by, proposed_at)
     values ($1, $2, $3, welfare.day(), 'Inpres 4/2025', 'BUDI', now())`,
    [run, version, file],
  );
  await as("ANI");
  await loader.query("update welfare.ranking_run set state = 'SCORING' where id = $1", [run]);
  return run;
}

/** A survey of a household: answers by variable. */
export interface Surveyed {
  readonly household: string;
  readonly answers: Readonly<Record<string, string>>;
}

/** Writes surveys of today, in the order given, as the owner of the tables. */
export const writeSurveys = (loader: Loader, surveys: readonly Surveyed[]) =>
  loader.query(
    `insert into welfare.survey (id, household_id, visited_on, method, answers, known_from)
     select gen_random_uuid(), s.household, welfare.day(), 'INTERVIEW', (select coalesce(jsonb_object_agg(key, jsonb_build_array(value)), '{}') from jsonb_each_text(s.answers)),
       now() - interval '1 hour'
     from jsonb_to_recordset($1::jsonb) as s (household uuid, answers jsonb)`,
    [JSON.stringify(surveys)],
  );

/** All households with a member alive, in order of id. */
export async function householdsAlive(loader: Loader): Promise<string[]> {
  const rows = await loader.query<{ id: string }>(
    "select id from welfare.household h where exists (select from welfare.member m where m.household_id = h.id and m.state in ('ACTIVE', 'DORMANT')) order by id",
  );
  return rows.map(({ id }) => id);
}

export interface Placed {
  readonly household: string;
  readonly percentile: number;
  readonly decile: number;
}

/** Ranks of a version, in order of household. */
export const ranksOf = (loader: Loader, version: string) =>
  loader.query<Placed & Record<string, unknown>>(
    "select household_id as household, percentile, decile from welfare.ranking where version_id = $1 order by household_id",
    [version],
  );
