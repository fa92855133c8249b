import { afterAll, beforeAll, expect, test } from "vitest";
import { confirm, underAgreement } from "../../../gateway/authenticate/agreement.ts";
import { followGrants, type Grants } from "../../../gateway/authorize/grants/grants.ts";
import type { Identified } from "../../../gateway/types/chain.ts";
import { Refusal } from "../../../schema/errors.ts";
import { useDatabases, withoutTriggers } from "../../kit/database.ts";
import { openingOf, renewWith } from "../../kit/policy.ts";

// What changes in governance while an answer is under way decides whether it may still leave.

const databases = useDatabases();
let grants: Grants;
beforeAll(async () => {
  const log = { warn: () => {}, error: () => {} };
  grants = await followGrants({ databaseUrl: databases.urls.gateway, ...openingOf(), log });
});
afterAll(() => grants?.close());

const asking = {
  client: "dinsos-banyuwangi",
  agency: "DINSOS_BANYUWANGI",
  officer: null,
  citizen: null,
  agreementNumber: null,
  tryAs: null,
  caseNumber: null,
  address: "10.1.2.3",
  requestId: "r1",
};
const judged = () => underAgreement(asking as unknown as Identified, grants.current()).caller;

/** Runs the change, waits until the gateway follows it, and says what becomes of an answer that was under way. */
async function released(change: (ownerUrl: string) => Promise<unknown>): Promise<string> {
  const caller = judged();
  await change(databases.urls.governance.owner);
  await expect.poll(() => grants.current().epoch, { timeout: 5_000 }).toBeGreaterThan(caller.epoch);
  try {
    confirm(caller, grants.current());
    return "RELEASED";
  } catch (error) {
    return error instanceof Refusal ? (error.failures[0]?.code ?? "") : String(error);
  }
}
const renewedWith =
  (columns: Record<string, unknown>, number = "PKS-2025-004") =>
  (ownerUrl: string) =>
    renewWith(ownerUrl, number, columns);
const upToDecile = (decileMax: number) => ({ regions: ["3510"], programs: null, decileMax });

test("a change to another agency's agreement holds up no answer", async () =>
  expect(await released(renewedWith({ row_scope: upToDecile(3) }, "PKS-2025-003"))).toBe("RELEASED"));

test("an answer judged under a wider row scope does not leave", async () =>
  expect(await released(renewedWith({ row_scope: upToDecile(2) }))).toBe("POLICY_UNAVAILABLE"));

test("an answer judged under wider limits of verification does not leave", async () => {
  const narrower = { similarity_floor: 99, attempts_on_subject: 1, attempts_of_client: 9, quota: 8 };
  for (const [column, value] of Object.entries(narrower))
    expect(await released(renewedWith({ [column]: value })), column).toBe("POLICY_UNAVAILABLE");
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
    await expect(renewedWith({ [column]: value })(databases.urls.governance.owner)).rejects.toThrow(
      /agreement_version_(floor|limits)/,
    );
});

test("an answer does not leave to an address that was closed meanwhile", async () => {
  expect(await released(renewedWith({ ip_allow: ["10.2.0.0/16"] }))).toBe("FORBIDDEN");
  await renewedWith({ ip_allow: ["10.0.0.0/8"] })(databases.urls.governance.owner);
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
    await released((url) =>
      withoutTriggers(
        url,
        (sql) => sql`update governance.agreement set purpose_code = 'DEVELOPMENT_PLANNING' where number = 'PKS-2025-004'`,
      ),
    ),
  ).toBe("POLICY_UNAVAILABLE"));
