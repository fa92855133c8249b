import { expect, test } from "vitest";
import { inOneLoad } from "../../../drizzle/copy.ts";
import { openIntake } from "../../../drizzle/synthetic/load.ts";
import { asRole, useDatabases } from "../../kit/database.ts";

const databases = useDatabases({ empty: true });

// Autovacuum that comes during a first load counts none of its rows. With (parent_code, code) as an index each reference was then looked
// for in the whole of it: 81 and 158 s for 90,440 regions, in place of one.
test("what autovacuum says of an unfinished load leads no reference to a region past the index of its code", () =>
  asRole(databases.urls.population.owner, async (owner) => {
    await owner`begin`;
    await owner`insert into population.region select 'x' || n, 'lost', 'VILLAGE' from generate_series(1, 9000) n`;
    await owner`rollback`;
    await owner`analyze population.region`;
    const [known] = await owner`select reltuples from pg_class where oid = 'population.region'::regclass`;
    const plan = await owner`explain select 1 from only population.region x where code = '11' for key share of x`;
    expect([known?.["reltuples"], plan.map((line) => line["QUERY PLAN"]).join("\n")]).toEqual([
      0,
      expect.stringContaining("using region_pkey"),
    ]);
  }));

test("while a load is under way autovacuum passes its tables by, and who writes does not wait", () =>
  inOneLoad(databases.urls.population.owner, async (loader) => {
    await openIntake(loader, "population");
    await asRole(databases.urls.population.owner, async (other) => {
      await other`set lock_timeout = '100ms'`;
      await expect(other`analyze population.person`).rejects.toThrow("lock timeout");
      await other`update population.person set full_name = full_name`;
    });
  }));
