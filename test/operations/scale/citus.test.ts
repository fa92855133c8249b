import { describe, expect, test } from "vitest";
import { type Catalog, readCatalog } from "../../../drizzle/citus/catalog.ts";
import { planOf } from "../../../drizzle/citus/distribute.ts";
import { GIVEN } from "../../../drizzle/citus/given.ts";
import { LAYOUT, type Layout } from "../../../drizzle/citus/layout.ts";
import { type Breach, breachesOf } from "../../../drizzle/citus/rules.ts";
import { sayings } from "../../../drizzle/citus/sayings.ts";
import { STANDING } from "../../../drizzle/citus/standing.ts";
import { SLICES, type Slice } from "../../../drizzle/client.ts";
import { asRole, useDatabases } from "../../kit/database.ts";

// Catalogues of a plain PostgreSQL: no Citus has run this layout.
const { urls } = useDatabases();
const catalogOf = (slice: Slice): Promise<Catalog> => asRole(urls[slice].owner, readCatalog);
const lines = (breaches: readonly Breach[]) => breaches.map(({ rule, what }) => `${rule}: ${what}`).sort();

describe("the layout of the hub's databases", () => {
  test("every table has one place, and what breaks a rule of Citus there is listed, with what mending it takes, and nothing else is", async () => {
    const seen: Record<string, number> = {};
    for (const slice of SLICES) {
      const catalog = await catalogOf(slice);
      seen[slice] = catalog.tables.length;
      const listed = STANDING[slice].flatMap(({ rule, what }) => what.map((name) => ({ rule, what: name })));
      expect(lines(breachesOf(slice, catalog)), slice).toEqual(lines(listed));
    }
    expect(seen["population"]).toBeGreaterThanOrEqual(29);
    expect(seen["welfare"]).toBeGreaterThanOrEqual(77);
    expect(seen["programs"]).toBeGreaterThanOrEqual(71);
  });

  test("the register of persons is ready to be spread over nodes; registry and programs are not, and are left whole", async () => {
    const plans = await Promise.all(SLICES.map(async (slice) => planOf(slice, await catalogOf(slice), new Set())));
    expect(Object.fromEntries(plans.map(({ slice, state }) => [slice, state]))).toEqual({
      population: "ready",
      welfare: "blocked",
      programs: "blocked",
      banyuwangi: "plain",
      statistics: "plain",
      governance: "plain",
    });
  });

  test("each place, each thing given up and each breach that stands says why", () => {
    const reasons = SLICES.flatMap((slice) => [
      LAYOUT[slice].why,
      ...Object.keys(LAYOUT[slice].local),
      ...Object.values(GIVEN[slice].constraints),
      ...Object.values(GIVEN[slice].triggers),
      ...STANDING[slice].map(({ why }) => why),
    ]);
    expect(reasons.length).toBeGreaterThan(35);
    expect(reasons.filter((reason) => reason.length < 20)).toEqual([]);
  });
});

const PLANTED = `
  create table welfare.trial_home (id uuid primary key, code text);
  create table welfare.trial_keyed (id uuid primary key, household_id uuid not null, number int unique);
  create table welfare.trial_loose (household_id uuid, serial int generated always as identity, unique (household_id, serial));
  create table welfare.trial_worded (household_id text collate "C" not null);
  create table welfare.trial_made (says jsonb, household_id uuid not null generated always as ((says->>'home')::uuid) stored);
  create table welfare.trial_slot (household_id uuid not null, at daterange, exclude using gist (at with &&), exclude using gist (household_id with =, at with &&));
  create table welfare.trial_child (household_id uuid not null references welfare.trial_home (id), other uuid references welfare.trial_home (id));
  create table welfare.trial_code (code text primary key, home uuid references welfare.trial_home (id));
  create table welfare.trial_beside (home uuid references welfare.trial_home (id), code text references welfare.trial_code (code));
  create table welfare.trial_tail (household_id uuid not null, beside int);
  alter table welfare.trial_beside add column id int primary key;
  alter table welfare.trial_tail add constraint trial_tail_fk foreign key (beside) references welfare.trial_beside (id);
  alter table welfare.trial_child add constraint trial_nulls foreign key (household_id) references welfare.trial_home (id) on delete set null;
  create trigger trial_kept before delete on welfare.trial_home execute function welfare.refuse();
  create trigger trial_kept before delete on welfare.trial_code execute function welfare.refuse();
  create trigger trial_kept before delete on welfare.trial_beside execute function welfare.refuse();
  create policy trial_asks on welfare.trial_home using (exists (select from welfare.trial_code));
  create policy trial_asks on welfare.trial_beside using ((select true));
  create policy trial_plain on welfare.trial_code using (code = current_setting('hub.agency'));
  create function welfare.trial_moves() returns void language sql as 'update welfare.trial_tail set beside = 1, household_id = null';
`;
const TRIAL: Layout = {
  why: "",
  distributed: {
    trial_home: "id",
    trial_keyed: "household_id",
    trial_loose: "household_id",
    trial_worded: "household_id",
    trial_made: "household_id",
    trial_slot: "household_id",
    trial_child: "household_id",
    trial_tail: "household_id",
  },
  reference: ["trial_code"],
  local: { small: ["trial_beside", "trial_forgotten"] },
};

