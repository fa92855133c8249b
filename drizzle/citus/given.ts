import type { Slice } from "../client.ts";

/** What a database does differently once its tables are distributed. Only there: a plain PostgreSQL keeps every key and trigger. */
export interface Given {
  /** Constraints dropped before distributing, by what stands for them then. */
  readonly constraints: Readonly<Record<string, string>>;
  /** Triggers dropped before distributing, by what stands for them then. */
  readonly triggers: Readonly<Record<string, string>>;
  /** Run once, before the table they belong to is distributed and after the constraints are gone. */
  readonly before: Readonly<Record<string, readonly string[]>>;
  /** Made by `before`, distributed last, each in a group of its own. */
  readonly lookups: Readonly<Record<string, string>>;
}

const NOTHING: Given = { constraints: {}, triggers: {}, before: {}, lookups: {} };
const NEVER_GOES = "no role deletes either row, and one function writes both in one transaction (carry_out of civil events)";
const TOUCHES = "the functions of civil events say it themselves (touch_homes); after loading in bulk: npx hub cubes rebuild";

export const GIVEN: Readonly<Record<Slice, Given>> = {
  population: {
    constraints: {
      "person.person_nik_unique": "person_nik, whose key is the NIK; claimed before a person is written (claim_nik)",
      "person.person_family_card_id_family_card_id_fk": NEVER_GOES,
      "family_card_member.family_card_member_family_card_id_family_card_id_fk": NEVER_GOES,
      "individual.individual_person_id_fkey":
        "persons are never deleted; the matching run writes ids it read in the same transaction",
      "review_case.review_case_person_id_fkey":
        "persons are never deleted; the matching run writes ids it read in the same transaction",
    },
    triggers: {
      "person.person_begins_touches": TOUCHES,
      "person.person_changes_touches": TOUCHES,
      "person.person_goes_touches": "persons are never deleted",
    },
    before: { person: nikLookup() },
    lookups: { person_nik: "nik" },
  },
  welfare: NOTHING,
  programs: NOTHING,
  banyuwangi: NOTHING,
  statistics: NOTHING,
  governance: NOTHING,
};

/** One NIK, one person, over all nodes: a key of person cannot say so without person's id in it. */
function nikLookup(): readonly string[] {
  return [
    "create index if not exists person_nik_index on population.person (nik)",
    "create table if not exists population.person_nik (nik bigint constraint person_nik_unique primary key, person_id uuid not null)",
    "alter table population.person_nik enable row level security",
    "drop policy if exists hub_population_owner_all on population.person_nik",
    "create policy hub_population_owner_all on population.person_nik to hub_population_owner using (true) with check (true)",
    "insert into population.person_nik (nik, person_id) select nik, id from population.person",
    `create or replace function population.claim_nik(claimed bigint, claimant uuid) returns void language plpgsql set search_path = pg_catalog, pg_temp as $body$
begin
  insert into population.person_nik (nik, person_id) values (claimed, claimant);
exception when unique_violation then -- by the name the key had; a shard adds its number
  raise exception 'the NIK is another person''s' using errcode = '23505', constraint = 'person_nik_unique';
end $body$`,
    `create or replace function population.touch_homes(persons uuid[]) returns void language sql set search_path = pg_catalog, pg_temp as $body$
  insert into population.rollup_touched (cube, region)
    select distinct 'RESIDENTS', left(p.region, 6) from population.person p where p.id = any (persons)
$body$`,
  ];
}
