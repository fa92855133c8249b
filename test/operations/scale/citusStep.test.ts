import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { distributeAll, planAll } from "../../../drizzle/citus/distribute.ts";
import { migrateAll } from "../../../drizzle/cluster.ts";
import { asRole, asServer, failing, useDatabases } from "../../kit/database.ts";

const { urls } = useDatabases();
const owner = <T>(work: Parameters<typeof asRole<T>>[1]) => asRole(urls.population.owner, work);
const SAYS = "set on parameter citus.propagate_set_commands";

/**
 * The far side of the wire: what Citus' source refuses at the moment of each call, on the catalogue of a plain PostgreSQL. It moves no row. In the
 * schema of a library, for the layout knows each table of our own.
 */
const STAND_IN = `
  create table drizzle.pg_dist_partition (logicalrelid regclass, partmethod "char", repmodel "char", by text, colocated regclass);
  create table drizzle.said (place int generated always as identity, what text, mode text);
  create function drizzle.must_be_fit(t regclass, place text) returns void language plpgsql as $$
    declare fault text; begin
    if exists (select from pg_trigger where tgrelid = t and not tgisinternal) then raise exception '% has triggers', t; end if;
    if exists (select from pg_policy where polrelid = t and (polqual::text like '%{SUBLINK%' or polwithcheck::text like '%{SUBLINK%')) then raise exception '% has a policy with a subquery', t; end if;
    if (select relforcerowsecurity from pg_class where oid = t) then raise exception '%: COPY FROM not supported with row-level security', t; end if;
    if exists (select from drizzle.pg_dist_partition where logicalrelid = t) then raise exception '% is distributed', t; end if;
    select conname into fault from pg_constraint where contype = 'f' and place = 'local' and t in (conrelid, confrelid) and conrelid <> confrelid limit 1;
    if fault is not null then raise exception '%: % stands in the way', t, fault; end if;
    insert into drizzle.said (what, mode) values (place || ' ' || t, current_setting('citus.multi_shard_modify_mode'));
    end $$;
  create function drizzle.create_reference_table(t regclass) returns void language plpgsql as $$
    begin perform drizzle.must_be_fit(t, 'reference'); insert into drizzle.pg_dist_partition values (t, 'n', 't'); end $$;
  create function drizzle.create_distributed_table(t regclass, by text, colocate_with text) returns void language plpgsql as $$
    begin perform drizzle.must_be_fit(t, 'distributed by ' || by || ' beside ' || colocate_with || ':');
    if exists (select from pg_index i where i.indrelid = t and i.indisunique and not exists (select from pg_attribute a
      where a.attrelid = t and a.attname = by and a.attnum = any (i.indkey::int2[]))) then raise exception '%: a key without %', t, by; end if;
    if exists (select from pg_constraint where contype = 'f' and t in (conrelid, confrelid)) then raise exception '%: a foreign key before its time', t; end if;
    if colocate_with <> 'none' and not exists (select from drizzle.pg_dist_partition where logicalrelid = colocate_with::regclass) then raise exception 'no % to stand beside', colocate_with; end if;
    insert into drizzle.pg_dist_partition values (t, 'h', 's', by, case colocate_with when 'none' then t else colocate_with::regclass end); end $$;
`;

/** Foreign keys that Citus would not have taken, by what stands where now. */
const ILLEGAL = `select k.conname::text as name from pg_constraint k
  left join drizzle.pg_dist_partition c on c.logicalrelid = k.conrelid left join drizzle.pg_dist_partition p on p.logicalrelid = k.confrelid
  where k.contype = 'f' and case when p.partmethod = 'h' then c.colocated is distinct from p.colocated
      or not exists (select from unnest(k.conkey, k.confkey) u (own, other) join pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.own
        join pg_attribute b on b.attrelid = k.confrelid and b.attnum = u.other where a.attname = c.by and b.attname = p.by)
    when c.partmethod = 'h' then p.partmethod is distinct from 'n' else false end`;
const KEYS = "select count(*)::int as n from pg_constraint where contype = 'f'";

const standIn = () => owner((client) => client.unsafe(STAND_IN));
const searchPath = (path: string) =>
  asServer(urls.population.owner, async (admin) => {
    const [{ name } = { name: "" }] = await admin`select current_database() as name`;
    await admin.unsafe(`alter database "${name}" set search_path to ${path}`);
  });

