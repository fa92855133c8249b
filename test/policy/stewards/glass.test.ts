import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { rawClient } from "../../../drizzle/client.ts";
import { useHub } from "../../kit/hub.ts";
import { renew } from "../../kit/policy.ts";

// Break-glass at the gateway: an armed version opens nothing until two officers break the glass, and closes by the clock.

const hub = useHub();
const NUMBER = "PKS-2025-003";
let owner: ReturnType<typeof rawClient>;
beforeAll(async () => {
  owner = rawClient(hub.urls.governance.owner, { max: 1 });
  await renew(
    hub.urls.governance.owner,
    NUMBER,
    (tx, version) =>
      tx`update governance.agreement_version set armed_minutes = 30, armed_persons = 3 where agreement_number = ${NUMBER} and version = ${version}`,
  );
});
afterAll(() => owner?.end());

const asked = () => hub.as("kemendikdasmen").ask("{ households(first: 1) { nodes { region { code } } } }");
const outcome = async () => {
  const { errors, data } = await asked();
  return data ? "ANSWERED" : errors[0]?.extensions["code"];
};
const becomes = (what: string) => expect.poll(outcome, { timeout: 5_000 }).toBe(what);
/** As the life cycle of a broken glass lets it be written: asked for, then confirmed by another. */
async function broken(seconds: number): Promise<string> {
  const id = randomUUID();
  const [version] = await owner`select max(version) as n from governance.agreement_version where agreement_number = ${NUMBER}`;
  await owner`insert into governance.glass_break (id, agreement_number, version, case_number, reason, requested_by, requested_at)
    values (${id}, ${NUMBER}, ${Number(version?.["n"])}, '1/2026', 'bencana', 'steward.kemendikdasmen', clock_timestamp())`;
  await becomes("FORBIDDEN"); // one is not enough
  await owner`update governance.glass_break set confirmed_by = 'dpo.kemendikdasmen', opened_at = clock_timestamp(),
    closes_at = clock_timestamp() + ${`${seconds} seconds`}::interval where id = ${id}`;
  return id;
}

test("an armed agreement opens nothing until two officers break the glass, then answers with a stamp, and closes by itself", async () => {
  await becomes("FORBIDDEN");
  await broken(2);
  await becomes("ANSWERED");
  expect((await asked()).governance["brokenGlass"]).toBe(true);
  await becomes("FORBIDDEN");
});

test("while it is open only so many persons may be asked about as were armed", async () => {
  await broken(60);
  await becomes("ANSWERED");
  const { errors } = await hub
    .as("kemendikdasmen")
    .ask("{ households(first: 20) { nodes { members { person { fullName } } } } }");
  expect(errors[0]?.extensions["code"]).toBe("QUOTA_EXCEEDED");
});

test("the clock suspends it 72 hours after the first glass closed that nobody has reviewed", async () => {
  const [{ at } = { at: null }] = await owner`select governance.suspends_at(${NUMBER}) - interval '72 hours' as at`;
  const [{ closes } = { closes: null }] = await owner`
    select min(closes_at) as closes from governance.glass_break where agreement_number = ${NUMBER} and reviewed_at is null`;
  expect(at).toEqual(closes);
});
