import { readFileSync } from "node:fs";
import { parse } from "graphql";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { rawClient } from "../../drizzle/client.ts";
import { underAgreement } from "../../gateway/authenticate/agreement.ts";
import { followGrants, type Grants } from "../../gateway/grants.ts";
import type { Identified } from "../../gateway/types/chain.ts";
import { Refusal } from "../../schema/errors.ts";
import { catalogueOf } from "../../schema/sdl/catalogue.ts";
import { useDatabases } from "../kit/database.ts";
import { layWire, type Wire } from "../kit/wire.ts";

// How policy is reloaded: what is read, what stays open meanwhile, and what closes when the database is silent.

const databases = useDatabases();
const faults: string[] = [];
const log = { warn: () => {}, error: (fields: object) => void faults.push(JSON.stringify(fields)) };
const SECOND = 1000;
const DAY = 24 * 60 * 60 * SECOND;
let grants: Grants;
let owner: ReturnType<typeof rawClient>;
let wire: Wire;
beforeAll(async () => {
  owner = rawClient(databases.urls.governance.owner, { max: 1 });
  wire = await layWire(databases.urls.gateway);
  const catalogue = catalogueOf(parse(readFileSync("schema/supergraph.graphql", "utf8")));
  // Reading terms takes `slowness` for each of the seven versions there are; outlines and the epoch come at once.
  await owner`create table slowness (seconds float not null)`;
  await owner`insert into slowness values (0)`;
  await owner`create function read_slowly() returns boolean language plpgsql security definer as $$
    begin
      if current_query() like '%as content%' then perform pg_sleep((select seconds from governance.slowness)); end if;
      return true;
    end $$`;
  await owner`alter policy hub_gateway_reads on agreement using (true)`;
  await owner`alter policy hub_gateway_reads on agreement_version using (governance.read_slowly())`;
  const databaseUrl = wire.url(databases.urls.gateway);
  grants = await followGrants({ databaseUrl, catalogue, pseudonymMaster: "p".repeat(32), log });
});
afterEach(() => vi.useRealTimers());
afterAll(async () => {
  await grants?.close();
  await owner?.end();
  await wire?.close();
});

/** What the client of an agency is told now. */
function outcomeOf(client: string): string {
  const agency = client.toUpperCase().replace("-", "_");
  const asking = { client, agency, agreementNumber: null, caseNumber: null, address: "10.1.2.3", requestId: "r1" };
  try {
    const { caller } = underAgreement(asking as unknown as Identified, grants.current());
    return `rows to decile ${caller.rows.decileMax}`;
  } catch (error) {
    if (error instanceof Refusal) return error.failures[0]?.code ?? "";
    throw error;
  }
}
const narrow = (number: string, decile: number) =>
  owner`update agreement_version set row_scope = jsonb_set(row_scope, '{decileMax}', ${decile}::text::jsonb) where agreement_number = ${number}`;
const slowdown = (seconds: number) => owner`update slowness set seconds = ${seconds}`;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test("a reading of terms slower than the lease closes the agreement that changed, and no other", async () => {
  await slowdown(0.4);
  await narrow("PKS-2025-004", 2);
  await expect.poll(() => outcomeOf("dinsos-banyuwangi"), { interval: 5 }).toBe("POLICY_UNAVAILABLE");
  const began = performance.now();
  const told = { changed: new Set<string>(), otherPastLease: new Set<string>() };
  while (outcomeOf("dinsos-banyuwangi") !== "rows to decile 2") {
    told.changed.add(outcomeOf("dinsos-banyuwangi"));
    if (performance.now() - began > 1.2 * SECOND) told.otherPastLease.add(outcomeOf("kemensos"));
    await pause(20);
  }
  expect([...told.otherPastLease]).toContain("rows to decile 100");
  expect([...told.changed]).toEqual(["POLICY_UNAVAILABLE"]); // nobody is judged by rules of before
  await slowdown(0);
});

test("a change that is read at once refuses nobody in between", async () => {
  await slowdown(0.005); // seven times: below the grace
  let decile = 10;
  const refused = async () => {
    decile += 1;
    await narrow("PKS-2025-004", decile);
    const told = new Set<string>();
    for (let now = ""; now !== `rows to decile ${decile}`; told.add(now)) {
      await pause(1);
      now = outcomeOf("dinsos-banyuwangi");
    }
    return [...told].filter((one) => !one.startsWith("rows"));
  };
  await expect.poll(refused, { timeout: 20 * SECOND }).toEqual([]); // on a busy machine one may take longer
  await slowdown(0);
});