beforeAll(() => asServer(urls.population.owner, (admin) => admin.unsafe(`grant ${SAYS} to hub_population_owner`)));
afterAll(() => asServer(urls.population.owner, (admin) => admin.unsafe(`revoke ${SAYS} from hub_population_owner`)));

test("on a server without Citus migrations lay nothing out, and who asks for it is told what is missing, before anything changes", async () => {
  const before = await owner((client) => client.unsafe(KEYS));
  await migrateAll(urls);
  await expect(distributeAll(urls)).rejects.toThrow("population: HUB_CITUS is true, and its server has no Citus");
  expect(await owner((client) => client.unsafe(KEYS))).toEqual(before);
  const unique = owner((client) => client`select from pg_constraint where conname = 'person_nik_unique' and contype = 'u'`);
  expect(await unique).toHaveLength(1);
});

test("reference tables come first, parents before children, one table beside the other, and no key is illegal then", async () => {
  await standIn();
  await searchPath("population, public, drizzle");
  const [{ n: keys } = { n: 0 }] = await owner((client) => client.unsafe(KEYS));
  const plans = await distributeAll(urls);
  expect(plans.map(({ state }) => state)).toEqual(["ready", "blocked", "blocked", "plain", "plain", "plain"]);
  await owner(async (client) => {
    const said = await client`select what, mode from drizzle.said order by place`;
    expect(said.map(({ what }) => what)).toEqual([
      "reference region",
      "distributed by id beside none: person",
      "distributed by person_id beside population.person: family_card_member",
      "distributed by nik beside none: person_nik",
    ]);
    expect(new Set(said.map(({ mode }) => mode))).toEqual(new Set(["sequential"]));
    expect(await client.unsafe(ILLEGAL)).toEqual([]);
    expect((await client.unsafe(KEYS))[0]?.["n"]).toBe(Number(keys) - 4); // those given up, by name in given.ts
    const unforced =
      await client`select relname from pg_class where relname in ('person', 'family_card_member', 'person_nik') and not relforcerowsecurity`;
    expect(unforced).toEqual([]);
    const [counts] = await client`select (select count(*) from person) = (select count(*) from person_nik) as same`;
    expect(counts?.["same"]).toBe(true);
  });
});

test("whoever connects from then on has the nodes told of the scope", async () => {
  const [row] = await asRole(
    urls.population.runtime,
    (client) => client`select current_setting('citus.propagate_set_commands') as says`,
  );
  expect(row?.["says"]).toBe("local");
});

test("what is laid out is not laid out again, and the plan says so", async () => {
  await distributeAll(urls);
  const [population] = await planAll(urls);
  expect(population).toMatchObject({ state: "ready", statements: [] });
  expect(await owner((client) => client`select from drizzle.said`)).toHaveLength(4);
});

test("without its key a NIK stays one person's: a birth under another's is refused by the same name, and leaves nothing", async () => {
  await owner(async (client) => {
    const [mother] =
      await client`select id, nik, region, family_card_id from person where family_card_id is not null and is_alive limit 1`;
    const newborn = (nik: string, id: string) => JSON.stringify({ id, nik, fullName: "Bayi", sex: "FEMALE", birthPlace: "X" });
    const born = (nik: string, id: string) =>
      client.unsafe(
        `select population.carry_out(jsonb_populate_record(null::population.civil_event, jsonb_build_object('kind', 'BIRTH', 'occurred_on', '2026-01-05',
          'persons', jsonb_build_array($1::text), 'to_card_id', $2::text, 'newborn', $3::text::jsonb)))`,
        [mother?.["id"], mother?.["family_card_id"], newborn(nik, id)],
      );
    const [twice, fresh] = [randomUUID(), randomUUID()];
    const refused = await born(String(mother?.["nik"]), twice).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: "23505", constraint_name: "person_nik_unique" });
    expect(await client`select from person where id = ${twice}`).toHaveLength(0);
    expect(await failing(born("9901010501269999", fresh))).toBe("NO ERROR");
    expect(await client`select from person_nik where nik = 9901010501269999 and person_id = ${fresh}`).toHaveLength(1);
    await client`delete from rollup_touched`;
    await client`select population.touch_homes(array[${fresh}]::uuid[])`;
    const touched = await client`select cube, region from rollup_touched`;
    expect([...touched]).toEqual([{ cube: "RESIDENTS", region: String(mother?.["region"]).slice(0, 6) }]);
  });
});
