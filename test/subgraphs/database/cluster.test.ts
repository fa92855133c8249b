import { describe, expect, test } from "vitest";
import { SLICES } from "../../../drizzle/client.ts";
import { checkDatabases, migrateAll, urlsFromEnv } from "../../../drizzle/cluster.ts";
import { asRole, failing, useDatabases } from "../../kit/database.ts";

const databases = useDatabases();

describe("policy changes", () => {
  test("one step and one notice a transaction, whatever it touched", async () => {
    await asRole(databases.urls.governance.owner, async (client) => {
      const heard: string[] = [];
      await client.listen("policy", (notice) => heard.push(notice));
      const epoch = async () => Number((await client`select n from governance.epoch`)[0]?.["n"]);
      const before = await epoch();
      await client.begin(async (tx) => {
        await tx`insert into governance.agency values ('TRIAL', 'Instansi uji', 'dpo@trial.example')`;
        await tx`insert into governance.client (id, agency_code) values ('trial', 'TRIAL')`;
        await tx`update governance.client set status = 'SUSPENDED' where id = 'trial'`;
      });
      expect(await epoch()).toBe(before + 1);
      await client`delete from governance.client where id = 'trial'`;
      expect(await epoch()).toBe(before + 2);
      await expect.poll(() => heard).toEqual([String(before + 1), String(before + 2)]);
    });
  });

  test("two versions of one agreement cannot be in force at one instant", async () => {
    await asRole(databases.urls.governance.owner, async (client) => {
      const [seeded] = await client`select author from governance.agreement_version where agreement_number = 'PKS-2025-001'`;
      const drafted = client`insert into governance.agreement_version (agreement_number, version, valid_from, valid_to, row_scope, author)
        values ('PKS-2025-001', 7, '2026-01-01Z', '2027-01-01Z', '{"regions":[],"programs":null,"decileMax":null}', ${String(seeded?.["author"])})`;
      expect(await failing(drafted)).toBe("NO ERROR");
      // past the life cycle, whose steps lifecycleRules.test.ts takes
      await client`alter table governance.agreement_version disable trigger user`;
      const activated = client`update governance.agreement_version set state = 'active' where agreement_number = 'PKS-2025-001' and version = 7`;
      expect(await failing(activated)).toBe("23P01");
      await client`alter table governance.agreement_version enable trigger user`;
    });
  });
});

describe("start checks", () => {
  test("a prepared and migrated cluster has no fault, and migrating again changes nothing", async () => {
    await migrateAll(databases.urls);
    expect(await checkDatabases(databases.urls)).toEqual([]);
  });

  test("all faults are named at once: an owner as runtime role, a missing migration, a server that is not there", async () => {
    await asRole(
      databases.urls.programs.owner,
      (client) => client`delete from drizzle.__drizzle_migrations where id = (select max(id) from drizzle.__drizzle_migrations)`,
    );
    const faults = await checkDatabases({
      ...databases.urls,
      welfare: { ...databases.urls.welfare, runtime: databases.urls.welfare.owner },
      gateway: "postgres://hub_gateway:x@127.0.0.1:1/governance",
    });
    expect(faults).toEqual([
      "welfare: role hub_welfare_owner owns tables: use a role of its own for the subgraph",
      "programs: migrations are missing: run npx hub migrate",
      expect.stringMatching(/^gateway: cannot connect/),
    ]);
  });

  test("URLs by variable come whole or with every fault", () => {
    expect(urlsFromEnv({})).toBeUndefined();
    const outcome = urlsFromEnv({ HUB_DATABASE_URL_WELFARE: "mysql://x" });
    expect(outcome).toEqual({
      faults: expect.arrayContaining([
        "HUB_DATABASE_URL_WELFARE is not a postgres:// URL",
        "HUB_DATABASE_URL_GATEWAY is missing",
      ]),
    });
    expect((outcome as { faults: string[] }).faults).toHaveLength(2 + 2 * SLICES.length);
  });
});
