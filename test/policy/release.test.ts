import { readFileSync } from "node:fs";
import { parse } from "graphql";
import { afterAll, beforeAll, expect, test } from "vitest";
import { rawClient } from "../../drizzle/client.ts";
import { confirm, underAgreement } from "../../gateway/authenticate/agreement.ts";
import { followGrants, type Grants } from "../../gateway/grants.ts";
import type { Identified } from "../../gateway/types/chain.ts";
import { Refusal } from "../../schema/errors.ts";
import { catalogueOf } from "../../schema/sdl/catalogue.ts";
import { useDatabases } from "../kit/database.ts";

// What changes in governance while an answer is under way decides whether it may still leave.

const databases = useDatabases();
let grants: Grants;
let owner: ReturnType<typeof rawClient>;
beforeAll(async () => {
  owner = rawClient(databases.urls.governance.owner, { max: 1 });
  const log = { warn: () => {}, error: () => {} };
  const catalogue = catalogueOf(parse(readFileSync("schema/supergraph.graphql", "utf8")));
  grants = await followGrants({ databaseUrl: databases.urls.gateway, catalogue, pseudonymMaster: "p".repeat(32), log });
});
afterAll(async () => {
  await grants?.close();
  await owner?.end();
});

const asking = {
  client: "dinsos-banyuwangi",
  agency: "DINSOS_BANYUWANGI",
  agreementNumber: null,
  caseNumber: null,
  address: "10.1.2.3",
  requestId: "r1",
};
const judged = () => underAgreement(asking as unknown as Identified, grants.current()).caller;

/** Runs the change, waits until the gateway follows it, and says what becomes of an answer that was under way. */
async function released(change: (sql: typeof owner) => Promise<unknown>): Promise<string> {
  const caller = judged();
  await change(owner);
  await expect.poll(() => grants.current().epoch, { timeout: 5_000 }).toBeGreaterThan(caller.epoch);
  try {
    confirm(caller, grants.current());
    return "RELEASED";
  } catch (error) {
    return error instanceof Refusal ? (error.failures[0]?.code ?? "") : String(error);
  }
}

test("a change to another agency's agreement holds up no answer", async () =>
  expect(
    await released(
      (sql) =>
        sql`update governance.agreement_version set row_scope = jsonb_set(row_scope, '{decileMax}', '3') where agreement_number = 'PKS-2025-003'`,
    ),
  ).toBe("RELEASED"));

test("an answer judged under a wider row scope does not leave", async () =>
  expect(
    await released(
      (sql) =>
        sql`update governance.agreement_version set row_scope = jsonb_set(row_scope, '{decileMax}', '2') where agreement_number = 'PKS-2025-004'`,
    ),
  ).toBe("POLICY_UNAVAILABLE"));

test("an answer judged under wider limits of verification does not leave", async () => {
  for (const [column, narrower] of Object.entries({
    similarity_floor: 99,
    attempts_on_subject: 1,
    attempts_of_client: 9,
    quota: 8,
  }))
    expect(
      await released(
        (sql) =>
          sql`update governance.agreement_version set ${sql(column)} = ${narrower} where agreement_number = 'PKS-2025-004'`,
      ),
    ).toBe("POLICY_UNAVAILABLE");
  expect(judged().verification).toEqual({ floor: 99, attemptsOnSubject: 1, attemptsOfClient: 9, persons: 8 });
});

test("limits that are none are refused by the table", async () => {
  for (const [column, value] of [
    ["similarity_floor", 0],
    ["similarity_floor", 101],
    ["attempts_on_subject", -1],
    ["attempts_of_client", -1],
    ["quota", -1],
  ] as const)
    await expect(
      owner`update governance.agreement_version set ${owner(column)} = ${value} where agreement_number = 'PKS-2025-004'`,
    ).rejects.toThrow(/agreement_version_(floor|limits)/);
});

test("an answer does not leave to an address that was closed meanwhile", async () => {
  expect(
    await released((sql) => sql`update governance.agreement set ip_allow = '{10.2.0.0/16}' where number = 'PKS-2025-004'`),
  ).toBe("FORBIDDEN");
  await owner`update governance.agreement set ip_allow = '{10.0.0.0/8}' where number = 'PKS-2025-004'`;
  await expect
    .poll(
      () => {
        try {
          return judged().agreement;
        } catch {
          return "";
        }
      },
      { timeout: 5_000 },
    )
    .toBe("PKS-2025-004");
});

test("an answer judged under another purpose does not leave", async () =>
  expect(
    await released(
      (sql) => sql`update governance.agreement set purpose_code = 'DEVELOPMENT_PLANNING' where number = 'PKS-2025-004'`,
    ),
  ).toBe("POLICY_UNAVAILABLE"));
