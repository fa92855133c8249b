import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { rawClient } from "../../../drizzle/client.ts";
import { underAgreement } from "../../../gateway/authenticate/agreement.ts";
import { followGrants, type Grants } from "../../../gateway/authorize/grants/grants.ts";
import type { Identified } from "../../../gateway/types/chain.ts";
import { Refusal } from "../../../schema/errors.ts";
import { sha256Hex } from "../../../schema/policy/content.ts";
import { useDatabases, withoutTriggers } from "../../kit/database.ts";
import { layWire, type Wire } from "../../kit/machines/wire.ts";
import { openingOf, renew, renewWith, resume, suspend } from "../../kit/policy.ts";

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
  // Reading terms takes `slowness`, however many tables there are; outlines and the epoch come at once.
  await owner`create table slowness (seconds float not null)`;
  await owner`insert into slowness values (0)`;
  await owner`create function read_slowly() returns boolean language plpgsql security definer as $$
    begin
      if current_query() like '%body, signature%' then perform pg_sleep((select seconds from governance.slowness)); end if;
      return true;
    end $$`;
  await owner`alter policy hub_gateway_reads on decision_table using ((select governance.read_slowly()))`;
  grants = await followGrants({ databaseUrl: wire.url(databases.urls.gateway), ...openingOf(), log });
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
  const asking = {
    client,
    agency,
    officer: null,
    citizen: null,
    tryAs: null,
    agreementNumber: null,
    caseNumber: null,
    address: "10.1.2.3",
    requestId: "r1",
  };
  try {
    const { caller } = underAgreement(asking as unknown as Identified, grants.current());
    return `rows to decile ${caller.rows.decileMax}`;
  } catch (error) {
    if (error instanceof Refusal) return error.failures[0]?.code ?? "";
    throw error;
  }
}
const upToDecile = (decileMax: number) => ({ regions: ["3510"], programs: null, decileMax });
const narrow = (number: string, decile: number) =>
  renewWith(databases.urls.governance.owner, number, { row_scope: upToDecile(decile) });
const slowdown = (seconds: number) => owner`update slowness set seconds = ${seconds}`;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test("a reading of terms slower than the lease closes the agreement that changed, and no other", async () => {
  await slowdown(2.8);
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
  await slowdown(0.035); // below the grace
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
  await slowdown(2.1);
  await narrow("PKS-2025-004", 4);
  await expect.poll(() => outcomeOf("dinsos-banyuwangi"), { interval: 5 }).toBe("POLICY_UNAVAILABLE");
  await suspend(owner, "PKS-2025-003");
  await expect.poll(() => outcomeOf("kemendikdasmen"), { interval: 5 }).toBe("AGREEMENT_SUSPENDED");
  expect(outcomeOf("dinsos-banyuwangi")).toBe("POLICY_UNAVAILABLE"); // still being read
  await slowdown(0);
  await resume(owner, "PKS-2025-003");
  await expect.poll(() => outcomeOf("kemendikdasmen"), { timeout: 20 * SECOND }).toBe("rows to decile 100");
  await expect.poll(() => outcomeOf("dinsos-banyuwangi"), { timeout: 20 * SECOND }).toBe("rows to decile 4");
});

describe("an epoch known to be there", () => {
  const committed = async () => Number((await owner`select n from epoch`)[0]?.["n"]);
  const touch = () => owner`update agency set name = name where code = 'BPS'`;

  test("is reached at once when asked for, and each gateway's policy is as new as that", async () => {
    for (let times = 0; times < 5; times++) {
      await touch();
      const epoch = await committed();
      await Promise.all([grants.reached(epoch), grants.reached(epoch - 1)]);
      expect(grants.current().epoch).toBeGreaterThanOrEqual(epoch);
    }
  });

  test("is waited for no longer than a second while the database is silent", async () => {
    wire.hang();
    await touch();
    await expect(grants.reached(await committed())).rejects.toMatchObject({ failures: [{ code: "POLICY_UNAVAILABLE" }] });
    wire.mend();
    await expect
      .poll(async () => grants.isCurrent && grants.current().epoch === (await committed()), { timeout: 10_000 })
      .toBe(true);
  });

  test("is heard anew by a process that stood still, also in the middle of hearing it, and nobody is refused for that", async () => {
    const stand = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1.3 * SECOND);
    await grants.reached(await committed());
    stand();
    expect(grants.isCurrent).toBe(false);
    await grants.reached(0);
    expect(outcomeOf("kemensos")).toBe("rows to decile 100");
    await touch();
    const hearing = grants.reached(await committed());
    stand();
    await hearing;
    expect(outcomeOf("kemensos")).toBe("rows to decile 100");
  });

  test("brings persons whose data were restricted, in the set of before while they are the same", async () => {
    const person = "5b0e6a4e-1f0a-4d52-9d6f-0123456789ab";
    const restrict = () => owner`with filed as (
        insert into subject_request (id, number, person_id, filed_by, kind, statement, controller, received_at, due_at)
        values (gen_random_uuid(), 'HSD-2026-000001', ${person}, ${person}, 'RESTRICTION', 'Mohon', 'KEMENSOS', now(), now() + interval '72 hours')
        returning id)
      insert into restriction (id, person_id, request_id, imposed_at) select gen_random_uuid(), ${person}, id, now() from filed`;
    const restrictedAfter = async (act: () => Promise<unknown>) => {
      await act();
      await grants.reached(await committed());
      return grants.current().restricted;
    };
    const [before, still] = [await restrictedAfter(touch), await restrictedAfter(touch)];
    expect([still === before, [...before]]).toEqual([true, []]);
    const during = await restrictedAfter(restrict);
    expect([...during]).toEqual([person]);
    expect(await restrictedAfter(touch)).toBe(during);
    const lift = () => owner`update restriction set lifted_at = now(), lifted_by = 'SUBJECT' where person_id = ${person}`;
    expect([...(await restrictedAfter(lift))]).toEqual([]);
  });
});