describe("rules of Citus", () => {
  test("a planted breach of each is found, and what is legal is not", async () => {
    const catalog = await asRole(urls.welfare.owner, async (client) => {
      await client.unsafe(PLANTED);
      return readCatalog(client);
    });
    const planted = breachesOf("welfare", catalog, [TRIAL, { constraints: {}, triggers: {}, before: {}, lookups: {} }]);
    expect(lines(planted.filter(({ what }) => what.includes("trial")))).toEqual([
      "column: welfare.trial_loose.household_id: may be null",
      "column: welfare.trial_loose.serial: an identity must be bigint, and not of a partitioned table",
      "column: welfare.trial_made.household_id: is generated",
      "column: welfare.trial_worded.household_id: text, where welfare.trial_home has uuid",
      "foreign key: welfare.trial_beside.trial_beside_home_fkey: from a local table to a distributed one",
      "foreign key: welfare.trial_child.trial_child_other_fkey: between distributed tables without their columns",
      "foreign key: welfare.trial_child.trial_nulls: acts on the distribution column",
      "foreign key: welfare.trial_code.trial_code_home_fkey: from a reference table to a distributed one",
      "foreign key: welfare.trial_tail.trial_tail_fk: from a distributed table to a local one",
      "gone: welfare.trial_forgotten",
      "key: welfare.trial_keyed.trial_keyed_number_key",
      "key: welfare.trial_keyed.trial_keyed_pkey",
      "key: welfare.trial_slot.trial_slot_at_excl (exclusion)",
      "policy: welfare.trial_beside.trial_asks",
      "policy: welfare.trial_home.trial_asks",
      "statement: welfare.trial_moves: moves household_id of welfare.trial_tail",
      "trigger: welfare.trial_code.trial_kept",
      "trigger: welfare.trial_home.trial_kept",
    ]);
    expect(planted).toContainEqual({ rule: "unclassified", what: "welfare.household" });
  });

  test("a table, a trigger or a key more fails until it has its place", async () => {
    const catalog = await asRole(urls.population.owner, async (client) => {
      await client.unsafe(`create table population.newcomer (id int);
        alter table population.person add constraint one_address unique (nik, address);
        alter table population.individual_row add constraint newcomer foreign key (individual) references population.person (id);
        create trigger noted after insert on population.family_card_member execute function population.civil_event_stays()`);
      const read = await readCatalog(client);
      await client.unsafe(`drop table population.newcomer; alter table population.person drop constraint one_address;
        alter table population.individual_row drop constraint newcomer; drop trigger noted on population.family_card_member`);
      return read;
    });
    expect(lines(breachesOf("population", catalog))).toEqual([
      "foreign key: population.individual_row.newcomer: from a local table to a distributed one",
      "key: population.person.one_address",
      "trigger: population.family_card_member.noted",
      "unclassified: population.newcomer",
    ]);
    expect(planOf("population", catalog, new Set()).state).toBe("blocked");
  });

  test("what is said to be given up must be there", async () => {
    const given = { ...GIVEN.population, triggers: { ...GIVEN.population.triggers, "person.no_such": "a reason" } };
    expect(breachesOf("population", await catalogOf("population"), [LAYOUT.population, given])).toEqual([
      { rule: "gone", what: "population.person.no_such: given up, and not there" },
    ]);
  });
});

const PERSON = [{ name: "population.person", by: "id" }];

test.each([
  ["UPDATE population.person p SET address = 'x', id = n.id FROM other n", ["moves id of population.person"]],
  ["update person set (address, id) = ('x', null) where id = 1", ["moves id of population.person"]],
  ["insert into population.person values (1) on conflict (id) do update set id = excluded.id", ["moves id of population.person"]],
  ["update population.person set family_card_id = id where id = 1; update population.individual set id = 2", []],
  ["select from population.person p where p.id = any (list) for update", ["locks rows of population.person without its id"]],
  ["select from population.person p where p.nik = 1 for no key update", ["locks rows of population.person without its id"]],
  ["select from population.person p where p.id = 1 for update", []],
  ["select from population.person p join other o on o.x = p.nik for update of o", []],
  [
    "select from population.person for update skip locked limit 1",
    ["locks rows of population.person without its id", "skips locked rows beside population.person"],
  ],
  [
    "with recursive up as (select id from population.person union select 1 from up) select 1",
    ["asks population.person in a recursive question"],
  ],
  [
    "select from population.person p left join unnest(list) l (nik) on l.nik = p.nik",
    ["left join unnest beside population.person"],
  ],
  ["-- update population.person set id = 1\nselect 1 from population.personality for update", []],
])("of a statement is said what Citus refuses: %s", (statement, said) => {
  expect(sayings(statement, PERSON)).toEqual(said);
});
