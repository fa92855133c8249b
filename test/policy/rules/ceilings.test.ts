import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Db, drizzleOn, rawClient } from "../../../drizzle/client.ts";
import { compileVersion } from "../../../drizzle/policy/compile.ts";
import { ownPublication, publish } from "../../../drizzle/policy/publish.ts";
import { underAgreement } from "../../../gateway/authenticate/agreement.ts";
import { followGrants, type Grants } from "../../../gateway/authorize/grants/grants.ts";
import type { Identified } from "../../../gateway/types/chain.ts";
import { Refusal } from "../../../schema/errors.ts";
import { useDatabases } from "../../kit/database.ts";
import { COMPILER, openingOf } from "../../kit/policy.ts";

const databases = useDatabases();
type Sql = ReturnType<typeof rawClient>;
let owner: Sql;
let other: Sql;
let grants: Grants;
beforeAll(async () => {
  [owner, other] = [
    rawClient(databases.urls.governance.owner, { max: 1 }),
    rawClient(databases.urls.governance.owner, { max: 1 }),
  ];
  const log = { warn: () => {}, error: () => {} };
  grants = await followGrants({ databaseUrl: databases.urls.gateway, ...openingOf(), log });
});
afterAll(async () => {
  await grants?.close();
  await Promise.all([owner?.end(), other?.end()]);
});

const GENERAL = sql`class = 'GENERAL' and topic is null`;
const MINISTRY = { agreement: "PKS-2025-001", version: 1 };
const CLIENTS = ["kemensos", "bpjs-kesehatan", "kemendikdasmen"] as const;

function terms(client: string) {
  const asking = {
    ...{ client, agency: client.toUpperCase().replace("-", "_"), officer: null, citizen: null, agreementNumber: null },
    ...{ caseNumber: null, tryAs: null, address: "10.1.2.3", requestId: "r1" },
  };
  return underAgreement(asking as unknown as Identified, grants.current());
}

/** Verdict of a gateway about a field for a client's agreement, or the code with which all is refused. */
function told(client: string, coordinate = "Person.fullName"): string {
  try {
    return terms(client).decisions.verdict(coordinate).effect;
  } catch (error) {
    if (error instanceof Refusal) return error.failures[0]?.code ?? "";
    throw error;
  }
}
const toldAll = () => CLIENTS.map((client) => told(client));
const followed = async () => {
  const [row] = await owner`select n from governance.epoch`;
  await expect.poll(() => grants.current().epoch, { timeout: 5_000 }).toBeGreaterThanOrEqual(Number(row?.["n"]));
};
const republish = async () => {
  const faults = await drizzleOn(owner).transaction((tx) => publish(tx as unknown as Db, ownPublication(), COMPILER));
  await followed();
  return faults;
};
const UNAVAILABLE = CLIENTS.map(() => "POLICY_UNAVAILABLE");

test("a class ceiling that was narrowed closes every agreement until governance publishes anew, and bites from then on", async () => {
  const before = toldAll();
  expect(before).toEqual(["allow", expect.stringMatching(/allow|transform/), expect.stringMatching(/allow|transform/)]);
  await owner`update governance.class_ceiling set ceiling = 'deny' where class = 'GENERAL' and topic is null`;
  await followed();
  expect(toldAll()).toEqual(UNAVAILABLE);
  expect(await republish()).toEqual([]);
  await expect.poll(toldAll, { timeout: 5_000 }).toEqual(["deny", "deny", "deny"]);
  await owner`update governance.class_ceiling set ceiling = 'allow' where class = 'GENERAL' and topic is null`;
  expect(await republish()).toEqual([]);
  await expect.poll(toldAll, { timeout: 5_000 }).toEqual(before);
});

test("a purpose that is prohibited for a class closes the class for that purpose alone, once it is published", async () => {
  const purpose = terms("kemensos").caller.purpose;
  const before = toldAll();
  await drizzleOn(owner).transaction(async (tx) => {
    await tx.execute(sql`update governance.class_ceiling set prohibited_purposes = array[${purpose}] where ${GENERAL}`);
    expect(await publish(tx as unknown as Db, ownPublication(), COMPILER)).toEqual([]);
  });
  await followed();
  await expect.poll(toldAll, { timeout: 5_000 }).toEqual(["deny", ...before.slice(1)]);
  await owner`update governance.class_ceiling set prohibited_purposes = '{}' where class = 'GENERAL' and topic is null`;
  await republish();
  await expect.poll(toldAll, { timeout: 5_000 }).toEqual(before);
});

test("a statement that leaves every ceiling as it was closes nothing", async () => {
  const before = toldAll();
  await owner`update governance.class_ceiling set ceiling = ceiling`;
  await owner`insert into governance.class_ceiling (class, ceiling) values ('GENERAL', 'deny') on conflict do nothing`;
  await followed();
  expect(toldAll()).toEqual(before);
});

const tables = async () =>
  Number(
    (await owner`select count(*) as n from governance.decision_table where agreement_number = ${MINISTRY.agreement}`)[0]?.["n"],
  );

test("a table that is being compiled while a ceiling changes does not outlive the change", async () => {
  let changing: Promise<unknown> | undefined;
  await drizzleOn(owner).transaction(async (tx) => {
    await compileVersion(tx as unknown as Db, MINISTRY, COMPILER);
    changing = other`update governance.class_ceiling set ceiling = 'mask' where class = 'GENERAL' and topic is null`.execute();
    const waiting = sql`select 1 from pg_locks where not granted and relation = 'governance.class_ceiling'::regclass`;
    await expect.poll(async () => (await tx.execute(waiting)).length, { timeout: 5_000 }).toBe(1);
  });
  await changing;
  expect(await tables()).toBe(0);
  await owner`update governance.class_ceiling set ceiling = 'allow' where class = 'GENERAL' and topic is null`;
  await republish();
  expect(await tables()).toBeGreaterThan(0);
});