test("when the database is silent everything is refused, also while terms are being read", async () => {
  await slowdown(2.1);
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

/** Renews an agreement to be valid from `from` to before `to`; answers the number of the version. */
async function renewedFor(from: Date, to: Date, decile: number): Promise<number> {
  const columns = { valid_from: from, valid_to: to, row_scope: upToDecile(decile) };
  await renewWith(databases.urls.governance.owner, "PKS-2025-004", columns);
  const [row] = await owner`select max(version) as newest from agreement_version where agreement_number = 'PKS-2025-004'`;
  return Number(row?.["newest"]);
}

test("a gateway hears nothing of drafts, and of what is over only of the newest, however many there were", async () => {
  const NUMBER = "PKS-2025-003";
  const known = () =>
    [...grants.current().agreementsOf.values()]
      .flat()
      .find(({ number }) => number === NUMBER)
      ?.versions.map(({ version, state }) => [version, state])
      .sort();
  const [[before] = [0]] = known()?.slice(-1) ?? [];
  for (let times = 0; times < 3; times++) await renew(databases.urls.governance.owner, NUMBER);
  const newest = Number(before) + 3;
  await owner`insert into agreement_version (agreement_number, version, valid_from, valid_to, row_scope, author)
    select agreement_number, ${newest + 1}, valid_from, valid_to, row_scope, author from agreement_version
    where agreement_number = ${NUMBER} and version = ${newest}`;
  const [row] = await owner`select n from epoch`;
  await expect.poll(() => grants.current().epoch, { timeout: 5 * SECOND }).toBe(Number(row?.["n"]));
  expect(known()).toEqual([
    [newest - 1, "superseded"],
    [newest, "active"],
  ]);
});

test("terms are read of versions in force or about to be, without a change of policy when the time comes", async () => {
  const [from, to] = [new Date(Date.now() + 3 * DAY), new Date(Date.now() + 4 * DAY)];
  const next = await renewedFor(from, to, 7);
  const malformed = await renewedFor(to, new Date(to.getTime() + DAY), 8);
  await withoutTriggers(databases.urls.governance.owner, async (sql) => {
    await sql`update governance.agreement_version set state = 'active' where agreement_number = 'PKS-2025-004' and version = ${next}`;
    const body = "not a table";
    await sql`update governance.decision_table set body = ${body}, sha256 = ${sha256Hex(body)}
      where agreement_number = 'PKS-2025-004' and version = ${malformed}`;
  });
  const [row] = await owner`select n from epoch`;
  const epoch = Number(row?.["n"]);
  await expect.poll(() => grants.current().epoch).toBe(epoch);
  expect(outcomeOf("dinsos-banyuwangi")).toBe("AGREEMENT_EXPIRED");
  const termsOf = () =>
    grants
      .current()
      .agreementsOf.get("DINSOS_BANYUWANGI")
      ?.flatMap(({ number, versions }) => (number === "PKS-2025-004" ? versions : []))
      .filter(({ terms }) => terms)
      .map(({ version }) => version);
  await pause(600); // two polls
  expect([termsOf(), faults]).toEqual([[], []]);
  vi.useFakeTimers({ toFake: ["Date"], now: from.getTime() - 30 * SECOND });
  await expect.poll(termsOf, { timeout: 5 * SECOND }).toEqual([next]);
  expect(outcomeOf("dinsos-banyuwangi")).toBe("AGREEMENT_EXPIRED"); // read, not yet in force
  vi.setSystemTime(from);
  expect(outcomeOf("dinsos-banyuwangi")).toBe("rows to decile 7");
  expect([grants.current().epoch, faults]).toEqual([epoch, []]); // the malformed successor has not been looked at
  vi.setSystemTime(to.getTime() - 30 * SECOND);
  await expect.poll(() => faults.length, { timeout: 5 * SECOND }).toBe(1);
  expect(faults[0]).toContain(`"version":${malformed}`);
});
