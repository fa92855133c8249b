import { afterAll, beforeAll, describe, expect, inject, test, vi } from "vitest";
import { followAgreements, type Renewing } from "../../../../cli/slices/statistics/renewing.ts";
import { reporting } from "../../../../cli/slices/statistics/reporting.ts";
import { SLICES } from "../../../../drizzle/client.ts";
import { openLoadPool } from "../../../../drizzle/copy.ts";
import { dropLogin, loginOf } from "../../../../drizzle/reporting.ts";
import { CUBES } from "../../../../schema/statistics/cubes.ts";
import { asRole, useDatabases } from "../../../kit/database.ts";
import { release } from "../intake/cellKit.ts";

// From the agreement to the login: what governance has in force is what a BI tool reads, and when it ends so does the login.

const databases = useDatabases();
const PARTNERS = CUBES.filter(({ openness }) => openness === "PARTNER").map(({ code }) => code);
let agreements: Renewing;
let adminUrl: string;

beforeAll(async () => {
  agreements = await followAgreements(process.env, databases.urls.gateway);
  const url = new URL(inject("databases").adminUrl);
  url.pathname = new URL(databases.urls.statistics.runtime).pathname;
  adminUrl = url.href;
  await release(databases.urls.statistics.owner, "COVERAGE", {
    "2026-10": ["0", "35", "3510"].map((region) => [region, ["PKH", "*", "ENTITLED_UNSERVED"], 50]),
  });
});
afterAll(async () => {
  await agreements.close();
  await dropLogin(adminUrl, loginOf("BAPPENAS"));
});

test("an agreement opens to a login the partners' cubes and regions it opens to a question, and no more", () => {
  const terms = (agency: string, agreement: string) => agreements.termsOf({ agency, agreement });
  expect(terms("BAPPENAS", "PKS-2025-005")).toEqual({ cubes: PARTNERS, regions: [["0", "A"]] });
  expect(terms("DINSOS_BANYUWANGI", "PKS-2025-004")).toEqual({ cubes: PARTNERS, regions: [["3510", "3511"]] });
  expect(terms("KEMENDIKDASMEN", "PKS-2025-003"), "open figures alone").toMatchObject({ cubes: [] });
  expect(terms("BPK", "PKS-2025-006"), "asked by case, which a login cannot tell").toBeNull();
  expect(terms("BAPPENAS", "PKS-2025-105"), "for stewards").toBeNull();
  expect(terms("BPK", "PKS-2025-005"), "another's").toBeNull();
});

describe("npx hub reporting", () => {
  const said: string[] = [];
  const run = async (...argv: string[]) => {
    said.length = 0;
    const { urls } = databases;
    for (const slice of SLICES) {
      vi.stubEnv(`HUB_DATABASE_URL_${slice.toUpperCase()}`, urls[slice].runtime);
      vi.stubEnv(`HUB_DATABASE_OWNER_URL_${slice.toUpperCase()}`, urls[slice].owner);
    }
    for (const [name, url] of [
      ["GATEWAY", urls.gateway],
      ["RECORD", urls.record],
      ["PUBLICATION", urls.publication],
    ] as const)
      vi.stubEnv(`HUB_DATABASE_URL_${name}`, url);
    vi.stubEnv("HUB_DATABASE_URL", inject("databases").adminUrl);
    const spies = (["stdout", "stderr"] as const).map((stream) =>
      vi.spyOn(process[stream], "write").mockImplementation((text) => said.push(`${stream}: ${text}`) > 0),
    );
    try {
      return await reporting(argv);
    } finally {
      for (const spy of spies) spy.mockRestore();
      vi.unstubAllEnvs();
    }
  };

  test("opens a login that reads at once, closes with its agreement, and is gone when it is closed", async () => {
    expect(await run("open", "BAPPENAS", "--agreement", "PKS-2025-005")).toBe(0);
    const { user, password, database } = JSON.parse(said.find((line) => line.startsWith("stdout"))?.slice(8) ?? "");
    expect([user, database]).toEqual(["hub_bi_bappenas", new URL(adminUrl).pathname.slice(1)]);
    const own = new URL(adminUrl);
    [own.username, own.password] = [user, password];
    const regions = () =>
      asRole(own.href, async (sql) => (await sql`select region_code from coverage order by 1`).map((row) => row["region_code"]));
    expect(await regions()).toEqual(["0", "35", "3510"]);

    expect(await run("list")).toBe(0);
    expect(said.join("")).toContain("hub_bi_bappenas: PKS-2025-005 of BAPPENAS, open");
    expect(said.join("")).not.toContain(password);
    expect(await run("open", "BAPPENAS", "--agreement", "PKS-2025-005")).toBe(1);
    expect(said).toEqual([
      expect.stringContaining("BAPPENAS has a login already, for PKS-2025-005: npx hub reporting close BAPPENAS ends it"),
    ]);
    expect(await regions(), "and its password stays").toEqual(["0", "35", "3510"]);

    const statistics = openLoadPool(databases.urls.publication as string, { max: 1 });
    await asRole(
      databases.urls.governance.owner,
      (sql) =>
        sql`update governance.agreement_version set state = 'revoked' where agreement_number = 'PKS-2025-005' and state = 'active'`,
    );
    await expect
      .poll(() => agreements.termsOf({ agency: "BAPPENAS", agreement: "PKS-2025-005" }), { timeout: 10_000 })
      .toBeNull();
    await agreements.renew(statistics);
    await statistics.end();
    await expect(regions(), "its view is granted no more").rejects.toMatchObject({ code: "42501" });

    expect(await run("close", "BAPPENAS")).toBe(0);
    await expect(regions()).rejects.toThrow();
    expect(await run("close", "BAPPENAS")).toBe(1);
  });

  test("opens none for an agreement that opens no figures, and says how it is used", async () => {
    expect(await run("open", "BPK", "--agreement", "PKS-2025-006")).toBe(1);
    const [role] = await asRole(adminUrl, (sql) => sql`select count(*)::int as n from pg_roles where rolname = 'hub_bi_bpk'`);
    expect(role).toEqual({ n: 0 });
    for (const argv of [
      ["open", "BAPPENAS"],
      ["close"],
      ["open", "x; drop", "--agreement", "y"],
      ["shut", "BPK"],
      ["list", "BPK"],
    ])
      expect([argv, await run(...argv)]).toEqual([argv, 2]);
  });
});
