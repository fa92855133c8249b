/** The register as the engine reads it: person id, state (index into PERSON_STATES), and the columns of pemadanan.ts. */
export const registerStatement = `select p.id, case when not p.is_alive then 1 when p.out_of_service is not null then 2 else 0 end as state,
  p.nik, c.number, p.full_name, case p.sex when 'MALE' then 'L' else 'P' end as sex, p.birth_date, p.birth_place, p.mother_name, p.region
  from population.person p left join population.family_card c on c.id = p.family_card_id order by p.id`;

// xmin changes with every update: as good as a hash of the content, at a hundredth of its cost
const changesOf = (table: string) =>
  `select count(*) as n, coalesce(sum(uuid_hash_extended(id, xmin::text::bigint)::numeric), 0) as h from population.${table}`;

/** Name of the register as it is now, and how many people are in it. */
export const SNAPSHOT_STATEMENT = `select p.n::text as people, md5(concat_ws('/', p.n, p.h, c.n, c.h)) as name
  from (${changesOf("person")}) p, (${changesOf("family_card")}) c`;