test("a revocation bites while terms of others are still being read", async () => {
  await slowdown(0.3);
  await narrow("PKS-2025-004", 4);
  await expect.poll(() => outcomeOf("dinsos-banyuwangi"), { interval: 5 }).toBe("POLICY_UNAVAILABLE");
  await owner`update agreement_version set state = 'suspended' where agreement_number = 'PKS-2025-003'`;
  await expect.poll(() => outcomeOf("kemendikdasmen"), { interval: 5 }).toBe("AGREEMENT_SUSPENDED");
  expect(outcomeOf("dinsos-banyuwangi")).toBe("POLICY_UNAVAILABLE"); // still being read
  await slowdown(0);
  await owner`update agreement_version set state = 'active' where agreement_number = 'PKS-2025-003'`;
  await expect.poll(() => outcomeOf("kemendikdasmen"), { timeout: 20 * SECOND }).toBe("rows to decile 100");
  await expect.poll(() => outcomeOf("dinsos-banyuwangi"), { timeout: 20 * SECOND }).toBe("rows to decile 4");
});

test("when the database is silent everything is refused, also while terms are being read", async () => {
  await slowdown(0.3);
  await narrow("PKS-2025-004", 5);
  await expect.poll(() => outcomeOf("dinsos-banyuwangi"), { interval: 5 }).toBe("POLICY_UNAVAILABLE");
  expect(outcomeOf("kemensos")).toBe("rows to decile 100");
  wire.hang();
  await expect.poll(() => outcomeOf("kemensos"), { timeout: 5 * SECOND }).toBe("POLICY_UNAVAILABLE");
  expect(grants.isCurrent).toBe(false);
  wire.mend();
  await slowdown(0);
  await expect.poll(() => outcomeOf("dinsos-banyuwangi"), { timeout: 60 * SECOND }).toBe("rows to decile 5");
  expect(outcomeOf("kemensos")).toBe("rows to decile 100");
}, 90_000);

test("terms are read of versions in force or about to be, without a change of policy when the time comes", async () => {
  const [from, to] = [new Date(Date.now() + 3 * DAY), new Date(Date.now() + 4 * DAY)];
  await owner`update agreement_version set state = 'superseded' where agreement_number = 'PKS-2025-004'`;
  await owner`insert into agreement_version (agreement_number, version, state, valid_from, valid_to, row_scope)
    values ('PKS-2025-004', 2, 'active', ${from}, ${to}, '{"regions": ["3510"], "programs": null, "decileMax": 7}'),
      ('PKS-2025-004', 3, 'active', ${to}, ${new Date(to.getTime() + DAY)}, '{"regions": ["nowhere"], "programs": null, "decileMax": 7}')`;
  await expect.poll(() => outcomeOf("dinsos-banyuwangi")).toBe("AGREEMENT_EXPIRED");
  const { epoch } = grants.current();
  const termsOf = () =>
    grants
      .current()
      .agreementsOf.get("DINSOS_BANYUWANGI")
      ?.flatMap(({ versions }) => versions)
      .filter(({ terms }) => terms)
      .map(({ version }) => version);
  await pause(600); // two polls
  expect([termsOf(), faults]).toEqual([[], []]);
  vi.useFakeTimers({ toFake: ["Date"], now: from.getTime() - 30 * SECOND });
  await expect.poll(termsOf, { timeout: 5 * SECOND }).toEqual([2]);
  expect(outcomeOf("dinsos-banyuwangi")).toBe("AGREEMENT_EXPIRED"); // read, not yet in force
  vi.setSystemTime(from);
  expect(outcomeOf("dinsos-banyuwangi")).toBe("rows to decile 7");
  expect([grants.current().epoch, faults]).toEqual([epoch, []]); // the malformed successor has not been looked at
  vi.setSystemTime(to.getTime() - 30 * SECOND);
  await expect.poll(() => faults.length, { timeout: 5 * SECOND }).toBe(1);
  expect(faults[0]).toContain('"version":3');
});
